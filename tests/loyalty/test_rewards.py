"""The catalogue of rewards: made with its coupon in one step, changed from then on, put in order, archived."""

import uuid
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.cast import Cast
from tests.coupons.builders import StoreServer
from tests.dashboard.owner import OwnerBrowser
from tests.embed.shopper import assert_problem, read_json
from tests.loyalty.builders import find_customer, give_points, start_program
from tests.loyalty.test_program import GOLD, SILVER, tiers
from tests.orders.builders import NOON
from widget.core.db import db
from widget.core.hot import hot_transaction
from widget.core.ids import new_id
from widget.loyalty.errors import RewardNotAvailable
from widget.loyalty.redeeming import Redeemed, redeem_reward
from widget.loyalty.reward_models import Redemption
from widget.loyalty.reward_queries import list_rewards

COUPON = {"name": "5 EUR off", "kind": "amount_off", "amount_minor": 500, "currency": "EUR"}
REWARD = {"texts": {"en": {"name": "5 EUR off", "terms": "From 30 EUR on."}}, "price": 500, "coupon": COUPON}


@pytest.fixture
def store(app: Flask, client: FlaskClient, cast: Cast) -> StoreServer:
    with app.app_context():
        start_program(cast.maple.id, tiers=tiers(SILVER, GOLD))
    return StoreServer(client, cast.maple)


def redeem(cast: Cast, customer: Any, reward: str) -> Redeemed:
    with hot_transaction() as cursor:
        return redeem_reward(cursor, cast.maple.id, customer, new_id(), uuid.UUID(reward), NOON)


def test_reward_is_made_with_its_coupon_changed_and_archived(store: StoreServer) -> None:
    made = read_json(store.send("POST", "/rewards", REWARD | {"tier_prices": {"gold": 400, "silver": None}}))
    assert (made["state"], made["coupon"]["kind"], made["tier_prices"]["gold"]) == ("draft", "amount_off", 400)
    path = f"/rewards/{made['id']}"
    changed = read_json(store.send("PATCH", path, {"price": 450, "state": "live", "stock": 3}))
    assert (changed["price"], changed["state"], changed["stock"]) == (450, "live", 3)
    assert read_json(store.send("GET", "/rewards"))["items"] == [changed]
    archived = read_json(store.send("PATCH", path, {"state": "archived"}))
    assert archived["coupon"]["archived_at"] is not None
    assert read_json(store.send("PATCH", path, {"state": "live"}))["coupon"]["archived_at"] is None


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"price": 0}, "#/price"),
        ({"price": "500"}, "#/price"),
        ({"texts": {}}, "#/texts"),
        ({"texts": {"en": {"name": " "}}}, "#/texts/en/name"),
        ({"texts": {"en": {"terms": "x"}}}, "#/texts/en/name"),
        ({"tier_prices": {"platinum": 100}}, "#/tier_prices/platinum"),
        ({"tier_prices": {"gold": 0}}, "#/tier_prices/gold"),
        ({"tier_prices": {"a/b": 1}}, "#/tier_prices/a~1b"),
        ({"stock": -1}, "#/stock"),
        ({"starts_at": "2026-06-02T00:00:00Z", "ends_at": "2026-06-01T00:00:00Z"}, "#/ends_at"),
        ({"starts_at": "9999-12-31T23:59:59-14:00"}, "#/starts_at"),
        ({"coupon": COUPON | {"amount_minor": None}}, "#/coupon/amount_minor"),
        ({"pool_id": str(new_id())}, "#/coupon"),
        ({"coupon": None}, "#/coupon"),
        ({"min_stars": 4}, "#/min_stars"),
    ],
)
def test_wrong_reward_is_refused_at_the_field(store: StoreServer, changes: dict[str, Any], pointer: str) -> None:
    problem = assert_problem(store.send("POST", "/rewards", REWARD | changes), 422)
    assert pointer in [error["pointer"] for error in problem["errors"]]
    assert read_json(store.send("GET", "/rewards"))["items"] == []


def test_reward_may_give_codes_of_a_pool_there_is(store: StoreServer) -> None:
    pool = read_json(store.send("POST", "/coupon-pools", COUPON))["id"]
    bare = {name: value for name, value in REWARD.items() if name != "coupon"}
    first, second = (read_json(store.send("POST", "/rewards", bare | {"pool_id": pool})) for _ in range(2))
    read_json(store.send("PATCH", f"/rewards/{first['id']}", {"state": "archived"}))
    assert read_json(store.send("GET", f"/coupon-pools/{pool}"))["archived_at"] is None
    read_json(store.send("PATCH", f"/rewards/{second['id']}", {"state": "archived"}))
    assert read_json(store.send("GET", f"/coupon-pools/{pool}"))["archived_at"] is not None
    assert_problem(store.send("POST", "/rewards", bare | {"pool_id": pool}), 422)


