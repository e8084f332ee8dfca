"""Claims: by e-mail with a coupon, by the coupon, by the advocate's code at the checkout; and what they end as."""

import uuid
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import pytest
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
    list_states,
    make_advocate,
    order_by,
    points_of,
    read,
    start_referrals,
    state_of,
    tell,
    tell_refund,
)
from widget.core.db import begin_writing_anew, db
from widget.core.ids import new_id
from widget.core.problems import InvalidFields
from widget.coupons.models import Coupon
from widget.customers.queries import find_customer_by_external_id
from widget.customers.rules import Buyer
from widget.intake.customer_service import merge_customers
from widget.referrals.advocates import block_advocate, find_advocate
from widget.referrals.errors import NoReferralProgram, ReferralCodeNotFound, ReferralIdTaken
from widget.referrals.missing import unblock_advocate
from widget.referrals.models import Advocate, Referral, ReferralProgram
from widget.referrals.overview import describe_friend
from widget.referrals.rewarding import pass_referral, refuse_referral, reward_referral

DAY = timedelta(days=1)


@pytest.fixture
def site_id(app: Flask, cast: Cast) -> Iterator[uuid.UUID]:
    """Maple with its program, in an application context."""
    with app.app_context():
        start_referrals(cast.maple.id)
        yield cast.maple.id


def coupon_of(site_id: uuid.UUID, referral_id: uuid.UUID) -> Coupon:
    coupon_id = read(site_id, referral_id).coupon_id
    return db.session.get_one(Coupon, (site_id, coupon_id), populate_existing=True)


def list_coupon_states(site_id: uuid.UUID) -> list[str]:
    db.session.rollback()
    return sorted(db.session.scalars(select(Coupon.state).where(Coupon.site_id == site_id)))


def decide(step: Callable[..., Referral], site_id: uuid.UUID, referral_id: uuid.UUID) -> None:
    begin_writing_anew()
    step(site_id, referral_id, NOON, actor="alice")
    db.session.commit()


def merge(site_id: uuid.UUID, old: str, new: str) -> None:
    begin_writing_anew()
    customer = find_customer_by_external_id(site_id, old)
    assert customer is not None
    merge_customers(site_id, customer, new)
    db.session.commit()


def test_friends_coupon_ties_an_order_under_any_address_to_the_claim(site_id: uuid.UUID) -> None:
    start_referrals(site_id, friend=coupon_reward(site_id))
    referral_id = claim(site_id, make_advocate(site_id))
    code = coupon_of(site_id, referral_id).code
    buyer = Buyer(None, "quite.another@elsewhere.example", "F.")
    tell(site_id, order_by("-", buyer=buyer, coupon_codes=[code]))
    let_time_pass()
    assert (state_of(site_id, referral_id), points_of(site_id, "carol")) == ("rewarded", 200)


def test_unused_coupon_of_a_reversed_referral_is_good_no_more(site_id: uuid.UUID) -> None:
    start_referrals(site_id, advocate=coupon_reward(site_id, prefix="ADV"), friend=coupon_reward(site_id))
    referral_id = claim(site_id, make_advocate(site_id))
    tell(site_id, order_by("frank"))
    let_time_pass()
    tell_refund(site_id, "1", 2000)
    assert list_coupon_states(site_id) == ["cancelled", "cancelled"]
    assert state_of(site_id, referral_id) == "reversed"


def test_held_claim_has_no_coupon_until_it_passes(site_id: uuid.UUID) -> None:
    start_referrals(site_id, friend=coupon_reward(site_id))
    referral_id = claim(site_id, make_advocate(site_id, network="home"), network="home")
    assert read(site_id, referral_id).coupon_id is None
    decide(pass_referral, site_id, referral_id)
    assert coupon_of(site_id, referral_id).state == "issued"


@pytest.mark.parametrize("buys_first", [False, True])
def test_friend_who_was_refused_and_passes_has_another_coupon(site_id: uuid.UUID, buys_first: bool) -> None:
    start_referrals(site_id, friend=coupon_reward(site_id))
    referral_id = claim(site_id, make_advocate(site_id))
    decide(refuse_referral, site_id, referral_id)
    assert coupon_of(site_id, referral_id).state == "cancelled"
    if buys_first:
        tell(site_id, order_by("frank"))
    decide(pass_referral, site_id, referral_id)
    given = describe_friend(read(site_id, referral_id), "en")
    assert ("code" in given, "Here is" in given["text"]) == (not buys_first, not buys_first)
    if not buys_first:
        tell(site_id, order_by("frank"))
    let_time_pass()
    assert (state_of(site_id, referral_id), points_of(site_id, "carol")) == ("rewarded", 200)
    assert list_coupon_states(site_id) == ["cancelled", "issued"]


