"""Metrics in an owner's words: what each is called and means, on what it stands, and how it changed."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from widget.core.formats import format_decimal, format_money, format_number, format_ratio
from widget.insights.metrics import OF_PERIOD
from widget.insights.rules import Comparison, Metric

LABELS = {
    "revenue": _l("Revenue"),
    "orders": _l("Orders"),
    "average_order_value": _l("Average order"),
    "customers": _l("Customers"),
    "new_customers": _l("New customers"),
    "repeat_purchase_rate": _l("Bought again"),
    "purchase_frequency": _l("Orders a customer"),
    "customer_retention_rate": _l("Customers kept"),
    "lifetime_value": _l("Value of a customer so far"),
    "expected_lifetime_value": _l("Expected in twelve months"),
    "guest_checkout_rate": _l("Guest checkouts"),
    "cart_abandonment_rate": _l("Abandoned carts"),
    "nps": _l("NPS"),
    "csat": _l("CSAT"),
    "answers": _l("Answers"),
    "engagement_share": _l("Pages read for 45 seconds"),
}
MEANINGS = {
    "revenue": _l("What buyers paid, less refunds. Cancelled orders count nowhere."),
    "orders": _l("Neither cancelled nor tests."),
    "average_order_value": _l("Revenue by orders, of the 365 days that end here."),
    "customers": _l("Different customers who bought in these days."),
    "new_customers": _l("Their first order lies in these days."),
    "repeat_purchase_rate": _l("Of all customers so far, those with more than one order."),
    "purchase_frequency": _l("Orders by customers, of the 365 days that end here."),
    "customer_retention_rate": _l(
        "Of those who had bought within a year when the days began, who still have at their end."
    ),
    "lifetime_value": _l("What the customers so far have spent, on average, less refunds."),
    "expected_lifetime_value": _l("What a customer will spend in the coming year, on average."),
    "guest_checkout_rate": _l("Orders placed without an account."),
    "cart_abandonment_rate": _l("Carts made in these days that were not bought."),
    "nps": _l("Promoters less detractors, of all live surveys."),
    "csat": _l("Satisfied answers, of all live surveys."),
    "answers": _l("Answers to all live surveys."),
    "engagement_share": _l("Page views that were looked at for 45 seconds or longer."),
}
# Metrics of which more is better, and those of which less is; of the others neither can be said.
BETTER_HIGH = frozenset(LABELS) - {"guest_checkout_rate", "cart_abandonment_rate"}
BETTER_LOW = frozenset({"cart_abandonment_rate"})


def say_value(metric: Metric, currency: str | None) -> str:
    """Return a metric's value as people read it."""
    return say_amount(metric.figure, metric.unit, currency)


def say_amount(figure: float | None, unit: str, currency: str | None) -> str:
    """Return any amount in a metric's unit as people read it."""
    if unit == "money":
        return format_money(None if figure is None else round(figure), currency)
    if unit == "count":
        return format_number(None if figure is None else round(figure))
    if unit == "share":
        return format_ratio(figure)
    return format_decimal(figure, 1 if unit == "points" else 2)


def say_basis(metric: Metric) -> str:
    """Return what a value stands on."""
    if metric.value is None:
        return ""
    n = format_number(metric.n)
    if metric.name in ("revenue", "average_order_value"):
        return str(ngettext("from %(n)s order", "from %(n)s orders", metric.n, n=n))
    if metric.name in ("lifetime_value", "expected_lifetime_value"):
        return str(ngettext("of %(n)s customer", "of %(n)s customers", metric.n, n=n))
    if metric.name == "nps":
        return str(ngettext("from %(n)s score", "from %(n)s scores", metric.n, n=n))
    if metric.unit in ("share", "rate"):
        parts = {"part": format_number(metric.numerator), "whole": format_number(metric.denominator)}
        if metric.name == "purchase_frequency":
            return str(_("%(part)s orders, %(whole)s customers", **parts))
        return str(_("%(part)s of %(whole)s", **parts))
    return ""


def say_interval(metric: Metric, currency: str | None) -> str:
    """Return where an estimate likely lies."""
    if metric.low is None or metric.high is None:
        return ""
    low, high = (say_amount(end, metric.unit, currency) for end in (metric.low, metric.high))
    return str(_("likely between %(low)s and %(high)s", low=low, high=high))


def say_left_out(count: int) -> str:
    """Return how many orders miss in amounts of money, and why."""
    text = ngettext(
        "%(n)s order is counted, but its amount is not: there is no exchange rate for it.",
        "%(n)s orders are counted, but their amounts are not: there are no exchange rates for them.",
        count,
        n=format_number(count),
    )
    return str(text)


def say_change(comparison: Comparison, days: int, currency: str | None) -> str:
    """Return how a metric changed against as many days before, in plain words."""
    now, change = comparison.now, comparison.change
    if change is None:
        return str(_("Nothing to compare with."))
    then = _than(now.name, days)
    if _is_nothing(comparison):
        return str(_("The same as %(then)s.", then=then))
    size = say_amount(abs(change), now.unit, currency)
    if now.unit == "share":
        # A share's change is told in points: "3 % higher" could mean a share of the share.
        size = str(_("%(size)s points", size=format_decimal(100 * abs(change), 1)))
    elif now.unit == "points":
        size = str(_("%(size)s points", size=size))
    if change > 0:
        text = _("%(size)s more than %(then)s", size=size, then=then)
    else:
        text = _("%(size)s less than %(then)s", size=size, then=then)
    growth = comparison.growth if now.unit in ("count", "money") else None
    return f"{text} ({'+' if change > 0 else '−'}{format_ratio(abs(growth))})." if growth is not None else f"{text}."


def find_tone(comparison: Comparison) -> str:
    """Return whether a change is good or bad news, or neither."""
    if not comparison.change or _is_nothing(comparison):
        return "middling"
    if comparison.now.name in (BETTER_HIGH if comparison.change > 0 else BETTER_LOW):
        return "good"
    return "bad" if comparison.now.name in BETTER_HIGH | BETTER_LOW else "middling"


def _is_nothing(comparison: Comparison) -> bool:
    """Tell whether a change is too small to be shown."""
    smallest = {"count": 1, "money": 1, "share": 0.0005, "rate": 0.005, "points": 0.05}[comparison.now.unit]
    return comparison.change is not None and abs(comparison.change) < smallest


def _than(name: str, days: int) -> str:
    if name in OF_PERIOD:
        return str(ngettext("the day before", "the %(days)s days before", days, days=format_number(days)))
    return str(ngettext("%(days)s day earlier", "%(days)s days earlier", days, days=format_number(days)))
