"""Log-ins at once: the limits hold, and the slow hash holds nobody up."""

import time
from threading import Barrier, Thread

import pytest
from flask import Flask

from tests.cast import PASSWORD, Cast
from tests.dashboard.owner import OwnerBrowser
from widget.core.db import begin_writing, db
from widget.sites import logins, owners
from widget.sites.errors import TooManyLogins
from widget.sites.models import LoginAttempt, Site
from widget.sites.queries import find_owner_by_email

ALICE = "alice@maple.example"
WRONG = "not the password at all"


def post_at_once(app: Flask, passwords: list[str]) -> list[int]:
    """Send log-ins from a browser each, all at the same moment; return their statuses in order."""
    browsers = [OwnerBrowser(app) for _ in passwords]
    tokens = [browser.read_token("/dashboard/login") for browser in browsers]
    barrier, statuses = Barrier(len(passwords)), [0] * len(passwords)

    def send(number: int) -> None:
        data = {"csrf_token": tokens[number], "email": ALICE, "password": passwords[number]}
        barrier.wait(timeout=20)
        statuses[number] = browsers[number].client.post("/dashboard/login", data=data).status_code

    threads = [Thread(target=send, args=(number,)) for number in range(len(passwords))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return statuses


def test_guesses_at_once_get_no_more_answers_than_one_after_another(app: Flask, cast: Cast) -> None:
    assert cast
    statuses = post_at_once(app, [WRONG] * (logins.MAX_FAILURES_PER_ACCOUNT + 6))
    assert statuses.count(401) == logins.MAX_FAILURES_PER_ACCOUNT
    assert statuses.count(429) == 6
    with app.app_context():
        assert db.session.query(LoginAttempt).count() == logins.MAX_FAILURES_PER_ACCOUNT


def test_the_right_password_that_comes_too_late_is_not_told_apart(app: Flask, cast: Cast) -> None:
    assert cast
    with app.app_context():
        begin_writing()
        checked = logins.check_password(ALICE, PASSWORD, "203.0.113.7")
        for _ in range(logins.MAX_FAILURES_PER_ACCOUNT):
            logins.note_failure(ALICE, "203.0.113.8")
        db.session.flush()
        with pytest.raises(TooManyLogins):
            logins.take_attempt(checked)
        db.session.rollback()


def test_a_password_changed_between_check_and_log_in_is_no_longer_good(app: Flask, cast: Cast) -> None:
    assert cast
    with app.app_context():
        begin_writing()
        checked = logins.check_password(ALICE, PASSWORD, "203.0.113.7")
        owner = find_owner_by_email(ALICE)
        assert owner is not None
        owners.change_password(owner, owners.hash_password(WRONG))
        db.session.flush()
        assert logins.take_attempt(checked) is None
        db.session.rollback()


def test_others_write_while_a_password_is_checked(app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    waited: list[float] = []

    def write_meanwhile(_owner: object, _password: str) -> bool:
        def write() -> None:
            with app.app_context():
                began = time.monotonic()
                begin_writing()
                db.session.get_one(Site, cast.maple.id).ask_every_days = 3
                db.session.commit()
                waited.append(time.monotonic() - began)

        writer = Thread(target=write)
        writer.start()
        writer.join(timeout=10)
        return True

    monkeypatch.setattr(owners, "has_password", write_meanwhile)
    assert OwnerBrowser(app).log_in(ALICE).status_code == 302
    assert waited
    assert waited[0] < 5
