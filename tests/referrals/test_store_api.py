"""The store's door: the program, advocates and referrals; Bob finds nothing of Alice's."""

import csv
import io
import uuid
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.cast import Cast
from tests.coupons.builders import StoreServer, make_pool
from tests.embed.shopper import assert_problem, read_json
from tests.loyalty.builders import start_program
from tests.orders.builders import NOON
from tests.referrals.builders import at, claim, let_time_pass, make_advocate, order_by, start_referrals, tell
from widget.referrals.exports import stream_referrals
from widget.referrals.program import default_rules


@pytest.fixture(autouse=True)
def _at_noon() -> Iterator[None]:
    with at(NOON):
        yield


@pytest.fixture
def store(client: FlaskClient, cast: Cast) -> StoreServer:
    return StoreServer(client, cast.maple)


def test_program_is_a_draft_until_it_is_set_live_and_a_change_is_a_new_version(
    app: Flask, store: StoreServer, cast: Cast
) -> None:
    with app.app_context():
        start_program(cast.maple.id)
    assert_problem(store.send("GET", "/referral-program"), 404)
    rules = {"advocate": {"kind": "points", "points": 50}, "friend": {"kind": "none"}, "currency": "EUR"}
    made = read_json(store.send("PUT", "/referral-program", {"rules": rules}))
    assert (made["state"], made["version"], made["rules"]["hold_days"]) == ("draft", 1, 30)
    live = read_json(store.send("PUT", "/referral-program", {"rules": made["rules"], "state": "live"}))
    assert (live["state"], live["version"], live["live_at"] is not None) == ("live", 1, True)
    changed = read_json(store.send("PUT", "/referral-program", {"rules": rules | {"hold_days": 14}}))
    assert (changed["version"], changed["state"]) == (2, "live")
    assert_problem(store.send("PUT", "/referral-program", {"rules": rules, "state": "draft"}), 422)


REFUSED = [
    ({"advocate": {"kind": "coupon", "pool_id": str(uuid.uuid4())}}, "#/rules/advocate/pool_id"),
    ({"friend": {"kind": "points", "points": 0}}, "#/rules/friend/points"),
    ({"friend": {"kind": "none", "points": 5}}, "#/rules/friend/points"),
    ({"advocate": {"kind": "points", "points": 5}}, "#/rules/advocate/kind"),
    ({"steps": [{"friends": 5, "reward": {"kind": "none"}}] * 2}, "#/rules/steps/1/friends"),
    ({"landing_url": "https://maple.example.evil.example/x"}, "#/rules/landing_url"),
    ({"landing_url": "https://maple.example@evil.example"}, "#/rules/landing_url"),
    ({"landing_url": "https://maple.example\\@evil.example"}, "#/rules/landing_url"),
    ({"landing_url": "javascript:alert(1)"}, "#/rules/landing_url"),
    ({"landing_url": "https://MAPLE.example/friends"}, "#/rules/landing_url"),
    ({"landing_url": "https://maple.example:443/friends"}, "#/rules/landing_url"),
    ({"currency": "XYZ"}, "#/rules/currency"),
    ({"velocity": {"per_network": 0}}, "#/rules/velocity/per_network"),
    ({"texts": {"en": {"offer": ""}}}, "#/rules/texts/en/offer"),
    ({"min_stars": 4}, "#/rules/min_stars"),
]


def test_rules_that_cannot_be_are_refused(store: StoreServer) -> None:
    usual = default_rules("EUR") | {"advocate": {"kind": "none"}, "friend": {"kind": "none"}}
    for change, pointer in REFUSED:
        problem = assert_problem(store.send("PUT", "/referral-program", {"rules": usual | change}), 422)
        assert [error["pointer"] for error in problem["errors"]] == [pointer]


def test_landing_page_may_be_any_of_the_sites_own_origins(store: StoreServer) -> None:
    rules = default_rules("EUR") | {"advocate": {"kind": "none"}, "friend": {"kind": "none"}}
    rules["landing_url"] = "https://maple.example/friends?x=1"
    assert store.send("PUT", "/referral-program", {"rules": rules}).status_code == 200


def test_referrals_are_listed_decided_and_hidden_from_others(
    app: Flask, client: FlaskClient, store: StoreServer, cast: Cast
) -> None:
    with app.app_context():
        start_referrals(cast.maple.id)
        code = make_advocate(cast.maple.id, network="home")
        held = claim(cast.maple.id, code, network="home")
        claim(cast.maple.id, code, "grace@shoppers.example")
    found = read_json(store.send("GET", "/referrals?state=held&advocate=carol"))["items"]
    assert [(one["id"], one["flags"], one["advocate"]) for one in found] == [
        (str(held), [{"rule": "same_network"}], "carol")
    ]
    assert len(read_json(store.send("GET", "/referrals?limit=1"))["items"]) == 1
    bobs = StoreServer(client, cast.bobs)
    for path, method in ((f"/referrals/{held}", "GET"), (f"/referrals/{held}/approval", "POST")):
        assert_problem(bobs.send(method, path, {} if method == "POST" else None), 404)
    for _ in range(2):
        passed = read_json(store.send("POST", f"/referrals/{held}/approval", {"note": "A shared flat."}))
        assert (passed["state"], passed["events"][-2]["kind"]) == ("claimed", "passed")
    for _ in range(2):
        refused = read_json(store.send("POST", f"/referrals/{held}/rejection", {}))
        assert (refused["state"], refused["events"][-1]["reason"]["because"]) == ("rejected", "refused")
    assert read_json(bobs.send("GET", "/referrals"))["items"] == []


def test_advocates_are_listed_with_what_came_of_them_and_can_be_blocked(
    app: Flask, client: FlaskClient, store: StoreServer, cast: Cast
) -> None:
    with app.app_context():
        start_referrals(cast.maple.id)
        code = make_advocate(cast.maple.id)
        claim(cast.maple.id, code)
        tell(cast.maple.id, order_by("frank"))
        let_time_pass()
    (carol,) = read_json(store.send("GET", "/advocates"))["items"]
    assert (carol["customer"], carol["code"], carol["rewarded"], carol["points"]) == ("carol", code, 1, 200)
    assert read_json(store.send("PATCH", "/advocates/carol", {"is_blocked": True}))["is_blocked"] is True
    assert read_json(store.send("PATCH", "/advocates/carol", {"is_blocked": False}))["is_blocked"] is False
    assert_problem(store.send("PATCH", "/advocates/frank", {"is_blocked": True}), 404)
    assert_problem(StoreServer(client, cast.bobs).send("PATCH", "/advocates/carol", {"is_blocked": True}), 404)


def test_export_has_every_referral_and_no_formula(app: Flask, cast: Cast) -> None:
    with app.app_context():
        start_referrals(cast.maple.id, friend={"kind": "coupon", "pool_id": str(make_pool(cast.maple.id))})
        code = make_advocate(cast.maple.id)
        claim(cast.maple.id, code, "=cmd@shoppers.example")
        claim(cast.maple.id, code, "frank@shoppers.example")
        tell(cast.maple.id, order_by("frank"))
        text = b"".join(stream_referrals(cast.maple.id, "csv")).decode()
    rows = list(csv.DictReader(io.StringIO(text)))
    assert {row["friend_email"] for row in rows} == {"'=cmd@shoppers.example", "frank@shoppers.example"}
    assert {(row["state"], row["order"], row["amount"]) for row in rows} == {
        ("claimed", "", ""),
        ("qualified", "1", "20.00"),
    }
