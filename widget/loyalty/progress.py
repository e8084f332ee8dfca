"""How far a customer is on the way to the next tier, and what they would fall to. Pure."""

from dataclasses import dataclass
from datetime import date

from widget.loyalty.program import Program, Tier
from widget.loyalty.rules import Amounts, amount_in_window, tier_on


@dataclass(frozen=True)
class Progress:
    """The next tier, what of it is reached, and what is missing: in points, minor units or orders."""

    next: Tier
    amount: int
    missing: int

    @property
    def ratio(self) -> float:
        return min(1.0, self.amount / self.next.threshold) if self.next.threshold else 1.0


def find_progress(program: Program, tier: str | None, amounts: Amounts, today: date) -> Progress | None:
    """Return the way to the tier above, None at the top.

    >>> from widget.loyalty.program import default_rules, read_program
    >>> steps = [{"key": key, "names": {}, "threshold": n} for key, n in (("silver", 100), ("gold", 500))]
    >>> rules = default_rules("EUR", "UTC")
    >>> rules["tiers"]["steps"] = steps
    >>> program, day = read_program(1, rules), date(2026, 5, 1)
    >>> progress = find_progress(program, "silver", {day: 260}, day)
    >>> progress.next.key, progress.missing, progress.ratio
    ('gold', 240, 0.52)
    >>> find_progress(program, "gold", {day: 500}, day) is None
    True
    """
    keys = [each.key for each in program.tiers]
    place = keys.index(tier) + 1 if tier in keys else 0
    if place >= len(keys):
        return None
    above, amount = program.tiers[place], amount_in_window(amounts, today, program.window)
    return Progress(above, amount, max(0, above.threshold - amount))


def find_tier_after(program: Program, until: date, amounts: Amounts) -> Tier | None:
    """Return the tier of the day on which the present one is lost, None for none.

    >>> from widget.loyalty.program import default_rules, read_program
    >>> find_tier_after(read_program(1, default_rules("EUR", "UTC")), date(2026, 5, 1), {}) is None
    True
    """
    return program.find_tier(tier_on(amounts, until, program.window, program.steps))
