"""The week's figures as an owner reads them: on cards, and in sentences that claim no more than the numbers do."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import hypot

from flask_babel import gettext as _
from flask_babel import ngettext

from widget.core.formats import format_day, format_decimal, format_money, format_number, format_ratio
from widget.insights.queries import WeekFigure
from widget.insights.rules import Comparison, Metric
from widget.loyalty.liability import Flows
from widget.reports.rules import judge


@dataclass(frozen=True)
class HomeFigure:
    """One card: the figure, how it compares, and the height of each day's bar (0..1) with what it says."""

    label: str
    value: str
    change: str
    bars: list[tuple[float, str]]


def describe_figures(week: Mapping[str, WeekFigure], currency: str | None) -> list[HomeFigure]:
    """Return the cards of the week; without a reporting currency there is no money to show."""
    labels = {
        "orders": _("Orders"),
        "revenue": _("Revenue"),
        "new_customers": _("New customers"),
        "answers": _("Answers"),
    }
    shown = {name: week[name] for name in labels if currency or name != "revenue"}
    return [
        HomeFigure(
            labels[name],
            write(figure.comparison.now, currency),
            _write_change(figure.comparison),
            _bars(figure, currency),
        )
        for name, figure in shown.items()
    ]


def write(metric: Metric, currency: str | None) -> str:
    """Return a figure with its unit; no figure is n/a."""
    if metric.unit == "money":
        return format_money(None if metric.figure is None else int(metric.figure), currency)
    if metric.unit == "points":
        return format_decimal(metric.figure, 0)
    return format_number(None if metric.figure is None else int(metric.figure))


def list_sentences(week: Mapping[str, WeekFigure], currency: str | None) -> Iterator[str]:
    """Yield what changed this week, sentence by sentence."""
    orders, revenue, newcomers = (week[name].comparison for name in ("orders", "revenue", "new_customers"))
    if orders.now.numerator:
        yield _tell_orders(orders)
    elif orders.before.numerator:
        before = format_number(orders.before.numerator)
        yield _("No orders came in, after %(before)s in the week before.", before=before)
    if currency and revenue.now.numerator:
        yield _tell_revenue(revenue, currency)
    if newcomers.now.numerator:
        count = newcomers.now.numerator
        yield ngettext(
            "%(shown)s customer bought for the first time.",
            "%(shown)s customers bought for the first time.",
            count,
            shown=format_number(count),
        )
    if week["nps"].comparison.now.n:
        yield _tell_nps(week["nps"].comparison)


def list_point_sentences(lately: Flows) -> Iterator[str]:
    """Yield what happened to customers' points this week, nothing where nothing did."""
    if lately.earned:
        yield ngettext(
            "Customers earned %(shown)s point.",
            "Customers earned %(shown)s points.",
            lately.earned,
            shown=format_number(lately.earned),
        )
    if lately.redeemed > 0:
        yield ngettext(
            "%(shown)s point was redeemed for a reward.",
            "%(shown)s points were redeemed for rewards.",
            lately.redeemed,
            shown=format_number(lately.redeemed),
        )


def _tell_orders(orders: Comparison) -> str:
    count = orders.now.numerator or 0
    came = ngettext("%(shown)s order came in", "%(shown)s orders came in", count, shown=format_number(count))
    if orders.before.numerator is None:
        return f"{came}."
    change = int(orders.change or 0)
    more = {"came": came, "count": format_number(abs(change))}
    if change > 0:
        return str(_("%(came)s, %(count)s more than in the week before.", **more))
    if change < 0:
        return str(_("%(came)s, %(count)s fewer than in the week before.", **more))
    return str(_("%(came)s, as many as in the week before.", came=came))


def _tell_revenue(revenue: Comparison, currency: str) -> str:
    said = {"amount": write(revenue.now, currency), "share": format_ratio(abs(revenue.growth or 0))}
    if revenue.growth is None or not revenue.change:
        return str(_("They brought %(amount)s, less what was given back.", amount=said["amount"]))
    if revenue.change > 0:
        return str(_("They brought %(amount)s, less what was given back: %(share)s more.", **said))
    return str(_("They brought %(amount)s, less what was given back: %(share)s less.", **said))


def _tell_nps(nps: Comparison) -> str:
    said = {"score": format_decimal(nps.now.figure, 0), "answers": format_number(nps.now.n)}
    if nps.before.figure is None:
        return str(_("The NPS of the week is %(score)s, from %(answers)s answers.", **said))
    said["before"] = format_decimal(nps.before.figure, 0)
    verdict = judge(nps.before.n, nps.now.n, _difference_of(nps))
    sentences = {
        "too_few": _(
            "The NPS of the week is %(score)s, after %(before)s: %(answers)s answers are too few to call it a change.",
            **said,
        ),
        "no_evidence": _(
            "The NPS of the week is %(score)s, after %(before)s: no evidence of a change, from %(answers)s answers.",
            **said,
        ),
        "higher": _("The NPS of the week rose from %(before)s to %(score)s, from %(answers)s answers.", **said),
        "lower": _("The NPS of the week fell from %(before)s to %(score)s, from %(answers)s answers.", **said),
    }
    return str(sentences[verdict])


def _difference_of(nps: Comparison) -> tuple[float, float] | None:
    """Return the 95 % interval of the change: variances of independent scores add up."""
    ends = (nps.now.low, nps.now.high, nps.before.low, nps.before.high)
    if nps.change is None or None in ends:
        return None
    low, high, low_before, high_before = (float(end or 0) for end in ends)
    half_width = hypot((high - low) / 2, (high_before - low_before) / 2)
    return nps.change - half_width, nps.change + half_width


def _write_change(comparison: Comparison) -> str:
    if comparison.growth is not None and comparison.growth > 0:
        return str(_("%(share)s more than the week before", share=format_ratio(comparison.growth)))
    if comparison.growth is not None and comparison.growth < 0:
        return str(_("%(share)s less than the week before", share=format_ratio(-comparison.growth)))
    if comparison.now.figure is None:
        return str(_("Nothing to count yet"))
    if comparison.change == 0:
        return str(_("As in the week before"))
    return str(_("None in the week before"))


def _bars(figure: WeekFigure, currency: str | None) -> list[tuple[float, str]]:
    values = [max(0.0, float(day.metric.figure or 0)) for day in figure.days]
    highest = max(values, default=0.0) or 1.0
    return [
        (value / highest, f"{format_day(day.part.from_on)}: {write(day.metric, currency)}")
        for value, day in zip(values, figure.days, strict=True)
    ]
