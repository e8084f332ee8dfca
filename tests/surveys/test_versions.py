"""A live survey may change: what was asked before is kept, and answers stay answers to it."""

import uuid
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.cast import Cast, SiteOfCast
from tests.embed.shopper import assert_problem, make_survey, post_answer, read_json
from widget.core.db import db
from widget.surveys.models import Survey, SurveyResponse, SurveyVersion

WHY = {"key": "why", "type": "single", "choices": [{"id": "price"}, {"id": "late"}], "other": True}
WHY_TEXTS = {"question": "Why?", "choices": {"price": "Too expensive", "late": "It came late"}}
DEFINITION = {"questions": [WHY]}
TEXTS = {"en": {"questions": {"why": WHY_TEXTS}}}


def patch(client: FlaskClient, site: SiteOfCast, survey_id: uuid.UUID, **changes: Any) -> dict[str, Any]:
    response = client.patch(f"/api/v1/surveys/{survey_id}", json=changes, headers=site.store_headers)
    assert response.status_code == 200, response.text
    document: dict[str, Any] = response.get_json()
    return document


def refused(client: FlaskClient, site: SiteOfCast, survey_id: uuid.UUID, **changes: Any) -> list[str]:
    response = client.patch(f"/api/v1/surveys/{survey_id}", json=changes, headers=site.store_headers)
    return [error["pointer"] for error in assert_problem(response, 422)["errors"]]


def list_versions(client: FlaskClient, site: SiteOfCast, survey_id: uuid.UUID) -> list[dict[str, Any]]:
    response = client.get(f"/api/v1/surveys/{survey_id}/versions", headers=site.store_headers)
    items: list[dict[str, Any]] = read_json(response)["items"]
    return items


@pytest.fixture
def asking(app: Flask, cast: Cast) -> uuid.UUID:
    return make_survey(app, cast.maple, definition=DEFINITION, texts=TEXTS)


def test_change_of_words_makes_a_version_and_keeps_the_one_before(
    client: FlaskClient, cast: Cast, asking: uuid.UUID
) -> None:
    texts = {"en": {"questions": {"why": {**WHY_TEXTS, "question": "What happened?"}}}}
    assert patch(client, cast.maple, asking, texts=texts)["version"] == 2
    now, before = list_versions(client, cast.maple, asking)
    assert (now["version"], before["version"]) == (2, 1)
    assert before["texts"] == TEXTS
    assert now["texts"] == texts
    assert before["definition"] == now["definition"] == DEFINITION


@pytest.mark.parametrize(
    "changes", [{"state": "paused"}, {"name": "Other"}, {"after_seconds": 9}, {"gates": {"exit_intent": True}}, {}]
)
def test_change_of_when_to_ask_makes_no_version(
    client: FlaskClient, cast: Cast, asking: uuid.UUID, changes: dict[str, Any]
) -> None:
    assert patch(client, cast.maple, asking, **changes)["version"] == 1
    assert len(list_versions(client, cast.maple, asking)) == 1


def test_same_words_again_make_no_version(client: FlaskClient, cast: Cast, asking: uuid.UUID) -> None:
    assert patch(client, cast.maple, asking, texts=TEXTS, definition=DEFINITION)["version"] == 1


def test_survey_from_before_versions_keeps_its_words_when_it_changes(
    app: Flask, client: FlaskClient, cast: Cast, asking: uuid.UUID
) -> None:
    with app.app_context():
        db.session.execute(db.delete(SurveyVersion))
        db.session.commit()
    patch(client, cast.maple, asking, definition={}, texts={})
    assert [kept["texts"] for kept in list_versions(client, cast.maple, asking)] == [{}, TEXTS]


def test_answer_is_checked_by_the_version_that_was_shown(
    app: Flask, client: FlaskClient, cast: Cast, asking: uuid.UUID
) -> None:
    assert read_json(post_answer(client, cast.maple, asking, answers={"score": 1, "why": "late"}, version=1))
    patch(client, cast.maple, asking, definition={}, texts={})
    shown_before = {"answers": {"score": 2, "why": "price"}, "version": 1}
    read_json(post_answer(client, cast.maple, asking, **shown_before))
    problem = assert_problem(post_answer(client, cast.maple, asking, **{**shown_before, "version": 2}), 422)
    assert problem["errors"][0]["pointer"] == "#/answers/why"
    with app.app_context():
        rows = db.session.scalars(db.select(SurveyResponse).order_by(SurveyResponse.answered_at)).all()
        assert [(row.survey_version, row.answers) for row in rows] == [(1, {"why": "late"}), (1, {"why": "price"})]


