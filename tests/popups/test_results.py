"""What became of a campaign, counted from real rows."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from tests.cast import Cast
from tests.coupons.builders import StoreServer, issue, make_pool
from tests.orders.builders import NOON, make_order, make_refund, take
from tests.popups.shown import expose, expose_many, leave_address, make_campaign
from widget.core.db import db
from widget.customers.rules import Buyer
from widget.intake.service import take_orders, take_refunds
from widget.orders.models import Order

DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def in_app(app: Flask) -> Any:
    with app.app_context():
        yield


def buy(site_id: uuid.UUID, number: int | str, buyer: str, total_minor: int = 2000, **changes: Any) -> uuid.UUID:
    """Let somebody buy two days after noon; return who."""
    told = {"placed_at": NOON + 2 * DAY, **changes}
    take(site_id, make_order(number, total_minor=total_minor, buyer=Buyer(buyer, f"{buyer}@x.example", buyer), **told))
    order = db.session.scalar(select(Order).where(Order.site_id == site_id, Order.external_id == str(number)))
    assert order is not None
    assert order.customer_id is not None
    return order.customer_id


def meet(site_id: uuid.UUID, name: str) -> uuid.UUID:
    """Let somebody be a customer already, by an order of long ago."""
    return buy(site_id, f"first of {name}", name, 100, placed_at=NOON - 200 * DAY)


def read(cast: Cast, app: Flask, campaign_id: uuid.UUID) -> dict[str, Any]:
    response = StoreServer(app.test_client(), cast.maple).send("GET", f"/popup-campaigns/{campaign_id}/results")
    assert response.status_code == 200
    assert response.json is not None
    return dict(response.json)


def arms_of(results: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {arm["arm"]: arm for arm in results["arms"]}


def test_orders_of_known_visitors_count_in_every_arm_alike(app: Flask, cast: Cast) -> None:
    site_id = cast.maple.id
    campaign = make_campaign(site_id, "ab", holdout_basis_points=1000)
    for arm, name in (("holdout", "carol"), ("a", "frank"), ("b", "greta")):
        expose(site_id, campaign, arm, meet(site_id, name))
    for number, name in enumerate(("carol", "frank"), start=1):
        buy(site_id, number, name, 1000 * number)
    results = read(cast, app, campaign)
    arms = arms_of(results)
    assert [arms[key]["revenue_minor"] for key in ("holdout", "a", "b")] == [1000, 2000, 0]
    assert [arms[key]["buyers"] for key in ("holdout", "a", "b")] == [1, 1, 0]
    assert results["currency"] == "EUR"


def test_orders_before_the_campaign_or_long_after_it_count_nowhere(app: Flask, cast: Cast) -> None:
    site_id = cast.maple.id
    campaign = make_campaign(site_id)
    expose(site_id, campaign, "a", meet(site_id, "carol"))
    buy(site_id, 1, "carol", placed_at=NOON - timedelta(seconds=1))
    buy(site_id, 2, "carol", placed_at=NOON + 30 * DAY)
    buy(site_id, 3, "carol", 700, placed_at=NOON + 30 * DAY - timedelta(seconds=1))
    assert arms_of(read(cast, app, campaign))["a"]["revenue_minor"] == 700


def test_an_order_by_coupon_by_claim_and_by_a_known_visitor_counts_once(app: Flask, cast: Cast) -> None:
    site_id = cast.maple.id
    pool = make_pool(site_id)
    campaign = make_campaign(site_id, pool_id=pool)
    carol = meet(site_id, "carol")
    visitor = expose(site_id, campaign, "a", carol, has_converted=True)
    issued = issue(site_id, pool)
    leave_address(site_id, campaign, visitor, "carol@x.example", coupon_id=issued.id, customer_id=carol)
    document = make_order(
        1, placed_at=NOON + DAY, coupon_codes=(issued.code.lower(),), buyer=Buyer("carol", None, None)
    )
    take_orders(site_id, [document], "api")
    db.session.commit()
    buy(site_id, 2, "carol", 500)
    arm = arms_of(read(cast, app, campaign))["a"]
    assert (arm["orders"], arm["revenue_minor"], arm["buyers"]) == (2, 2500, 1)
    assert (arm["coupon_minor"], arm["claim_minor"], arm["known_minor"]) == (2000, 500, 0)
    assert (arm["leads"], arm["confirmed"], arm["conversions"]) == (1, 1, 1)


def test_a_code_that_another_campaign_gave_is_no_merit_of_the_first(app: Flask, cast: Cast) -> None:
    site_id = cast.maple.id
    campaign = make_campaign(site_id, goal="subscribe")
    visitor, issued = expose(site_id, campaign), issue(site_id, make_pool(site_id))
    leave_address(site_id, campaign, visitor, "carol@x.example", coupon_id=issued.id)
    buyer = Buyer("greta", None, None)
    take_orders(site_id, [make_order(1, placed_at=NOON + DAY, coupon_codes=(issued.code,), buyer=buyer)], "api")
    db.session.commit()
    assert arms_of(read(cast, app, campaign))["a"]["revenue_minor"] == 0


def test_a_refund_takes_revenue_away_and_a_cancelled_order_counts_nowhere(app: Flask, cast: Cast) -> None:
    site_id = cast.maple.id
    campaign = make_campaign(site_id)
    expose(site_id, campaign, "a", meet(site_id, "carol"))
    buy(site_id, 1, "carol")
    take_refunds(site_id, [("1", make_refund(amount_minor=500))])
    db.session.commit()
    buy(site_id, 2, "carol", state="cancelled")
    arm = arms_of(read(cast, app, campaign))["a"]
    assert (arm["orders"], arm["revenue_minor"]) == (1, 1500)


def test_orders_in_a_currency_without_a_rate_are_told_apart(app: Flask, cast: Cast) -> None:
    site_id = cast.maple.id
    campaign = make_campaign(site_id)
    expose(site_id, campaign, "a", meet(site_id, "carol"))
    buy(site_id, 1, "carol", 2000)
    buy(site_id, 2, "carol", 900_000_000_000, currency="IDR")
    arm = arms_of(read(cast, app, campaign))["a"]
    assert (arm["orders"], arm["orders_left_out"], arm["revenue_minor"]) == (2, 1, 2000)
    assert arm["by_currency"] == [
        {"currency": "EUR", "net_minor": 2000},
        {"currency": "IDR", "net_minor": 900_000_000_000},
    ]


def test_what_leads_bought_is_not_compared_with_a_holdout_group_that_has_none(app: Flask, cast: Cast) -> None:
    site_id = cast.maple.id
    campaign = make_campaign(site_id, holdout_basis_points=5000)
    for arm in ("holdout", "a"):
        expose_many(site_id, campaign, arm, 200)
    names = [f"lead{number}" for number in range(20)]
    told = {"placed_at": NOON + 2 * DAY, "total_minor": 2000}
    take(site_id, *(make_order(name, buyer=Buyer(name, f"{name}@x.example", name), **told) for name in names))
    for buyer in db.session.scalars(select(Order.customer_id).where(Order.site_id == site_id)).all():
        visitor = expose(site_id, campaign, "a", has_converted=True)
        leave_address(site_id, campaign, visitor, f"{buyer}@x.example", customer_id=buyer)
    results = read(cast, app, campaign)
    assert arms_of(results)["a"]["claim_minor"] == 20 * 2000
    measures = {measure["name"]: measure for measure in results["measures"]}
    assert measures["purchase"]["winner"] is None
    assert measures["revenue"]["winner"] is None


def test_the_better_variant_wins_once_it_is_sure(app: Flask, cast: Cast) -> None:
    campaign = make_campaign(cast.maple.id, "ab")
    expose_many(cast.maple.id, campaign, "a", 1000, 20)
    expose_many(cast.maple.id, campaign, "b", 1000, 90)
    results = read(cast, app, campaign)
    conversion = results["measures"][0]
    assert (conversion["name"], conversion["control"], conversion["winner"]) == ("conversion", "a", "b")
    low, high = conversion["arms"][1]["interval"]
    assert 0 < low < 0.07 < high
    assert results["measures"][2]["arms"][1]["verdict"] == "too_few"
    assert results["sample_ratio"]["is_suspicious"] is False


def test_arms_of_wrong_sizes_are_doubted(app: Flask, cast: Cast) -> None:
    campaign = make_campaign(cast.maple.id, "ab")
    expose_many(cast.maple.id, campaign, "a", 700)
    expose_many(cast.maple.id, campaign, "b", 500)
    assert read(cast, app, campaign)["sample_ratio"]["is_suspicious"] is True


def test_a_campaign_nobody_has_seen_claims_nothing(app: Flask, cast: Cast) -> None:
    results = read(cast, app, make_campaign(cast.maple.id, "ab", holdout_basis_points=1000))
    assert [arm["visitors"] for arm in results["arms"]] == [0, 0, 0]
    assert results["sample_ratio"] is None
    assert all(one["mean"] is None for measure in results["measures"] for one in measure["arms"])
    assert {measure["winner"] for measure in results["measures"]} == {None}


def test_a_form_inside_the_page_is_compared_like_a_popup(app: Flask, cast: Cast) -> None:
    campaign = make_campaign(cast.maple.id, "ab", display="inline")
    expose_many(cast.maple.id, campaign, "a", 1000, 20)
    expose_many(cast.maple.id, campaign, "b", 1000, 90)
    results = read(cast, app, campaign)
    assert results["measures"][0]["winner"] == "b"
    assert results["sample_ratio"]["is_suspicious"] is False


def test_bob_finds_nothing(app: Flask, cast: Cast) -> None:
    path = f"/popup-campaigns/{make_campaign(cast.maple.id)}/results"
    assert StoreServer(app.test_client(), cast.bobs).send("GET", path).status_code == 404
