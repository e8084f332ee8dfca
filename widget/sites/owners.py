"""Owners: accounts, memberships, passwords and sessions; `logins.py` decides who gets a session."""

import uuid
from datetime import timedelta

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError
from sqlalchemy import delete

from widget.core.clock import utc_now
from widget.core.db import db
from widget.core.ids import hash_secret, new_id, new_secret
from widget.sites import queries
from widget.sites.errors import EmailTaken, LastOwner
from widget.sites.models import Membership, Owner, OwnerSession, Site

SESSION_LASTS = timedelta(days=14)

# argon2id with the library's parameters, which follow RFC 9106's low-memory recommendation.
_hasher = PasswordHasher()
# An unknown account costs the same time as a known one, so that answers do not tell them apart.
_UNKNOWN_ACCOUNT_HASH = _hasher.hash("no account has this password")


def create_owner(email: str, password: str) -> Owner:
    """Make an owner from a normalised e-mail address; raise EmailTaken."""
    return create_hashed_owner(email, hash_password(password))


def create_hashed_owner(email: str, password_hash: str) -> Owner:
    """Make an owner whose password was hashed before the transaction began; raise EmailTaken."""
    if queries.find_owner_by_email(email) is not None:
        raise EmailTaken()
    owner = Owner(id=new_id(), email=email, password_hash=password_hash, created_at=utc_now())
    db.session.add(owner)
    db.session.flush()
    return owner


def add_member(site: Site, owner: Owner, role: str) -> Membership:
    """Let an owner into a site, or change the role; raise LastOwner when nobody would be left to own it."""
    membership = db.session.get(Membership, (site.id, owner.id))
    if membership is None:
        membership = Membership(site_id=site.id, owner_id=owner.id, role=role)
        db.session.add(membership)
    else:
        _keep_one_owner(site, membership, leaves_role=role != "owner")
        membership.role = role
    db.session.flush()
    return membership


def remove_member(site: Site, membership: Membership) -> None:
    """Take an owner out of a site; raise LastOwner for the only one."""
    _keep_one_owner(site, membership, leaves_role=True)
    db.session.delete(membership)


def _keep_one_owner(site: Site, membership: Membership, *, leaves_role: bool) -> None:
    # The row lock makes two owners who remove each other at once wait for one another (PostgreSQL;
    # on SQLite the writing transaction is alone anyway).
    db.session.get(Site, site.id, with_for_update=True, populate_existing=True)
    others = [m for m in queries.list_memberships(site) if m.role == "owner" and m.owner_id != membership.owner_id]
    if membership.role == "owner" and leaves_role and not others:
        raise LastOwner()


def hash_password(password: str) -> str:
    """Return the slow hash of a password; best before a transaction holds the database's writer."""
    return _hasher.hash(password)


def needs_rehash(owner: Owner) -> bool:
    """Tell whether the owner's password was hashed with parameters we no longer use."""
    return _hasher.check_needs_rehash(owner.password_hash)


def has_password(owner: Owner | None, password: str) -> bool:
    """Tell whether this is the owner's password, in the same time for an unknown owner."""
    try:
        return _hasher.verify(owner.password_hash if owner else _UNKNOWN_ACCOUNT_HASH, password)
    except VerificationError:
        return False


def change_password(owner: Owner, password_hash: str) -> None:
    """Set a new password, by its hash, and end every session of the owner."""
    owner.password_hash = password_hash
    end_sessions(owner.id)


def end_sessions(owner_id: uuid.UUID) -> None:
    """Log an owner out everywhere."""
    db.session.execute(delete(OwnerSession).where(OwnerSession.owner_id == owner_id))


def log_out(token: str) -> None:
    """End the session behind a cookie's secret."""
    db.session.execute(delete(OwnerSession).where(OwnerSession.token_hash == hash_secret(token)))


def start_session(owner: Owner) -> str:
    """Start a session of who proved to be the owner; return the secret for the cookie."""
    token = new_secret("os")
    now = utc_now()
    db.session.add(
        OwnerSession(token_hash=hash_secret(token), owner_id=owner.id, created_at=now, expires_at=now + SESSION_LASTS)
    )
    return token
