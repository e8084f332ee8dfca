"""News of orders, shuffled and repeated, ends the same; so does what comes before the reward or after it."""

import itertools
import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from tests.cast import Cast
from tests.long_run import at_length
from tests.orders.builders import NOON, make_refund
from tests.referrals.builders import (
    claim,
    let_time_pass,
    list_states,
    make_advocate,
    order_by,
    points_of,
    read,
    start_referrals,
    tell,
)
from widget.core.db import begin_writing_anew, db
from widget.customers.rules import Buyer
from widget.referrals.models import Referral
from widget.referrals.rewarding import refuse_referral

DAY = timedelta(days=1)
LATE = NOON + timedelta(days=90)
# Of the 120 orders of five news, one that begins with each.
EVERY = at_length(1, otherwise=24)
News = Callable[[str], None]


def list_news(site_id: uuid.UUID, codes: dict[str, str] | None = None) -> list[News]:
    """Return what happens: a first order, given back by halves; a small one; a good one, told of twice."""
    carol, dora = (codes or {}).get("carol"), (codes or {}).get("dora")

    def say(number: int, days: int, minor: int, refunds: int, code: str | None) -> News:
        def tell_it(name: str) -> None:
            placed_at = NOON + days * DAY
            more = {"refunds": [make_refund(n, minor // 2) for n in range(refunds)]} if refunds else {}
            tell(
                site_id,
                order_by(
                    name,
                    f"{name}-{number}",
                    placed_at=placed_at,
                    updated_at=placed_at + refunds * DAY,
                    total_minor=minor,
                    coupon_codes=[code] if code else [],
                    **more,
                ),
            )

        return tell_it

    return [
        say(1, 1, 2000, 0, carol),
        say(1, 1, 2000, 1, carol),
        say(1, 1, 2000, 2, carol),
        say(2, 2, 500, 0, None),
        say(3, 5, 3000, 0, dora),
    ]


def list_shuffles(news: list[News]) -> list[list[News]]:
    """Return the orders in which news may come, each with something that comes twice."""
    orders = list(itertools.permutations(news))[::EVERY]
    return [[*order, order[number % len(order)]] for number, order in enumerate(orders)]


def test_order_that_counts_is_the_same_however_news_comes(app: Flask, cast: Cast) -> None:
    site_id = cast.maple.id
    with app.app_context():
        start_referrals(site_id, minimum_minor=1000, velocity={"per_advocate": 1000})
        code = make_advocate(site_id)
        ids = []
        for number, news in enumerate(list_shuffles(list_news(site_id))):
            ids.append(claim(site_id, code, f"f{number}@shoppers.example"))
            for event in news:
                event(f"f{number}")
        rows = [read(site_id, each) for each in ids]
        assert {(row.state, row.qualifies_at) for row in rows} == {("qualified", NOON + 35 * DAY)}
        let_time_pass(LATE)
        assert list_states(site_id) == ["rewarded"] * len(ids)
        assert points_of(site_id, "carol") == 200 * len(ids)


def test_rewards_in_between_change_nothing_in_the_end(app: Flask, cast: Cast) -> None:
    site_id = cast.maple.id
    with app.app_context():
        start_referrals(site_id, minimum_minor=1000, velocity={"per_advocate": 1000})
        code = make_advocate(site_id)
        shuffles = list_shuffles(list_news(site_id)[:3])[:4]
        for number, news in enumerate(shuffles):
            claim(site_id, code, f"f{number}@shoppers.example")
            for event in news:
                event(f"f{number}")
                let_time_pass(LATE)
        assert set(list_states(site_id)) <= {"reversed", "rejected"}
        assert [points_of(site_id, name) for name in ("carol", "f0", "f1", "f2", "f3")] == [0] * 5


def test_code_of_the_first_order_counts_however_news_comes(app: Flask, cast: Cast) -> None:
    site_id = cast.maple.id
    with app.app_context():
        start_referrals(site_id, minimum_minor=1000, velocity={"per_advocate": 1000})
        codes = {name: make_advocate(site_id, name) for name in ("carol", "dora")}
        shuffles = list_shuffles(list_news(site_id, codes))
        for number, news in enumerate(shuffles):
            for event in news:
                event(f"f{number}")
        let_time_pass(LATE)
        assert list_states(site_id) == ["rewarded"] * len(shuffles)
        assert (points_of(site_id, "carol"), points_of(site_id, "dora")) == (200 * len(shuffles), 0)


@pytest.mark.parametrize("email", ["frank@shoppers.example", None])
def test_order_whose_claim_has_expired_may_be_told_of_again_and_counts_once_it_is_paid(
    app: Flask, cast: Cast, email: str | None
) -> None:
    site_id = cast.maple.id

    def tell_it(days: int, **changes: Any) -> None:
        told = {"buyer": Buyer("frank", email, "Frank"), "coupon_codes": [code], "updated_at": NOON + days * DAY}
        tell(site_id, order_by("frank", placed_at=NOON, **told | changes))

    with app.app_context():
        start_referrals(site_id)
        code = make_advocate(site_id)
        for days in range(3):
            tell_it(days, state="placed", paid_at=None)
            let_time_pass(NOON + 91 * DAY)
        assert list_states(site_id) == ["expired"]
        tell_it(3)
        assert list_states(site_id) == ["qualified"]
        let_time_pass(NOON + 200 * DAY)
        assert (list_states(site_id), points_of(site_id, "carol")) == (["rewarded"], 200)


@pytest.mark.parametrize("email", ["frank@shoppers.example", None])
def test_earlier_code_that_becomes_known_after_the_reward_moves_it_to_its_own_advocate(
    app: Flask, cast: Cast, email: str | None
) -> None:
    site_id, buyer = cast.maple.id, Buyer("frank", email, "Frank")
    with app.app_context():
        start_referrals(site_id)
        codes = [make_advocate(site_id, name) for name in ("carol", "dora")]
        tell(site_id, order_by("frank", 2, buyer=buyer, placed_at=NOON + 2 * DAY, coupon_codes=codes[:1]))
        let_time_pass(LATE)
        assert [points_of(site_id, name) for name in ("carol", "dora", "frank")] == [200, 0, 100]
        tell(site_id, order_by("frank", 1, buyer=buyer, placed_at=NOON + DAY, coupon_codes=codes[1:]))
        let_time_pass(LATE)
        assert [points_of(site_id, name) for name in ("carol", "dora", "frank")] == [0, 200, 100]


def test_what_an_owner_decided_of_a_claim_is_not_decided_of_another_advocates(app: Flask, cast: Cast) -> None:
    site_id = cast.maple.id
    with app.app_context():
        start_referrals(site_id)
        codes = [make_advocate(site_id, name) for name in ("carol", "dora")]
        tell(site_id, order_by("frank", 2, placed_at=NOON + 2 * DAY, coupon_codes=codes[:1]))
        begin_writing_anew()
        refuse_referral(site_id, db.session.scalars(select(Referral.id)).one(), NOON, actor="alice")
        db.session.commit()
        tell(site_id, order_by("frank", 1, placed_at=NOON + DAY, coupon_codes=codes[1:]))
        assert list_states(site_id) == ["qualified"]
