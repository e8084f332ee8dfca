"""Keeping the figures of days, cohorts and customers equal to the orders, in the transaction that changes them.

Whoever changes orders reads the facts of everybody concerned first, changes them, and posts the difference.
Only one transaction of a site does so at a time.
"""

import uuid
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import bindparam, delete, select, update

from widget.core.db import Model, db, insert_unless_known, wait_for_turn
from widget.orders.models import Order
from widget.orders.rollup_models import CartDay, CustomerOrderTotals, OrderCohort, OrderDay
from widget.orders.rules import OrderFacts, count_customer_days, count_days, list_cohort_months, total_orders

Facts = dict[uuid.UUID, OrderFacts]
DAY_COLUMNS = (
    "orders",
    "guest_orders",
    "customer_orders",
    "unpriced_orders",
    "revenue_minor",
    "customer_revenue_minor",
    "first_orders",
    "second_orders",
    "became_active",
    "lapsed",
)
_FACT_COLUMNS = (
    Order.id,
    Order.customer_id,
    Order.placed_at,
    Order.reporting_minor,
    Order.is_guest,
    Order.has_coupon,
)


def take_turn(site_id: uuid.UUID) -> None:
    """Wait until no other transaction changes orders of this site."""
    wait_for_turn(f"orders of {site_id}")


def read_facts(site_id: uuid.UUID, customer_ids: Collection[uuid.UUID], order_ids: Collection[uuid.UUID] = ()) -> Facts:
    """Return the counted orders of these customers, and those of these orders that are nobody's."""
    is_counted = (Order.site_id == site_id, Order.is_counted)
    facts: Facts = {}
    for condition in (
        Order.customer_id.in_(customer_ids) if customer_ids else None,
        Order.id.in_(order_ids) & Order.customer_id.is_(None) if order_ids else None,
    ):
        if condition is not None:
            rows = db.session.execute(select(*_FACT_COLUMNS).where(*is_counted, condition))
            facts |= {row.id: OrderFacts(*row) for row in rows}
    return facts


def post_difference(site_id: uuid.UUID, before: Facts, after: Facts) -> None:
    """Bring days, cohorts and customers' totals from what orders were to what they are."""
    old, new = _by_customer(before), _by_customer(after)
    # Most of what a busy customer bought before stays as it was, and would be counted for nothing.
    days = count_days(order for key, order in after.items() if before.get(key) != order)
    days.subtract(count_days(order for key, order in before.items() if after.get(key) != order))
    cohorts: Counter[tuple[date, date]] = Counter()
    for customers, sign in ((new, 1), (old, -1)):
        for orders in customers.values():
            for key, count in count_customer_days(orders).items():
                days[key] += sign * count
            for months in list_cohort_months(orders):
                cohorts[months] += sign
    _add_days(site_id, days)
    add_to_rows(OrderCohort, site_id, ("first_month", "month"), ("customers",), _rows_of_cohorts(cohorts))
    _save_totals(site_id, new, gone=old.keys() - new.keys())


def _by_customer(facts: Facts) -> dict[uuid.UUID, list[OrderFacts]]:
    customers: dict[uuid.UUID, list[OrderFacts]] = {}
    for order in sorted(facts.values(), key=lambda order: (order.placed_at, order.id)):
        if order.customer_id is not None:
            customers.setdefault(order.customer_id, []).append(order)
    return customers


def _add_days(site_id: uuid.UUID, counts: Mapping[tuple[date, str], int]) -> None:
    rows: dict[tuple[date, ...], dict[str, int]] = {}
    for (day, column), count in counts.items():
        if count:
            rows.setdefault((day,), dict.fromkeys(DAY_COLUMNS, 0))[column] = count
    add_to_rows(OrderDay, site_id, ("day",), DAY_COLUMNS, rows)


def _rows_of_cohorts(cohorts: Mapping[tuple[date, date], int]) -> dict[tuple[date, ...], dict[str, int]]:
    return {months: {"customers": count} for months, count in cohorts.items() if count}


def add_to_rows(
    model: type[Model],
    site_id: uuid.UUID,
    key: Sequence[str],
    columns: Sequence[str],
    rows: Mapping[tuple[date, ...], Mapping[str, int]],
) -> None:
    """Add counts to rows by their key, which are made where they are missing.

    A single upsert would not do: databases check what is to be inserted, and a difference may be negative.
    """
    if not rows:
        return
    table: Any = model.__table__
    keys = [dict(zip(key, place, strict=True)) for place in sorted(rows)]
    empty = {"site_id": site_id, **dict.fromkeys(columns, 0)}
    db.session.connection().execute(
        insert_unless_known(model).on_conflict_do_nothing(), [empty | place for place in keys]
    )
    db.session.connection().execute(
        update(table)
        .where(table.c.site_id == site_id, *(table.c[name] == bindparam(f"of_{name}") for name in key))
        .values({name: table.c[name] + bindparam(f"more_{name}") for name in columns}),
        [
            {f"of_{name}": value for name, value in zip(key, place, strict=True)}
            | {f"more_{name}": counts.get(name, 0) for name in columns}
            for place, counts in sorted(rows.items())
        ],
    )


def _save_totals(
    site_id: uuid.UUID, customers: Mapping[uuid.UUID, Sequence[OrderFacts]], gone: Iterable[uuid.UUID]
) -> None:
    gone = list(gone)
    if gone:
        db.session.execute(
            delete(CustomerOrderTotals).where(
                CustomerOrderTotals.site_id == site_id, CustomerOrderTotals.customer_id.in_(gone)
            )
        )
    if customers:
        statement = insert_unless_known(CustomerOrderTotals)
        key = ("site_id", "customer_id")
        names = [column.key for column in CustomerOrderTotals.__table__.columns if column.key not in key]
        db.session.connection().execute(
            statement.on_conflict_do_update(
                index_elements=key, set_={name: statement.excluded[name] for name in names}
            ),
            [
                {"site_id": site_id, "customer_id": customer_id, **total_orders(orders)}
                for customer_id, orders in sorted(customers.items())
            ],
        )


def add_carts(site_id: uuid.UUID, counts: Counter[tuple[date, str]]) -> None:
    """Add carts to their days, by day and column."""
    columns = ("carts", "bought", "recovered")
    rows: dict[tuple[date, ...], dict[str, int]] = {}
    for (day, column), count in counts.items():
        if count:
            rows.setdefault((day,), dict.fromkeys(columns, 0))[column] = count
    add_to_rows(CartDay, site_id, ("day",), columns, rows)
