"""Our own signed tokens: each has a purpose, a site and an end.

A token is `SITE-VALUE.TIME.SIGNATURE`, made by itsdangerous; the purpose is the salt of the signing key.
"""

import uuid
from datetime import datetime, timedelta
from functools import lru_cache

from flask import current_app
from itsdangerous import BadData, TimestampSigner

from widget.core.clock import unix_seconds
from widget.core.problems import NotAuthenticated


@lru_cache(maxsize=64)
def _signer(secret: str, purpose: str) -> TimestampSigner:
    return TimestampSigner(secret, salt=f"regulars.{purpose}")


@lru_cache(maxsize=4096)
def _verify(secret: str, purpose: str, token: str) -> tuple[str, int]:
    """Return what a token says and the second it was signed; what has been verified once is remembered.

    Whether it has ended is asked each time: only its signature stays what it is.
    """
    value, signed_at = _signer(secret, purpose).unsign(token, return_timestamp=True)
    return value.decode(), int(signed_at.timestamp())


def sign_token(purpose: str, site_id: uuid.UUID, value: str) -> str:
    """Return a URL-safe token that carries a URL-safe value for this purpose at this site."""
    signer = _signer(current_app.config["SECRET_KEY"], purpose)
    return signer.sign(f"{site_id.hex}-{value}").decode()


def read_token(purpose: str, site_id: uuid.UUID, token: str, max_age: timedelta) -> str:
    """Return the value; raise NotAuthenticated for a token forged, expired, or made for anything else."""
    try:
        signed, signed_at = _verify(current_app.config["SECRET_KEY"], purpose, token)
    except (BadData, UnicodeError) as error:
        raise NotAuthenticated(f"The {purpose} token is not valid, or no longer.") from error
    if not 0 <= int(unix_seconds()) - signed_at <= max_age.total_seconds():
        raise NotAuthenticated(f"The {purpose} token is not valid, or no longer.")
    site, _, value = signed.partition("-")
    if site != site_id.hex:
        raise NotAuthenticated(f"The {purpose} token was made for another site.")
    return value


def read_link_token(purpose: str, token: str) -> tuple[uuid.UUID, str]:
    """Return the site and the value of a link's token; raise NotAuthenticated.

    A link says itself whose it is, and its end stands in the row it names.
    """
    signer = _signer(current_app.config["SECRET_KEY"], purpose)
    try:
        site, _, value = signer.unsign(token).decode().partition("-")
        return uuid.UUID(hex=site), value
    except (BadData, ValueError) as error:
        raise NotAuthenticated(f"The {purpose} link is not valid.") from error


def token_expiry(now: datetime, max_age: timedelta) -> datetime:
    """Return when a token signed now will end, in whole seconds as tokens count."""
    return now.replace(microsecond=0) + max_age
