"""Browsers may read every answer of the embed door, and ask beforehand without costing the database."""

import uuid

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from tests.cast import Cast
from tests.embed.shopper import assert_problem, make_survey, open_session, post_answer
from widget.core.db import db
from widget.core.hot import hot_engine
from widget.surveys.embed_api import BURST_HITS
from widget.surveys.models import SurveyResponse


@pytest.mark.parametrize("path", ["sessions", "impressions", f"surveys/{uuid.UUID(int=1)}/responses"])
def test_preflight_is_answered_without_the_database(app: Flask, client: FlaskClient, cast: Cast, path: str) -> None:
    checkouts: list[object] = []

    def note(*connection: object) -> None:
        checkouts.append(connection)

    with app.app_context():
        pools = (db.engine.pool, hot_engine().pool)
    for pool in pools:
        event.listen(pool, "checkout", note)
    try:
        response = client.options(
            f"/embed/v1/{cast.maple.key}/{path}",
            headers={
                "Origin": cast.maple.origin,
                "Access-Control-Request-Method": "POST",
                "Access-Control-Request-Headers": "authorization,content-type,x-regulars-visitor",
            },
        )
    finally:
        for pool in pools:
            event.remove(pool, "checkout", note)
    assert response.status_code == 204
    assert not checkouts
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert response.headers["Access-Control-Max-Age"] == "86400"
    allowed = {name.strip().lower() for name in response.headers["Access-Control-Allow-Headers"].split(",")}
    assert allowed >= {"authorization", "content-type", "x-regulars-visitor"}
    assert "POST" in response.headers["Access-Control-Allow-Methods"]


def test_page_may_read_answers_and_refusals(app: Flask, client: FlaskClient, cast: Cast) -> None:
    survey_id = make_survey(app, cast.maple)
    responses = [
        open_session(client, cast.maple),
        post_answer(client, cast.maple, survey_id),
        post_answer(client, cast.maple, survey_id, answers={"score": 11}),
        post_answer(client, cast.maple, uuid.uuid4()),
        client.get(f"/embed/v1/{cast.maple.key}/boot"),
        client.get(f"/embed/v1/{cast.maple.key}/surveys/{survey_id}"),
        client.get(f"/embed/v1/{cast.maple.key}.js"),
        client.get("/embed/v1/static/x/core/base.js"),
    ]
    for response in responses:
        assert response.headers["Access-Control-Allow-Origin"] == "*"
        assert response.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert "Set-Cookie" not in response.headers
        assert "Access-Control-Allow-Credentials" not in response.headers


@pytest.mark.usefixtures("still_clock")
def test_visitor_beyond_the_limit_is_told_when_to_come_back(app: Flask, client: FlaskClient, cast: Cast) -> None:
    survey_id = make_survey(app, cast.maple)
    kept = app.config["PREFIX_LIMIT"]
    app.config["PREFIX_LIMIT"] = 3
    try:
        statuses = [post_answer(client, cast.maple, survey_id).status_code for _ in range(3)]
        refused = post_answer(client, cast.maple, survey_id)
    finally:
        app.config["PREFIX_LIMIT"] = kept
    assert statuses == [201] * 3
    assert_problem(refused, 429)
    assert 0 <= int(refused.headers["Retry-After"]) <= 60
    assert refused.headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.usefixtures("still_clock")
@pytest.mark.parametrize("limit", ["SITE_LIMIT", "PREFIX_LIMIT", "VISITOR_LIMIT"])
def test_limits_of_one_site_are_not_the_others(app: Flask, client: FlaskClient, cast: Cast, limit: str) -> None:
    surveys = {site: make_survey(app, site) for site in (cast.maple, cast.bobs)}
    tokens = {site: open_session(client, site).json["visitor_token"] for site in surveys}
    kept = app.config[limit]
    app.config[limit] = 2
    try:
        for site, survey_id in surveys.items():
            headers = {"X-Regulars-Visitor": tokens[site]}
            statuses = [post_answer(client, site, survey_id, headers=headers).status_code for _ in range(3)]
            assert statuses[0] == 201
            assert statuses[-1] == 429
    finally:
        app.config[limit] = kept


@pytest.mark.usefixtures("still_clock")
def test_spoofed_forwarded_address_does_not_lift_the_limit(app: Flask, client: FlaskClient, cast: Cast) -> None:
    survey_id = make_survey(app, cast.maple)
    kept = app.config["PREFIX_LIMIT"]
    app.config["PREFIX_LIMIT"] = 2
    try:
        statuses = [
            post_answer(client, cast.maple, survey_id, headers={"X-Forwarded-For": f"203.0.{n}.7"}).status_code
            for n in range(4)
        ]
    finally:
        app.config["PREFIX_LIMIT"] = kept
    assert statuses == [201, 201, 429, 429]


@pytest.mark.usefixtures("still_clock")
def test_burst_of_one_network_is_kept_but_flagged(app: Flask, client: FlaskClient, cast: Cast) -> None:
    survey_id = make_survey(app, cast.maple)
    for _ in range(BURST_HITS + 2):
        assert post_answer(client, cast.maple, survey_id).status_code == 201
    with app.app_context():
        flags = [row.flag for row in db.session.scalars(db.select(SurveyResponse))]
    assert flags.count("burst") == 2
    assert flags.count(None) == BURST_HITS
