"""Answers to a survey's questions arrive, are continued, go out in files and come back in."""

import csv
import io
import json
import uuid
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.cast import Cast
from tests.embed.shopper import assert_problem, make_survey, open_session, post_answer, read_json
from tests.surveys.questionnaires import ANSWERS, DEFINITION, TEXTS
from tests.surveys.test_imports import export, list_rows, run_import, write
from widget.core.db import db
from widget.customers.models import Customer, CustomerAttribute
from widget.surveys.models import SurveyResponse

QUIZ = {
    "definition": {
        "questions": [
            {"key": "q1", "type": "single", "choices": [{"id": "a", "outcome": "calm"}, {"id": "b", "outcome": "wild"}]}
        ],
        "outcomes": [{"id": "calm"}, {"id": "wild"}],
    },
    "texts": {
        "en": {
            "questions": {"q1": {"question": "Which?", "choices": {"a": "Blue", "b": "Red"}}},
            "outcomes": {"calm": {"title": "Calm"}, "wild": {"title": "Wild"}},
        }
    },
}


@pytest.fixture
def form(app: Flask, cast: Cast) -> uuid.UUID:
    return make_survey(app, cast.maple, "form", definition=DEFINITION, texts=TEXTS)


def rows(app: Flask) -> list[SurveyResponse]:
    with app.app_context():
        return list(db.session.scalars(db.select(SurveyResponse).order_by(SurveyResponse.answered_at)))


def test_answers_to_every_type_of_question_are_stored(
    app: Flask, client: FlaskClient, cast: Cast, form: uuid.UUID
) -> None:
    stored = read_json(post_answer(client, cast.maple, form, answers=ANSWERS))
    assert stored["answers"] == ANSWERS
    row = rows(app)[0]
    assert (row.answers, row.score, row.comment, row.survey_version, row.source) == (ANSWERS, None, None, 1, "widget")
    listed = client.get(f"/api/v1/surveys/{form}/responses", headers=cast.maple.store_headers)
    assert listed.json is not None
    item = listed.json["items"][0]
    assert (item["answers"], item["survey_version"], item["score"], item["bucket"]) == (ANSWERS, 1, None, None)


def test_repeat_of_answers_gets_the_stored_ones(app: Flask, client: FlaskClient, cast: Cast, form: uuid.UUID) -> None:
    body = {"id": str(uuid.uuid4()), "answers": ANSWERS}
    first, second = (post_answer(client, cast.maple, form, **body) for _ in range(2))
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json == second.json
    changed = {**body, "answers": {**ANSWERS, "look": 1}}
    assert_problem(post_answer(client, cast.maple, form, **changed), 409)
    assert len(rows(app)) == 1


def test_answers_grow_step_by_step_and_the_last_say_is_kept(
    app: Flask, client: FlaskClient, cast: Cast, form: uuid.UUID
) -> None:
    response_id = str(uuid.uuid4())
    steps: list[dict[str, Any]] = [
        {"ease": 3},
        {"ease": 3, "why": "late", "days_late": 2},
        # The shopper goes back and chooses another way.
        {"ease": 3, "why": "price", "words": "Too much"},
    ]
    for answers in steps:
        post_answer(client, cast.maple, form, id=response_id, answers=answers, completed=False)
        assert rows(app)[0].answers == answers
    # A step that was held up on its way and arrives late takes nothing away.
    read_json(post_answer(client, cast.maple, form, id=response_id, answers=steps[0], completed=False))
    assert rows(app)[0].answers == steps[2]
    # A text that was taken back before the end is not kept.
    final = {"ease": 3, "why": "price"}
    assert read_json(post_answer(client, cast.maple, form, id=response_id, answers=final))["answers"] == final
    assert rows(app)[0].answers == final


