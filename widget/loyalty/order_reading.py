"""Orders as the rules of a program look at them, read many at a time."""

import uuid
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import or_, select

from widget.core.db import db
from widget.loyalty.basis import Bought, BoughtLine, GivenBack
from widget.loyalty.program import Program
from widget.orders.models import Order, OrderLine, Refund
from widget.orders.rates import read_rates

_REACHED = {
    "paid": ("paid", "fulfilled", "delivered"),
    "fulfilled": ("fulfilled", "delivered"),
    "delivered": ("delivered",),
}
NOTHING_BOUGHT = Bought(is_earning=False, total_minor=0)


@dataclass(frozen=True)
class Contents:
    """Lines and refunds of many orders."""

    lines: Mapping[uuid.UUID, Sequence[BoughtLine]] = field(default_factory=dict)
    refunds: Mapping[str, Sequence[GivenBack]] = field(default_factory=dict)

    def describe(self, order: Order, rules: Program) -> Bought:
        """Return an order as the rules look at it."""
        return Bought(
            is_earning=is_earning(order, rules),
            total_minor=order.total_minor,
            tax_minor=order.tax_minor,
            shipping_minor=order.shipping_minor,
            lines=self.lines.get(order.id, ()),
            refunds=self.refunds.get(order.external_id, ()),
        )


def read_contents(site_id: uuid.UUID, orders: Collection[Order]) -> Contents:
    """Return what orders hold and what came back of them."""
    if not orders:
        return Contents()
    lines, refunds = defaultdict(list), defaultdict(list)
    names = (OrderLine.external_id, OrderLine.total_minor, OrderLine.tax_minor, OrderLine.is_gift_card)
    products = (OrderLine.product_id, OrderLine.variant_id, OrderLine.sku)
    is_of_orders = OrderLine.order_id.in_([order.id for order in orders])
    for row in db.session.execute(
        select(OrderLine.order_id, *names, *products).where(OrderLine.site_id == site_id, is_of_orders)
    ):
        order_id, external_id, total, tax, is_gift_card, *ids = row
        own = frozenset(name for name in ids if name)
        lines[order_id].append(BoughtLine(external_id, total, tax, own, is_gift_card))
    is_counted = or_(Refund.is_listed, Refund.is_standalone)
    is_back_of_orders = Refund.order_external_id.in_([order.external_id for order in orders])
    given = (Refund.order_external_id, Refund.amount_minor, Refund.shipping_minor, Refund.lines)
    for row in db.session.execute(select(*given).where(Refund.site_id == site_id, is_back_of_orders, is_counted)):
        refunds[row[0]].append(GivenBack(row[1], row[2], _read_lines(row[3])))
    return Contents(lines, refunds)


def find_rate(order: Order, rules: Program, tables: dict[uuid.UUID, Any]) -> int | None:
    """Return what the order's currency was worth in the program's when it was placed, None where nobody said.

    `tables` keeps a site's rates from one order to the next.
    """
    if order.site_id not in tables:
        tables[order.site_id] = read_rates(order.site_id, order.currency)
    rate: int | None = tables[order.site_id].find_rate(order.currency, rules.currency, order.placed_at.date())
    return rate


def is_earning(order: Order, rules: Program) -> bool:
    """Return whether an order has reached what the rules wait for, and counts."""
    return order.is_counted and order.state in _REACHED[_waits_for(rules)]


def moment_of(order: Order, rules: Program) -> datetime:
    """Return when an order reached what the rules wait for."""
    moment: datetime = getattr(order, f"{_waits_for(rules)}_at") or order.paid_at or order.placed_at
    return moment.astimezone(UTC)


def _waits_for(rules: Program) -> str:
    return rules.spending.earns_on if rules.spending else "paid"


def _read_lines(lines: Sequence[Mapping[str, Any]]) -> list[tuple[str, int]]:
    return [(str(line["line"]), int(line["amount_minor"])) for line in lines]
