"""What shoppers see of their points, and nobody of anybody else's."""

import uuid
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.cast import Cast, SiteOfCast
from tests.embed.shopper import assert_problem, open_session, read_json
from tests.loyalty.builders import (
    find_customer,
    give_points,
    make_reward,
    read_account,
    start_program,
    take_orders,
)
from tests.orders.builders import NOON, make_order, make_refund
from widget.core.db import begin_writing_anew, db
from widget.customers.rules import Buyer
from widget.loyalty.models import LoyaltyProgram

STEPS = [
    {"key": "silver", "names": {"en": "Silver", "it": "Argento"}, "threshold": 100, "multiplier_thousandths": 1500},
    {"key": "gold", "names": {"en": "Gold"}, "threshold": 500},
]
TIERS = {"measure": "points", "window": {"kind": "rolling", "months": 12, "grace_days": 0}, "steps": STEPS}
MONTH = {"kind": "lot", "months": 1, "to_month_end": False, "purchases_only": False}
CAROL = Buyer("carol", "carol@shoppers.example", "Carol")


@pytest.fixture(autouse=True)
def _at_noon() -> Iterator[None]:
    with time_machine.travel(NOON, tick=False):
        yield


class Carol:
    """Carol's browser at Maple, signed in there."""

    def __init__(self, client: FlaskClient, site: SiteOfCast, name: str = "carol") -> None:
        self._client, self._site = client, site
        self._token = read_json(open_session(client, site, customer_token=site.sign_customer(name)))["session_token"]

    @property
    def headers(self) -> dict[str, str]:
        return {**self._site.page_headers, "Authorization": f"Bearer {self._token}"}

    def get(self, path: str) -> TestResponse:
        return self._client.get(f"/embed/v1/{self._site.key}{path}", headers=self.headers)

    def see(self, path: str) -> dict[str, Any]:
        return read_json(self.get(path))

    def post(self, path: str, body: Any) -> TestResponse:
        return self._client.post(f"/embed/v1/{self._site.key}{path}", json=body, headers=self.headers)

    def redeem(self, reward: uuid.UUID, wanted: str | None = None) -> TestResponse:
        return self.post("/redemptions", {"id": wanted or str(uuid.uuid4()), "reward_id": str(reward)})


def carol_order(name: int = 1, /, **changes: Any) -> Any:
    return make_order(name, buyer=CAROL, **changes)


def ask(client: FlaskClient, site: SiteOfCast, path: str) -> TestResponse:
    return client.get(f"/embed/v1/{site.key}{path}", headers=site.page_headers)


def test_customer_sees_their_points(app: Flask, cast: Cast, client: FlaskClient) -> None:
    with app.app_context():
        start_program(cast.maple.id, tiers=TIERS, names={"en": ["leaf", "leaves"]})
        take_orders(cast.maple.id, carol_order(total_minor=12000, shipping_minor=0, tax_minor=0))
    points = Carol(client, cast.maple).see("/points")
    assert points == {
        "balance": 120,
        "pending": 0,
        "held": 0,
        "lifetime": 120,
        "tier": "silver",
        "tier_until": "2027-05-04",
        "joined": True,
        "currency_names": {"en": ["leaf", "leaves"]},
    }


def test_points_are_exact_between_two_sweeps_and_reading_writes_nothing(
    app: Flask, cast: Cast, client: FlaskClient
) -> None:
    with app.app_context():
        start_program(cast.maple.id, tiers=TIERS, pending_days=14, expiry=MONTH)
        take_orders(cast.maple.id, carol_order(total_minor=12000))
    later = {timedelta(): (0, 120, None), timedelta(days=14): (120, 0, "silver"), timedelta(days=400): (0, 0, None)}
    for passed, expected in later.items():
        with time_machine.travel(NOON + passed, tick=False):
            points = Carol(client, cast.maple).see("/points")
        assert (points["balance"], points["pending"], points["tier"]) == expected
    with app.app_context():
        account = read_account(cast.maple.id, find_customer(cast.maple.id))
        assert (account.balance, account.pending, account.settled_at) == (0, 120, NOON)


