"""The page behind an invitation: what scanners do to it, one answer, steps, and polite refusals."""

import re
import uuid
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from tests.cast import Cast, SiteOfCast
from tests.core.writing_routes import count_rows
from tests.embed.shopper import make_survey
from widget.core.clock import utc_now
from widget.core.db import begin_writing, db
from widget.core.tokens import sign_token
from widget.invitations.models import SurveyInvitation
from widget.invitations.service import PURPOSE, Guest, invite
from widget.sites.models import Site
from widget.surveys import service
from widget.surveys.models import SurveyResponse
from widget.surveys.queries import get_survey

BRANCHING = {
    "questions": [
        {
            "key": "why",
            "type": "single",
            "required": True,
            "ask_if": [{"question": "score", "in": ["detractor"]}],
            "choices": [{"id": "price"}, {"id": "fit"}],
            "other": True,
        },
        {"key": "words", "type": "text", "ask_if": [{"question": "why", "in": ["fit"]}]},
    ],
    "links": {"promoter": "https://reviews.example/maple"},
}
BRANCHING_TEXTS = {
    "en": {
        "thanks": {"promoter": "Thanks, {hidden.name|friend}, for the {score}!"},
        "questions": {
            "why": {"question": "What was it?", "choices": {"price": "The price", "fit": "The fit"}},
            "words": {"question": "You said: {why}. Tell us more?"},
        },
    },
    "it": {
        "questions": {"why": {"question": "Che cosa è stato?", "choices": {"price": "Il prezzo", "fit": "La taglia"}}}
    },
}


def change_survey(app: Flask, site: SiteOfCast, survey_id: uuid.UUID, **settings: Any) -> None:
    """Change a survey as its owner does."""
    with app.app_context():
        begin_writing()
        service.change_survey(db.session.get_one(Site, site.id), get_survey(site.id, survey_id), **settings)
        db.session.commit()


def send_link(app: Flask, site: SiteOfCast, survey_id: uuid.UUID, **guest: Any) -> str:
    """Invite somebody and return the path of their link."""
    with app.app_context():
        begin_writing()
        survey = get_survey(site.id, survey_id)
        invited = invite(db.session.get_one(Site, site.id), survey, [Guest(**guest)])[0]
        db.session.commit()
        return invited.url[invited.url.index("/l/") :]


def list_answers(app: Flask) -> list[SurveyResponse]:
    with app.app_context():
        return list(db.session.scalars(select(SurveyResponse).order_by(SurveyResponse.id)))


def read_invitation(app: Flask) -> SurveyInvitation:
    with app.app_context():
        return db.session.scalars(select(SurveyInvitation)).one()


def fields_of(page: TestResponse) -> dict[str, str]:
    """Return the hidden fields of the form on a page."""
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page.text))


def send_step(client: FlaskClient, path: str, page: TestResponse, **said: Any) -> TestResponse:
    """Send the form of a page; a dot in a field's name is written as two underscores."""
    named = {name.replace("__", "."): value for name, value in said.items()}
    return client.post(path, data={**fields_of(page), **named})


@pytest.fixture
def survey_id(app: Flask, cast: Cast) -> uuid.UUID:
    return make_survey(app, cast.maple)


@pytest.fixture
def branching_id(app: Flask, cast: Cast) -> uuid.UUID:
    survey_id = make_survey(app, cast.maple)
    change_survey(app, cast.maple, survey_id, definition=BRANCHING, texts=BRANCHING_TEXTS)
    return survey_id


def test_page_may_be_fetched_any_number_of_times(
    app: Flask, client: FlaskClient, cast: Cast, survey_id: uuid.UUID
) -> None:
    path = send_link(app, cast.maple, survey_id)
    before = count_rows(app)
    for score in range(11):
        for method in ("GET", "HEAD"):
            assert client.open(f"{path}?score={score}", method=method).status_code == 200
    assert count_rows(app) == before
    assert read_invitation(app).used_at is None


def test_address_only_preselects_the_score(app: Flask, client: FlaskClient, cast: Cast, survey_id: uuid.UUID) -> None:
    path = send_link(app, cast.maple, survey_id)
    assert 'value="9" checked' in client.get(f"{path}?score=9").text
    for score in ("11", "-1", "x", "", "９", "9" * 5000):
        page = client.get(path, query_string={"score": score})
        assert page.status_code == 200
        assert " checked" not in page.text
    assert list_answers(app) == []


