"""What follows for points from what a store tells of its orders and customers."""

import uuid
from collections.abc import Collection

from sqlalchemy import select, update

from widget.core.clock import utc_now
from widget.core.db import db
from widget.coupons.redeeming import OrderCodes, Settled, redeem_codes
from widget.loyalty.members import enrol_customers, follow_merges
from widget.loyalty.models import LoyaltyProgram
from widget.loyalty.order_earning import earn_orders, list_unearned
from widget.loyalty.reward_models import Redemption
from widget.orders.models import Order


def follow_orders(site_id: uuid.UUID, order_ids: Collection[uuid.UUID], customer_ids: Collection[uuid.UUID]) -> None:
    """Bring points and coupons to what orders are now; call it in the site's turn, after the orders were stored.

    1. Buyers who were guests until now bring their points along, and have an account; those who have bought since the
       program is live take part in it.
    2. What these orders earn, and what earlier ones of the same buyers earn that could not before.
    3. The coupons they use, or use no more.
    """
    now = utc_now()
    if _has_paid(site_id):
        follow_merges(site_id, customer_ids, now)
        enrol_customers(site_id, _list_buyers_since(site_id, order_ids), now)
        earn_orders(site_id, {*order_ids, *list_unearned(site_id, customer_ids)}, now)
    follow_codes(site_id, order_ids)


def follow_customers(site_id: uuid.UUID, customer_ids: Collection[uuid.UUID]) -> None:
    """Bring points to what customers are now who have an account, perhaps since this moment; call it in a turn.

    They bring along what they had as guests, take part in a program that everybody is in, and earn for their orders.
    """
    if not customer_ids or not _has_paid(site_id):
        return
    now = utc_now()
    follow_merges(site_id, customer_ids, now)
    enrol_customers(site_id, customer_ids, now)
    earn_orders(site_id, list_unearned(site_id, customer_ids), now)


def follow_codes(site_id: uuid.UUID, order_ids: Collection[uuid.UUID]) -> None:
    """Let coupons be used, or good again, as orders stand, and the redemptions they came from with them."""
    if not order_ids:
        return
    columns = (Order.external_id, Order.placed_at, Order.coupon_codes, Order.is_counted)
    rows = db.session.execute(select(*columns).where(Order.site_id == site_id, Order.id.in_(list(order_ids)))).all()
    orders = [OrderCodes(row[0], row[1], row[2] if row[3] else ()) for row in rows]
    follow_coupons(site_id, redeem_codes(site_id, orders, utc_now()))


def follow_coupons(site_id: uuid.UUID, settled: Settled) -> None:
    """Let the redemptions that coupons came from be used, or no longer, as the coupons are."""
    for before, after, ids in (("issued", "used", settled.redeemed), ("used", "issued", settled.returned)):
        if ids:
            is_concerned = (Redemption.site_id == site_id, Redemption.coupon_id.in_(ids), Redemption.state == before)
            db.session.execute(update(Redemption).where(*is_concerned).values(state=after))


def _has_paid(site_id: uuid.UUID) -> bool:
    """Return whether a site has a program that has ever paid, as those that were paused have."""
    is_here = (LoyaltyProgram.site_id == site_id, LoyaltyProgram.live_at.is_not(None))
    return db.session.scalar(select(LoyaltyProgram.site_id).where(*is_here)) is not None


def _list_buyers_since(site_id: uuid.UUID, order_ids: Collection[uuid.UUID]) -> set[uuid.UUID]:
    """Return who placed these orders, where that was since the program is live."""
    is_paid_for = (LoyaltyProgram.site_id == Order.site_id) & (LoyaltyProgram.live_at <= Order.placed_at)
    buyers = db.session.scalars(
        select(Order.customer_id)
        .join(LoyaltyProgram, is_paid_for)
        .where(Order.site_id == site_id, Order.id.in_(list(order_ids)), Order.customer_id.is_not(None))
    )
    return {buyer for buyer in buyers if buyer is not None}
