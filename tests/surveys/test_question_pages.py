"""Results of every kind of survey, question by question, on the page and through the interface alike."""

import re
import uuid
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.cast import Cast
from tests.dashboard.owner import OwnerBrowser
from tests.surveys.builders import keep_version, make_impression, make_response, make_survey, on, set_questions
from tests.surveys.test_pages import surveys_of, words
from widget.core.db import begin_writing, db

DEFINITION: dict[str, Any] = {
    "questions": [
        {"key": "why", "type": "single", "choices": [{"id": "price"}, {"id": "speed"}], "other": True},
        {"key": "more", "type": "text"},
    ]
}
TEXTS = {
    "en": {
        "questions": {
            "why": {"question": "Why <b>us</b>?", "choices": {"price": "Low prices"}},
            "more": {"question": "Anything else?"},
        }
    }
}


def make_answered(app: Flask, cast: Cast, kind: str) -> uuid.UUID:
    """Make a survey whose wording changed on 3 May, answered before and after."""
    with app.app_context():
        begin_writing()
        survey = make_survey(cast.maple.id, kind, state="draft")
        set_questions(survey, DEFINITION, {"en": {"questions": {"why": {"question": "Why?"}}}})
        score = {"nps": 9, "csat": 4, "ces": 6}.get(kind)
        make_response(survey, score, comment=None, answers={"why": "price"}, answered_at=on("2026-05-01"))
        survey.version = 2
        survey.texts = TEXTS
        keep_version(survey, created_at=on("2026-05-03"))
        for why in ("price", "speed", "other"):
            answers = {"why": why, "more": "<i>Much</i>"} | ({"why.other": "The cat"} if why == "other" else {})
            make_response(
                survey,
                score,
                comment=None,
                answers=answers,
                survey_version=2,
                answered_at=on("2026-05-05"),
                elapsed_ms=4000,
            )
        make_response(survey, score, comment=None, answers={}, survey_version=2, completed_at=None)
        make_impression(survey)
        db.session.commit()
        return survey.id


@pytest.mark.parametrize("kind", ["nps", "csat", "ces", "form", "quiz"])
def test_every_kind_has_results(app: Flask, alice: OwnerBrowser, client: FlaskClient, cast: Cast, kind: str) -> None:
    survey_id = make_answered(app, cast, kind)
    for path in ("", "?by=day", "/questions", "/comments", "/words", "/comparison", "/share", "/export"):
        answer = alice.get(surveys_of(cast.maple, f"/surveys/{survey_id}{path}"))
        assert answer.status_code == 200, path
    assert alice.get(surveys_of(cast.maple, "/")).status_code == 200
    text = words(alice.get(surveys_of(cast.maple, f"/surveys/{survey_id}")).text)
    assert "Answers 5" in text
    assert ("Low prices 2" in text) == (kind in ("form", "quiz")), "a survey without a score begins with its questions"
    told = client.get(f"/api/v1/surveys/{survey_id}/summary", headers=cast.maple.store_headers).get_json()
    assert (told["score"] is None) == (kind in ("form", "quiz"))


def test_ces_is_the_share_of_those_who_found_it_easy(app: Flask, alice: OwnerBrowser, cast: Cast) -> None:
    with app.app_context():
        begin_writing()
        survey = make_survey(cast.maple.id, "ces")
        for number in range(40):
            make_response(survey, 5 if number < 30 else 4 if number < 35 else 1)
        db.session.commit()
        path = surveys_of(cast.maple, f"/surveys/{survey.id}")
    text = words(alice.get(path).text)
    assert "CES 75.00 %" in text
    assert "Likely between 60 % and 86 %, from 40 answers." in text
    assert "Easy 30 75.0 %" in text
    assert "Difficult 5 12.5 %" in text


def test_page_shows_each_question_with_its_wordings(app: Flask, alice: OwnerBrowser, cast: Cast) -> None:
    survey_id = make_answered(app, cast, "nps")
    page = alice.get(surveys_of(cast.maple, f"/surveys/{survey_id}/questions")).text
    text = words(page)
    assert "<b>us</b>" not in page
    assert "<i>Much" not in page
    assert "Asked as “Why?” until 3 May 2026." in text
    assert "Asked of 5: 4 answered, 0 skipped, 1 left before it.".replace("skipped", "skipped it") in text
    assert "Low prices 2 50.0&nbsp;% 15 to 85 %" in text
    assert "The cat" in text
    assert "Half of those who finished took less than 4 seconds." in text
    assert f"/surveys/{survey_id}/comments?q.why=speed" in page


def test_page_and_interface_tell_the_same(app: Flask, alice: OwnerBrowser, client: FlaskClient, cast: Cast) -> None:
    survey_id = make_answered(app, cast, "csat")
    for query, answered in (("", 4), ("?from=2026-05-04", 3), ("?q.why=price", 2), ("?source=link", 0)):
        told = client.get(f"/api/v1/surveys/{survey_id}/questions{query}", headers=cast.maple.store_headers).get_json()
        why = told["questions"][0]
        assert (why["key"], why["answered"]) == ("why", answered)
        text = words(alice.get(surveys_of(cast.maple, f"/surveys/{survey_id}/questions{query}")).text)
        assert f"{answered} answered" in text or (answered == 0 and "Nobody has been asked this yet." in text)
    assert told["steps"][0] == {"key": "started", "reached": 0, "left": 0}
    refused = client.get(f"/api/v1/surveys/{survey_id}/questions?typo=1", headers=cast.maple.store_headers)
    assert refused.status_code == 422


def test_comments_keep_the_wording_they_were_given_to(app: Flask, alice: OwnerBrowser, cast: Cast) -> None:
    survey_id = make_answered(app, cast, "nps")
    page = alice.get(surveys_of(cast.maple, f"/surveys/{survey_id}/comments?until=2026-05-01")).text
    assert re.search(r"<dt[^>]*>Why\?</dt><dd[^>]*><a[^>]*>price</a></dd>", page)
    assert "version 1 of the questions" in page
    page = alice.get(surveys_of(cast.maple, f"/surveys/{survey_id}/comments?q.why=other")).text
    assert "Other: The cat" in page
    assert "version 2 of the questions" not in page


def test_bob_reads_no_questions_of_maple(app: Flask, bob: OwnerBrowser, client: FlaskClient, cast: Cast) -> None:
    survey_id = make_answered(app, cast, "nps")
    for site in (cast.maple, cast.bobs):
        assert bob.get(surveys_of(site, f"/surveys/{survey_id}/questions")).status_code == 404
    for name in ("questions", "comparison"):
        answer = client.get(f"/api/v1/surveys/{survey_id}/{name}", headers=cast.bobs.store_headers)
        assert answer.status_code == 404
