"""Answers arrive completely, and only what is known of them is stored."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.cast import Cast
from tests.embed.shopper import assert_problem, make_survey, post_answer, read_json
from widget.core.clock import utc_now
from widget.core.db import begin_writing, db
from widget.sites.models import Site
from widget.surveys.models import Survey, SurveyField, SurveyResponse
from widget.surveys.recording import MAX_FIELD_NAMES
from widget.surveys.service import change_survey


@pytest.fixture
def nps(app: Flask, cast: Cast) -> uuid.UUID:
    return make_survey(app, cast.maple)


def stored(app: Flask) -> SurveyResponse:
    """Return the only answer there is."""
    with app.app_context():
        return db.session.scalars(db.select(SurveyResponse)).one()


def test_new_answer_is_stored(app: Flask, client: FlaskClient, cast: Cast, nps: uuid.UUID) -> None:
    response_id = uuid.uuid4()
    response = post_answer(
        client,
        cast.maple,
        nps,
        id=str(response_id),
        answers={"score": 9, "comment": "Lovely, grazie! 🍁"},
        hidden={"order_id": 7, "gift": True, "product": "Mug"},
        language="it-IT",
        page_url="https://maple.example/thanks?email=carol@maple.example#top",
        elapsed_ms=4200,
        website="",
    )
    assert response.status_code == 201
    document = {"id": str(response_id), "completed": True, "score": 9, "comment": "Lovely, grazie! 🍁"}
    assert response.json == document
    row = stored(app)
    assert (row.site_id, row.id, row.survey_id, row.kind) == (cast.maple.id, response_id, nps, "nps")
    assert (row.score, row.comment) == (9, "Lovely, grazie! 🍁")
    assert row.hidden == {"order_id": "7", "gift": "true", "product": "Mug"}
    assert (row.language, row.page_url) == ("it-IT", "https://maple.example/thanks")
    assert (row.elapsed_ms, row.source, row.flag) == (4200, "widget", None)
    assert row.answered_at == row.completed_at


def test_servers_clock_gives_the_time(app: Flask, client: FlaskClient, cast: Cast, nps: uuid.UUID) -> None:
    before = utc_now()
    read_json(post_answer(client, cast.maple, nps))
    assert before <= stored(app).answered_at <= utc_now() < before + timedelta(minutes=1)


def test_comment_without_score_is_an_answer(app: Flask, client: FlaskClient, cast: Cast, nps: uuid.UUID) -> None:
    read_json(post_answer(client, cast.maple, nps, answers={"comment": "No number fits"}))
    assert (stored(app).score, stored(app).comment) == (None, "No number fits")


def test_empty_comment_is_none(app: Flask, client: FlaskClient, cast: Cast, nps: uuid.UUID) -> None:
    assert read_json(post_answer(client, cast.maple, nps, answers={"score": 0, "comment": ""}))["comment"] is None
    assert (stored(app).score, stored(app).comment) == (0, None)


@pytest.mark.parametrize(("kind", "scores"), [("nps", range(11)), ("csat", range(1, 6))])
def test_every_score_of_the_scale_is_taken(
    app: Flask, client: FlaskClient, cast: Cast, kind: str, scores: range
) -> None:
    survey_id = make_survey(app, cast.maple, kind)
    for score in scores:
        assert read_json(post_answer(client, cast.maple, survey_id, answers={"score": score}))["score"] == score


@pytest.mark.parametrize(
    ("changes", "flag"),
    [
        ({"elapsed_ms": 399}, "too_fast"),
        ({"elapsed_ms": 400}, None),
        ({"elapsed_ms": 0}, "too_fast"),
        ({"website": "https://spam.example", "elapsed_ms": 2_999}, "honeypot"),
        ({"website": "https://spam.example"}, "honeypot"),
        ({"website": "filled by a password manager", "elapsed_ms": 20_000}, None),
    ],
)
def test_suspicious_answer_is_kept_and_flagged(
    app: Flask, client: FlaskClient, cast: Cast, nps: uuid.UUID, changes: dict[str, Any], flag: str | None
) -> None:
    assert post_answer(client, cast.maple, nps, **changes).status_code == 201
    assert stored(app).flag == flag


def test_new_hidden_fields_become_known(app: Flask, client: FlaskClient, cast: Cast, nps: uuid.UUID) -> None:
    for hidden in ({"order_id": "1"}, {"order_id": "2", "product": "Mug"}):
        read_json(post_answer(client, cast.maple, nps, hidden=hidden))
    with app.app_context():
        assert set(db.session.scalars(db.select(SurveyField.name))) == {"order_id", "product"}


def test_answer_with_too_many_known_fields_is_kept_whole(
    app: Flask, client: FlaskClient, cast: Cast, nps: uuid.UUID
) -> None:
    for batch in range(4):
        hidden = {f"field_{batch}_{number}": "x" for number in range(20)}
        read_json(post_answer(client, cast.maple, nps, hidden=hidden))
    with app.app_context():
        assert len(db.session.scalars(db.select(SurveyField.name)).all()) == MAX_FIELD_NAMES
        assert sum(len(row.hidden) for row in db.session.scalars(db.select(SurveyResponse))) == 80


@pytest.mark.parametrize(("state", "status"), [("live", 201), ("paused", 201), ("archived", 404)])
def test_survey_takes_answers_until_it_is_archived(
    app: Flask, client: FlaskClient, cast: Cast, nps: uuid.UUID, state: str, status: int
) -> None:
    # A paused survey asks nobody any more, but whoever has it open may still answer.
    with app.app_context():
        begin_writing()
        site = db.session.get_one(Site, cast.maple.id)
        change_survey(site, db.session.get_one(Survey, (cast.maple.id, nps)), state=state)
        db.session.commit()
    assert post_answer(client, cast.maple, nps).status_code == status


def test_other_sites_survey_is_not_there(app: Flask, client: FlaskClient, cast: Cast, nps: uuid.UUID) -> None:
    assert_problem(post_answer(client, cast.bobs, nps), 404)
    with app.app_context():
        assert db.session.scalars(db.select(SurveyResponse)).first() is None
