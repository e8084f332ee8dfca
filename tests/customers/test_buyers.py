"""Guests become customers by a verified address only, and an address is verified only while it is that one."""

import itertools
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from tests.cast import Cast
from tests.embed.shopper import open_session, read_json
from tests.orders.builders import NOON, count_figures, make_order, read_figures, take
from widget.core.db import begin_writing_anew, db
from widget.customers.buyers import Told, resolve_buyers
from widget.customers.models import Customer
from widget.customers.rules import Buyer
from widget.orders.models import Order

LATER = NOON + timedelta(days=1)


def buyer_of(app: Flask, cast: Cast, number: int | str) -> str | None:
    """Return the store's id of the customer whose order it is, None for a guest."""
    with app.app_context():
        is_order = (Order.site_id == cast.maple.id, Order.external_id == str(number))
        return db.session.scalars(
            select(Customer.external_id).join(Order, Order.customer_id == Customer.id).where(*is_order)
        ).one()


def tell(app: Flask, cast: Cast, *told: Told) -> Customer:
    """Tell of Carol and return her."""
    with app.app_context():
        for one in told:
            begin_writing_anew()
            resolve_buyers(cast.maple.id, [one])
            db.session.commit()
        return db.session.scalars(select(Customer).where(Customer.external_id == "carol")).one()


def test_a_verified_address_does_not_vouch_for_the_next(app: Flask, cast: Cast) -> None:
    with app.app_context():
        take(cast.maple.id, make_order(1, buyer=Buyer(email="victim@x.example")))
        take(cast.maple.id, make_order(2, buyer=Buyer("carol", "carol@x.example", is_email_verified=True)))
        take(cast.maple.id, make_order(3, updated_at=LATER, buyer=Buyer("carol", "victim@x.example")))
        take(cast.maple.id, make_order(4, buyer=Buyer(email="victim@x.example")))
    assert [buyer_of(app, cast, number) for number in (1, 2, 3, 4)] == [None, "carol", "carol", None]
    carol = tell(app, cast)
    assert (carol.email, carol.is_email_verified) == ("victim@x.example", False)


def test_what_is_told_ends_alike_in_whatever_order_it_comes(app: Flask, cast: Cast) -> None:
    told = [
        Told(Buyer("carol", "a@x.example", "A", is_email_verified=True), NOON),
        Told(Buyer("carol", "b@x.example", accepts_marketing=True), NOON + timedelta(hours=1)),
        Told(Buyer("carol", "a@x.example"), NOON + timedelta(hours=2)),
        Told(Buyer("carol", name="C", accepts_marketing=False), NOON + timedelta(hours=3)),
    ]
    for order in itertools.permutations(told):
        with app.app_context():
            begin_writing_anew()
            db.session.execute(db.delete(Customer))
            db.session.commit()
        carol = tell(app, cast, *order)
        assert (carol.email, carol.name, carol.accepts_marketing) == ("a@x.example", "C", False)
        assert carol.is_email_verified


def test_what_a_guest_is_called_stays_only_where_nothing_else_was_said(app: Flask, cast: Cast) -> None:
    account = Buyer("carol", "carol@x.example", "Carol", is_email_verified=True)
    guest = Buyer(email="carol@x.example", name="A present", accepts_marketing=True)
    for first, second in ((account, guest), (guest, account)):
        with app.app_context():
            take(cast.maple.id, make_order(1, buyer=first))
            take(cast.maple.id, make_order(2, updated_at=LATER, buyer=second))
        carol = tell(app, cast)
        assert (carol.name, carol.accepts_marketing) == ("Carol", True)


@pytest.mark.parametrize(
    ("claims", "owner"), [({"email_verified": True}, "carol"), ({}, None), ({"email_verified": 1}, None)]
)
def test_a_token_with_a_verified_address_takes_the_guests_orders(
    app: Flask, client: FlaskClient, cast: Cast, claims: dict[str, bool], owner: str | None
) -> None:
    with app.app_context():
        take(cast.maple.id, make_order(1, buyer=Buyer(email="Carol@Shoppers.example")))
    for _ in range(2):
        read_json(open_session(client, cast.maple, customer_token=cast.maple.sign_customer("carol", **claims)))
    assert buyer_of(app, cast, 1) == owner
    with app.app_context():
        take(cast.maple.id, make_order(2, buyer=Buyer(email="carol@shoppers.example")))
        assert count_figures(cast.maple.id) == read_figures(cast.maple.id)
    assert buyer_of(app, cast, 2) == owner
    assert buyer_of(app, cast, 2) == buyer_of(app, cast, 1)


def test_bobs_token_takes_nothing_of_alices_guests(app: Flask, client: FlaskClient, cast: Cast) -> None:
    with app.app_context():
        take(cast.maple.id, make_order(1, buyer=Buyer(email="carol@shoppers.example")))
    token = cast.bobs.sign_customer("carol", email_verified=True)
    read_json(open_session(client, cast.bobs, customer_token=token))
    assert buyer_of(app, cast, 1) is None
