"""Discount codes at Maple Store's checkout: the shop asks what a code is worth, and its order says that it was used."""

import uuid
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import or_, select

from widget.core.db import db
from widget.coupons.models import MAX_CODE_LENGTH, Coupon, CouponPool
from widget.coupons.rules import code_key
from widget.demo.visits import Line


def find_discount(site_id: uuid.UUID, code: str, lines: Sequence[Line], now: datetime) -> int | None:
    """Return what a code takes off these lines, None for one that cannot be used."""
    key = code_key(code)
    if not key or len(key) > MAX_CODE_LENGTH or "\x00" in key:
        return None
    is_pool = (CouponPool.site_id == Coupon.site_id) & (CouponPool.id == Coupon.pool_id)
    pool = db.session.scalar(
        select(CouponPool)
        .join(Coupon, is_pool)
        .where(
            Coupon.site_id == site_id,
            Coupon.code_key == key,
            Coupon.state == "issued",
            or_(Coupon.expires_at.is_(None), Coupon.expires_at > now),
        )
    )
    return None if pool is None else _worth(pool, lines)


def _worth(pool: CouponPool, lines: Sequence[Line]) -> int:
    goods = sum(line.amount_minor for line in lines)
    if pool.kind == "percent_off":
        return goods * (pool.percent_basis_points or 0) // 10_000
    if pool.kind == "free_product":
        return max((line.product.price_minor for line in lines if line.product.sku == pool.product_id), default=0)
    return min(goods, pool.amount_minor or 0)
