"""Coupons that orders use: always as the orders stand, so that repeats and any order of arrival end alike."""

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import exists, or_, select, update

from widget.core.db import db
from widget.coupons.models import Coupon, CouponPool
from widget.coupons.rules import code_key


@dataclass(frozen=True)
class OrderCodes:
    """An order by the store's own id, and the codes it uses: none once it is cancelled."""

    order: str
    placed_at: datetime
    codes: Collection[str]


@dataclass
class Settled:
    """The coupons that are used now, and those that are good again."""

    redeemed: list[uuid.UUID] = field(default_factory=list)
    returned: list[uuid.UUID] = field(default_factory=list)


def redeem_codes(site_id: uuid.UUID, orders: Sequence[OrderCodes], now: datetime) -> Settled:
    """Mark the coupons that orders use, and give back those they use no more while they are good.

    A code is the site's own or passed over; one that another order has used stays that order's.
    """
    settled = Settled()
    if not orders or not _has_coupons(site_id):
        return settled
    wanted = {one.order: {code_key(code) for code in one.codes} for one in orders}
    keys = {key for own in wanted.values() for key in own}
    is_concerned = or_(Coupon.code_key.in_(keys), Coupon.redeemed_by.in_(list(wanted)))
    coupons = {
        coupon.code_key: coupon
        for coupon in db.session.scalars(
            select(Coupon)
            .where(Coupon.site_id == site_id, is_concerned)
            .order_by(Coupon.id)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
    }
    for coupon in coupons.values():
        if coupon.redeemed_by in wanted and coupon.code_key not in wanted[coupon.redeemed_by]:
            _give_back(coupon, settled, now)
    for one in sorted(orders, key=lambda one: (one.placed_at, one.order)):
        for key in sorted(wanted[one.order]):
            if key in coupons:
                _use(coupons[key], one, settled, now)
    db.session.flush()
    return settled


def _has_coupons(site_id: uuid.UUID) -> bool:
    return bool(db.session.scalar(select(exists().where(CouponPool.site_id == site_id))))


def _use(coupon: Coupon, one: OrderCodes, settled: Settled, now: datetime) -> None:
    is_good = coupon.state == "issued" or (
        # The store accepted it before its time was over; the news of it came later.
        coupon.state == "expired" and coupon.expires_at is not None and one.placed_at < coupon.expires_at
    )
    is_taken_from_pool = coupon.state == "available"
    if is_good or is_taken_from_pool:
        coupon.state, coupon.redeemed_at, coupon.redeemed_by = "redeemed", now, one.order
        coupon.issued_at = coupon.issued_at or now
        settled.redeemed.append(coupon.id)
    if is_taken_from_pool:
        # Somebody has used a code that nobody was given here: it is not given out any more.
        is_pool = (CouponPool.site_id == coupon.site_id, CouponPool.id == coupon.pool_id)
        db.session.execute(update(CouponPool).where(*is_pool).values(available=CouponPool.available - 1))


def _give_back(coupon: Coupon, settled: Settled, now: datetime) -> None:
    if coupon.expires_at is None or coupon.expires_at > now:
        coupon.state, coupon.redeemed_at, coupon.redeemed_by = "issued", None, None
        settled.returned.append(coupon.id)