def test_one_post_answers(app: Flask, client: FlaskClient, cast: Cast, survey_id: uuid.UUID) -> None:
    path = send_link(app, cast.maple, survey_id, customer="carol", hidden={"order-id": "1001"}, language="it")
    page = client.get(f"{path}?score=9")
    assert '<html lang="it" dir="ltr">' in page.text
    answered = send_step(client, path, page, score="9", comment="Bella")
    assert answered.status_code == 200
    assert "Grazie! Siamo felici" in answered.text
    (answer,) = list_answers(app)
    assert (answer.score, answer.comment, answer.source, answer.language) == (9, "Bella", "link", "it")
    assert answer.hidden == {"order-id": "1001"}
    assert answer.customer_id is not None
    invitation = read_invitation(app)
    assert invitation.used_at == answer.completed_at
    assert invitation.response_id == answer.id


def test_link_works_once_and_says_so_kindly(app: Flask, client: FlaskClient, cast: Cast, survey_id: uuid.UUID) -> None:
    path = send_link(app, cast.maple, survey_id)
    page = client.get(path)
    first = send_step(client, path, page, score="2", comment="Late")
    again = send_step(client, path, page, score="2", comment="Late")
    assert (first.status_code, again.status_code) == (200, 200)
    assert again.text == first.text
    other = send_step(client, path, page, score="10")
    assert other.status_code == 409
    for shown in (other, client.get(path), client.get(f"{path}?score=10")):
        assert "You have answered already" in shown.text
        assert "We will look into it" in shown.text
        assert "Late" not in shown.text
    assert [(answer.score, answer.comment) for answer in list_answers(app)] == [(2, "Late")]


def test_detractor_is_led_through_the_branch(
    app: Flask, client: FlaskClient, cast: Cast, branching_id: uuid.UUID
) -> None:
    path = send_link(app, cast.maple, branching_id)
    page = client.get(path)
    assert ">Continue<" in page.text
    page = send_step(client, path, page, score="3")
    assert "What was it?" in page.text
    (partial,) = list_answers(app)
    assert (partial.score, partial.completed_at) == (3, None)
    page = send_step(client, path, page, why="fit")
    assert "You said: The fit. Tell us more?" in page.text
    thanks = send_step(client, path, page, words="Too tight")
    assert "We will look into it" in thanks.text
    (answer,) = list_answers(app)
    assert answer.answers == {"why": "fit", "words": "Too tight"}
    assert answer.completed_at is not None


def test_promoter_is_done_at_once_and_is_shown_where_to_go(
    app: Flask, client: FlaskClient, cast: Cast, branching_id: uuid.UUID
) -> None:
    path = send_link(app, cast.maple, branching_id, hidden={"name": "Carol <b>"})
    thanks = send_step(client, path, client.get(path), score="10")
    assert "Thanks, Carol &lt;b&gt;, for the 10!" in thanks.text
    assert 'href="https://reviews.example/maple"' in thanks.text
    assert "Carol" not in client.get(path).text


def test_change_of_mind_drops_what_is_no_longer_asked(
    app: Flask, client: FlaskClient, cast: Cast, branching_id: uuid.UUID
) -> None:
    path = send_link(app, cast.maple, branching_id)
    first = client.get(path)
    second = send_step(client, path, first, score="3")
    send_step(client, path, second, why="fit")
    assert 'value="3" checked' in client.get(path).text
    send_step(client, path, first, score="9")
    (answer,) = list_answers(app)
    assert (answer.score, answer.answers) == (9, {})
    assert answer.completed_at is not None


def test_wrong_answers_come_back_with_what_was_typed(
    app: Flask, client: FlaskClient, cast: Cast, branching_id: uuid.UUID
) -> None:
    path = send_link(app, cast.maple, branching_id)
    first = client.get(path)
    empty = send_step(client, path, first, comment="No number")
    assert empty.status_code == 422
    assert "No number</textarea>" in empty.text
    assert "Please answer this question first." in empty.text
    for score in ("11", "nine", "-1"):
        assert send_step(client, path, first, score=score).status_code == 422
    assert send_step(client, path, first, score="3", comment="x" * 5001).status_code == 422
    assert list_answers(app) == []
    second = send_step(client, path, first, score="3", comment="nul \x00 inside")
    for said in ({}, {"why": "colour"}, {"why": "other", "why__other": "x" * 501}):
        assert send_step(client, path, second, **said).status_code == 422
    typed = send_step(client, path, second, why__other="The smell")
    assert typed.status_code == 200
    (answer,) = list_answers(app)
    assert answer.answers == {"why": "other", "why.other": "The smell"}
    assert answer.comment == "nul  inside"


def test_last_step_cannot_be_sent_before_the_others(
    app: Flask, client: FlaskClient, cast: Cast, branching_id: uuid.UUID
) -> None:
    path = send_link(app, cast.maple, branching_id)
    jumped = client.post(path, data={"step": "words", "words": "Hello"})
    assert jumped.status_code == 422
    assert "How likely are you" in jumped.text
    assert list_answers(app) == []


