"""Two-step log-in: a code after the password, each good once, and recovery codes for the day the phone is lost."""

import base64
import re
from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread

import pyotp
import pytest
import time_machine
from flask import Flask
from werkzeug.test import TestResponse

from tests.cast import PASSWORD, Cast
from tests.dashboard.owner import OwnerBrowser, logged_in, make_member
from widget.core.clock import utc_now
from widget.core.db import db
from widget.sites.logins import MAX_FAILURES_PER_ACCOUNT
from widget.sites.models import OwnerSession, RecoveryCode
from widget.sites.queries import find_owner_by_email

ALICE = "alice@maple.example"
# Ten seconds into a step, so that shifts by whole steps meet no edge.
NOON = datetime.now(UTC).replace(hour=12, minute=0, second=10, microsecond=0) + timedelta(days=1)
PENDING = re.compile(r'name="pending" value="([^"]+)"')
CODES = re.compile(r'<code id="codes">([^<]+)</code>')
SECRET = re.compile(r'<code id="secret">([^<]+)</code>')


def turn_on(browser: OwnerBrowser) -> tuple[pyotp.TOTP, list[str]]:
    """Set the second step up as the page asks; return the authenticator and the recovery codes."""
    assert browser.post("/dashboard/account/two-step", current=PASSWORD).location == "/dashboard/account/two-step"
    found = SECRET.search(browser.get("/dashboard/account/two-step").text)
    assert found is not None
    totp = pyotp.TOTP(found.group(1).replace(" ", ""))
    page = browser.post("/dashboard/account/two-step/confirm", code=totp.now())
    codes = CODES.search(page.text)
    assert codes is not None, page.text
    return totp, codes.group(1).split()


def give_code(browser: OwnerBrowser, code: str, query: str = "") -> TestResponse:
    """Log in with the password, then send a code as the page's form does."""
    page = browser.log_in(ALICE, query=query)
    found = PENDING.search(page.text)
    assert found is not None, page.status_code
    return send_code(browser, found.group(1), code, query)


def send_code(browser: OwnerBrowser, pending: str, code: str, query: str = "") -> TestResponse:
    return browser.post(f"/dashboard/login/code{query}", page="/dashboard/login", pending=pending, code=code)


def count_sessions(app: Flask) -> int:
    with app.app_context():
        return db.session.query(OwnerSession).count()


def test_a_log_in_takes_the_code_after_the_password(app: Flask, alice: OwnerBrowser) -> None:
    with time_machine.travel(NOON) as clock:
        totp, _ = turn_on(alice)
        browser = OwnerBrowser(app)
        sessions = count_sessions(app)
        answer = browser.log_in(ALICE)
        assert answer.status_code == 200
        assert "Type your code" in answer.text
        assert count_sessions(app) == sessions, "half a log-in is no session"
        assert browser.get("/dashboard/account").status_code == 302
        clock.shift(timedelta(seconds=30))
        answer = give_code(browser, totp.now(), "?next=/dashboard/account")
        assert (answer.status_code, answer.location) == (302, "/dashboard/account")
        assert browser.get("/dashboard/account").status_code == 200


def test_the_picture_holds_the_secret_and_the_page_its_text(alice: OwnerBrowser) -> None:
    alice.post("/dashboard/account/two-step", current=PASSWORD)
    page = alice.get("/dashboard/account/two-step").text
    assert 'src="data:image/svg+xml' in page
    found = SECRET.search(page)
    assert found is not None
    assert len(base64.b32decode(found.group(1).replace(" ", ""))) >= 20
    assert 'class="qr"' in page


def test_nothing_counts_before_the_first_code(app: Flask, alice: OwnerBrowser) -> None:
    alice.post("/dashboard/account/two-step", current=PASSWORD)
    assert alice.post("/dashboard/account/two-step/confirm", code="000000").status_code == 422
    assert alice.post("/dashboard/account/two-step/confirm", code="").status_code == 422
    assert OwnerBrowser(app).log_in(ALICE).status_code == 302


