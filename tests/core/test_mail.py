"""What is put into the outbox, and what becomes of it as a message and as a file."""

from collections.abc import Iterator
from dataclasses import replace
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from tests.cast import Cast
from widget.config import MailServer, Settings, SettingsError
from widget.core import mail_delivery
from widget.core.db import begin_writing, db
from widget.core.mail import queue_mail
from widget.core.mail_delivery import mail_file, send_due_mails
from widget.core.mail_models import OutgoingMail


@pytest.fixture
def folder(app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Where mails become files: an application without a mail server."""
    settings = replace(app.config["SETTINGS"], data_dir=tmp_path, mail_server=None, mail_from="Regulars <r@x.example>")
    monkeypatch.setitem(app.config, "SETTINGS", settings)
    with app.app_context():
        yield tmp_path / "mail"


def queue(recipient: str = "erin@maple.example", subject: str = "Hello", text: str = "Hi\n", **more: Any) -> None:
    begin_writing()
    queue_mail(recipient, subject, text, **more)
    db.session.commit()


def read_message(file: Path) -> EmailMessage:
    message = message_from_bytes(file.read_bytes(), policy=policy.SMTP)
    assert isinstance(message, EmailMessage)
    return message


def test_a_mail_without_a_server_becomes_a_file(folder: Path) -> None:
    queue(subject="Più di 100 €, grazie ♥", text="Ciao è\n", html="<p>Ciao <b>è</b></p>")
    send_due_mails()
    (file,) = folder.iterdir()
    message = read_message(file)
    assert message["To"] == "erin@maple.example"
    assert message["From"] == "Regulars <r@x.example>"
    assert message["Subject"] == "Più di 100 €, grazie ♥"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Date"].datetime.tzinfo is not None
    assert [part.get_content_type() for part in message.walk()] == ["multipart/alternative", "text/plain", "text/html"]
    plain = message.get_body(("plain",))
    assert plain is not None
    assert plain.get_content().strip() == "Ciao è"
    mail = db.session.scalars(db.select(OutgoingMail)).one()
    assert mail.sent_at is not None
    assert mail_file(mail) == file
    assert message["Message-ID"] == f"<{mail.id.hex}@x.example>"
    # A link in a mail lets somebody in: only the one who runs the server reads the files.
    assert file.stat().st_mode & 0o077 == 0
    assert file.read_bytes().isascii()


def test_a_mail_is_sent_once(folder: Path) -> None:
    queue()
    send_due_mails()
    send_due_mails()
    assert len(list(folder.iterdir())) == 1
    assert db.session.scalars(db.select(OutgoingMail)).one().attempts == 1


def test_a_mail_belongs_to_the_transaction_it_was_queued_in(folder: Path) -> None:
    begin_writing()
    queue_mail("erin@maple.example", "Hello", "Hi")
    db.session.rollback()
    send_due_mails()
    assert not folder.exists()


def test_a_folder_that_cannot_be_written_keeps_the_mail(folder: Path) -> None:
    folder.write_text("a file in its place")
    queue()
    send_due_mails()
    mail = db.session.scalars(db.select(OutgoingMail)).one()
    assert mail.sent_at is None
    assert mail.failed_at is None
    assert mail.error == "The file could not be written: File exists."


@pytest.mark.parametrize("address", ["a\nBcc: b@c.example", "a\r@b.example", "nobody", "", "x" * 320 + "@y.example"])
def test_an_address_with_a_second_header_in_it_is_refused(folder: Path, address: str) -> None:
    assert folder
    with pytest.raises(ValueError, match="no address"):
        queue(address)


@pytest.mark.parametrize(
    "headers",
    [
        {"List-Unsubscribe": "<x>\r\nBcc: b@c.example"},
        {"Bcc": "b@c.example"},
        {"content-type": "text/html"},
        {"From": "ceo@maple.example"},
        {"X Y": "z"},
        {"X:": "z"},
    ],
)
def test_headers_that_change_the_mail_are_refused(folder: Path, headers: dict[str, str]) -> None:
    assert folder
    with pytest.raises(ValueError, match="header"):
        queue(headers=headers)


def test_a_subject_stays_one_line_and_one_header(folder: Path) -> None:
    queue(subject="Maple\r\nBcc: b@c.example\x00 " + "é" * 400, headers={"List-Unsubscribe": "<https://x.example/u>"})
    send_due_mails()
    (file,) = folder.iterdir()
    message = read_message(file)
    assert message["Bcc"] is None
    assert message["Subject"].startswith("Maple Bcc: b@c.example é")
    assert message["List-Unsubscribe"] == "<https://x.example/u>"
    assert max(len(line) for line in file.read_bytes().splitlines()) <= 998


@pytest.mark.parametrize("address", ["a,b@c.example", "<a>@b.example", "a b@c.example", "@c.example"])
def test_an_address_no_mail_can_carry_fails_at_once_and_says_so(folder: Path, address: str) -> None:
    queue(address)
    queue("after@maple.example")
    send_due_mails()
    failed, sent = db.session.scalars(db.select(OutgoingMail).order_by(OutgoingMail.id)).all()
    assert failed.failed_at is not None
    assert "cannot be written" in (failed.error or "")
    assert sent.sent_at is not None
    assert len(list(folder.iterdir())) == 1


def test_a_mail_goes_with_its_site(folder: Path, cast: Cast) -> None:
    assert folder
    queue(site_id=cast.maple.id)
    assert db.session.scalars(db.select(OutgoingMail.site_id)).one() == cast.maple.id


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtp://mail.example", MailServer("mail.example", 587, "", "", is_tls=False)),
        ("smtps://u%40x:p%3A%2F@mail.example", MailServer("mail.example", 465, "u@x", "p:/", is_tls=True)),
        ("smtp://[::1]:25/", MailServer("::1", 25, "", "", is_tls=False)),
    ],
)
def test_smtp_url_names_a_server(tmp_path: Path, url: str, server: MailServer) -> None:
    assert Settings.from_env({"DATA_DIR": str(tmp_path), "SMTP_URL": url}).mail_server == server


@pytest.mark.parametrize(
    "environ",
    [
        *({"SMTP_URL": url} for url in ("http://x", "smtp://", "smtp://x:99999", "smtp://x/path", "smtp://[", "x:25")),
        *({"MAIL_FROM": sender} for sender in ("x", "<>", "a,b@c.example", "a@b.example\nBcc: c@d.example")),
    ],
)
def test_mail_settings_that_cannot_work_stop_the_start(tmp_path: Path, environ: dict[str, str]) -> None:
    with pytest.raises(SettingsError, match=next(iter(environ))):
        Settings.from_env({"DATA_DIR": str(tmp_path), **environ})


@pytest.mark.parametrize(
    ("base_url", "sender"),
    [("https://feedback.example", "feedback.example"), ("http://[::1]:8000", "localhost")],
)
def test_mails_come_from_our_own_address_unless_told(tmp_path: Path, base_url: str, sender: str) -> None:
    settings = Settings.from_env({"DATA_DIR": str(tmp_path), "BASE_URL": base_url})
    assert settings.mail_from == f"Regulars <regulars@{sender}>"


@pytest.mark.usefixtures("folder")
def test_a_fault_of_ours_postpones_one_mail_and_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    real = mail_delivery.compose_message

    def stumble(mail: OutgoingMail, sender: str) -> EmailMessage:
        if mail.subject == "Odd":
            raise AttributeError("a fault")
        return real(mail, sender)

    monkeypatch.setattr(mail_delivery, "compose_message", stumble)
    queue(subject="Odd")
    queue(subject="Even")
    send_due_mails()
    odd, even = db.session.scalars(db.select(OutgoingMail).order_by(OutgoingMail.id)).all()
    assert (odd.sent_at, odd.failed_at) == (None, None)
    assert "the log says why" in (odd.error or "")
    assert even.sent_at is not None
