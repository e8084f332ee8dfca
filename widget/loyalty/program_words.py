"""The rules of a program as sentences, in the owner's language."""

from collections.abc import Iterable

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from widget.core.formats import format_money, format_number
from widget.core.shopper_languages import LANGUAGE_NAMES
from widget.loyalty.point_words import Facts, Rules, say_points
from widget.loyalty.tier_words import describe_campaigns, describe_tiers

ACTION_NAMES = {
    "signup": _l("Signing up"),
    "birthday": _l("Birthday"),
    "anniversary": _l("Anniversary of joining"),
    "review": _l("Approved review"),
    "survey": _l("Completed survey"),
    "profile": _l("Completed profile"),
}
# What other rooms give points for, by rules of their own (`gifts.py`).
GIFT_NAMES = {
    "referral": _l("Referral of a friend"),
    "referred": _l("Brought by a friend"),
    "referral_step": _l("Several friends brought"),
}
EARNS_ON_NAMES = {
    "paid": _l("once it is paid"),
    "fulfilled": _l("once it is sent"),
    "delivered": _l("once it has arrived"),
}
EXPIRY_NAMES = {
    "none": _l("Never"),
    "lot": _l("A while after they were earned"),
    "inactivity": _l("When a customer does nothing for a while"),
}
ENROLMENT_NAMES = {
    "automatic": _l("Everybody with an account at your store"),
    "join": _l("Only customers who join"),
}
PERIOD_NAMES = {
    "day": _l("a day"),
    "week": _l("a week"),
    "month": _l("a month"),
    "year": _l("a year"),
    "ever": _l("ever"),
}


def name_action(key: str) -> str:
    """Return what an action is called."""
    return str(
        ACTION_NAMES.get(key)
        or GIFT_NAMES.get(key)
        or key.partition(".")[2].replace("_", " ").replace("-", " ").capitalize()
    )


def describe_rules(rules: Rules) -> list[tuple[str, Facts]]:
    """Return rules as facts, section by section."""
    return [
        (str(_("Earning by orders")), _describe_spend(rules)),
        (str(_("Earning by what customers do")), _describe_actions(rules["actions"])),
        (str(_("Waiting and expiry")), _describe_expiry(rules)),
        (str(_("Tiers")), describe_tiers(rules)),
        (str(_("Campaigns")), describe_campaigns(rules["campaigns"])),
        (str(_("Basics")), _describe_basics(rules)),
    ]


def compare_rules(before: Rules, after: Rules) -> list[tuple[str, str, str | None, str | None]]:
    """Return what differs between two versions: the section, what it is called, what it was and what it is."""
    changes = []
    for (section, old), (_section, new) in zip(describe_rules(before), describe_rules(after), strict=True):
        was, is_now = dict(old), dict(new)
        for label in dict.fromkeys((*was, *is_now)):
            if was.get(label) != is_now.get(label):
                changes.append((section, label, was.get(label), is_now.get(label)))
    return changes


def _describe_spend(rules: Rules) -> Facts:
    spend = rules["spend"]
    if spend is None:
        return [(str(_("Points for orders")), str(_("none")))]
    amount = format_money(spend["per_minor"], rules["currency"])
    rate = _("%(points)s for each %(amount)s", points=say_points(spend["points"]), amount=amount)
    parts = [_("after discounts"), _("with tax") if spend["with_tax"] else _("without tax")]
    parts.append(_("with shipping") if spend["with_shipping"] else _("without shipping"))
    facts = [
        (str(_("Points for orders")), str(rate)),
        (str(_("What of an order counts")), ", ".join(map(str, parts))),
        (str(_("An order earns")), str(EARNS_ON_NAMES[spend["earns_on"]])),
    ]
    if spend["excluded_products"]:
        facts.append((str(_("Products that earn nothing")), ", ".join(spend["excluded_products"])))
    return facts


def _describe_actions(actions: Iterable[Rules]) -> Facts:
    return [(name_action(action["key"]), _describe_action(action)) for action in actions]


def _describe_action(action: Rules) -> str:
    said = say_points(action["points"])
    if action["extra_points"]:
        said = str(_("%(points)s, with a photo %(more)s", points=said, more=format_number(_with_extra(action))))
    limit = action["limit"]
    if (limit, action["per"]) == (1, "ever"):
        return str(_("%(points)s, once", points=said))
    if limit is not None:
        times = ngettext("%(shown)s time", "%(shown)s times", limit, shown=format_number(limit))
        per = PERIOD_NAMES[action["per"]]
        said = str(_("%(points)s, at most %(times)s %(period)s", points=said, times=times, period=per))
    return said


def _with_extra(action: Rules) -> int:
    return int(action["points"] + action["extra_points"])


def _describe_expiry(rules: Rules) -> Facts:
    days, expiry, debt = rules["pending_days"], rules["expiry"], rules["debt_limit"]
    waiting = ngettext("after %(shown)s day", "after %(shown)s days", days, shown=format_number(days))
    facts = [
        (str(_("Points of orders can be spent")), str(waiting if days else _("at once"))),
        (str(_("Points expire")), _say_expiry(expiry)),
    ]
    owed = _("without a limit") if debt is None else _("down to −%(points)s", points=say_points(debt))
    facts.append((str(_("Below zero, after a refund of points that were spent")), str(owed)))
    return facts


def _say_expiry(expiry: Rules) -> str:
    if expiry["kind"] == "none":
        return str(EXPIRY_NAMES["none"])
    count = expiry["months"]
    months = ngettext("%(shown)s month", "%(shown)s months", count, shown=format_number(count))
    if expiry["kind"] == "lot":
        said = _("%(months)s after they can be spent", months=months)
    elif expiry["purchases_only"]:
        said = _("after %(months)s without a purchase", months=months)
    else:
        said = _("after %(months)s in which nothing is earned", months=months)
    return str(_("%(when)s, at the end of that month", when=said) if expiry["to_month_end"] else said)


def _describe_basics(rules: Rules) -> Facts:
    facts = [
        (str(_("Who takes part")), str(ENROLMENT_NAMES[rules["enrolment"]])),
        (str(_("Currency")), rules["currency"]),
        (str(_("Time zone of days and months")), rules["time_zone"]),
    ]
    for language, (one, many) in rules["names"].items():
        named = LANGUAGE_NAMES.get(language, language)
        facts.append((str(_("What points are called (%(language)s)", language=named)), f"{one}, {many}"))
    return facts
