"""Two-step log-in: time-based codes (RFC 6238) of an authenticator, and recovery codes for the day it is lost."""

import hmac
import secrets
import uuid
from datetime import timedelta
from typing import cast

import pyotp
import segno
from sqlalchemy import CursorResult, Update, delete, func, or_, select, update

from widget.core.clock import unix_seconds, utc_now
from widget.core.db import db
from widget.core.ids import READABLE_ALPHABET
from widget.core.problems import NotAuthenticated
from widget.core.tokens import read_token, sign_token
from widget.sites import queries
from widget.sites.logins import keyed_hash
from widget.sites.models import Owner, RecoveryCode

ISSUER = "Regulars"
STEP_SECONDS = 30
# Clocks differ: the code before and the one after count too (RFC 6238, 5.2).
STEPS_AROUND = (0, -1, 1)
RECOVERY_CODES = 10
PENDING_PURPOSE = "second-step"
PENDING_LASTS = timedelta(minutes=10)


def is_on(owner: Owner) -> bool:
    """Tell whether the owner's log-in takes a second step."""
    return owner.totp_secret is not None and owner.totp_confirmed_at is not None


def begin_setup(owner: Owner) -> None:
    """Give the owner a new secret, which counts once a code confirmed it."""
    owner.totp_secret = pyotp.random_base32()
    owner.totp_confirmed_at = None
    owner.totp_last_step = None


def confirm_setup(owner: Owner, code: str) -> list[str] | None:
    """Turn the second step on; return the recovery codes, shown this once, or None for a wrong code."""
    if owner.totp_secret is None or not _take_code(owner, code):
        return None
    owner.totp_confirmed_at = utc_now()
    return renew_recovery_codes(owner)


def turn_off(owner: Owner) -> None:
    """Forget the owner's authenticator and recovery codes."""
    owner.totp_secret = owner.totp_confirmed_at = owner.totp_last_step = None
    db.session.execute(delete(RecoveryCode).where(RecoveryCode.owner_id == owner.id))


def renew_recovery_codes(owner: Owner) -> list[str]:
    """Make new recovery codes in place of the old; they are stored only as hashes."""
    db.session.execute(delete(RecoveryCode).where(RecoveryCode.owner_id == owner.id))
    codes = ["".join(secrets.choice(READABLE_ALPHABET) for _ in range(12)) for _ in range(RECOVERY_CODES)]
    db.session.add_all(RecoveryCode(owner_id=owner.id, code_hash=keyed_hash(code)) for code in codes)
    return [f"{code[:4]}-{code[4:8]}-{code[8:]}" for code in codes]


def take_second_step(owner: Owner, given: str) -> bool:
    """Take a code of the authenticator or a recovery code; each is good once."""
    code = "".join(given.split()).replace("-", "").lower()
    if not is_on(owner):
        return False
    return _take_code(owner, code) if code.isdecimal() else _take_recovery_code(owner, code)


def count_recovery_codes(owner: Owner) -> int:
    """Return how many recovery codes are left."""
    unused = (RecoveryCode.owner_id == owner.id, RecoveryCode.used_at.is_(None))
    return db.session.scalar(select(func.count()).select_from(RecoveryCode).where(*unused)) or 0


def make_picture(owner: Owner) -> str:
    """Return the QR code of the owner's secret as an address an <img> can show."""
    uri = pyotp.TOTP(owner.totp_secret or "").provisioning_uri(name=owner.email, issuer_name=ISSUER)
    # Black on white with its quiet zone, also on a dark page: cameras expect it.
    picture: str = segno.make(uri, error="m").svg_data_uri(scale=5, border=4, dark="#000", light="#fff")
    return picture


def sign_pending(owner: Owner) -> str:
    """Return the token of an owner whose password was right and whose code is still due."""
    return sign_token(PENDING_PURPOSE, owner.id, _fingerprint(owner))


def find_pending(token: str) -> Owner | None:
    """Return the owner of such a token while it lasts and the password is the same."""
    try:
        owner_id = uuid.UUID(hex=token[:32])
        fingerprint = read_token(PENDING_PURPOSE, owner_id, token, PENDING_LASTS)
    except (ValueError, NotAuthenticated):
        return None
    owner = queries.find_owner(owner_id)
    return owner if owner is not None and hmac.compare_digest(fingerprint, _fingerprint(owner)) else None


def _fingerprint(owner: Owner) -> str:
    return keyed_hash(f"{PENDING_PURPOSE} {owner.password_hash}")[:32]


def _take_code(owner: Owner, code: str) -> bool:
    totp = pyotp.TOTP(owner.totp_secret or "", interval=STEP_SECONDS)
    now = int(unix_seconds()) // STEP_SECONDS
    for step in (now + around for around in STEPS_AROUND):
        if hmac.compare_digest(totp.generate_otp(step).encode(), code.encode()):
            # Of two requests with one code, only one finds a row to change.
            is_later = or_(Owner.totp_last_step.is_(None), Owner.totp_last_step < step)
            return _has_changed(update(Owner).where(Owner.id == owner.id, is_later).values(totp_last_step=step))
    return False


def _take_recovery_code(owner: Owner, code: str) -> bool:
    is_unused = (RecoveryCode.owner_id == owner.id, RecoveryCode.used_at.is_(None))
    return _has_changed(
        update(RecoveryCode).where(*is_unused, RecoveryCode.code_hash == keyed_hash(code)).values(used_at=utc_now())
    )


def _has_changed(statement: Update) -> bool:
    return cast(CursorResult[tuple[()]], db.session.execute(statement)).rowcount == 1
