"""A forgotten password: one link by mail, and nothing that tells who has an account."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import event
from werkzeug.test import TestResponse

from tests.cast import PASSWORD, Cast
from tests.dashboard.mails import read_link, read_outbox
from tests.dashboard.owner import OwnerBrowser, logged_in
from widget.core.clock import utc_now
from widget.core.db import begin_writing, db
from widget.sites.password_resets import MAX_MAILS_PER_ACCOUNT
from widget.sites.queries import find_owner_by_email

NEW = "a longer walk by another lake"
ALICE = "alice@maple.example"


@pytest.fixture
def stranger(app: Flask, cast: Cast) -> OwnerBrowser:
    assert cast
    return OwnerBrowser(app)


def ask(browser: OwnerBrowser, email: str = ALICE) -> TestResponse:
    return browser.post("/dashboard/forgotten", page="/dashboard/forgotten", email=email)


def choose(browser: OwnerBrowser, link: str, new: str = NEW, again: str | None = None) -> TestResponse:
    return browser.post(link, page="/dashboard/forgotten", new=new, again=again or new)


def test_a_forgotten_password_is_replaced_through_the_mail(app: Flask, stranger: OwnerBrowser) -> None:
    elsewhere = logged_in(app, ALICE)
    assert ask(stranger, " Alice@Maple.example").status_code == 200
    (mail,) = read_outbox(app)
    assert (mail.recipient, mail.site_id) == (ALICE, None), "no list of a site's mails shows the link"
    link = read_link(mail)
    page = stranger.get(link)
    assert page.status_code == 200
    assert ALICE in page.text
    answer = choose(stranger, link)
    assert (answer.status_code, answer.location) == (302, "/dashboard/login")
    assert elsewhere.get("/dashboard/account").status_code == 302, "every session has ended"
    assert stranger.get("/dashboard/account").status_code == 302, "the link itself logs nobody in"
    assert stranger.log_in(ALICE, PASSWORD).status_code == 401
    assert stranger.log_in(ALICE, NEW).status_code == 302


def test_the_answer_is_the_same_for_an_address_nobody_has(app: Flask, stranger: OwnerBrowser) -> None:
    known, unknown = ask(stranger).text, ask(stranger, "nobody@maple.example").text
    assert known.replace(ALICE, "x") == unknown.replace("nobody@maple.example", "x")
    assert [mail.recipient for mail in read_outbox(app)] == [ALICE]


def test_an_address_nobody_has_costs_the_same_work(app: Flask, stranger: OwnerBrowser) -> None:
    counts = []
    for email in (ALICE, "nobody@maple.example"):
        statements: list[str] = []

        def note(*event_values: Any, to: list[str] = statements) -> None:
            to.append(event_values[2].split()[0])

        token = stranger.read_token("/dashboard/forgotten")
        with app.app_context():
            engine = db.engine
        event.listen(engine, "before_cursor_execute", note)
        stranger.client.post("/dashboard/forgotten", data={"csrf_token": token, "email": email})
        event.remove(engine, "before_cursor_execute", note)
        counts.append([word for word in statements if word in ("SELECT", "INSERT", "UPDATE")])
    assert counts[0] == counts[1]


def test_a_link_works_once(app: Flask, stranger: OwnerBrowser) -> None:
    ask(stranger)
    ask(stranger)
    first, second = (read_link(mail) for mail in read_outbox(app))
    assert choose(stranger, second).status_code == 302
    for link in (first, second):
        assert stranger.get(link).status_code == 410
        assert choose(stranger, link, "and yet another long password").status_code == 410
    assert stranger.log_in(ALICE, NEW).status_code == 302


def test_a_link_ends_after_an_hour_and_says_so(app: Flask, stranger: OwnerBrowser) -> None:
    ask(stranger)
    (mail,) = read_outbox(app)
    with time_machine.travel(utc_now() + timedelta(minutes=61)):
        answer = stranger.get(read_link(mail))
        assert answer.status_code == 410
        assert "Send another link" in answer.text
        assert choose(stranger, read_link(mail)).status_code == 410


def test_reading_a_link_changes_nothing(app: Flask, stranger: OwnerBrowser) -> None:
    ask(stranger)
    (mail,) = read_outbox(app)
    for _ in range(10):
        assert stranger.get(read_link(mail)).status_code == 200
        assert stranger.client.head(read_link(mail)).status_code == 200
    assert stranger.log_in(ALICE, PASSWORD).status_code == 302


@pytest.mark.parametrize("token", ["x", "0" * 32, "%00", "é", "a" * 3000, f"{'0' * 32}-x.y.z"])
def test_a_link_that_is_none_of_ours_is_politely_refused(stranger: OwnerBrowser, token: str) -> None:
    assert stranger.get(f"/dashboard/new-password/{token}").status_code == 410
    assert choose(stranger, f"/dashboard/new-password/{token}").status_code == 410


def test_a_link_of_another_owner_or_purpose_opens_nothing(app: Flask, stranger: OwnerBrowser) -> None:
    ask(stranger)
    token = read_link(read_outbox(app)[0]).rpartition("/")[2]
    with app.app_context():
        bob = find_owner_by_email("bob@bobs.example")
        assert bob is not None
        other = bob.id.hex + token[32:]
    assert stranger.get(f"/dashboard/new-password/{other}").status_code == 410
    assert stranger.get(f"/dashboard/invitations/{token}").status_code == 404


@pytest.mark.parametrize(("new", "again"), [("short", "short"), (NEW, NEW + "!"), (ALICE, ALICE), ("", "")])
def test_a_weak_or_mistyped_password_is_refused(app: Flask, stranger: OwnerBrowser, new: str, again: str) -> None:
    ask(stranger)
    link = read_link(read_outbox(app)[0])
    assert choose(stranger, link, new, again).status_code == 422
    assert choose(stranger, link).status_code == 302


@pytest.mark.parametrize("email", ["", "nobody", "a\x00b@c.example", "x" * 400 + "@y.example"])
def test_what_is_no_address_is_refused(app: Flask, stranger: OwnerBrowser, email: str) -> None:
    assert ask(stranger, email).status_code == 422
    assert read_outbox(app) == []


@pytest.mark.parametrize("email", [ALICE, "nobody@maple.example"])
def test_mails_to_one_address_are_limited_and_log_ins_are_not(stranger: OwnerBrowser, email: str) -> None:
    statuses = [ask(stranger, email).status_code for _ in range(MAX_MAILS_PER_ACCOUNT + 1)]
    assert statuses == [200] * MAX_MAILS_PER_ACCOUNT + [429]
    assert stranger.log_in(ALICE).status_code == 302
    with time_machine.travel(utc_now() + timedelta(minutes=16)):
        assert ask(OwnerBrowser(stranger.client.application), email).status_code == 200


def test_the_mail_is_in_the_owners_language(app: Flask, stranger: OwnerBrowser) -> None:
    with app.app_context():
        begin_writing()
        owner = find_owner_by_email(ALICE)
        assert owner is not None
        owner.language = "it"
        db.session.commit()
    ask(stranger)
    assert '<html lang="it">' in (read_outbox(app)[0].html or "")
