"""Examples of what rules pay, computed by the very code that pays, and said in the owner's language."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from widget.core.formats import format_day, format_money, format_number
from widget.core.money import MAX_MINOR
from widget.loyalty.basis import Bought, GivenBack
from widget.loyalty.point_words import say_points
from widget.loyalty.program import Program, read_program
from widget.loyalty.program_words import name_action
from widget.loyalty.rules import THOUSAND, day_in
from widget.loyalty.tier_words import name_tier

# An order of 58.70 where a point is for each 1.00: large enough to show what is left over.
_BLOCKS_TENTHS = 587


def example_amount(rules: Mapping[str, Any]) -> int:
    """Return the amount of an order that shows what rules do.

    >>> example_amount({"spend": {"per_minor": 100}}), example_amount({"spend": None})
    (5870, 5870)
    """
    per_minor = rules["spend"]["per_minor"] if rules["spend"] else 100
    return int(min(per_minor * _BLOCKS_TENTHS // 10, MAX_MINOR))


def list_examples(rules: Mapping[str, Any], now: datetime, amount_minor: int | None = None) -> list[str]:
    """Return sentences on what checked rules do now."""
    program = read_program(1, rules)
    amount = amount_minor if amount_minor is not None else example_amount(rules)
    said = []
    if program.spending is not None:
        said += [_say_order(program, rules, amount), _say_refund(program, amount)]
    said.append(_say_times(program, now))
    said += _say_review(program)
    if program.tiers:
        said.append(_say_next_tier(rules))
    return [str(sentence) for sentence in said]


def _say_order(program: Program, rules: Mapping[str, Any], amount: int) -> str:
    """Say what an order earns, also with each tier that multiplies."""
    order = Bought(True, amount)
    shown = format_money(amount, program.currency)
    points = program.points_for(order, THOUSAND)
    names = {step["key"]: name_tier(step) for step in rules["tiers"]["steps"]}
    more = [
        _("with %(tier)s %(points)s", tier=names[tier.key], points=format_number(program.points_for(order, times)))
        for tier in program.tiers
        if (times := tier.multiplier_thousandths) != THOUSAND
    ]
    said = _("An order of %(amount)s earns %(points)s", amount=shown, points=say_points(points))
    return f"{said}; {', '.join(map(str, more))}." if more else f"{said}."


def _say_refund(program: Program, amount: int) -> str:
    """Say what a refund of a third takes back, in one part or in two."""
    third = amount // 3
    whole = program.points_for(Bought(True, amount), THOUSAND)
    left = program.points_for(Bought(True, amount, refunds=[GivenBack(third)]), THOUSAND)
    shown = format_money(third, program.currency)
    said: str = _(
        "If %(amount)s of it is refunded, %(points)s go, at once or in parts.",
        amount=shown,
        points=say_points(whole - left),
    )
    return said


def _say_times(program: Program, now: datetime) -> str:
    """Say when what is earned today can be spent and when it is gone."""
    available_at = program.available_at(now)
    begins = format_day(day_in(available_at, program.zone))
    expires_at = program.expires_at(available_at)
    inactive_at = program.inactive_at(now)
    if not program.pending_days:
        begins = str(_("today"))
    if expires_at is not None:
        ends = format_day(day_in(expires_at, program.zone))
        return str(
            _("Earned today, they can be spent from %(begins)s and are gone on %(ends)s.", begins=begins, ends=ends)
        )
    if inactive_at is not None:
        ends = format_day(day_in(inactive_at, program.zone))
        return str(
            _(
                "Earned today, they can be spent from %(begins)s; if nothing more happens, all are gone on %(ends)s.",
                begins=begins,
                ends=ends,
            )
        )
    return str(_("Earned today, they can be spent from %(begins)s and never expire.", begins=begins))


def _say_review(program: Program) -> list[str]:
    """Say what the action with the most to it gives."""
    action = program.actions.get("review") or next(iter(program.actions.values()), None)
    if action is None:
        return []
    name, points = name_action(action.key), say_points(action.points)
    if action.extra_points:
        more = say_points(action.points + action.extra_points)
        return [str(_("%(action)s: %(points)s, with a photo %(more)s.", action=name, points=points, more=more))]
    return [str(_("%(action)s: %(points)s.", action=name, points=points))]


def _say_next_tier(rules: Mapping[str, Any]) -> str:
    """Say what leads to the first tier."""
    step, measure = rules["tiers"]["steps"][0], rules["tiers"]["measure"]
    name, threshold = name_tier(step), step["threshold"]
    if measure == "spend":
        amount = format_money(threshold, rules["currency"])
        return str(_("Who has spent %(amount)s is in %(tier)s at once.", amount=amount, tier=name))
    if measure == "orders":
        return str(
            _("Who has ordered %(count)s times is in %(tier)s at once.", count=format_number(threshold), tier=name)
        )
    return str(_("Who has earned %(points)s is in %(tier)s at once.", points=say_points(threshold), tier=name))
