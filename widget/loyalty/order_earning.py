"""Points of orders: always what the order is worth as it stands, by the rules it first earned by.

Only the difference to what was posted before is posted, so repeats, any order of arrival and split refunds end alike.
"""

import uuid
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from fractions import Fraction
from typing import Any, TypeVar

from sqlalchemy import Select, select

from widget.core.db import db, session_cursor
from widget.core.hot import HotCursor
from widget.core.money import minor_unit_in
from widget.customers.models import Customer
from widget.loyalty.basis import Bought
from widget.loyalty.earning import earn, list_segments
from widget.loyalty.entries import Cause
from widget.loyalty.ledger import OpenBook, open_book
from widget.loyalty.models import LoyaltyAccount, LoyaltyProgram
from widget.loyalty.order_models import EarnedOrder
from widget.loyalty.order_reading import (
    NOTHING_BOUGHT,
    Contents,
    find_rate,
    is_earning,
    moment_of,
    read_contents,
)
from widget.loyalty.program import Program
from widget.loyalty.programs import CurrentProgram, find_current, read_version
from widget.loyalty.rules import day_in
from widget.loyalty.tiers import count_for_tier, find_tier_now, update_tier
from widget.orders.models import Order

# Who earns, and from when on.
Members = Mapping[uuid.UUID, datetime | None]
Row = TypeVar("Row")


def earn_orders(site_id: uuid.UUID, order_ids: Collection[uuid.UUID], now: datetime) -> None:
    """Bring what orders have earned to what they are worth now; call it in the site's turn, after they were stored."""
    if not order_ids:
        return
    cursor = session_cursor()
    current = find_current(cursor, site_id)
    if current is None:
        return
    orders = _read_anew(select(Order).where(Order.site_id == site_id, Order.id.in_(list(order_ids))))
    earned = {row.order_id: row for row in _read_earned(site_id, order_ids)}
    members = _read_members(site_id, {order.customer_id for order in orders if order.customer_id}, current)
    concerned = [order for order in orders if order.id in earned or _may_begin(order, current, members)]
    earning = _OrderEarning(cursor, current, read_contents(site_id, concerned), now)
    # Accounts are locked in one order everywhere, so that two transactions never wait for each other.
    for order in sorted(concerned, key=lambda order: (str(order.customer_id), order.placed_at, order.id)):
        earning.bring(order, earned.get(order.id), may_begin=_may_begin(order, current, members))
    db.session.flush()


def list_unearned(site_id: uuid.UUID, customer_ids: Collection[uuid.UUID]) -> Sequence[uuid.UUID]:
    """Return the orders since the program is live that have earned nothing yet: guests', until they have an account."""
    is_same = (EarnedOrder.site_id == Order.site_id) & (EarnedOrder.order_id == Order.id)
    is_paid_for = (LoyaltyProgram.site_id == Order.site_id) & (LoyaltyProgram.live_at <= Order.placed_at)
    return db.session.scalars(
        select(Order.id)
        .join(LoyaltyProgram, is_paid_for)
        .outerjoin(EarnedOrder, is_same)
        .where(Order.site_id == site_id, Order.customer_id.in_(list(customer_ids)), EarnedOrder.order_id.is_(None))
    ).all()


def _may_begin(order: Order, current: CurrentProgram, members: Members) -> bool:
    """Return whether the program pays for an order that has earned nothing yet."""
    if order.customer_id is None or order.customer_id not in members:
        return False
    if not current.is_live or current.live_at is None:
        return False
    since = max(current.live_at, members[order.customer_id] or current.live_at)
    return order.placed_at >= since and is_earning(order, current.rules)


