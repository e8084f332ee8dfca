"""An answer is stored exactly once, may be continued while it is unfinished, and never changes afterwards."""

import uuid
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.cast import Cast
from tests.embed.shopper import assert_problem, make_survey, post_answer, read_json
from widget.core.db import db
from widget.surveys.models import SurveyResponse
from widget.surveys.rollup_models import SurveyStaleDay

PARTIAL = {"answers": {"score": 3}, "completed": False, "hidden": {"order_id": "7"}}
FINAL = {"answers": {"score": 4, "comment": "Late"}, "completed": True, "hidden": {"order_id": "7"}}


@pytest.fixture
def nps(app: Flask, cast: Cast) -> uuid.UUID:
    return make_survey(app, cast.maple)


def rows(app: Flask) -> list[SurveyResponse]:
    with app.app_context():
        return list(db.session.scalars(db.select(SurveyResponse)))


@pytest.mark.parametrize(
    "body",
    [
        {"answers": {"score": 9}},
        {"answers": {"comment": "x"}},
        {"answers": {"score": 9, "comment": ""}},
        {"answers": {"score": 9}, "hidden": {"order_id": 7, "gift": False, "price": 1.5}},
        {"answers": {"score": 0}, "completed": False},
    ],
)
def test_repeated_answer_gets_the_stored_one(
    app: Flask, client: FlaskClient, cast: Cast, nps: uuid.UUID, body: dict[str, Any]
) -> None:
    body = {"id": str(uuid.uuid4()), **body}
    first, *repeats = (post_answer(client, cast.maple, nps, **body) for _ in range(3))
    assert first.status_code == 201
    assert [repeat.status_code for repeat in repeats] == [200, 200]
    assert all(repeat.json == first.json for repeat in repeats)
    assert len(rows(app)) == 1


@pytest.mark.parametrize(
    "change",
    [
        {"answers": {"score": 1, "comment": "Fine"}},
        {"answers": {"score": 9, "comment": "Other words"}},
        {"answers": {"score": 9}},
        {"answers": {"comment": "Fine"}},
        {"hidden": {"order_id": "8"}},
        {"hidden": {}},
        {"completed": False},
    ],
)
def test_finished_answer_never_changes(
    app: Flask, client: FlaskClient, cast: Cast, nps: uuid.UUID, change: dict[str, Any]
) -> None:
    body = {"id": str(uuid.uuid4()), "answers": {"score": 9, "comment": "Fine"}, "hidden": {"order_id": "7"}}
    read_json(post_answer(client, cast.maple, nps, **body))
    problem = assert_problem(post_answer(client, cast.maple, nps, **{**body, **change}), 409)
    assert problem["type"] == "urn:regulars:problem:response-finished"
    row = rows(app)[0]
    assert (row.score, row.comment, row.hidden) == (9, "Fine", {"order_id": "7"})


def test_unfinished_answer_is_completed_by_its_id(app: Flask, client: FlaskClient, cast: Cast, nps: uuid.UUID) -> None:
    response_id = str(uuid.uuid4())
    assert post_answer(client, cast.maple, nps, id=response_id, **PARTIAL).status_code == 201
    assert rows(app)[0].completed_at is None
    completed = post_answer(client, cast.maple, nps, id=response_id, **FINAL)
    assert completed.status_code == 200
    assert completed.json == {"id": response_id, "completed": True, "score": 4, "comment": "Late"}
    row = rows(app)[0]
    assert row.completed_at is not None
    assert row.completed_at > row.answered_at
    with app.app_context():
        # The day the answer was counted on is counted anew.
        assert db.session.scalars(db.select(SurveyStaleDay)).one().day == row.answered_at.date()


def test_continuation_keeps_what_it_leaves_out(app: Flask, client: FlaskClient, cast: Cast, nps: uuid.UUID) -> None:
    response_id = str(uuid.uuid4())
    for body in (
        {"answers": {"score": 3}, "completed": False, "hidden": {"order_id": "7"}, "elapsed_ms": 5000},
        {"answers": {"comment": "Late"}, "completed": True, "hidden": {"product": "Mug"}},
    ):
        read_json(post_answer(client, cast.maple, nps, id=response_id, **body))
    row = rows(app)[0]
    assert (row.score, row.comment, row.elapsed_ms) == (3, "Late", 5000)
    assert row.hidden == {"order_id": "7", "product": "Mug"}


