"""Segments to start from: what most stores look at first, ready to be changed and saved."""

from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l

from widget.insights.conditions import Condition


def _when(field: str, comparison: str, value: Any) -> Condition:
    return {"field": field, "comparison": comparison, "value": value}


@dataclass(frozen=True)
class Starter:
    """A segment nobody has saved yet."""

    key: str
    name: Any
    text: Any
    conditions: tuple[Condition, ...]


STARTERS = (
    Starter("customers", _l("Customers"), _l("They have ordered."), (_when("has_ordered", "is", True),)),
    Starter(
        "non_customers",
        _l("Non-customers"),
        _l("You know them, but they have not ordered."),
        (_when("has_ordered", "is", False),),
    ),
    Starter("one_shot", _l("One-shot"), _l("They ordered once and never again."), (_when("orders", "exactly", 1),)),
    Starter("loyal", _l("Loyal"), _l("They ordered three times or more."), (_when("orders", "at_least", 3),)),
    Starter(
        "promo_only",
        _l("Promo-only"),
        _l("They order with a coupon and never without."),
        (_when("coupons", "is", "always"),),
    ),
    Starter(
        "big_receipt",
        _l("Big average receipt"),
        _l("They spend much each time. Set the amount that is much for you."),
        (_when("average_receipt_minor", "at_least", 10_000),),
    ),
    Starter("newsletter", _l("Newsletter"), _l("They want to hear from you."), (_when("newsletter", "is", True),)),
    Starter(
        "leads",
        _l("Leads"),
        _l("They get the newsletter and have not ordered yet."),
        (_when("lead", "is", True),),
    ),
    Starter(
        "never_promo",
        _l("Never used a promo"),
        _l("They get the newsletter and never used a coupon."),
        (_when("subscriber_without_promo", "is", True),),
    ),
    Starter(
        "champions",
        _l("Champions"),
        _l("They bought lately, often, and for much (RFM 4 or 5 in each)."),
        tuple(_when(field, "at_least", 4) for field in ("rfm_recency", "rfm_frequency", "rfm_monetary")),
    ),
    Starter(
        "at_risk",
        _l("At risk"),
        _l("They used to buy often and for much, but not lately."),
        (
            _when("rfm_recency", "at_most", 2),
            _when("rfm_frequency", "at_least", 3),
            _when("rfm_monetary", "at_least", 3),
        ),
    ),
    Starter(
        "ambassadors",
        _l("Ambassadors"),
        _l("They brought three friends or more who bought and stayed."),
        (_when("friends_brought", "at_least", 3),),
    ),
    Starter(
        "unhappy",
        _l("Unhappy"),
        _l("The last time you asked, they would not recommend you."),
        (_when("last_nps", "is", "detractor"),),
    ),
)