def test_nobody_without_a_session_sees_points(app: Flask, cast: Cast, client: FlaskClient) -> None:
    with app.app_context():
        start_program(cast.maple.id)
    for path in ("/points", "/points/history"):
        assert_problem(ask(client, cast.maple, path), 401)
    for path, body in (("/points/membership", {}), ("/redemptions", {"id": str(uuid.uuid4()), "reward_id": "x"})):
        sent = client.post(f"/embed/v1/{cast.maple.key}{path}", json=body, headers=cast.maple.page_headers)
        assert sent.status_code in (401, 422)
    overview = read_json(ask(client, cast.maple, "/points/overview?lang=it"))
    assert overview["account"] is None
    assert overview["tier"] is None
    assert overview["invitation"]["link"]
    assert overview["content"]["language"] == "it"


def test_session_of_another_site_is_worth_nothing(app: Flask, cast: Cast, client: FlaskClient) -> None:
    with app.app_context():
        start_program(cast.maple.id)
        start_program(cast.bobs.id)
        reward = make_reward(cast.maple.id)
        give_points(cast.maple.id, find_customer(cast.maple.id), 500)
    carol = Carol(client, cast.maple)
    strange = {**cast.bobs.page_headers, "Authorization": carol.headers["Authorization"]}
    assert_problem(client.get(f"/embed/v1/{cast.bobs.key}/points", headers=strange), 401)
    bobs = Carol(client, cast.bobs)
    assert bobs.see("/points")["balance"] == 0
    assert_problem(bobs.redeem(reward), 404)


@pytest.mark.parametrize("state", [None, "draft"])
def test_site_without_a_live_program_has_no_points(
    app: Flask, cast: Cast, client: FlaskClient, state: str | None
) -> None:
    if state:
        with app.app_context():
            start_program(cast.maple.id)
            set_state(cast, state)
    carol = Carol(client, cast.maple)
    for path in ("/points", "/points/overview", "/points/history", "/rewards", "/points/preview?price=1&currency=EUR"):
        assert assert_problem(carol.get(path), 404)["type"].endswith("no-loyalty-program")
    assert_problem(carol.post("/points/membership", {}), 404)


def set_state(cast: Cast, state: str) -> None:
    begin_writing_anew()
    db.session.get_one(LoyaltyProgram, cast.maple.id).state = state
    db.session.commit()


def test_paused_program_keeps_points_and_offers_nothing(app: Flask, cast: Cast, client: FlaskClient) -> None:
    with app.app_context():
        start_program(cast.maple.id)
        reward = make_reward(cast.maple.id, 30)
        give_points(cast.maple.id, find_customer(cast.maple.id), 50)
        set_state(cast, "paused")
    carol = Carol(client, cast.maple)
    overview = carol.see("/points/overview")
    assert (overview["state"], overview["account"]["balance"]) == ("paused", 50)
    assert (overview["earn"], overview["rewards"], len(overview["notes"])) == ([], [], 1)
    assert_problem(carol.redeem(reward), 404)


def test_overview_says_what_is_next(app: Flask, cast: Cast, client: FlaskClient) -> None:
    with app.app_context():
        start_program(cast.maple.id, tiers=TIERS, pending_days=14)
        carol_id = find_customer(cast.maple.id)
        take_orders(cast.maple.id, carol_order(total_minor=26000))
        give_points(cast.maple.id, carol_id, 80, expires_at=NOON + timedelta(days=30))
        give_points(cast.maple.id, carol_id, 20)
    with time_machine.travel(NOON + timedelta(days=1), tick=False):
        overview = Carol(client, cast.maple).see("/points/overview?lang=en")
        assert overview["account"]["next_available"] == {"points": 260, "at": "2026-05-18T12:00:00+00:00"}
        assert overview["account"]["next_expiry"] == {"points": 80, "at": "2026-06-03T12:00:00+00:00"}
        assert overview["notes"] == ["260 points more from May 18, 2026", "80 points to be used by June 2, 2026"]
        assert overview["tier"]["next"]["text"] == "100 points to Silver"
    with time_machine.travel(NOON + timedelta(days=14), tick=False):
        tier = Carol(client, cast.maple).see("/points/overview?lang=it")["tier"]
    assert (tier["name"], tier["until"], tier["next"]["missing"], tier["next"]["ratio"]) == (
        "Argento",
        "2027-05-18",
        240,
        0.52,
    )
    assert "17 maggio 2027" in tier["text"]


