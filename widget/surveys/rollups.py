"""Bringing the daily rollup forward, so that a survey's numbers cost the same however many answers it has.

Answers and impressions are counted once, when they are old enough that no transaction with an earlier time
can still be open; days whose answers change afterwards are marked stale and counted anew. The survey's row
of `survey_rollups` is the lock: two workers never count the same rows.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, and_, delete, exists, func, literal, or_, select, update

from widget.core.clock import utc_now
from widget.core.db import UTCDateTime, db, insert_unless_known, writing_connection
from widget.surveys.conditions import Condition, is_within_days
from widget.surveys.counting import BEGINNING, SurveyKey, When, belongs_to, count_scores, list_ask_counts
from widget.surveys.models import Survey, SurveyImpression, SurveyResponse
from widget.surveys.rollup_models import SurveyDailyAsk, SurveyDailyScore, SurveyRollup, SurveyStaleDay

# Longer than a statement may take to commit (30 seconds), so that nothing appears below the watermark.
SETTLED_AFTER = timedelta(seconds=60)
BATCH_ROWS = 20_000
BATCH_DAYS = 20
_TIMES = (
    (SurveyResponse, SurveyResponse.answered_at),
    (SurveyImpression, SurveyImpression.shown_at),
    (SurveyImpression, SurveyImpression.dismissed_at),
)


def list_due_surveys() -> Sequence[SurveyKey]:
    """Return the surveys of all sites that have rows to count or days to count anew."""
    settled_until = utc_now() - SETTLED_AFTER
    counted_until = func.coalesce(SurveyRollup.counted_until, literal(BEGINNING, UTCDateTime()))

    def has(table: Any, *conditions: Condition) -> Condition:
        belongs = and_(table.site_id == Survey.site_id, table.survey_id == Survey.id)
        return exists().where(belongs, *conditions).correlate(Survey, SurveyRollup)

    is_same_survey = and_(SurveyRollup.site_id == Survey.site_id, SurveyRollup.survey_id == Survey.id)
    has_rows = (has(table, at > counted_until, at <= settled_until) for table, at in _TIMES)
    statement = (
        select(Survey.site_id, Survey.id)
        .outerjoin(SurveyRollup, is_same_survey)
        .where(or_(*has_rows, has(SurveyStaleDay)))
        .order_by(Survey.site_id, Survey.id)
    )
    with db.engine.connect() as connection:
        return [SurveyKey(*row) for row in connection.execute(statement)]


def list_stale_days(survey: SurveyKey) -> Sequence[date]:
    """Return the days of a survey that changed since they were counted."""
    with db.engine.connect() as connection:
        return connection.scalars(
            select(SurveyStaleDay.day).where(belongs_to(SurveyStaleDay, survey)).order_by(SurveyStaleDay.day)
        ).all()


def count_next_batch(survey: SurveyKey) -> bool:
    """Count one batch of settled rows into the rollup; return whether there are more."""
    with writing_connection() as connection:
        counted_until = _lock_watermark(connection, survey)
        settled_until = utc_now() - SETTLED_AFTER
        batch_until = _find_batch_end(connection, survey, counted_until, settled_until)
        if counted_until == BEGINNING:
            # Nothing is counted yet, so nothing of it can be stale.
            connection.execute(delete(SurveyStaleDay).where(belongs_to(SurveyStaleDay, survey)))

        def is_in_batch(at: Any) -> Condition:
            return and_(at > counted_until, at <= batch_until)

        _add_counts(connection, survey, is_in_batch)
        connection.execute(
            update(SurveyRollup).where(belongs_to(SurveyRollup, survey)).values(counted_until=batch_until)
        )
        return batch_until < settled_until


def recount_days(survey: SurveyKey, days: Sequence[date]) -> None:
    """Count stale days anew, as far as the rollup has come."""
    with writing_connection() as connection:
        counted_until = _lock_watermark(connection, survey)
        for day in days:
            _recount_day(connection, survey, day, counted_until)


def _recount_day(connection: Connection, survey: SurveyKey, day: date, counted_until: datetime) -> None:
    # The mark goes first: it waits for whoever is changing the day, and a later change marks it again.
    for table in (SurveyStaleDay, SurveyDailyScore, SurveyDailyAsk):
        connection.execute(delete(table).where(belongs_to(table, survey), table.day == day))

    def is_counted_on_day(at: Any) -> Condition:
        return and_(at <= counted_until, *is_within_days(at, day, day))

    _add_counts(connection, survey, is_counted_on_day)


def _lock_watermark(connection: Connection, survey: SurveyKey) -> datetime:
    """Return how far the survey is counted, and keep other workers out until the transaction ends."""
    connection.execute(
        insert_unless_known(SurveyRollup)
        .values(site_id=survey.site_id, survey_id=survey.id, counted_until=BEGINNING)
        .on_conflict_do_nothing()
    )
    watermark = select(SurveyRollup.counted_until).where(belongs_to(SurveyRollup, survey))
    return connection.scalars(watermark.with_for_update()).one()


def _find_batch_end(
    connection: Connection, survey: SurveyKey, counted_until: datetime, settled_until: datetime
) -> datetime:
    ends = [settled_until]
    for table, at in _TIMES:
        end = connection.scalar(
            select(at)
            .where(belongs_to(table, survey), at > counted_until, at <= settled_until)
            .order_by(at)
            .offset(BATCH_ROWS - 1)
            .limit(1)
        )
        if end is not None:
            ends.append(end)
    return max(min(ends), counted_until)


def _add_counts(connection: Connection, survey: SurveyKey, when: When) -> None:
    scores = count_scores(belongs_to(SurveyResponse, survey), when(SurveyResponse.answered_at))
    _add(connection, survey, SurveyDailyScore, connection.execute(scores).mappings().all())
    for counts in list_ask_counts(survey, when):
        _add(connection, survey, SurveyDailyAsk, connection.execute(counts).mappings().all())


def _add(connection: Connection, survey: SurveyKey, table: Any, rows: Sequence[Any]) -> None:
    if not rows:
        return
    key = [column.name for column in table.__table__.primary_key]
    statement = insert_unless_known(table)
    sums = {
        column.name: column + statement.excluded[column.name]
        for column in table.__table__.columns
        if column.name not in key
    }
    connection.execute(
        statement.on_conflict_do_update(index_elements=key, set_=sums),
        [{"site_id": survey.site_id, "survey_id": survey.id, **row} for row in rows],
    )