@pytest.mark.parametrize("version", [2, 99, 2**31 - 1])
def test_version_there_is_not_is_refused(client: FlaskClient, cast: Cast, asking: uuid.UUID, version: int) -> None:
    problem = assert_problem(post_answer(client, cast.maple, asking, version=version), 422)
    assert problem["errors"][0]["pointer"] == "#/version"


def test_key_of_a_question_is_never_reused_for_another_type(client: FlaskClient, cast: Cast, asking: uuid.UUID) -> None:
    stars = {"definition": {"questions": [{"key": "why", "type": "stars"}]}}
    stars["texts"] = {"en": {"questions": {"why": {"question": "Stars?"}}}}
    assert refused(client, cast.maple, asking, **stars) == ["#/definition/questions/0/key"]
    patch(client, cast.maple, asking, definition={}, texts={})
    assert refused(client, cast.maple, asking, **stars) == ["#/definition/questions/0/key"]
    assert patch(client, cast.maple, asking, definition=DEFINITION, texts=TEXTS)["version"] == 3


def test_draft_that_nobody_answered_may_change_the_type_of_a_question(
    app: Flask, client: FlaskClient, cast: Cast
) -> None:
    draft = make_survey(app, cast.maple, state="draft", definition=DEFINITION, texts=TEXTS)
    changed = patch(client, cast.maple, draft, definition={"questions": [{"key": "why", "type": "stars"}]}, texts={})
    assert changed["version"] == 2


def test_texts_go_with_their_question(client: FlaskClient, cast: Cast, asking: uuid.UUID) -> None:
    assert patch(client, cast.maple, asking, definition={"questions": []})["texts"] == {"en": {}}


def test_survey_is_published_when_it_is_first_live(app: Flask, client: FlaskClient, cast: Cast) -> None:
    draft = make_survey(app, cast.maple, state="draft")
    assert_problem(post_answer(client, cast.maple, draft), 404)
    first = patch(client, cast.maple, draft, state="live")["published_at"]
    assert first is not None
    patch(client, cast.maple, draft, state="paused")
    assert patch(client, cast.maple, draft, state="live")["published_at"] == first
    read_json(post_answer(client, cast.maple, draft))


@pytest.mark.parametrize(
    ("changes", "pointers"),
    [
        ({"state": "live"}, ["#/definition/questions"]),
        (
            {"state": "live", "definition": DEFINITION, "texts": {"it": {"questions": {"why": WHY_TEXTS}}}},
            [
                "#/texts/en/questions/why/question",
                "#/texts/en/questions/why/choices/price",
                "#/texts/en/questions/why/choices/late",
            ],
        ),
        ({"default_language": "it", "languages": ["en"]}, ["#/default_language"]),
        ({"languages": ["it"]}, ["#/default_language"]),
    ],
)
def test_survey_that_lacks_something_does_not_go_live(
    app: Flask, client: FlaskClient, cast: Cast, changes: dict[str, Any], pointers: list[str]
) -> None:
    draft = make_survey(app, cast.maple, "form", state="draft")
    assert refused(client, cast.maple, draft, **changes) == pointers
    with app.app_context():
        assert db.session.get_one(Survey, (cast.maple.id, draft)).state == "draft"


def test_new_default_language_is_offered_too(client: FlaskClient, cast: Cast, asking: uuid.UUID) -> None:
    changed = patch(
        client,
        cast.maple,
        asking,
        default_language="fr",
        texts={**TEXTS, "fr": {"questions": {"why": {**WHY_TEXTS, "question": "Pourquoi ?"}}}},
    )
    assert changed["languages"] == ["en", "it", "id", "fr"]


def test_bob_sees_no_versions(client: FlaskClient, cast: Cast, asking: uuid.UUID) -> None:
    assert_problem(client.get(f"/api/v1/surveys/{asking}/versions", headers=cast.bobs.store_headers), 404)
