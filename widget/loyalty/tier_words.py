"""Tiers and campaigns as sentences, in the owner's language."""

from collections.abc import Iterable
from datetime import UTC, datetime

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from widget.core.formats import current_locale, format_day, format_decimal, format_money, format_number
from widget.loyalty.point_words import Facts, Rules, say_points, say_times
from widget.loyalty.rules import THOUSAND

MEASURE_NAMES = {"points": _l("Points earned"), "spend": _l("Money spent"), "orders": _l("Number of orders")}
WINDOW_NAMES = {"rolling": _l("The last months"), "calendar": _l("The calendar year")}


def name_tier(step: Rules) -> str:
    """Return a tier's name in the language of the page, else in the first it has."""
    names = step["names"]
    return str(names.get(current_locale().language) or next(iter(names.values()), step["key"]))


def describe_tiers(rules: Rules) -> Facts:
    """Return what counts for tiers, and what each asks for and gives."""
    tiers = rules["tiers"]
    if not tiers["steps"]:
        return []
    window, grace = tiers["window"], tiers["window"]["grace_days"]
    count = window["months"]
    rolling = ngettext("of the last %(shown)s month", "of the last %(shown)s months", count, shown=format_number(count))
    period = rolling if window["kind"] == "rolling" else _("of the calendar year")
    measure = _("%(what)s %(period)s", what=MEASURE_NAMES[tiers["measure"]], period=period)
    kept = ngettext("%(shown)s more day", "%(shown)s more days", grace, shown=format_number(grace))
    facts = [(str(_("What counts")), str(measure)), (str(_("A tier is kept for")), str(kept))]
    facts += [(name_tier(step), describe_step(step, rules)) for step in tiers["steps"]]
    return facts


def describe_step(step: Rules, rules: Rules) -> str:
    """Return what a tier asks for and gives."""
    currency, measure = rules["currency"], rules["tiers"]["measure"]
    asks = _say_threshold(step["threshold"], measure, currency)
    gives = []
    if step["multiplier_thousandths"] != THOUSAND:
        gives.append(_("%(times)s points", times=say_times(step["multiplier_thousandths"])))
    if step["percent_off_basis_points"]:
        percent = format_decimal(step["percent_off_basis_points"] / 100, 0)
        gives.append(_("%(percent)s %% off", percent=percent))
    if step["free_shipping_from_minor"] is not None:
        amount = format_money(step["free_shipping_from_minor"], currency)
        gives.append(_("free shipping from %(amount)s on", amount=amount))
    if step["has_early_access"]:
        gives.append(_("early access"))
    if step["gift_points"]:
        gives.append(_("%(points)s on entry", points=say_points(step["gift_points"])))
    if step["gift_pool"]:
        gives.append(_("a coupon on entry"))
    if not gives:
        return str(_("from %(amount)s on", amount=asks))
    return str(_("from %(amount)s on: %(gives)s", amount=asks, gives=", ".join(map(str, gives))))


def _say_threshold(threshold: int, measure: str, currency: str) -> str:
    if measure == "points":
        return say_points(threshold)
    if measure == "spend":
        return format_money(threshold, currency)
    said: str = ngettext("%(shown)s order", "%(shown)s orders", threshold, shown=format_number(threshold))
    return said


def describe_campaigns(campaigns: Iterable[Rules]) -> Facts:
    """Return what each campaign multiplies with, and when."""
    facts = []
    for campaign in campaigns:
        begins, ends = (_day_of(campaign[name]) for name in ("starts_at", "ends_at"))
        times = say_times(campaign["multiplier_thousandths"])
        said = _("%(times)s points from %(begins)s until %(ends)s", times=times, begins=begins, ends=ends)
        facts.append((campaign["name"], str(said)))
    return facts


def _day_of(moment: str) -> str:
    return format_day(datetime.fromisoformat(moment).astimezone(UTC).date())
