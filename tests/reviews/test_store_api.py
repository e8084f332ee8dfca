"""The store's server reads reviews, decides of them, and tells of products; it cannot verify anything."""

import uuid
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.cast import Cast, SiteOfCast
from tests.reviews.builders import TEAPOT, store

STEPS = {
    "publication": {},
    "rejection": {"reason": "spam", "note": "Sells pills"},
    "reply": {"body": "Thank you, Carol."},
    "incentive": {"incentive": "100 points"},
    "feature": {},
}


class Store:
    """The server of Maple, or of another site, at the reviews' part of its door."""

    def __init__(self, app: Flask, client: FlaskClient, site: SiteOfCast) -> None:
        self.app, self.client, self.site = app, client, site

    def have(self, *reviews: dict[str, Any]) -> list[uuid.UUID]:
        with self.app.app_context():
            return store(self.site.id, *reviews)

    def send(self, method: str, path: str, body: Any = None, headers: Any = None) -> TestResponse:
        address = f"/api/v1/reviews{path}"
        return self.client.open(address, method=method, json=body, headers=headers or self.site.store_headers)

    def get(self, path: str = "") -> Any:
        return self.send("GET", path).json


@pytest.fixture
def maple(app: Flask, client: FlaskClient, cast: Cast) -> Store:
    return Store(app, client, cast.maple)


def test_reviews_are_listed_newest_first_page_by_page(maple: Store) -> None:
    ids = maple.have(*({"rating": stars} for stars in (1, 2, 3)))
    first = maple.get("?limit=2")
    second = maple.get(f"?limit=2&cursor={first['next_cursor']}")
    assert [row["id"] for row in first["items"] + second["items"]] == [str(name) for name in reversed(ids)]
    assert second["next_cursor"] is None


SELECTED: dict[str, set[str]] = {
    "state=published": {"plain", "few stars", "italian", "photo", "verified"},
    "state=pending": {"held"},
    "state=rejected": {"spam"},
    "state=unconfirmed": {"unconfirmed"},
    "": {"plain", "few stars", "italian", "photo", "verified", "held", "spam"},
    "stars=1,2": {"few stars"},
    "product=CUP": {"italian"},
    "language=it": {"italian"},
    "photos=1": {"photo"},
    "verified=1": {"verified"},
    "suspicious=1": {"held"},
    "reported=1": {"spam"},
    "source=import": {"verified"},
    "q=PERFETTA": {"italian"},
    "q=%25": set(),
}


def test_filter_selects(maple: Store) -> None:
    maple.have(
        {"title": "plain"},
        {"title": "few stars", "rating": 2},
        {"title": "italian", "language": "it", "product_id": "CUP", "body": "È perfetta"},
        {"title": "photo", "photos": 1},
        {"title": "verified", "verified_by": "import", "source": "import"},
        {"title": "held", "state": "pending", "hold_reason": "suspicious", "flags": ["links"]},
        {"title": "spam", "state": "rejected", "reject_reason": "spam", "reports": 2},
        {"title": "unconfirmed", "state": "pending", "hold_reason": "unconfirmed"},
    )
    for query, expected in SELECTED.items():
        assert {row["title"] for row in maple.get(f"?{query}")["items"]} == expected, query


def test_filter_that_is_none_is_refused(maple: Store) -> None:
    for query in ("state=hidden", "stars=0", "stars=one", "verified=yes", "source=x", "q=%00", "cursor=x", "limit=0"):
        assert maple.send("GET", f"?{query}").status_code == 422, query


def test_step_works_and_is_safe_to_repeat(maple: Store) -> None:
    for step, body in STEPS.items():
        (review_id,) = maple.have({"state": "pending", "hold_reason": "moderation"} if step == "publication" else {})
        answers = [maple.send("POST", f"/{review_id}/{step}", body) for _ in range(2)]
        assert [answer.status_code for answer in answers] == [200, 200], step
        assert answers[0].json == answers[1].json
        assert [event["actor"] for event in answers[1].json["history"]] == ["author", "store"]
        assert answers[1].json["altered_at"] is None


def test_step_with_a_review_of_another_site_finds_nothing(maple: Store, cast: Cast) -> None:
    (review_id,) = maple.have()
    before = maple.get(f"/{review_id}")
    for step, body in STEPS.items():
        for method in ("POST", "DELETE") if step in ("reply", "feature") else ("POST",):
            answer = maple.send(method, f"/{review_id}/{step}", body, cast.bobs.store_headers)
            assert answer.status_code == 404, step
    assert maple.get(f"/{review_id}") == before


def test_review_of_another_site_is_not_found(maple: Store, cast: Cast) -> None:
    (review_id,) = maple.have()
    assert maple.send("GET", f"/{review_id}", headers=cast.bobs.store_headers).status_code == 404
    assert maple.send("GET", "", headers=cast.bobs.store_headers).json["items"] == []


BAD_STEPS: list[tuple[str, dict[str, Any]]] = [
    ("rejection", {}),
    ("rejection", {"reason": "negative"}),
    ("rejection", {"reason": "author"}),
    ("rejection", {"reason": "spam", "note": "x" * 501}),
    ("rejection", {"reason": "spam", "note": "a\x00"}),
    ("rejection", {"reason": "spam", "rating": 1}),
    ("publication", {"verified": "order"}),
    ("publication", {"verified_by": "order"}),
    ("reply", {"body": ""}),
    ("reply", {"body": "  "}),
    ("reply", {"body": "x" * 5001}),
    ("reply", {"body": "Hi", "author_name": "a\nb"}),
    ("incentive", {}),
    ("incentive", {"incentive": None}),
    ("incentive", {"incentive": "x" * 201}),
    ("feature", {"is_featured": 1}),
]


