"""Log-in: a password is checked without the database's writer, then the attempt is taken, one at a time.

Between the two, others may have used the attempts up; whoever comes too late learns nothing, not even with
the right password. So the limits hold however many try at once.
"""

import hmac
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256

from flask import current_app
from sqlalchemy import delete

from widget.core.clock import utc_now
from widget.core.db import db, wait_for_turn
from widget.core.ids import new_id
from widget.sites import owners, queries
from widget.sites.errors import TooManyLogins
from widget.sites.models import LoginAttempt, Owner, OwnerSession

ATTEMPTS_COUNT_FOR = timedelta(minutes=15)
MAX_FAILURES_PER_ACCOUNT = 10
MAX_FAILURES_PER_ADDRESS = 30


@dataclass(frozen=True)
class CheckedPassword:
    """What a check of a password found: the hash that it fits, or None, and perhaps a better one."""

    email: str
    address: str
    fitting_hash: str | None
    better_hash: str | None


def check_password(email: str, password: str, address: str) -> CheckedPassword:
    """Check a password, which takes its time on purpose; raise TooManyLogins. Nothing is written."""
    require_attempts_left(email, address)
    owner = queries.find_owner_by_email(email)
    if not owners.has_password(owner, password) or owner is None:
        return CheckedPassword(email, address, None, None)
    better_hash = owners.hash_password(password) if owners.needs_rehash(owner) else None
    return CheckedPassword(email, address, owner.password_hash, better_hash)


def take_attempt(checked: CheckedPassword) -> Owner | None:
    """Return the owner whose password it was; else count a failure and return None. Raise TooManyLogins.

    The failure is written to the session, so the caller commits in both cases.
    """
    queue_attempt(checked.email, checked.address)
    require_attempts_left(checked.email, checked.address)
    owner = queries.find_owner_by_email(checked.email)
    # The password may have been changed since it was checked.
    if owner is None or checked.fitting_hash is None or owner.password_hash != checked.fitting_hash:
        note_failure(checked.email, checked.address)
        return None
    if checked.better_hash is not None:
        owner.password_hash = checked.better_hash
    return owner


def queue_attempt(account: str, address: str) -> None:
    """Wait until no other transaction counts attempts of this account or address."""
    wait_for_turn(f"log-in of {account}", f"log-in from {address}")


def require_attempts_left(account: str, address: str, most: int = MAX_FAILURES_PER_ACCOUNT) -> None:
    """Raise TooManyLogins where the account or the address has had its failures."""
    since = utc_now() - ATTEMPTS_COUNT_FOR
    by_account, by_address = queries.count_login_failures(keyed_hash(account), keyed_hash(address), since)
    if by_account >= most or by_address >= MAX_FAILURES_PER_ADDRESS:
        raise TooManyLogins(headers={"Retry-After": str(int(ATTEMPTS_COUNT_FOR.total_seconds()))})


def note_failure(account: str, address: str) -> None:
    """Count a failed attempt."""
    db.session.add(
        LoginAttempt(
            id=new_id(),
            account_hash=keyed_hash(account),
            address_hash=keyed_hash(address),
            attempted_at=utc_now(),
        )
    )


def forget_old_logins() -> None:
    """Delete ended sessions and failed log-ins that no longer count."""
    now = utc_now()
    db.session.execute(delete(OwnerSession).where(OwnerSession.expires_at < now))
    db.session.execute(delete(LoginAttempt).where(LoginAttempt.attempted_at < now - ATTEMPTS_COUNT_FOR))


def keyed_hash(value: str) -> str:
    """Return a hash that only this application can compute."""
    return hmac.new(current_app.config["SECRET_KEY"].encode(), value.encode(), sha256).hexdigest()