def test_setting_up_needs_the_password(app: Flask, alice: OwnerBrowser) -> None:
    assert alice.post("/dashboard/account/two-step", current="a wrong guess").status_code == 422
    assert alice.post("/dashboard/account/two-step", current="").status_code == 422
    assert alice.get("/dashboard/account/two-step").location == "/dashboard/account#two-step"
    with app.app_context():
        owner = find_owner_by_email(ALICE)
        assert owner is not None
        assert owner.totp_secret is None


def test_a_code_is_taken_once(app: Flask, alice: OwnerBrowser) -> None:
    with time_machine.travel(NOON) as clock:
        totp, _ = turn_on(alice)
        assert give_code(OwnerBrowser(app), totp.now()).status_code == 401, "the code that turned it on is used up"
        clock.shift(timedelta(seconds=30))
        code = totp.now()
        assert give_code(OwnerBrowser(app), code).status_code == 302
        assert give_code(OwnerBrowser(app), code).status_code == 401
        earlier = totp.at(int(utc_now().timestamp()) - 30)
        assert give_code(OwnerBrowser(app), earlier).status_code == 401, "nor is an earlier one taken after it"


@pytest.mark.parametrize(("seconds", "status"), [(30, 302), (-30, 302), (90, 401), (-90, 401)])
def test_clocks_may_differ_by_one_step(app: Flask, alice: OwnerBrowser, seconds: int, status: int) -> None:
    with time_machine.travel(NOON) as clock:
        totp, _ = turn_on(alice)
        clock.shift(timedelta(minutes=5))
        assert give_code(OwnerBrowser(app), totp.at(int(utc_now().timestamp()) + seconds)).status_code == status


