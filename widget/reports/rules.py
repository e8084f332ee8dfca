"""Whether two scores differ, and by how much: differences with their 95 % intervals."""

from collections.abc import Mapping
from math import hypot, sqrt
from typing import Literal

from widget.surveys.rules import BUCKETS, Z_95, csat_interval

Interval = tuple[float, float]
Verdict = Literal["too_few", "no_evidence", "higher", "lower"]

# Below so many scores on either side nothing is said about a difference.
MIN_COMPARED = 30


def nps_difference(a: Mapping[str, int], b: Mapping[str, int]) -> Interval | None:
    """Return the 95 % interval of NPS b - NPS a from their buckets, None where either has no answers.

    Each score's variance is its adjusted-Wald one (add 3/4 promoter, 3/2 passive, 3/4 detractor: Rocks,
    The American Statistician 70(4), 2016); the variance of a difference of independent scores is their sum.

    >>> many = {"promoter": 500, "passive": 300, "detractor": 200}
    >>> [round(end, 2) for end in nps_difference(many, many)]
    [-6.84, 6.84]
    >>> nps_difference(many, {"promoter": 0, "passive": 0, "detractor": 0}) is None
    True
    """
    parts = [_adjust(buckets) for buckets in (a, b)]
    if not all(sum(buckets.values()) for buckets in (a, b)):
        return None
    (mean_a, variance_a), (mean_b, variance_b) = parts
    difference, half_width = mean_b - mean_a, Z_95 * sqrt(variance_a + variance_b)
    return max(-200.0, 100 * (difference - half_width)), min(200.0, 100 * (difference + half_width))


def share_difference(good_a: int, count_a: int, good_b: int, count_b: int) -> Interval | None:
    """Return the 95 % interval of share b - share a in percentage points, None where either has no answers.

    Newcombe's method 10, the hybrid score interval (Newcombe, Statistics in Medicine 17, 1998, 873-890):
    it is put together from the two Wilson intervals. His table II: 56 of 70 less 48 of 80 is 0.2000, and
    lies between 0.0524 and 0.3339; 9 of 10 less 3 of 10 between 0.1705 and 0.8090.

    >>> [round(end, 2) for end in share_difference(48, 80, 56, 70)]
    [5.24, 33.39]
    >>> [round(end, 2) for end in share_difference(3, 10, 9, 10)]
    [17.05, 80.9]
    >>> [round(end, 2) for end in share_difference(0, 20, 10, 10)]
    [67.91, 100.0]
    """
    interval_a = csat_interval(good_a, 0, count_a - good_a)
    interval_b = csat_interval(good_b, 0, count_b - good_b)
    if interval_a is None or interval_b is None:
        return None
    share_a, share_b = 100 * good_a / count_a, 100 * good_b / count_b
    difference = share_b - share_a
    low = difference - hypot(share_b - interval_b[0], interval_a[1] - share_a)
    high = difference + hypot(interval_b[1] - share_b, share_a - interval_a[0])
    return max(-100.0, low), min(100.0, high)


def score_difference(kind: str, a: Mapping[str, int], b: Mapping[str, int]) -> Interval | None:
    """Return the 95 % interval of score b - score a of a kind from their buckets.

    >>> score_difference("quiz", {}, {}) is None
    True
    >>> few = {"easy": 3, "neutral": 2, "difficult": 5}
    >>> score_difference("ces", few, few) == share_difference(3, 10, 3, 10)
    True
    """
    if not BUCKETS[kind]:
        return None
    if kind == "nps":
        return nps_difference(a, b)
    good = BUCKETS[kind][0]
    return share_difference(a[good], sum(a.values()), b[good], sum(b.values()))


def judge(count_a: int, count_b: int, interval: Interval | None) -> Verdict:
    """Return what may be said of a difference.

    >>> judge(29, 500, (2.0, 10.0)), judge(30, 30, (-4.0, 9.0)), judge(100, 100, (2.0, 10.0))
    ('too_few', 'no_evidence', 'higher')
    >>> judge(100, 100, (-10.0, -2.0)), judge(0, 0, None)
    ('lower', 'too_few')
    """
    if interval is None or min(count_a, count_b) < MIN_COMPARED:
        return "too_few"
    if interval[0] <= 0 <= interval[1]:
        return "no_evidence"
    return "higher" if interval[0] > 0 else "lower"


def _adjust(buckets: Mapping[str, int]) -> tuple[float, float]:
    """Return the adjusted mean of an NPS, -1..1, and the variance of that mean."""
    adjusted = sum(buckets.values()) + 3
    positive, negative = (buckets["promoter"] + 0.75) / adjusted, (buckets["detractor"] + 0.75) / adjusted
    mean = positive - negative
    return mean, (positive + negative - mean**2) / adjusted
