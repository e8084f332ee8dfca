"""Points of orders: always what the order is worth as it stands, by the rules it first earned by.

Only the difference to what was posted before is posted, so repeats, any order of arrival and split refunds end alike.
"""

import uuid
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import or_, select

from widget.core.db import db, session_cursor
from widget.core.hot import HotCursor
from widget.customers.models import Customer
from widget.loyalty.basis import Bought, BoughtLine, GivenBack
from widget.loyalty.earning import earn, list_segments
from widget.loyalty.entries import Cause
from widget.loyalty.ledger import OpenBook, open_book
from widget.loyalty.models import LoyaltyAccount
from widget.loyalty.order_models import EarnedOrder
from widget.loyalty.program import Program
from widget.loyalty.programs import CurrentProgram, find_current, read_version
from widget.loyalty.rules import day_in
from widget.loyalty.tiers import count_for_tier, update_tier
from widget.orders.models import Order, OrderLine, Refund

# Who earns, and from when on.
Members = Mapping[uuid.UUID, datetime | None]
_REACHED = {
    "paid": ("paid", "fulfilled", "delivered"),
    "fulfilled": ("fulfilled", "delivered"),
    "delivered": ("delivered",),
}


def earn_orders(site_id: uuid.UUID, order_ids: Collection[uuid.UUID], now: datetime) -> None:
    """Bring what orders have earned to what they are worth now; call it in the site's turn, after they were stored."""
    cursor = session_cursor()
    current = find_current(cursor, site_id)
    if current is None or not order_ids:
        return
    orders = db.session.scalars(select(Order).where(Order.site_id == site_id, Order.id.in_(list(order_ids)))).all()
    earned = {row.order_id: row for row in _read_earned(site_id, order_ids)}
    members = _read_members(site_id, {order.customer_id for order in orders if order.customer_id}, current)
    # Accounts are locked in one order everywhere, so that two transactions never wait for each other.
    for order in sorted(orders, key=lambda order: (str(order.customer_id), order.placed_at, order.id)):
        _OrderEarning(cursor, current, site_id, now).bring(order, earned.get(order.id), members)
    db.session.flush()


def list_unearned(site_id: uuid.UUID, customer_ids: Collection[uuid.UUID]) -> Sequence[uuid.UUID]:
    """Return the orders of customers that have earned nothing yet: those of guests, until they have an account."""
    is_same = (EarnedOrder.site_id == Order.site_id) & (EarnedOrder.order_id == Order.id)
    return db.session.scalars(
        select(Order.id)
        .outerjoin(EarnedOrder, is_same)
        .where(Order.site_id == site_id, Order.customer_id.in_(list(customer_ids)), EarnedOrder.order_id.is_(None))
    ).all()


