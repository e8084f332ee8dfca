"""What the result page's charts draw: pure data, without a query, made from a summary and a trend."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from widget.core.formats import HARD_SPACE, format_day, format_month
from widget.surveys.rules import SCORES, bucket_of
from widget.surveys.summaries import Period, Summary, TrendPoint

# Beyond this many periods without answers between two others, the gap stands as one.
MAX_GAP_PERIODS = 400


@dataclass(frozen=True)
class Bar:
    """How many answers gave one score."""

    score: int
    bucket: str
    count: int
    ratio: float | None


def list_bars(summary: Summary) -> list[Bar]:
    """Return one bar for every score of the scale, also for those nobody gave."""
    return [
        Bar(
            score,
            bucket_of(summary.kind, score),
            count := summary.distribution.get(score, 0),
            count / summary.scored if summary.scored else None,
        )
        for score in SCORES.get(summary.kind, ())
    ]


def choose_period(from_on: date | None, until_on: date | None, today: date) -> Period:
    """Return by what to group a trend when nobody chose.

    >>> choose_period(date(2026, 5, 1), None, date(2026, 5, 20)), choose_period(None, None, date(2026, 5, 20))
    ('day', 'week')
    """
    if from_on is None:
        return "week"
    days = ((until_on or today) - from_on).days
    if days <= 45:
        return "day"
    return "week" if days <= 400 else "month"


def next_period(period_on: date, by: str) -> date:
    """Return the first day of the following day, week or month.

    >>> next_period(date(2026, 12, 1), "month"), next_period(date(2026, 5, 4), "week")
    (datetime.date(2027, 1, 1), datetime.date(2026, 5, 11))
    """
    if by == "month":
        return (period_on.replace(day=1) + timedelta(days=32)).replace(day=1)
    return period_on + timedelta(days=7 if by == "week" else 1)


def distribution_document(bars: Sequence[Bar]) -> dict[str, Any]:
    """Return the bar chart's document."""
    return {
        "labels": [str(bar.score) for bar in bars],
        "values": [bar.count for bar in bars],
        "buckets": [bar.bucket for bar in bars],
    }


def trend_document(kind: str, points: Sequence[TrendPoint], by: str) -> dict[str, Any]:
    """Return the line chart's document; a period without answers is a gap in the line, never a zero."""
    rows = list(_with_gaps(points, by))
    intervals = [point.interval if point else None for _, point in rows]
    return {
        "kind": kind,
        "labels": [_label_period(day, by) for day, _ in rows],
        "scores": [point.score if point else None for _, point in rows],
        "lows": [interval[0] if interval else None for interval in intervals],
        "highs": [interval[1] if interval else None for interval in intervals],
        "counts": [point.scored if point else 0 for _, point in rows],
    }


def _with_gaps(points: Sequence[TrendPoint], by: str) -> Iterator[tuple[date, TrendPoint | None]]:
    yield from ((point.period_on, point) for point in points[:1])
    for before, point in pairwise(points):
        missing = next_period(before.period_on, by)
        for _ in range(MAX_GAP_PERIODS):
            if missing >= point.period_on:
                break
            yield missing, None
            missing = next_period(missing, by)
        yield point.period_on, point


def _label_period(day: date, by: str) -> str:
    return (format_month(day) if by == "month" else format_day(day)).replace(HARD_SPACE, " ")
