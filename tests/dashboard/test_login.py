"""Logging in and out."""

from datetime import timedelta

import pytest
import time_machine
from flask import Flask

from tests.cast import PASSWORD, Cast
from tests.dashboard.owner import OwnerBrowser
from widget.core.clock import utc_now
from widget.core.db import db
from widget.sites.logins import MAX_FAILURES_PER_ACCOUNT
from widget.sites.models import LoginAttempt, OwnerSession
from widget.sites.owners import SESSION_LASTS

WRONG = "not the password at all"


@pytest.fixture
def stranger(app: Flask, cast: Cast) -> OwnerBrowser:
    """A browser in which nobody is logged in, at a house where the cast lives."""
    assert cast
    return OwnerBrowser(app)


def read_cookie(browser: OwnerBrowser) -> str:
    cookie = browser.client.get_cookie("regulars_owner", path="/dashboard")
    assert cookie is not None
    return cookie.value


def test_alice_logs_in_and_reaches_her_only_store(stranger: OwnerBrowser, cast: Cast) -> None:
    answer = stranger.log_in("Alice@Maple.example ")
    assert answer.status_code == 302
    assert answer.location == "/dashboard/"
    assert stranger.get("/dashboard/").location == f"/dashboard/{cast.maple.key}/"


@pytest.mark.parametrize(("email", "password"), [("alice@maple.example", WRONG), ("nobody@x.example", PASSWORD)])
def test_wrong_email_and_wrong_password_get_the_same_answer(stranger: OwnerBrowser, email: str, password: str) -> None:
    answer = stranger.log_in(email, password)
    assert answer.status_code == 401
    assert "do not belong together" in answer.text
    assert password not in answer.text
    assert stranger.get("/dashboard/").status_code == 302


def test_login_refuses_empty_fields_and_counts_no_attempt(app: Flask, stranger: OwnerBrowser) -> None:
    assert stranger.log_in("", "").status_code == 422
    with app.app_context():
        assert db.session.query(LoginAttempt).count() == 0


def test_login_renews_the_session(stranger: OwnerBrowser) -> None:
    stranger.get("/dashboard/login")
    before = read_cookie(stranger)
    stranger.log_in("alice@maple.example")
    first = read_cookie(stranger)
    stranger.post("/dashboard/logout")
    stranger.log_in("alice@maple.example")
    assert len({before, first, read_cookie(stranger)}) == 3


def test_a_planted_session_does_not_survive_the_login(app: Flask, stranger: OwnerBrowser) -> None:
    with stranger.client.session_transaction("/dashboard/") as session:
        session["planted"] = "by somebody else"
    stranger.log_in("alice@maple.example")
    with stranger.client.session_transaction("/dashboard/") as session:
        assert "planted" not in session
        token = session["_user_id"]
    with app.app_context():
        hashes = db.session.scalars(db.select(OwnerSession.token_hash)).all()
    assert token not in hashes, "the database holds only the hash of the cookie's secret"


def test_too_many_failures_are_refused_also_with_the_right_password(stranger: OwnerBrowser) -> None:
    for _ in range(MAX_FAILURES_PER_ACCOUNT):
        assert stranger.log_in("alice@maple.example", WRONG).status_code == 401
    answer = stranger.log_in("alice@maple.example")
    assert answer.status_code == 429
    assert "quarter of an hour" in answer.text
    assert answer.headers["Retry-After"] == "900"
    with time_machine.travel(utc_now() + timedelta(minutes=16)):
        assert stranger.log_in("alice@maple.example").status_code == 302


def test_a_spoofed_forwarded_address_does_not_lift_the_limit(stranger: OwnerBrowser) -> None:
    statuses = []
    for number in range(MAX_FAILURES_PER_ACCOUNT + 1):
        token = stranger.read_token("/dashboard/login")
        answer = stranger.client.post(
            "/dashboard/login",
            data={"csrf_token": token, "email": "alice@maple.example", "password": WRONG},
            headers={"X-Forwarded-For": f"203.0.113.{number}", "X-Real-IP": f"203.0.113.{number}"},
        )
        statuses.append(answer.status_code)
    assert statuses[-1] == 429


@pytest.mark.parametrize(
    ("wanted", "reached"),
    [
        ("/dashboard/account", "/dashboard/account"),
        ("/dashboard/x/surveys?a=1", "/dashboard/x/surveys?a=1"),
        ("https://evil.example/dashboard/", "/dashboard/"),
        ("//evil.example/dashboard/", "/dashboard/"),
        ("/dashboardevil", "/dashboard/"),
        ("/dashboard/\\evil.example", "/dashboard/"),
        ("/embed/v1/x.js", "/dashboard/"),
        ("javascript:alert(1)", "/dashboard/"),
    ],
)
def test_next_leads_only_into_the_dashboard(stranger: OwnerBrowser, wanted: str, reached: str) -> None:
    stranger.log_in("alice@maple.example")
    answer = stranger.client.get("/dashboard/login", query_string={"next": wanted})
    assert answer.location == reached


def test_a_page_leads_to_the_login_and_back(stranger: OwnerBrowser) -> None:
    answer = stranger.get("/dashboard/account")
    assert answer.status_code == 302
    assert answer.location == "/dashboard/login?next=/dashboard/account"
    assert stranger.log_in("alice@maple.example", query="?next=/dashboard/account").location == "/dashboard/account"


def test_logging_out_ends_the_session_in_the_database_too(app: Flask, stranger: OwnerBrowser) -> None:
    stranger.log_in("alice@maple.example")
    stolen = read_cookie(stranger)
    assert stranger.post("/dashboard/logout").status_code == 302
    thief = OwnerBrowser(app)
    thief.client.set_cookie("regulars_owner", stolen, path="/dashboard")
    assert thief.get("/dashboard/account").status_code == 302


def test_a_session_ends_after_its_time(stranger: OwnerBrowser) -> None:
    stranger.log_in("alice@maple.example")
    with time_machine.travel(utc_now() + SESSION_LASTS + timedelta(minutes=1)):
        assert stranger.get("/dashboard/account").status_code == 302


def test_login_without_a_form_token_is_a_page_and_stores_nothing(app: Flask, stranger: OwnerBrowser) -> None:
    answer = stranger.client.post("/dashboard/login", data={"email": "alice@maple.example", "password": PASSWORD})
    assert answer.status_code == 400
    assert answer.mimetype == "text/html"
    assert "reload the page" in answer.text
    with app.app_context():
        assert db.session.query(OwnerSession).count() == 0


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://localhost:81"])
def test_a_form_sent_from_another_site_is_refused(stranger: OwnerBrowser, origin: str) -> None:
    token = stranger.read_token("/dashboard/login")
    answer = stranger.client.post(
        "/dashboard/login",
        data={"csrf_token": token, "email": "alice@maple.example", "password": PASSWORD},
        headers={"Origin": origin},
    )
    assert answer.status_code == 403
    assert answer.mimetype == "text/html"


@pytest.mark.parametrize("text", ["\x00", "a\x00@b.example", "\ud800", "x" * 2000])
def test_odd_characters_are_only_a_wrong_login(stranger: OwnerBrowser, text: str) -> None:
    token = stranger.read_token("/dashboard/login")
    body = b"csrf_token=" + token.encode() + b"&email=" + text.encode(errors="surrogatepass") + b"&password=x"
    answer = stranger.client.post("/dashboard/login", data=body, content_type="application/x-www-form-urlencoded")
    assert answer.status_code in (400, 401, 422)
