"""How often an address, or a network, may ask for mails; and which requests are repeats."""

import hashlib
import hmac
import uuid
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

import orjson
from flask import current_app
from sqlalchemy import delete, func, select

from widget.core.clock import utc_now
from widget.core.db import db, find_in_site, wait_for_turn
from widget.core.problems import TooManyRequests
from widget.popups.errors import LeadIdTaken
from widget.popups.lead_models import LeadMail

COUNTED = timedelta(days=1)
# Nobody signs up more often in a day; many phones of one carrier share a network.
MAX_PER_ADDRESS, MAX_PER_NETWORK = 3, 200
_LIMITS = (("address_hash", MAX_PER_ADDRESS), ("network_hash", MAX_PER_NETWORK))


def take_address_turn(
    site_id: uuid.UUID, email_key: str, network: str = "", request_id: uuid.UUID | None = None
) -> dict[str, str]:
    """Let requests for one address, of one network, under one id, pass one after another.

    Return the hashes of address and network.
    """
    hashes = {
        "address_hash": _hash_address(site_id, email_key),
        "network_hash": _hash(f"{site_id.hex} {network}"),
    }
    turns = [hashes["address_hash"], hashes["network_hash"] if network else "", request_id or ""]
    wait_for_turn(*(f"lead {turn}" for turn in turns if turn))
    return hashes


def take_address_turns(site_id: uuid.UUID, email_keys: Iterable[str]) -> None:
    """Let nobody else ask for any of these addresses until this transaction has ended."""
    wait_for_turn(*(f"lead {_hash_address(site_id, key)}" for key in set(email_keys)))


def find_answer(site_id: uuid.UUID, request_id: uuid.UUID, request_hash: str) -> dict[str, Any] | None:
    """Return what a request was answered before; raise LeadIdTaken where its id belongs to another request."""
    known = find_in_site(LeadMail, site_id, request_id)
    if known is None:
        return None
    if known.request_hash != request_hash:
        raise LeadIdTaken()
    return known.answer


def require_few(site_id: uuid.UUID, hashes: Mapping[str, str], now: datetime) -> None:
    """Raise TooManyRequests where an address or a network has asked often enough today."""
    for name, limit in _LIMITS:
        is_counted = (LeadMail.site_id == site_id, getattr(LeadMail, name) == hashes[name])
        asked = select(func.count()).where(*is_counted, LeadMail.created_at > now - COUNTED)
        if (db.session.scalar(asked) or 0) >= limit:
            detail = "This address, or this network, has signed up often enough today."
            raise TooManyRequests(detail, headers={"Retry-After": str(int(COUNTED.total_seconds()))})


def note_request(
    site_id: uuid.UUID,
    request_id: uuid.UUID,
    hashes: Mapping[str, str],
    request_hash: str,
    answer: Mapping[str, Any],
    now: datetime,
) -> None:
    """Keep a request with its answer for a day."""
    row = {"site_id": site_id, "id": request_id, "request_hash": request_hash, "answer": dict(answer)}
    db.session.add(LeadMail(**row, **hashes, created_at=now))


def hash_request(*parts: Any) -> str:
    """Return what two requests that say the same have in common."""
    return hashlib.sha256(orjson.dumps(parts, option=orjson.OPT_SORT_KEYS)).hexdigest()


def forget_old_requests() -> None:
    """Delete the requests that count no longer."""
    db.session.execute(delete(LeadMail).where(LeadMail.created_at < utc_now() - COUNTED))


def _hash_address(site_id: uuid.UUID, email_key: str) -> str:
    return _hash(f"{site_id.hex} {email_key}")


def _hash(text: str) -> str:
    """Return what stands for an address or a network: without our secret nobody can try which it is."""
    return hmac.new(current_app.config["SECRET_KEY"].encode(), text.encode(), hashlib.sha256).hexdigest()
