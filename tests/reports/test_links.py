"""A shared report shows figures to whoever has its link, until it ends, and nothing about anybody."""

import re
import uuid
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from tests.cast import Cast
from tests.dashboard.owner import OwnerBrowser
from tests.surveys.builders import make_customer, make_response, make_survey, name_fields, set_questions
from tests.surveys.test_pages import surveys_of, words
from widget.core.clock import utc_now
from widget.core.db import begin_writing, db
from widget.core.tokens import sign_token
from widget.reports.models import ReportLink
from widget.sites.models import AuditEntry

QUESTION = {"key": "why", "type": "single", "choices": [{"id": "price"}], "other": True}
LINK = re.compile(r"/l/r/[\w.-]+")


@pytest.fixture
def survey_id(app: Flask, cast: Cast) -> uuid.UUID:
    """A survey whose answers say who gave them."""
    with app.app_context():
        begin_writing()
        survey = make_survey(cast.maple.id)
        set_questions(survey, {"questions": [QUESTION]})
        name_fields(survey, "order_id")
        carol = make_customer(cast.maple.id)
        db.session.flush()
        for number in range(40):
            make_response(
                survey,
                9 if number % 4 else 2,
                comment="Write to carol@shoppers.example" if number == 0 else None,
                hidden={"order_id": "secret-1001" if number < 20 else "secret-1002"},
                customer_id=carol.id,
                page_url="https://maple.example/secret-page",
                answers={"why": "other", "why.other": "Ask bob@elsewhere.example"},
            )
        db.session.commit()
        return survey.id


def share(alice: OwnerBrowser, cast: Cast, survey_id: uuid.UUID, **fields: str) -> str:
    path = surveys_of(cast.maple, f"/surveys/{survey_id}/share")
    answer = alice.post(path, **{"name": "For the board", "days": "7", **fields})
    assert answer.status_code == 302
    found = LINK.search(alice.get(path).text)
    assert found
    return found.group()


def test_a_report_shows_the_figures_and_nobody(
    client: FlaskClient, alice: OwnerBrowser, cast: Cast, survey_id: uuid.UUID
) -> None:
    for comments in ({}, {"shows_comments": "1"}):
        answer = client.get(share(alice, cast, survey_id, **comments))
        assert answer.status_code == 200
        assert '<data value="50.00">' in answer.text
        for secret in ("carol", "secret", "bob@", "shoppers.example", str(survey_id), cast.maple.key):
            assert secret not in answer.text, secret
        assert ("Write to [e-mail]" in answer.text) == bool(comments)
        assert ("Ask [e-mail]" in answer.text) == bool(comments)
        assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert answer.headers["Cache-Control"] == "private, no-store"
        assert "Set-Cookie" not in answer.headers


def test_a_report_keeps_its_filter_whatever_is_asked(
    client: FlaskClient, alice: OwnerBrowser, cast: Cast, survey_id: uuid.UUID
) -> None:
    link = share(alice, cast, survey_id, **{"filter__hidden.order_id": "secret-1001"})
    for query in ("", "?from=2020-01-01", "?hidden.order_id=secret-1002", "?typo=1"):
        answer = client.get(link + query)
        assert "from 20 answers" in words(answer.text) or "With 20 answers" in words(answer.text)
        assert "secret" not in answer.text


def test_a_report_ends(client: FlaskClient, alice: OwnerBrowser, cast: Cast, survey_id: uuid.UUID) -> None:
    link = share(alice, cast, survey_id)
    with time_machine.travel(utc_now() + timedelta(days=8)):
        answer = client.get(link)
        assert answer.status_code == 410
        assert "no longer open" in answer.text
        assert "<data" not in answer.text


def test_a_revoked_report_is_closed_at_once(
    app: Flask, client: FlaskClient, alice: OwnerBrowser, cast: Cast, survey_id: uuid.UUID
) -> None:
    link = share(alice, cast, survey_id)
    with app.app_context():
        link_id = db.session.scalars(select(ReportLink.id)).one()
    for _ in range(2):
        path = surveys_of(cast.maple, f"/surveys/{survey_id}/share/{link_id}/revoke")
        assert alice.post(path).status_code == 302
    assert client.get(link).status_code == 410
    with app.app_context():
        actions = list(db.session.scalars(select(AuditEntry.action).order_by(AuditEntry.happened_at)))
    assert actions == ["report.shared", "report.revoked"]
    assert "revoked" in words(alice.get(surveys_of(cast.maple, f"/surveys/{survey_id}/share")).text)


def test_a_token_made_for_anything_else_opens_nothing(
    app: Flask, client: FlaskClient, alice: OwnerBrowser, cast: Cast, survey_id: uuid.UUID
) -> None:
    link = share(alice, cast, survey_id)
    with app.app_context():
        link_id = db.session.scalars(select(ReportLink.id)).one()
        strangers = [
            sign_token("report", cast.bobs.id, link_id.hex),
            sign_token("invitation", cast.maple.id, link_id.hex),
            sign_token("report", cast.maple.id, "nonsense"),
            link.rpartition("/")[2][:-3] + "abc",
            "nothing",
        ]
    for token in strangers:
        assert client.get(f"/l/r/{token}").status_code == 404, token


def test_opening_a_report_changes_nothing(
    client: FlaskClient, alice: OwnerBrowser, cast: Cast, survey_id: uuid.UUID
) -> None:
    link = share(alice, cast, survey_id)
    for _ in range(10):
        assert client.get(link).status_code == client.head(link).status_code == 200
    for method in ("POST", "PUT", "DELETE"):
        assert client.open(link, method=method).status_code == 405


@pytest.mark.parametrize(
    "fields",
    [
        {"name": ""},
        {"name": "x" * 101},
        {"days": "8"},
        {"days": "x"},
        {"filter__customer": "carol"},
        {"filter__typo": "1"},
        {"filter__bucket": "fan"},
    ],
)
def test_a_link_that_should_not_be_is_refused(
    app: Flask, alice: OwnerBrowser, cast: Cast, survey_id: uuid.UUID, fields: dict[str, str]
) -> None:
    path = surveys_of(cast.maple, f"/surveys/{survey_id}/share")
    assert alice.post(path, **{"name": "For the board", "days": "7", **fields}).status_code == 422
    with app.app_context():
        assert not db.session.scalars(select(ReportLink)).all()


def test_bob_shares_nothing_of_maple(
    bob: OwnerBrowser, alice: OwnerBrowser, cast: Cast, survey_id: uuid.UUID, app: Flask
) -> None:
    share(alice, cast, survey_id)
    with app.app_context():
        link_id = db.session.scalars(select(ReportLink.id)).one()
    for site in (cast.maple, cast.bobs):
        path = surveys_of(site, f"/surveys/{survey_id}/share")
        assert bob.get(path).status_code == 404
        assert bob.post(path, name="Mine", days="7").status_code == 404
        assert bob.post(f"{path}/{link_id}/revoke").status_code == 404


def test_a_form_is_shared_too(app: Flask, client: FlaskClient, alice: OwnerBrowser, cast: Cast) -> None:
    with app.app_context():
        begin_writing()
        form = make_survey(cast.maple.id, "form", state="draft")
        set_questions(form, {"questions": [QUESTION]}, {"en": {"questions": {"why": {"question": "Why leave?"}}}})
        make_response(form, None, comment=None, answers={"why": "price"})
        db.session.commit()
        form_id = form.id
    text = words(client.get(share(alice, cast, form_id)).text)
    assert "Why leave?" in text
    assert "price 1 100.0&nbsp;%" in text
