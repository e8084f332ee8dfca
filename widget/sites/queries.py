"""Reading sites, owners and keys."""

import re
import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import current_app
from sqlalchemy import func, or_, select
from sqlalchemy.orm import joinedload

from widget.core.db import db
from widget.core.hot import hot_connection
from widget.core.ids import hash_secret
from widget.sites.models import (
    AllowedOrigin,
    ApiKey,
    LoginAttempt,
    Membership,
    Owner,
    OwnerSession,
    SigningKey,
    Site,
)

SITE_KEY_PATTERN = re.compile(r"[a-z0-9_]{4,40}")

# How long a process may serve a site from memory before it asks for the version again.
PUBLISHED_SITE_SECONDS = 1.0
_EXTENSION = "regulars_published_sites"


@dataclass(frozen=True)
class PublishedSite:
    """What the embed door needs to know of a site, kept in the process while its version stands."""

    id: uuid.UUID
    key: str
    version: int
    requires_consent: bool
    ask_every_days: int
    z_index: int
    quiet_paths: list[str]
    measures_page_time: bool
    theme: dict[str, Any]
    origins: frozenset[str]


def find_published_site(site_key: str, *, fresh: bool = False) -> PublishedSite | None:
    """Return the site behind a public key; `fresh` asks the database even within the second."""
    if not SITE_KEY_PATTERN.fullmatch(site_key):
        return None
    cache: dict[str, tuple[float, PublishedSite]] = current_app.extensions.setdefault(_EXTENSION, {})
    known = cache.get(site_key)
    now = time.monotonic()
    if known is not None and not fresh and now - known[0] < PUBLISHED_SITE_SECONDS:
        return known[1]
    site = _load_published_site(site_key, known[1] if known else None)
    if site is None:
        cache.pop(site_key, None)
    else:
        cache[site_key] = (now, site)
    return site


def _load_published_site(site_key: str, known: PublishedSite | None) -> PublishedSite | None:
    with hot_connection() as connection:
        row = connection.execute(
            select(
                Site.id,
                Site.key,
                Site.version,
                Site.requires_consent,
                Site.ask_every_days,
                Site.z_index,
                Site.quiet_paths,
                Site.measures_page_time,
                Site.theme,
            ).where(Site.key == site_key)
        ).one_or_none()
        if row is None:
            return None
        if known is not None and known.id == row.id and known.version == row.version:
            return known
        origins = connection.scalars(select(AllowedOrigin.origin).where(AllowedOrigin.site_id == row.id))
        return PublishedSite(**row._mapping, origins=frozenset(origins))


def find_site_by_key(site_key: str) -> Site | None:
    """Return the site with this public key."""
    return db.session.scalar(select(Site).where(Site.key == site_key))


def find_site_by_secret_key(secret_key: str) -> tuple[Site, ApiKey] | None:
    """Return the site whose live secret key this is, with the key."""
    key = db.session.scalar(
        select(ApiKey).where(ApiKey.key_hash == hash_secret(secret_key), ApiKey.revoked_at.is_(None))
    )
    return None if key is None else (key.site, key)


def find_signing_key(site_id: uuid.UUID, key_id: str) -> SigningKey | None:
    """Return a live signing key of this site."""
    return db.session.scalar(
        select(SigningKey).where(
            SigningKey.site_id == site_id, SigningKey.id == key_id, SigningKey.revoked_at.is_(None)
        )
    )


def list_signing_keys(site: Site) -> Sequence[SigningKey]:
    """Return the live signing keys, oldest first."""
    return db.session.scalars(
        select(SigningKey)
        .where(SigningKey.site_id == site.id, SigningKey.revoked_at.is_(None))
        .order_by(SigningKey.created_at)
    ).all()


def list_api_keys(site: Site) -> Sequence[ApiKey]:
    """Return the live secret keys, oldest first."""
    return db.session.scalars(
        select(ApiKey).where(ApiKey.site_id == site.id, ApiKey.revoked_at.is_(None)).order_by(ApiKey.created_at)
    ).all()


def list_origins(site: Site) -> Sequence[str]:
    """Return the allowed origins in alphabetical order."""
    return db.session.scalars(
        select(AllowedOrigin.origin).where(AllowedOrigin.site_id == site.id).order_by(AllowedOrigin.origin)
    ).all()


def list_memberships(site: Site) -> Sequence[Membership]:
    """Return who may do what at a site."""
    return db.session.scalars(
        select(Membership).join(Membership.owner).where(Membership.site_id == site.id).order_by(Owner.email)
    ).all()


def list_memberships_of(owner: Owner) -> Sequence[Membership]:
    """Return the sites of an owner by name."""
    return db.session.scalars(
        select(Membership).join(Membership.site).where(Membership.owner_id == owner.id).order_by(Site.name)
    ).all()


def find_membership(site_key: str, owner_id: uuid.UUID) -> Membership | None:
    """Return what an owner may do at the site with this key."""
    if not SITE_KEY_PATTERN.fullmatch(site_key):
        return None
    return db.session.scalar(
        select(Membership).join(Membership.site).where(Site.key == site_key, Membership.owner_id == owner_id)
    )


def find_owner_by_email(email: str) -> Owner | None:
    """Return the owner with this normalised e-mail address."""
    return db.session.scalar(select(Owner).where(Owner.email == email))


def get_site(site_id: uuid.UUID) -> Site:
    """Return the site with this id."""
    return db.session.get_one(Site, site_id)


def find_owner(owner_id: uuid.UUID, *, locked: bool = False) -> Owner | None:
    """Return the owner with this id; `locked` until the transaction ends."""
    return db.session.get(Owner, owner_id, with_for_update=locked or None)


def find_owner_session(token: str, now: datetime) -> OwnerSession | None:
    """Return the live session behind a cookie's secret."""
    return db.session.scalar(
        select(OwnerSession)
        .options(joinedload(OwnerSession.owner))
        .where(OwnerSession.token_hash == hash_secret(token), OwnerSession.expires_at > now)
    )


def count_login_failures(account_hash: str, address_hash: str, since: datetime) -> tuple[int, int]:
    """Return the failed log-ins since a moment, by account and by address."""
    row = db.session.execute(
        select(
            func.count().filter(LoginAttempt.account_hash == account_hash),
            func.count().filter(LoginAttempt.address_hash == address_hash),
        ).where(
            or_(LoginAttempt.account_hash == account_hash, LoginAttempt.address_hash == address_hash),
            LoginAttempt.attempted_at > since,
        )
    ).one()
    return row[0], row[1]
