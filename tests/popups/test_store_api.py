"""Campaigns and leads at the store's door."""

import uuid
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.cast import Cast
from tests.coupons.builders import StoreServer, make_pool
from tests.embed.shopper import assert_problem, read_json
from tests.popups.builders import ERIN, confirm, lead, send_lead, start_campaign, visit
from tests.popups.test_impressions import post, shown
from widget.core.ids import new_id

EXIT = {"exit": {"after_seconds": 5}}


@pytest.fixture
def store(client: FlaskClient, cast: Cast) -> StoreServer:
    return StoreServer(client, cast.maple)


def make(store: StoreServer, **changes: Any) -> dict[str, Any]:
    body = {"name": "Before you go", "goal": "subscribe", "triggers": EXIT, **changes}
    return read_json(store.send("POST", "/popup-campaigns", body))


def test_campaign_is_made_published_paused_and_archived(store: StoreServer) -> None:
    campaign = make(store)
    assert (campaign["state"], campaign["version"], campaign["every_days"]) == ("draft", 1, 30)
    assert [variant["key"] for variant in campaign["variants"]] == ["a"]
    path = f"/popup-campaigns/{campaign['id']}"
    for state in ("live", "paused", "live", "archived", "archived"):
        assert read_json(store.send("PATCH", path, {"state": state}))["state"] == state
    assert_problem(store.send("PATCH", path, {"state": "live"}), 409)
    assert read_json(store.send("GET", path))["ended_at"] is not None
    assert [one["id"] for one in read_json(store.send("GET", "/popup-campaigns"))["items"]] == [campaign["id"]]


def test_version_counts_what_visitors_see(store: StoreServer) -> None:
    campaign = make(store)
    path = f"/popup-campaigns/{campaign['id']}"
    for changes, version in (
        ({"name": "Stay"}, 1),
        ({"triggers": {"scroll_percent": 50}}, 1),
        ({"consents": {"en": "Write to me."}}, 2),
        ({"variants": [{"key": "a", "name": "A", "texts": {"en": {"title": "Wait!"}}}]}, 3),
        ({"variants": [{"key": "a", "name": "A", "texts": {"en": {"title": "Wait!"}}}]}, 3),
    ):
        assert read_json(store.send("PATCH", path, changes))["version"] == version


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"goal": "spin"}, "#/goal"),
        ({"name": " "}, "#/name"),
        ({"triggers": {"exit": {"after": 5}}}, "#/triggers/exit/after_seconds"),
        ({"triggers": {"idle_seconds": "60"}}, "#/triggers/idle_seconds"),
        ({"rules": {"urls": [["like", "/a"]]}}, "#/rules/urls/0"),
        ({"rules": {"countries": ["Italy"]}}, "#/rules/countries/0"),
        ({"rules": {"cart_minor": [5, 2]}}, "#/rules/cart_minor"),
        ({"rules": {"segments": [str(new_id())]}}, "#/rules/segments"),
        ({"fields": [{"key": "phone", "required": True}]}, "#/fields/0/key"),
        ({"fields": [{"key": "interests", "required": True}]}, "#/fields/0"),
        ({"pool_id": str(new_id())}, "#/pool_id"),
        ({"pool_id": "x"}, "#/pool_id"),
        ({"holdout_basis_points": 5001}, "#/holdout_basis_points"),
        ({"every_days": True}, "#/every_days"),
        ({"languages": ["en", "en"]}, "#/languages"),
        ({"default_language": "it"}, "#/default_language"),
        ({"variants": []}, "#/variants"),
        ({"variants": [{"key": "a", "name": "A"}, {"key": "a", "name": "B"}]}, "#/variants"),
        ({"variants": [{"key": "a", "name": "A", "texts": {"en": {"title": "x" * 151}}}]},
         "#/variants/0/texts/en/title"),
        ({"variants": [{"key": "a", "name": "A", "texts": {"en": {"button_url": "javascript:1"}}}]},
         "#/variants/0/texts/en/button_url"),
        ({"variants": [{"key": "a", "name": "A", "picture_id": str(new_id())}]}, "#/variants/0/picture_id"),
        ({"download_url": "http://x.example"}, "#/download_url"),
        ({"surprise": 1}, "#/surprise"),
        ({"state": "archived"}, "#/state"),
    ],
)  # fmt: skip
def test_wrong_campaign_is_named_and_not_stored(store: StoreServer, changes: dict[str, Any], pointer: str) -> None:
    body = {"name": "Before you go", "goal": "subscribe", "triggers": EXIT, **changes}
    problem = assert_problem(store.send("POST", "/popup-campaigns", body), 422)
    assert problem["errors"][0]["pointer"] == pointer
    assert read_json(store.send("GET", "/popup-campaigns"))["items"] == []


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"triggers": {}}, "#/triggers"),
        ({"goal": "coupon"}, "#/pool_id"),
        ({"goal": "download"}, "#/download_url"),
        ({"goal": "survey"}, "#/survey_id"),
    ],
)
def test_unfinished_campaign_stays_a_draft(store: StoreServer, changes: dict[str, Any], pointer: str) -> None:
    path = f"/popup-campaigns/{make(store, **changes)['id']}"
    problem = assert_problem(store.send("PATCH", path, {"state": "live"}), 422)
    assert problem["errors"][0]["pointer"] == pointer
    assert read_json(store.send("GET", path))["state"] == "draft"


