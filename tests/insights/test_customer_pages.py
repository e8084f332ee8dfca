"""The list of customers, and one customer's whole story."""

import base64
import re
import uuid
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from tests.browser.buyers import make_buyers
from tests.cast import Cast
from tests.dashboard.owner import OwnerBrowser, logged_in
from tests.orders.builders import NOON, make_order, take
from tests.surveys.builders import make_customer, make_survey
from tests.surveys.test_pages import words
from widget.core.db import begin_writing_anew, db
from widget.customers.merging import merge_customer
from widget.customers.models import Customer, CustomerEvent
from widget.customers.rules import Buyer
from widget.insights import customer_pages
from widget.insights.chapters import Place, tell_story
from widget.insights.customer_queries import SORTINGS, draw_portrait, list_customers
from widget.insights.segments import create_segment

LINKS = re.compile(r'href="/dashboard/\w+/customers/([0-9a-f-]{36})"')
NEXT = re.compile(r'rel="next" href="([^"]+)"')


@pytest.fixture
def home(cast: Cast) -> str:
    return f"/dashboard/{cast.maple.key}"


@pytest.fixture
def site_id(app: Flask, cast: Cast) -> Iterator[uuid.UUID]:
    with app.app_context():
        yield cast.maple.id
        db.session.rollback()


def make_people(site_id: uuid.UUID) -> None:
    """Five buyers and a customer without an order; two of them are alike in everything."""
    orders = [
        make_order(1, buyer=Buyer("ann", "ann@x.example", "Änn Ärger"), total_minor=500),
        make_order(2, buyer=Buyer("ben", "ben@x.example", "Ben"), total_minor=9000, placed_at=NOON + timedelta(days=2)),
        make_order(3, buyer=Buyer("cat", "cat@x.example"), total_minor=9000, placed_at=NOON + timedelta(days=2)),
        make_order(4, buyer=Buyer(email="guest@y.example", name="Guest")),
        make_order(5, buyer=Buyer("100%")),
        make_order(6, buyer=Buyer("100%")),
    ]
    take(site_id, *orders)
    begin_writing_anew()
    make_customer(site_id, "silent", name=None, email=None)
    db.session.commit()


def find_id(site_id: uuid.UUID, external_id: str) -> uuid.UUID:
    wanted = (Customer.site_id == site_id, Customer.external_id == external_id)
    return db.session.scalars(select(Customer.id).where(*wanted)).one()


@pytest.mark.parametrize("sort", SORTINGS)
def test_pages_of_the_list_hold_everybody_once_in_one_order(site_id: uuid.UUID, sort: str) -> None:
    make_people(site_id)
    whole = [customer.id for customer, _ in list_customers(site_id, "", None, sort, None, 50).rows]
    seen: list[uuid.UUID] = []
    cursor: str | None = None
    for _ in range(6):
        page = list_customers(site_id, "", None, sort, cursor, 1)
        assert page.count == 6
        seen += [customer.id for customer, _ in page.rows]
        cursor = page.next_cursor
    assert (seen, cursor) == (whole, None)
    assert len(set(whole)) == 6


def test_the_list_begins_with_the_greatest_and_ends_with_who_has_not_ordered(site_id: uuid.UUID) -> None:
    make_people(site_id)

    def names(sort: str) -> list[str | None]:
        rows = list_customers(site_id, "", None, sort, None, 50).rows
        return [customer.external_id for customer, _ in rows]

    assert names("orders")[0] == "100%"
    assert {*names("revenue")[:2]} == {*names("last_order")[:2]} == {"ben", "cat"}
    assert names("orders")[-1] == names("revenue")[-1] == names("last_order")[-1] == names("newest")[0] == "silent"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("ben", ["ben"]), ("BEN@X", ["ben"]), ("änn", ["ann"]), ("ÄRGER", ["ann"]), ("100%", ["100%"]), ("%", []),
        ("_", []), ("guest", [None]), ("sil", ["silent"]), ("nobody", []),
    ],
)  # fmt: skip
def test_search_finds_names_addresses_and_ids(site_id: uuid.UUID, text: str, found: list[str | None]) -> None:
    make_people(site_id)
    rows = list_customers(site_id, text, None, "newest", None, 50).rows
    assert [customer.external_id for customer, _ in rows] == found


def test_who_became_another_is_found_and_shown_as_that_one(
    app: Flask, cast: Cast, alice: OwnerBrowser, home: str
) -> None:
    with app.app_context():
        make_people(cast.maple.id)
        begin_writing_anew()
        old_id, new_id = find_id(cast.maple.id, "ben"), find_id(cast.maple.id, "ann")
        merge_customer(cast.maple.id, old_id, new_id)
        db.session.commit()
    page = alice.get(f"{home}/customers/{old_id}")
    assert (page.status_code, page.location) == (302, f"{home}/customers/{new_id}")
    assert "was also known as Ben" in words(alice.get(page.location).text)
    assert LINKS.findall(alice.get(f"{home}/customers?q=ben@x").text) == [str(new_id)]
    assert "5 customers" in words(alice.get(f"{home}/customers").text)


def test_the_list_shows_a_segment_with_its_export(app: Flask, cast: Cast, alice: OwnerBrowser, home: str) -> None:
    with app.app_context():
        make_people(cast.maple.id)
        begin_writing_anew()
        conditions = [{"field": "orders", "comparison": "at_least", "value": 2}]
        segment_id = create_segment(cast.maple.id, "Loyal", "all", conditions).id
        db.session.commit()
        loyal = find_id(cast.maple.id, "100%")
    page = alice.get(f"{home}/customers?segment={segment_id}").text
    assert LINKS.findall(page) == [str(loyal)]
    assert "1 customer in “Loyal”" in words(page)
    assert f"/segments/{segment_id}/export" in page


