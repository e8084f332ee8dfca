"""Counting answers and impressions by day, from the rows themselves and from the rollup.

Two shapes of rows are counted everywhere: scores (day, source, score, responses, completed) and asks
(day, shown, dismissed). Reading takes the rollup's days, the rows since it was last brought forward, and
the days that changed since, in one statement: it sees one state of the database, so nothing is counted
twice while a worker moves rows from one part to another.
"""

import uuid
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Select,
    and_,
    case,
    exists,
    func,
    literal,
    select,
    union_all,
)

from widget.core.db import UTCDateTime
from widget.surveys.conditions import Condition, is_between_days, is_within_days, utc_day
from widget.surveys.models import Survey, SurveyImpression, SurveyResponse
from widget.surveys.rollup_models import SurveyDailyAsk, SurveyDailyScore, SurveyRollup, SurveyStaleDay

NO_SCORE = -1
FLAGGED = -2
BEGINNING = datetime(1, 1, 1, tzinfo=UTC)
END = datetime(9999, 12, 31, tzinfo=UTC)

Counts = Select[Any]
# Picks rows by their time: takes the time's column and returns the condition.
When = Callable[[Any], Condition]


class SurveyKey(NamedTuple):
    """Which survey, where its row is not at hand."""

    site_id: uuid.UUID
    id: uuid.UUID


def belongs_to(table: Any, survey: Survey | SurveyKey) -> Condition:
    """Return the condition that a table's row belongs to a survey."""
    return and_(table.site_id == survey.site_id, table.survey_id == survey.id)


def count_scores(*conditions: Condition) -> Counts:
    """Count the answers that meet the conditions, as rows of the scores' shape."""
    day = utc_day(SurveyResponse.answered_at).label("day")
    score = case(
        (SurveyResponse.flag.is_not(None), FLAGGED), else_=func.coalesce(SurveyResponse.score, NO_SCORE)
    ).label("score")
    return (
        select(
            day,
            SurveyResponse.source,
            score,
            func.count().label("responses"),
            func.count(SurveyResponse.completed_at).label("completed"),
        )
        .where(*conditions)
        .group_by(day, SurveyResponse.source, score)
    )


def list_ask_counts(survey: Survey | SurveyKey, when: When) -> list[Counts]:
    """Return the three counts whose rows add up to a survey's asks at the times that `when` picks.

    An answer whose impression never arrived shows that the survey was shown all the same.
    """
    has_impression = exists().where(
        SurveyImpression.site_id == SurveyResponse.site_id, SurveyImpression.id == SurveyResponse.id
    )
    return [
        _count_asks(SurveyImpression.shown_at, 1, 0).where(
            belongs_to(SurveyImpression, survey), when(SurveyImpression.shown_at)
        ),
        _count_asks(SurveyImpression.dismissed_at, 0, 1).where(
            belongs_to(SurveyImpression, survey),
            SurveyImpression.dismissed_at.is_not(None),
            when(SurveyImpression.dismissed_at),
        ),
        _count_asks(SurveyResponse.answered_at, 1, 0).where(
            belongs_to(SurveyResponse, survey),
            SurveyResponse.source == "widget",
            SurveyResponse.flag.is_(None),
            ~has_impression,
            when(SurveyResponse.answered_at),
        ),
    ]


def _count_asks(at: Any, shown: int, dismissed: int) -> Counts:
    day = utc_day(at).label("day")
    return select(day, (func.count() * shown).label("shown"), (func.count() * dismissed).label("dismissed")).group_by(
        day
    )


def read_scores(survey: Survey, from_on: date | None, until_on: date | None) -> CompoundSelect[Any]:
    """Return the statement of all scores in a range of days, exact at this moment."""
    return union_all(
        select(
            SurveyDailyScore.day,
            SurveyDailyScore.source,
            SurveyDailyScore.score,
            SurveyDailyScore.responses,
            SurveyDailyScore.completed,
        ).where(*_is_rolled_up(SurveyDailyScore, survey, from_on, until_on)),
        *(
            count_scores(belongs_to(SurveyResponse, survey), when(SurveyResponse.answered_at))
            for when in _list_live_times(survey, from_on, until_on)
        ),
    )


def read_asks(survey: Survey, from_on: date | None, until_on: date | None) -> CompoundSelect[Any]:
    """Return the statement of all asks in a range of days, exact at this moment."""
    return union_all(
        select(SurveyDailyAsk.day, SurveyDailyAsk.shown, SurveyDailyAsk.dismissed).where(
            *_is_rolled_up(SurveyDailyAsk, survey, from_on, until_on)
        ),
        *(counts for when in _list_live_times(survey, from_on, until_on) for counts in list_ask_counts(survey, when)),
    )


def _is_rolled_up(table: Any, survey: Survey, from_on: date | None, until_on: date | None) -> list[Condition]:
    conditions = [belongs_to(table, survey), table.day.not_in(_stale_days(survey))]
    if from_on is not None:
        conditions.append(table.day >= from_on)
    if until_on is not None:
        conditions.append(table.day <= until_on)
    return conditions


def _list_live_times(survey: Survey, from_on: date | None, until_on: date | None) -> list[When]:
    def since_rollup(at: Any) -> Condition:
        return and_(
            at > _counted_until(survey),
            # No time lies beyond this, but with two ends PostgreSQL expects few rows and takes the index.
            at < END,
            utc_day(at).not_in(_stale_days(survey)),
            *is_within_days(at, from_on, until_on),
        )

    def on_stale_days(at: Any) -> Condition:
        first, last = (
            select(end(SurveyStaleDay.day)).where(belongs_to(SurveyStaleDay, survey)).scalar_subquery()
            for end in (func.min, func.max)
        )
        return and_(
            is_between_days(at, first, last),
            utc_day(at).in_(_stale_days(survey)),
            *is_within_days(at, from_on, until_on),
        )

    return [since_rollup, on_stale_days]


def _stale_days(survey: Survey) -> Select[tuple[date]]:
    return select(SurveyStaleDay.day).where(belongs_to(SurveyStaleDay, survey))


def _counted_until(survey: Survey) -> ColumnElement[datetime]:
    watermark = select(SurveyRollup.counted_until).where(belongs_to(SurveyRollup, survey)).scalar_subquery()
    return func.coalesce(watermark, literal(BEGINNING, UTCDateTime()))
