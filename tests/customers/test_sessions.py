"""A browser becomes a visitor, and by the store's token a customer."""

import uuid
from datetime import datetime, timedelta

from flask import Flask
from flask.testing import FlaskClient

from tests.cast import Cast
from tests.embed.shopper import assert_problem, open_session, open_visitor, read_json
from widget.core.clock import utc_now
from widget.core.db import db
from widget.customers.models import Customer, Visitor


def test_new_browser_becomes_a_visitor(app: Flask, client: FlaskClient, cast: Cast) -> None:
    document = read_json(open_session(client, cast.maple))
    assert set(document) == {"visitor_token", "expires_at"}
    with app.app_context():
        assert db.session.scalars(db.select(Visitor)).one().site_id == cast.maple.id


def test_known_browser_stays_the_same_visitor(app: Flask, client: FlaskClient, cast: Cast) -> None:
    read_json(open_session(client, cast.maple, visitor_token=open_visitor(client, cast.maple)))
    with app.app_context():
        assert db.session.scalar(db.select(db.func.count()).select_from(Visitor)) == 1


def test_customer_token_is_traded_for_a_session(client: FlaskClient, cast: Cast) -> None:
    document = read_json(open_session(client, cast.maple, customer_token=cast.maple.sign_customer("carol")))
    assert document["session_token"]
    lasts = datetime.fromisoformat(document["expires_at"]) - utc_now()
    assert timedelta(hours=11) < lasts <= timedelta(hours=12)


def test_customer_is_stored_as_the_store_describes_them(app: Flask, client: FlaskClient, cast: Cast) -> None:
    token = cast.maple.sign_customer("42", email=" Carol@Maple.Example ", name="Carol")
    read_json(open_session(client, cast.maple, customer_token=token))
    with app.app_context():
        customer = db.session.scalars(db.select(Customer)).one()
        assert (customer.external_id, customer.email, customer.name) == ("42", "carol@maple.example", "Carol")


def test_customer_keeps_what_a_later_token_leaves_out(app: Flask, client: FlaskClient, cast: Cast) -> None:
    for changes in ({"email": "carol@maple.example"}, {"email": None, "name": "Carol C."}, {"name": ""}):
        token = cast.maple.sign_customer("42", **changes)
        read_json(open_session(client, cast.maple, customer_token=token))
    with app.app_context():
        customer = db.session.scalars(db.select(Customer)).one()
        assert (customer.email, customer.name) == ("42@shoppers.example", "Carol C.")


def test_name_in_any_script_is_taken(client: FlaskClient, cast: Cast) -> None:
    # Persian names hold a zero-width non-joiner, French typography a no-break space.
    for name in ("مه\u200cلقا", "Anne\u00a0Sophie"):
        token = cast.maple.sign_customer("42", name=name)
        assert read_json(open_session(client, cast.maple, customer_token=token))["session_token"]


def test_page_gives_no_customer_in_the_body(client: FlaskClient, cast: Cast) -> None:
    response = open_session(client, cast.maple, customer_id=str(uuid.uuid4()))
    assert_problem(response, 422)


def test_session_tells_nothing_about_the_customer(client: FlaskClient, cast: Cast) -> None:
    response = open_session(client, cast.maple, customer_token=cast.maple.sign_customer("carol"))
    assert set(read_json(response)) == {"visitor_token", "session_token", "expires_at"}
    assert "shoppers.example" not in response.text
