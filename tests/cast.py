"""The cast: Alice owns Maple Store, Bob owns another site, Carol shops at Maple, Frank is her friend."""

import time
import uuid
from dataclasses import dataclass
from functools import cache
from typing import Any

import jwt
from flask import Flask
from sqlalchemy import insert

from tests.passwords import QUICK_HASHER
from widget.core.clock import utc_now
from widget.core.db import Model, begin_writing, db
from widget.core.ids import hash_secret, new_id, new_public_key, new_secret
from widget.sites.models import AllowedOrigin, ApiKey, Membership, Owner, SigningKey, Site

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
    """Make the cast in an empty database.

    Its rows are those of `create_site` and `add_member`, which ask the database between them what is known here.
    """
    maple, bobs = _invent_site(MAPLE_ORIGIN, "alice@maple.example"), _invent_site(BOB_ORIGIN, "bob@bobs.example")
    sites = (_list_rows(maple, "Maple Store"), _list_rows(bobs, "Bob's Bikes"))
    with app.app_context():
        begin_writing()
        for model in sites[0]:
            db.session.execute(insert(model), [rows[model] for rows in sites])
        db.session.commit()
    return Cast(maple, bobs)


@cache
def _hash_password() -> str:
    return QUICK_HASHER.hash(PASSWORD)


def _invent_site(origin: str, owner_email: str) -> SiteOfCast:
    return SiteOfCast(
        id=new_id(),
        key=new_public_key("st"),
        origin=origin,
        secret_key=new_secret("sk"),
        signing_key_id=new_public_key("kid"),
        signing_key=new_secret("sig"),
        owner_email=owner_email,
    )


def _list_rows(site: SiteOfCast, name: str) -> dict[type[Model], dict[str, Any]]:
    """Return a site's rows by their tables, in the order in which they refer to each other."""
    made, of_site, owner_id = {"created_at": utc_now()}, {"site_id": site.id}, new_id()
    secret = {"hint": site.secret_key[-4:], "key_hash": hash_secret(site.secret_key)}
    signing = {"id": site.signing_key_id, "slot": 1, "secret": site.signing_key}
    return {
        Site: {"id": site.id, "key": site.key, "name": name, "version": 2, **made},
        AllowedOrigin: {"origin": site.origin, **of_site},
        ApiKey: {"id": new_id(), "name": "First key", **secret, **of_site, **made},
        SigningKey: {**signing, **of_site, **made},
        Owner: {"id": owner_id, "email": site.owner_email, "password_hash": _hash_password(), **made},
        Membership: {"owner_id": owner_id, "role": "owner", **of_site},
    }
