"""The store's server makes surveys, changes them, and reads numbers and answers."""

import uuid
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.cast import Cast


@pytest.fixture
def nps(client: FlaskClient, cast: Cast) -> str:
    made = client.post("/api/v1/surveys", json={"kind": "nps", "name": "Delivery"}, headers=cast.maple.store_headers)
    assert made.status_code == 201, made.text
    assert made.json is not None
    identifier: str = made.json["id"]
    return identifier


def get(client: FlaskClient, cast: Cast, path: str) -> TestResponse:
    return client.get(f"/api/v1/surveys{path}", headers=cast.maple.store_headers)


def answer(client: FlaskClient, cast: Cast, survey: str, score: int | None, **changes: Any) -> str:
    answers = {"score": score, "comment": changes.pop("comment", "Fine")}
    body = {"id": str(uuid.uuid4()), "answers": answers, "completed": True, **changes}
    url = f"/embed/v1/{cast.maple.key}/surveys/{survey}/responses"
    assert client.post(url, json=body, headers=cast.maple.page_headers).status_code == 201
    return str(body["id"])


def test_new_survey_is_live_and_returned_with_its_settings(client: FlaskClient, cast: Cast) -> None:
    settings = {
        "kind": "csat",
        "name": "Checkout",
        "display": "inline",
        "url_rules": [["contains", "/order"]],
        "sample_ratio": 0.25,
        "repeat_days": 30,
        "event_name": "order_placed",
        "texts": {"it": {"question": "Come è andata?"}},
    }
    made = client.post("/api/v1/surveys", json=settings, headers=cast.maple.store_headers)
    assert made.status_code == 201
    assert made.json is not None
    assert made.json["state"] == "live"
    assert {name: made.json[name] for name in settings} == settings
    assert get(client, cast, f"/{made.json['id']}").json == made.json


def test_changed_survey_keeps_what_was_not_named(client: FlaskClient, cast: Cast, nps: str) -> None:
    url = f"/api/v1/surveys/{nps}"
    changed = client.patch(url, json={"state": "paused"}, headers=cast.maple.store_headers)
    assert changed.status_code == 200
    assert changed.json is not None
    assert (changed.json["state"], changed.json["name"], changed.json["version"]) == ("paused", "Delivery", 1)


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"kind": "nps"}, "#/name"),
        ({"kind": "stars", "name": "x"}, "#/kind"),
        ({"kind": "nps", "name": "  "}, "#/name"),
        ({"kind": "nps", "name": "x", "sample_ratio": 1.1}, "#/sample_ratio"),
        ({"kind": "nps", "name": "x", "repeat_days": 0}, "#/repeat_days"),
        ({"kind": "nps", "name": "x", "url_rules": [["like", "/a"]]}, "#/url_rules/0"),
        ({"kind": "nps", "name": "x", "texts": {"en": {"labels": ["a"]}}}, "#/texts/en/labels"),
        ({"kind": "nps", "name": "x", "surprise": 1}, "#/surprise"),
    ],
)
def test_bad_settings_are_refused_by_name(client: FlaskClient, cast: Cast, body: dict[str, Any], pointer: str) -> None:
    refused = client.post("/api/v1/surveys", json=body, headers=cast.maple.store_headers)
    assert refused.status_code == 422
    assert refused.json is not None
    assert [error["pointer"] for error in refused.json["errors"]] == [pointer]
    assert get(client, cast, "").json == {"items": [], "next_cursor": None}


def test_texts_of_another_kind_are_refused_in_a_change(client: FlaskClient, cast: Cast, nps: str) -> None:
    texts = {"en": {"labels": ["a", "b", "c", "d", "e"]}}
    refused = client.patch(f"/api/v1/surveys/{nps}", json={"texts": texts}, headers=cast.maple.store_headers)
    assert refused.status_code == 422


def test_surveys_page_by_cursor_without_gap_or_repeat(client: FlaskClient, cast: Cast) -> None:
    for number in range(5):
        body = {"kind": "nps", "name": f"Survey {number}"}
        client.post("/api/v1/surveys", json=body, headers=cast.maple.store_headers)
    names, query = [], "?limit=2"
    while query:
        page = get(client, cast, query).json
        assert page is not None
        names += [item["name"] for item in page["items"]]
        query = f"?limit=2&cursor={page['next_cursor']}" if page["next_cursor"] else ""
    assert names == [f"Survey {number}" for number in reversed(range(5))]