class _OrderEarning:
    """Brings one order's points along."""

    def __init__(self, cursor: HotCursor, current: CurrentProgram, site_id: uuid.UUID, now: datetime) -> None:
        self._cursor, self._current, self._site_id, self._now = cursor, current, site_id, now

    def bring(self, order: Order, earned: EarnedOrder | None, members: Members) -> None:
        """Post the difference between what an order has earned and what it is worth."""
        if earned is not None and earned.customer_id != order.customer_id:
            self._post(order, earned, earned.customer_id, Bought(False, 0))
            db.session.delete(earned)
            db.session.flush()
            earned = None
        if earned is None:
            if not self._may_begin(order, members):
                return
            earned = self._begin(order)
        self._post(order, earned, earned.customer_id, _describe(order, self._rules_of(earned)))

    def _may_begin(self, order: Order, members: Members) -> bool:
        """Return whether the program pays for an order that has earned nothing yet."""
        current = self._current
        if order.customer_id is None or order.customer_id not in members:
            return False
        if not current.is_live or current.live_at is None:
            return False
        since = max(current.live_at, members[order.customer_id] or current.live_at)
        return order.placed_at >= since and _is_earning(order, current.rules)

    def _begin(self, order: Order) -> EarnedOrder:
        rules = self._current.rules
        assert order.customer_id is not None  # noqa: S101 - only orders of customers begin to earn.
        opened = open_book(self._cursor, self._site_id, order.customer_id, self._now)
        opened.save()
        segments = list_segments(self._site_id, order.customer_id) if rules.campaigns else frozenset()
        earned_at = _moment_of(order, rules)
        earned = EarnedOrder(
            site_id=self._site_id,
            order_id=order.id,
            customer_id=order.customer_id,
            rule_version=rules.version,
            multiplier_thousandths=rules.multiplier(earned_at, opened.tier, segments),
            points=0,
            forgiven=0,
            spend_minor=0,
            counts_as_order=False,
            earned_on=day_in(earned_at, rules.zone),
            available_at=rules.available_at(earned_at),
        )
        db.session.add(earned)
        return earned

    def _post(self, order: Order, earned: EarnedOrder, customer_id: uuid.UUID, bought: Bought) -> None:
        rules = self._rules_of(earned)
        points = rules.points_for(bought, earned.multiplier_thousandths)
        spend = order.net_minor if bought.is_earning else 0
        unchanged = (earned.points, earned.spend_minor, earned.counts_as_order) == (points, spend, bought.is_earning)
        if unchanged:
            return
        opened = open_book(self._cursor, self._site_id, customer_id, self._now)
        cause = self._explain(order, earned, bought, points)
        count = {"spend_minor": spend - earned.spend_minor, "orders": bought.is_earning - earned.counts_as_order}
        count_for_tier(self._cursor, self._site_id, customer_id, earned.earned_on, **count)
        self._move(opened, rules, earned, points, cause)
        earned.points, earned.spend_minor, earned.counts_as_order = points, spend, bought.is_earning
        update_tier(self._cursor, self._current.rules, self._site_id, customer_id, opened, self._now)
        opened.save()

    def _move(self, opened: OpenBook, rules: Program, earned: EarnedOrder, points: int, cause: Cause) -> None:
        """Credit what an order is worth more than before, or take back what it is worth less."""
        difference = points - earned.points
        if difference > 0:
            # What was forgiven was never taken away, so it is not given again.
            forgiven = min(difference, earned.forgiven)
            earned.forgiven -= forgiven
            if difference > forgiven:
                start = earned.available_at
                key = (self._site_id, earned.customer_id)
                earn(self._cursor, rules, *key, opened, difference - forgiven, cause, start)
        elif difference < 0:
            opened.load_source(cause.source)
            left = opened.book.take_back(-difference, "claw", cause, debt_limit=self._current.rules.debt_limit)
            earned.forgiven += left
            day = day_in(earned.available_at, rules.zone)
            count_for_tier(self._cursor, self._site_id, earned.customer_id, day, points=difference + left)

    def _rules_of(self, earned: EarnedOrder) -> Program:
        return read_version(self._cursor, self._site_id, earned.rule_version)

    @staticmethod
    def _explain(order: Order, earned: EarnedOrder, bought: Bought, points: int) -> Cause:
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
                "multiplier_thousandths": earned.multiplier_thousandths,
                "currency": order.currency,
            },
        )


def _describe(order: Order, rules: Program) -> Bought:
    """Return an order as the rules look at it."""
    lines = db.session.scalars(
        select(OrderLine).where(OrderLine.site_id == order.site_id, OrderLine.order_id == order.id)
    ).all()
    refunds = db.session.scalars(
        select(Refund).where(
            Refund.site_id == order.site_id,
            Refund.order_external_id == order.external_id,
            or_(Refund.is_listed, Refund.is_standalone),
        )
    ).all()
    return Bought(
        is_earning=_is_earning(order, rules),
        total_minor=order.total_minor,
        tax_minor=order.tax_minor,
        shipping_minor=order.shipping_minor,
        lines=[_describe_line(line) for line in lines],
        refunds=[
            GivenBack(
                refund.amount_minor,
                refund.shipping_minor,
                [(str(line["line"]), int(line["amount_minor"])) for line in refund.lines],
            )
            for refund in refunds
        ],
    )


def _describe_line(line: OrderLine) -> BoughtLine:
    products = frozenset(name for name in (line.product_id, line.variant_id, line.sku) if name)
    return BoughtLine(line.external_id, line.total_minor, line.tax_minor, products, line.is_gift_card)


def _is_earning(order: Order, rules: Program) -> bool:
    earns_on = rules.spending.earns_on if rules.spending else "paid"
    return order.is_counted and order.state in _REACHED[earns_on]


def _moment_of(order: Order, rules: Program) -> datetime:
    """Return when an order reached what the rules wait for."""
    earns_on = rules.spending.earns_on if rules.spending else "paid"
    moment: datetime = getattr(order, f"{earns_on}_at") or order.paid_at or order.placed_at
    return moment.astimezone(UTC)


def _read_earned(site_id: uuid.UUID, order_ids: Collection[uuid.UUID]) -> Sequence[EarnedOrder]:
    is_of_orders = (EarnedOrder.site_id == site_id, EarnedOrder.order_id.in_(list(order_ids)))
    return db.session.scalars(select(EarnedOrder).where(*is_of_orders).with_for_update()).all()


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
