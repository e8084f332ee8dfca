"""Mails about addresses go through a real mail server: one clean mail each, whatever was typed."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.cast import Cast
from tests.core.mail_server import Mailbox, free_port, serve
from tests.coupons.builders import make_pool
from tests.embed.shopper import read_json
from tests.popups.builders import confirm, lead, link_of, list_leads, list_mails, send_lead, start_campaign
from widget.config import MailServer
from widget.core.mail_delivery import send_due_mails

INJECTIONS = ["\r\nBcc: all@x.example", "\nSubject: Win", "\r\n\r\n<h1>Win</h1>", "\x00", "\u2028Bcc: a@x.example"]


@pytest.fixture
def mailbox(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[Mailbox]:
    """The mailbox of a mail server that listens where the application sends its mails."""
    port, mailbox = free_port(), Mailbox()
    server = MailServer("127.0.0.1", port, "", "", is_tls=False)
    settings = replace(app.config["SETTINGS"], mail_server=server, mail_from="Regulars <r@x.example>")
    monkeypatch.setitem(app.config, "SETTINGS", settings)
    listening = serve(mailbox, port)
    yield mailbox
    listening.stop(no_assert=True)


def deliver(app: Flask) -> None:
    with app.app_context():
        send_due_mails()


def test_confirmation_and_welcome_arrive_with_their_links_whole(
    app: Flask, client: FlaskClient, cast: Cast, mailbox: Mailbox
) -> None:
    with app.app_context():
        pool_id = str(make_pool(cast.maple.id))
    campaign_id = start_campaign(app, cast.maple, goal="coupon", pool_id=pool_id)
    read_json(send_lead(client, cast.maple, lead(campaign_id, "erin@müller.example", name="Erin", language="de")))
    deliver(app)
    (asking,) = mailbox.messages
    assert asking["To"] == "erin@xn--mller-kva.example"
    assert asking["List-Unsubscribe"] is None
    assert link_of(list_mails(app)[0]) in asking.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    confirm(client, app)
    deliver(app)
    welcome = mailbox.messages[1]
    assert welcome["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    path = welcome["List-Unsubscribe"].removeprefix("<http://localhost:8000").rstrip(">")
    for part in ("plain", "html"):
        assert "TEA-" in welcome.get_body((part,)).get_content()  # type: ignore[union-attr]
    response = client.post(path, data="List-Unsubscribe=One-Click", content_type="application/x-www-form-urlencoded")
    assert response.status_code == 200
    assert list_leads(app)[0].state == "unsubscribed"


@pytest.mark.parametrize("injection", INJECTIONS, ids=ascii)
def test_injected_headers_make_one_clean_mail_or_none(
    app: Flask, client: FlaskClient, cast: Cast, mailbox: Mailbox, injection: str
) -> None:
    campaign_id = start_campaign(app, cast.maple, fields=[{"key": "name", "required": False}])
    wrong = send_lead(client, cast.maple, lead(campaign_id, f"erin@x.example{injection}"))
    assert wrong.status_code == 422
    named = send_lead(client, cast.maple, lead(campaign_id, "erin@x.example", name=f"Erin{injection}"))
    if "\x00" in injection:
        assert named.status_code == 422
        return
    read_json(named)
    confirm(client, app)
    deliver(app)
    asking, welcome = mailbox.messages
    for message in (asking, welcome):
        assert message["To"] == "erin@x.example"
        assert message["Bcc"] is None
        assert message.get_all("Subject") == [message["Subject"]]
        assert "Win" not in message["Subject"]
    assert "<h1>" not in welcome.get_body(("html",)).get_content()  # type: ignore[union-attr]
    assert "Erin" not in asking.as_string()
