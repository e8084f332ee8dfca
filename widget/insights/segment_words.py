"""What segments' pages call things, and conditions as sentences, in the owner's language."""

from collections.abc import Sequence
from typing import Any

from babel.dates import get_month_names
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from widget.core.formats import current_locale, format_money, format_number
from widget.insights.conditions import FIELDS, Condition, Field

FIELD_NAMES = {
    "has_ordered": _l("Has ordered"),
    "is_guest": _l("Buys as a guest"),
    "orders": _l("Number of orders"),
    "coupons": _l("Uses coupons"),
    "average_receipt_minor": _l("Average receipt"),
    "revenue_minor": _l("Revenue"),
    "first_order": _l("First order"),
    "last_order": _l("Last order"),
    "rfm_recency": _l("RFM: recency"),
    "rfm_frequency": _l("RFM: frequency"),
    "rfm_monetary": _l("RFM: money spent"),
    "expected_minor": _l("Expected value of twelve months"),
    "newsletter": _l("Gets the newsletter"),
    "lead": _l("Gets the newsletter and has not ordered"),
    "subscriber_without_promo": _l("Gets the newsletter and never used a coupon"),
    "friends_brought": _l("Friends brought"),
    "last_nps": _l("Last NPS answer"),
    "last_csat": _l("Last CSAT answer"),
    "birthday_month": _l("Month of birth"),
    "gender": _l("Gender"),
    "area": _l("Area"),
    "interests": _l("Interests"),
}
GROUPS = (
    (_l("Orders"), ("has_ordered", "is_guest", "orders", "first_order", "last_order", "coupons")),
    (_l("Money"), ("average_receipt_minor", "revenue_minor", "expected_minor")),
    (_l("Recency, frequency, money (1 to 5)"), ("rfm_recency", "rfm_frequency", "rfm_monetary")),
    (_l("Newsletter"), ("newsletter", "lead", "subscriber_without_promo")),
    (_l("Referrals"), ("friends_brought",)),
    (_l("Answers"), ("last_nps", "last_csat")),
    (_l("What they told of themselves"), ("birthday_month", "gender", "area", "interests")),
)
COMPARISON_NAMES = {
    "is": _l("is"),
    "is_not": _l("is not"),
    "at_least": _l("at least"),
    "at_most": _l("at most"),
    "exactly": _l("exactly"),
    "within_days": _l("within the last"),
    "before_days": _l("longer ago than"),
}
YES_NO = ((True, _l("yes")), (False, _l("no")))
CHOICE_NAMES = {
    "always": _l("in every order"),
    "sometimes": _l("in an order at least once"),
    "never": _l("never"),
    "promoter": _l("promoter"),
    "passive": _l("passive"),
    "detractor": _l("detractor"),
    "satisfied": _l("satisfied"),
    "neutral": _l("neutral"),
    "dissatisfied": _l("dissatisfied"),
}
MEETS_NAMES = (("all", _l("all of these")), ("any", _l("any of these")))


def list_value_choices(field: Field) -> list[tuple[Any, str]]:
    """Return what may be chosen as the value of a condition on a field; nothing where it is typed."""
    if field.kind == "flag":
        return [(value, str(name)) for value, name in YES_NO]
    if field.name == "birthday_month":
        return list(get_month_names("wide", context="stand-alone", locale=current_locale()).items())
    if field.kind == "quintile":
        return [(number, str(number)) for number in range(1, 6)]
    return [(choice, str(CHOICE_NAMES[str(choice)])) for choice in field.choices]


def describe_condition(condition: Condition, currency: str | None) -> str:
    """Return a condition as people say it."""
    field = FIELDS[condition["field"]]
    name, value = str(FIELD_NAMES[field.name]), condition["value"]
    if field.kind == "days":
        days = ngettext("%(shown)s day", "%(shown)s days", value, shown=format_number(value))
        is_within = condition["comparison"] == "within_days"
        said = _("within the last %(days)s", days=days) if is_within else _("longer ago than %(days)s", days=days)
        return f"{name}: {said}"
    if field.kind == "money":
        shown = format_money(value, currency)
    elif field.kind == "number":
        shown = format_number(value)
    else:
        shown = str(dict(list_value_choices(field)).get(value, value))
    if condition["comparison"] == "is":
        return f"{name}: {shown}"
    return f"{name}: {COMPARISON_NAMES[condition['comparison']]} {shown}"


def describe_conditions(meets: str, conditions: Sequence[Condition], currency: str | None) -> str:
    """Return all conditions as one line."""
    joint = _(" and ") if meets == "all" else _(" or ")
    return str(joint).join(describe_condition(condition, currency) for condition in conditions)


def say_count(count: int, customers: int) -> str:
    """Return how many of all customers a segment has."""
    said: str = ngettext(
        "%(count)s of %(all)s customer",
        "%(count)s of %(all)s customers",
        customers,
        count=format_number(count),
        all=format_number(customers),
    )
    return said
