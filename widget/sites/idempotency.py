"""Idempotency-Key: the same POST of the store's server gets the same answer again.

The key is claimed in the transaction of the work itself, so a crash leaves neither; a second request
with the key waits at the claim until the first has ended.
"""

import hashlib

from flask import Response, g, request

from widget.core.clock import utc_now
from widget.core.db import db, insert_unless_known
from widget.core.problems import FieldError, InvalidFields
from widget.sites.errors import IdempotencyKeyReused
from widget.sites.models import IdempotencyKey

MAX_KEY_LENGTH = 200


def claim_key() -> Response | None:
    """Claim the request's key, or answer what its first use was answered."""
    g.idempotency_key = None
    key = request.headers.get("Idempotency-Key")
    if request.method != "POST" or key is None:
        return None
    if not 1 <= len(key) <= MAX_KEY_LENGTH or not key.isprintable():
        raise InvalidFields(
            errors=[FieldError("#/Idempotency-Key", f"Must be 1 to {MAX_KEY_LENGTH} printable characters.")]
        )
    claimed = db.session.scalar(
        insert_unless_known(IdempotencyKey)
        .values(site_id=g.site.id, key=key, request_hash=_hash_request(), created_at=utc_now())
        .on_conflict_do_nothing()
        .returning(IdempotencyKey.key)
    )
    if claimed is None:
        return _repeat_answer(key)
    g.idempotency_key = key
    return None


def keep_answer(response: Response) -> Response:
    """Store the answer of a successful request beside its key; refusals may be tried again."""
    key = g.get("idempotency_key")
    if key is not None and response.status_code < 400:
        row = db.session.get_one(IdempotencyKey, (g.site.id, key))
        row.status = response.status_code
        row.body = response.get_data()
    return response


def _repeat_answer(key: str) -> Response:
    row = db.session.get_one(IdempotencyKey, (g.site.id, key))
    if row.request_hash != _hash_request():
        raise IdempotencyKeyReused()
    response = Response(row.body, status=row.status, content_type="application/json")
    response.headers["Idempotency-Replayed"] = "true"
    return response


def _hash_request() -> str:
    return hashlib.sha256(f"{request.method} {request.path}\n".encode() + request.get_data()).hexdigest()
