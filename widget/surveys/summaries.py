"""A survey's numbers: the score with its interval, the trend, and how often people were asked.

Card, chart, API and export all count the same rows by the same days, so they agree.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal, NamedTuple

from widget.core.db import db
from widget.surveys.conditions import list_conditions
from widget.surveys.counting import FLAGGED, NO_SCORE, count_scores, read_asks, read_scores
from widget.surveys.filters import ResponseFilter
from widget.surveys.models import Survey
from widget.surveys.rules import BUCKETS, SCORES, bucket_of, score_and_interval

Period = Literal["day", "week", "month"]
Interval = tuple[float, float]


class DayCount(NamedTuple):
    """The answers of one UTC day with one score (or NO_SCORE, or FLAGGED) from one source."""

    day: date
    source: str
    score: int
    responses: int
    completed: int


@dataclass(frozen=True)
class Summary:
    """A survey's score and what it rests on; `score` and `interval` are None without scored answers.

    `responses` are the answers that are not flagged: those with a score (`scored`) and without (`skipped`).
    """

    kind: str
    score: float | None
    interval: Interval | None
    responses: int
    scored: int
    skipped: int
    partial: int
    flagged: int
    buckets: dict[str, int]
    distribution: dict[int, int]


@dataclass(frozen=True)
class TrendPoint:
    """The score of one day, week (from Monday) or month."""

    period_on: date
    score: float | None
    interval: Interval | None
    scored: int
    responses: int


@dataclass(frozen=True)
class Asks:
    """How often a survey was shown and what became of it; imports and flagged answers are left out."""

    shown: int
    started: int
    completed: int
    dismissed: int
    response_ratio: float | None


def summarise(survey: Survey, response_filter: ResponseFilter) -> Summary:
    """Return a survey's numbers over the answers a filter picks."""
    return summarise_counts(survey.kind, list_day_counts(survey, response_filter))


def list_trend(survey: Survey, response_filter: ResponseFilter, by: Period) -> Sequence[TrendPoint]:
    """Return the score of every period that has answers, oldest first."""
    periods: dict[date, list[DayCount]] = {}
    for count in list_day_counts(survey, response_filter):
        if count.score != FLAGGED:
            periods.setdefault(start_of_period(count.day, by), []).append(count)
    points = []
    for period_on in sorted(periods):
        summary = summarise_counts(survey.kind, periods[period_on])
        points.append(TrendPoint(period_on, summary.score, summary.interval, summary.scored, summary.responses))
    return points


def count_asks(survey: Survey, from_on: date | None, until_on: date | None) -> Asks:
    """Return how often a survey was shown, started, completed and dismissed in a range of UTC days."""
    asks = db.session.execute(read_asks(survey, from_on, until_on)).all()
    shown = sum(row.shown for row in asks)
    answers = [
        count
        for count in list_day_counts(survey, ResponseFilter(from_on=from_on, until_on=until_on))
        if count.source == "widget" and count.score != FLAGGED
    ]
    completed = sum(count.completed for count in answers)
    return Asks(
        shown=shown,
        started=sum(count.responses for count in answers),
        completed=completed,
        dismissed=sum(row.dismissed for row in asks),
        response_ratio=completed / shown if shown else None,
    )


def start_of_period(day: date, by: Period) -> date:
    """Return the first day of the period a day belongs to.

    >>> start_of_period(date(2026, 5, 31), "week").isoformat()
    '2026-05-25'
    >>> start_of_period(date(2026, 5, 31), "month").isoformat()
    '2026-05-01'
    """
    if by == "week":
        return day - timedelta(days=day.weekday())
    return day.replace(day=1) if by == "month" else day


def list_day_counts(survey: Survey, response_filter: ResponseFilter) -> Sequence[DayCount]:
    """Return the counts by day: from the rollup where the filter allows it, else from the rows themselves."""
    if response_filter.is_dates_only:
        statement = read_scores(survey, response_filter.from_on, response_filter.until_on)
        return [DayCount(*row) for row in db.session.execute(statement)]
    counted = db.session.execute(count_scores(*list_conditions(survey, response_filter)))
    counts = [DayCount(*row) for row in counted]
    return [count for count in counts if count.score == FLAGGED] if response_filter.flagged else counts


def summarise_counts(kind: str, counts: Iterable[DayCount]) -> Summary:
    """Return the numbers of a kind of survey over any counts, also those of several surveys."""
    by_score: Counter[int] = Counter()
    partial = 0
    for count in counts:
        by_score[count.score] += count.responses
        if count.score != FLAGGED:
            partial += count.responses - count.completed
    flagged, skipped = by_score.pop(FLAGGED, 0), by_score.pop(NO_SCORE, 0)
    buckets = dict.fromkeys(BUCKETS.get(kind, ()), 0)
    for given, responses in by_score.items():
        buckets[bucket_of(kind, given)] += responses
    score, interval = score_and_interval(kind, buckets) if buckets else (None, None)
    scored = by_score.total()
    return Summary(
        kind=kind,
        score=score,
        interval=interval,
        responses=scored + skipped,
        scored=scored,
        skipped=skipped,
        partial=partial,
        flagged=flagged,
        buckets=buckets,
        distribution={given: by_score[given] for given in SCORES.get(kind, ())},
    )
