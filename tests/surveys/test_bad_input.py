"""What an answer or an impression may not be: each named by its pointer, and nothing stored."""

import json
import uuid
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.cast import Cast
from tests.core.writing_routes import count_rows
from tests.embed.shopper import assert_problem, make_survey, post_answer, read_json

SURVEY_ID = "0190f3a0-0000-7000-8000-000000000000"


@pytest.fixture
def nps(app: Flask, cast: Cast) -> uuid.UUID:
    return make_survey(app, cast.maple)


def post_impressions(client: FlaskClient, cast: Cast, *impressions: Any) -> TestResponse:
    return client.post(
        f"/embed/v1/{cast.maple.key}/impressions",
        json={"impressions": list(impressions)},
        headers=cast.maple.page_headers,
    )


def pointers_of(response: TestResponse, status: int = 422) -> list[str]:
    return [error["pointer"] for error in assert_problem(response, status).get("errors", [])]


@pytest.mark.parametrize(
    ("kind", "score"),
    [
        ("nps", 11), ("nps", -1), ("nps", 2**63), ("nps", -(2**63)), ("nps", 2**64 - 1), ("nps", 10**30),
        ("nps", "5"), ("nps", 5.0), ("nps", 5.5), ("nps", True), ("nps", False), ("nps", [5]), ("nps", {"a": 5}),
        ("nps", ""), ("csat", 0), ("csat", 6), ("csat", "5"), ("csat", -1), ("csat", 10),
    ],
)  # fmt: skip
def test_score_that_is_none_of_the_scale_is_refused(
    app: Flask, client: FlaskClient, cast: Cast, kind: str, score: object
) -> None:
    survey_id = make_survey(app, cast.maple, kind)
    before = count_rows(app)
    assert pointers_of(post_answer(client, cast.maple, survey_id, answers={"score": score})) == ["#/answers/score"]
    assert count_rows(app) == before


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"id": None}, "#/id"),
        ({"id": ""}, "#/id"),
        ({"id": "1"}, "#/id"),
        ({"id": 7}, "#/id"),
        ({"id": ["a"]}, "#/id"),
        ({"id": "0190f3a0-0000-7000-8000-00000000000g"}, "#/id"),
        ({"id": "0190f3a0-0000-7000-8000-000000000000\x00"}, "#/id"),
        ({"id": "x" * 5000}, "#/id"),
        ({"answers": None}, "#/answers"),
        ({"answers": []}, "#/answers"),
        ({"answers": "9"}, "#/answers"),
        ({"answers": {}}, "#/answers"),
        ({"answers": {"score": None}}, "#/answers"),
        ({"answers": {"score": None, "comment": ""}}, "#/answers"),
        ({"answers": {"score": 9, "stars": 5}}, "#/answers/stars"),
        ({"answers": {"score": 9, "comment": "x" * 5001}}, "#/answers/comment"),
        ({"answers": {"score": 9, "comment": "\U0001f341" * 5001}}, "#/answers/comment"),
        ({"answers": {"score": 9, "comment": "a\x00b"}}, "#/answers/comment"),
        ({"answers": {"score": 9, "comment": 7}}, "#/answers/comment"),
        ({"answers": {"score": 9, "comment": ["x"]}}, "#/answers/comment"),
        ({"completed": None}, "#/completed"),
        ({"completed": "yes"}, "#/completed"),
        ({"completed": 1}, "#/completed"),
        ({"hidden": None}, "#/hidden"),
        ({"hidden": []}, "#/hidden"),
        ({"hidden": {f"f{n}": 1 for n in range(21)}}, "#/hidden"),
        ({"hidden": {"": "x"}}, "#/hidden"),
        ({"hidden": {"a\x00": "x"}}, "#/hidden"),
        ({"hidden": {"n" * 65: "x"}}, "#/hidden"),
        ({"hidden": {"order_id": "a\x00"}}, "#/hidden/order_id"),
        ({"hidden": {"order_id": "x" * 501}}, "#/hidden/order_id"),
        ({"hidden": {"order_id": None}}, "#/hidden/order_id"),
        ({"hidden": {"order_id": {"deep": 1}}}, "#/hidden/order_id"),
        ({"language": "it\x00"}, "#/language"),
        ({"language": "x" * 36}, "#/language"),
        ({"language": ""}, "#/language"),
        ({"language": "<b>"}, "#/language"),
        ({"page_url": "https://maple.example/\x00"}, "#/page_url"),
        ({"page_url": "https://maple.example/" + "x" * 2000}, "#/page_url"),
        ({"page_url": "javascript:alert(1)"}, "#/page_url"),
        ({"page_url": "/thanks"}, "#/page_url"),
        ({"page_url": 7}, "#/page_url"),
        ({"elapsed_ms": -1}, "#/elapsed_ms"),
        ({"elapsed_ms": 2**31}, "#/elapsed_ms"),
        ({"elapsed_ms": 1.5}, "#/elapsed_ms"),
        ({"elapsed_ms": "100"}, "#/elapsed_ms"),
        ({"website": "\x00"}, "#/website"),
        ({"website": "x" * 501}, "#/website"),
        ({"website": 1}, "#/website"),
    ],
)
def test_answer_with_a_bad_member_is_refused(
    app: Flask, client: FlaskClient, cast: Cast, nps: uuid.UUID, changes: dict[str, Any], pointer: str
) -> None:
    before = count_rows(app)
    assert pointers_of(post_answer(client, cast.maple, nps, **changes)) == [pointer]
    assert count_rows(app) == before


