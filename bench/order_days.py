"""Measure what an owner's figures cost over few and over many orders: read from what is kept, they cost the same.

Run: python -m bench.order_days [MANY]
"""

import statistics
import sys
import time
import uuid
from collections.abc import Callable
from datetime import date
from typing import Any

from sqlalchemy import func, select

from bench.databases import open_product
from bench.orders_database import fill_orders
from bench.product import DATABASES
from widget.core.db import db
from widget.customers.models import Customer
from widget.orders.rollup_models import CustomerOrderTotals, OrderCohort, OrderDay

FEW = 10_000
ROUNDS = 41
MAX_MS = 50
MAX_RATIO = 1.5
YEAR = (date(2025, 7, 1), date(2026, 6, 30))


def main() -> int:
    """Measure on both databases; the exit code tells whether each figure is quick and the cost is the same."""
    many = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    reached = [_measure_database(database, many) for database in DATABASES]
    return 0 if all(reached) else 1


def _measure_database(database: str, many: int) -> bool:
    with open_product(database) as (_, product):
        few_id, many_id = product.cast.bobs.id, product.cast.maple.id
        started = time.perf_counter()
        fill_orders(few_id, FEW)
        fill_orders(many_id, many)
        filling = time.perf_counter() - started
        times = {name: _compare(read, few_id, many_id) for name, read in FIGURES.items()}
    few_ms, many_ms = (sum(pair[i] for pair in times.values()) for i in (0, 1))
    ratio = many_ms / few_ms
    is_reached = ratio <= MAX_RATIO and all(pair[1] < MAX_MS for pair in times.values())
    print(f"An owner's figures of a year, {database}: ms over {FEW:,} and over {many:,} orders (each below {MAX_MS})")
    for name, (few, lots) in times.items():
        print(f"  {name:22} {few:6.2f} {lots:8.2f}")
    print(
        f"  {'all':22} {few_ms:6.2f} {many_ms:8.2f}   ratio {ratio:.2f} (at most {MAX_RATIO})\n"
        f"  {'reached' if is_reached else 'NOT REACHED'}; median of {ROUNDS} interleaved rounds; "
        f"the tables took {filling:.0f} s to fill",
        flush=True,
    )
    return is_reached


def _compare(read: Callable[[uuid.UUID], Any], few_id: uuid.UUID, many_id: uuid.UUID) -> tuple[float, float]:
    """Return the median milliseconds over few and over many orders, read in turns."""
    pairs = [(_time(read, few_id), _time(read, many_id)) for _ in range(ROUNDS)]
    return statistics.median(few for few, _ in pairs), statistics.median(lots for _, lots in pairs)


def _time(read: Callable[[uuid.UUID], Any], site_id: uuid.UUID) -> float:
    started = time.perf_counter()
    if not read(site_id):
        raise RuntimeError("a figure is empty")
    elapsed = time.perf_counter() - started
    db.session.rollback()
    return 1000 * elapsed


def _sum_year(site_id: uuid.UUID) -> Any:
    columns = (OrderDay.orders, OrderDay.guest_orders, OrderDay.revenue_minor, OrderDay.first_orders)
    is_year = (OrderDay.site_id == site_id, OrderDay.day.between(*YEAR))
    return db.session.execute(select(*map(func.sum, columns)).where(*is_year)).one()


def _list_days(site_id: uuid.UUID) -> Any:
    is_year = (OrderDay.site_id == site_id, OrderDay.day.between(*YEAR))
    columns = (OrderDay.day, OrderDay.orders, OrderDay.revenue_minor)
    return db.session.execute(select(*columns).where(*is_year).order_by(OrderDay.day)).all()


def _count_active(site_id: uuid.UUID) -> Any:
    difference = func.sum(OrderDay.became_active) - func.sum(OrderDay.lapsed)
    return db.session.scalar(select(difference).where(OrderDay.site_id == site_id, OrderDay.day <= YEAR[1]))


def _list_cohorts(site_id: uuid.UUID) -> Any:
    columns = (OrderCohort.first_month, OrderCohort.month, OrderCohort.customers)
    return db.session.execute(select(*columns).where(OrderCohort.site_id == site_id)).all()


def _list_top_customers(site_id: uuid.UUID) -> Any:
    totals = CustomerOrderTotals
    is_customer = (Customer.site_id == totals.site_id) & (Customer.id == totals.customer_id)
    return db.session.execute(
        select(Customer.name, Customer.email, totals.orders, totals.revenue_minor)
        .join(Customer, is_customer)
        .where(totals.site_id == site_id)
        .order_by(totals.revenue_minor.desc())
        .limit(10)
    ).all()


FIGURES: dict[str, Callable[[uuid.UUID], Any]] = {
    "sums of the year": _sum_year,
    "every day of the year": _list_days,
    "active customers": _count_active,
    "cohorts": _list_cohorts,
    "ten best customers": _list_top_customers,
}


if __name__ == "__main__":
    sys.exit(main())
