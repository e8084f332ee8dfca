"""The store's server reads and moves points, once for each key, and only those of its own customers."""

import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.cast import Cast
from tests.embed.shopper import assert_problem, read_json
from tests.intake.store import get, order, post, put_customer
from tests.loyalty.builders import find_customer, make_reward, start_program
from widget.loyalty.verifying import find_faults

POINTS = "customers/carol/points"


@pytest.fixture
def reward(app: Flask, cast: Cast) -> Iterator[str]:
    with app.app_context():
        start_program(cast.maple.id)
        find_customer(cast.maple.id)
        reward_id = make_reward(cast.maple.id, 100)
    yield str(reward_id)
    with app.app_context():
        assert list(find_faults(cast.maple.id)) == []


def adjust(client: FlaskClient, cast: Cast, points: Any = 150, reason: Any = "Sorry", **headers: str) -> Any:
    return post(client, cast.maple, POINTS, {"points": points, "reason": reason}, **headers)


def redeem(client: FlaskClient, cast: Cast, reward: str, **more: Any) -> Any:
    return post(client, cast.maple, "redemptions", {"customer": "carol", "reward_id": reward, **more})


@pytest.mark.usefixtures("reward")
def test_account_is_told_with_its_history_and_why(client: FlaskClient, cast: Cast) -> None:
    assert get(client, cast.maple, POINTS)["items"] == []
    read_json(post(client, cast.maple, "orders", order(total_minor=5870)))
    read_json(adjust(client, cast))
    told = get(client, cast.maple, POINTS)
    assert (told["balance"], told["lifetime"], told["tier"], told["next_expiry"]) == (208, 58, None, None)
    adjusted, earned = told["items"]
    assert (adjusted["points"], adjusted["actor"], adjusted["why"]["note"]) == (150, "store", "Sorry")
    why = {"because": "order_earned", "basis_minor": 5870, "blocks": 58, "remainder_minor": 70, "after": 58}
    assert earned["why"].items() >= why.items()
    first = get(client, cast.maple, POINTS, limit=1)
    assert [item["number"] for item in first["items"]] == [adjusted["number"]]
    second = get(client, cast.maple, POINTS, limit=1, cursor=first["next_cursor"])
    assert ([item["number"] for item in second["items"]], second["next_cursor"]) == ([earned["number"]], None)


@pytest.mark.usefixtures("reward")
def test_adjustment_is_one_for_each_key(client: FlaskClient, cast: Cast) -> None:
    key = {"Idempotency-Key": "sorry-1"}
    first, again = (adjust(client, cast, **key) for _ in range(2))
    assert (first.status_code, again.status_code, first.data) == (201, 201, again.data)
    assert_problem(adjust(client, cast, 151, **key), 409)
    assert len(get(client, cast.maple, POINTS)["items"]) == 1
    assert read_json(adjust(client, cast, -150))["balance"] == 0


@pytest.mark.usefixtures("reward")
def test_adjustment_takes_no_more_than_there_is(client: FlaskClient, cast: Cast) -> None:
    read_json(adjust(client, cast, 10))
    assert assert_problem(adjust(client, cast, -11), 409)["type"].endswith("not-enough-points")
    assert get(client, cast.maple, POINTS)["balance"] == 10


@pytest.mark.parametrize(
    "body",
    [{"points": 0}, {"points": "5"}, {"points": 5.0}, {"points": True}, {"points": 10**7}, {"reason": ""},
     {"reason": "a\x00"}, {"reason": None}, {"more": 1}],
)  # fmt: skip
@pytest.mark.usefixtures("reward")
def test_adjustment_that_makes_no_sense_is_refused(client: FlaskClient, cast: Cast, body: dict[str, Any]) -> None:
    assert_problem(post(client, cast.maple, POINTS, {"points": 5, "reason": "Sorry", **body}), 422)
    assert get(client, cast.maple, POINTS)["items"] == []


