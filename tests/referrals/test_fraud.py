"""Each rule has a case that holds a referral, and one that must not; what is held is never rewarded by lapse."""

import uuid
from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import update

from tests.cast import Cast
from tests.loyalty.builders import find_customer
from tests.orders.builders import NOON
from tests.referrals.builders import (
    AFTER,
    claim,
    let_time_pass,
    make_advocate,
    order_by,
    points_of,
    read,
    start_referrals,
    state_of,
    tell,
)
from widget.core.db import begin_writing_anew, db
from widget.core.ids import new_id
from widget.customers.models import Customer, Visitor
from widget.referrals.errors import OfferNotForAddress, ReferralStepRefused
from widget.referrals.history import list_events
from widget.referrals.marks import mark_device
from widget.referrals.rewarding import pass_referral, refuse_referral

LIMITS = {"days": 7, "per_advocate": 3, "per_network": 2, "per_device": 1}


@pytest.fixture
def site_id(app: Flask, cast: Cast) -> Iterator[uuid.UUID]:
    """Maple with its program, in an application context."""
    with app.app_context():
        start_referrals(cast.maple.id, velocity=LIMITS)
        yield cast.maple.id


def rules_of(site_id: uuid.UUID, referral_id: uuid.UUID) -> list[str]:
    return [flag["rule"] for flag in read(site_id, referral_id).flags]


def own_browser(site_id: uuid.UUID, name: str) -> str:
    """Return what stands for a browser that a customer is logged in with."""
    customer_id, visitor_id = find_customer(site_id, name), new_id()
    begin_writing_anew()
    db.session.add(Visitor(site_id=site_id, id=visitor_id, customer_id=customer_id, created_at=NOON))
    db.session.commit()
    return mark_device(site_id, visitor_id)


@pytest.mark.parametrize("email", ["jo.do@gmail.com", "j.o.do+friend@googlemail.com", "JODO@gmail.com"])
def test_advocate_is_not_their_own_friend_however_the_address_is_spelled(site_id: uuid.UUID, email: str) -> None:
    code = make_advocate(site_id, "jodo")
    begin_writing_anew()
    is_jodo = (Customer.site_id == site_id, Customer.external_id == "jodo")
    db.session.execute(update(Customer).where(*is_jodo).values(email="jodo@gmail.com", email_key="jodo@gmail.com"))
    db.session.commit()
    with pytest.raises(OfferNotForAddress):
        claim(site_id, code, email)


def test_dots_and_pluses_where_the_provider_reads_them_hold(site_id: uuid.UUID) -> None:
    code = make_advocate(site_id)
    held = claim(site_id, code, "ca.rol+2@shoppers.example")
    free = claim(site_id, code, "caroline@shoppers.example")
    assert (state_of(site_id, held), rules_of(site_id, held)) == ("held", ["similar_email"])
    assert (state_of(site_id, free), rules_of(site_id, free)) == ("claimed", [])


def test_advocates_own_browser_holds_and_anothers_does_not(site_id: uuid.UUID) -> None:
    code = make_advocate(site_id)
    held = claim(site_id, code, "frank@shoppers.example", device=own_browser(site_id, "carol"))
    free = claim(site_id, code, "grace@shoppers.example", device=own_browser(site_id, "grace"))
    assert rules_of(site_id, held) == ["same_device"]
    assert rules_of(site_id, free) == []


def test_advocates_own_address_prefix_holds_and_anothers_does_not(site_id: uuid.UUID) -> None:
    code = make_advocate(site_id, network="home")
    held = claim(site_id, code, "frank@shoppers.example", network="home")
    free = claim(site_id, code, "grace@shoppers.example", network="office")
    assert rules_of(site_id, held) == ["same_network"]
    assert rules_of(site_id, free) == []
    start_referrals(site_id, velocity={**LIMITS, "per_network": 9, "per_own_network": 2})
    claims = [claim(site_id, code, f"f{n}@shoppers.example", network="home") for n in range(2)]
    assert [rules_of(site_id, each) for each in claims] == [[], ["same_network", "advocate_velocity"]]


def test_second_friend_in_one_browser_holds_and_the_first_does_not(site_id: uuid.UUID) -> None:
    code = make_advocate(site_id)
    first = claim(site_id, code, "frank@shoppers.example", device="shared")
    second = claim(site_id, make_advocate(site_id, "dora"), "grace@shoppers.example", device="shared")
    assert rules_of(site_id, first) == []
    assert rules_of(site_id, second) == ["device_velocity"]


def test_many_claims_of_one_advocate_hold_from_the_first_unusual_one_on(site_id: uuid.UUID) -> None:
    code = make_advocate(site_id)
    claims = [claim(site_id, code, f"f{n}@shoppers.example", NOON + timedelta(hours=n)) for n in range(4)]
    later = claim(site_id, code, "later@shoppers.example", NOON + timedelta(days=9))
    assert [rules_of(site_id, each) for each in (*claims, later)] == [[], [], [], ["advocate_velocity"], []]
    assert read(site_id, claims[3]).flags[0] == {"rule": "advocate_velocity", "claims": 4, "usual": 3, "days": 7}


def test_claims_of_one_address_prefix_are_counted_across_links(site_id: uuid.UUID) -> None:
    codes = [make_advocate(site_id, name) for name in ("carol", "dora", "emma")]
    claims = [claim(site_id, code, f"f{n}@x.example", network="hall") for n, code in enumerate(codes)]
    elsewhere = claim(site_id, codes[2], "other@x.example", network="elsewhere")
    assert [rules_of(site_id, each) for each in (*claims, elsewhere)] == [[], [], ["network_velocity"], []]