def test_referral_that_cannot_be_rewarded_stops_no_other(site_id: uuid.UUID, monkeypatch: pytest.MonkeyPatch) -> None:
    code = make_advocate(site_id)
    wrong, right = (claim(site_id, code, f"f{n}@shoppers.example") for n in range(2))
    tell(site_id, order_by("f0", 0), order_by("f1", 1))

    def reward(site_id: uuid.UUID, referral_id: uuid.UUID, now: datetime) -> bool:
        if referral_id == wrong:
            raise RuntimeError("wrong")
        return reward_referral(site_id, referral_id, now)

    monkeypatch.setattr("widget.referrals.tasks.reward_referral", reward)
    let_time_pass()
    assert (state_of(site_id, wrong), state_of(site_id, right)) == ("qualified", "rewarded")


def test_advocates_code_at_the_checkout_is_a_claim(site_id: uuid.UUID) -> None:
    code = make_advocate(site_id)
    tell(site_id, order_by("frank", coupon_codes=["SUMMER", code.lower()]))
    assert list_states(site_id) == ["qualified"]
    let_time_pass()
    assert (points_of(site_id, "carol"), points_of(site_id, "frank")) == (200, 100)


def test_own_code_at_the_checkout_is_nobodys_claim(site_id: uuid.UUID) -> None:
    tell(site_id, order_by("carol", coupon_codes=[make_advocate(site_id)]))
    assert list_states(site_id) == []


def test_code_at_the_checkout_of_a_customer_of_old_brings_nothing(site_id: uuid.UUID) -> None:
    code = make_advocate(site_id)
    tell(site_id, order_by("frank", 1, placed_at=NOON - 90 * DAY))
    tell(site_id, order_by("frank", 2, coupon_codes=[code]))
    let_time_pass()
    assert (list_states(site_id), points_of(site_id, "carol")) == (["rejected"], 0)


def test_coupon_used_by_the_advocate_is_a_referral_of_oneself(site_id: uuid.UUID) -> None:
    start_referrals(site_id, friend=coupon_reward(site_id))
    referral_id = claim(site_id, make_advocate(site_id), "secret@elsewhere.example")
    tell(site_id, order_by("carol", coupon_codes=[coupon_of(site_id, referral_id).code]))
    let_time_pass()
    assert (state_of(site_id, referral_id), points_of(site_id, "carol")) == ("rejected", 0)


def test_claim_waits_so_long_and_news_that_comes_late_counts_still(site_id: uuid.UUID) -> None:
    referral_id = claim(site_id, make_advocate(site_id))
    let_time_pass(NOON + 91 * DAY)
    assert state_of(site_id, referral_id) == "expired"
    tell(site_id, order_by("frank", 1, placed_at=NOON + 100 * DAY))
    assert state_of(site_id, referral_id) == "expired"
    tell(site_id, order_by("frank", 2, placed_at=NOON + 80 * DAY))
    assert state_of(site_id, referral_id) == "qualified"


def test_friend_whose_claim_has_expired_may_claim_again(site_id: uuid.UUID) -> None:
    start_referrals(site_id, friend=coupon_reward(site_id))
    first = claim(site_id, make_advocate(site_id))
    let_time_pass(NOON + 91 * DAY)
    second = claim(site_id, make_advocate(site_id, "dora"), now=NOON + 92 * DAY)
    assert list_coupon_states(site_id) == ["cancelled", "issued"]
    tell(site_id, order_by("frank", placed_at=NOON + 93 * DAY))
    assert (state_of(site_id, first), state_of(site_id, second)) == ("expired", "qualified")


def test_small_free_unpaid_and_test_orders_do_not_count(site_id: uuid.UUID) -> None:
    start_referrals(site_id, minimum_minor=1500)
    referral_id = claim(site_id, make_advocate(site_id))
    with at(NOON + DAY):
        tell(
            site_id,
            order_by("frank", 1, total_minor=1499),
            order_by("frank", 2, total_minor=0),
            order_by("frank", 3, state="placed", paid_at=None),
            order_by("frank", 4, is_test=True),
        )
    assert state_of(site_id, referral_id) == "claimed"
    tell(site_id, order_by("frank", 5, total_minor=1500))
    assert state_of(site_id, referral_id) == "qualified"


def test_guest_gets_their_points_once_they_have_an_account(site_id: uuid.UUID) -> None:
    referral_id = claim(site_id, make_advocate(site_id))
    tell(site_id, order_by("-", buyer=Buyer(None, "frank@shoppers.example", "Frank")))
    let_time_pass()
    assert (state_of(site_id, referral_id), points_of(site_id, "carol")) == ("rewarded", 200)
    tell(site_id, order_by("frank", 2, placed_at=AFTER))
    assert points_of(site_id, "frank") == 100


def test_steps_are_given_once_and_taken_back_when_a_friend_is_lost(site_id: uuid.UUID) -> None:
    steps = [{"friends": n, "reward": {"kind": "points", "points": 1000 * n}} for n in (1, 3)]
    start_referrals(site_id, steps=steps)
    code = make_advocate(site_id)
    for number in range(4):
        claim(site_id, code, f"f{number}@shoppers.example")
        tell(site_id, order_by(f"f{number}", number))
    let_time_pass()
    assert points_of(site_id, "carol") == 4 * 200 + 1000 + 3000
    tell_refund(site_id, "0", 2000)
    assert points_of(site_id, "carol") == 3 * 200 + 1000 + 3000
    tell_refund(site_id, "1", 2000)
    assert points_of(site_id, "carol") == 2 * 200 + 1000
    claim(site_id, code, "f9@shoppers.example")
    tell(site_id, order_by("f9", 9))
    let_time_pass()
    assert points_of(site_id, "carol") == 3 * 200 + 1000 + 3000


