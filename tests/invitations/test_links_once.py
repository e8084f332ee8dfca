"""Exactly once, also when answers by one link arrive at the same moment, and a mail all the way to its answer."""

import re
import threading
import uuid
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from tests.cast import Cast
from tests.core.mail_server import Mailbox, free_port, serve
from tests.embed.shopper import make_survey
from tests.invitations.test_invitations import Links, path_of, post_invitation
from tests.invitations.test_links import fields_of, list_answers, read_invitation, send_link, send_step
from widget.config import MailServer
from widget.core.db import begin_writing, db
from widget.core.mail_delivery import send_due_mails
from widget.customers.models import CustomerAsk, CustomerAttribute
from widget.invitations.print_links import open_print_link
from widget.surveys.models import Survey

TOGETHER = 6


def post_together(app: Flask, path: str, data: dict[str, str], scores: list[str]) -> list[int]:
    """Send the same form with each score at the same moment; return the statuses."""
    gate = threading.Barrier(len(scores))
    statuses = []

    def post(score: str) -> None:
        gate.wait()
        statuses.append(app.test_client().post(path, data={**data, "score": score}).status_code)

    threads = [threading.Thread(target=post, args=(score,)) for score in scores]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return statuses


@pytest.fixture
def survey_id(app: Flask, cast: Cast) -> uuid.UUID:
    return make_survey(app, cast.maple)


def make_code(app: Flask, cast: Cast, survey_id: uuid.UUID) -> str:
    with app.app_context():
        begin_writing()
        link = open_print_link(db.session.get_one(Survey, (cast.maple.id, survey_id)))
        db.session.commit()
        return f"/l/q/{cast.maple.key}/{link.code}"


def test_same_answer_sent_at_once_is_one(app: Flask, cast: Cast, survey_id: uuid.UUID) -> None:
    path = send_link(app, cast.maple, survey_id)
    assert post_together(app, path, {"step": "score"}, ["9"] * TOGETHER) == [200] * TOGETHER
    (answer,) = list_answers(app)
    assert answer.id == read_invitation(app).response_id


def test_different_answers_sent_at_once_leave_one(app: Flask, cast: Cast, survey_id: uuid.UUID) -> None:
    path = send_link(app, cast.maple, survey_id)
    statuses = post_together(app, path, {"step": "score"}, [str(score) for score in range(TOGETHER)])
    assert sorted(statuses) == [200] + [409] * (TOGETHER - 1)
    assert len(list_answers(app)) == 1


def test_form_of_a_printed_card_sent_at_once_is_one_answer(
    app: Flask, client: FlaskClient, cast: Cast, survey_id: uuid.UUID
) -> None:
    path = make_code(app, cast, survey_id)
    form = fields_of(client.get(path))
    assert post_together(app, path, form, ["9"] * TOGETHER) == [200] * TOGETHER
    statuses = post_together(app, path, form, ["9", "3", "9", "1"])
    assert sorted(statuses) == [200, 200, 409, 409]
    assert [(answer.score, str(answer.id)) for answer in list_answers(app)] == [(9, form["response_id"])]


def test_profile_field_is_kept_with_the_sentence_agreed_to(app: Flask, client: FlaskClient, cast: Cast) -> None:
    survey_id = make_survey(
        app,
        cast.maple,
        definition={"questions": [{"key": "day", "type": "birthday"}]},
        texts={"en": {"questions": {"day": {"question": "When is your birthday?", "consent": "Keep it for a gift."}}}},
    )
    path = send_link(app, cast.maple, survey_id, customer="carol")
    page = send_step(client, path, client.get(path), score="9")
    assert "Keep it for a gift." in page.text
    born = {"day__day": "31", "day__month": "5"}
    refused = send_step(client, path, page, **born)
    assert refused.status_code == 422
    assert "Please tick the box" in refused.text
    assert 'value="31"' in refused.text
    for wrong in ({**born, "day__month": "2"}, {**born, "day__year": "85"}):
        assert send_step(client, path, page, **wrong, day__consent="1").status_code == 422
    assert send_step(client, path, page, **born, day__consent="1").status_code == 200
    assert list_answers(app)[0].answers == {"day": "--05-31", "day.consent": True}
    with app.app_context():
        kept = db.session.scalars(select(CustomerAttribute)).one()
        assert (kept.name, kept.value, kept.consent_text) == ("birthday", "--05-31", "Keep it for a gift.")


def test_mail_arrives_its_link_is_followed_and_answered(
    app: Flask, client: FlaskClient, cast: Cast, survey_id: uuid.UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    mailbox, port = Mailbox(), free_port()
    server = MailServer("127.0.0.1", port, "", "", is_tls=False)
    settings = replace(app.config["SETTINGS"], mail_server=server, mail_from="Maple <hello@maple.example>")
    monkeypatch.setitem(app.config, "SETTINGS", settings)
    post_invitation(
        client, cast.maple, survey_id, customer="carol", email="carol@shoppers.example", language="it", send=True
    )
    controller = serve(mailbox, port)
    with app.app_context():
        send_due_mails()
    controller.stop()
    (message,) = mailbox.messages
    assert message["To"] == "carol@shoppers.example"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert re.fullmatch(r"<http://localhost:8000/l/o/[\w.-]+>", message["List-Unsubscribe"])
    html = message.get_body(("html",))
    assert html is not None
    nine = next(link for link in Links(html.get_content()).found if link.endswith("?score=9"))
    page = client.get(path_of(nine))
    assert 'value="9" checked' in page.text
    thanks = send_step(client, path_of(nine).partition("?")[0], page, score="9")
    assert "Grazie!" in thanks.text
    (answer,) = list_answers(app)
    assert (answer.score, answer.source, answer.language) == (9, "link", "it")
    with app.app_context():
        asked = db.session.scalars(select(CustomerAsk)).one()
        assert (asked.subject, asked.customer_id) == (f"survey:{survey_id}", answer.customer_id)
