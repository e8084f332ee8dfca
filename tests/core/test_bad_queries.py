"""No query string breaks a door either."""

import base64
import re
import uuid

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.cast import Cast, SiteOfCast
from tests.core.writing_routes import (
    make_known,
    make_lead,
    make_loyalty,
    make_redeemed,
    make_referral,
    make_reviewed,
    make_segment,
)
from tests.embed.shopper import assert_problem, make_survey, post_answer
from tests.long_run import at_length
from tests.reviews.builders import TEAPOT
from widget.core.clock import utc_now
from widget.core.paging import Cursor

STRANGE = ["%00", "%ff%fe", "9" * 30, "1e400", "-1", "x" * 3000, "9999-12-31", "0001-01-01"]
NAMES = [
    "cursor", "limit", "by", "from", "until", "score", "bucket", "language", "page", "customer", "text",
    "flagged", "segment", "hidden.order_id", "surprise", "state",
]  # fmt: skip
# Names no address knows end alike: they are tried at each by this one and the value, and all of them in a long run.
UNKNOWN = at_length(set(NAMES), otherwise={"hidden.order_id"})
PLACE = re.compile(r"<(?:\w+:)?(\w+)>")


def encode(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def list_readings(app: Flask, site: SiteOfCast, survey_id: uuid.UUID) -> dict[str, set[str]]:
    """Return every address of the store's server that only reads, with what it may be asked by the document."""
    values = {
        "survey_id": survey_id,
        "segment_id": make_segment(app, site),
        "review_id": make_reviewed(app, site),
        "product_id": TEAPOT,
        "external_id": make_known(app, site),
        "redemption_id": make_redeemed(app, site),
        "referral_id": make_referral(app, site),
        **make_loyalty(app, site),
        **make_lead(app, site),
    }
    documented = app.test_client().get("/api/openapi.json").get_json()["paths"]
    readings = {}
    for rule in app.url_map.iter_rules():
        if rule.rule.startswith("/api/v1/") and "GET" in (rule.methods or set()) and "site_key" not in rule.arguments:
            built = rule.build({name: values[name] for name in rule.arguments}, append_unknown=False)
            parameters = documented[PLACE.sub(r"{\1}", rule.rule)]["get"].get("parameters", [])
            assert built is not None, rule
            readings[built[1]] = {parameter["name"] for parameter in parameters}
    return readings


@pytest.mark.parametrize("value", STRANGE)
def test_strange_value_is_refused_or_finds_nothing(app: Flask, client: FlaskClient, cast: Cast, value: str) -> None:
    survey_id = make_survey(app, cast.maple)
    post_answer(client, cast.maple, survey_id, hidden={"order_id": "7"})
    for path, names in list_readings(app, cast.maple, survey_id).items():
        for name in {*names, *UNKNOWN, value}:
            response = client.get(f"{path}?{name}={value}", headers=cast.maple.store_headers)
            if response.status_code != 200:
                assert_problem(response, 422)


@pytest.mark.parametrize(
    "cursor",
    [
        "", "x", "====", "%00", "\u00e9", "a" * 5000,
        encode("x"), encode("|"), encode("2026-01-01|" + "0" * 32), encode("2026-01-01T00:00:00+00:00|"),
        encode("2026-01-01T00:00:00+00:00|zz"), encode("0001-01-01T00:00:00+23:59|" + "0" * 32),
        encode("9999-12-31T23:59:59-23:59|" + "f" * 32), encode("2026-01-01T00:00:00Z|" + "0" * 32 + "|"),
        encode("\u0000|\u0000"),
    ],
)  # fmt: skip
def test_cursor_that_is_none_is_refused(app: Flask, client: FlaskClient, cast: Cast, cursor: str) -> None:
    survey_id = make_survey(app, cast.maple)
    lists = ("orders", "customers", "surveys", "segments", "redemptions", "rewards", "coupon-pools", "coupons")
    members = f"/api/v1/segments/{make_segment(app, cast.maple)}/members"
    points = f"/api/v1/customers/{make_known(app, cast.maple)}/points"
    for path in (*(f"/api/v1/{name}" for name in lists), f"/api/v1/surveys/{survey_id}/responses", members, points):
        response = client.get(path, query_string={"cursor": cursor}, headers=cast.maple.store_headers)
        problem = assert_problem(response, 422)
        assert [error["pointer"] for error in problem["errors"]] == ["#/cursor"]


def test_cursor_of_another_site_shows_nothing_of_it(app: Flask, client: FlaskClient, cast: Cast) -> None:
    make_survey(app, cast.maple)
    cursor = Cursor(utc_now(), uuid.UUID(int=2**128 - 1)).encode()
    response = client.get("/api/v1/surveys", query_string={"cursor": cursor}, headers=cast.bobs.store_headers)
    assert response.get_json()["items"] == []
