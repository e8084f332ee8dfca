"""What a figure is, how it is summed over days, and how it compares with the one before. Pure."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import accumulate
from typing import Any, Literal

from widget.surveys.rules import nps_interval

# count and money are whole (money in minor units), a share is 0..1, a rate any number, points are -100..100.
Unit = Literal["count", "money", "share", "rate", "points"]
ENGAGED_SECONDS = 45
# A page left open overnight is one view like another.
MAX_SECONDS = 86_400
MIN_REPEAT_CUSTOMERS = 50


class DaySums:
    """Counts by day, of which any range is summed at once; the days come in order."""

    def __init__(self, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
        """Take rows of a day and its counts, which have the columns' names."""
        by_column = list(zip(*rows, strict=True)) or [()] * (len(columns) + 1)
        self._days: Sequence[date] = by_column[0]
        self._running = {
            name: list(accumulate(counts, initial=0))
            for name, counts in zip(columns, by_column[1:], strict=True)
        }  # fmt: skip

    def total(self, column: str, from_on: date | None, until_on: date) -> int:
        """Return the sum of a column from a day, or from the beginning, until a day that is included."""
        running = self._running[column]
        start = bisect_left(self._days, from_on) if from_on else 0
        end = bisect_right(self._days, until_on)
        return running[end] - running[start] if end > start else 0


@dataclass(frozen=True)
class Metric:
    """One figure: `value` is numerator / denominator, exact, and None where there is no data.

    Times `scale` it is what people read. `n` is the number of orders, customers, carts, answers or page views it rests
    on, `left_out` the orders that miss in it for want of an exchange rate. Where it is an estimate, it
    likely lies between `low` and `high` (19 times in 20).
    """

    name: str
    unit: Unit
    numerator: int | None
    denominator: int | None
    n: int
    left_out: int = 0
    low: float | None = None
    high: float | None = None

    @property
    def value(self) -> Fraction | None:
        if self.numerator is None or not self.denominator:
            return None
        return Fraction(self.numerator, self.denominator) * (100 if self.unit == "points" else 1)

    @property
    def figure(self) -> int | float | None:
        """Return the value as it is written: counts and money whole, rounded half up."""
        return None if self.value is None else to_figure(self.value, self.unit)


def to_figure(value: Fraction, unit: Unit) -> int | float:
    """Return a value as it is written.

    >>> to_figure(Fraction(5, 2), "money"), to_figure(Fraction(1, 4), "share"), to_figure(Fraction(-5, 2), "money")
    (3, 0.25, -3)
    """
    if unit in ("count", "money"):
        whole = int(abs(value) + Fraction(1, 2))
        return whole if value >= 0 else -whole
    return float(value)


def make_total(name: str, unit: Unit, total: int, *, is_known: bool, n: int, left_out: int = 0) -> Metric:
    """Return a figure that is a sum; not known is not nothing.

    >>> make_total("orders", "count", 0, is_known=True, n=0).figure
    0
    >>> make_total("orders", "count", 0, is_known=False, n=0).figure is None
    True
    """
    return Metric(name, unit, total if is_known else None, 1 if is_known else None, n, left_out)


def make_share(name: str, part: int, whole: int, unit: Unit = "share", left_out: int = 0) -> Metric:
    """Return a figure that is one number by another, on which it rests.

    >>> make_share("cart_abandonment_rate", 50, 100).figure
    0.5
    >>> make_share("cart_abandonment_rate", 0, 0).figure is None
    True
    """
    return Metric(name, unit, part, whole, whole, left_out)


def make_retention(active_before: int, active_after: int, became_active: int) -> Metric:
    """Return the customer retention rate, (E - N) / B.

    >>> make_retention(100, 90, 20).figure
    0.7
    """
    return make_share("customer_retention_rate", active_after - became_active, active_before)


def make_nps(promoters: int, passives: int, detractors: int) -> Metric:
    """Return the net promoter score with its interval.

    >>> make_nps(7, 2, 1).figure
    60.0
    """
    answered = promoters + passives + detractors
    low, high = nps_interval(promoters, passives, detractors) or (None, None)
    return Metric("nps", "points", promoters - detractors, answered, answered, low=low, high=high)


@dataclass(frozen=True)
class Comparison:
    """A figure and the same one of the period before."""

    now: Metric
    before: Metric

    @property
    def change(self) -> int | float | None:
        """Return how much more it is than before, in its own unit."""
        if self.now.value is None or self.before.value is None:
            return None
        if self.now.unit in ("count", "money"):
            # The difference of what is shown: nobody should have to wonder about a rounded cent.
            return to_figure(self.now.value, self.now.unit) - to_figure(self.before.value, self.before.unit)
        return float(self.now.value - self.before.value)

    @property
    def growth(self) -> float | None:
        """Return the change as a share of what it was before, where it was more than nothing."""
        if self.now.value is None or not self.before.value or self.before.value < 0:
            return None
        return float(self.now.value / self.before.value - 1)


@dataclass(frozen=True)
class CohortMonth:
    """Of the customers of a cohort, how many bought in a month; `months` after their first one."""

    months: int
    customers: int
    ratio: float


@dataclass(frozen=True)
class Cohort:
    """The customers whose first order was in one month."""

    first_month: date
    customers: int
    months: Sequence[CohortMonth]


def build_cohorts(counts: Iterable[tuple[date, date, int]], until_on: date) -> list[Cohort]:
    """Return cohorts, oldest first, with every month up to a day's, also those in which nobody bought.

    >>> january, march = date(2026, 1, 1), date(2026, 3, 1)
    >>> cohort, = build_cohorts([(january, january, 10), (january, march, 4)], march)
    >>> [(month.months, month.customers, month.ratio) for month in cohort.months]
    [(0, 10, 1.0), (1, 0, 0.0), (2, 4, 0.4)]
    """
    found: dict[date, dict[int, int]] = {}
    for first_month, month, customers in counts:
        if customers and month <= until_on:
            found.setdefault(first_month, {})[count_months(first_month, month)] = customers
    cohorts = []
    for first_month in sorted(found):
        bought = found[first_month]
        size = bought.get(0, 0)
        if size:
            last = count_months(first_month, until_on)
            months = [
                CohortMonth(number, bought.get(number, 0), bought.get(number, 0) / size) for number in range(last + 1)
            ]
            cohorts.append(Cohort(first_month, size, months))
    return cohorts


def count_months(first: date, last: date) -> int:
    """Return how many months one day's month lies after another's.

    >>> count_months(date(2025, 11, 1), date(2026, 1, 31))
    2
    """
    return 12 * (last.year - first.year) + last.month - first.month