def test_bad_step_is_refused_and_changes_nothing(maple: Store) -> None:
    (review_id,) = maple.have()
    before = maple.get(f"/{review_id}")
    for step, body in BAD_STEPS:
        assert maple.send("POST", f"/{review_id}/{step}", body).status_code == 422, (step, body)
    assert maple.get(f"/{review_id}") == before


def test_reply_is_changed_and_removed(maple: Store) -> None:
    (review_id,) = maple.have()
    maple.send("POST", f"/{review_id}/reply", {"body": "Thanks"})
    changed = maple.send("POST", f"/{review_id}/reply", {"body": "Thank you", "author_name": "Ann of Maple"}).json
    assert (changed["reply"]["body"], changed["reply"]["author_name"]) == ("Thank you", "Ann of Maple")
    for _ in range(2):
        assert maple.send("DELETE", f"/{review_id}/reply").json["reply"] is None
    kinds = [event["kind"] for event in maple.get(f"/{review_id}")["history"]]
    assert kinds == ["submitted", "replied", "reply_changed", "reply_removed"]


def test_hidden_review_is_neither_answered_nor_featured(maple: Store) -> None:
    (review_id,) = maple.have({"state": "rejected", "reject_reason": "spam"})
    for step in ("reply", "feature"):
        assert maple.send("POST", f"/{review_id}/{step}", STEPS[step]).status_code == 409


def test_counts_name_what_was_hidden_and_warn_of_suppression(maple: Store) -> None:
    maple.have(
        *({"rating": 5} for _ in range(3)),
        {"rating": 1},
        {"rating": 1, "state": "rejected", "reject_reason": "off_topic"},
        {"rating": 1, "state": "rejected", "reject_reason": "spam"},
        {"state": "pending", "hold_reason": "unconfirmed"},
    )
    assert maple.get("/counts") == {
        "received": 6,
        "published": 4,
        "pending": 0,
        "hidden": {"off_topic": 1, "spam": 1},
        "rates": {"low": {"published": 1, "decided": 2}, "high": {"published": 3, "decided": 3}},
        "is_suppressing": True,
    }


def test_product_is_told_of_and_keeps_its_summary(maple: Store, cast: Cast) -> None:
    maple.have({"rating": 4}, {"rating": 5})
    told = {"title": "Teapot", "url": "https://maple.example/pot", "gtin": "4006381333931"}
    answer = maple.send("PUT", f"/products/{TEAPOT}", told)
    assert (answer.status_code, answer.json["average"], answer.json["stars"]["5"]) == (200, 4.5, 1)
    assert maple.send("PUT", f"/products/{TEAPOT}", {"brand": "Maple"}).json == {**answer.json, "brand": "Maple"}
    assert maple.send("PUT", "/products/NEW", {"title": None}).status_code == 201
    assert maple.get("/products/NEW")["average"] is None
    assert maple.send("GET", f"/products/{TEAPOT}", headers=cast.bobs.store_headers).status_code == 404


BAD_PRODUCTS: list[dict[str, Any]] = [
    {"url": "javascript:alert(1)"},
    {"image_url": "/pot.jpg"},
    {"gtin": "4006381333932"},
    {"title": ""},
    {"title": "a\x00b"},
    {"rating": 5},
]


def test_product_that_is_none_is_refused(maple: Store) -> None:
    for told in BAD_PRODUCTS:
        assert maple.send("PUT", "/products/NEW", told).status_code == 422, told
    assert maple.send("GET", "/products/NEW").status_code == 404


def test_settings_are_read_and_changed(maple: Store) -> None:
    assert maple.get("/settings")["moderation"] == "publish"
    fit = {"key": "fit", "type": "scale", "labels": {"en": "Fit"}}
    changed = {"moderation": "hold", "allows_video": False, "attributes": [fit]}
    for _ in range(2):
        answer = maple.send("PATCH", "/settings", changed)
        assert answer.status_code == 200
    assert answer.json == maple.get("/settings") == {**answer.json, **changed}


BAD_SETTINGS: list[dict[str, Any]] = [
    {"moderation": "few stars"},
    {"min_rating": 4},
    {"allows_photos": "yes"},
    {"name_form": None},
    {"attributes": {}},
    {"attributes": [{"key": "fit"}]},
    {"attributes": [{"key": "fit", "type": "scale", "labels": {"en": "Fit"}, "": 1, "a/b": 2}]},
    {"attributes": [{"": 1, "type": "choice", "choices": [{"id": []}, {"id": {}, "labels": {"": ""}}]}]},
    {"attributes": [{"key": "fit", "type": "scale", "labels": {"en": "Fit"}}] * 2},
]


def test_settings_that_are_none_are_refused(maple: Store) -> None:
    before = maple.get("/settings")
    for changed in BAD_SETTINGS:
        assert maple.send("PATCH", "/settings", changed).status_code == 422, changed
    assert maple.get("/settings") == before
