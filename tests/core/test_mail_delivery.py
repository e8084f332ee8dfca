"""Mails and a real mail server: once, in time, again after a failure, and never with a lock held."""

import ssl
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from aiosmtpd.controller import Controller
from flask import Flask

from tests.core.mail_server import Mailbox, free_port, serve
from widget.config import MailServer
from widget.core import mail_carriers
from widget.core.clock import utc_now
from widget.core.db import begin_writing, db
from widget.core.mail import queue_mail
from widget.core.mail_delivery import CLAIM_LASTS, RETRY_MINUTES, _claim_mail, forget_old_mails, send_due_mails
from widget.core.mail_models import OutgoingMail

Serve = Callable[..., Controller]


@pytest.fixture
def mailbox() -> Mailbox:
    return Mailbox()


@pytest.fixture
def port(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """The port the application finds its mail server at, where nobody listens yet."""
    port = free_port()
    use_server(app, monkeypatch, MailServer("127.0.0.1", port, "", "", is_tls=False))
    with app.app_context():
        yield port


@pytest.fixture
def start(mailbox: Mailbox, port: int) -> Iterator[Serve]:
    """Start the mail server."""
    servers: list[Controller] = []

    def start(**options: Any) -> Controller:
        servers.append(serve(mailbox, port, **options))
        return servers[-1]

    yield start
    for server in servers:
        stop(server)


def stop(server: Controller) -> None:
    if not server.loop.is_closed():
        server.stop(no_assert=True)


def use_server(app: Flask, monkeypatch: pytest.MonkeyPatch, server: MailServer) -> None:
    settings = replace(app.config["SETTINGS"], mail_server=server, mail_from="Regulars <r@x.example>")
    monkeypatch.setitem(app.config, "SETTINGS", settings)


def queue(*recipients: str) -> None:
    begin_writing()
    for recipient in recipients or ("erin@maple.example",):
        queue_mail(recipient, "Hello", "Hi", html="<p>Hi</p>")
    db.session.commit()


def read_mails() -> list[OutgoingMail]:
    mails = list(db.session.scalars(db.select(OutgoingMail).order_by(OutgoingMail.id)))
    db.session.expunge_all()
    db.session.rollback()
    return mails


def read_mail() -> OutgoingMail:
    (mail,) = read_mails()
    return mail


def test_mails_reach_the_server_in_order_over_one_connection(mailbox: Mailbox, start: Serve) -> None:
    start()
    queue("first@x.example", "erin@müller.example", "third@x.example")
    send_due_mails()
    assert [message["To"] for message in mailbox.messages] == [
        "first@x.example",
        "erin@xn--mller-kva.example",
        "third@x.example",
    ]
    assert all(mail.sent_at and mail.error is None for mail in read_mails())


def test_a_server_that_is_down_gets_the_mails_when_it_is_up(mailbox: Mailbox, start: Serve) -> None:
    queue("first@x.example", "second@x.example")
    send_due_mails()
    first, second = read_mails()
    assert "could not be reached" in (first.error or "")
    assert (first.attempts, second.attempts) == (1, 0), "one failure is enough to know that the server is down"
    start()
    send_due_mails()
    assert [message["To"] for message in mailbox.messages] == ["second@x.example"]
    with time_machine.travel(utc_now() + timedelta(minutes=RETRY_MINUTES[0], seconds=1)):
        send_due_mails()
    assert [message["To"] for message in mailbox.messages] == ["second@x.example", "first@x.example"]
    assert read_mails()[0].error is None


@pytest.mark.usefixtures("port")
def test_a_mail_is_given_up_after_about_a_day() -> None:
    queue()
    began_at = utc_now()
    waited = []
    for _ in range(len(RETRY_MINUTES) + 1):
        mail = read_mail()
        waited.append(mail.due_at - began_at)
        with time_machine.travel(mail.due_at + timedelta(seconds=1)):
            send_due_mails()
    mail = read_mail()
    assert mail.failed_at is not None
    assert "could not be reached" in (mail.error or "")
    assert timedelta(hours=20) < waited[-1] < timedelta(hours=30)
    with time_machine.travel(utc_now() + timedelta(days=3)):
        send_due_mails()
    assert read_mail().attempts == len(RETRY_MINUTES) + 1


@pytest.mark.parametrize("answers", [{"rcpt_answer": "550 No such\r\n mailbox"}, {"data_answer": "554 Spam"}])
def test_a_refusal_for_good_fails_at_once(mailbox: Mailbox, start: Serve, answers: dict[str, str]) -> None:
    start()
    vars(mailbox).update(answers)
    queue("gone@x.example", "other@x.example")
    send_due_mails()
    first, second = read_mails()
    assert first.failed_at is not None
    assert "The mail server answered 55" in (first.error or "")
    assert second.attempts == 1, "a refusal of one mail holds no other up"


@pytest.mark.parametrize("answer", ["451 Greylisted, try again", "421 Too many connections"])
def test_a_refusal_for_now_is_tried_again(mailbox: Mailbox, start: Serve, answer: str) -> None:
    start()
    mailbox.rcpt_answer = answer
    queue()
    send_due_mails()
    mail = read_mail()
    assert mail.failed_at is None
    assert answer[:3] in (mail.error or "")
    assert timedelta(0) < mail.due_at - utc_now() <= timedelta(minutes=RETRY_MINUTES[0])
    mailbox.rcpt_answer = ""
    with time_machine.travel(mail.due_at + timedelta(seconds=1)):
        send_due_mails()
    assert len(mailbox.messages) == 1


def test_a_silent_server_costs_one_timeout_and_no_lock(app: Flask, port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mail_carriers, "TIMEOUT_SECONDS", 4.0)
    queue("first@x.example", "second@x.example")
    with closing(_listen(port)) as listener:
        thread = threading.Thread(target=_send_in(app))
        thread.start()
        silent, _ = listener.accept()
        with closing(silent):
            # While the worker waits for the server, others write.
            begin_writing()
            db.session.execute(db.update(OutgoingMail).values(subject="Written meanwhile"))
            db.session.commit()
            assert thread.is_alive()
            thread.join(timeout=30)
    first, second = read_mails()
    assert first.error == "The mail server did not answer in time."
    assert second.attempts == 0


def _listen(port: int) -> Any:
    import socket

    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", port))
    listener.listen()
    return listener


def _send_in(app: Flask) -> Callable[[], None]:
    def send() -> None:
        with app.app_context():
            send_due_mails()

    return send


def test_two_workers_send_each_mail_once(app: Flask, mailbox: Mailbox, start: Serve) -> None:
    start()
    queue(*(f"reader{number}@x.example" for number in range(30)))
    workers = [threading.Thread(target=_send_in(app)) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(timeout=60)
    assert len(mailbox.messages) == 30
    assert len({message["To"] for message in mailbox.messages}) == 30
    assert all(mail.attempts == 1 for mail in read_mails())


def test_a_mail_whose_worker_died_is_sent_when_the_claim_ran_out(mailbox: Mailbox, start: Serve) -> None:
    start()
    queue()
    claimed = _claim_mail()
    assert claimed is not None
    send_due_mails()
    assert mailbox.messages == []
    with time_machine.travel(utc_now() + CLAIM_LASTS + timedelta(seconds=1)):
        send_due_mails()
    assert len(mailbox.messages) == 1


def test_passwords_travel_in_tls_only(
    app: Flask, mailbox: Mailbox, port: int, start: Serve, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_server(app, monkeypatch, MailServer("127.0.0.1", port, "maple", "s3cret", is_tls=False))
    monkeypatch.setattr(mail_carriers, "_is_this_machine", lambda _host: False)
    plain = start(authenticator=mailbox.authenticate, auth_require_tls=False)
    queue()
    send_due_mails()
    assert "offers no encryption" in (read_mail().error or "")
    assert mailbox.logins == []
    stop(plain)
    start(tls=_certify(tmp_path), authenticator=mailbox.authenticate, auth_required=True)
    with time_machine.travel(utc_now() + timedelta(minutes=2)):
        send_due_mails()
        assert "certificate verify failed" in (read_mail().error or ""), "a stranger's certificate is not trusted"
        assert mailbox.logins == []
    monkeypatch.undo()
    use_server(app, monkeypatch, MailServer("127.0.0.1", port, "maple", "s3cret", is_tls=False))
    with time_machine.travel(utc_now() + timedelta(minutes=20)):
        send_due_mails()
    assert mailbox.logins == [("maple", "s3cret")]
    assert len(mailbox.messages) == 1


def test_a_wrong_password_is_said_and_the_mail_kept(
    app: Flask, mailbox: Mailbox, port: int, start: Serve, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_server(app, monkeypatch, MailServer("127.0.0.1", port, "maple", "wrong", is_tls=False))
    start(tls=_certify(tmp_path), authenticator=mailbox.authenticate, auth_required=True)
    queue()
    send_due_mails()
    mail = read_mail()
    assert mail.error == "The mail server refused the user or the password of SMTP_URL."
    assert mail.failed_at is None


def _certify(folder: Path) -> ssl.SSLContext:
    """Return the server side of TLS with a certificate that nobody vouches for."""
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=localhost", "-days", "2"]
    subprocess.run([*command, "-keyout", key, "-out", certificate], check=True, capture_output=True)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate, key)
    return context


def test_mails_are_forgotten_a_month_after_they_ended(mailbox: Mailbox, start: Serve) -> None:
    start()
    queue("sent@x.example")
    send_due_mails()
    mailbox.rcpt_answer = "550 No"
    queue("failed@x.example")
    send_due_mails()
    queue("waiting@x.example")
    with time_machine.travel(utc_now() + timedelta(days=29)):
        forget_old_mails()
        assert len(read_mails()) == 3
    with time_machine.travel(utc_now() + timedelta(days=31)):
        forget_old_mails()
        assert [mail.recipient for mail in read_mails()] == ["waiting@x.example"]
