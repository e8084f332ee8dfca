"""Maple Store's checkout: what a cart costs, with the code the shop was given and the tier of who is logged in."""

import uuid
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import or_, select

from widget.core.db import db
from widget.core.hot import hot_cursor
from widget.coupons.models import MAX_CODE_LENGTH, Coupon, CouponPool
from widget.coupons.rules import code_key
from widget.customers.queries import find_customer_by_external_id
from widget.demo.catalogue import Shopper
from widget.demo.visits import Line, Visit, list_lines
from widget.loyalty.programs import find_current
from widget.loyalty.standing import read_standing

DELIVERY_MINOR, FREE_DELIVERY_FROM_MINOR = 600, 6000


@dataclass(frozen=True)
class Checkout:
    """What is paid for some lines; `code` is one that can be used, `wrong_code` one that cannot."""

    lines: list[Line] = field(default_factory=list)
    discount_minor: int = 0
    delivery_minor: int = 0
    code: str = ""
    wrong_code: str = ""

    @property
    def goods_minor(self) -> int:
        return sum(line.amount_minor for line in self.lines) - self.discount_minor

    @property
    def total_minor(self) -> int:
        return self.goods_minor + self.delivery_minor


def check_out(site_id: uuid.UUID, visit: Visit, now: datetime) -> Checkout:
    """Return what a visit's cart costs now."""
    lines = list_lines(visit.cart)
    pool = _find_pool(site_id, visit.code, now) if visit.code else None
    discount_minor = _worth(pool, lines) if pool else 0
    goods_minor = sum(line.amount_minor for line in lines) - discount_minor
    is_free = bool(pool and pool.kind == "free_shipping") or goods_minor >= _free_from(site_id, visit.shopper, now)
    delivery_minor = 0 if is_free else DELIVERY_MINOR
    return Checkout(lines, discount_minor, delivery_minor, *((visit.code, "") if pool else ("", visit.code)))


def _find_pool(site_id: uuid.UUID, code: str, now: datetime) -> CouponPool | None:
    """Return what a code is worth, None for one that cannot be used."""
    key = code_key(code)
    if not key or len(key) > MAX_CODE_LENGTH or "\x00" in key:
        return None
    is_pool = (CouponPool.site_id == Coupon.site_id) & (CouponPool.id == Coupon.pool_id)
    return db.session.scalar(
        select(CouponPool)
        .join(Coupon, is_pool)
        .where(
            Coupon.site_id == site_id,
            Coupon.code_key == key,
            Coupon.state == "issued",
            or_(Coupon.expires_at.is_(None), Coupon.expires_at > now),
        )
    )


def _worth(pool: CouponPool, lines: list[Line]) -> int:
    goods_minor = sum(line.amount_minor for line in lines)
    if pool.kind == "percent_off":
        return goods_minor * (pool.percent_basis_points or 0) // 10_000
    if pool.kind == "free_product":
        return max((line.product.price_minor for line in lines if line.product.sku == pool.product_id), default=0)
    return min(goods_minor, pool.amount_minor or 0)


def _free_from(site_id: uuid.UUID, shopper: Shopper | None, now: datetime) -> int:
    """Return from which amount on delivery is free: for everybody, or sooner by the customer's tier."""
    customer = find_customer_by_external_id(site_id, shopper.id) if shopper else None
    if customer is None:
        return FREE_DELIVERY_FROM_MINOR
    with hot_cursor() as cursor:
        current = find_current(cursor, site_id)
        if current is None or not current.is_live:
            return FREE_DELIVERY_FROM_MINOR
        tier = current.rules.find_tier(read_standing(cursor, site_id, customer.id, now).tier)
    own = tier.free_shipping_from_minor if tier else None
    return FREE_DELIVERY_FROM_MINOR if own is None else min(own, FREE_DELIVERY_FROM_MINOR)
