"""Visitors by chance: what each day brings to the arms of a campaign, and what an owner who looks every day is told."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random

from widget.popups.experiments import ALPHA, Sample, check_ratio, compare

VISITORS, DAYS = 10_000, 30


@dataclass(frozen=True)
class Truth:
    """What is true of an arm: its share of the visitors, who converts, and how unequal baskets of 20 are (0: equal)."""

    share: float
    rate: float
    spread: float = 0


def draw_count(random: Random, tries: int, chance: float) -> int:
    """Return how often something of this chance happens in so many tries, drawing only where it does."""
    if chance >= 1:
        return tries
    count, place, length = 0, -1, math.log1p(-chance)
    while True:
        place += 1 + int(math.log(1 - random.random()) / length)
        if place >= tries:
            return count
        count += 1


def draw_days(random: Random, truths: Sequence[Truth], visitors: int = VISITORS) -> list[list[Sample]]:
    """Return what each arm has brought by the end of each day."""
    days, sums = [], [Sample(0, 0, 0, 0)] * len(truths)
    for day in range(DAYS):
        left, share = visitors * (day + 1) // DAYS - visitors * day // DAYS, 1.0
        for number, truth in enumerate(truths):
            came = draw_count(random, left, truth.share / share)
            sums[number] = _add_day(random, sums[number], truth, came)
            left, share = left - came, share - truth.share
        days.append(list(sums))
    return days


def _add_day(random: Random, before: Sample, truth: Truth, came: int) -> Sample:
    events = draw_count(random, came, truth.rate)
    if not truth.spread:
        baskets = [1] * events
    else:
        baskets = [round(100 * random.lognormvariate(math.log(20), truth.spread)) for _ in range(events)]
    squares = sum(basket * basket for basket in baskets)
    return Sample(
        before.visitors + came, before.events + events, before.total + sum(baskets), before.squares + squares
    )  # fmt: skip


def find_first_claim(days: Sequence[Sequence[Sample]]) -> tuple[int, str] | None:
    """Return the day on which any arm is first said to differ from the first one, and how; None where none ever is."""
    alpha = ALPHA / (len(days[0]) - 1)
    for day, (control, *others) in enumerate(days, start=1):
        for arm in others:
            verdict = compare(control, arm, alpha).verdict
            if verdict in ("better", "worse"):
                return day, verdict
    return None


def is_claimed_naively(days: Sequence[Sequence[Sample]]) -> bool:
    """Return whether the usual 95 % interval of one look excludes zero on any day, of the first two arms."""
    for control, arm, *_ in days:
        if min(control.events, arm.events) >= 5:
            variance = sum(
                (one.squares / one.visitors - (one.total / one.visitors) ** 2) / one.visitors for one in (control, arm)
            )
            if abs(arm.total / arm.visitors - control.total / control.visitors) > 1.96 * math.sqrt(variance):
                return True
    return False


def is_ratio_doubted(days: Sequence[Sequence[Sample]], shares: Mapping[str, float]) -> bool:
    """Return whether the arms' sizes look wrong on any day."""
    for arms in days:
        found = check_ratio({key: arm.visitors for key, arm in zip(shares, arms, strict=True)}, shares)
        if found and found.is_suspicious:
            return True
    return False
