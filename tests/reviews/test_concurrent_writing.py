"""Many shoppers write at one moment, by real HTTP on gunicorn: all that is acknowledged is stored and counted."""

import http.client
import json
import uuid
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest

from tests.applications import dispose
from tests.databases import PostgresServer
from tests.long_run import at_length
from tests.reviews.builders import count_summaries, read_summaries
from tests.reviews.writers import list_reviews, say
from tests.servers import LiveServer
from widget.core.clock import utc_now
from widget.core.db import begin_writing_anew, db
from widget.core.ids import new_id
from widget.customers.models import Customer
from widget.customers.tokens import Session, sign_session_token

PRODUCTS, TOGETHER = at_length(30, otherwise=10), 8


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    database_url = None
    if request.param == "postgresql":
        postgres: PostgresServer = request.getfixturevalue("postgres_server")
        database_url = postgres.create_database()
    server = LiveServer(tmp_path_factory.mktemp(f"writing-{request.param}"), database_url)
    server.start()
    yield server
    server.stop()
    dispose(server.app)


def make_sessions(server: LiveServer, count: int) -> list[str]:
    """Make customers known and return their session tokens."""
    site = server.cast.maple
    with server.app.app_context():
        begin_writing_anew()
        ids = [new_id() for _ in range(count)]
        db.session.add_all(Customer(site_id=site.id, id=one, external_id=one.hex, created_at=utc_now()) for one in ids)
        db.session.commit()
        return [sign_session_token(site.id, Session(customer_id=one, visitor_id=one)) for one in ids]


def post_together(server: LiveServer, requests: list[tuple[str, str, dict[str, Any]]]) -> list[int]:
    """Send reviews (path, session token, body) so that as many as there are threads arrive at one moment."""
    gate = Barrier(TOGETHER)
    site = server.cast.maple

    def send(batch: list[tuple[str, str, dict[str, Any]]]) -> list[int]:
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
        statuses = []
        for path, token, body in batch:
            gate.wait(timeout=60)
            headers = {"Origin": site.origin, "Content-Type": "application/json", "Authorization": f"Bearer {token}"}
            connection.request("POST", f"/embed/v1/{site.key}{path}", json.dumps(body), headers)
            response = connection.getresponse()
            response.read()
            statuses.append(response.status)
        connection.close()
        return statuses

    with ThreadPoolExecutor(TOGETHER) as threads:
        batches = [requests[place::TOGETHER] for place in range(TOGETHER)]
        return [status for statuses in threads.map(send, batches) for status in statuses]


def assert_exact(server: LiveServer) -> None:
    site_id = server.cast.maple.id
    with server.app.app_context():
        db.session.rollback()
        assert read_summaries(site_id) == count_summaries(site_id)


def test_first_reviews_of_many_products_are_all_stored(server: LiveServer) -> None:
    sessions = make_sessions(server, TOGETHER)
    requests = [
        (f"/reviews?product=P{product}", session, say(rating=1 + (product + place) % 5, body=f"{product} {place}"))
        for product in range(PRODUCTS)
        for place, session in enumerate(sessions)
    ]
    before = len(list_reviews(server.app))
    statuses = post_together(server, requests)
    assert Counter(statuses) == {201: PRODUCTS * TOGETHER}
    reviews = list_reviews(server.app)
    assert len(reviews) - before == PRODUCTS * TOGETHER
    assert {review.state for review in reviews} == {"published"}
    assert_exact(server)


def test_customer_has_one_review_however_many_are_sent_at_once(server: LiveServer) -> None:
    (session,) = make_sessions(server, 1)
    product = f"ONE-{uuid.uuid4()}"
    statuses = post_together(server, [(f"/reviews?product={product}", session, say()) for _ in range(TOGETHER)])
    assert Counter(statuses) == {201: 1, 409: TOGETHER - 1}
    assert_exact(server)


def test_same_request_sent_at_once_is_one_review(server: LiveServer) -> None:
    (session,) = make_sessions(server, 1)
    product, said = f"SAME-{uuid.uuid4()}", say()
    statuses = post_together(server, [(f"/reviews?product={product}", session, said)] * TOGETHER)
    assert Counter(statuses) == {201: 1, 200: TOGETHER - 1}
    assert_exact(server)
