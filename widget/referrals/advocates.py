"""Advocates and their codes: each account of the store has one, which no other site has too."""

import secrets
import uuid
from datetime import datetime

from sqlalchemy import func, or_, select

from widget.core.db import db
from widget.core.hot import HotCursor, HotStatement, read_id
from widget.core.ids import READABLE_ALPHABET
from widget.customers.models import Customer
from widget.referrals.models import Advocate
from widget.referrals.programs import find_current
from widget.referrals.rules import RANDOM_LETTERS, code_key, spell_code

_CODE = HotStatement("SELECT code FROM referral_advocates WHERE site_id = :site_id AND customer_id = :customer_id")
_CUSTOMER = HotStatement(
    """
    SELECT c.id, c.name FROM customers k
    JOIN customers c ON c.site_id = k.site_id AND c.id = COALESCE(k.merged_into_id, k.id)
    WHERE k.site_id = :site_id AND k.id = :customer_id AND c.external_id IS NOT NULL
    """
)
_ADD = HotStatement(
    """
    INSERT INTO referral_advocates (site_id, customer_id, code, code_key, network_hash, created_at)
    VALUES (:site_id, :customer_id, :code, :code_key, :network_hash, :now) ON CONFLICT DO NOTHING
    """
)
_SEE = HotStatement(
    """
    UPDATE referral_advocates SET network_hash = :network_hash
    WHERE site_id = :site_id AND customer_id = :customer_id
        AND (network_hash IS NULL OR network_hash <> :network_hash)
    """
)
# Thirty-one letters to the sixth: a second try is rare, a fourth never was.
_TRIES = 5


def enrol_advocate(
    cursor: HotCursor, site_id: uuid.UUID, customer_id: uuid.UUID, now: datetime, *, network: str | None = None
) -> str | None:
    """Return the code of an account of the store, made where it has none; None without a live program.

    Guests have none. `network` stands for where they are seen now.
    """
    current = find_current(cursor, site_id)
    rows = cursor.fetch(_CUSTOMER, {"site_id": site_id, "customer_id": customer_id})
    if current is None or not current.is_live or not rows:
        return None
    names = {"site_id": site_id, "customer_id": read_id(rows[0][0])}
    for _ in range(_TRIES):
        known = cursor.fetch(_CODE, names)
        if known:
            if network is not None:
                cursor.execute(_SEE, {**names, "network_hash": network})
            return str(known[0][0])
        code = make_code(rows[0][1])
        cursor.execute(_ADD, {**names, "code": code, "code_key": code_key(code), "network_hash": network, "now": now})
    raise RuntimeError("no code was free")


def make_code(name: str | None) -> str:
    """Return a new code that begins with a name."""
    return spell_code(name, "".join(secrets.choice(READABLE_ALPHABET) for _ in range(RANDOM_LETTERS)))


def find_advocate(site_id: uuid.UUID, code: str) -> Advocate | None:
    """Return whose code this is, also one of somebody merged into them; None for nobody's, or a blocked one's."""
    owner = (Customer.site_id == Advocate.site_id) & (Customer.id == Advocate.customer_id)
    survivor_id = db.session.scalar(
        select(func.coalesce(Customer.merged_into_id, Customer.id))
        .join(Advocate, owner)
        .where(Advocate.site_id == site_id, Advocate.code_key == code_key(code))
    )
    advocate = db.session.get(Advocate, (site_id, survivor_id), populate_existing=True) if survivor_id else None
    return advocate if advocate is not None and advocate.blocked_at is None else None


def list_keys(site_id: uuid.UUID, customer_id: uuid.UUID) -> set[str]:
    """Return the addresses of a customer and of those merged into them, as providers compare them."""
    is_theirs = or_(Customer.id == customer_id, Customer.merged_into_id == customer_id)
    keys = db.session.scalars(select(Customer.email_key).where(Customer.site_id == site_id, is_theirs))
    return {key for key in keys if key is not None}


def block_advocate(advocate: Advocate, now: datetime) -> None:
    """Let an advocate earn nothing more; what they have stays."""
    advocate.blocked_at = advocate.blocked_at or now
    db.session.flush()
