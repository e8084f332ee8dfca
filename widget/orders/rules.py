"""What an order is worth, and what a customer's orders add to the figures of days and cohorts. Pure."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID

ACTIVE_DAYS = 365


@dataclass(frozen=True)
class OrderFacts:
    """What the figures know of one counted order; `reporting_minor` is None where no rate is known."""

    id: UUID
    customer_id: UUID | None
    placed_at: datetime
    reporting_minor: int | None
    is_guest: bool
    has_coupon: bool

    @property
    def day(self) -> date:
        """Return the UTC day it counts for."""
        return self.placed_at.date()


def net_of(total_minor: int, refunded_minor: int, state: str) -> int:
    """Return what the store keeps of an order: nothing once it is cancelled, never less than nothing.

    >>> net_of(59894, 41966, "paid"), net_of(59894, 0, "cancelled"), net_of(1000, 4194, "paid")
    (17928, 0, 0)
    """
    return 0 if state == "cancelled" else max(0, total_minor - refunded_minor)


def month_of(day: date) -> date:
    """Return the first day of a day's month.

    >>> month_of(date(2026, 5, 31)).isoformat()
    '2026-05-01'
    """
    return day.replace(day=1)


def list_active_spans(days: Sequence[date]) -> Iterator[tuple[date, date]]:
    """Yield when a customer became active and when they lapsed, from the days of their orders in order.

    Each order keeps a customer active for 365 days, its own day the first of them.

    >>> [(a.isoformat(), b.isoformat()) for a, b in list_active_spans([date(2025, 1, 1), date(2025, 12, 31)])]
    [('2025-01-01', '2026-12-31')]
    >>> len(list(list_active_spans([date(2025, 1, 1), date(2026, 1, 2)])))
    2
    """
    if not days:
        return
    begins = days[0]
    for before, after in pairwise(days):
        if after > before + timedelta(days=ACTIVE_DAYS):
            yield begins, before + timedelta(days=ACTIVE_DAYS)
            begins = after
    yield begins, days[-1] + timedelta(days=ACTIVE_DAYS)


def count_days(orders: Iterable[OrderFacts]) -> Counter[tuple[date, str]]:
    """Return what orders add to the columns of their days, by day and column.

    >>> noon = datetime(2026, 5, 4, 12)
    >>> order = OrderFacts(UUID(int=1), None, noon, 2000, is_guest=True, has_coupon=False)
    >>> {column: count for (_, column), count in count_days([order, order]).items() if count}
    {'orders': 2, 'guest_orders': 2, 'revenue_minor': 4000}
    """
    counts: Counter[tuple[date, str]] = Counter()
    for order in orders:
        day = order.day
        counts[day, "orders"] += 1
        counts[day, "guest_orders"] += order.is_guest
        counts[day, "customer_orders"] += order.customer_id is not None
        counts[day, "unpriced_orders"] += order.reporting_minor is None
        counts[day, "revenue_minor"] += order.reporting_minor or 0
        if order.customer_id is not None:
            counts[day, "customer_revenue_minor"] += order.reporting_minor or 0
    return counts


def count_customer_days(orders: Sequence[OrderFacts]) -> Counter[tuple[date, str]]:
    """Return what one customer's orders, oldest first, add to the columns of days beside the orders themselves.

    >>> order = OrderFacts(UUID(int=1), UUID(int=2), datetime(2026, 5, 4, 12), 2000, is_guest=False, has_coupon=False)
    >>> [(day.isoformat(), column) for day, column in count_customer_days([order])]
    [('2026-05-04', 'first_orders'), ('2026-05-04', 'became_active'), ('2027-05-04', 'lapsed')]
    """
    counts: Counter[tuple[date, str]] = Counter()
    for order, column in zip(orders, ("first_orders", "second_orders"), strict=False):
        counts[order.day, column] += 1
    for begins, ends in list_active_spans([order.day for order in orders]):
        counts[begins, "became_active"] += 1
        counts[ends, "lapsed"] += 1
    return counts


def list_cohort_months(orders: Sequence[OrderFacts]) -> set[tuple[date, date]]:
    """Return the cohort of a customer's first order, with every month they bought in.

    >>> order = OrderFacts(UUID(int=1), UUID(int=2), datetime(2026, 5, 4, 12), 2000, is_guest=False, has_coupon=False)
    >>> list_cohort_months([order, order])
    {(datetime.date(2026, 5, 1), datetime.date(2026, 5, 1))}
    """
    return {(month_of(orders[0].day), month_of(order.day)) for order in orders} if orders else set()


def total_orders(orders: Sequence[OrderFacts]) -> dict[str, Any]:
    """Return the totals of one customer's orders, of which there is at least one, oldest first.

    >>> order = OrderFacts(UUID(int=1), UUID(int=2), datetime(2026, 5, 4, 12), 2000, is_guest=False, has_coupon=True)
    >>> totals = total_orders([order, order])
    >>> totals["orders"], totals["buying_days"], totals["coupon_orders"], totals["revenue_minor"]
    (2, 1, 2, 4000)
    """
    return {
        "orders": len(orders),
        "buying_days": len({order.day for order in orders}),
        "coupon_orders": sum(order.has_coupon for order in orders),
        "revenue_minor": sum(order.reporting_minor or 0 for order in orders),
        "first_order_at": orders[0].placed_at,
        "last_order_at": orders[-1].placed_at,
        "second_on": orders[1].day if len(orders) > 1 else None,
    }
