"""Coupons whose time is over."""

from datetime import datetime
from typing import Any

from sqlalchemy import select, tuple_, update

from widget.core.db import db
from widget.coupons.models import Coupon

EXPIRED_AT_ONCE = 200


def expire_some(now: datetime) -> int:
    """Mark some of the coupons that nobody used in time; return how many, 0 when none is left."""
    keys: list[Any] = list(
        db.session.execute(
            select(Coupon.site_id, Coupon.id)
            .where(Coupon.state == "issued", Coupon.expires_at <= now)
            .limit(EXPIRED_AT_ONCE)
            .with_for_update(skip_locked=True)
        )
    )
    if keys:
        is_old = tuple_(Coupon.site_id, Coupon.id).in_([tuple(key) for key in keys])
        db.session.execute(update(Coupon).where(is_old).values(state="expired"))
    return len(keys)
