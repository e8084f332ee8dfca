"""Pools and codes by the store's interface: each code is known once, and used once."""

import uuid
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from tests.cast import Cast
from tests.coupons.builders import StoreServer, issue, make_pool
from tests.embed.shopper import assert_problem, read_json
from tests.orders.builders import NOON
from widget.coupons.tasks import expire_due_coupons

POOL = {"name": "Spring", "kind": "percent_off", "percent_basis_points": 1000, "prefix": "spring", "valid_days": 30}


@pytest.fixture
def store(client: FlaskClient, cast: Cast) -> StoreServer:
    return StoreServer(client, cast.maple)


def test_pool_is_made_listed_changed_and_archived(store: StoreServer) -> None:
    made = read_json(store.send("POST", "/coupon-pools", POOL))
    assert (made["prefix"], made["codes"], made["available"], made["low_stock"]) == ("SPRING", "made", None, 20)
    path = f"/coupon-pools/{made['id']}"
    changed = read_json(store.send("PATCH", path, {"valid_days": None, "name": "Summer"}))
    assert (changed["valid_days"], changed["name"]) == (None, "Summer")
    assert read_json(store.send("GET", "/coupon-pools"))["items"] == [changed]
    for _ in range(2):
        assert store.send("DELETE", path).status_code == 204
    assert read_json(store.send("GET", path))["archived_at"] is not None


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"percent_basis_points": None}, "#/percent_basis_points"),
        ({"percent_basis_points": 10_001}, "#/percent_basis_points"),
        ({"amount_minor": 500}, "#/amount_minor"),
        ({"kind": "amount_off", "percent_basis_points": None}, "#/amount_minor"),
        ({"kind": "free_product", "percent_basis_points": None}, "#/product_id"),
        ({"kind": "cashback"}, "#/kind"),
        ({"currency": "EURO"}, "#/currency"),
        ({"prefix": "TEA-"}, "#/prefix"),
        ({"name": ""}, "#/name"),
        ({"valid_days": 0}, "#/valid_days"),
        ({"stars": 5}, "#/stars"),
    ],
)
def test_pool_that_does_not_say_what_it_is_worth_is_refused(store: StoreServer, changes: dict, pointer: str) -> None:
    problem = assert_problem(store.send("POST", "/coupon-pools", POOL | changes), 422)
    assert pointer in [error["pointer"] for error in problem["errors"]]
    assert read_json(store.send("GET", "/coupon-pools"))["items"] == []


def test_codes_of_a_list_are_added_once_and_each_refusal_is_named(app: Flask, store: StoreServer, cast: Cast) -> None:
    with app.app_context():
        pools = [make_pool(cast.maple.id, codes="uploaded") for _ in range(2)]
    assert read_json(store.send("POST", f"/coupon-pools/{pools[1]}/codes", {"codes": ["OLD-1"]}))["added"] == 1
    codes = {"codes": ["A-1", "a-1", "B 2", "old-1", "C-3", "x" * 65]}
    told = read_json(store.send("POST", f"/coupon-pools/{pools[0]}/codes", codes))
    assert (told["added"], told["available"]) == (2, 2)
    assert [(one["line"], one["detail"]) for one in told["refused"]] == [
        (2, "Stands in line 1 already."),
        (3, "A code is 1 to 64 characters without spaces."),
        (4, "Is in a pool of yours already."),
        (6, "A code is 1 to 64 characters without spaces."),
    ]
    again = read_json(store.send("POST", f"/coupon-pools/{pools[0]}/codes", codes))
    assert (again["added"], again["available"]) == (0, 2)
    listed = read_json(store.send("GET", f"/coupons?pool={pools[0]}&state=available"))["items"]
    assert sorted(one["code"] for one in listed) == ["A-1", "C-3"]


def test_ten_thousand_codes_are_taken_in_one_request(app: Flask, store: StoreServer, cast: Cast) -> None:
    with app.app_context():
        pool = make_pool(cast.maple.id, codes="uploaded")
    codes = [f"CODE-{number:05}" for number in range(10_000)]
    told = read_json(store.send("POST", f"/coupon-pools/{pool}/codes", {"codes": codes}))
    assert (told["added"], told["refused"]) == (10_000, [])
    assert_problem(store.send("POST", f"/coupon-pools/{pool}/codes", {"codes": [*codes, "ONE-MORE"]}), 422)