@pytest.mark.parametrize(
    ("answers", "completed", "pointer"),
    [
        ({"ease": 9}, True, "#/answers/ease"),
        ({"look": 3}, True, "#/answers/ease"),
        ({"ease": 1, "days_late": 3}, False, "#/answers/days_late"),
        ({"ease": 1, "surprise": 3}, True, "#/answers/surprise"),
        ({"born": "1990-05-31"}, False, "#/answers/born.consent"),
        ({"ease": 1, "comment": "x"}, True, "#/answers/comment"),
        ({"ease": 1, "score": 5}, True, "#/answers/score"),
        ({}, False, "#/answers"),
        ({"words": "\x00", "ease": 1}, True, "#/answers/words"),
        ({"liked": [{"a": 1}]}, False, "#/answers/liked"),
    ],
)
def test_answers_the_survey_does_not_take_are_refused_by_name(
    app: Flask, client: FlaskClient, cast: Cast, form: uuid.UUID, answers: dict[str, Any], completed: bool, pointer: str
) -> None:
    problem = assert_problem(post_answer(client, cast.maple, form, answers=answers, completed=completed), 422)
    assert [error["pointer"] for error in problem["errors"]] == [pointer]
    assert rows(app) == []


def test_quiz_says_its_outcome_once_it_follows(app: Flask, client: FlaskClient, cast: Cast) -> None:
    quiz = make_survey(app, cast.maple, "quiz", **QUIZ)
    stored = read_json(post_answer(client, cast.maple, quiz, answers={"q1": "b"}))
    assert stored["answers"] == {"q1": "b", "outcome": "wild"}
    assert_problem(post_answer(client, cast.maple, quiz, answers={"q1": "b", "outcome": "calm"}), 422)


@pytest.mark.parametrize("kind", ["form", "quiz"])
def test_survey_without_a_score_has_numbers_without_one(
    app: Flask, client: FlaskClient, cast: Cast, form: uuid.UUID, kind: str
) -> None:
    survey_id = form if kind == "form" else make_survey(app, cast.maple, "quiz", **QUIZ)
    read_json(post_answer(client, cast.maple, survey_id, answers={"ease": 1} if kind == "form" else {"q1": "a"}))
    summary = read_json(client.get(f"/api/v1/surveys/{survey_id}/summary", headers=cast.maple.store_headers))
    assert (summary["score"], summary["interval"], summary["buckets"], summary["distribution"]) == (None, None, {}, {})
    assert (summary["responses"], summary["scored"], summary["skipped"]) == (1, 0, 1)
    trend = read_json(client.get(f"/api/v1/surveys/{survey_id}/trend", headers=cast.maple.store_headers))
    assert [point["score"] for point in trend["items"]] == [None]


def test_customer_keeps_the_profile_they_gave_with_the_words_they_agreed_to(
    app: Flask, client: FlaskClient, cast: Cast, form: uuid.UUID
) -> None:
    opened = read_json(open_session(client, cast.maple, customer_token=cast.maple.sign_customer("carol")))
    known = {"Authorization": f"Bearer {opened['session_token']}"}
    body = {"id": str(uuid.uuid4()), "answers": ANSWERS, "language": "it-IT"}
    read_json(post_answer(client, cast.maple, form, headers=known, **body))
    before = profile(app)
    assert {name: row.value for name, row in before.items()} == {"birthday": "--02-29", "interests": ["mugs", "tea"]}
    assert before["birthday"].consent_text == "Potete conservare la mia data di nascita per farmi gli auguri."
    assert (before["birthday"].language, before["birthday"].source) == ("it", f"survey:{form}")
    later = {**ANSWERS, "born": "1990-05-31"}
    read_json(post_answer(client, cast.maple, form, headers=known, answers=later))
    read_json(post_answer(client, cast.maple, form, headers=known, **body))
    assert profile(app)["birthday"].value == "1990-05-31"


def test_stranger_has_no_profile(app: Flask, client: FlaskClient, cast: Cast, form: uuid.UUID) -> None:
    read_json(post_answer(client, cast.maple, form, answers=ANSWERS))
    assert profile(app) == {}


def profile(app: Flask) -> dict[str, CustomerAttribute]:
    with app.app_context():
        return {row.name: row for row in db.session.scalars(db.select(CustomerAttribute).join(Customer))}