def test_repeated_continuation_gets_the_stored_answer(client: FlaskClient, cast: Cast, nps: uuid.UUID) -> None:
    # What is stored is more than the last request says, and the request's repeat is a repeat all the same.
    response_id = str(uuid.uuid4())
    read_json(post_answer(client, cast.maple, nps, id=response_id, **PARTIAL))
    last = {"id": response_id, "answers": {"comment": "Late"}, "completed": True}
    first, second = (post_answer(client, cast.maple, nps, **last) for _ in range(2))
    assert (first.status_code, second.status_code) == (200, 200)
    assert first.json == second.json == {"id": response_id, "completed": True, "score": 3, "comment": "Late"}


def test_continued_and_finished_answer_never_changes(
    app: Flask, client: FlaskClient, cast: Cast, nps: uuid.UUID
) -> None:
    response_id = str(uuid.uuid4())
    for body in (PARTIAL, FINAL):
        read_json(post_answer(client, cast.maple, nps, id=response_id, **body))
    for change in (
        {"answers": {"score": 5}},
        {"answers": {"score": 4, "comment": "x"}},
        {"hidden": {"a": "b"}},
    ):
        assert_problem(post_answer(client, cast.maple, nps, **{**FINAL, "id": response_id, **change}), 409)
    assert (rows(app)[0].score, rows(app)[0].comment) == (4, "Late")


def test_partial_that_arrives_after_the_final_changes_nothing(
    app: Flask, client: FlaskClient, cast: Cast, nps: uuid.UUID
) -> None:
    response_id = str(uuid.uuid4())
    read_json(post_answer(client, cast.maple, nps, id=response_id, **FINAL))
    assert_problem(post_answer(client, cast.maple, nps, id=response_id, **PARTIAL), 409)
    assert (rows(app)[0].score, rows(app)[0].comment) == (4, "Late")
    assert rows(app)[0].completed_at is not None


def test_id_of_another_surveys_answer_is_refused(app: Flask, client: FlaskClient, cast: Cast, nps: uuid.UUID) -> None:
    csat = make_survey(app, cast.maple, "csat")
    response_id = str(uuid.uuid4())
    for first, body in ((True, PARTIAL), (False, PARTIAL)):
        response = post_answer(client, cast.maple, nps if first else csat, id=response_id, **body)
        assert response.status_code == (201 if first else 409)
    assert [row.survey_id for row in rows(app)] == [nps]


def test_other_site_may_use_the_same_id(app: Flask, client: FlaskClient, cast: Cast, nps: uuid.UUID) -> None:
    bobs_survey = make_survey(app, cast.bobs)
    response_id = str(uuid.uuid4())
    assert post_answer(client, cast.maple, nps, id=response_id, **PARTIAL).status_code == 201
    assert post_answer(client, cast.bobs, bobs_survey, id=response_id, **FINAL).status_code == 201
    assert {(row.site_id, row.score) for row in rows(app)} == {(cast.maple.id, 3), (cast.bobs.id, 4)}


@pytest.mark.parametrize("spelling", ["upper", "braces", "urn", "bare"])
def test_one_id_in_another_spelling_is_the_same_answer(
    app: Flask, client: FlaskClient, cast: Cast, nps: uuid.UUID, spelling: str
) -> None:
    response_id = uuid.uuid4()
    spelled = {
        "upper": str(response_id).upper(),
        "braces": f"{{{response_id}}}",
        "urn": response_id.urn,
        "bare": response_id.hex,
    }[spelling]
    read_json(post_answer(client, cast.maple, nps, id=str(response_id)))
    assert post_answer(client, cast.maple, nps, id=spelled).status_code == 200
    assert len(rows(app)) == 1
