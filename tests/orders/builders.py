"""Orders as a store tells of them, and the figures counted from the rows by other means."""

import uuid
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import select

from widget.core.db import begin_writing_anew, db
from widget.customers.rules import Buyer
from widget.orders.documents import CartDocument, LineDocument, OrderDocument, RefundDocument
from widget.orders.models import Order
from widget.orders.recording import Recorded, record_orders
from widget.orders.rollup_models import CustomerOrderTotals, OrderCohort, OrderDay

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)


def make_order(number: int | str = 1, /, **changes: Any) -> OrderDocument:
    """Return a document of an order of 20.00 EUR by carol, placed and told at noon unless it says otherwise."""
    usual = {
        "external_id": str(number),
        "updated_at": changes.get("placed_at", NOON),
        "placed_at": NOON,
        "state": "paid",
        "currency": "EUR",
        "total_minor": 2000,
        "buyer": Buyer("carol", "carol@shoppers.example", "Carol Winter"),
    }
    return OrderDocument(**usual | changes)


def make_line(number: int | str = 1, **changes: Any) -> LineDocument:
    usual = {"title": "Teapot", "quantity": 1, "unit_price_minor": 2000, "total_minor": 2000, "product_id": "POT-03"}
    return LineDocument(external_id=str(number), **usual | changes)


def make_refund(number: int | str = 1, amount_minor: int = 500, **changes: Any) -> RefundDocument:
    return RefundDocument(str(number), amount_minor, **{"refunded_at": NOON + timedelta(days=3)} | changes)


def make_cart(number: int | str = 1, **changes: Any) -> CartDocument:
    usual = {"updated_at": NOON, "created_at": NOON, "currency": "EUR", "value_minor": 2000}
    return CartDocument(external_id=str(number), **usual | changes)


def take(site_id: uuid.UUID, *documents: OrderDocument, source: str = "api") -> list[Recorded]:
    """Store documents as one request does."""
    begin_writing_anew()
    recorded = record_orders(site_id, documents, source)
    db.session.commit()
    return recorded


def count_figures(site_id: uuid.UUID) -> dict[str, Any]:
    """Return the figures of a site, counted from its orders by the plainest means there are."""
    orders = [row for row in db.session.scalars(select(Order).where(Order.site_id == site_id)) if row.is_counted]
    days: dict[date, Counter[str]] = {}
    for order in orders:
        day = days.setdefault(order.placed_at.date(), Counter())
        day["orders"] += 1
        day["guest_orders"] += order.is_guest
        day["customer_orders"] += order.customer_id is not None
        day["revenue_minor"] += order.reporting_minor or 0
        if order.customer_id is not None:
            day["customer_revenue_minor"] += order.reporting_minor or 0
    cohorts: Counter[tuple[date, date]] = Counter()
    totals = {}
    for customer_id in {order.customer_id for order in orders} - {None}:
        own = sorted((o for o in orders if o.customer_id == customer_id), key=lambda o: (o.placed_at, o.id))
        months = {o.placed_at.date().replace(day=1) for o in own}
        cohorts.update((own[0].placed_at.date().replace(day=1), month) for month in months)
        totals[customer_id] = (len(own), sum(o.reporting_minor or 0 for o in own), own[0].placed_at, own[-1].placed_at)
    return {
        "days": {day: {name: count for name, count in counts.items() if count} for day, counts in days.items()},
        "cohorts": dict(cohorts),
        "totals": totals,
    }


def read_figures(site_id: uuid.UUID) -> dict[str, Any]:
    """Return the same figures as they are kept."""
    names = ("orders", "guest_orders", "customer_orders", "revenue_minor", "customer_revenue_minor")
    days = db.session.scalars(select(OrderDay).where(OrderDay.site_id == site_id))
    counted = {row.day: {name: getattr(row, name) for name in names if getattr(row, name)} for row in days}
    cohorts = db.session.scalars(select(OrderCohort).where(OrderCohort.site_id == site_id))
    totals = db.session.scalars(select(CustomerOrderTotals).where(CustomerOrderTotals.site_id == site_id))
    return {
        "days": {day: counts for day, counts in counted.items() if counts},
        "cohorts": {(row.first_month, row.month): row.customers for row in cohorts if row.customers},
        "totals": {
            row.customer_id: (row.orders, row.revenue_minor, row.first_order_at, row.last_order_at) for row in totals
        },
    }


def count_active(site_id: uuid.UUID, day: date) -> int:
    """Return how many customers bought within the 365 days that end with a day."""
    end = datetime.combine(day + timedelta(days=1), datetime.min.time(), UTC)
    rows = db.session.scalars(
        select(Order.customer_id).where(
            Order.site_id == site_id,
            Order.is_counted,
            Order.customer_id.is_not(None),
            Order.placed_at < end,
            Order.placed_at >= end - timedelta(days=365),
        )
    )
    return len(set(rows))
