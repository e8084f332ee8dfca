"""Whatever happens in whatever order, a survey's numbers are those of counting every row."""

import uuid
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.applications import wipe
from tests.cast import Cast, make_cast
from tests.long_run import at_length
from tests.surveys.builders import make_response, make_survey, on
from widget.core.clock import utc_now
from widget.core.db import begin_writing, db, writing_connection
from widget.core.hot import hot_cursor
from widget.surveys import queries, rollups
from widget.surveys.counting import FLAGGED, NO_SCORE
from widget.surveys.errors import ResponseFinished
from widget.surveys.filters import ResponseFilter
from widget.surveys.models import Survey, SurveyImpression, SurveyResponse
from widget.surveys.published import PublishedSurvey
from widget.surveys.recording import Sender, mark_day_stale, record_response
from widget.surveys.rollup_models import SurveyDailyScore, SurveyRollup, SurveyStaleDay
from widget.surveys.rules import bucket_of
from widget.surveys.service import record_impressions
from widget.surveys.summaries import count_asks, list_trend, summarise
from widget.surveys.tasks import bring_rollups_forward

START = datetime(2026, 5, 31, 22, 0, tzinfo=UTC)
IDS = [uuid.uuid5(uuid.NAMESPACE_URL, str(place)) for place in range(6)]

answers = st.tuples(
    st.just("answer"),
    st.sampled_from(IDS),
    st.sampled_from([None, 0, 7, 9, 10]),
    st.booleans(),
    st.sampled_from([None, None, "too_fast"]),
)
impressions = st.tuples(st.just("impression"), st.sampled_from(IDS), st.sampled_from(["shown", "dismissed"]))
imports = st.tuples(st.just("import"), st.sampled_from([0, 8, None]), st.integers(0, 60))
waits = st.tuples(st.just("wait"), st.sampled_from([1, 50, 70, 7200]))
counts = st.tuples(st.just("count"), st.just(0))
days_later = st.integers(0, 2).map(lambda days: START.date() + timedelta(days))
ranges = st.tuples(st.none() | days_later, st.none() | days_later)


def publish(survey: Survey) -> PublishedSurvey:
    columns = [name for name in PublishedSurvey.__annotations__ if name != "field_names"]
    return PublishedSurvey(**{name: getattr(survey, name) for name in columns}, field_names=set())


def take_step(survey: Survey, published: PublishedSurvey, step: tuple, clock: time_machine.Traveller) -> None:
    if step[0] == "answer":
        _, response_id, score, completed, flag = step
        submission = {
            "id": response_id,
            "answers": {"score": score, "comment": "x"},
            "completed": completed,
            "hidden": {},
            "language": None,
            "page_url": None,
            "elapsed_ms": None,
        }
        with hot_cursor() as cursor, suppress(ResponseFinished):
            record_response(cursor, survey.site_id, published, submission, Sender(None, None, flag))
    elif step[0] == "impression":
        batch = [
            {"id": step[1], "survey_id": survey.id, "event": step[2], "bucket": 1, "language": None, "page_url": None}
        ]
        with writing_connection() as connection:
            record_impressions(connection, survey.site_id, {survey.id}, batch, None)
    elif step[0] == "import":
        at = utc_now() - timedelta(hours=step[2])
        db.session.rollback()
        begin_writing()
        make_response(survey, step[1], answered_at=at, source="import")
        mark_day_stale(db.session.connection(), survey.site_id, survey.id, at.date())
        db.session.commit()
    elif step[0] == "wait":
        clock.shift(step[1])
    else:
        bring_rollups_forward()


def check_against_rows(survey: Survey, from_on: date | None, until_on: date | None) -> None:
    def is_in_range(at: datetime) -> bool:
        return (from_on is None or at.date() >= from_on) and (until_on is None or at.date() <= until_on)

    db.session.rollback()
    rows = [row for row in db.session.scalars(db.select(SurveyResponse)) if is_in_range(row.answered_at)]
    counted = [row for row in rows if row.flag is None]
    summary = summarise(survey, ResponseFilter(from_on=from_on, until_on=until_on))
    distribution = Counter(row.score for row in counted if row.score is not None)
    assert {score: n for score, n in summary.distribution.items() if n} == distribution
    assert summary.buckets.items() >= Counter(bucket_of("nps", score) for score in distribution.elements()).items()
    assert summary.responses == len(counted) == summary.scored + summary.skipped
    assert summary.partial == sum(row.completed_at is None for row in counted)
    assert summary.flagged == len(rows) - len(counted)
    trend = list_trend(survey, ResponseFilter(from_on=from_on, until_on=until_on), "day")
    assert {point.period_on: point.responses for point in trend} == Counter(row.answered_at.date() for row in counted)
    shown = list(db.session.scalars(db.select(SurveyImpression)))
    widget = [row for row in counted if row.source == "widget"]
    asks = count_asks(survey, from_on, until_on)
    without = {row.id for row in widget} - {row.id for row in shown}
    assert asks.shown == sum(is_in_range(row.shown_at) for row in shown) + len(without)
    assert asks.dismissed == sum(1 for row in shown if row.dismissed_at and is_in_range(row.dismissed_at))
    assert (asks.started, asks.completed) == (len(widget), sum(1 for row in widget if row.completed_at))


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
@pytest.mark.timeout(240)
def test_numbers_equal_the_rows_after_any_history(database: str, request: pytest.FixtureRequest) -> None:
    app: Flask = request.getfixturevalue(f"{database}_app")

    @settings(
        max_examples=at_length(25, otherwise=8), deadline=None, suppress_health_check=list(HealthCheck), database=None
    )
    @given(st.lists(answers | impressions | imports | waits | counts, max_size=25), ranges)
    def check(steps: list[tuple], days: tuple[date | None, date | None]) -> None:
        wipe(app)
        site_id = make_cast(app).maple.id
        with app.app_context(), time_machine.travel(START, tick=False) as clock:
            survey = make_survey(site_id)
            db.session.commit()
            published = publish(survey)
            db.session.commit()
            for step in steps:
                take_step(survey, published, step, clock)
            check_against_rows(survey, *days)
            bring_rollups_forward()
            check_against_rows(survey, *days)

    check()


