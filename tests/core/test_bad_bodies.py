"""No body breaks a door: every one that takes a body names what is wrong, and stores nothing."""

import json
import uuid

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.cast import Cast
from tests.core.writing_routes import WritingRoute, count_rows, list_writing_routes, nested
from tests.databases import before_any_database
from tests.embed.shopper import assert_problem, make_survey

MEGABYTE = b'{"comment": "' + b"x" * 1_000_000 + b'"}'


@pytest.fixture
def routes(app: Flask, cast: Cast) -> list[WritingRoute]:
    return list_writing_routes(app, cast.maple, make_survey(app, cast.maple))


@before_any_database
@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"   ", id="blank"),
        pytest.param(b"{", id="cut"),
        pytest.param(b"{} {}", id="two documents"),
        pytest.param(b"{'id': 1}", id="single quotes"),
        pytest.param(b'{"id": "\xff"}', id="not UTF-8"),
        pytest.param(b'{"id": "\xed\xa0\x80"}', id="surrogate as bytes"),
        pytest.param(rb'{"id": "\ud800"}', id="lone surrogate"),
        pytest.param(rb'{"\udfff": 1}', id="lone surrogate as name"),
        pytest.param(b'{"id": "a\x00b"}', id="raw NUL"),
        pytest.param(b'{"id": NaN}', id="not a number"),
        pytest.param(b'{"id": Infinity}', id="endless number"),
        pytest.param(b'{"id": 1e400}', id="number too large"),
        pytest.param('{"id": 1}'.encode("utf-16"), id="UTF-16"),
        pytest.param(nested(100_000), id="deep lists"),
        pytest.param(nested(80_000, '{"a":', "}"), id="deep objects"),
        pytest.param(b'{"hidden": ' + nested(5_000) + b"}", id="deep in a field"),
    ],
)
def test_body_that_is_no_json_is_refused(
    app: Flask, client: FlaskClient, routes: list[WritingRoute], body: bytes
) -> None:
    before = count_rows(app)
    for route in routes:
        assert_problem(route.send(client, body), 400)
    assert count_rows(app) == before


@before_any_database
@pytest.mark.parametrize("body", [b"[]", b"null", b'"text"', b"7", b"true", b"[{}]", b"[" * 500 + b"]" * 500])
def test_body_that_is_no_object_is_refused(
    app: Flask, client: FlaskClient, routes: list[WritingRoute], body: bytes
) -> None:
    before = count_rows(app)
    for route in routes:
        assert_problem(route.send(client, body), 422)
    assert count_rows(app) == before


@before_any_database
@pytest.mark.parametrize(
    "content_type",
    [None, "", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x",
     "application/jsonp", "application/json-seq", "image/png", "json", "\x80"],
)  # fmt: skip
def test_body_of_another_type_is_refused(
    app: Flask, client: FlaskClient, routes: list[WritingRoute], content_type: str | None
) -> None:
    before = count_rows(app)
    for route in routes:
        assert_problem(route.send(client, b"{}", content_type), 415)
    assert count_rows(app) == before


@before_any_database
def test_body_over_the_limit_is_refused(app: Flask, client: FlaskClient, routes: list[WritingRoute]) -> None:
    before = count_rows(app)
    for route in routes:
        assert_problem(route.send(client, MEGABYTE), 413)
    assert count_rows(app) == before


def test_unknown_members_are_named(app: Flask, client: FlaskClient, routes: list[WritingRoute]) -> None:
    before = count_rows(app)
    for route in routes:
        for name in ("surprise", "__proto__", "a/b~c", "", "\x00", "é" * 300):
            body = json.dumps({name: 1}).encode()
            problem = assert_problem(route.send(client, body), 422)
            pointer = "#/" + name.replace("~", "~0").replace("/", "~1")
            assert pointer in [error["pointer"] for error in problem["errors"]]
    assert count_rows(app) == before


def test_gigantic_integers_are_refused(app: Flask, client: FlaskClient, routes: list[WritingRoute]) -> None:
    before = count_rows(app)
    for route in routes:
        for digits in (19, 20, 100, 300, 5000, 100_000):
            body = b'{"id": ' + b"9" * digits + b"}"
            assert route.send(client, body).status_code in (400, 422)
    assert count_rows(app) == before