def test_reward_is_redeemed_and_cancelled(client: FlaskClient, cast: Cast, reward: str) -> None:
    read_json(adjust(client, cast))
    said = {"id": str(uuid.uuid4())}
    first, again = (redeem(client, cast, reward, **said) for _ in range(2))
    assert (first.status_code, again.status_code, first.data) == (201, 200, again.data)
    redeemed = read_json(first)
    assert (redeemed["state"], redeemed["points"], redeemed["customer"]) == ("issued", 100, "carol")
    assert redeemed["code"]
    assert_problem(redeem(client, cast, reward), 409)
    assert get(client, cast.maple, f"redemptions/{said['id']}") == redeemed
    for _ in range(2):
        cancelled = read_json(post(client, cast.maple, f"redemptions/{said['id']}/cancellation", {}))
        assert cancelled["state"] == "cancelled"
    assert get(client, cast.maple, POINTS)["balance"] == 150
    assert_problem(post(client, cast.maple, f"redemptions/{said['id']}/commit", {}), 409)


def test_held_points_are_spent_when_the_store_commits(client: FlaskClient, cast: Cast, reward: str) -> None:
    read_json(adjust(client, cast))
    held = read_json(redeem(client, cast, reward, hold_minutes=15))
    assert (held["state"], held["code"], held["held_until"] is not None) == ("held", None, True)
    assert get(client, cast.maple, POINTS)["held"] == 100
    first, again = (read_json(post(client, cast.maple, f"redemptions/{held['id']}/commit", {})) for _ in range(2))
    assert (first["state"], first["code"], first) == ("issued", again["code"], again)
    listed = get(client, cast.maple, "redemptions", customer="carol", state="issued")["items"]
    assert [row["id"] for row in listed] == [held["id"]]
    assert get(client, cast.maple, "redemptions", customer="Carol@shoppers.example")["items"] == listed
    assert get(client, cast.maple, "redemptions", customer="nobody")["items"] == []
    assert get(client, cast.maple, "redemptions", state="held")["items"] == []
    # The code is spent at the checkout.
    read_json(post(client, cast.maple, "orders", order(coupon_codes=[first["code"]])))
    assert get(client, cast.maple, f"redemptions/{held['id']}")["state"] == "used"
    assert_problem(post(client, cast.maple, f"redemptions/{held['id']}/cancellation", {}), 409)


def test_redemption_that_makes_no_sense_is_refused(client: FlaskClient, cast: Cast, reward: str) -> None:
    read_json(adjust(client, cast))
    for wrong in ({"hold_minutes": 0}, {"hold_minutes": 10**6}, {"id": "1"}, {"reward_id": 7}, {"customer": ""}):
        assert_problem(redeem(client, cast, reward, **wrong), 422)
    assert_problem(redeem(client, cast, str(uuid.uuid4())), 404)
    assert_problem(redeem(client, cast, reward, customer="nobody"), 404)
    assert get(client, cast.maple, "redemptions")["items"] == []


def test_store_without_a_program_and_unknown_customers_have_no_points(client: FlaskClient, cast: Cast) -> None:
    assert_problem(client.get(f"/api/v1/{POINTS}", headers=cast.maple.store_headers), 404)
    read_json(put_customer(client, cast.maple, "carol", name="Carol"))
    problem = assert_problem(client.get(f"/api/v1/{POINTS}", headers=cast.maple.store_headers), 404)
    assert problem["type"].endswith("no-loyalty-program")
    assert_problem(adjust(client, cast), 404)


def test_bob_finds_nothing_of_maples_points(client: FlaskClient, cast: Cast, reward: str) -> None:
    read_json(adjust(client, cast))
    taken = read_json(redeem(client, cast, reward))["id"]
    for path in (POINTS, f"redemptions/{taken}"):
        assert_problem(client.get(f"/api/v1/{path}", headers=cast.bobs.store_headers), 404)
    bodies = {POINTS: {"points": 5, "reason": "Mine"}, "redemptions": {"customer": "carol", "reward_id": reward}}
    bodies |= {f"redemptions/{taken}/{step}": {} for step in ("commit", "cancellation")}
    for path, body in bodies.items():
        assert_problem(post(client, cast.bobs, path, body), 404)
    assert get(client, cast.bobs, "redemptions")["items"] == []
    assert get(client, cast.maple, POINTS)["balance"] == 50