def test_ways_to_earn_say_what_is_left(app: Flask, cast: Cast, client: FlaskClient) -> None:
    actions = [
        {"key": "signup", "points": 50, "limit": 1, "per": "ever"},
        {"key": "review", "points": 20, "extra_points": 10, "limit": 2, "per": "month"},
        {"key": "social.our_shop", "points": 5, "url": "https://social.example/maple"},
    ]
    with app.app_context():
        start_program(cast.maple.id, actions=actions)
        find_customer(cast.maple.id)
    ways = Carol(client, cast.maple).see("/points/overview?lang=en")["earn"]
    assert [(way["key"], way["text"], way["hint"], way.get("left"), way["is_done"]) for way in ways] == [
        ("spend", "Place an order", "1 point for each €1", None, False),
        ("review", "Review a product", "10 points more with a photo · 2 more this month", 2, False),
        ("social.our_shop", "Follow us: Our shop", "", None, False),
        ("signup", "Join the program", "Done", 0, True),
    ]
    assert ways[2]["url"] == "https://social.example/maple"


def test_rewards_that_can_be_had_now_come_first(app: Flask, cast: Cast, client: FlaskClient) -> None:
    with app.app_context():
        start_program(cast.maple.id, tiers=TIERS)
        for price, more in {
            400: {},
            200: {"tier_prices": {"silver": 100}},
            90: {"position": 1},
            10: {"tier_prices": {"silver": None}},
            11: {"stock": 0},
            12: {"starts_at": NOON + timedelta(days=1)},
            13: {"state": "draft"},
        }.items():
            make_reward(cast.maple.id, price, **more)
        take_orders(cast.maple.id, carol_order(total_minor=12000))
    carol = Carol(client, cast.maple)
    rewards = carol.see("/rewards?lang=en")["rewards"]
    assert [(reward["price"], reward["is_available"], reward["missing"]) for reward in rewards] == [
        (100, True, 0),
        (90, True, 0),
        (400, False, 280),
    ]
    assert rewards[0]["confirm"] == "100 points for “5 EUR off”? After that you have 20 points."
    strangers = read_json(ask(client, cast.maple, "/rewards"))["rewards"]
    assert sorted(reward["price"] for reward in strangers) == [10, 90, 200, 400]
    assert not any(reward["is_available"] for reward in strangers)


def test_reward_is_redeemed_once_whatever_is_sent_again(app: Flask, cast: Cast, client: FlaskClient) -> None:
    with app.app_context():
        start_program(cast.maple.id)
        reward = make_reward(cast.maple.id, 30, customer_limit=1)
        give_points(cast.maple.id, find_customer(cast.maple.id), 50)
    carol, wanted = Carol(client, cast.maple), str(uuid.uuid4())
    first, again = carol.redeem(reward, wanted), carol.redeem(reward, wanted)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json == again.json
    assert {name: first.json[name] for name in ("id", "reward_id", "points", "state", "balance")} == {
        "id": wanted,
        "reward_id": str(reward),
        "points": 30,
        "state": "issued",
        "balance": 20,
    }
    overview = carol.see("/points/overview")
    assert [code["code"] for code in overview["codes"]] == [first.json["code"]]
    assert [offer["is_had"] for offer in overview["rewards"]] == [True]
    assert_problem(Carol(client, cast.maple, "frank").redeem(reward, wanted), 409)


def test_bad_redemptions_are_refused_and_cost_nothing(app: Flask, cast: Cast, client: FlaskClient) -> None:
    with app.app_context():
        start_program(cast.maple.id)
        reward = make_reward(cast.maple.id, 100)
        give_points(cast.maple.id, find_customer(cast.maple.id), 99)
    carol = Carol(client, cast.maple)
    problem = assert_problem(carol.redeem(reward), 409)
    assert problem["type"].endswith("not-enough-points")
    assert_problem(carol.redeem(uuid.uuid4()), 404)
    for body in ({}, {"id": "x", "reward_id": str(reward)}, {"id": str(uuid.uuid4()), "reward_id": 5}, [], {"x": 1}):
        assert_problem(carol.post("/redemptions", body), 422)
    assert carol.see("/points")["balance"] == 99