def test_other_methods_are_refused(app: Flask, client: FlaskClient, routes: list[WritingRoute]) -> None:
    addresses = app.url_map.bind("localhost")
    for route in routes:
        # What an address takes by another rule is no other method: an id may end like a rule does.
        for method in {"GET", "PUT", "DELETE", "TRACE", "PURGE"} - (
            set(addresses.allowed_methods(route.path)) - {"GET"}
        ):
            response = client.open(route.path, method=method, headers=dict(route.headers))
            if response.status_code != 405:
                is_deleted = method == "DELETE" and response.status_code == 204
                assert method == "GET" or is_deleted, f"{method} {route.path} answers {response.status_code}"
                continue
            assert_problem(response, 405)
            assert route.method in response.headers["Allow"]


@pytest.mark.parametrize("part", ["%00", "%ff", "%ed%a0%80", "%F0%9F%8D%81", "..%2f..", "a" * 3000, "%0d%0aX:1", "'--"])
def test_strange_path_is_not_found(
    app: Flask, client: FlaskClient, cast: Cast, routes: list[WritingRoute], part: str
) -> None:
    before = count_rows(app)
    survey = next(route.path.split("/")[5] for route in routes if route.path.endswith("/responses"))
    paths = [
        f"/embed/v1/{part}.js",
        f"/embed/v1/{part}/boot",
        f"/embed/v1/{part}/sessions",
        f"/embed/v1/{part}/impressions",
        f"/embed/v1/{part}/surveys/{survey}",
        f"/embed/v1/{part}/surveys/{survey}/responses",
        f"/embed/v1/{cast.maple.key}/surveys/{part}",
        f"/embed/v1/{cast.maple.key}/surveys/{part}/responses",
        f"/embed/v1/static/{part}/{part}",
        f"/api/v1/surveys/{part}",
        f"/api/v1/{part}",
    ]
    for path in paths:
        for method in ("GET", "POST"):
            headers = {**cast.maple.page_headers, **cast.maple.store_headers}
            response = client.open(path, method=method, json={} if method == "POST" else None, headers=headers)
            assert_problem(response, 405 if response.status_code == 405 else 404)
    assert count_rows(app) == before


@pytest.mark.parametrize("value", ["", "\x80\xff", "a" * 4000, "%00", "'; DROP TABLE sites; --", "\u00e9", "null"])
def test_strange_headers_are_refused(app: Flask, client: FlaskClient, routes: list[WritingRoute], value: str) -> None:
    before = count_rows(app)
    for route in routes:
        refused = route.send(client, b"{}", Authorization=value, Origin=value)
        assert_problem(refused, 401 if route.path.startswith("/api/") else 403)
        if route.path.startswith("/embed/"):
            body = json.dumps({"id": str(uuid.uuid4())}).encode()
            assert 400 <= route.send(client, body, X_Regulars_Visitor=value, Authorization=value).status_code < 500 or (
                route.path.endswith("/sessions")
            )
    assert {**count_rows(app), "visitors": 0} == {**before, "visitors": 0}


def test_unknown_site_is_not_found(client: FlaskClient, cast: Cast, routes: list[WritingRoute]) -> None:
    for route in routes:
        if route.path.startswith("/embed/"):
            path = route.path.replace(cast.maple.key, "st_nobodyhere")
            assert_problem(WritingRoute(route.method, path, route.headers).send(client, b"{}"), 404)


@pytest.mark.parametrize(
    "origin",
    [
        None,
        "null",
        "https://maple.example.evil.example",
        "http://maple.example",
        "https://maple.example:8443",
        "https://bobs.example",
        "https://Maple.example/",
    ],
)
def test_page_of_another_origin_is_refused(
    app: Flask, client: FlaskClient, routes: list[WritingRoute], origin: str | None
) -> None:
    before = count_rows(app)
    for route in routes:
        if not route.path.startswith("/embed/"):
            continue
        headers = {} if origin is None else {"Origin": origin}
        response = WritingRoute(route.method, route.path, headers).send(client, b"{}")
        problem = assert_problem(response, 403)
        assert problem["type"] == "urn:regulars:problem:origin-not-allowed"
        assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert count_rows(app) == before
