"""Use cases of coupons: pools, their codes, and using a code."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update

from widget.core.db import db, wait_for_turn
from widget.core.ids import new_id
from widget.core.problems import FieldError, InvalidFields
from widget.coupons.code_lists import MAX_CODES, CodeList, RefusedCode
from widget.coupons.errors import CouponNotUsable, PoolNotUploadable
from widget.coupons.models import Coupon, CouponPool
from widget.coupons.queries import get_coupon

MAX_POOLS = 500
DEFAULT_LOW_STOCK = 20
# What stays as it was made: codes that are out already say it.
FIXED = ("kind", "codes", "amount_minor", "currency", "percent_basis_points", "product_id")
_BATCH = 500


@dataclass(frozen=True)
class Uploaded:
    """What became of a list of codes: how many are new, and each line that was not taken."""

    added: int
    refused: Sequence[RefusedCode]


def create_pool(site_id: uuid.UUID, document: Mapping[str, Any], now: datetime) -> CouponPool:
    """Make a pool from a checked document."""
    pool = CouponPool(site_id=site_id, id=new_id(), available=0, created_at=now, **document)
    db.session.add(pool)
    db.session.flush()
    return pool


def change_pool(pool: CouponPool, changes: Mapping[str, Any]) -> None:
    """Change how a pool's coupons are given out; what they are worth stays as it was made."""
    db.session.refresh(pool, with_for_update=True)
    for name in FIXED:
        if name in changes and changes[name] != getattr(pool, name):
            raise InvalidFields(errors=[FieldError(f"#/{name}", "Stays as it was made: make another pool.")])
    for name, value in changes.items():
        setattr(pool, name, value)
    db.session.flush()


def archive_pool(pool: CouponPool, now: datetime) -> None:
    """Give out no more of a pool's coupons; those that are out stay good."""
    db.session.refresh(pool, with_for_update=True)
    if pool.archived_at is None:
        pool.archived_at = now
    db.session.flush()


def unarchive_pool(pool: CouponPool) -> None:
    """Give out a pool's coupons again."""
    db.session.refresh(pool, with_for_update=True)
    pool.archived_at = None
    db.session.flush()


def add_codes(pool: CouponPool, listed: CodeList, now: datetime) -> Uploaded:
    """Add the codes of a list that nobody knows yet, and tell of each that was not taken.

    Raise PoolNotUploadable for a pool whose codes are made on the fly, InvalidFields for a list that is too long.
    """
    if pool.codes != "uploaded" or pool.archived_at is not None:
        raise PoolNotUploadable()
    if len(listed.codes) + len(listed.refused) > MAX_CODES:
        raise InvalidFields(errors=[FieldError("#/codes", f"Must be a list of at most {MAX_CODES} codes.")])
    # Two lists with the same code would both find it new.
    wait_for_turn(f"coupons:{pool.site_id}")
    db.session.refresh(pool, with_for_update=True)
    known = _find_known(pool.site_id, list(listed.codes))
    refused = [
        RefusedCode(line, code, "Is in a pool of yours already.")
        for key, (line, code) in listed.codes.items()
        if key in known
    ]
    rows = [_row_of(pool, key, code, now) for key, (_, code) in listed.codes.items() if key not in known]
    for start in range(0, len(rows), _BATCH):
        db.session.execute(insert(Coupon), rows[start : start + _BATCH])
    pool.available += len(rows)
    db.session.flush()
    return Uploaded(len(rows), sorted((*listed.refused, *refused), key=lambda one: one.line))


def redeem_coupon(site_id: uuid.UUID, code: str, order: str, now: datetime) -> tuple[Coupon, bool]:
    """Note that an order used a code; return the coupon and whether that is new.

    The same order is the same use. Raise CouponNotFound, or CouponNotUsable for a code that another order used, that
    ran out, was taken back, or was given to nobody yet.
    """
    coupon = get_coupon(site_id, code)
    is_usable = (Coupon.expires_at.is_(None)) | (Coupon.expires_at > now)
    used = db.session.scalar(
        update(Coupon)
        .where(Coupon.site_id == site_id, Coupon.id == coupon.id, Coupon.state == "issued", is_usable)
        .values(state="redeemed", redeemed_at=now, redeemed_by=order)
        .returning(Coupon.id)
        .execution_options(synchronize_session=False)
    )
    db.session.refresh(coupon)
    if used is None and not (coupon.state == "redeemed" and coupon.redeemed_by == order):
        raise CouponNotUsable(_say_why_not(coupon))
    return coupon, used is not None


def expire_next_batch(now: datetime) -> int:
    """Write down of some coupons of any site that their time is over; return of how many."""
    due = db.session.execute(
        select(Coupon.site_id, Coupon.id).where(Coupon.state == "issued", Coupon.expires_at <= now).limit(_BATCH)
    ).all()
    for site_id, coupon_id in due:
        db.session.execute(
            update(Coupon)
            .where(Coupon.site_id == site_id, Coupon.id == coupon_id, Coupon.state == "issued")
            .values(state="expired")
        )
    return len(due)


def _say_why_not(coupon: Coupon) -> str:
    return {
        "available": "This code was not given to anybody yet.",
        "redeemed": f"This code was used by order {coupon.redeemed_by}.",
        "cancelled": "This code was taken back.",
    }.get(coupon.state, "The time of this code is over.")


def _find_known(site_id: uuid.UUID, keys: Sequence[str]) -> set[str]:
    known: set[str] = set()
    for start in range(0, len(keys), _BATCH):
        batch = keys[start : start + _BATCH]
        known |= set(
            db.session.scalars(select(Coupon.code_key).where(Coupon.site_id == site_id, Coupon.code_key.in_(batch)))
        )
    return known


def _row_of(pool: CouponPool, key: str, code: str, now: datetime) -> dict[str, Any]:
    return {
        "site_id": pool.site_id,
        "id": new_id(),
        "pool_id": pool.id,
        "code": code,
        "code_key": key,
        "state": "available",
        "created_at": now,
    }
