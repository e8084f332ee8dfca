"""What the rules of a program may say, checked field by field. Pure.

No condition on stars or on the score of a survey can be said: there is no field for one.
"""

from collections.abc import Mapping
from functools import cache
from typing import Any
from zoneinfo import available_timezones

from widget.core.money import CURRENCIES, MAX_MINOR
from widget.loyalty.field_checks import (
    Errors,
    by_language,
    fields,
    flag,
    items,
    number,
    one_of,
    optional,
    text,
    without_empty,
)
from widget.loyalty.program import ACTIONS, EARNING_STATES, EXPIRIES, MAX_POINTS
from widget.loyalty.program_parts import (
    MAX_NAME_LENGTH,
    find_actions_errors,
    find_campaigns_errors,
    find_steps_errors,
    read_moment,
)
from widget.loyalty.rules import MEASURES, THOUSAND, WINDOWS

ENROLMENTS = ("automatic", "join")
MAX_EXCLUDED = 1_000
MAX_PRODUCT_LENGTH = 200
MAX_PENDING_DAYS = 365
MAX_EXPIRY_MONTHS = 120
MAX_WINDOW_MONTHS = 60
MAX_GRACE_DAYS = 365
MAX_DEBT = 1_000_000_000
# What may be left out of an action, a tier and a campaign, and what it then is.
ACTION_DEFAULTS = {"extra_points": 0, "limit": None, "per": "ever", "url": None}
STEP_DEFAULTS = {
    "multiplier_thousandths": THOUSAND,
    "percent_off_basis_points": 0,
    "free_shipping_from_minor": None,
    "has_early_access": False,
    "gift_points": 0,
    "gift_pool": None,
}
_PLACES = {key: place for place, key in enumerate(ACTIONS)}
CAMPAIGN_DEFAULTS = {"segment": None, "tier": None}


def find_rules_errors(rules: Any) -> Errors:
    """Return what is wrong with the rules of a program, by field; empty where nothing is.

    >>> from widget.loyalty.program import default_rules
    >>> rules = default_rules("EUR", "Europe/Rome")
    >>> find_rules_errors(rules)
    {}
    >>> find_rules_errors({**rules, "time_zone": "Europe/Atlantis", "pending_days": 400, "min_stars": 4})
    {'time_zone': ['Must be a time zone such as Europe/Rome.'], 'pending_days': ['Must be a whole number from 0 to 365.'], 'min_stars': ['Unknown field.']}
    """  # noqa: E501 - one answer is one line.
    found = _check_rules(rules)
    return found or _find_campaign_tier_errors(rules)


def complete_rules(rules: Mapping[str, Any]) -> dict[str, Any]:
    """Return rules that were let through with everything said that may be left out, so that equal ones are the same.

    >>> from widget.loyalty.program import default_rules
    >>> complete_rules(default_rules("EUR", "UTC"))["actions"][0]
    {'extra_points': 0, 'limit': 1, 'per': 'ever', 'url': None, 'key': 'signup', 'points': 50}
    """
    tiers = rules["tiers"]
    # What everybody knows stands first and in one order, what is the store's own as it was said.
    actions = sorted(rules["actions"], key=lambda action: _PLACES.get(action["key"], len(_PLACES)))
    steps = [{**STEP_DEFAULTS, **step} for step in tiers["steps"]]
    return {
        **rules,
        "actions": [{**ACTION_DEFAULTS, **action} for action in actions],
        "tiers": {**tiers, "steps": steps},
        "campaigns": [_complete_campaign(campaign) for campaign in rules["campaigns"]],
    }


def _complete_campaign(campaign: Mapping[str, Any]) -> dict[str, Any]:
    times = {name: read_moment(campaign[name]).isoformat() for name in ("starts_at", "ends_at")}
    return {**CAMPAIGN_DEFAULTS, **campaign, **times}


@cache
def _known_zones() -> frozenset[str]:
    return frozenset(available_timezones())


def _check_zone(value: Any) -> Errors:
    is_right = isinstance(value, str) and value in _known_zones()
    return [] if is_right else ["Must be a time zone such as Europe/Rome."]


def _check_currency(value: Any) -> Errors:
    is_right = isinstance(value, str) and value in CURRENCIES
    return [] if is_right else ["Must be a currency code such as EUR."]


def _check_names(value: Any) -> Errors:
    """Check what one point and several are called."""
    check = text(MAX_NAME_LENGTH)
    is_right = isinstance(value, list) and len(value) == 2 and not any(check(name) for name in value)
    return [] if is_right else [f"Must be two names of 1 to {MAX_NAME_LENGTH} characters, for one and for several."]


def _find_campaign_tier_errors(rules: Mapping[str, Any]) -> Errors:
    keys = {step["key"] for step in rules["tiers"]["steps"]}
    wrong = {
        place: {"tier": ["There is no such tier."]}
        for place, campaign in enumerate(rules["campaigns"])
        if campaign.get("tier") is not None and campaign["tier"] not in keys
    }
    return without_empty({"campaigns": wrong})


_check_spend = fields(
    {
        "points": number(1, MAX_POINTS),
        "per_minor": number(1, MAX_MINOR),
        "earns_on": one_of(EARNING_STATES),
        "with_tax": flag,
        "with_shipping": flag,
        "excluded_products": items(text(MAX_PRODUCT_LENGTH), MAX_EXCLUDED),
    }
)
_check_rules = fields(
    {
        "currency": _check_currency,
        "time_zone": _check_zone,
        "names": by_language(_check_names, may_be_empty=True),
        "enrolment": one_of(ENROLMENTS),
        "spend": optional(_check_spend),
        "actions": find_actions_errors,
        "pending_days": number(0, MAX_PENDING_DAYS),
        "expiry": fields(
            {
                "kind": one_of(EXPIRIES),
                "months": number(1, MAX_EXPIRY_MONTHS),
                "to_month_end": flag,
                "purchases_only": flag,
            }
        ),
        "debt_limit": optional(number(0, MAX_DEBT)),
        "tiers": fields(
            {
                "measure": one_of(MEASURES),
                "window": fields(
                    {
                        "kind": one_of(WINDOWS),
                        "months": number(1, MAX_WINDOW_MONTHS),
                        "grace_days": number(0, MAX_GRACE_DAYS),
                    }
                ),
                "steps": find_steps_errors,
            }
        ),
        "campaigns": find_campaigns_errors,
    }
)
