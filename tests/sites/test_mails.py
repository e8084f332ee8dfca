"""The list of a site's mails: what became of each, and another chance for what failed."""

from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

from tests.cast import Cast
from tests.dashboard.mails import read_outbox
from tests.dashboard.owner import OwnerBrowser, logged_in, make_member
from widget.config import MailServer
from widget.core.clock import utc_now
from widget.core.db import begin_writing, db
from widget.core.mail import queue_mail
from widget.core.mail_delivery import send_due_mails
from widget.core.mail_models import OutgoingMail
from widget.sites.activity import PAGE_SIZE


@pytest.fixture(autouse=True)
def without_server(app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Mails become files in a folder of the test's own."""
    monkeypatch.setitem(app.config, "SETTINGS", replace(app.config["SETTINGS"], data_dir=tmp_path, mail_server=None))


def mails_of(cast: Cast, path: str = "") -> str:
    return f"/dashboard/{cast.maple.key}/settings/mails{path}"


def queue(app: Flask, cast: Cast, subject: str = "Hello", *, text: str = "Hi <b>there</b>", count: int = 1) -> None:
    with app.app_context():
        begin_writing()
        for _ in range(count):
            queue_mail("erin@maple.example", subject, text, site_id=cast.maple.id)
        db.session.commit()


def change(app: Flask, **values: object) -> None:
    with app.app_context():
        begin_writing()
        db.session.execute(db.update(OutgoingMail).values(**values))
        db.session.commit()


def test_a_mail_waits_and_then_is_a_file_whose_text_can_be_read(app: Flask, alice: OwnerBrowser, cast: Cast) -> None:
    queue(app, cast)
    page = alice.get(mails_of(cast)).text
    assert "waiting" in page
    assert "SMTP_URL" in page
    (mail,) = read_outbox(app)
    assert alice.get(mails_of(cast, f"/{mail.id}")).status_code == 404
    with app.app_context():
        send_due_mails()
    assert "written to a file" in alice.get(mails_of(cast)).text
    assert "Hi &lt;b&gt;there&lt;/b&gt;" in alice.get(mails_of(cast, f"/{mail.id}")).text


def test_a_mail_that_was_sent_is_its_readers_alone(
    app: Flask, alice: OwnerBrowser, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    queue(app, cast)
    with app.app_context():
        send_due_mails()
    server = MailServer("127.0.0.1", 25, "", "", is_tls=False)
    monkeypatch.setitem(app.config, "SETTINGS", replace(app.config["SETTINGS"], mail_server=server))
    page = alice.get(mails_of(cast)).text
    assert ">sent<" in page
    assert "SMTP_URL" not in page
    assert alice.get(mails_of(cast, f"/{read_outbox(app)[0].id}")).status_code == 404


def test_a_failed_mail_says_why_and_is_sent_again(app: Flask, alice: OwnerBrowser, cast: Cast) -> None:
    queue(app, cast)
    change(app, failed_at=utc_now(), attempts=8, error="The mail server answered 550: <No such mailbox>")
    page = alice.get(mails_of(cast)).text
    assert "550: &lt;No such mailbox&gt;" in page
    again = mails_of(cast, f"/{read_outbox(app)[0].id}/send")
    assert alice.post(again).status_code == 302
    (mail,) = read_outbox(app)
    assert (mail.failed_at, mail.error, mail.attempts) == (None, None, 0)
    with app.app_context():
        send_due_mails()
    sent_at = read_outbox(app)[0].sent_at
    assert sent_at is not None
    assert alice.post(again).status_code == 302
    assert "Only a mail that failed" in alice.get(mails_of(cast)).text
    assert read_outbox(app)[0].sent_at == sent_at


def test_a_mail_that_is_tried_again_says_when(app: Flask, alice: OwnerBrowser, cast: Cast) -> None:
    queue(app, cast)
    change(app, attempts=1, error="The mail server did not answer in time.")
    page = alice.get(mails_of(cast)).text
    assert "tried again later" in page
    assert "Next try" in page


def test_the_list_pages(app: Flask, alice: OwnerBrowser, cast: Cast) -> None:
    assert "No mail yet" in alice.get(mails_of(cast)).text
    queue(app, cast, "Older", count=3)
    queue(app, cast, "Newer", count=PAGE_SIZE)
    first = alice.get(mails_of(cast)).text
    assert (first.count("<strong>Newer"), first.count("<strong>Older")) == (PAGE_SIZE, 0)
    cursor = first.split("cursor=")[1].split('"')[0]
    assert alice.get(mails_of(cast, f"?cursor={cursor}")).text.count("<strong>Older") == 3
    assert alice.get(mails_of(cast, "?cursor=x")).status_code == 422


def test_mails_are_the_owners_of_the_site_alone(app: Flask, bob: OwnerBrowser, cast: Cast) -> None:
    queue(app, cast, "A secret of Maple")
    with app.app_context():
        send_due_mails()
    mail_id = read_outbox(app)[0].id
    make_member(app, cast.maple, "erin@maple.example", "editor")
    erin = logged_in(app, "erin@maple.example")
    for browser, status in ((bob, 404), (erin, 403)):
        assert browser.get(mails_of(cast)).status_code == status
        assert browser.get(mails_of(cast, f"/{mail_id}")).status_code == status
        assert browser.post(mails_of(cast, f"/{mail_id}/send")).status_code == status
    own = f"/dashboard/{cast.bobs.key}/settings/mails"
    assert "A secret of Maple" not in bob.get(own).text
    assert bob.get(f"{own}/{mail_id}").status_code == 404
    assert bob.post(f"{own}/{mail_id}/send").status_code == 404


def test_mails_of_accounts_are_listed_nowhere(app: Flask, alice: OwnerBrowser, cast: Cast) -> None:
    alice.post("/dashboard/forgotten", email="alice@maple.example")
    (mail,) = read_outbox(app)
    with app.app_context():
        send_due_mails()
    assert mail.subject not in alice.get(mails_of(cast)).text
    assert alice.get(mails_of(cast, f"/{mail.id}")).status_code == 404
