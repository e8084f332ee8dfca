"""Visitor and session tokens of ours, and the customer token the store signs."""

import unicodedata
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt

from widget.core.clock import utc_now
from widget.core.problems import NotAuthenticated
from widget.core.tokens import read_token, sign_token
from widget.customers.errors import CustomerTokenRefused
from widget.customers.rules import Buyer
from widget.sites.queries import PublishedSite, find_signing_key

VISITOR_TOKEN_LASTS = timedelta(days=400)
SESSION_TOKEN_LASTS = timedelta(hours=12)
CUSTOMER_TOKEN_LASTS = timedelta(minutes=15)
CLOCK_SKEW = timedelta(seconds=30)
MAX_CLAIM_LENGTHS = {"sub": 200, "jti": 200, "email": 320, "name": 200}
OPTIONAL_CLAIMS = ("email", "name")

# What PyJWT and the calendar raise at tokens no honest store signs: endless times, deep nesting, surrogates.
_UNREADABLE = (jwt.PyJWTError, ArithmeticError, OSError, RecursionError, TypeError, ValueError)


@dataclass(frozen=True)
class CustomerClaims:
    """What the store says of the customer in front of the page."""

    external_id: str
    email: str | None
    name: str | None
    jti: str
    expires_at: datetime
    is_email_verified: bool | None = None

    @property
    def buyer(self) -> Buyer:
        """Return the customer as orders name one."""
        return Buyer(self.external_id, self.email, self.name, is_email_verified=self.is_email_verified)


@dataclass(frozen=True)
class Session:
    """Who a session token speaks for."""

    customer_id: uuid.UUID
    visitor_id: uuid.UUID


def sign_visitor_token(site_id: uuid.UUID, visitor_id: uuid.UUID) -> str:
    """Return the token a browser keeps to be recognised as the same visitor."""
    return sign_token("visitor", site_id, visitor_id.hex)


def read_visitor_token(site_id: uuid.UUID, token: str) -> uuid.UUID:
    """Return the visitor's id; raise NotAuthenticated."""
    return uuid.UUID(read_token("visitor", site_id, token, VISITOR_TOKEN_LASTS))


def sign_session_token(site_id: uuid.UUID, session: Session) -> str:
    """Return the token that speaks for a customer for a while."""
    return sign_token("session", site_id, f"{session.customer_id.hex}-{session.visitor_id.hex}")


def read_session_token(site_id: uuid.UUID, token: str) -> Session:
    """Return who the session speaks for; raise NotAuthenticated."""
    customer_id, visitor_id = read_token("session", site_id, token, SESSION_TOKEN_LASTS).split("-")
    return Session(customer_id=uuid.UUID(customer_id), visitor_id=uuid.UUID(visitor_id))


def read_bearer(site_id: uuid.UUID, authorization: str | None) -> Session | None:
    """Return the session of an Authorization header, None without one; raise NotAuthenticated."""
    if authorization is None:
        return None
    scheme, _, token = authorization.partition(" ")
    if scheme.lower() != "bearer":
        raise NotAuthenticated("Send the session token as: Authorization: Bearer ...")
    return read_session_token(site_id, token.strip())


def read_customer_token(site: PublishedSite, token: str) -> CustomerClaims:
    """Return what the store's JWT (RFC 7519, HS256) says; raise CustomerTokenRefused."""
    try:
        key_id = jwt.get_unverified_header(token).get("kid")
        key = find_signing_key(site.id, key_id) if isinstance(key_id, str) and "\x00" not in key_id else None
        if key is None:
            raise CustomerTokenRefused("Its kid names no live signing key of this site.")
        claims = jwt.decode(
            token,
            key.secret,
            algorithms=["HS256"],
            issuer=site.key,
            leeway=CLOCK_SKEW,
            options={"require": ["iss", "sub", "iat", "exp", "jti"], "verify_aud": False},
        )
        return _check_claims(claims)
    except _UNREADABLE as error:
        raise CustomerTokenRefused(str(error)) from error


def _check_claims(claims: dict[str, Any]) -> CustomerClaims:
    for name, longest in MAX_CLAIM_LENGTHS.items():
        value = claims.get(name)
        if value in (None, "") and name in OPTIONAL_CLAIMS:
            continue
        if not isinstance(value, str) or not 1 <= len(value) <= longest or not _is_storable(value):
            raise CustomerTokenRefused(f"{name} must be 1 to {longest} characters, none of them a control character.")
    expires_at = datetime.fromtimestamp(int(claims["exp"]), UTC)
    lasts = expires_at - datetime.fromtimestamp(int(claims["iat"]), UTC)
    if lasts > CUSTOMER_TOKEN_LASTS or expires_at > utc_now() + CUSTOMER_TOKEN_LASTS + CLOCK_SKEW:
        raise CustomerTokenRefused("exp may be at most 15 minutes after iat.")
    email = claims.get("email")
    return CustomerClaims(
        external_id=claims["sub"],
        email=email.strip().lower() if email else None,
        name=claims.get("name") or None,
        jti=claims["jti"],
        expires_at=expires_at,
        # The standard claim of OpenID Connect, section 5.1; anything but a boolean says nothing.
        is_email_verified=claims.get("email_verified") if isinstance(claims.get("email_verified"), bool) else None,
    )


def _is_storable(text: str) -> bool:
    """Tell whether a text holds neither control characters nor lone surrogates; names need all the rest."""
    return not any(unicodedata.category(character) in ("Cc", "Cs") for character in text)
