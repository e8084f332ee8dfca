"""On Monday each member gets last week's figures, once, and can end it with one click."""

import re
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from tests.cast import Cast
from tests.dashboard.owner import make_member
from tests.surveys.builders import make_response, make_survey, on
from widget.core.db import begin_writing, db
from widget.core.mail_models import OutgoingMail
from widget.reports.models import SurveyDigest
from widget.reports.tasks import send_due_digests
from widget.sites.models import Membership
from widget.sites.queries import find_owner_by_email

# A Monday; the week before it begins on 25 May.
MONDAY = datetime(2026, 6, 1, 7, 0, tzinfo=UTC)
STOP = re.compile(r"/l/d/[\w.-]+")


@pytest.fixture
def survey_id(app: Flask, cast: Cast) -> uuid.UUID:
    """An NPS survey with a score of 0 from 40 answers in the week before, and of 50 from 40 in the week."""
    with app.app_context():
        begin_writing()
        survey = make_survey(cast.maple.id)
        for number in range(40):
            make_response(survey, 9 if number % 2 else 3, answered_at=on("2026-05-20"))
            make_response(survey, 9 if number % 4 else 3, answered_at=on("2026-05-31", "23:59"))
        make_response(survey, 2, comment="It came late. " * 40, answered_at=on("2026-05-26"))
        make_response(survey, 10, comment="Lovely", answered_at=on("2026-05-27"))
        make_response(survey, 0, comment="Of today", answered_at=on("2026-06-01", "06:00"))
        db.session.commit()
        return survey.id


@pytest.fixture
def monday() -> Iterator[None]:
    with time_machine.travel(MONDAY, tick=False):
        yield


def mails(app: Flask) -> list[OutgoingMail]:
    with app.app_context():
        return list(db.session.scalars(select(OutgoingMail).order_by(OutgoingMail.recipient)))


def send(app: Flask) -> None:
    with app.app_context():
        send_due_digests()


@pytest.mark.usefixtures("monday")
def test_members_get_the_week_with_its_figures(app: Flask, cast: Cast, survey_id: uuid.UUID) -> None:
    send(app)
    (mail,) = mails(app)
    assert mail.recipient == "alice@maple.example"
    assert mail.subject == "Maple Store: last week's answers"
    assert mail.html is not None
    for body in (mail.text, mail.html):
        flat = " ".join(re.sub(r"<[^>]+>", " ", body).replace("\xa0", " ").split())
        assert "from 25 May 2026 to 31 May 2026" in flat
        assert "47.62" in flat
        assert "42 scores" in flat
        assert "It went up by 48 points, likely between" in flat
        assert "It came late." in flat
        assert "Lovely" in flat
        assert "Of today" not in flat
        assert f"/dashboard/{cast.maple.key}/surveys/{survey_id}?from=2026-05-25" in body
        assert STOP.search(body)
    assert max(map(len, mail.text.splitlines())) < 500, "long comments are cut"
    assert mail.headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


@pytest.mark.usefixtures("survey_id")
def test_a_week_is_told_once_by_however_many_workers(app: Flask) -> None:
    # Other threads need the real clock's ticking, so time is set for all of them at once.
    with time_machine.travel(MONDAY), ThreadPoolExecutor(4) as workers:
        list(workers.map(lambda _: send(app), range(4)))
        send(app)
    assert len(mails(app)) == 1


@pytest.mark.parametrize(
    ("moment", "count"),
    [
        ("2026-06-01T06:59:00Z", 0),
        ("2026-06-01T07:00:00Z", 1),
        ("2026-06-07T23:00:00Z", 1),
        ("2026-05-31T12:00:00Z", 1),
    ],
)
@pytest.mark.usefixtures("survey_id")
def test_it_is_sent_from_monday_at_seven(app: Flask, moment: str, count: int) -> None:
    with time_machine.travel(moment, tick=False):
        send(app)
    assert len(mails(app)) == count


@pytest.mark.usefixtures("monday")
def test_a_week_without_answers_is_not_told(app: Flask, cast: Cast) -> None:
    with app.app_context():
        begin_writing()
        survey = make_survey(cast.maple.id)
        make_response(survey, 9, answered_at=on("2026-05-20"))
        make_response(survey, 9, answered_at=on("2026-05-27"), flag="burst")
        paused = make_survey(cast.maple.id, name="Paused", state="paused")
        make_response(paused, 9, answered_at=on("2026-05-27"))
        db.session.commit()
    send(app)
    assert mails(app) == []
    with app.app_context():
        assert len(db.session.scalars(select(SurveyDigest)).all()) == 2, "both sites were looked at"


@pytest.mark.usefixtures("monday", "survey_id")
def test_one_click_ends_it_for_one_member(app: Flask, client: FlaskClient, cast: Cast) -> None:
    make_member(app, cast.maple, "erin@maple.example", "viewer")
    send(app)
    alices, erins = mails(app)
    link = STOP.search(erins.text)
    assert link
    for _ in range(10):
        page = client.get(link.group())
        assert page.status_code == client.head(link.group()).status_code == 200
    assert "Stop the digest" in page.text
    assert get_members(app, cast) == {"alice@maple.example": True, "erin@maple.example": True}
    for _ in range(2):
        assert client.post(link.group(), data={"List-Unsubscribe": "One-Click"}).status_code == 200
    assert get_members(app, cast) == {"alice@maple.example": True, "erin@maple.example": False}
    with time_machine.travel("2026-06-08T08:00:00Z", tick=False):
        send(app)
    assert [mail.recipient for mail in mails(app)].count("erin@maple.example") == 1
    assert alices.headers["List-Unsubscribe"] != erins.headers["List-Unsubscribe"]
    assert client.post("/l/d/nonsense").status_code == 404


@pytest.mark.usefixtures("monday", "survey_id")
def test_it_is_written_in_the_owners_language(app: Flask, cast: Cast) -> None:
    with app.app_context():
        begin_writing()
        owner = find_owner_by_email(cast.maple.owner_email)
        assert owner is not None
        owner.language = "it"
        db.session.commit()
    send(app)
    (mail,) = mails(app)
    assert mail.html is not None
    assert '<html lang="it">' in mail.html


def get_members(app: Flask, cast: Cast) -> dict[str, bool]:
    with app.app_context():
        rows = db.session.scalars(select(Membership).where(Membership.site_id == cast.maple.id))
        return {row.owner.email: row.gets_digest for row in rows}
