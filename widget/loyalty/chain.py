"""The chain of an account's entries: each holds a digest of itself and of the one before it. Pure."""

import hashlib
import uuid

import orjson

from widget.loyalty.entries import NewEntry


def digest_of(previous: str, entry: NewEntry, customer_id: uuid.UUID) -> str:
    """Return the SHA-256 of an entry and of the digest of the one before it, in hexadecimal."""
    cause = entry.cause
    values = [
        previous,
        customer_id.hex,
        entry.number,
        entry.delta,
        entry.kind,
        cause.source,
        cause.rule,
        cause.rule_version,
        cause.reason,
        cause.actor,
        cause.key,
        entry.available_at.isoformat(timespec="microseconds"),
        entry.occurred_at.isoformat(timespec="microseconds"),
    ]
    return hashlib.sha256(orjson.dumps(values, option=orjson.OPT_SORT_KEYS)).hexdigest()
