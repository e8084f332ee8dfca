"""Amounts to points, months, and tiers. Pure."""

import calendar
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

THOUSAND = 1000
MEASURES = ("points", "spend", "orders")
WINDOWS = ("rolling", "calendar")
Amounts = Mapping[date, int]


@dataclass(frozen=True)
class Step:
    """What a tier asks for: its key and its threshold, in points, minor units or orders."""

    key: str
    threshold: int


@dataclass(frozen=True)
class Window:
    """What counts for a tier: the last `months`, or the calendar year; and for how long a tier is kept after that."""

    kind: str
    months: int = 12
    grace_days: int = 0


def points_for_amount(basis_minor: Fraction | int, per_minor: int, points: int, multiplier_thousandths: int) -> int:
    """Return the points of an amount: so many for each whole block of it, times an exact multiplier, floored once.

    As Square computes them: $105 at 1 for each $10 gives 10, and 4 times 1.5 gives 6 (Loyalty API, "accrual rules").

    >>> points_for_amount(10500, 1000, 1, 1000), points_for_amount(400, 100, 1, 1500)
    (10, 6)
    >>> points_for_amount(Fraction(19567), 100, 1, 1000), points_for_amount(-5, 100, 1, 1000)
    (195, 0)
    """
    blocks = max(0, basis_minor // per_minor)
    return int(blocks) * points * multiplier_thousandths // THOUSAND


def add_months(day: date, months: int) -> date:
    """Return the same day so many months later, the last of the month where there is no such day.

    >>> add_months(date(2026, 1, 31), 1).isoformat(), add_months(date(2024, 2, 29), 12).isoformat()
    ('2026-02-28', '2025-02-28')
    """
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def days_celebrated_on(day: date) -> list[tuple[int, int]]:
    """Return the months and days whose anniversary a day is: the 29th of February is kept on the 28th in other years.

    >>> days_celebrated_on(date(2026, 2, 28)), days_celebrated_on(date(2028, 2, 28))
    ([(2, 28), (2, 29)], [(2, 28)])
    """
    is_last_of_short_february = (day.month, day.day) == (2, 28) and not calendar.isleap(day.year)
    return [(day.month, day.day), *([(2, 29)] if is_last_of_short_february else [])]


def start_of_day(day: date, zone: ZoneInfo) -> datetime:
    """Return when a day begins in a time zone; where the clock skips midnight, the first moment there is.

    >>> start_of_day(date(2026, 7, 1), ZoneInfo("Europe/Rome")).isoformat()
    '2026-06-30T22:00:00+00:00'
    """
    return datetime.combine(day, time(), zone).astimezone(UTC)


def day_in(moment: datetime, zone: ZoneInfo) -> date:
    """Return the day a moment falls on in a time zone.

    >>> day_in(datetime(2026, 6, 30, 23, tzinfo=UTC), ZoneInfo("Europe/Rome")).isoformat()
    '2026-07-01'
    """
    return moment.astimezone(zone).date()


def expiry_of(available_at: datetime, months: int, zone: ZoneInfo, *, to_month_end: bool) -> datetime:
    """Return the first moment at which points can no longer be spent.

    They are good through the same day so many months later (Voucherify: Jan 31 and one month is the end of February),
    or through the end of that month (Square: P12M, earned on 6 July 2020, is gone on 1 August 2021).

    >>> rome = ZoneInfo("Europe/Rome")
    >>> gone = expiry_of(datetime(2020, 7, 6, 10, tzinfo=UTC), 12, rome, to_month_end=True)
    >>> day_in(gone, rome).isoformat()
    '2021-08-01'
    >>> gone = expiry_of(datetime(2026, 1, 31, 10, tzinfo=UTC), 1, rome, to_month_end=False)
    >>> day_in(gone, rome).isoformat()
    '2026-03-01'
    """
    last = add_months(day_in(available_at, zone), months)
    if to_month_end:
        last = last.replace(day=calendar.monthrange(last.year, last.month)[1])
    return start_of_day(last + timedelta(days=1), zone)


def window_start(day: date, window: Window) -> date:
    """Return the first day that counts on a day.

    >>> window_start(date(2026, 3, 31), Window("rolling", 12)).isoformat()
    '2025-04-01'
    >>> window_start(date(2026, 3, 31), Window("calendar")).isoformat()
    '2026-01-01'
    """
    if window.kind == "calendar":
        return date(day.year, 1, 1)
    return add_months(day, -window.months) + timedelta(days=1)


def amount_in_window(amounts: Amounts, day: date, window: Window) -> int:
    """Return what counts on a day.

    >>> amount_in_window({date(2025, 3, 1): 5, date(2026, 3, 1): 7}, date(2026, 3, 2), Window("rolling", 12))
    7
    """
    start = window_start(day, window)
    return sum(amount for on, amount in amounts.items() if start <= on <= day)


def best_amount(amounts: Amounts, day: date, window: Window) -> int:
    """Return the most that counted on any day of the grace that ends with this day.

    A window's amount grows only on a day with something in it, so only those and the first day need a look.

    >>> best_amount({date(2025, 1, 10): 5}, date(2026, 1, 20), Window("rolling", 12, grace_days=30))
    5
    >>> best_amount({date(2025, 1, 10): 5}, date(2026, 2, 20), Window("rolling", 12, grace_days=30))
    0
    """
    first = day - timedelta(days=window.grace_days)
    days = {first, *(on for on in amounts if first <= on <= day)}
    return max(amount_in_window(amounts, on, window) for on in days)


def tier_for(amount: int, steps: Sequence[Step]) -> str | None:
    """Return the highest tier an amount reaches.

    >>> [tier_for(amount, [Step("silver", 100), Step("gold", 500)]) for amount in (99, 100, 500)]
    [None, 'silver', 'gold']
    """
    reached = [step for step in steps if step.threshold <= amount]
    return max(reached, key=lambda step: step.threshold).key if reached else None


def tier_on(amounts: Amounts, day: date, window: Window, steps: Sequence[Step]) -> str | None:
    """Return the tier on a day: up at once, down only after the window and its grace.

    >>> tier_on({date(2026, 1, 1): 100}, date(2026, 1, 1), Window("rolling", 12), [Step("silver", 100)])
    'silver'
    """
    return tier_for(best_amount(amounts, day, window), steps)


def tier_until(amounts: Amounts, day: date, window: Window, steps: Sequence[Step]) -> date | None:
    """Return the first day on which the tier of this day would be lost without another purchase, None for never.

    >>> tier_until({date(2026, 1, 1): 100}, date(2026, 3, 1), Window("rolling", 12), [Step("silver", 100)]).isoformat()
    '2027-01-01'
    >>> tier_until({}, date(2026, 3, 1), Window("rolling", 12), [Step("silver", 100)]) is None
    True
    """
    current = tier_on(amounts, day, window, steps)
    if current is None:
        return None
    grace = timedelta(days=window.grace_days)
    ends = {date(on.year + 1, 1, 1) if window.kind == "calendar" else add_months(on, window.months) for on in amounts}
    threshold = next(step.threshold for step in steps if step.key == current)
    # A month shorter than the one before moves the end of a window by some days: look around each.
    candidates = sorted(end + grace + timedelta(days=shift) for end in ends for shift in range(-3, 4))
    for candidate in candidates:
        if candidate > day and best_amount(amounts, candidate, window) < threshold:
            return candidate
    return None
