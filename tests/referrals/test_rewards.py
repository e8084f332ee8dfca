"""The way of a referral: claimed, qualified, rewarded after the window, and taken back on both sides."""

import uuid
from datetime import timedelta

from flask import Flask
from sqlalchemy import select

from tests.cast import Cast
from tests.loyalty.builders import find_customer
from tests.orders.builders import NOON
from tests.referrals.builders import (
    AFTER,
    at,
    claim,
    coupon_reward,
    let_time_pass,
    make_advocate,
    order_by,
    points_of,
    start_referrals,
    state_of,
    tell,
    tell_refund,
)
from widget.core.db import begin_writing_anew, db
from widget.coupons.code_lists import read_codes
from widget.coupons.models import Coupon, CouponPool
from widget.coupons.service import add_codes
from widget.customers.rules import Buyer
from widget.intake.told_customers import take_customers
from widget.referrals.advocates import block_advocate
from widget.referrals.missing import unblock_advocate
from widget.referrals.models import Advocate


def set_blocked(site_id: uuid.UUID, *, is_blocked: bool) -> None:
    """Block Carol, or let her earn again."""
    begin_writing_anew()
    advocate = db.session.get_one(Advocate, (site_id, find_customer(site_id, "carol")))
    if is_blocked:
        block_advocate(advocate, NOON)
    else:
        unblock_advocate(advocate, AFTER)
    db.session.commit()


def list_codes(site_id: uuid.UUID) -> list[str]:
    """Return the codes somebody has got."""
    db.session.rollback()
    return sorted(db.session.scalars(select(Coupon.code).where(Coupon.site_id == site_id, Coupon.state == "issued")))


def test_both_sides_are_rewarded_once_the_window_has_closed(app: Flask, cast: Cast) -> None:
    site_id = cast.maple.id
    with app.app_context():
        start_referrals(site_id)
        referral_id = claim(site_id, make_advocate(site_id))
        assert state_of(site_id, referral_id) == "claimed"
        tell(site_id, order_by("frank"))
        assert state_of(site_id, referral_id) == "qualified"
        let_time_pass(NOON + timedelta(days=29))
        assert (state_of(site_id, referral_id), points_of(site_id, "carol")) == ("qualified", 0)
        let_time_pass()
        let_time_pass()
        assert state_of(site_id, referral_id) == "rewarded"
        assert (points_of(site_id, "carol"), points_of(site_id, "frank")) == (200, 100)


def test_refund_after_the_reward_takes_it_back_from_both(app: Flask, cast: Cast) -> None:
    site_id = cast.maple.id
    with app.app_context():
        start_referrals(site_id)
        referral_id = claim(site_id, make_advocate(site_id))
        tell(site_id, order_by("frank"))
        let_time_pass()
        tell_refund(site_id, "1", 2000)
        assert state_of(site_id, referral_id) == "reversed"
        assert (points_of(site_id, "carol"), points_of(site_id, "frank")) == (0, 0)
        let_time_pass(AFTER + timedelta(days=1))
        assert state_of(site_id, referral_id) == "reversed"


def test_refund_before_the_reward_leaves_nothing_to_give(app: Flask, cast: Cast) -> None:
    site_id = cast.maple.id
    with app.app_context():
        start_referrals(site_id)
        referral_id = claim(site_id, make_advocate(site_id))
        tell(site_id, order_by("frank"))
        tell_refund(site_id, "1", 2000)
        assert state_of(site_id, referral_id) == "rejected"
        let_time_pass()
        assert (points_of(site_id, "carol"), points_of(site_id, "frank")) == (0, 0)


def test_guest_whose_account_a_platform_tells_of_gets_their_points(app: Flask, cast: Cast) -> None:
    site_id, email = cast.maple.id, "frank@shoppers.example"
    with app.app_context():
        start_referrals(site_id)
        claim(site_id, make_advocate(site_id), email)
        tell(site_id, order_by("-", buyer=Buyer(None, email, "Frank")))
        let_time_pass()
        begin_writing_anew()
        take_customers(site_id, [(Buyer("frank", email, "Frank", is_email_verified=True), AFTER)])
        db.session.commit()
        assert points_of(site_id, "frank") == 100


def test_order_that_is_paid_after_the_reward_takes_nothing_back(app: Flask, cast: Cast) -> None:
    site_id = cast.maple.id
    with app.app_context():
        start_referrals(site_id)
        referral_id = claim(site_id, make_advocate(site_id))
        tell(site_id, order_by("frank", 1, state="placed", paid_at=None))
        tell(site_id, order_by("frank", 2, placed_at=NOON + timedelta(days=1)))
        let_time_pass()
        with at(AFTER):
            tell(site_id, order_by("frank", 1, updated_at=AFTER, paid_at=AFTER))
        assert (state_of(site_id, referral_id), points_of(site_id, "carol")) == ("rewarded", 200)


def test_advocate_who_has_used_a_coupon_that_is_taken_back_gets_no_second_one(app: Flask, cast: Cast) -> None:
    site_id = cast.maple.id
    with app.app_context():
        start_referrals(site_id, advocate=coupon_reward(site_id))
        referral_id = claim(site_id, make_advocate(site_id))
        tell(site_id, order_by("frank"))
        let_time_pass()
        coupon = db.session.scalars(select(Coupon)).one()
        tell(site_id, order_by("carol", 2, placed_at=AFTER + timedelta(hours=1), coupon_codes=[coupon.code]))
        tell_refund(site_id, "1", 2000)
        assert state_of(site_id, referral_id) == "reversed"
        tell(site_id, order_by("frank", 3, placed_at=NOON + timedelta(days=9)))
        let_time_pass(NOON + timedelta(days=40))
        assert state_of(site_id, referral_id) == "rewarded"
        assert db.session.scalars(select(Coupon.state)).all() == ["redeemed"]


def test_advocate_who_is_blocked_no_more_gets_the_coupons_and_steps_of_meanwhile(app: Flask, cast: Cast) -> None:
    site_id = cast.maple.id
    with app.app_context():
        filled = coupon_reward(site_id, codes="uploaded")
        steps = [{"friends": 1, "reward": filled}]
        start_referrals(site_id, advocate=coupon_reward(site_id, prefix="ADV"), friend={"kind": "none"}, steps=steps)
        claim(site_id, make_advocate(site_id))
        tell(site_id, order_by("frank"))
        set_blocked(site_id, is_blocked=True)
        let_time_pass()
        assert list_codes(site_id) == []
        set_blocked(site_id, is_blocked=False)
        assert [code[:3] for code in list_codes(site_id)] == ["ADV"]
        begin_writing_anew()
        pool = db.session.get_one(CouponPool, (site_id, uuid.UUID(filled["pool_id"])))
        add_codes(pool, read_codes(["STEP-1"]), AFTER)
        db.session.commit()
        let_time_pass()
        assert list_codes(site_id)[1:] == ["STEP-1"]


def test_reward_that_was_taken_back_comes_again_once_the_advocate_is_blocked_no_more(app: Flask, cast: Cast) -> None:
    site_id = cast.maple.id
    with app.app_context():
        start_referrals(site_id)
        claim(site_id, make_advocate(site_id))
        tell(site_id, order_by("frank"))
        let_time_pass()
        tell_refund(site_id, "1", 2000)
        set_blocked(site_id, is_blocked=True)
        tell(site_id, order_by("frank", 2, placed_at=NOON + timedelta(days=1)))
        let_time_pass()
        assert (points_of(site_id, "carol"), points_of(site_id, "frank")) == (0, 100)
        set_blocked(site_id, is_blocked=False)
        assert points_of(site_id, "carol") == 200
