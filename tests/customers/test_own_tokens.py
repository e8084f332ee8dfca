"""Our own tokens: each is good for one purpose at one site, for a while."""

import uuid
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from tests.cast import Cast, SiteOfCast
from tests.embed.shopper import (
    assert_problem,
    make_survey,
    open_session,
    open_visitor,
    post_answer,
    read_json,
)
from widget.config import Settings, SettingsError
from widget.core.clock import utc_now
from widget.core.db import db
from widget.core.tokens import sign_token
from widget.customers.tokens import SESSION_TOKEN_LASTS, VISITOR_TOKEN_LASTS
from widget.surveys.models import SurveyResponse


def open_customer(client: FlaskClient, site: SiteOfCast, name: str = "carol") -> dict[str, Any]:
    return read_json(open_session(client, site, customer_token=site.sign_customer(name)))


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def visitor(token: str) -> dict[str, str]:
    return {"X-Regulars-Visitor": token}


def tamper(token: str) -> str:
    """Change one bit of the payload and keep the signature."""
    return ("a" if token[0] != "a" else "b") + token[1:]


def assert_nobody_answers(app: Flask, client: FlaskClient, cast: Cast, headers: Mapping[str, str]) -> None:
    """Check that an answer with these headers is refused and not stored."""
    survey_id = make_survey(app, cast.maple)
    assert_problem(post_answer(client, cast.maple, survey_id, headers=headers), 401)
    with app.app_context():
        assert db.session.scalars(db.select(SurveyResponse)).first() is None


def test_session_token_is_no_visitor_token(app: Flask, client: FlaskClient, cast: Cast) -> None:
    session_token = open_customer(client, cast.maple)["session_token"]
    assert_nobody_answers(app, client, cast, visitor(session_token))
    assert_problem(open_session(client, cast.maple, visitor_token=session_token), 401)


def test_visitor_token_is_no_session_token(app: Flask, client: FlaskClient, cast: Cast) -> None:
    assert_nobody_answers(app, client, cast, bearer(open_visitor(client, cast.maple)))


def test_customer_token_is_no_session_token(app: Flask, client: FlaskClient, cast: Cast) -> None:
    assert_nobody_answers(app, client, cast, bearer(cast.maple.sign_customer("carol")))


def test_secret_key_is_no_session_token(app: Flask, client: FlaskClient, cast: Cast) -> None:
    assert_nobody_answers(app, client, cast, cast.maple.store_headers)


@pytest.mark.parametrize("purpose", ["session", "visitor", "unsubscribe", ""])
def test_token_of_another_purpose_is_refused(app: Flask, client: FlaskClient, cast: Cast, purpose: str) -> None:
    session = open_customer(client, cast.maple)
    with app.test_request_context():
        token = sign_token(purpose, cast.maple.id, f"{cast.maple.id.hex}-{cast.maple.id.hex}")
    if purpose != "session":
        assert_nobody_answers(app, client, cast, bearer(token))
    if purpose != "visitor":
        assert_nobody_answers(app, client, cast, visitor(token))
    assert session["session_token"] != token


def test_other_sites_session_token_is_refused(app: Flask, client: FlaskClient, cast: Cast) -> None:
    assert_nobody_answers(app, client, cast, bearer(open_customer(client, cast.bobs)["session_token"]))


def test_other_sites_visitor_token_is_refused(app: Flask, client: FlaskClient, cast: Cast) -> None:
    foreign = open_visitor(client, cast.bobs)
    assert_nobody_answers(app, client, cast, visitor(foreign))
    assert_problem(open_session(client, cast.maple, visitor_token=foreign), 401)


def test_tampered_tokens_are_refused(app: Flask, client: FlaskClient, cast: Cast) -> None:
    session = open_customer(client, cast.maple)
    assert_nobody_answers(app, client, cast, bearer(tamper(session["session_token"])))
    assert_nobody_answers(app, client, cast, visitor(tamper(session["visitor_token"])))


def test_token_signed_with_another_secret_is_refused(app: Flask, client: FlaskClient, cast: Cast) -> None:
    with app.test_request_context():
        app.config["SECRET_KEY"], kept = (
            "another secret of more than thirty-two bytes",
            app.config["SECRET_KEY"],
        )
        try:
            forged = sign_token("visitor", cast.maple.id, cast.maple.id.hex)
        finally:
            app.config["SECRET_KEY"] = kept
    assert_nobody_answers(app, client, cast, visitor(forged))


@pytest.mark.parametrize(
    "header",
    [
        "",
        "Bearer",
        "Bearer ",
        "Basic YTpi",
        "bearer x.y.z",
        "Bearer \xff\xfe",
        "Bearer " + "x" * 5000,
        "\x80",
    ],
)
def test_authorization_that_is_no_session_is_refused(app: Flask, client: FlaskClient, cast: Cast, header: str) -> None:
    assert_nobody_answers(app, client, cast, {"Authorization": header})


def test_padded_token_is_the_same_token(app: Flask, client: FlaskClient, cast: Cast) -> None:
    # The encoding ignores padding. Nothing is listed by a token's text, so this is harmless.
    token = open_customer(client, cast.maple)["session_token"]
    read_json(post_answer(client, cast.maple, make_survey(app, cast.maple), headers=bearer(token + "=")))
    with app.app_context():
        assert db.session.scalars(db.select(SurveyResponse)).one().customer_id is not None


@pytest.mark.parametrize("which", ["session_token", "visitor_token"])
def test_expired_token_is_refused(app: Flask, client: FlaskClient, cast: Cast, which: str) -> None:
    token = open_customer(client, cast.maple)[which]
    send, lasts = (bearer, SESSION_TOKEN_LASTS) if which == "session_token" else (visitor, VISITOR_TOKEN_LASTS)
    survey_id = make_survey(app, cast.maple)
    with time_machine.travel(utc_now() + lasts - timedelta(seconds=5), tick=True):
        read_json(post_answer(client, cast.maple, survey_id, headers=send(token)))
    with time_machine.travel(utc_now() + lasts + timedelta(seconds=5), tick=True):
        assert_problem(post_answer(client, cast.maple, survey_id, headers=send(token)), 401)


def test_tokens_carry_ids_only(client: FlaskClient, cast: Cast) -> None:
    session = open_customer(client, cast.maple)
    for name, count in (("visitor_token", 2), ("session_token", 3)):
        ids = session[name].partition(".")[0].split("-")
        assert [uuid.UUID(part).hex for part in ids] == ids
        assert len(ids) == count


@pytest.mark.parametrize("secret", ["", "short", "x" * 31, "é" * 15])
def test_production_refuses_to_start_with_a_weak_secret(tmp_path: Path, secret: str) -> None:
    with pytest.raises(SettingsError, match="32 bytes"):
        Settings.from_env({"ENVIRONMENT": "production", "DATA_DIR": str(tmp_path), "SECRET_KEY": secret})


def test_development_refuses_a_weak_secret_that_is_given(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="32 bytes"):
        Settings.from_env({"DATA_DIR": str(tmp_path), "SECRET_KEY": "short"})


def test_development_makes_a_secret_once_for_itself_alone(tmp_path: Path) -> None:
    first, second = (Settings.from_env({"DATA_DIR": str(tmp_path)}) for _ in range(2))
    assert first.secret_key == second.secret_key
    assert len(first.secret_key) >= 32
    assert (tmp_path / "secret_key").stat().st_mode & 0o077 == 0