def test_rewards_stand_in_the_order_they_are_put_in(app: Flask, store: StoreServer, cast: Cast) -> None:
    ids = [read_json(store.send("POST", "/rewards", REWARD))["id"] for _ in range(3)]
    wanted = [ids[2], ids[0], ids[1]]
    for _ in range(2):
        assert store.send("PUT", "/rewards/order", {"rewards": wanted}).status_code == 204
    with app.app_context():
        assert [str(reward.id) for reward in list_rewards(cast.maple.id)] == wanted
    for wrong in (ids[:2], [*ids, ids[0]], [*ids[:2], str(new_id())]):
        assert_problem(store.send("PUT", "/rewards/order", {"rewards": wrong}), 422)


def test_reward_of_an_archived_pool_cannot_be_had(app: Flask, store: StoreServer, cast: Cast) -> None:
    made = read_json(store.send("POST", "/rewards", REWARD | {"state": "live"}))
    with app.app_context():
        carol = find_customer(cast.maple.id)
        give_points(cast.maple.id, carol, 2000)
        assert redeem(cast, carol, made["id"]).balance == 1500
    store.send("DELETE", f"/coupon-pools/{made['coupon']['id']}")
    with app.app_context(), pytest.raises(RewardNotAvailable):
        redeem(cast, carol, made["id"])


def test_code_of_a_reward_that_an_order_used_is_used_for_good(app: Flask, store: StoreServer, cast: Cast) -> None:
    made = read_json(store.send("POST", "/rewards", REWARD | {"state": "live"}))
    with app.app_context():
        carol = find_customer(cast.maple.id)
        give_points(cast.maple.id, carol, 500)
        redeemed = redeem(cast, carol, made["id"])
    used = read_json(store.send("POST", f"/coupons/{redeemed.code}/redemption", {"order": "1001"}))
    assert (used["customer"], used["state"]) == ("carol", "redeemed")
    with app.app_context():
        row = db.session.get(Redemption, (cast.maple.id, redeemed.id))
        assert row is not None
        assert row.state == "used"


def test_bob_finds_no_reward_of_alices(client: FlaskClient, store: StoreServer, cast: Cast) -> None:
    made = read_json(store.send("POST", "/rewards", REWARD))
    bob = StoreServer(client, cast.bobs)
    assert_problem(bob.send("GET", f"/rewards/{made['id']}"), 404)
    assert_problem(bob.send("PATCH", f"/rewards/{made['id']}", {"price": 1}), 404)
    assert_problem(bob.send("PUT", "/rewards/order", {"rewards": [made["id"]]}), 422)
    assert read_json(bob.send("GET", "/rewards"))["items"] == []


def test_owner_offers_a_reward_with_its_coupon_in_one_form(alice: OwnerBrowser, cast: Cast, store: StoreServer) -> None:
    page = f"/dashboard/{cast.maple.key}/loyalty/rewards"
    assert "No reward yet" in alice.get(page).text
    fields = {
        "texts.en.name": "10 % off", "price": "300", "tier_prices.gold": "200", "tier_prices.silver.none": "1",
        "coupon.kind": "percent_off", "coupon.percent": "10", "coupon.codes": "made", "coupon.currency": "EUR",
        "coupon.prefix": "tea", "coupon.valid_days": "60", "coupon.amount": "passed over", "stock": "5", "do": "live",
    }  # fmt: skip
    assert alice.post(f"{page}/new", page=f"{page}/new", **fields).status_code == 302
    (made,) = read_json(store.send("GET", "/rewards"))["items"]
    assert (made["state"], made["tier_prices"], made["stock"]) == ("live", {"gold": 200, "silver": None}, 5)
    assert (made["coupon"]["percent_basis_points"], made["coupon"]["prefix"]) == (1000, "TEA")
    shown = alice.get(page).text
    for words in ("10 % off", "300 points", "not available", "5 in stock", "taken 0 times"):
        assert words in shown, words
    edit = f"{page}/{made['id']}/edit"
    assert alice.post(edit, page=edit, texts__en__name="Ten off", price="250").status_code == 302
    (changed,) = read_json(store.send("GET", "/rewards"))["items"]
    assert (changed["price"], changed["tier_prices"], changed["stock"]) == (250, {}, None)
    refused = alice.post(edit, page=edit, texts__en__name="", price="free")
    assert (refused.status_code, "Type a whole number." in refused.text) == (422, True)
    alice.post(f"{page}/{made['id']}/state", page=page, state="archived")
    assert "1 archived reward" in alice.get(page).text
