"""Owners: accounts, memberships, log-in and log-out."""

import hmac
import uuid
from datetime import timedelta
from hashlib import sha256

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError
from flask import current_app
from sqlalchemy import delete

from widget.core.clock import utc_now
from widget.core.db import db
from widget.core.ids import hash_secret, new_id, new_secret
from widget.sites import queries
from widget.sites.errors import EmailTaken, LastOwner, TooManyLogins
from widget.sites.models import LoginAttempt, Membership, Owner, OwnerSession, Site

SESSION_LASTS = timedelta(days=14)
ATTEMPTS_COUNT_FOR = timedelta(minutes=15)
MAX_FAILURES_PER_ACCOUNT = 10
MAX_FAILURES_PER_ADDRESS = 30

# argon2id with the library's parameters, which follow RFC 9106's low-memory recommendation.
_hasher = PasswordHasher()
# An unknown account costs the same time as a known one, so that answers do not tell them apart.
_UNKNOWN_ACCOUNT_HASH = _hasher.hash("no account has this password")


def create_owner(email: str, password: str) -> Owner:
    """Make an owner from a normalised e-mail address; raise EmailTaken."""
    if queries.find_owner_by_email(email) is not None:
        raise EmailTaken()
    owner = Owner(id=new_id(), email=email, password_hash=_hasher.hash(password), created_at=utc_now())
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


def log_in(email: str, password: str, address: str) -> str | None:
    """Return a new session's secret, or None for a wrong e-mail or password; raise TooManyLogins.

    The failure is written to the session, so the caller commits in both cases.
    """
    account_hash, address_hash = _keyed_hash(email), _keyed_hash(address)
    by_account, by_address = queries.count_login_failures(account_hash, address_hash, utc_now() - ATTEMPTS_COUNT_FOR)
    if by_account >= MAX_FAILURES_PER_ACCOUNT or by_address >= MAX_FAILURES_PER_ADDRESS:
        raise TooManyLogins(headers={"Retry-After": str(int(ATTEMPTS_COUNT_FOR.total_seconds()))})
    owner = queries.find_owner_by_email(email)
    if not has_password(owner, password) or owner is None:
        db.session.add(
            LoginAttempt(id=new_id(), account_hash=account_hash, address_hash=address_hash, attempted_at=utc_now())
        )
        return None
    if _hasher.check_needs_rehash(owner.password_hash):
        owner.password_hash = _hasher.hash(password)
    return _start_session(owner)


def has_password(owner: Owner | None, password: str) -> bool:
    """Tell whether this is the owner's password, in the same time for an unknown owner."""
    try:
        return _hasher.verify(owner.password_hash if owner else _UNKNOWN_ACCOUNT_HASH, password)
    except VerificationError:
        return False


def change_password(owner: Owner, password: str) -> str:
    """Set a new password, end every session of the owner and return a new one's secret."""
    owner.password_hash = _hasher.hash(password)
    end_sessions(owner.id)
    return _start_session(owner)


def end_sessions(owner_id: uuid.UUID) -> None:
    """Log an owner out everywhere."""
    db.session.execute(delete(OwnerSession).where(OwnerSession.owner_id == owner_id))


def log_out(token: str) -> None:
    """End the session behind a cookie's secret."""
    db.session.execute(delete(OwnerSession).where(OwnerSession.token_hash == hash_secret(token)))


def forget_old_logins() -> None:
    """Delete ended sessions and failed log-ins that no longer count."""
    now = utc_now()
    db.session.execute(delete(OwnerSession).where(OwnerSession.expires_at < now))
    db.session.execute(delete(LoginAttempt).where(LoginAttempt.attempted_at < now - ATTEMPTS_COUNT_FOR))


def _start_session(owner: Owner) -> str:
    token = new_secret("os")
    now = utc_now()
    db.session.add(
        OwnerSession(token_hash=hash_secret(token), owner_id=owner.id, created_at=now, expires_at=now + SESSION_LASTS)
    )
    return token


def _keyed_hash(value: str) -> str:
    return hmac.new(current_app.config["SECRET_KEY"].encode(), value.encode(), sha256).hexdigest()
