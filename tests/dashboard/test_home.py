"""The owner's home: the week in numbers and words, who is unhappy, and what is still to be set up."""

import re
from datetime import timedelta

import pytest
from flask import Flask

from tests.cast import Cast
from tests.dashboard.owner import OwnerBrowser
from tests.orders.builders import make_order, make_refund, take
from tests.reviews.builders import store
from tests.surveys.builders import make_customer, make_response, make_survey
from widget.core.clock import utc_now
from widget.core.db import begin_writing_anew, db
from widget.customers.rules import Buyer
from widget.sites.models import Site


@pytest.fixture
def home(cast: Cast) -> str:
    return f"/dashboard/{cast.maple.key}/"


def order(app: Flask, cast: Cast, number: int, days_ago: int, buyer: str | None = "carol", **changes: object) -> None:
    with app.app_context():
        at = utc_now() - timedelta(days=days_ago)
        take(cast.maple.id, make_order(number, placed_at=at, buyer=Buyer(buyer), **changes))


def test_an_owner_with_nothing_yet_is_told_what_to_do(alice: OwnerBrowser, home: str) -> None:
    page = alice.get(home).text
    for words in (
        "Still to be set up",
        "No page of your store has loaded the script",
        "No survey is live",
        "No orders",
    ):
        assert words in page
    assert "n/a" in page, "no data is not 0"


def test_a_week_with_nothing_to_say_says_nothing(alice: OwnerBrowser, home: str) -> None:
    assert "week-words" not in alice.get(home).text


def test_reviews_are_told_with_the_guard(app: Flask, alice: OwnerBrowser, cast: Cast, home: str) -> None:
    assert "No product has been reviewed yet" in alice.get(home).text
    recent = {"written_at": utc_now() - timedelta(days=2)}
    with app.app_context():
        store(cast.maple.id, {"rating": 5, **recent}, {"rating": 2, **recent}, {"rating": 5})
        store(cast.maple.id, {"state": "pending", "hold_reason": "moderation", "rating": 5, **recent})
    page = re.sub(r"<[^>]+>", " ", alice.get(home).text)
    assert re.search(r"Received\s+3\s+Average\s+3\.50\s+of the published ones\s+Waiting\s+1", page)
    assert "few stars are shown less often" not in page
    with app.app_context():
        store(cast.maple.id, {"rating": 1, "state": "rejected", "reject_reason": "off_topic"})
    assert "few stars are shown less often" in alice.get(home).text


def test_an_owner_with_one_store_begins_at_its_home(alice: OwnerBrowser, home: str) -> None:
    assert alice.get("/dashboard/").location == home


def test_what_is_set_up_is_not_asked_for(app: Flask, alice: OwnerBrowser, cast: Cast, home: str) -> None:
    order(app, cast, 1, 0)
    with app.app_context():
        begin_writing_anew()
        make_survey(cast.maple.id)
        db.session.get_one(Site, cast.maple.id).last_seen_at = utc_now()
        db.session.commit()
    assert "Still to be set up" not in alice.get(home).text


def test_the_week_is_told_in_numbers_and_words(app: Flask, alice: OwnerBrowser, cast: Cast, home: str) -> None:
    for number, days_ago in enumerate((0, 1, 6, 7, 13, 14)):
        order(app, cast, number, days_ago)
    order(app, cast, 7, 2, buyer="frank", total_minor=4000, refunds=[make_refund(amount_minor=1000)])
    order(app, cast, 8, 2, cancelled_at=utc_now())
    page = alice.get(home).text
    assert "4 orders came in, 2 more than in the week before." in page
    assert "They brought €90.00, less what was given back: 125.0 % more." in page.replace("\u00a0", " ")
    assert "1 customer bought for the first time." in page


def test_a_week_without_orders_says_so(app: Flask, alice: OwnerBrowser, cast: Cast, home: str) -> None:
    order(app, cast, 1, 8)
    assert "No orders came in, after 1 in the week before." in alice.get(home).text


@pytest.mark.parametrize(
    ("now", "before", "words"),
    [
        ((10, 10, 3), (10, 9, 9), "is 33, after 100: 3 answers are too few to call it a change."),
        ((10,) * 20 + (3,) * 20, (10,) * 22 + (3,) * 18, "is 0, after 10: no evidence of a change, from 40 answers."),
        ((10,) * 36 + (3,) * 4, (10,) * 12 + (3,) * 28, "rose from -40 to 80, from 40 answers."),
        ((10,) * 12 + (3,) * 28, (10,) * 36 + (3,) * 4, "fell from 80 to -40, from 40 answers."),
        ((10,), (), "is 100, from 1 answers."),
    ],
)
def test_a_change_of_the_score_is_called_one_only_where_the_answers_show_it(
    app: Flask, alice: OwnerBrowser, cast: Cast, home: str, now: tuple[int], before: tuple[int], words: str
) -> None:
    with app.app_context():
        begin_writing_anew()
        survey = make_survey(cast.maple.id)
        for days_ago, scores in ((1, now), (8, before)):
            for score in scores:
                make_response(survey, score, answered_at=utc_now() - timedelta(days=days_ago))
        db.session.commit()
    assert words in alice.get(home).text


def test_unhappy_shoppers_are_shown_with_what_they_said(app: Flask, alice: OwnerBrowser, cast: Cast, home: str) -> None:
    with app.app_context():
        begin_writing_anew()
        survey = make_survey(cast.maple.id)
        carol = make_customer(cast.maple.id)
        db.session.flush()
        make_response(survey, 2, comment="The <b>lid</b> broke", customer_id=carol.id)
        make_response(survey, 9, comment="All is well")
        make_response(survey, 1, comment="Long ago", answered_at=utc_now() - timedelta(days=40))
        make_response(survey, 0, comment="A machine", flag="burst")
        db.session.commit()
    page = alice.get(home).text
    assert "The &lt;b&gt;lid&lt;/b&gt; broke" in page
    for other in ("All is well", "Long ago", "A machine"):
        assert other not in page


def test_bob_finds_no_home_of_maple(bob: OwnerBrowser, home: str) -> None:
    assert bob.get(home).status_code == 404