def test_summary_without_answers_has_no_score(client: FlaskClient, cast: Cast, nps: str) -> None:
    summary = get(client, cast, f"/{nps}/summary").json
    assert summary is not None
    assert (summary["score"], summary["interval"], summary["responses"]) == (None, None, 0)
    assert summary["asks"]["response_ratio"] is None


def test_summary_counts_each_answer_once_where_it_belongs(client: FlaskClient, cast: Cast, nps: str) -> None:
    for score in (10, 9, 8, 3):
        answer(client, cast, nps, score)
    answer(client, cast, nps, None)
    answer(client, cast, nps, 0, elapsed_ms=10)
    summary = get(client, cast, f"/{nps}/summary").json
    assert summary is not None
    assert summary["score"] == 25.0
    assert summary["interval"][0] < 25 < summary["interval"][1]
    assert summary["buckets"] == {"promoter": 2, "passive": 1, "detractor": 1}
    assert {name: summary[name] for name in ("responses", "scored", "skipped", "partial", "flagged")} == {
        "responses": 5,
        "scored": 4,
        "skipped": 1,
        "partial": 0,
        "flagged": 1,
    }


@pytest.mark.parametrize("query", ["hidden.touchpoint=Order", "touchpoint=Order"])
def test_any_filter_narrows_summary_trend_and_list_alike(client: FlaskClient, cast: Cast, nps: str, query: str) -> None:
    answer(client, cast, nps, 10, hidden={"touchpoint": "Order"})
    answer(client, cast, nps, 0, hidden={"touchpoint": "Payment"})
    summary = get(client, cast, f"/{nps}/summary?{query}").json
    trend = get(client, cast, f"/{nps}/trend?{query}&by=month").json
    listed = get(client, cast, f"/{nps}/responses?{query}").json
    assert summary is not None
    assert trend is not None
    assert listed is not None
    assert (summary["score"], summary["scored"]) == (100.0, 1)
    assert [(point["score"], point["scored"]) for point in trend["items"]] == [(100.0, 1)]
    assert [item["hidden"] for item in listed["items"]] == [{"touchpoint": "Order"}]


@pytest.mark.parametrize("path", ["summary", "trend", "responses"])
@pytest.mark.parametrize("query", ["scoer=9", "score=11", "from=yesterday", "hidden.x=%00", "bucket=happy"])
def test_filter_that_is_none_never_shows_an_unfiltered_number(
    client: FlaskClient, cast: Cast, nps: str, path: str, query: str
) -> None:
    refused = get(client, cast, f"/{nps}/{path}?{query}")
    assert refused.status_code == 422
    assert refused.content_type == "application/problem+json"


def test_unfinished_answers_are_listed_without_their_id(client: FlaskClient, cast: Cast, nps: str) -> None:
    finished = answer(client, cast, nps, 9)
    unfinished = answer(client, cast, nps, 3, completed=False)
    listed = get(client, cast, f"/{nps}/responses?limit=1")
    assert listed.json is not None
    assert [item["id"] for item in listed.json["items"]] == [None]
    rest = get(client, cast, f"/{nps}/responses?cursor={listed.json['next_cursor']}")
    assert rest.json is not None
    assert [item["id"] for item in rest.json["items"]] == [finished]
    assert unfinished not in listed.text + rest.text


@pytest.mark.parametrize("path", ["", "/summary", "/trend", "/responses"])
def test_bob_finds_nothing_of_alices(client: FlaskClient, cast: Cast, nps: str, path: str) -> None:
    url = f"/api/v1/surveys/{nps}{path}"
    assert client.get(url, headers=cast.bobs.store_headers).status_code == 404
    assert client.get(url).status_code == 401


def test_bob_changes_nothing_of_alices(client: FlaskClient, cast: Cast, nps: str) -> None:
    url = f"/api/v1/surveys/{nps}"
    assert client.patch(url, json={"name": "Bob's"}, headers=cast.bobs.store_headers).status_code == 404
    assert get(client, cast, f"/{nps}").json["name"] == "Delivery"


def test_repeated_post_with_its_key_makes_one_survey(client: FlaskClient, cast: Cast) -> None:
    headers = {**cast.maple.store_headers, "Idempotency-Key": "make-delivery"}
    first, again = (
        client.post("/api/v1/surveys", json={"kind": "nps", "name": "Delivery"}, headers=headers) for _ in range(2)
    )
    other = client.post("/api/v1/surveys", json={"kind": "nps", "name": "Other"}, headers=headers)
    assert (first.status_code, again.status_code, other.status_code) == (201, 201, 409)
    assert first.json == again.json
    assert len(get(client, cast, "").json["items"]) == 1