def test_answers_survive_export_and_import(
    app: Flask, client: FlaskClient, cast: Cast, form: uuid.UUID, tmp_path: Path
) -> None:
    for answers in (ANSWERS, {"ease": 7, "words": "'=1+1"}, {"ease": 1, "liked": ["broken"], "words": "@a;b"}):
        read_json(post_answer(client, cast.maple, form, answers=answers))
    read_json(post_answer(client, cast.maple, form, answers={"look": 2}, completed=False))
    stored = [(row.answers, row.survey_version) for row in rows(app)]
    for file_format in ("csv", "jsonl"):
        path = tmp_path / f"answers.{file_format}"
        path.write_bytes(export(app, cast, form, file_format))
        copy = make_survey(app, cast.maple, "form", definition=DEFINITION, texts=TEXTS)
        assert "4 rows: 4 new, 0 known already, 0 refused." in run_import(app, path, copy)
        assert [(row.answers, row.survey_version) for row in list_rows(app, copy)] == stored
        assert "4 rows: 0 new, 4 known already, 0 refused." in run_import(app, path, copy)
        assert "4 rows: 0 new, 4 known already, 0 refused." in run_import(app, path, form)


def test_file_has_a_column_for_every_question_there_ever_was(
    app: Flask, client: FlaskClient, cast: Cast, form: uuid.UUID
) -> None:
    read_json(post_answer(client, cast.maple, form, answers=ANSWERS))
    new = {"definition": {"questions": [{"key": "new", "type": "text"}, DEFINITION["questions"][0]]}}
    new["texts"] = {"en": {"questions": {name: {"question": "?"} for name in ("new", "ease")}}}
    assert client.patch(f"/api/v1/surveys/{form}", json=new, headers=cast.maple.store_headers).status_code == 200
    header, row = csv.reader(io.StringIO(export(app, cast, form).decode(), newline=""))
    columns = [name for name in header if name.startswith("answers.")]
    assert columns == [f"answers.{name}" for name in [
        "ease", "look", "mood", "why", "why.other", "days_late", "liked", "liked.other", "words", "born",
        "born.consent", "likes", "likes.consent", "new",
    ]]  # fmt: skip
    cells = dict(zip(header, row, strict=True))
    assert (cells["answers.liked"], cells["answers.liked.other"]) == ("other;price", "'=the smell")
    assert (cells["answers.born.consent"], cells["answers.new"], cells["survey_version"]) == ("true", "", "1")
    document = json.loads(export(app, cast, form, "jsonl"))
    assert (document["answers"], document["survey_version"]) == (ANSWERS, 1)


@pytest.mark.parametrize(
    ("column", "cell", "message"),
    [
        ("answers.ease", "9", "from 0 to 7"),
        ("answers.ease", "many", "from 0 to 7"),
        ("answers.liked", "price;weather", "list of: price, late, broken, other"),
        ("answers.days_late", "3", "not asked"),
        ("answers.born", "1990-05-31", "only with consent"),
        ("answers", "[1]", "must be a JSON object"),
        ("answers", "{", "no JSON"),
    ],
)
def test_imported_answer_the_survey_does_not_take_is_refused(
    app: Flask, form: uuid.UUID, tmp_path: Path, column: str, cell: str, message: str
) -> None:
    path = write(tmp_path, f"answered_at,{column}", f"2026-03-01,{cell}")
    assert message in run_import(app, path, form, exit_code=3)
    assert list_rows(app, form) == []


def test_file_with_a_question_the_survey_never_had_is_refused(app: Flask, form: uuid.UUID, tmp_path: Path) -> None:
    path = write(tmp_path, "answered_at,answers.size,answers.ease", "2026-03-01,L,3")
    assert "no answer called answers.size" in run_import(app, path, form, exit_code=1)
    mapping = write(tmp_path, json.dumps({"answers.size": ""}), name="map.json")
    assert "1 rows: 1 new" in run_import(app, path, form, "--map", mapping)
