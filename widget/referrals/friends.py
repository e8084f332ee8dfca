"""Who a friend is, whatever address or account they bought with, and what they have bought."""

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, or_, select

from widget.core.db import db
from widget.core.money import convert_minor
from widget.coupons.models import Coupon
from widget.customers.models import Customer
from widget.customers.queries import SURVIVOR_ID
from widget.orders.models import Order
from widget.orders.rates import RateTable, read_rates
from widget.referrals.models import Referral
from widget.referrals.outcomes import Bought
from widget.referrals.program import Program

PAID_STATES = ("paid", "fulfilled", "delivered")


@dataclass
class Friend:
    """A person as the site knows them: their customers, their addresses, and the orders that used their coupon."""

    customer_ids: set[uuid.UUID] = field(default_factory=set)
    keys: set[str] = field(default_factory=set)
    order_names: set[str] = field(default_factory=set)

    def is_same(self, other: "Friend") -> bool:
        """Return whether two are one person, by a customer or an address."""
        return not (self.customer_ids.isdisjoint(other.customer_ids) and self.keys.isdisjoint(other.keys))


def identify_friend(referral: Referral) -> Friend:
    """Return who a referral's friend is by their address, their account and their coupon."""
    site_id, friend = referral.site_id, Friend()
    if referral.coupon_id is not None:
        is_coupon = (Coupon.site_id == site_id, Coupon.id == referral.coupon_id, Coupon.redeemed_by.is_not(None))
        friend.order_names = set(_read(select(Coupon.redeemed_by).where(*is_coupon)))
    is_friend = [Customer.id == referral.friend_id] if referral.friend_id is not None else []
    if referral.friend_key is not None:
        is_friend.append(Customer.email_key == referral.friend_key)
    if friend.order_names:
        is_order = (Order.site_id == site_id, Order.external_id.in_(friend.order_names))
        is_friend.append(Customer.id.in_(select(Order.customer_id).where(*is_order)))
    return _complete(site_id, friend, is_friend, {referral.friend_key} - {None})


def identify_buyer(site_id: uuid.UUID, customer_id: uuid.UUID) -> Friend:
    """Return who a buyer is."""
    return _complete(site_id, Friend(), [Customer.id == customer_id], set())


def _complete(
    site_id: uuid.UUID, friend: Friend, is_friend: Sequence[ColumnElement[bool]], keys: Collection[Any]
) -> Friend:
    """Add to a friend whom their customers were merged into, those merged into them, and the addresses of all."""
    survivors = set(_read(select(SURVIVOR_ID).where(Customer.site_id == site_id, or_(*is_friend))))
    is_theirs = or_(Customer.id.in_(survivors), Customer.merged_into_id.in_(survivors))
    known = select(Customer.email_key).where(Customer.site_id == site_id, Customer.email_key.is_not(None), is_theirs)
    friend.customer_ids, friend.keys = survivors, {*keys, *(_read(known) if survivors else ())}
    return friend


def list_rivals(referral: Referral) -> list[Referral]:
    """Return a referral among all of its friend, the first claimed first, each held until the transaction ends."""
    return sorted({referral, *list_referrals(referral.site_id, identify_friend(referral))}, key=_by_time)


def list_referrals(site_id: uuid.UUID, friend: Friend) -> list[Referral]:
    """Return the referrals of a friend, the first claimed first, each held until the transaction ends."""
    bought = select(Order.external_id).where(Order.site_id == site_id, Order.customer_id.in_(friend.customer_ids))
    used = _read(select(Coupon.id).where(Coupon.site_id == site_id, Coupon.redeemed_by.in_(bought)))
    # Lists rather than subqueries, so that each condition finds its rows by an index.
    is_theirs = [
        Referral.friend_key.in_(friend.keys),
        Referral.friend_id.in_(friend.customer_ids),
        Referral.coupon_id.in_(used),
    ]
    rows = db.session.scalars(
        select(Referral)
        .where(Referral.site_id == site_id, or_(*is_theirs))
        .order_by(Referral.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return sorted(rows, key=_by_time)


def list_orders(site_id: uuid.UUID, friend: Friend) -> list[Order]:
    """Return a friend's orders as they stand in the tables, the first placed first; those of a test count nowhere."""
    is_theirs = or_(Order.customer_id.in_(friend.customer_ids), Order.external_id.in_(friend.order_names))
    rows = db.session.scalars(
        select(Order)
        .where(Order.site_id == site_id, Order.is_test.is_(False), is_theirs)
        .execution_options(populate_existing=True)
    )
    return sorted(rows, key=lambda row: (row.placed_at, row.external_id))


def describe_orders(site_id: uuid.UUID, orders: Sequence[Order], rules: Program) -> list[Bought]:
    """Return orders as the rules look at them."""
    rates = read_rates(site_id, orders[0].currency) if any(row.currency != rules.currency for row in orders) else None
    return [_describe(order, rules, rates) for order in orders]


def _describe(order: Order, rules: Program, rates: RateTable | None) -> Bought:
    net, total = (_convert(order, minor, rules, rates) for minor in (order.net_minor, order.total_minor))
    least = max(1, rules.minimum_minor)
    return Bought(
        id=order.id,
        placed_at=order.placed_at,
        paid_at=order.paid_at or (order.placed_at if order.state in PAID_STATES else None),
        is_counted=order.is_counted,
        is_enough=net >= least,
        was_enough=total >= least,
    )


def _convert(order: Order, minor: int, rules: Program, rates: RateTable | None) -> int:
    """Return an amount in the currency of the rules, 0 where nobody said what it is worth."""
    if rates is None or order.currency == rules.currency:
        return minor
    rate = rates.find_rate(order.currency, rules.currency, order.placed_at.date())
    return 0 if rate is None else convert_minor(minor, order.currency, rules.currency, rate)


def _by_time(referral: Referral) -> tuple[datetime, uuid.UUID]:
    return referral.claimed_at, referral.id


def _read(statement: Any) -> list[Any]:
    return list(db.session.scalars(statement))
