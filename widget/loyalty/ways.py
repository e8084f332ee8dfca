"""Ways to earn points, and what of them is left to do for a customer."""

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from widget.customers.segment_queries import list_segments_of
from widget.loyalty.earning import period_start
from widget.loyalty.member_queries import count_earned_since
from widget.loyalty.program import Action, Program
from widget.loyalty.rules import THOUSAND
from widget.loyalty.standing import Standing
from widget.loyalty.texts import Words


def list_ways(
    site_id: uuid.UUID, program: Program, standing: Standing | None, words: Words, now: datetime
) -> list[dict[str, Any]]:
    """Return the ways to earn, each as it is shown; what is done for now comes last."""
    starts = {key: period_start(each.per, program, now) for key, each in program.actions.items() if each.limit}
    earned = count_earned_since(site_id, standing.customer_id, starts) if standing else {}
    multiplier = find_multiplier(site_id, program, standing, now)
    ways = [_describe_spending(program, words, multiplier)] if program.spending else []
    ways += [_describe_action(each, words, earned, is_known=standing is not None) for each in program.actions.values()]
    return sorted(ways, key=lambda way: way["is_done"])


def find_multiplier(site_id: uuid.UUID, program: Program, standing: Standing | None, now: datetime) -> int:
    """Return what an order placed now earns so many thousandths of."""
    if standing is None:
        return program.multiplier(now, None, frozenset())
    is_by_segment = any(campaign.segment for campaign in program.campaigns)
    segments = list_segments_of(site_id, standing.customer_id) if is_by_segment else ()
    return program.multiplier(now, standing.tier, frozenset(str(segment.id) for segment in segments))


def _describe_spending(program: Program, words: Words, multiplier: int) -> dict[str, Any]:
    assert program.spending is not None  # noqa: S101 - asked only where orders earn.
    spending = program.spending
    each = words.money(spending.per_minor, program.currency)
    hints = [words.say("way_spend_hint", points=words.points(spending.points), amount=each)]
    if multiplier != THOUSAND:
        hints.append(words.say("multiplied", factor=words.factor(multiplier)))
    return {"key": "spend", "text": words.say("way_spend"), "hint": " · ".join(hints), "is_done": False}


def _describe_action(action: Action, words: Words, earned: Mapping[str, int], *, is_known: bool) -> dict[str, Any]:
    left = None if action.limit is None else max(0, action.limit - earned.get(action.key, 0))
    is_done = is_known and left == 0
    hints = []
    if action.key == "review" and action.extra_points:
        hints.append(words.say("way_review_hint", points=words.points(action.extra_points)))
    if is_done:
        hints = [words.texts.DONE[action.per]]
    elif is_known and left is not None and not (action.limit == 1 and action.per == "ever"):
        hints.append(words.count(words.texts.LEFT[action.per], left))
    described: dict[str, Any] = {
        "key": action.key,
        "text": name_action(action.key, words),
        "hint": " · ".join(hints),
        "points": action.points,
        "points_text": f"+{words.number(action.points)}",
        "is_done": is_done,
    }
    if is_known and left is not None:
        described["left"] = left
    return described | ({"url": action.url} if action.url else {})


def name_action(key: str, words: Words) -> str:
    """Return what an action is called; events and social actions by the name the owner gave."""
    kind, _, name = key.partition(".")
    shown = name.replace("_", " ").replace("-", " ").capitalize()
    if kind == "social":
        return words.say("way_social", name=shown)
    return shown if name else words.say(f"way_{key}")
