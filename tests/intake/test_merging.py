"""Two accounts of one person become one: nothing is lost, and the old id leads to the survivor everywhere."""

import random
import uuid
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from tests.applications import wipe
from tests.cast import Cast, make_cast
from tests.embed.shopper import assert_problem, make_survey, open_session, post_answer, read_json
from tests.intake.store import cart, get, list_events, merge, order, post, put_customer
from tests.long_run import at_length
from tests.loyalty.builders import make_reward
from tests.orders.builders import NOON, count_figures, make_order, read_figures, take
from tests.orders.test_recording import describe
from tests.popups.builders import add_lead
from tests.referrals.builders import add_referrals
from tests.reviews.writers import post_review
from widget.core.clock import utc_now
from widget.core.db import Model, begin_writing_anew, db, session_cursor
from widget.core.ids import new_id
from widget.coupons.issuing import Source, issue_coupon
from widget.coupons.models import CouponPool
from widget.customers.models import Customer
from widget.customers.queries import get_customer
from widget.customers.rules import Buyer, read_statements
from widget.customers.segment_models import Segment, SegmentMember
from widget.insights.models import CustomerLifetime
from widget.intake.customer_service import merge_customers

# Tables that say what a merged customer was told to be themselves, or where they lead: a ledger is never rewritten.
# A code that was shared stays good, and leads to the survivor too.
STAYING = {"customers", "loyalty_accounts", "referral_advocates"}


def find_referring_tables() -> list[tuple[str, str]]:
    """Return every column of the database that refers to a customer."""
    found = []
    for table in Model.metadata.tables.values():
        for key in table.foreign_key_constraints:
            if key.referred_table.name == "customers":
                found.append((table.name, next(name for name in key.column_keys if name != "site_id")))
    return found


def rows_of(site_id: uuid.UUID, name: str) -> set[str]:
    """Return the tables that hold something of a customer, but for those that stay."""
    customer = db.session.scalars(
        select(Customer).where(Customer.site_id == site_id, Customer.external_id == name)
    ).one()
    held = set()
    for table_name, column in find_referring_tables():
        table = Model.metadata.tables[table_name]
        is_theirs = table.c[column] == customer.id
        if table_name not in STAYING and db.session.execute(select(table.c.site_id).where(is_theirs)).first():
            held.add(table_name)
    return held


def fill_all(app: Flask, client: FlaskClient, cast: Cast, name: str) -> dict[str, Any]:
    """Give a customer a row in every table there is, and return their session."""
    site = cast.maple
    survey_id = make_survey(app, site)
    told = {"email": f"{name}@shoppers.example", "name": name.title(), "email_verified": True}
    birthday = {"birthday": {"value": "1990-05-31", "consent_text": "Keep it."}}
    read_json(put_customer(client, site, name, **told, attributes=birthday))
    read_json(post(client, site, "orders", order(f"of-{name}", customer={"id": name})))
    read_json(post(client, site, "carts", cart(f"of-{name}", customer={"id": name})))
    session = read_json(open_session(client, site, customer_token=site.sign_customer(name)))
    bearer = {"Authorization": f"Bearer {session['session_token']}"}
    read_json(post_answer(client, site, survey_id, bearer))
    shown = {"impressions": [{"id": str(uuid.uuid4()), "survey_id": str(survey_id), "event": "shown"}]}
    path = f"/embed/v1/{site.key}/impressions"
    read_json(client.post(path, json=shown, headers={**site.page_headers, **bearer}))
    read_json(post(client, site, f"surveys/{survey_id}/invitations", {"customer": name}))
    read_json(post_review(client, site, bearer))
    read_json(post(client, site, "reviews/requests", {"customer": name, "products": ["CUP-01"]}))
    with app.app_context():
        make_reward(site.id)
        begin_writing_anew()
        ids = {"site_id": site.id, "customer_id": get_customer(site.id, name).id}
        segment = Segment(site_id=site.id, id=new_id(), name=name, conditions=[], members=1, created_at=utc_now())
        db.session.add(segment)
        db.session.flush()
        db.session.add(SegmentMember(**ids, segment_id=segment.id))
        pool_id = db.session.scalars(select(CouponPool.id).order_by(CouponPool.id.desc())).first()
        source = Source(pool_id, is_made=True, prefix="TEA", valid_days=None)
        issue_coupon(session_cursor(), purpose=f"gift:{name}", now=utc_now(), source=source, **ids)
        db.session.flush()
        add_referrals(**ids, name=name)
        add_lead(**ids, email=told["email"])
        db.session.add(CustomerLifetime(**ids, expected_minor=1, low_minor=0, high_minor=2, alive_ratio=0.5))
        db.session.commit()
    return session


