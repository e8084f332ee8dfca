"""Exactly once, also when a hundred requests of one answer arrive at the same moment."""

import uuid

import pytest
from sqlalchemy import select

from tests.durability.browsers import Browsers, new_answer
from tests.embed.shopper import make_survey
from tests.servers import LiveServer
from widget.core.db import db
from widget.surveys.models import SurveyResponse

REPLAYS = 100
RIVALS = 16


def stored(server: LiveServer) -> list[SurveyResponse]:
    with server.app.app_context():
        return list(db.session.scalars(select(SurveyResponse)))


def test_hundred_replays_of_one_id_leave_one_row(running_server: LiveServer, browsers: Browsers) -> None:
    body = new_answer()
    answers = browsers.post_together([body] * REPLAYS)
    assert sorted(status for status, _ in answers) == [200] * (REPLAYS - 1) + [201]
    expected = {"id": body["id"], "completed": True, "score": 9, "comment": "Lovely"}
    assert all(document == expected for _, document in answers)
    assert [str(row.id) for row in stored(running_server)] == [body["id"]]


def test_rival_finals_of_one_id_leave_the_one_that_was_acknowledged(
    running_server: LiveServer, browsers: Browsers
) -> None:
    response_id = str(uuid.uuid4())
    bodies = [new_answer(id=response_id, comment=f"words {number}") for number in range(RIVALS)]
    answers = browsers.post_together(bodies)
    assert sorted(status for status, _ in answers) == [201] + [409] * (RIVALS - 1)
    winner = next(document for status, document in answers if status == 201)
    assert [row.comment for row in stored(running_server)] == [winner["comment"]]


@pytest.mark.parametrize("is_same_text", [True, False], ids=["same", "rivals"])
def test_unfinished_answer_is_continued_once(
    running_server: LiveServer, browsers: Browsers, is_same_text: bool
) -> None:
    response_id = str(uuid.uuid4())
    partial = new_answer(id=response_id, answers={"score": 3}, completed=False)
    assert browsers.post(partial)[0] == 201
    texts = ["words" if is_same_text else f"words {number}" for number in range(RIVALS)]
    finals = [new_answer(id=response_id, answers={"comment": text}) for text in texts]
    answers = browsers.post_together(finals)
    accepted = RIVALS if is_same_text else 1
    assert sorted(status for status, _ in answers) == [200] * accepted + [409] * (RIVALS - accepted)
    winner = next(document for status, document in answers if status == 200)
    (row,) = stored(running_server)
    assert (row.score, row.comment) == (3, winner["comment"])
    assert row.completed_at is not None


def test_partial_and_final_in_any_order_end_as_the_final(running_server: LiveServer, browsers: Browsers) -> None:
    pairs = []
    for _ in range(RIVALS):
        response_id = str(uuid.uuid4())
        pairs.append(new_answer(id=response_id, answers={"score": 3}, completed=False))
        pairs.append(new_answer(id=response_id))
    answers = browsers.post_together(pairs)
    assert all(status in (200, 201) for status, _ in answers[1::2])
    assert all(status in (200, 201, 409) for status, _ in answers[::2])
    rows = stored(running_server)
    assert len(rows) == RIVALS
    assert {(row.score, row.comment, row.completed_at is not None) for row in rows} == {(9, "Lovely", True)}


def test_one_id_for_two_surveys_belongs_to_the_first(running_server: LiveServer, browsers: Browsers) -> None:
    other = Browsers(browsers.port, browsers.site, make_survey(running_server.app, browsers.site, "csat"))
    body = new_answer(answers={"score": 4})
    assert browsers.post(body)[0] == 201
    status, problem = other.post(body)
    assert (status, problem["type"]) == (409, "urn:regulars:problem:response-id-taken")
    assert [row.survey_id for row in stored(running_server)] == [browsers.survey_id]