def test_two_requests_with_one_code_open_one_session(app: Flask, alice: OwnerBrowser) -> None:
    totp, codes = turn_on(alice)
    browsers = [OwnerBrowser(app) for _ in range(4)]
    pending = [PENDING.search(browser.log_in(ALICE).text) for browser in browsers]
    tokens = [browser.read_token("/dashboard/login") for browser in browsers]
    assert totp
    barrier, statuses = Barrier(4), []

    def send(number: int) -> None:
        found = pending[number]
        assert found is not None
        data = {"csrf_token": tokens[number], "pending": found.group(1), "code": codes[0]}
        barrier.wait(timeout=10)
        statuses.append(browsers[number].client.post("/dashboard/login/code", data=data).status_code)

    threads = [Thread(target=send, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(statuses) == [302, 401, 401, 401]


def test_recovery_codes_stand_in_once_each_and_are_stored_as_hashes(app: Flask, alice: OwnerBrowser) -> None:
    _, codes = turn_on(alice)
    assert len(set(codes)) == 10
    with app.app_context():
        hashes = db.session.scalars(db.select(RecoveryCode.code_hash)).all()
    assert not {code.replace("-", "") for code in codes} & set(hashes)
    assert give_code(OwnerBrowser(app), codes[0]).status_code == 302
    assert give_code(OwnerBrowser(app), codes[0]).status_code == 401
    assert give_code(OwnerBrowser(app), f" {codes[1].upper().replace('-', ' ')} ").status_code == 302
    assert "8 recovery codes are left" in alice.get("/dashboard/account").text


def test_new_recovery_codes_end_the_old(app: Flask, alice: OwnerBrowser) -> None:
    _, old = turn_on(alice)
    page = alice.post("/dashboard/account/two-step/codes", current=PASSWORD, code=old[0])
    found = CODES.search(page.text)
    assert found is not None
    assert give_code(OwnerBrowser(app), old[1]).status_code == 401
    assert give_code(OwnerBrowser(app), found.group(1).split()[0]).status_code == 302
    assert alice.post("/dashboard/account/two-step/codes", current="wrong", code=old[2]).status_code == 422


def test_turning_off_needs_password_and_code(app: Flask, alice: OwnerBrowser) -> None:
    _, codes = turn_on(alice)
    off = "/dashboard/account/two-step/off"
    for current, code in (("wrong password", codes[0]), (PASSWORD, "000000"), (PASSWORD, "zzzz-zzzz-zzzz"), ("", "")):
        assert alice.post(off, current=current, code=code).status_code == 422
    assert give_code(OwnerBrowser(app), codes[1]).status_code == 302
    assert alice.post(off, current=PASSWORD, code=codes[0]).status_code == 302
    assert OwnerBrowser(app).log_in(ALICE).status_code == 302
    with app.app_context():
        assert db.session.query(RecoveryCode).count() == 0
    assert alice.post(off, current=PASSWORD, code=codes[2]).status_code == 422, "off twice is off"


def test_guessing_codes_is_limited_like_the_log_in(app: Flask, alice: OwnerBrowser) -> None:
    _, codes = turn_on(alice)
    browser = OwnerBrowser(app)
    found = PENDING.search(browser.log_in(ALICE).text)
    assert found is not None
    statuses = [send_code(browser, found.group(1), "000000").status_code for _ in range(MAX_FAILURES_PER_ACCOUNT)]
    assert statuses == [401] * MAX_FAILURES_PER_ACCOUNT
    assert send_code(browser, found.group(1), codes[0]).status_code == 429
    assert browser.log_in(ALICE).status_code == 429


@pytest.mark.parametrize("pending", ["", "x", "0" * 32, "\x00", "0" * 32 + "-x.y.z"])
def test_a_code_without_the_password_before_it_opens_nothing(app: Flask, alice: OwnerBrowser, pending: str) -> None:
    _, codes = turn_on(alice)
    browser = OwnerBrowser(app)
    assert send_code(browser, pending, codes[0]).location == "/dashboard/login"
    assert browser.get("/dashboard/account").status_code == 302


def test_the_step_between_ends_by_itself_and_with_the_password(app: Flask, alice: OwnerBrowser) -> None:
    with time_machine.travel(NOON) as clock:
        _, codes = turn_on(alice)
        browser = OwnerBrowser(app)
        found = PENDING.search(browser.log_in(ALICE).text)
        assert found is not None
        clock.shift(timedelta(minutes=11))
        assert send_code(browser, found.group(1), codes[0]).location == "/dashboard/login"
        found = PENDING.search(browser.log_in(ALICE).text)
        assert found is not None
        new = "a longer walk by another lake"
        alice.post("/dashboard/account", current=PASSWORD, new=new, again=new)
        assert send_code(browser, found.group(1), codes[0]).location == "/dashboard/login"


def test_the_address_of_the_code_alone_leads_to_the_log_in(app: Flask, cast: Cast) -> None:
    assert cast
    assert OwnerBrowser(app).get("/dashboard/login/code").location == "/dashboard/login"


def test_members_show_who_has_it(app: Flask, alice: OwnerBrowser, cast: Cast) -> None:
    make_member(app, cast.maple, "erin@maple.example", "viewer")
    page = f"/dashboard/{cast.maple.key}/settings"
    assert "two-step log-in" not in alice.get(page).text
    turn_on(logged_in(app, "erin@maple.example"))
    assert alice.get(page).text.count("two-step log-in") == 1


def test_what_was_on_stays_on_when_set_up_again(app: Flask, alice: OwnerBrowser) -> None:
    _, codes = turn_on(alice)
    assert alice.post("/dashboard/account/two-step", current=PASSWORD).status_code == 302
    assert alice.post("/dashboard/account/two-step/confirm", code="123456").location == "/dashboard/account#two-step"
    assert give_code(OwnerBrowser(app), codes[0]).status_code == 302


def test_an_operator_lets_in_who_lost_phone_and_codes(app: Flask, alice: OwnerBrowser) -> None:
    turn_on(alice)
    run = app.test_cli_runner().invoke
    assert run(args=["owner", "two-step-off", "nobody@x.example"]).exit_code == 2
    assert OwnerBrowser(app).log_in(ALICE).status_code == 200
    assert run(args=["owner", "two-step-off", "Alice@Maple.example"]).exit_code == 0
    assert OwnerBrowser(app).log_in(ALICE).status_code == 302