def test_everything_becomes_the_survivors(app: Flask, client: FlaskClient, cast: Cast) -> None:
    fill_all(app, client, cast, "old")
    fill_all(app, client, cast, "carol")
    everything = {table for table, _ in find_referring_tables()} - STAYING
    with app.app_context():
        assert rows_of(cast.maple.id, "old") == everything
    answer = read_json(merge(client, cast.maple, "old", "carol"))
    assert (answer["external_id"], answer["merged_ids"], answer["orders"]["orders"]) == ("carol", ["old"], 2)
    with app.app_context():
        assert rows_of(cast.maple.id, "old") == set()
        assert rows_of(cast.maple.id, "carol") >= everything
        assert count_figures(cast.maple.id) == read_figures(cast.maple.id)
        assert [segment.members for segment in db.session.scalars(select(Segment))] == [1, 1]


def test_the_old_id_leads_to_the_survivor_everywhere(app: Flask, client: FlaskClient, cast: Cast) -> None:
    session = fill_all(app, client, cast, "old")
    read_json(put_customer(client, cast.maple, "carol", name="Carol"))
    read_json(merge(client, cast.maple, "old", "carol"))
    survey_id = make_survey(app, cast.maple)
    # A session from before, a token of the old id, an order, a cart, an event and an invitation of it.
    bearers = [session, read_json(open_session(client, cast.maple, customer_token=cast.maple.sign_customer("old")))]
    for opened in bearers:
        bearer = {"Authorization": f"Bearer {opened['session_token']}"}
        read_json(post_answer(client, cast.maple, survey_id, bearer))
    read_json(post(client, cast.maple, "orders", order("later", customer={"id": "old"})))
    read_json(post(client, cast.maple, "carts", cart("later", customer={"id": "old"})))
    read_json(post(client, cast.maple, "events", {"name": "delivered", "customer": "old"}))
    read_json(post(client, cast.maple, f"surveys/{survey_id}/invitations", {"customer": "old"}))
    read_json(put_customer(client, cast.maple, "old", name="Carol Winter"))
    with app.app_context():
        assert rows_of(cast.maple.id, "old") == set()
        carol = get_customer(cast.maple.id, "carol")
        assert "delivered" in {event.name for event in list_events(app) if event.customer_id == carol.id}
    for name in ("old", "carol"):
        stored = get(client, cast.maple, f"customers/{name}")
        assert (stored["external_id"], stored["name"], stored["orders"]["orders"]) == ("carol", "Carol Winter", 2)
        answers = get(client, cast.maple, f"surveys/{survey_id}/responses", customer=name)["items"]
        assert [answer["customer"] for answer in answers] == ["carol", "carol"]
        assert len(get(client, cast.maple, "orders", customer=name)["items"]) == 2


def test_a_merge_twice_is_one_and_a_circle_is_refused(client: FlaskClient, cast: Cast) -> None:
    for name in ("a", "b", "c"):
        read_json(put_customer(client, cast.maple, name, name=name))
    first, second = (read_json(merge(client, cast.maple, "a", "b")) for _ in range(2))
    assert first == second
    for old, into in (("a", "a"), ("b", "a"), ("b", "b"), ("a", "c")):
        problem = assert_problem(merge(client, cast.maple, old, into), 409)
        assert problem["type"].endswith("merge-refused"), (old, into)
    # Who was merged into the one that is merged now goes along, and so may be named again.
    assert read_json(merge(client, cast.maple, "b", "c"))["merged_ids"] == ["a", "b"]
    assert get(client, cast.maple, "customers/a")["external_id"] == "c"
    read_json(merge(client, cast.maple, "a", "c"))
    assert_problem(merge(client, cast.maple, "c", "a"), 409)


