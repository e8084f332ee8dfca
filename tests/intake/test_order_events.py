"""Orders are events that surveys wait for: once for each order and state, of late, and beside the store's own."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.cast import Cast
from tests.embed.shopper import make_survey, open_session, read_json
from tests.intake.store import ago, list_events, order, post
from tests.orders.builders import make_order
from widget.core.clock import utc_now
from widget.core.db import begin_writing_anew, db
from widget.customers.models import Customer
from widget.intake.service import take_orders


def names(app: Flask) -> list[str]:
    return sorted(event.name for event in list_events(app))


def test_what_has_happened_to_an_order_is_an_event_once(app: Flask, client: FlaskClient, cast: Cast) -> None:
    for state in ("placed", "paid", "fulfilled", "delivered"):
        for minutes in (20, 10):
            updated_at = ago(minutes=minutes + 30 * (4 - ["placed", "paid", "fulfilled", "delivered"].index(state)))
            for _ in range(2):
                read_json(post(client, cast.maple, "orders", order(state=state, updated_at=updated_at)))
    assert names(app) == ["order_delivered", "order_fulfilled", "order_paid", "order_placed"]
    assert all(event.properties == {"order_id": "1"} for event in list_events(app))


def test_an_event_has_the_time_of_its_state(app: Flask, client: FlaskClient, cast: Cast) -> None:
    told = order(placed_at=ago(days=3), delivered_at=ago(days=1), state="delivered", updated_at=ago(minutes=1))
    read_json(post(client, cast.maple, "orders", told))
    days = [(event.name, round((utc_now() - event.happened_at) / timedelta(days=1))) for event in list_events(app)]
    assert days == [("order_placed", 3), ("order_delivered", 1)]


def test_a_cancelled_order_is_only_that(app: Flask, client: FlaskClient, cast: Cast) -> None:
    read_json(post(client, cast.maple, "orders", order(state="cancelled", paid_at=ago(hours=2))))
    assert names(app) == ["order_cancelled"]


@pytest.mark.parametrize(
    "changes",
    [
        {"placed_at": "2024-05-01T12:00:00Z", "updated_at": "2024-05-01T12:00:00Z"},
        {"placed_at": "2024-05-01T12:00:00Z", "state": "delivered"},
        {"is_test": True},
        {"customer": None},
    ],
)
def test_orders_of_long_ago_of_tests_and_of_nobody_are_no_events(
    app: Flask, client: FlaskClient, cast: Cast, changes: dict[str, Any]
) -> None:
    read_json(post(client, cast.maple, "orders", order(**changes)))
    assert names(app) == []


def test_an_old_order_that_is_delivered_now_is_an_event(app: Flask, client: FlaskClient, cast: Cast) -> None:
    told = order(placed_at="2024-05-01T12:00:00Z", state="delivered", delivered_at=ago(hours=1))
    read_json(post(client, cast.maple, "orders", told))
    assert names(app) == ["order_delivered"]


def test_a_file_of_orders_asks_nobody(app: Flask, cast: Cast) -> None:
    now = utc_now()
    with app.app_context():
        for source in ("import", "shopify"):
            begin_writing_anew()
            take_orders(cast.maple.id, [make_order(source, placed_at=now, updated_at=now)], source)
            db.session.commit()
    assert {event.properties["order_id"] for event in list_events(app)} == {"shopify"}


def test_an_older_document_is_no_event(app: Flask, client: FlaskClient, cast: Cast) -> None:
    read_json(post(client, cast.maple, "orders", order(state="placed", updated_at=ago(minutes=5))))
    read_json(post(client, cast.maple, "orders", order(state="delivered", updated_at=ago(minutes=50))))
    assert names(app) == ["order_placed"]


def test_the_stores_own_events_stand_beside_them(app: Flask, client: FlaskClient, cast: Cast) -> None:
    own = {"name": "order_paid", "customer": "carol", "properties": {"order_id": "1"}, "id": str(uuid.uuid4())}
    read_json(post(client, cast.maple, "events", own))
    read_json(post(client, cast.maple, "orders", order()))
    read_json(post(client, cast.maple, "events", own))
    assert names(app) == ["order_paid", "order_paid", "order_placed"]


def test_a_survey_is_due_after_the_order_it_waits_for(app: Flask, client: FlaskClient, cast: Cast) -> None:
    survey_id = make_survey(app, cast.maple, event_name="order_delivered", gates={"event_source": "server"})
    session = read_json(open_session(client, cast.maple, customer_token=cast.maple.sign_customer("carol")))
    assert "events" not in session
    read_json(post(client, cast.maple, "orders", order(state="delivered", updated_at=utc_now().isoformat())))
    session = read_json(open_session(client, cast.maple, customer_token=cast.maple.sign_customer("carol")))
    assert list(session["events"]) == [str(survey_id)]


def test_a_guests_event_is_the_customers_once_they_are_one(app: Flask, client: FlaskClient, cast: Cast) -> None:
    read_json(post(client, cast.maple, "orders", order(customer={"email": "carol@shoppers.example"})))
    token = cast.maple.sign_customer("carol", email_verified=True)
    read_json(open_session(client, cast.maple, customer_token=token))
    with app.app_context():
        carol = db.session.scalars(db.select(Customer).where(Customer.external_id == "carol")).one()
        assert {event.customer_id for event in list_events(app)} == {carol.id}