@pytest.mark.parametrize("missing", ["id", "answers", "completed"])
def test_answer_with_a_missing_member_is_refused(client: FlaskClient, cast: Cast, nps: uuid.UUID, missing: str) -> None:
    body = {"id": str(uuid.uuid4()), "answers": {"score": 9}, "completed": True}
    del body[missing]
    response = client.post(
        f"/embed/v1/{cast.maple.key}/surveys/{nps}/responses", json=body, headers=cast.maple.page_headers
    )
    assert pointers_of(response) == [f"#/{missing}"]


def test_longest_answer_is_taken(client: FlaskClient, cast: Cast, nps: uuid.UUID) -> None:
    comment = "\U0001f341" * 5000
    hidden = {f"{n:02}" + "\u0434" * 62: "\u0434" * 500 for n in range(20)}
    document = read_json(post_answer(client, cast.maple, nps, answers={"score": 0, "comment": comment}, hidden=hidden))
    assert document["comment"] == comment


def test_member_given_twice_counts_once(client: FlaskClient, cast: Cast, nps: uuid.UUID) -> None:
    # JSON leaves the meaning of a name given twice open (RFC 8259, 4); here the last one stands.
    text = f'{{"id": "{uuid.uuid4()}", "answers": {{"score": 2, "score": 9}}, "completed": true}}'
    response = client.post(
        f"/embed/v1/{cast.maple.key}/surveys/{nps}/responses",
        data=text,
        content_type="application/json",
        headers=cast.maple.page_headers,
    )
    assert read_json(response)["score"] == 9


@pytest.mark.parametrize("survey_id", [SURVEY_ID, "0", SURVEY_ID.replace("-", ""), f"{{{SURVEY_ID}}}", "%00"])
def test_unknown_survey_is_not_found(app: Flask, client: FlaskClient, cast: Cast, survey_id: str) -> None:
    before = count_rows(app)
    assert_problem(post_answer(client, cast.maple, survey_id), 404)
    assert_problem(client.get(f"/embed/v1/{cast.maple.key}/surveys/{survey_id}"), 404)
    assert count_rows(app) == before


@pytest.mark.parametrize("query", ["lang=%00", "lang=" + "x" * 201])
def test_language_list_that_cannot_be_read_is_refused(
    client: FlaskClient, cast: Cast, nps: uuid.UUID, query: str
) -> None:
    response = client.get(f"/embed/v1/{cast.maple.key}/surveys/{nps}?{query}")
    assert pointers_of(response) == ["#/lang"]


@pytest.mark.parametrize("query", ["lang=%ff%fe", "lang=%ed%a0%80", "lang=,,;q=x", "lang=xx&utm_source=mail", "lang"])
def test_language_nobody_speaks_falls_back(client: FlaskClient, cast: Cast, nps: uuid.UUID, query: str) -> None:
    response = client.get(f"/embed/v1/{cast.maple.key}/surveys/{nps}?{query}")
    assert read_json(response)["language"] == "en"


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"id": "1"}, "id"),
        ({"id": None}, "id"),
        ({"survey_id": 7}, "survey_id"),
        ({"survey_id": "x\x00"}, "survey_id"),
        ({"event": "clicked"}, "event"),
        ({"event": None}, "event"),
        ({"bucket": -1}, "bucket"),
        ({"bucket": 10_000}, "bucket"),
        ({"bucket": "17"}, "bucket"),
        ({"bucket": True}, "bucket"),
        ({"language": "\x00"}, "language"),
        ({"page_url": "ftp://maple.example"}, "page_url"),
        ({"page_url": "https://maple.example/\x00"}, "page_url"),
        ({"customer_id": "carol"}, "customer_id"),
    ],
)
def test_impression_with_a_bad_member_refuses_the_batch(
    app: Flask, client: FlaskClient, cast: Cast, nps: uuid.UUID, change: dict[str, Any], pointer: str
) -> None:
    good = {"id": str(uuid.uuid4()), "survey_id": str(nps), "event": "shown"}
    bad = {**good, "id": str(uuid.uuid4()), **change}
    before = count_rows(app)
    assert pointers_of(post_impressions(client, cast, good, bad)) == [f"#/impressions/1/{pointer}"]
    assert count_rows(app) == before


@pytest.mark.parametrize("impressions", [None, {}, "x", [], [None], ["x"], [[]]])
def test_batch_that_is_no_list_of_impressions_is_refused(client: FlaskClient, cast: Cast, impressions: Any) -> None:
    response = client.post(
        f"/embed/v1/{cast.maple.key}/impressions",
        data=json.dumps({"impressions": impressions}),
        content_type="application/json",
        headers=cast.maple.page_headers,
    )
    assert all(pointer.startswith("#/impressions") for pointer in pointers_of(response))


def test_batch_beyond_fifty_is_refused(app: Flask, client: FlaskClient, cast: Cast, nps: uuid.UUID) -> None:
    batch = [{"id": str(uuid.uuid4()), "survey_id": str(nps), "event": "shown"} for _ in range(51)]
    before = count_rows(app)
    assert pointers_of(post_impressions(client, cast, *batch)) == ["#/impressions"]
    assert count_rows(app) == before
    assert read_json(post_impressions(client, cast, *batch[:50])) == {"stored": 50}