def test_answer_keeps_the_version_it_was_begun_with(
    app: Flask, client: FlaskClient, cast: Cast, branching_id: uuid.UUID
) -> None:
    path = send_link(app, cast.maple, branching_id)
    begun = int(fields_of(client.get(path))["version"])
    page = send_step(client, path, client.get(path), score="3")
    questions = BRANCHING_TEXTS["en"]["questions"]
    reworded = {**questions, "why": {**questions["why"], "question": "Whatever?"}}
    change_survey(
        app, cast.maple, branching_id, texts={**BRANCHING_TEXTS, "en": {**BRANCHING_TEXTS["en"], "questions": reworded}}
    )
    assert "Whatever?" not in send_step(client, path, page, why="nothing").text
    send_step(client, path, page, why="price")
    (answer,) = list_answers(app)
    assert (answer.survey_version, answer.answers) == (begun, {"why": "price"})


@pytest.mark.parametrize(
    ("language", "words"),
    [("it", "Questo link è scaduto"), ("id-ID", "Tautan ini sudah berakhir"), ("tlh", "This link has ended")],
)
def test_expired_link_says_so_in_the_readers_language(
    app: Flask, client: FlaskClient, cast: Cast, survey_id: uuid.UUID, language: str, words: str
) -> None:
    path = send_link(app, cast.maple, survey_id, expires_days=1)
    assert client.get(path).status_code == 200
    with time_machine.travel(utc_now() + timedelta(days=1, seconds=1), tick=False):
        for response in (
            client.get(path, headers={"Accept-Language": language}),
            client.post(path, data={"step": "score", "score": "9"}, headers={"Accept-Language": language}),
        ):
            assert response.status_code == 410
            assert words in response.text
    assert list_answers(app) == []


@pytest.mark.parametrize("state", ["draft", "paused", "archived"])
def test_survey_that_is_not_live_takes_no_answer(
    app: Flask, client: FlaskClient, cast: Cast, survey_id: uuid.UUID, state: str
) -> None:
    path = send_link(app, cast.maple, survey_id, language="it")
    change_survey(app, cast.maple, survey_id, state=state)
    for response in (client.get(path), client.post(path, data={"step": "score", "score": "9"})):
        assert response.status_code == 410
        assert "Questo sondaggio è chiuso" in response.text
    assert list_answers(app) == []


def test_forged_and_foreign_links_find_nothing_and_say_so(
    app: Flask, client: FlaskClient, cast: Cast, survey_id: uuid.UUID
) -> None:
    path = send_link(app, cast.maple, survey_id)
    token = path.rpartition("/")[2]
    # Not its last character, some of whose bits mean nothing.
    resigned = token[:-5] + ("A" if token[-5] != "A" else "B") + token[-4:]
    others = token.replace(cast.maple.id.hex, cast.bobs.id.hex)
    before = count_rows(app)
    for forged in (others, token[:-1], resigned, "x", "%00", "é", "a.b.c"):
        for method in ("GET", "POST"):
            response = client.open(f"/l/s/{forged}", method=method, headers={"Accept-Language": "it"})
            assert response.status_code == 404, forged
            assert "Questo link non funziona" in response.text
            assert "Maple" not in response.text
    assert client.get(f"/l/o/{token}").status_code == 404
    assert count_rows(app) == before


def test_token_made_for_another_site_opens_nothing(
    app: Flask, client: FlaskClient, cast: Cast, survey_id: uuid.UUID
) -> None:
    send_link(app, cast.maple, survey_id)
    invitation = read_invitation(app)
    with app.app_context():
        token = sign_token(PURPOSE, cast.bobs.id, invitation.id.hex)
    assert client.get(f"/l/s/{token}").status_code == 404


def test_page_keeps_its_address_secret(app: Flask, client: FlaskClient, cast: Cast, survey_id: uuid.UUID) -> None:
    path = send_link(app, cast.maple, survey_id)
    headers = client.get(path).headers
    assert headers["Referrer-Policy"] == "no-referrer"
    assert "noindex" in headers["X-Robots-Tag"]
    assert headers["Cache-Control"] == "no-store"
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src" not in policy
    assert "unsafe" not in policy


def test_theme_of_the_site_is_a_style_sheet(client: FlaskClient, cast: Cast) -> None:
    sheet = client.get(f"/l/theme/{cast.maple.key}.css")
    assert sheet.content_type == "text/css; charset=utf-8"
    assert "--accent: #3d4fc4;" in sheet.text
    assert client.get("/l/theme/st_nobodyhere.css").status_code == 404