@pytest.fixture
def survey(app: Flask, cast: Cast) -> Iterator[Survey]:
    with app.app_context():
        survey = make_survey(cast.maple.id)
        db.session.commit()
        yield survey


def test_catching_up_goes_in_batches(survey: Survey, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rollups, "BATCH_ROWS", 10)
    for minute in range(35):
        make_response(survey, 9, answered_at=on("2026-05-01") + timedelta(minutes=minute))
    db.session.commit()
    [key] = rollups.list_due_surveys()
    assert [rollups.count_next_batch(key) for _ in range(4)] == [True, True, True, False]
    assert rollups.list_due_surveys() == []
    assert db.session.scalar(db.select(db.func.sum(SurveyDailyScore.responses))) == 35
    check_against_rows(survey, None, None)


def test_answers_of_one_instant_are_never_parted(survey: Survey, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rollups, "BATCH_ROWS", 2)
    for _ in range(5):
        make_response(survey, 9, answered_at=on("2026-05-01"))
    db.session.commit()
    bring_rollups_forward()
    assert db.session.scalar(db.select(db.func.sum(SurveyDailyScore.responses))) == 5


def test_young_answers_wait_and_are_counted_live(survey: Survey) -> None:
    make_response(survey, 9)
    db.session.commit()
    bring_rollups_forward()
    assert db.session.scalars(db.select(SurveyDailyScore)).all() == []
    assert summarise(survey, ResponseFilter()).scored == 1


def test_numbers_by_day_come_from_the_rollup_alone(survey: Survey) -> None:
    make_response(survey, 10, answered_at=on("2026-05-01"))
    make_response(survey, 0, answered_at=on("2026-05-01"), flag="too_fast")
    make_response(survey, None, answered_at=on("2026-05-01"))
    db.session.commit()
    bring_rollups_forward()
    db.session.execute(db.delete(SurveyResponse))
    summary = summarise(survey, ResponseFilter())
    assert (summary.score, summary.scored, summary.skipped, summary.flagged) == (100.0, 1, 1, 1)
    scores = set(db.session.scalars(db.select(SurveyDailyScore.score)))
    assert scores == {10, NO_SCORE, FLAGGED}


def test_stale_day_is_counted_anew_and_its_mark_goes(survey: Survey) -> None:
    response = make_response(survey, 10, answered_at=on("2026-05-01"), completed_at=None)
    db.session.commit()
    bring_rollups_forward()
    response.score = 0
    mark_day_stale(db.session.connection(), survey.site_id, survey.id, date(2026, 5, 1))
    db.session.commit()
    assert summarise(survey, ResponseFilter()).score == -100.0
    db.session.rollback()
    bring_rollups_forward()
    assert db.session.scalars(db.select(SurveyStaleDay)).all() == []
    assert summarise(survey, ResponseFilter()).score == -100.0


def test_survey_without_answers_has_no_score(survey: Survey) -> None:
    summary = summarise(survey, ResponseFilter())
    assert (summary.score, summary.interval, summary.responses) == (None, None, 0)
    assert list_trend(survey, ResponseFilter(), "month") == []
    assert count_asks(survey, None, None).response_ratio is None


def test_watermark_never_reaches_into_the_last_minute(survey: Survey) -> None:
    make_response(survey, 9, answered_at=utc_now() - timedelta(seconds=90))
    db.session.commit()
    bring_rollups_forward()
    watermark = db.session.scalars(db.select(SurveyRollup.counted_until)).one()
    assert watermark <= utc_now() - timedelta(seconds=59)
    assert queries.get_survey(survey.site_id, survey.id) is survey


def test_workers_at_once_count_every_answer_once(app: Flask, survey: Survey, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rollups, "BATCH_ROWS", 20)
    for minute in range(200):
        make_response(survey, 9, answered_at=on("2026-05-01") + timedelta(minutes=minute))
    db.session.commit()

    def work() -> None:
        with app.app_context():
            bring_rollups_forward()

    with ThreadPoolExecutor(4) as pool:
        for done in [pool.submit(work) for _ in range(4)]:
            done.result()
    assert db.session.scalar(db.select(db.func.sum(SurveyDailyScore.responses))) == 200
