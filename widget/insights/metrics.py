"""The metrics, each in one place: page, interface and export read them here.

Orders that are cancelled or tests count nowhere. Revenue is net of refunds, in the reporting currency; orders for
which no rate is known are counted as orders, and left out where money is.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from widget.insights.counts import Counts
from widget.insights.periods import YEAR_DAYS, Period, year_until
from widget.insights.rules import Metric, make_nps, make_retention, make_share, make_total


def _count_orders(counts: Counts, period: Period) -> Metric:
    orders = counts.orders.total("orders", period.from_on, period.until_on)
    return make_total("orders", "count", orders, is_known=_has_orders(counts, period), n=orders)


def _sum_revenue(counts: Counts, period: Period) -> Metric:
    days = counts.orders
    orders, unpriced, revenue = (
        days.total(name, period.from_on, period.until_on) for name in ("orders", "unpriced_orders", "revenue_minor")
    )
    priced = orders - unpriced
    is_known = _has_orders(counts, period) and (priced > 0 or not orders)
    return make_total("revenue", "money", revenue, is_known=is_known, n=priced, left_out=unpriced)


def _count_customers(counts: Counts, period: Period) -> Metric:
    customers = counts.count_customers(period)
    return make_total("customers", "count", customers, is_known=_has_orders(counts, period), n=customers)


def _count_new_customers(counts: Counts, period: Period) -> Metric:
    customers = counts.orders.total("first_orders", period.from_on, period.until_on)
    return make_total("new_customers", "count", customers, is_known=_has_orders(counts, period), n=customers)


def _average_order(counts: Counts, period: Period) -> Metric:
    year = year_until(period.as_of)
    orders, unpriced, revenue = (
        counts.orders.total(name, year.from_on, year.until_on)
        for name in ("orders", "unpriced_orders", "revenue_minor")
    )
    return make_share("average_order_value", revenue, orders - unpriced, "money", left_out=unpriced)


def _frequency(counts: Counts, period: Period) -> Metric:
    year = year_until(period.as_of)
    orders = counts.orders.total("customer_orders", year.from_on, year.until_on)
    return make_share("purchase_frequency", orders, counts.count_active(period.as_of), "rate")


def _repeat_rate(counts: Counts, period: Period) -> Metric:
    again, all_customers = (
        counts.orders.total(name, None, period.as_of) for name in ("second_orders", "first_orders")
    )  # fmt: skip
    return make_share("repeat_purchase_rate", again, all_customers)


def _retention(counts: Counts, period: Period) -> Metric:
    # Over more than a year somebody may become active and lapse again, which the formula does not know.
    before = counts.count_active(period.from_on - timedelta(days=1)) if period.days <= YEAR_DAYS else 0
    became_active = counts.orders.total("became_active", period.from_on, period.until_on)
    return make_retention(before, counts.count_active(period.until_on), became_active)


def _value_to_date(counts: Counts, period: Period) -> Metric:
    orders, unpriced, revenue, customers = (
        counts.orders.total(name, None, period.as_of)
        for name in ("orders", "unpriced_orders", "customer_revenue_minor", "first_orders")
    )
    metric = make_share("lifetime_value", revenue, customers, "money", left_out=unpriced)
    return metric if orders > unpriced else replace(metric, numerator=None)


def _expected_value(counts: Counts, period: Period) -> Metric:
    model = counts.lifetime
    if model is None or model.calibrated_on > period.as_of:
        return Metric("expected_lifetime_value", "money", None, None, 0)
    return Metric(
        "expected_lifetime_value", "money", model.expected_minor, 1, model.customers,
        low=model.low_minor, high=model.high_minor,
    )  # fmt: skip


def _guest_rate(counts: Counts, period: Period) -> Metric:
    guests, orders = (
        counts.orders.total(name, period.from_on, period.until_on) for name in ("guest_orders", "orders")
    )  # fmt: skip
    return make_share("guest_checkout_rate", guests, orders)


def _abandonment(counts: Counts, period: Period) -> Metric:
    carts, bought = (counts.carts.total(name, period.from_on, period.until_on) for name in ("carts", "bought"))
    return make_share("cart_abandonment_rate", carts - bought, carts)


def _count_answers(counts: Counts, period: Period) -> Metric:
    answers = counts.count_answers(period)
    return make_total("answers", "count", answers, is_known=counts.has_live_surveys, n=answers)


def _nps(counts: Counts, period: Period) -> Metric:
    return make_nps(*counts.summarise("nps", period).buckets.values())


def _csat(counts: Counts, period: Period) -> Metric:
    summary = counts.summarise("csat", period)
    metric = make_share("csat", summary.buckets["satisfied"], summary.scored)
    low, high = (end / 100 for end in summary.interval) if summary.interval else (None, None)
    return replace(metric, low=low, high=high)


def _engagement(counts: Counts, period: Period) -> Metric:
    views, engaged = (counts.page_views.total(name, period.from_on, period.until_on) for name in ("views", "engaged"))
    return make_share("engagement_share", engaged, views)


def _has_orders(counts: Counts, period: Period) -> bool:
    """Tell whether the store had told of any order when a period ended: before it has, nothing is known."""
    return counts.orders.total("orders", None, period.until_on) > 0


METRICS: dict[str, Callable[[Counts, Period], Metric]] = {
    "revenue": _sum_revenue,
    "orders": _count_orders,
    "average_order_value": _average_order,
    "customers": _count_customers,
    "new_customers": _count_new_customers,
    "repeat_purchase_rate": _repeat_rate,
    "purchase_frequency": _frequency,
    "customer_retention_rate": _retention,
    "lifetime_value": _value_to_date,
    "expected_lifetime_value": _expected_value,
    "guest_checkout_rate": _guest_rate,
    "cart_abandonment_rate": _abandonment,
    "nps": _nps,
    "csat": _csat,
    "answers": _count_answers,
    "engagement_share": _engagement,
}
# Figures of the days of a period; the others look back from its last day.
OF_PERIOD = frozenset(METRICS) - {
    "average_order_value",
    "repeat_purchase_rate",
    "purchase_frequency",
    "lifetime_value",
    "expected_lifetime_value",
}