@pytest.mark.parametrize(
    "query", ["segment=x", f"segment={uuid.UUID(int=7)}", "sort=x", "q=%00", "q=" + "x" * 201, "cursor=x"]
)
def test_an_address_that_makes_no_sense_is_refused(alice: OwnerBrowser, home: str, query: str) -> None:
    assert alice.get(f"{home}/customers?{query}").status_code == 422


@pytest.mark.parametrize("sort", SORTINGS)
@pytest.mark.parametrize("value", ["x", "9" * 10, "9" * 30, "-1", "0001-01-01T00:00:00+23:59", "2026-01-01T00:00:00"])
def test_a_made_up_cursor_is_refused_or_finds_nothing(alice: OwnerBrowser, home: str, sort: str, value: str) -> None:
    cursor = base64.urlsafe_b64encode(f"{value}|{'0' * 32}".encode()).decode().rstrip("=")
    assert alice.get(f"{home}/customers?sort={sort}&cursor={cursor}").status_code in (200, 422)


def test_a_store_without_customers_is_told_what_to_do_next(alice: OwnerBrowser, home: str) -> None:
    text = words(alice.get(f"{home}/customers").text)
    assert "No customers yet" in text
    assert "Connect your store" in text


def test_the_owner_of_another_site_finds_no_customer(app: Flask, cast: Cast, home: str) -> None:
    with app.app_context():
        make_people(cast.maple.id)
        customer_id = find_id(cast.maple.id, "ann")
    bob = logged_in(app, cast.bobs.owner_email)
    for base in (home, f"/dashboard/{cast.bobs.key}"):
        assert bob.get(f"{base}/customers/{customer_id}").status_code == 404
    assert LINKS.findall(bob.get(f"/dashboard/{cast.bobs.key}/customers?q=ann").text) == []


@pytest.fixture
def buyers(app: Flask, cast: Cast) -> Any:
    """Ada with everything that can happen, and fifty-nine guests."""
    with app.app_context():
        begin_writing_anew()
        buyers = make_buyers(cast.maple.id, make_survey(cast.maple.id, name="A year with us"))
        db.session.commit()
        return buyers


def test_one_page_tells_who_a_customer_is(alice: OwnerBrowser, home: str, buyers: Any) -> None:
    text = words(alice.get(f"{home}/customers/{buyers.ada_id}").text)
    for said in (
        "Ada Lovelace", "id ada-1815", "gets the newsletter", "Orders 29", "10 with a coupon", "€5,742.10", "€198.00",
        "€314.00", "likely €120.00 to €580.00", "Recency 5, frequency 5, money 5", "Loyal customers",
        "Birthday 10 December", "tea, engines", "“You may keep it to surprise me.”".strip("“”"),
        "€15.00 given back", "One cup was broken", "Order delivered", "carrier post", "Answered “A year with us”",
        "The lid was broken.", "Order M-1004 cancelled", "counts in no figure", "Cart left", "WELCOME-SPRING",
    ):  # fmt: skip
        assert said in text, said


def test_a_guest_is_told_apart_and_what_is_not_known_is_not_zero(alice: OwnerBrowser, home: str, buyers: Any) -> None:
    text = words(alice.get(f"{home}/customers/{buyers.guest_id}").text)
    assert "Guest 0 guest" in text
    assert "buys without an account" in text
    assert "Expected in twelve months n/a" in text
    assert "In none of your segments." in text


def test_the_story_pages_newest_first_and_nothing_twice(
    alice: OwnerBrowser, home: str, buyers: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(customer_pages, "ENTRIES_A_PAGE", 7)
    address: str | None = f"{home}/customers/{buyers.ada_id}"
    times, orders = [], []
    while address:
        page = alice.get(address).text
        times += re.findall(r'<li><time datetime="([^"]+)"', page)
        orders += re.findall(r"Order (M-\d+)", page)
        following = NEXT.search(page)
        address = following[1].replace("&amp;", "&") if following else None
    assert times == sorted(times, reverse=True)
    assert sorted(orders) == [f"M-{1000 + number}" for number in range(30)]
    assert len(times) == 30 + 1 + 1 + 2


def test_what_happened_at_one_moment_is_told_once_each(site_id: uuid.UUID) -> None:
    begin_writing_anew()
    carol = make_customer(site_id)
    db.session.flush()
    for number in range(9):
        times = {"happened_at": NOON, "created_at": NOON}
        event = CustomerEvent(
            site_id=site_id, id=uuid.UUID(int=number), customer_id=carol.id, name=str(number), **times
        )
        db.session.add(event)
    db.session.flush()
    seen, place = [], None
    for _ in range(5):
        story = tell_story(carol, place, 2)
        seen += [entry.what.name for entry in story.entries]
        place = Place.decode(story.next_cursor) if story.next_cursor else None
    assert place is None
    assert sorted(seen) == [str(number) for number in range(9)]


def test_the_rfm_scores_of_the_page_are_those_of_segments(site_id: uuid.UUID) -> None:
    make_people(site_id)
    for customer in db.session.scalars(select(Customer).where(Customer.site_id == site_id)):
        rfm = draw_portrait(customer).rfm
        for name, score in zip(("rfm_recency", "rfm_frequency", "rfm_monetary"), rfm or (), strict=False):
            condition = {"field": name, "comparison": "exactly", "value": score}
            begin_writing_anew()
            segment = create_segment(site_id, f"{name} {customer.id}", "all", [condition])
            assert customer.id in {
                row.id for row, _ in list_customers(site_id, "", segment.id, "newest", None, 50).rows
            }