def test_pool_whose_codes_are_made_takes_no_list(app: Flask, store: StoreServer, cast: Cast) -> None:
    with app.app_context():
        pool = make_pool(cast.maple.id)
    problem = assert_problem(store.send("POST", f"/coupon-pools/{pool}/codes", {"codes": ["A"]}), 409)
    assert problem["type"] == "urn:regulars:problem:coupon-pool-not-uploadable"


def test_code_is_used_by_one_order_however_often_it_is_told(app: Flask, store: StoreServer, cast: Cast) -> None:
    with app.app_context():
        issued = issue(cast.maple.id, make_pool(cast.maple.id), valid_days=None)
    path = f"/coupons/{issued.code.lower()}/redemption"
    used = [read_json(store.send("POST", path, {"order": "1001"})) for _ in range(2)]
    assert used[0] == used[1]
    assert (used[0]["state"], used[0]["order"], used[0]["amount_minor"]) == ("redeemed", "1001", 500)
    problem = assert_problem(store.send("POST", path, {"order": "1002"}), 409)
    assert problem["detail"] == "This code was used by order 1001."
    assert read_json(store.send("GET", f"/coupons/{issued.code}"))["order"] == "1001"
    assert_problem(store.send("POST", path, {"order": ""}), 422)


def test_code_nobody_was_given_cannot_be_used(app: Flask, store: StoreServer, cast: Cast) -> None:
    with app.app_context():
        pool = make_pool(cast.maple.id, codes="uploaded")
    store.send("POST", f"/coupon-pools/{pool}/codes", {"codes": ["A-1"]})
    assert_problem(store.send("POST", "/coupons/A-1/redemption", {"order": "1"}), 409)
    assert_problem(store.send("POST", "/coupons/A-2/redemption", {"order": "1"}), 404)


def test_code_is_good_until_its_time_is_over(app: Flask, store: StoreServer, cast: Cast) -> None:
    with app.app_context():
        pool = make_pool(cast.maple.id)
        first, second = (issue(cast.maple.id, pool, valid_days=30) for _ in range(2))
    with time_machine.travel(NOON + timedelta(days=29), tick=False):
        read_json(store.send("POST", f"/coupons/{first.code}/redemption", {"order": "1"}))
    with time_machine.travel(NOON + timedelta(days=30), tick=False):
        assert_problem(store.send("POST", f"/coupons/{second.code}/redemption", {"order": "2"}), 409)
        with app.app_context():
            expire_due_coupons()
    states = {one["code"]: one["state"] for one in read_json(store.send("GET", "/coupons"))["items"]}
    assert states == {first.code: "redeemed", second.code: "expired"}


def test_bob_finds_no_pool_and_no_code_of_alices(app: Flask, client: FlaskClient, cast: Cast) -> None:
    with app.app_context():
        pool = make_pool(cast.maple.id, codes="uploaded")
        issued = issue(cast.maple.id, pool)
    bob = StoreServer(client, cast.bobs)
    for method, path, body in [
        ("GET", f"/coupon-pools/{pool}", None),
        ("PATCH", f"/coupon-pools/{pool}", {"name": "Mine"}),
        ("DELETE", f"/coupon-pools/{pool}", None),
        ("POST", f"/coupon-pools/{pool}/codes", {"codes": ["A"]}),
        ("GET", f"/coupons/{issued.code}", None),
        ("POST", f"/coupons/{issued.code}/redemption", {"order": "1"}),
    ]:
        assert_problem(bob.send(method, path, body), 404)
    assert read_json(bob.send("GET", f"/coupons?pool={pool}"))["items"] == []
    assert_problem(bob.send("GET", f"/coupon-pools/{uuid.uuid4()}"), 404)


def test_codes_page_by_cursor_and_begin_as_asked(app: Flask, store: StoreServer, cast: Cast) -> None:
    with app.app_context():
        pool = make_pool(cast.maple.id, codes="uploaded")
    store.send("POST", f"/coupon-pools/{pool}/codes", {"codes": ["A_1", "A_2", "AB3", "B-4"]})
    seen, cursor = [], ""
    for _ in range(2):
        page = read_json(store.send("GET", f"/coupons?code=a_&limit=1{cursor}"))
        seen += [one["code"] for one in page["items"]]
        cursor = f"&cursor={page['next_cursor']}"
    assert sorted(seen) == ["A_1", "A_2"]
    assert_problem(store.send("GET", "/coupons?state=lost"), 422)
