"""Why an entry has the number it has, in terms that a page says in its reader's language. Pure."""

from collections.abc import Mapping
from typing import Any

from widget.loyalty.rules import THOUSAND

# What each kind of entry is about, where its source does not say more.
_BECAUSE = {
    "gift": "tier_reached",
    "adjust": "adjusted",
    "hold": "held",
    "release": "released",
    "redeem": "redeemed",
    "give_back": "redemption_cancelled",
    "expire": "expired",
    "unexpire": "expiry_undone",
    "merge_in": "merged",
    "merge_out": "merged",
}


def explain_entry(
    kind: str, delta: int, source: str, rule: str | None, rule_version: int | None, reason: Mapping[str, Any]
) -> dict[str, Any]:
    """Return why an entry was made: `because`, the version of the rules, and every number that leads to its points.

    >>> reason = {"order": "#1001", "before": 587, "after": 195, "basis_minor": 19567, "currency": "USD",
    ...     "points": 1, "per_minor": 100, "multiplier_thousandths": 1500}
    >>> why = explain_entry("claw", -392, "order:1", "spend", 3, reason)
    >>> why["because"], why["before"], why["after"], why["change"]
    ('order_worth_less', 587, 195, -392)
    >>> why["blocks"], why["remainder_minor"], why["dropped_thousandths"]
    (195, 67, 500)
    >>> explain_entry("earn", 30, "review:1", "review", 3, {"points": 20, "extra": 10})["because"]
    'review'
    """
    described = {"because": _name_cause(kind, delta, source, rule), "rule_version": rule_version, "change": delta}
    if rule == "spend" and reason.get("per_minor"):
        return {**described, **reason, **_round(reason)}
    return {**described, **reason}


def _name_cause(kind: str, delta: int, source: str, rule: str | None) -> str:
    if source.startswith("order:") and kind in ("earn", "claw"):
        return "order_earned" if delta > 0 else "order_worth_less"
    if kind == "claw":
        return "not_deserved"
    return _BECAUSE.get(kind) or rule or "earned"


def _round(reason: Mapping[str, Any]) -> dict[str, int]:
    """Return how money became points: whole blocks, what was left of it, and what of a point was dropped."""
    blocks, remainder = divmod(reason["basis_minor"], reason["per_minor"])
    exact = blocks * reason["points"] * reason["multiplier_thousandths"]
    return {"blocks": blocks, "remainder_minor": remainder, "dropped_thousandths": exact % THOUSAND}