def test_blocked_advocate_keeps_what_they_have_and_earns_nothing_more(site_id: uuid.UUID) -> None:
    code = make_advocate(site_id)
    for number in range(2):
        claim(site_id, code, f"f{number}@shoppers.example")
    tell(site_id, order_by("f0", 0))
    let_time_pass()
    begin_writing_anew()
    advocate = find_advocate(site_id, code)
    assert advocate is not None
    block_advocate(advocate, AFTER)
    db.session.commit()
    tell(site_id, order_by("f1", 1))
    let_time_pass(AFTER + DAY)
    assert (points_of(site_id, "carol"), points_of(site_id, "f1")) == (200, 100)
    with pytest.raises(ReferralCodeNotFound):
        claim(site_id, code, "f2@shoppers.example")
    db.session.rollback()
    begin_writing_anew()
    unblock_advocate(db.session.get_one(Advocate, (site_id, find_customer(site_id, "carol"))), AFTER + 2 * DAY)
    db.session.commit()
    assert (points_of(site_id, "carol"), points_of(site_id, "f1")) == (400, 100)


def test_claims_that_cannot_be_are_refused(site_id: uuid.UUID, cast: Cast) -> None:
    code, claim_id = make_advocate(site_id), new_id()
    claim(site_id, code, id=claim_id)
    with pytest.raises(ReferralIdTaken):
        claim(site_id, code, "other@shoppers.example", id=claim_id)
    with pytest.raises(ReferralCodeNotFound):
        claim(site_id, "NOBODY-222222", "other@shoppers.example")
    with pytest.raises(InvalidFields):
        claim(site_id, code, "no address")
    with pytest.raises(NoReferralProgram):
        claim(cast.bobs.id, code, "other@shoppers.example")
    db.session.rollback()
    start_referrals(cast.bobs.id)
    with pytest.raises(ReferralCodeNotFound):
        claim(cast.bobs.id, code, "other@shoppers.example")


def test_pause_takes_no_claims_and_keeps_what_was_promised(site_id: uuid.UUID) -> None:
    code = make_advocate(site_id)
    referral_id = claim(site_id, code)
    begin_writing_anew()
    db.session.get_one(ReferralProgram, site_id).state = "paused"
    db.session.commit()
    with pytest.raises(NoReferralProgram):
        claim(site_id, code, "late@shoppers.example")
    db.session.rollback()
    tell(site_id, order_by("frank", 1), order_by("grace", 2, coupon_codes=[code]))
    let_time_pass()
    assert list_states(site_id) == ["rewarded"]
    assert state_of(site_id, referral_id) == "rewarded"


def test_friend_and_advocate_who_turn_out_to_be_one_lose_the_reward(site_id: uuid.UUID) -> None:
    referral_id = claim(site_id, make_advocate(site_id))
    tell(site_id, order_by("frank"))
    let_time_pass()
    merge(site_id, "frank", "carol")
    assert (state_of(site_id, referral_id), points_of(site_id, "carol")) == ("reversed", 0)


def test_merged_advocates_friends_and_both_codes_follow(site_id: uuid.UUID) -> None:
    codes = [make_advocate(site_id, name) for name in ("carol", "carola")]
    for number, code in enumerate(codes):
        claim(site_id, code, f"f{number}@shoppers.example")
    merge(site_id, "carol", "carola")
    merge(site_id, "carol", "carola")
    claim(site_id, codes[0], "f2@shoppers.example")
    tell(site_id, *(order_by(f"f{n}", n) for n in range(3)))
    let_time_pass()
    assert (list_states(site_id), points_of(site_id, "carola")) == (["rewarded"] * 3, 600)


def test_code_of_an_advocate_merged_into_a_stranger_stays_theirs(site_id: uuid.UUID) -> None:
    code = make_advocate(site_id)
    find_customer(site_id, "carola")
    merge(site_id, "carol", "carola")
    assert make_advocate(site_id, "carola") == code
    claim(site_id, code)
    tell(site_id, order_by("frank"))
    let_time_pass()
    assert points_of(site_id, "carola") == 200


def test_two_friends_who_turn_out_to_be_one_were_brought_by_the_first(site_id: uuid.UUID) -> None:
    first = claim(site_id, make_advocate(site_id))
    second = claim(site_id, make_advocate(site_id, "dora"), "franz@shoppers.example", NOON + timedelta(minutes=5))
    tell(site_id, order_by("frank", 1), order_by("franz", 2))
    let_time_pass()
    assert list_states(site_id) == ["rewarded", "rewarded"]
    merge(site_id, "frank", "franz")
    assert (state_of(site_id, first), state_of(site_id, second)) == ("rewarded", "reversed")
    assert [points_of(site_id, name) for name in ("carol", "dora", "franz")] == [200, 0, 100]
