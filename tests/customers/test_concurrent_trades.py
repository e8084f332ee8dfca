"""Several tabs of one browser, and several browsers, trade at the same moment."""

import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.cast import Cast
from tests.embed.shopper import make_survey, open_session, open_visitor, post_answer, read_json
from widget.core.db import db
from widget.customers.models import Customer, TradedToken, Visitor
from widget.customers.tokens import read_session_token
from widget.surveys.models import SurveyResponse

THREADS = 6


def run_together(app: Flask, calls: list[Callable[[FlaskClient], TestResponse]]) -> list[TestResponse]:
    """Send all requests at one moment, each from a thread of its own."""
    barrier = Barrier(len(calls))

    def send(call: Callable[[FlaskClient], TestResponse]) -> TestResponse:
        barrier.wait(timeout=10)
        return call(app.test_client())

    with ThreadPoolExecutor(len(calls)) as threads:
        return list(threads.map(send, calls))


def test_tabs_of_one_browser_get_the_same_session(app: Flask, client: FlaskClient, cast: Cast) -> None:
    survey_id = make_survey(app, cast.maple)
    visitor_token = open_visitor(client, cast.maple)
    for _ in range(3):
        read_json(post_answer(client, cast.maple, survey_id, headers={"X-Regulars-Visitor": visitor_token}))
    token = cast.maple.sign_customer("carol")
    responses = run_together(
        app,
        [
            lambda tab: open_session(tab, cast.maple, visitor_token=visitor_token, customer_token=token)
            for _ in range(THREADS)
        ],
    )
    with app.app_context():
        opened = {read_session_token(cast.maple.id, read_json(r)["session_token"]) for r in responses}
        assert len(opened) == 1
        customer = db.session.scalars(db.select(Customer)).one()
        assert {row.customer_id for row in db.session.scalars(db.select(SurveyResponse))} == {customer.id}
        assert len(db.session.scalars(db.select(TradedToken)).all()) == 1


def test_tabs_without_storage_get_the_same_session_by_their_nonce(app: Flask, cast: Cast) -> None:
    token, nonce = cast.maple.sign_customer("carol"), uuid.uuid4().hex
    responses = run_together(
        app,
        [lambda tab: open_session(tab, cast.maple, nonce=nonce, customer_token=token) for _ in range(THREADS)],
    )
    with app.app_context():
        opened = {read_session_token(cast.maple.id, read_json(r)["session_token"]) for r in responses}
        assert len(opened) == 1


def test_one_token_in_many_browsers_opens_one_session(app: Flask, cast: Cast) -> None:
    token = cast.maple.sign_customer("carol")
    responses = run_together(
        app,
        [
            lambda browser, nonce=nonce: open_session(browser, cast.maple, nonce=nonce, customer_token=token)
            for nonce in (uuid.uuid4().hex for _ in range(THREADS))
        ],
    )
    assert sorted(response.status_code for response in responses) == [200] + [401] * (THREADS - 1)


def test_one_visitor_becomes_one_of_two_customers(app: Flask, client: FlaskClient, cast: Cast) -> None:
    visitor_token = open_visitor(client, cast.maple)
    names = [f"customer{number}" for number in range(THREADS)]
    responses = run_together(
        app,
        [
            lambda browser, name=name: open_session(
                browser,
                cast.maple,
                visitor_token=visitor_token,
                customer_token=cast.maple.sign_customer(name),
            )
            for name in names
        ],
    )
    with app.app_context():
        sessions = [read_session_token(cast.maple.id, read_json(r)["session_token"]) for r in responses]
        assert len({session.visitor_id for session in sessions}) == THREADS
        for session in sessions:
            visitor = db.session.get_one(Visitor, (cast.maple.id, session.visitor_id))
            assert visitor.customer_id == session.customer_id


def test_new_customer_in_many_browsers_is_stored_once(app: Flask, cast: Cast) -> None:
    responses = run_together(
        app,
        [
            lambda browser: open_session(browser, cast.maple, customer_token=cast.maple.sign_customer("carol"))
            for _ in range(THREADS)
        ],
    )
    assert all(response.status_code == 200 for response in responses)
    with app.app_context():
        assert len(db.session.scalars(db.select(Customer)).all()) == 1
