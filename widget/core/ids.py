"""Identifiers: UUIDv7 for rows, random strings for keys."""

import hashlib
import os
import secrets
import uuid

from uuid_utils import reseed_rng
from uuid_utils.compat import uuid7

# Else processes that were forked after the first id was made would go on with the same ones.
os.register_at_fork(after_in_child=reseed_rng)

READABLE_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"


def new_id() -> uuid.UUID:
    """Return a UUIDv7 (RFC 9562), whose order is the order of making."""
    return uuid7()


def new_secret(prefix: str) -> str:
    """Return a secret of 256 random bits behind a prefix that names its purpose."""
    return f"{prefix}_{secrets.token_urlsafe(32)}"


def new_public_key(prefix: str) -> str:
    """Return a readable key of about 79 random bits behind a prefix that names its purpose."""
    return f"{prefix}_" + "".join(secrets.choice(READABLE_ALPHABET) for _ in range(16))


def hash_secret(secret: str) -> str:
    """Return the SHA-256 of a random secret: enough entropy to need no slow hash."""
    return hashlib.sha256(secret.encode()).hexdigest()
