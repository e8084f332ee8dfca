"""Codes that orders use: the coupon is redeemed, and with it the redemption it was issued for."""

import uuid
from datetime import datetime

from sqlalchemy import update

from widget.core.db import db
from widget.coupons.models import Coupon
from widget.coupons.service import redeem_coupon
from widget.loyalty.reward_models import Redemption


def use_coupon(site_id: uuid.UUID, code: str, order: str, now: datetime) -> tuple[Coupon, bool]:
    """Note that an order used a code; return the coupon and whether that is new.

    The same order is the same use. Raise CouponNotFound or CouponNotUsable.
    """
    coupon, is_new = redeem_coupon(site_id, code, order, now)
    if is_new:
        db.session.execute(
            update(Redemption)
            .where(Redemption.site_id == site_id, Redemption.coupon_id == coupon.id, Redemption.state == "issued")
            .values(state="used", settled_at=now)
            .execution_options(synchronize_session=False)
        )
    return coupon, is_new
