"""The store's server says what has happened to its customers: once each, in time, and for a while."""

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.cast import Cast, SiteOfCast
from tests.embed.shopper import assert_problem, read_json
from widget.core.clock import utc_now
from widget.core.db import db
from widget.customers import events as events_module
from widget.customers.models import Customer, CustomerEvent
from widget.customers.tasks import forget_expired


def post_events(client: FlaskClient, site: SiteOfCast, body: Any, **headers: str) -> TestResponse:
    return client.post("/api/v1/events", json=body, headers={**site.store_headers, **headers})


def event(**changes: Any) -> dict[str, Any]:
    return {"name": "delivered", "customer": "carol", **changes}


def rows(app: Flask) -> list[CustomerEvent]:
    with app.app_context():
        return list(db.session.scalars(db.select(CustomerEvent).order_by(CustomerEvent.happened_at)))


def pointers(response: TestResponse) -> list[str]:
    return [error["pointer"] for error in assert_problem(response, 422)["errors"]]


def test_event_is_stored_and_its_customer_made_known(app: Flask, client: FlaskClient, cast: Cast) -> None:
    sent = event(happened_at="2026-05-31T14:00:00+02:00", properties={"carrier": "post", "parcels": 2, "late": False})
    response = post_events(client, cast.maple, sent)
    assert response.status_code == 201
    (stored,) = read_json(response)["items"]
    assert stored["customer"] == "carol"
    assert datetime.fromisoformat(stored["happened_at"]) == datetime(2026, 5, 31, 12, tzinfo=UTC)
    (row,) = rows(app)
    assert str(row.id) == stored["id"]
    assert row.properties == {"carrier": "post", "parcels": "2", "late": "false"}
    with app.app_context():
        customer = db.session.scalars(db.select(Customer)).one()
        assert (customer.site_id, customer.external_id, customer.id) == (cast.maple.id, "carol", row.customer_id)


def test_event_without_a_time_has_happened_now(app: Flask, client: FlaskClient, cast: Cast) -> None:
    read_json(post_events(client, cast.maple, event()))
    assert timedelta(0) <= utc_now() - rows(app)[0].happened_at < timedelta(minutes=1)


def test_batch_of_a_hundred_is_stored_in_its_order(app: Flask, client: FlaskClient, cast: Cast) -> None:
    batch = [event(customer=f"c{place % 7}", properties={"place": place}) for place in range(100)]
    answer = read_json(post_events(client, cast.maple, {"events": batch}))
    assert [item["properties"]["place"] for item in answer["items"]] == [str(place) for place in range(100)]
    assert len(rows(app)) == 100


def test_event_with_an_id_is_stored_once(app: Flask, client: FlaskClient, cast: Cast) -> None:
    sent = event(id=str(uuid.uuid4()))
    first, second = (post_events(client, cast.maple, sent) for _ in range(2))
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.get_json() == second.get_json()
    grown = post_events(client, cast.maple, {"events": [sent, event(id=str(uuid.uuid4()))]})
    assert grown.status_code == 201
    assert len(rows(app)) == 2


@pytest.mark.parametrize(
    "changes",
    [{"name": "refunded"}, {"customer": "frank"}, {"properties": {"a": 1}}, {"happened_at": "2026-01-01T00:00:00Z"}],
)
def test_id_of_another_event_is_refused(app: Flask, client: FlaskClient, cast: Cast, changes: dict[str, Any]) -> None:
    sent = event(id=str(uuid.uuid4()))
    read_json(post_events(client, cast.maple, sent))
    response = post_events(client, cast.maple, {"events": [event(), {**sent, **changes}]})
    assert assert_problem(response, 409)["type"].endswith("event-id-taken")
    assert len(rows(app)) == 1


def test_idempotency_key_makes_a_repeat_harmless(app: Flask, client: FlaskClient, cast: Cast) -> None:
    answers = [post_events(client, cast.maple, event(), **{"Idempotency-Key": "d-1"}) for _ in range(2)]
    assert answers[0].data == answers[1].data
    assert answers[1].headers["Idempotency-Replayed"] == "true"
    assert len(rows(app)) == 1


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"name": ""}, "#/name"),
        ({"name": "x" * 101}, "#/name"),
        ({"name": "two\nlines"}, "#/name"),
        ({"name": 5}, "#/name"),
        ({"customer": ""}, "#/customer"),
        ({"customer": "c" * 201}, "#/customer"),
        ({"customer": "c\u0000"}, "#/customer"),
        ({"customer": 7}, "#/customer"),
        ({"id": "1"}, "#/id"),
        ({"properties": []}, "#/properties"),
        ({"properties": {"a": None}}, "#/properties/a"),
        ({"properties": {"a": {}}}, "#/properties/a"),
        ({"properties": {str(place): 1 for place in range(21)}}, "#/properties"),
        ({"happened_at": "2026-05-31T12:00:00"}, "#/happened_at"),
        ({"happened_at": "2999-01-01T00:00:00Z"}, "#/happened_at"),
        ({"happened_at": "yesterday"}, "#/happened_at"),
        ({"happened_at": "0001-01-01T00:00:00+14:00"}, "#/happened_at"),
        ({"happened_at": 1780000000}, "#/happened_at"),
        ({"score": 1}, "#/score"),
    ],
)
def test_event_that_is_not_valid_is_refused(
    app: Flask, client: FlaskClient, cast: Cast, changes: dict[str, Any], pointer: str
) -> None:
    assert pointers(post_events(client, cast.maple, event(**changes))) == [pointer]
    batch = {"events": [event(), event(**changes)]}
    assert pointers(post_events(client, cast.maple, batch)) == [pointer.replace("#", "#/events/1")]
    assert rows(app) == []


def test_batch_is_bounded_and_not_empty(client: FlaskClient, cast: Cast) -> None:
    for batch in ([], [event()] * 101, {}, "x"):
        assert pointers(post_events(client, cast.maple, {"events": batch}))[0].startswith("#/events")
    for body in ([event()], "x", 5):
        assert_problem(post_events(client, cast.maple, body), 422)
    twice = str(uuid.uuid4())
    assert pointers(post_events(client, cast.maple, {"events": [event(id=twice)] * 2})) == ["#/events"]


def test_clock_a_little_fast_is_forgiven(app: Flask, client: FlaskClient, cast: Cast) -> None:
    soon = (utc_now() + timedelta(seconds=20)).isoformat()
    read_json(post_events(client, cast.maple, event(happened_at=soon)))
    assert rows(app)[0].happened_at <= utc_now()


def test_bobs_events_are_his_own(app: Flask, client: FlaskClient, cast: Cast) -> None:
    sent = event(id=str(uuid.uuid4()))
    for site in (cast.maple, cast.bobs):
        assert post_events(client, site, sent).status_code == 201
    assert {row.site_id for row in rows(app)} == {cast.maple.id, cast.bobs.id}
    assert len({row.customer_id for row in rows(app)}) == 2


def test_event_needs_a_secret_key(app: Flask, client: FlaskClient) -> None:
    assert_problem(client.post("/api/v1/events", json=event()), 401)
    assert rows(app) == []


def test_events_are_forgotten_after_half_a_year(
    app: Flask, client: FlaskClient, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(events_module, "FORGOTTEN_AT_ONCE", 2)
    days = (0, 179, 181, 200, 300, 400)
    batch = [event(happened_at=(utc_now() - timedelta(days=count)).isoformat()) for count in days]
    read_json(post_events(client, cast.maple, {"events": batch}))
    with app.app_context():
        forget_expired()
    assert len(rows(app)) == 2