def test_customer_joins_once_where_one_must(app: Flask, cast: Cast, client: FlaskClient) -> None:
    with app.app_context():
        start_program(cast.maple.id, enrolment="join", actions=[{"key": "signup", "points": 50}])
        find_customer(cast.maple.id)
    carol = Carol(client, cast.maple)
    before = carol.see("/points/overview?lang=en")
    assert (before["account"]["joined"], before["invitation"]["title"]) == (False, "Join our points program")
    first, again = carol.post("/points/membership", {}), carol.post("/points/membership", {})
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json == again.json
    assert (first.json["joined"], first.json["balance"]) == (True, 50)
    assert "invitation" not in carol.see("/points/overview")
    assert_problem(carol.post("/points/membership", {"customer": "frank"}), 422)


def test_price_earns_what_an_order_of_it_would(app: Flask, cast: Cast, client: FlaskClient) -> None:
    spend = {"points": 1, "per_minor": 100, "earns_on": "paid", "with_tax": False, "with_shipping": False}
    with app.app_context():
        start_program(cast.maple.id, tiers=TIERS, spend=spend | {"excluded_products": ["CARD"]})
        take_orders(cast.maple.id, carol_order(total_minor=12000))
    carol = Carol(client, cast.maple)
    path = "/points/preview?lang=en&currency=EUR&"
    stranger = read_json(ask(client, cast.maple, path + "price_minor=2990"))
    assert stranger == {"points": 29, "text": "Earn 29 points"}
    assert carol.see(path + "price=29.90&product=TEA") == {"points": 43, "text": "Earn 43 points"}
    assert carol.see(path + "price=29.90&product=CARD") == {"points": 0}
    assert carol.see("/points/preview?currency=SEK&price=29.90") == {"points": None}
    for query in ("price=29.90", "currency=EUR", "currency=XXXX&price=1", "currency=EUR&price=-1"):
        assert_problem(carol.get(f"/points/preview?{query}"), 422)


def test_history_explains_each_number(app: Flask, cast: Cast, client: FlaskClient) -> None:
    with app.app_context():
        start_program(cast.maple.id)
        reward = make_reward(cast.maple.id, 100)
        order = carol_order(450789469, total_minor=58700, number="1001")
        take_orders(cast.maple.id, order)
        refunds = [make_refund(number, amount) for number, amount in ((1, 19566), (2, 19567))]
        later = NOON + timedelta(days=3)
        take_orders(
            cast.maple.id, carol_order(450789469, total_minor=58700, number="1001", updated_at=later, refunds=refunds)
        )
    carol = Carol(client, cast.maple)
    carol.redeem(reward)
    spent, refunded, earned = carol.see("/points/history?lang=en")["items"]
    assert (spent["title"], spent["delta"], spent["because"]) == ("5 EUR off", -100, ["This reward costs 100 points."])
    assert (earned["title"], earned["text"], earned["why"]) == ("Order 1001", "+587", "Why 587?")
    assert refunded["delta"] == -392
    assert refunded["because"] == [
        "€391.33 of this order was given back.",
        "€195.67 counts: 1 point for each full €1 make 195 points.",
        "It had earned 587 points before; the difference is -392.",
    ]
    assert refunded["explanation"]["rule_version"] == 1


def test_history_pages_from_the_newest(app: Flask, cast: Cast, client: FlaskClient) -> None:
    with app.app_context():
        start_program(cast.maple.id)
        for number in range(1, 23):
            give_points(cast.maple.id, find_customer(cast.maple.id), number)
    carol = Carol(client, cast.maple)
    first = carol.see("/points/history")
    second = carol.see(f"/points/history?cursor={first['next_cursor']}")
    assert [item["delta"] for item in first["items"] + second["items"]] == list(range(22, 0, -1))
    assert second["next_cursor"] is None
    assert_problem(carol.get("/points/history?cursor=x"), 422)


def test_merged_customer_has_what_the_other_has(app: Flask, cast: Cast, client: FlaskClient) -> None:
    with app.app_context():
        start_program(cast.maple.id)
        reward = make_reward(cast.maple.id, 100)
        give_points(cast.maple.id, find_customer(cast.maple.id, "carla"), 120)
        find_customer(cast.maple.id)
    carla = Carol(client, cast.maple, "carla")
    merged = client.post(
        "/api/v1/customers/carla/merge",
        json={"into": "carol"},
        headers=cast.maple.store_headers,
    )
    assert merged.status_code in (200, 201), merged.text
    assert carla.see("/points")["balance"] == Carol(client, cast.maple).see("/points")["balance"] == 120
    assert carla.redeem(reward).json["balance"] == 20
