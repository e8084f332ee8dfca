"""What the lists of a program's rules may hold: actions, tiers and campaigns. Pure."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

from widget.core.money import MAX_MINOR
from widget.loyalty.field_checks import (
    KEY,
    Errors,
    by_language,
    fields,
    flag,
    https_address,
    identifier,
    items,
    moment,
    number,
    one_of,
    optional,
    text,
)
from widget.loyalty.program import ACTIONS, LIMIT_PERIODS, MAX_POINTS, NAMED_ACTION
from widget.loyalty.rules import THOUSAND

MAX_NAME_LENGTH = 40
MAX_CAMPAIGN_NAME_LENGTH = 100
MAX_ACTIONS = 50
MAX_STEPS = 12
MAX_CAMPAIGNS = 50
MAX_TIMES = 1_000
MAX_MULTIPLIER = 10 * THOUSAND

_multiplier = number(THOUSAND, MAX_MULTIPLIER)


def find_actions_errors(value: Any) -> Errors:
    """Return what is wrong with a list of actions.

    >>> find_actions_errors([{"key": "signup", "points": 50}, {"key": "stars", "points": 1}])[1]["key"][0][:11]
    'Must be one'
    """
    return _actions(value) or _find_repeats(value)


def find_steps_errors(value: Any) -> Errors:
    """Return what is wrong with a list of tiers, each of which asks for more than the one before.

    >>> silver = {"key": "silver", "names": {"en": "Silver"}, "threshold": 100}
    >>> find_steps_errors([silver, {**silver, "key": "gold"}])
    {1: {'threshold': ['Must be more than what the tier before asks for.']}}
    """
    found = _steps(value) or _find_repeats(value)
    if found:
        return found
    thresholds = [step["threshold"] for step in value]
    return {
        place: {"threshold": ["Must be more than what the tier before asks for."]}
        for place, (before, after) in enumerate(pairwise(thresholds), start=1)
        if after <= before
    }


def find_campaigns_errors(value: Any) -> Errors:
    """Return what is wrong with a list of campaigns.

    >>> times = {"starts_at": "2026-06-02T00:00:00Z", "ends_at": "2026-06-01T00:00:00Z"}
    >>> find_campaigns_errors([{"key": "june", "name": "June", "multiplier_thousandths": 2000, **times}])
    {0: {'ends_at': ['Must be after the beginning.']}}
    """
    return _campaigns(value) or _find_repeats(value)


def read_moment(value: str) -> datetime:
    """Return a time that was let through.

    >>> read_moment("2026-06-01T00:00:00+02:00").isoformat()
    '2026-05-31T22:00:00+00:00'
    """
    return datetime.fromisoformat(value).astimezone(UTC)


def _check_action(value: Any) -> Errors:
    found = _check_action_fields(value)
    if found:
        return found
    key, url = value["key"], value.get("url")
    if key in ACTIONS and url is not None:
        return {"url": ["Only an action of the kind event. or social. has an address."]}
    if key.startswith("social.") and url is None:
        return {"url": ["Must be an address that begins with https://."]}
    if key != "review" and value.get("extra_points"):
        return {"extra_points": ["Only a review has more points, for a photo with it."]}
    if value.get("per", "ever") != "ever" and value.get("limit") is None:
        return {"limit": ["Say how often, or choose no period."]}
    return {}


def _check_action_key(value: Any) -> Errors:
    is_right = isinstance(value, str) and (value in ACTIONS or NAMED_ACTION.fullmatch(value))
    known = ", ".join(ACTIONS)
    return [] if is_right else [f"Must be one of {known}, or event. or social. with a name of its own."]


def _check_step_key(value: Any) -> Errors:
    is_right = isinstance(value, str) and KEY.fullmatch(value)
    return [] if is_right else ["Must be up to 40 small letters, digits, underscores or hyphens."]


def _check_campaign(value: Any) -> Errors:
    found = _check_campaign_fields(value)
    if not found and read_moment(value["starts_at"]) >= read_moment(value["ends_at"]):
        return {"ends_at": ["Must be after the beginning."]}
    return found


def _find_repeats(rows: Sequence[Mapping[str, Any]]) -> Errors:
    """Return the rows whose key stands there before."""
    seen = Counter[str]()
    repeated = {}
    for place, row in enumerate(rows):
        seen[row["key"]] += 1
        if seen[row["key"]] > 1:
            repeated[place] = {"key": ["Is given twice."]}
    return repeated


_check_action_fields = fields(
    {"key": _check_action_key, "points": number(1, MAX_POINTS)},
    {
        "extra_points": number(0, MAX_POINTS),
        "limit": optional(number(1, MAX_TIMES)),
        "per": one_of(LIMIT_PERIODS),
        "url": optional(https_address),
    },
)
_check_campaign_fields = fields(
    {
        "key": _check_step_key,
        "name": text(MAX_CAMPAIGN_NAME_LENGTH),
        "multiplier_thousandths": _multiplier,
        "starts_at": moment,
        "ends_at": moment,
    },
    {"segment": optional(identifier), "tier": optional(_check_step_key)},
)
_actions = items(_check_action, MAX_ACTIONS)
_campaigns = items(_check_campaign, MAX_CAMPAIGNS)
_steps = items(
    fields(
        {"key": _check_step_key, "names": by_language(text(MAX_NAME_LENGTH)), "threshold": number(1, MAX_MINOR)},
        {
            "multiplier_thousandths": _multiplier,
            "percent_off_basis_points": number(0, 10_000),
            "free_shipping_from_minor": optional(number(0, MAX_MINOR)),
            "has_early_access": flag,
            "gift_points": number(0, MAX_POINTS),
            "gift_pool": optional(identifier),
        },
    ),
    MAX_STEPS,
)