def test_ring_of_two_rewards_the_first_and_holds_the_second(site_id: uuid.UUID) -> None:
    ann, ben = make_advocate(site_id, "ann"), make_advocate(site_id, "ben")
    first = claim(site_id, ann, "ben@shoppers.example")
    second = claim(site_id, ben, "ann@shoppers.example", NOON + timedelta(minutes=1))
    tell(site_id, order_by("ben", 1), order_by("ann", 2))
    let_time_pass()
    assert (state_of(site_id, first), state_of(site_id, second)) == ("rewarded", "held")
    assert read(site_id, second).flags == [{"rule": "ring", "length": 2}]
    assert (points_of(site_id, "ann"), points_of(site_id, "ben")) == (200, 100)


def test_longer_ring_holds_where_it_closes_and_a_chain_does_not(site_id: uuid.UUID) -> None:
    names = ("ann", "ben", "cat", "dan")
    codes = [make_advocate(site_id, name) for name in names]
    chain = [
        claim(site_id, codes[n], f"{names[n + 1]}@shoppers.example", NOON + timedelta(minutes=n)) for n in range(3)
    ]
    closing = claim(site_id, codes[3], "ann@shoppers.example", NOON + timedelta(minutes=9))
    assert [rules_of(site_id, each) for each in chain] == [[], [], []]
    assert read(site_id, closing).flags == [{"rule": "ring", "length": 4}]


def test_who_has_bought_before_is_no_friend_and_who_has_only_looked_is(site_id: uuid.UUID) -> None:
    code = make_advocate(site_id)
    tell(site_id, order_by("frank", 1, placed_at=NOON - timedelta(days=300)))
    tell(site_id, order_by("grace", 2, placed_at=NOON - timedelta(days=300), state="placed", paid_at=None))
    with pytest.raises(OfferNotForAddress):
        claim(site_id, code, "frank@shoppers.example")
    assert state_of(site_id, claim(site_id, code, "grace@shoppers.example")) == "claimed"


def test_older_order_that_becomes_known_late_takes_the_reward_back(site_id: uuid.UUID) -> None:
    referral_id = claim(site_id, make_advocate(site_id))
    tell(site_id, order_by("frank"))
    let_time_pass()
    tell(site_id, order_by("frank", 2, placed_at=NOON - timedelta(days=20)))
    assert (state_of(site_id, referral_id), points_of(site_id, "carol")) == ("reversed", 0)


def test_friend_is_brought_once(site_id: uuid.UUID) -> None:
    claim(site_id, make_advocate(site_id))
    with pytest.raises(OfferNotForAddress):
        claim(site_id, make_advocate(site_id, "dora"), "Frank@Shoppers.example")


def test_flag_never_lapses_into_a_reward(site_id: uuid.UUID) -> None:
    held = claim(site_id, make_advocate(site_id), device=own_browser(site_id, "carol"))
    tell(site_id, order_by("frank"))
    let_time_pass(NOON + timedelta(days=400))
    assert (state_of(site_id, held), points_of(site_id, "carol")) == ("held", 0)


def test_flag_stays_when_the_advocate_is_seen_elsewhere(site_id: uuid.UUID) -> None:
    held = claim(site_id, make_advocate(site_id, network="home"), network="home")
    make_advocate(site_id, network="phone")
    tell(site_id, order_by("frank"))
    let_time_pass()
    assert (state_of(site_id, held), rules_of(site_id, held)) == ("held", ["same_network"])
    assert points_of(site_id, "carol") == 0


def test_owner_lets_a_held_one_pass_and_it_is_rewarded(site_id: uuid.UUID) -> None:
    held = claim(site_id, make_advocate(site_id), device=own_browser(site_id, "carol"))
    tell(site_id, order_by("frank"))
    begin_writing_anew()
    pass_referral(site_id, held, NOON, actor="alice", note="They share a sofa.")
    db.session.commit()
    let_time_pass()
    assert (state_of(site_id, held), points_of(site_id, "carol")) == ("rewarded", 200)
    steps = [(step.kind, step.actor) for step in list_events(site_id, held)]
    assert steps[:2] == [("claimed", "friend"), ("held", "system")]
    assert steps[2:] == [("passed", "alice"), ("qualified", "alice"), ("rewarded", "system")]


def test_refused_one_is_never_rewarded_and_may_be_let_pass_after_all(site_id: uuid.UUID) -> None:
    held = claim(site_id, make_advocate(site_id), device=own_browser(site_id, "carol"))
    tell(site_id, order_by("frank"))
    begin_writing_anew()
    refuse_referral(site_id, held, NOON, actor="alice")
    db.session.commit()
    let_time_pass()
    assert (state_of(site_id, held), points_of(site_id, "carol")) == ("rejected", 0)
    begin_writing_anew()
    pass_referral(site_id, held, AFTER, actor="alice")
    db.session.commit()
    let_time_pass()
    assert (state_of(site_id, held), points_of(site_id, "carol")) == ("rewarded", 200)


def test_reward_can_be_voided_afterwards(site_id: uuid.UUID) -> None:
    referral_id = claim(site_id, make_advocate(site_id))
    tell(site_id, order_by("frank"))
    let_time_pass()
    for _ in range(2):
        begin_writing_anew()
        refuse_referral(site_id, referral_id, AFTER, actor="alice", note="Her own second account.")
        db.session.commit()
    assert state_of(site_id, referral_id) == "reversed"
    assert (points_of(site_id, "carol"), points_of(site_id, "frank")) == (0, 0)
    assert [step.kind for step in list_events(site_id, referral_id)][-2:] == ["voided", "reversed"]


def test_what_nothing_holds_needs_no_passing(site_id: uuid.UUID) -> None:
    referral_id = claim(site_id, make_advocate(site_id))
    begin_writing_anew()
    with pytest.raises(ReferralStepRefused):
        pass_referral(site_id, referral_id, NOON, actor="alice")
