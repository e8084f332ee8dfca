"""The cast: Alice owns Maple Store, Bob owns another site, Carol shops at Maple, Frank is her friend."""

import time
import uuid
from dataclasses import dataclass
from functools import cache
from typing import Any

import jwt
from argon2 import PasswordHasher
from flask import Flask

from widget.core.clock import utc_now
from widget.core.db import begin_writing, db
from widget.core.ids import new_id
from widget.sites import owners, service
from widget.sites.models import Owner

PASSWORD = "a long walk by the lake"
MAPLE_ORIGIN = "https://maple.example"
BOB_ORIGIN = "https://bobs.example"


@dataclass(frozen=True)
class SiteOfCast:
    """One site with its keys in plain text."""

    id: uuid.UUID
    key: str
    origin: str
    secret_key: str
    signing_key_id: str
    signing_key: str
    owner_email: str

    @property
    def store_headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.secret_key}"}

    @property
    def page_headers(self) -> dict[str, str]:
        return {"Origin": self.origin}

    def sign_customer(self, external_id: str, *, kid: str | None = None, **changes: Any) -> str:
        """Sign a customer token as the store's server does; a claim changed to None is left out."""
        now = int(time.time())
        claims = {
            "iss": self.key,
            "sub": external_id,
            "email": f"{external_id}@shoppers.example",
            "name": external_id.title(),
            "iat": now,
            "exp": now + 600,
            "jti": uuid.uuid4().hex,
            **changes,
        }
        claims = {name: value for name, value in claims.items() if value is not None}
        return jwt.encode(claims, self.signing_key, "HS256", headers={"kid": kid or self.signing_key_id})


@dataclass(frozen=True)
class Cast:
    """Who is who in the tests."""

    maple: SiteOfCast
    bobs: SiteOfCast


def make_cast(app: Flask) -> Cast:
    """Make the cast in an empty database."""
    with app.app_context():
        begin_writing()
        cast = Cast(
            maple=_make_site("Maple Store", MAPLE_ORIGIN, "alice@maple.example"),
            bobs=_make_site("Bob's Bikes", BOB_ORIGIN, "bob@bobs.example"),
        )
        db.session.commit()
    return cast


@cache
def _hash_password() -> str:
    """Hash the cast's password once: argon2id costs a fifth of a second on purpose."""
    return PasswordHasher().hash(PASSWORD)


def _make_site(name: str, origin: str, owner_email: str) -> SiteOfCast:
    new = service.create_site(name, [origin])
    owner = Owner(id=new_id(), email=owner_email, password_hash=_hash_password(), created_at=utc_now())
    db.session.add(owner)
    db.session.flush()
    owners.add_member(new.site, owner, "owner")
    return SiteOfCast(
        id=new.site.id,
        key=new.site.key,
        origin=origin,
        secret_key=new.secret_key,
        signing_key_id=new.signing_key.id,
        signing_key=new.signing_key.secret,
        owner_email=owner_email,
    )
