"""What the rules of a referral program may say, checked field by field. Pure."""

from collections.abc import Mapping
from typing import Any

from widget.core.money import CURRENCIES, MAX_MINOR
from widget.loyalty.field_checks import (
    Check,
    Errors,
    by_language,
    fields,
    flag,
    https_address,
    identifier,
    items,
    number,
    one_of,
    optional,
    without_empty,
)
from widget.loyalty.program import MAX_POINTS
from widget.referrals.program import REWARD_KINDS, default_rules

MAX_STEPS = 10
MAX_FRIENDS = 1_000
MAX_HOLD_DAYS, MAX_CLAIM_DAYS = 180, 365
MAX_VELOCITY_DAYS, MAX_CLAIMS = 60, 10_000
MAX_TEXTS, MAX_TEXT_LENGTH = 20, 500
# What may be left out, and what it then is.
_OPTIONAL = ("steps", "minimum_minor", "hold_days", "claim_days", "landing_url", "texts", "velocity", "leaderboard")


def find_rules_errors(rules: Any) -> Errors:
    """Return what is wrong with the rules of a program, by field; empty where nothing is.

    >>> rules = default_rules("EUR")
    >>> find_rules_errors(rules), find_rules_errors({**rules, "friend": {"kind": "coupon"}, "hold_days": 365})
    ({}, {'friend': {'pool_id': ['Missing data for required field.']}, \
'hold_days': ['Must be a whole number from 0 to 180.']})
    """
    return _check_rules(rules) or _find_step_errors(rules.get("steps", []))


def complete_rules(rules: Mapping[str, Any]) -> dict[str, Any]:
    """Return rules that were let through with everything said that may be left out, so that equal ones are the same.

    >>> nothing = {"kind": "none"}
    >>> complete_rules({"advocate": nothing, "friend": nothing, "currency": "EUR"})["hold_days"]
    30
    """
    usual = default_rules(rules["currency"])
    completed = {**usual, **rules, "velocity": {**usual["velocity"], **rules.get("velocity", {})}}
    return {**completed, "steps": sorted(completed["steps"], key=lambda step: int(step["friends"]))}


def _check_reward(value: Any) -> Errors:
    """Check what a side gets: each kind with what belongs to it and nothing else."""
    kind = value.get("kind") if isinstance(value, dict) else None
    more: dict[str, dict[str, Check]] = {
        "points": {"points": number(1, MAX_POINTS)},
        "coupon": {"pool_id": identifier},
    }
    belongs = more.get(kind, {}) if isinstance(kind, str) else {}
    return fields({"kind": one_of(REWARD_KINDS), **belongs})(value)


def _check_currency(value: Any) -> Errors:
    is_right = isinstance(value, str) and value in CURRENCIES
    return [] if is_right else ["Must be a currency code such as EUR."]


def _check_texts(value: Any) -> Errors:
    if not isinstance(value, dict) or len(value) > MAX_TEXTS:
        return ["Must be an object of texts."]
    wrong = [f"Must be a text of 1 to {MAX_TEXT_LENGTH} characters."]
    return without_empty({name: [] if _is_text(text) else wrong for name, text in value.items()})


def _is_text(value: Any) -> bool:
    if not isinstance(value, str) or not 1 <= len(value.strip()) <= MAX_TEXT_LENGTH:
        return False
    return value.replace("\n", "").isprintable()


def _find_step_errors(steps: list[Mapping[str, Any]]) -> Errors:
    seen: set[int] = set()
    wrong = {}
    for place, step in enumerate(steps):
        if step["friends"] in seen:
            wrong[place] = {"friends": ["Is given twice."]}
        seen.add(step["friends"])
    return without_empty({"steps": wrong})


_checks = {
    "steps": items(fields({"friends": number(1, MAX_FRIENDS), "reward": _check_reward}), MAX_STEPS),
    "minimum_minor": number(0, MAX_MINOR),
    "hold_days": number(0, MAX_HOLD_DAYS),
    "claim_days": number(1, MAX_CLAIM_DAYS),
    "landing_url": optional(https_address),
    "texts": by_language(_check_texts, may_be_empty=True),
    "velocity": fields(
        {},
        {
            "days": number(1, MAX_VELOCITY_DAYS),
            "per_advocate": number(1, MAX_CLAIMS),
            "per_network": number(1, MAX_CLAIMS),
            "per_own_network": number(0, MAX_CLAIMS),
            "per_device": number(1, MAX_CLAIMS),
        },
    ),
    "leaderboard": flag,
}
_check_rules = fields(
    {"advocate": _check_reward, "friend": _check_reward, "currency": _check_currency},
    {name: _checks[name] for name in _OPTIONAL},
)
