"""Who brings friends, where owners meet them elsewhere: in segments, in a customer's story, on the first page."""

from collections.abc import Iterator

import pytest
from flask import Flask

from tests.cast import Cast
from tests.dashboard.owner import OwnerBrowser
from tests.loyalty.builders import find_customer
from tests.orders.builders import NOON
from tests.referrals.builders import (
    AFTER,
    at,
    claim,
    let_time_pass,
    make_advocate,
    order_by,
    start_referrals,
    tell,
    tell_refund,
)
from widget.core.db import db
from widget.insights.segment_sql import select_members
from widget.insights.starters import STARTERS


@pytest.fixture(autouse=True)
def _at_noon() -> Iterator[None]:
    with at(NOON):
        yield


@pytest.fixture
def _three_friends(app: Flask, cast: Cast) -> None:
    """Carol has brought three friends who were rewarded; Frank, one of them, has brought nobody."""
    with app.app_context():
        start_referrals(cast.maple.id)
        code = make_advocate(cast.maple.id)
        for number, name in enumerate(("frank", "grace", "heidi")):
            claim(cast.maple.id, code, f"{name}@shoppers.example")
            tell(cast.maple.id, order_by(name, number))
        let_time_pass()


@pytest.mark.usefixtures("_three_friends")
def test_ambassadors_are_those_whose_friends_stayed(app: Flask, cast: Cast) -> None:
    starter = next(starter for starter in STARTERS if starter.key == "ambassadors")
    nobody = [{"field": "friends_brought", "comparison": "exactly", "value": 0}]
    with app.app_context():
        site_id, carol = cast.maple.id, find_customer(cast.maple.id, "carol")
        members = select_members(site_id, "all", starter.conditions, AFTER)
        assert list(db.session.scalars(members)) == [carol]
        assert len(db.session.scalars(select_members(site_id, "all", nobody, AFTER)).all()) == 3
        assert not db.session.scalars(select_members(cast.bobs.id, "all", starter.conditions, AFTER)).all()
        db.session.rollback()
        tell_refund(site_id, "0", 2000)
        assert not db.session.scalars(members).all()


@pytest.mark.usefixtures("_three_friends")
def test_both_sides_have_the_referral_in_their_story(app: Flask, alice: OwnerBrowser, cast: Cast) -> None:
    with app.app_context():
        carol, frank = (find_customer(cast.maple.id, name) for name in ("carol", "frank"))
    customers = f"/dashboard/{cast.maple.key}/customers"
    story = alice.get(f"{customers}/{carol}").text
    assert [story.count(f">Brought {name}<") for name in ("Frank", "Grace", "Heidi")] == [1, 1, 1]
    story = alice.get(f"{customers}/{frank}").text
    assert story.count(">Came through Carol<") == 1
    assert ">Brought Carol<" not in story


@pytest.mark.usefixtures("_three_friends")
def test_first_page_counts_referrals_and_says_where_there_are_none(
    alice: OwnerBrowser, bob: OwnerBrowser, cast: Cast
) -> None:
    assert "See the friends" in alice.get(f"/dashboard/{cast.maple.key}/").text
    assert "Nobody has brought a friend yet." in bob.get(f"/dashboard/{cast.bobs.key}/").text