def test_unknown_customers_and_bobs_are_not_merged(client: FlaskClient, cast: Cast) -> None:
    for name in ("a", "b"):
        read_json(put_customer(client, cast.maple, name, name=name))
    assert_problem(merge(client, cast.maple, "a", "nobody"), 404)
    assert_problem(merge(client, cast.maple, "nobody", "a"), 404)
    assert_problem(merge(client, cast.bobs, "a", "b"), 404)
    for body in ({}, {"into": 7}, {"into": "b", "and": "c"}, []):
        assert_problem(post(client, cast.maple, "customers/a/merge", body), 422)
    assert get(client, cast.maple, "customers/a")["external_id"] == "a"


def test_an_idempotency_key_repeats_the_answer_of_a_merge(client: FlaskClient, cast: Cast) -> None:
    for name in ("a", "b"):
        read_json(put_customer(client, cast.maple, name, name=name))
    key = {"Idempotency-Key": "m-1"}
    answers = [post(client, cast.maple, "customers/a/merge", {"into": "b"}, **key) for _ in range(2)]
    assert answers[0].data == answers[1].data


def test_a_guest_with_the_address_of_a_merged_account_is_the_survivor(client: FlaskClient, cast: Cast) -> None:
    read_json(put_customer(client, cast.maple, "old", email="old@x.example", email_verified=True))
    read_json(put_customer(client, cast.maple, "carol", email="carol@x.example", email_verified=True))
    read_json(merge(client, cast.maple, "old", "carol"))
    for number, email in enumerate(("old@x.example", "carol@x.example")):
        read_json(post(client, cast.maple, "orders", order(number, customer={"email": email})))
    assert get(client, cast.maple, "customers/carol")["orders"]["orders"] == 2


def test_a_verified_address_of_the_old_one_joins_its_guests_to_the_survivor(client: FlaskClient, cast: Cast) -> None:
    read_json(post(client, cast.maple, "orders", order(1, customer={"email": "carol@x.example"})))
    read_json(put_customer(client, cast.maple, "old", name="Old"))
    read_json(put_customer(client, cast.maple, "carol", name="Carol"))
    read_json(merge(client, cast.maple, "old", "carol"))
    read_json(put_customer(client, cast.maple, "old", email="carol@x.example", email_verified=True))
    assert get(client, cast.maple, "customers/carol")["orders"]["orders"] == 1


def make_steps(chance: random.Random) -> list[Any]:
    """Return documents of two accounts and guests, with one place for the merge."""
    buyers = [
        Buyer("old", "old@x.example", "Old", is_email_verified=True),
        Buyer("old", "new@x.example", accepts_marketing=True),
        Buyer("carol", "carol@x.example", "Carol"),
        Buyer("carol", name="Carol W."),
        Buyer(email="old@x.example", name="A guest"),
        Buyer(email="new@x.example"),
    ]
    documents = []
    for number in range(chance.randint(2, 8)):
        at = NOON + timedelta(hours=number)
        documents.append(make_order(number % 5, updated_at=at, placed_at=NOON, buyer=chance.choice(buyers)))
    return documents


def end_of(app: Flask, steps: list[Any], merged_at: int) -> Any:
    """Return what is kept after documents one by one, with the merge at a place among them."""
    wipe(app)
    site_id = make_cast(app).maple.id
    first = [make_order(name, buyer=Buyer(name), placed_at=NOON, updated_at=NOON) for name in ("old", "carol")]
    with app.app_context():
        take(site_id, *first)
        for place, step in enumerate([*steps, None]):
            if place == merged_at:
                begin_writing_anew()
                old = db.session.scalars(select(Customer).where(Customer.external_id == "old")).one()
                merge_customers(site_id, old, "carol")
                db.session.commit()
            if step is not None:
                take(site_id, step)
        assert count_figures(site_id) == read_figures(site_id)
        carol = get_customer(site_id, "carol")
        db.session.refresh(carol)
        return describe(site_id), read_statements(carol), carol.is_email_verified


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_it_makes_no_difference_when_two_are_merged(database: str, request: pytest.FixtureRequest) -> None:
    app: Flask = request.getfixturevalue(f"{database}_app")
    chance = random.Random(4)
    for _ in range(at_length(12, otherwise=4)):
        steps = make_steps(chance)
        ends = [end_of(app, steps, merged_at) for merged_at in (0, len(steps) // 2, len(steps))]
        assert ends[0] == ends[1] == ends[2], steps
