"""Inviting by the store's server and by mail: what comes back, what is refused, and how mails end."""

import re
import uuid
from datetime import timedelta
from html.parser import HTMLParser
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from tests.cast import Cast, SiteOfCast
from tests.core.writing_routes import count_rows
from tests.embed.shopper import assert_problem, make_survey, read_json
from tests.invitations.test_links import change_survey, fields_of, list_answers, send_step
from widget.core.clock import utc_now
from widget.core.db import db
from widget.core.mail_message import compose_message
from widget.core.mail_models import OutgoingMail
from widget.invitations.models import SurveyInvitation


class Links(HTMLParser):
    """The addresses a page or mail links to."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [value for name, value in attrs if tag == "a" and name == "href" and value]


def post_invitation(
    client: FlaskClient, site: SiteOfCast, survey_id: uuid.UUID, path: str = "", headers: Any = None, **body: Any
) -> TestResponse:
    return client.post(
        f"/api/v1/surveys/{survey_id}/invitations{path}", json=body, headers={**site.store_headers, **(headers or {})}
    )


def list_mails(app: Flask) -> list[OutgoingMail]:
    with app.app_context():
        return list(db.session.scalars(select(OutgoingMail).order_by(OutgoingMail.created_at)))


def path_of(url: str) -> str:
    return url[url.index("/l/") :]


@pytest.fixture
def survey_id(app: Flask, cast: Cast) -> uuid.UUID:
    return make_survey(app, cast.maple)


def test_store_gets_a_link_and_one_for_each_score(client: FlaskClient, cast: Cast, survey_id: uuid.UUID) -> None:
    response = post_invitation(client, cast.maple, survey_id, customer="carol", hidden={"order-id": 1001})
    assert response.status_code == 201
    invited = read_json(response)
    assert invited["mail"] is None
    assert set(invited["scale_urls"]) == {str(score) for score in range(11)}
    assert invited["scale_urls"]["9"] == f"{invited['url']}?score=9"
    assert client.get(path_of(invited["scale_urls"]["9"])).status_code == 200


def test_kind_without_a_score_has_no_scale_of_links(app: Flask, client: FlaskClient, cast: Cast) -> None:
    form_id = make_survey(
        app,
        cast.maple,
        "form",
        definition={"questions": [{"key": "q1", "type": "stars"}]},
        texts={"en": {"questions": {"q1": {"question": "How was it?"}}}},
    )
    invited = read_json(post_invitation(client, cast.maple, form_id))
    assert invited["scale_urls"] == {}
    page = client.get(path_of(invited["url"]))
    assert "How was it?" in page.text
    assert "Thank" in send_step(client, path_of(invited["url"]), page, q1="4").text
    assert list_answers(app)[0].answers == {"q1": 4}


def test_batch_invites_all_or_none(app: Flask, client: FlaskClient, cast: Cast, survey_id: uuid.UUID) -> None:
    people = [{"customer": name, "email": f"{name}@shoppers.example", "send": True} for name in ("carol", "frank")]
    batch = read_json(post_invitation(client, cast.maple, survey_id, "/batch", invitations=people))
    assert [invited["mail"] for invited in batch["items"]] == ["queued", "queued"]
    assert len({invited["url"] for invited in batch["items"]}) == 2
    before = count_rows(app)
    refused = post_invitation(client, cast.maple, survey_id, "/batch", invitations=[*people, {"send": True}])
    assert [error["pointer"] for error in assert_problem(refused, 422)["errors"]] == ["#/invitations/2/email"]
    too_many = post_invitation(client, cast.maple, survey_id, "/batch", invitations=[{}] * 101)
    assert_problem(too_many, 422)
    assert count_rows(app) == before


@pytest.mark.parametrize("state", ["draft", "paused", "archived"])
def test_only_a_live_survey_invites(
    app: Flask, client: FlaskClient, cast: Cast, survey_id: uuid.UUID, state: str
) -> None:
    change_survey(app, cast.maple, survey_id, state=state)
    problem = assert_problem(post_invitation(client, cast.maple, survey_id), 409)
    assert problem["type"] == "urn:regulars:problem:survey-not-live"


@pytest.mark.parametrize(
    "wrong",
    [
        {"email": "nobody"},
        {"email": "a@b.example\r\nBcc: c@d.example"},
        {"email": "a b@c.example"},
        {"email": "x@.example"},
        {"email": 5},
        {"send": "yes", "email": "carol@shoppers.example"},
        {"send": True},
        {"expires_days": 0},
        {"expires_days": 366},
        {"expires_days": 1.5},
        {"language": "it_IT!"},
        {"customer": " "},
        {"name": "x\ny"},
        {"hidden": ["order"]},
        {"colour": "red"},
    ],
)
def test_bad_input_is_refused(
    app: Flask, client: FlaskClient, cast: Cast, survey_id: uuid.UUID, wrong: dict[str, Any]
) -> None:
    before = count_rows(app)
    assert_problem(post_invitation(client, cast.maple, survey_id, **wrong), 422)
    assert count_rows(app) == before


def test_repeat_with_a_key_invites_once(app: Flask, client: FlaskClient, cast: Cast, survey_id: uuid.UUID) -> None:
    key = {"Idempotency-Key": "order-1001"}
    body = {"email": "carol@shoppers.example", "send": True}
    first, second = (post_invitation(client, cast.maple, survey_id, headers=key, **body) for _ in range(2))
    assert first.get_json() == second.get_json()
    assert len(list_mails(app)) == 1
    with app.app_context():
        assert len(db.session.scalars(select(SurveyInvitation)).all()) == 1


def test_bob_invites_nobody_to_alices_survey(client: FlaskClient, cast: Cast, survey_id: uuid.UUID) -> None:
    for path in ("", "/batch"):
        assert_problem(post_invitation(client, cast.bobs, survey_id, path, invitations=[{}]), 404)
    listed = client.get(f"/api/v1/surveys/{survey_id}/invitations", headers=cast.bobs.store_headers)
    assert_problem(listed, 404)


def test_list_says_what_became_of_each(client: FlaskClient, cast: Cast, survey_id: uuid.UUID) -> None:
    answered = read_json(post_invitation(client, cast.maple, survey_id, customer="carol"))
    path = path_of(answered["url"])
    send_step(client, path, client.get(path), score="9")
    post_invitation(client, cast.maple, survey_id, expires_days=1)
    post_invitation(client, cast.maple, survey_id, email="Frank@Shoppers.example")
    address = f"/api/v1/surveys/{survey_id}/invitations"
    with time_machine.travel(utc_now() + timedelta(days=2), tick=False):
        first = read_json(client.get(f"{address}?limit=2", headers=cast.maple.store_headers))
        rest = read_json(
            client.get(f"{address}?limit=2&cursor={first['next_cursor']}", headers=cast.maple.store_headers)
        )
    items = first["items"] + rest["items"]
    assert [item["state"] for item in items] == ["waiting", "expired", "answered"]
    assert [item["customer"] for item in items] == [None, None, "carol"]
    assert items[0]["email"] == "frank@shoppers.example"
    assert items[2]["response_id"] == answered["id"]
    assert rest["next_cursor"] is None
    assert "url" not in items[0]


def send_mail(app: Flask, client: FlaskClient, site: SiteOfCast, survey_id: uuid.UUID, **body: Any) -> OutgoingMail:
    invited = post_invitation(client, site, survey_id, **{"email": "carol@shoppers.example", "send": True, **body})
    assert read_json(invited)["mail"] == "queued"
    return list_mails(app)[-1]


def test_mail_asks_in_the_readers_language(app: Flask, client: FlaskClient, cast: Cast, survey_id: uuid.UUID) -> None:
    mail = send_mail(app, client, cast.maple, survey_id, language="it-IT", name="Carol & Co")
    assert mail.recipient == "carol@shoppers.example"
    assert mail.subject == "Maple Store vorrebbe il tuo parere"
    assert mail.html is not None
    assert "Carol &amp; Co" in mail.html
    assert "Ciao Carol & Co," in mail.text
    for body in (mail.text, mail.html):
        assert "Con quale probabilità ci consiglieresti a un amico?" in body
        assert "invita" in body
    assert [link for link in Links(mail.html).found if "?score=" in link] == [
        link for link in re.findall(r"https?://\S+", mail.text) if "?score=" in link
    ]
    assert "<img" not in mail.html
    assert "<script" not in mail.html


@pytest.mark.parametrize(("kind", "links"), [("nps", 11), ("csat", 5), ("ces", 7)])
def test_mail_links_every_score(app: Flask, client: FlaskClient, cast: Cast, kind: str, links: int) -> None:
    mail = send_mail(app, client, cast.maple, make_survey(app, cast.maple, kind))
    assert len([link for link in Links(mail.html or "").found if "?score=" in link]) == links


def test_mail_of_a_survey_in_another_alphabet_runs_from_right_to_left(
    app: Flask, client: FlaskClient, cast: Cast
) -> None:
    survey_id = make_survey(app, cast.maple, languages=["en", "ar"])
    mail = send_mail(app, client, cast.maple, survey_id, language="ar")
    assert '<html lang="ar" dir="rtl">' in (mail.html or "")


def test_every_link_of_a_mail_may_be_fetched_ten_times(
    app: Flask, client: FlaskClient, cast: Cast, survey_id: uuid.UUID
) -> None:
    response = read_json(
        post_invitation(client, cast.maple, survey_id, email="carol@shoppers.example", send=True, customer="carol")
    )
    mail = list_mails(app)[0]
    links = {
        *Links(mail.html or "").found,
        *re.findall(r"https?://[^\s<>]+", mail.text),
        mail.headers["List-Unsubscribe"].strip("<>"),
        response["url"],
        *response["scale_urls"].values(),
    }
    assert len(links) >= 14
    before = count_rows(app)
    with app.app_context():
        rows = [db.session.execute(select(model.__table__)).all() for model in (SurveyInvitation, OutgoingMail)]
    for link in sorted(links):
        for method in ("GET", "HEAD") * 10:
            assert client.open(path_of(link), method=method).status_code == 200, link
    assert count_rows(app) == before
    with app.app_context():
        assert rows == [db.session.execute(select(model.__table__)).all() for model in (SurveyInvitation, OutgoingMail)]


def test_reader_ends_the_mails_with_one_button(
    app: Flask, client: FlaskClient, cast: Cast, survey_id: uuid.UUID
) -> None:
    mail = send_mail(app, client, cast.maple, survey_id, language="it")
    stop = path_of(next(link for link in Links(mail.html or "").found if "/l/o/" in link))
    page = client.get(stop)
    assert "Niente più e-mail di questo tipo?" in page.text
    assert "carol" not in page.text
    for _ in range(2):
        stopped = client.post(stop, data=fields_of(page))
        assert stopped.status_code == 200
        assert "Maple Store non manderà più inviti" in stopped.text
    invited = read_json(post_invitation(client, cast.maple, survey_id, email="CAROL@shoppers.example", send=True))
    assert invited["mail"] == "suppressed"
    assert len(list_mails(app)) == 1


def test_mail_program_ends_the_mails_with_one_click(
    app: Flask, client: FlaskClient, cast: Cast, survey_id: uuid.UUID
) -> None:
    mail = send_mail(app, client, cast.maple, survey_id)
    assert mail.headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    address = path_of(mail.headers["List-Unsubscribe"].strip("<>"))
    clicked = client.post(address, data={"List-Unsubscribe": "One-Click"})
    assert clicked.status_code == 200
    assert post_invitation(client, cast.maple, survey_id, email=mail.recipient, send=True).json["mail"] == "suppressed"
    bobs = make_survey(app, cast.bobs)
    other_store = post_invitation(client, cast.bobs, bobs, email=mail.recipient, send=True)
    assert other_store.json["mail"] == "queued"


def test_links_in_the_mails_headers_arrive_whole(
    app: Flask, client: FlaskClient, cast: Cast, survey_id: uuid.UUID
) -> None:
    mail = send_mail(app, client, cast.maple, survey_id)
    written = compose_message(mail, "Maple <noreply@maple.example>").as_bytes()
    header = re.search(rb"^List-Unsubscribe: ?(.*(?:\r\n[ \t].*)*)\r\n", written, re.MULTILINE)
    assert header is not None
    assert header[1].strip().decode() == mail.headers["List-Unsubscribe"]


def test_customers_own_address_is_used(app: Flask, client: FlaskClient, cast: Cast, survey_id: uuid.UUID) -> None:
    token = cast.maple.sign_customer("carol")
    client.post(f"/embed/v1/{cast.maple.key}/sessions", json={"customer_token": token}, headers=cast.maple.page_headers)
    invited = post_invitation(client, cast.maple, survey_id, customer="carol", send=True)
    assert read_json(invited)["mail"] == "queued"
    (mail,) = list_mails(app)
    assert mail.recipient == "carol@shoppers.example"
    assert "Hello Carol," in mail.text
