"""The program's rules: checked field by field, versioned, and never retroactive without the figures."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from tests.cast import Cast
from tests.coupons.builders import StoreServer
from tests.embed.shopper import assert_problem, read_json
from tests.loyalty.builders import find_customer, read_account, take_orders
from tests.orders.builders import NOON, make_order
from widget.core.ids import new_id
from widget.core.problems import flatten_messages
from widget.loyalty.program import default_rules
from widget.loyalty.program_checks import STEP_DEFAULTS, find_rules_errors

RULES = default_rules("EUR", "Europe/Rome")
LOT = {"kind": "lot", "months": 12, "to_month_end": True, "purchases_only": False}
SILVER = {"key": "silver", "names": {"en": "Silver"}, "threshold": 100}
GOLD = {"key": "gold", "names": {"en": "Gold"}, "threshold": 500, "multiplier_thousandths": 1250}
JUNE = {
    "key": "june", "name": "June", "multiplier_thousandths": 2000,
    "starts_at": "2026-06-01T00:00:00+02:00", "ends_at": "2026-07-01T00:00:00+02:00",
}  # fmt: skip


def tiers(*steps: dict[str, Any]) -> dict[str, Any]:
    window = {"kind": "rolling", "months": 12, "grace_days": 0}
    return {"measure": "points", "window": window, "steps": [STEP_DEFAULTS | step for step in steps]}


def with_action(**action: Any) -> dict[str, Any]:
    return {"actions": [action]}


@pytest.fixture
def store(client: FlaskClient, cast: Cast) -> StoreServer:
    return StoreServer(client, cast.maple)


def test_rules_with_everything_in_them_are_right() -> None:
    rules = RULES | {
        "tiers": tiers(SILVER, GOLD),
        "campaigns": [JUNE | {"tier": "gold", "segment": str(new_id())}],
        "names": {"en": ["coin", "coins"]},
        "actions": [
            {"key": "social.instagram", "points": 20, "url": "https://instagram.com/maple", "limit": 1},
            {"key": "event.newsletter", "points": 10, "limit": 1, "per": "ever"},
            {"key": "review", "points": 20, "extra_points": 10, "limit": 5, "per": "month"},
        ],
    }
    assert find_rules_errors(rules) == {}


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"time_zone": "Rome"}, "#/time_zone"),
        ({"currency": "EURO"}, "#/currency"),
        ({"spend": RULES["spend"] | {"points": 0}}, "#/spend/points"),
        ({"spend": RULES["spend"] | {"points": 1_000_001}}, "#/spend/points"),
        ({"spend": RULES["spend"] | {"per_minor": 0}}, "#/spend/per_minor"),
        ({"spend": RULES["spend"] | {"with_tax": 1}}, "#/spend/with_tax"),
        ({"spend": RULES["spend"] | {"excluded_products": ["a\x00"]}}, "#/spend/excluded_products/0"),
        (with_action(key="stars", points=1), "#/actions/0/key"),
        (with_action(key="event.", points=1), "#/actions/0/key"),
        (with_action(key="social.x", points=1), "#/actions/0/url"),
        (with_action(key="social.x", points=1, url="http://x.example"), "#/actions/0/url"),
        (with_action(key="signup", points=True), "#/actions/0/points"),
        (with_action(key="review", points=1, per="week"), "#/actions/0/limit"),
        (with_action(key="survey", points=1, extra_points=1), "#/actions/0/extra_points"),
        ({"actions": [{"key": "signup", "points": 1}] * 2}, "#/actions/1/key"),
        ({"pending_days": 366}, "#/pending_days"),
        ({"expiry": LOT | {"months": 121}}, "#/expiry/months"),
        ({"expiry": LOT | {"kind": "soon"}}, "#/expiry/kind"),
        ({"debt_limit": -1}, "#/debt_limit"),
        ({"tiers": tiers(GOLD, SILVER)}, "#/tiers/steps/1/threshold"),
        ({"tiers": tiers(SILVER, SILVER | {"threshold": 200})}, "#/tiers/steps/1/key"),
        ({"tiers": tiers(SILVER | {"names": {}})}, "#/tiers/steps/0/names"),
        ({"tiers": tiers(SILVER | {"multiplier_thousandths": 999})}, "#/tiers/steps/0/multiplier_thousandths"),
        ({"campaigns": [JUNE | {"ends_at": JUNE["starts_at"]}]}, "#/campaigns/0/ends_at"),
        ({"campaigns": [JUNE | {"tier": "gold"}]}, "#/campaigns/0/tier"),
        ({"campaigns": [JUNE | {"starts_at": "2026-06-01"}]}, "#/campaigns/0/starts_at"),
        ({"names": {"en": ["coin"]}}, "#/names/en"),
        ({"enrolment": "maybe"}, "#/enrolment"),
    ],
)
def test_wrong_rules_are_refused_at_the_field(changes: dict[str, Any], pointer: str) -> None:
    assert [error.pointer for error in flatten_messages(find_rules_errors(RULES | changes))] == [pointer]


@pytest.mark.parametrize("name", ["min_stars", "stars", "rating", "score", "min_score", "condition", "bucket"])
@pytest.mark.parametrize("key", ["review", "survey"])
def test_no_rule_can_ask_for_stars_or_a_score(key: str, name: str) -> None:
    errors = find_rules_errors(RULES | with_action(key=key, points=10, **{name: 4}))
    assert errors == {"actions": {0: {name: ["Unknown field."]}}}


@pytest.mark.parametrize("rules", [None, [], "x", {}, {**RULES, "tiers": []}, {**RULES, "actions": {}}])
def test_rules_of_another_shape_are_refused(rules: Any) -> None:
    assert find_rules_errors(rules)


def test_program_is_put_and_each_change_is_a_version(store: StoreServer) -> None:
    assert_problem(store.send("GET", "/loyalty/program"), 404)
    assert_problem(store.send("POST", "/loyalty/program/expiry", {"confirmed": NOTHING}), 404)
    first, again = (read_json(store.send("PUT", "/loyalty/program", {"rules": RULES})) for _ in range(2))
    assert first == again
    assert (first["state"], first["version"], first["changed_by"]) == ("draft", 1, "store")
    live = read_json(store.send("PUT", "/loyalty/program", {"rules": RULES, "state": "live"}))
    assert (live["state"], live["version"]) == ("live", 1)
    changed = read_json(store.send("PUT", "/loyalty/program", {"rules": RULES | {"pending_days": 30}}))
    assert (changed["state"], changed["version"], changed["rules"]["pending_days"]) == ("live", 2, 30)
    assert read_json(store.send("GET", "/loyalty/program")) == changed
    assert_problem(store.send("PUT", "/loyalty/program", {"rules": RULES, "state": "draft"}), 422)
    assert read_json(store.send("GET", "/loyalty/program"))["version"] == 2


def test_rules_that_name_what_the_site_does_not_have_are_refused(store: StoreServer) -> None:
    strange = {"tiers": tiers(SILVER | {"gift_pool": str(new_id())}), "campaigns": [JUNE | {"segment": str(new_id())}]}
    problem = assert_problem(store.send("PUT", "/loyalty/program", {"rules": RULES | strange}), 422)
    pointers = [error["pointer"] for error in problem["errors"]]
    assert pointers == ["#/rules/campaigns/0/segment", "#/rules/tiers/steps/0/gift_pool"]
    assert_problem(store.send("PUT", "/loyalty/program", {"rules": RULES | {"pending_days": "x"}}), 422)
    assert_problem(store.send("GET", "/loyalty/program"), 404)


NOTHING = {f"{what}_{unit}": 0 for what in ("lost", "sooner", "later") for unit in ("customers", "points")}


def test_program_pays_for_what_is_ordered_while_it_is_live(app: Flask, store: StoreServer, cast: Cast) -> None:
    def put(state: str, day: int) -> None:
        with time_machine.travel(NOON + timedelta(days=day), tick=False):
            read_json(store.send("PUT", "/loyalty/program", {"rules": RULES | {"pending_days": 0}, "state": state}))

    with app.app_context():
        carol = find_customer(cast.maple.id)
        put("live", 0)
        for number, (day, state) in enumerate([(1, "paused"), (3, "live"), (5, "live")]):
            placed = NOON + timedelta(days=day)
            take_orders(
                cast.maple.id,
                make_order(number, total_minor=1000, placed_at=placed, updated_at=placed, paid_at=placed),
                now=placed,
            )
            put(state, day + 1)
        # The second order was placed during the pause: what is told of it later earns nothing either.
        later = NOON + timedelta(days=9)
        placed = NOON + timedelta(days=3)
        take_orders(cast.maple.id, make_order(1, total_minor=1000, placed_at=placed, updated_at=later), now=later)
        assert read_account(cast.maple.id, carol).balance == 20