def test_live_campaign_cannot_lose_what_it_needs(store: StoreServer) -> None:
    path = f"/popup-campaigns/{make(store, goal='coupon', fixed_code='X', state='live')['id']}"
    assert_problem(store.send("PATCH", path, {"fixed_code": None}), 422)
    assert read_json(store.send("GET", path))["fixed_code"] == "X"


def test_arms_stay_once_visitors_were_divided(client: FlaskClient, cast: Cast, store: StoreServer) -> None:
    two = [{"key": "a", "name": "A"}, {"key": "b", "name": "B"}]
    campaign = make(store, variants=two, state="live")
    path = f"/popup-campaigns/{campaign['id']}"
    read_json(store.send("PATCH", path, {"holdout_basis_points": 500}))
    read_json(post(client, cast.maple, visit(client, cast.maple), shown(uuid.UUID(campaign["id"]))))
    for changes in (
        {"holdout_basis_points": 0},
        {"variants": two[:1]},
        {"variants": [{**two[0], "weight": 2}, two[1]]},
    ):
        assert assert_problem(store.send("PATCH", path, changes), 409)["type"].endswith("campaign-arms-fixed")
    renamed = [{**one, "name": "New"} for one in two]
    assert read_json(store.send("PATCH", path, {"variants": renamed}))["variants"][0]["name"] == "New"


def test_leads_are_listed_with_their_consents(app: Flask, client: FlaskClient, cast: Cast, store: StoreServer) -> None:
    with app.app_context():
        pool_id = str(make_pool(cast.maple.id))
    campaign_id = start_campaign(app, cast.maple, goal="coupon", pool_id=pool_id)
    for email in (ERIN, "frank@shoppers.example", "gina@gmail.com"):
        read_json(send_lead(client, cast.maple, lead(campaign_id, email)))
    confirm(client, app)
    first = read_json(store.send("GET", "/leads?limit=2"))
    rest = read_json(store.send("GET", f"/leads?limit=2&cursor={first['next_cursor']}"))
    emails = [one["email"] for one in first["items"] + rest["items"]]
    assert (emails, rest["next_cursor"]) == (["gina@gmail.com", "frank@shoppers.example", ERIN], None)
    (gina,) = read_json(store.send("GET", "/leads?state=confirmed"))["items"]
    assert (gina["email"], gina["code"][:4], gina["campaign"]) == ("gina@gmail.com", "TEA-", str(campaign_id))
    assert read_json(store.send("GET", "/leads?email=G.ina%2Bx@googlemail.com"))["items"] == [gina]
    assert read_json(store.send("GET", f"/leads?campaign={new_id()}"))["items"] == []
    shown_lead = read_json(store.send("GET", f"/leads/{gina['id']}"))
    assert [step["kind"] for step in shown_lead["consents"]] == ["given", "confirmed"]
    assert shown_lead["consents"][0]["text"].startswith("Maple Store may send me")
    for _ in range(2):
        ended = read_json(store.send("POST", f"/leads/{gina['id']}/unsubscription", {}))
        assert ended["state"] == "unsubscribed"
    assert_problem(store.send("GET", "/leads?state=lost"), 422)


def test_bob_finds_nothing_of_maples(app: Flask, client: FlaskClient, cast: Cast) -> None:
    campaign_id = start_campaign(app, cast.maple)
    said = lead(campaign_id)
    read_json(send_lead(client, cast.maple, said))
    bob = StoreServer(client, cast.bobs)
    assert (
        read_json(bob.send("GET", "/popup-campaigns"))["items"] == read_json(bob.send("GET", "/leads"))["items"] == []
    )
    for method, path, body in (
        ("GET", f"/popup-campaigns/{campaign_id}", None),
        ("PATCH", f"/popup-campaigns/{campaign_id}", {"name": "Mine"}),
        ("GET", f"/leads/{said['id']}", None),
        ("POST", f"/leads/{said['id']}/unsubscription", {}),
    ):
        assert_problem(bob.send(method, path, body), 404)
    with app.app_context():
        pool_id = str(make_pool(cast.maple.id))
    body = {"name": "X", "goal": "coupon", "pool_id": pool_id, "triggers": EXIT}
    assert_problem(bob.send("POST", "/popup-campaigns", body), 422)
