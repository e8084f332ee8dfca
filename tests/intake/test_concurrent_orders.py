"""Many requests tell of the same orders, customers and events at one moment."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.cast import Cast
from tests.embed.shopper import open_session
from tests.intake.store import ago, count, list_events, merge, order, outcomes, post, put_customer
from tests.orders.builders import count_figures, read_figures
from widget.customers.models import Customer
from widget.orders.models import Order

THREADS = 8


def run_together(app: Flask, calls: list[Callable[[FlaskClient], TestResponse]]) -> list[TestResponse]:
    """Send all requests at one moment, each from a thread of its own."""
    barrier = Barrier(len(calls))

    def send(call: Callable[[FlaskClient], TestResponse]) -> TestResponse:
        barrier.wait(timeout=10)
        return call(app.test_client())

    with ThreadPoolExecutor(len(calls)) as threads:
        return list(threads.map(send, calls))


def assert_figures_are_exact(app: Flask, cast: Cast) -> None:
    with app.app_context():
        assert count_figures(cast.maple.id) == read_figures(cast.maple.id)


def test_the_same_orders_from_many_requests_are_stored_once(app: Flask, cast: Cast) -> None:
    at = ago(hours=1)
    orders = [order(number, updated_at=at, customer={"id": f"c{number % 7}"}) for number in range(20)]
    # Each in another order, so that nothing but the turn keeps them from waiting for each other.
    batches = [{"orders": orders[place:] + orders[:place]} for place in range(THREADS)]
    responses = run_together(
        app, [lambda client, batch=batch: post(client, cast.maple, "orders", batch) for batch in batches]
    )
    told = [outcome for response in responses for outcome in outcomes(response)]
    assert (told.count("new"), told.count("known")) == (20, 20 * (THREADS - 1))
    assert (count(app, Order), count(app, Customer)) == (20, 7)
    assert len(list_events(app)) == 40
    assert_figures_are_exact(app, cast)


def test_orders_sessions_events_and_merges_at_one_moment_all_end(app: Flask, client: FlaskClient, cast: Cast) -> None:
    site = cast.maple
    names = [f"c{number}" for number in range(6)]
    guests = [order(f"g{name}", customer={"email": f"{name}@shoppers.example"}) for name in names]
    post(client, site, "orders", {"orders": guests})
    for name in ("c0", "c1"):
        put_customer(client, site, name, name=name)
    orders = [order(name, customer={"id": name}) for name in names]
    events = [{"name": "delivered", "customer": name} for name in names]
    calls: list[Callable[[FlaskClient], TestResponse]] = [
        lambda client: post(client, site, "orders", {"orders": orders}),
        lambda client: post(client, site, "orders", {"orders": orders[::-1]}),
        lambda client: post(client, site, "events", {"events": events}),
        lambda client: post(client, site, "events", {"events": events[::-1]}),
        lambda client: merge(client, site, "c0", "c1"),
        lambda client: put_customer(client, site, "c2", email="c2@shoppers.example", email_verified=True),
        *(
            lambda client, name=name: open_session(
                client, site, customer_token=site.sign_customer(name, email_verified=True)
            )
            for name in ("c0", "c2", "c3")
        ),
    ]
    responses = run_together(app, calls)
    assert [response.status_code for response in responses if response.status_code not in (200, 201)] == []
    assert count(app, Order) == 12
    assert_figures_are_exact(app, cast)
