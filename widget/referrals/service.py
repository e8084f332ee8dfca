"""What follows for referrals from what a store tells of its orders and customers."""

import uuid
from collections.abc import Collection

from sqlalchemy import or_, select

from widget.core.clock import utc_now
from widget.core.db import db
from widget.coupons.models import Coupon
from widget.customers.models import Customer
from widget.orders.models import Order
from widget.referrals.claiming import claim_by_orders
from widget.referrals.merging import follow_merges
from widget.referrals.missing import bring_missing_rewards
from widget.referrals.models import Referral, ReferralProgram
from widget.referrals.settling import settle_referrals

_BATCH = 500


def follow_orders(site_id: uuid.UUID, order_ids: Collection[uuid.UUID], customer_ids: Collection[uuid.UUID]) -> None:
    """Bring referrals to what orders are now; call it in the site's turn, after loyalty has followed them.

    1. Guests among the buyers who turned out to have an account bring their referrals along.
    2. An advocate's own code at the checkout is a claim.
    3. What these orders mean for their buyers' referrals: that they qualify, or are taken back.
    4. What was due to buyers who had no account of points until now.
    """
    if not _has_run(site_id):
        return
    now = utc_now()
    follow_merges(site_id, customer_ids, now)
    listed = list(order_ids)
    for start in range(0, len(listed), _BATCH):
        batch = listed[start : start + _BATCH]
        claim_by_orders(site_id, batch, now)
        settle_referrals(site_id, _list_concerned(site_id, batch), now)
    if customer_ids:
        bring_missing_rewards(site_id, customer_ids, now)


def follow_customers(site_id: uuid.UUID, customer_ids: Collection[uuid.UUID]) -> None:
    """Bring referrals to what customers are now who have an account, perhaps since this moment; call it in a turn.

    They get what was due to them as guests.
    """
    if not customer_ids or not _has_run(site_id):
        return
    now = utc_now()
    follow_merges(site_id, customer_ids, now)
    bring_missing_rewards(site_id, customer_ids, now)


def _has_run(site_id: uuid.UUID) -> bool:
    """Return whether a site has a program that was ever live."""
    is_here = (ReferralProgram.site_id == site_id, ReferralProgram.live_at.is_not(None))
    return db.session.scalar(select(ReferralProgram.site_id).where(*is_here)) is not None


def _list_concerned(site_id: uuid.UUID, order_ids: list[uuid.UUID]) -> set[uuid.UUID]:
    """Return the referrals that orders may change: by their buyer, a coupon they use, or as the one that counts."""
    is_meant = (Order.site_id == site_id, Order.id.in_(order_ids))
    rows = db.session.execute(select(Order.customer_id, Order.external_id).where(*is_meant)).all()
    buyers, names = {row[0] for row in rows if row[0]}, [row[1] for row in rows]
    is_buyer = or_(Customer.id.in_(buyers), Customer.merged_into_id.in_(buyers))
    keys = select(Customer.email_key).where(Customer.site_id == site_id, Customer.email_key.is_not(None), is_buyer)
    used = select(Coupon.id).where(Coupon.site_id == site_id, Coupon.redeemed_by.in_(names))
    # Lists rather than subqueries, so that each condition finds its rows by an index.
    is_concerned = or_(
        Referral.order_id.in_(order_ids),
        Referral.friend_id.in_(buyers),
        Referral.friend_key.in_(db.session.scalars(keys).all()),
        Referral.coupon_id.in_(db.session.scalars(used).all()),
    )
    return set(db.session.scalars(select(Referral.id).where(Referral.site_id == site_id, is_concerned)))