class _OrderEarning:
    """Brings orders' points along, one at a time."""

    def __init__(self, cursor: HotCursor, current: CurrentProgram, contents: Contents, now: datetime) -> None:
        self._cursor, self._current, self._contents, self._now = cursor, current, contents, now
        self._rates: dict[uuid.UUID, Any] = {}

    def bring(self, order: Order, earned: EarnedOrder | None, *, may_begin: bool) -> None:
        """Post the difference between what an order has earned and what it is worth."""
        if earned is not None and earned.customer_id != order.customer_id:
            # Somebody else bought it, as the store says now.
            self._post(order, earned, self._open(order.site_id, earned.customer_id), NOTHING_BOUGHT)
            db.session.delete(earned)
            db.session.flush()
            earned = None
        if earned is not None:
            opened = self._open(order.site_id, earned.customer_id)
        elif may_begin and order.customer_id is not None:
            rate = find_rate(order, self._current.rules, self._rates)
            if rate is None:
                return
            opened = self._open(order.site_id, order.customer_id)
            earned = self._begin(order, opened, rate)
        else:
            return
        self._post(order, earned, opened, self._contents.describe(order, self._rules_of(earned)))

    def _open(self, site_id: uuid.UUID, customer_id: uuid.UUID) -> OpenBook:
        return open_book(self._cursor, site_id, customer_id, self._now)

    def _begin(self, order: Order, opened: OpenBook, rate: int) -> EarnedOrder:
        rules = self._current.rules
        assert order.customer_id is not None  # noqa: S101 - only orders of customers begin to earn.
        segments = list_segments(order.site_id, order.customer_id) if rules.campaigns else frozenset()
        earned_at = moment_of(order, rules)
        tier, _ = find_tier_now(self._cursor, rules, order.site_id, order.customer_id, opened, self._now)
        earned = EarnedOrder(
            site_id=order.site_id,
            order_id=order.id,
            customer_id=order.customer_id,
            rule_version=rules.version,
            multiplier_thousandths=rules.multiplier(earned_at, tier, segments),
            rate_billionths=rate,
            points=0,
            forgiven=0,
            spend_minor=0,
            counts_as_order=False,
            earned_on=day_in(earned_at, rules.zone),
            available_at=rules.available_at(earned_at),
        )
        db.session.add(earned)
        return earned

    def _post(self, order: Order, earned: EarnedOrder, opened: OpenBook, bought: Bought) -> None:
        rules, key = self._rules_of(earned), (earned.site_id, earned.customer_id)
        unit = minor_unit_in(order.currency, rules.currency, earned.rate_billionths)
        points = rules.points_for(bought, earned.multiplier_thousandths, unit)
        spend = int(order.net_minor * unit) if bought.is_earning else 0
        if (earned.points, earned.spend_minor, earned.counts_as_order) == (points, spend, bought.is_earning):
            return
        cause = _explain(order, earned, rules, bought, unit, points)
        more, orders = spend - earned.spend_minor, bought.is_earning - earned.counts_as_order
        count_for_tier(self._cursor, *key, earned.earned_on, spend_minor=more, orders=orders)
        self._move(opened, rules, earned, points, cause)
        earned.points, earned.spend_minor, earned.counts_as_order = points, spend, bought.is_earning
        update_tier(self._cursor, self._current.rules, *key, opened, self._now)
        opened.save()

    def _move(self, opened: OpenBook, rules: Program, earned: EarnedOrder, points: int, cause: Cause) -> None:
        """Credit what an order is worth more than before, or take back what it is worth less."""
        difference, key = points - earned.points, (earned.site_id, earned.customer_id)
        if difference > 0:
            # What was forgiven was never taken away, so it is not given again.
            forgiven = min(difference, earned.forgiven)
            earned.forgiven -= forgiven
            if difference > forgiven:
                earn(self._cursor, rules, *key, opened, difference - forgiven, cause, earned.available_at)
        elif difference < 0:
            opened.load_source(cause.source)
            left = opened.book.take_back(-difference, "claw", cause, debt_limit=self._current.rules.debt_limit)
            earned.forgiven += left
            day = day_in(earned.available_at, rules.zone)
            count_for_tier(self._cursor, *key, day, points=difference + left)

    def _rules_of(self, earned: EarnedOrder) -> Program:
        return read_version(self._cursor, earned.site_id, earned.rule_version)


def _explain(order: Order, earned: EarnedOrder, rules: Program, bought: Bought, unit: Fraction, points: int) -> Cause:
    """Return why an order's points change, with every number that leads to what it earns."""
    spending = rules.spending
    return Cause(
        source=f"order:{order.id}",
        rule="spend",
        rule_version=earned.rule_version,
        reason={
            "order": order.number or order.external_id,
            "before": earned.points,
            "after": points,
            "total_minor": bought.total_minor,
            "refunded_minor": sum(refund.amount_minor for refund in bought.refunds),
            "order_currency": order.currency,
            "rate_billionths": earned.rate_billionths,
            "basis_minor": int(rules.amount_of(bought, unit)),
            "currency": rules.currency,
            "points": spending.points if spending else 0,
            "per_minor": spending.per_minor if spending else 0,
            "multiplier_thousandths": earned.multiplier_thousandths,
        },
    )


def _read_earned(site_id: uuid.UUID, order_ids: Collection[uuid.UUID]) -> Sequence[EarnedOrder]:
    is_of_orders = (EarnedOrder.site_id == site_id, EarnedOrder.order_id.in_(list(order_ids)))
    return _read_anew(select(EarnedOrder).where(*is_of_orders).with_for_update())


def _read_anew(statement: Select[tuple[Row]]) -> Sequence[Row]:
    """Return rows as they stand in the tables: others write orders past the session."""
    return db.session.scalars(statement.execution_options(populate_existing=True)).all()


def _read_members(
    site_id: uuid.UUID, customer_ids: Collection[Any], current: CurrentProgram
) -> dict[uuid.UUID, datetime | None]:
    """Return who of these customers earns, and from when on, None for from the beginning.

    Guests earn once they have an account of the store; where one must join, from then on.
    """
    is_account = (Customer.site_id == site_id, Customer.id.in_(list(customer_ids)), Customer.external_id.is_not(None))
    if current.rules.is_automatic:
        return dict.fromkeys(db.session.scalars(select(Customer.id).where(*is_account)))
    is_same = (LoyaltyAccount.site_id == Customer.site_id) & (LoyaltyAccount.customer_id == Customer.id)
    joined = select(Customer.id, LoyaltyAccount.joined_at).join(LoyaltyAccount, is_same).where(*is_account)
    return dict(db.session.execute(joined.where(LoyaltyAccount.joined_at.is_not(None))).tuples().all())
