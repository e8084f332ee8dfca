"""Leads join their customer by an address that was confirmed, whichever of the two comes first."""

import uuid

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.cast import Cast
from tests.embed.shopper import open_session, read_json
from tests.intake.store import order
from tests.intake.store import post as post_store
from tests.popups.builders import (
    ERIN,
    confirm,
    lead,
    link_of,
    list_leads,
    list_mails,
    send_lead,
    start_campaign,
    visit,
)
from widget.core.db import db
from widget.customers.models import Customer
from widget.customers.queries import get_customer, list_attributes

FIELDS = [{"key": "interests", "required": True, "choices": ["tea", "rum"]}]


@pytest.fixture
def campaign_id(app: Flask, cast: Cast) -> uuid.UUID:
    return start_campaign(app, cast.maple, fields=FIELDS)


def leave(client: FlaskClient, cast: Cast, campaign_id: uuid.UUID, headers: dict[str, str] | None = None) -> None:
    read_json(send_lead(client, cast.maple, lead(campaign_id, fields={"interests": ["tea"]}), headers))


def customer_of(app: Flask) -> Customer | None:
    (row,) = list_leads(app)
    with app.app_context():
        return db.session.get(Customer, (row.site_id, row.customer_id)) if row.customer_id else None


def test_guest_who_bought_before_is_found_when_the_address_is_confirmed(
    app: Flask, client: FlaskClient, cast: Cast, campaign_id: uuid.UUID
) -> None:
    post_store(client, cast.maple, "orders", order(1, customer={"email": ERIN}))
    leave(client, cast, campaign_id)
    assert customer_of(app) is None
    confirm(client, app)
    guest = customer_of(app)
    assert guest is not None
    assert (guest.external_id, guest.email) == (None, ERIN)
    with app.app_context():
        (told,) = list_attributes(cast.maple.id, guest.id)
        assert (told.name, told.value, told.source) == ("interests", ["tea"], "lead")
        assert told.consent_text.startswith("Maple Store may send me news")


def test_guest_who_buys_later_brings_the_lead_along_into_an_account(
    app: Flask, client: FlaskClient, cast: Cast, campaign_id: uuid.UUID
) -> None:
    leave(client, cast, campaign_id)
    confirm(client, app)
    assert customer_of(app) is None
    post_store(client, cast.maple, "orders", order(1, customer={"email": "Erin@Shoppers.example"}))
    assert customer_of(app) is not None
    token = cast.maple.sign_customer("erin", email_verified=True)
    read_json(open_session(client, cast.maple, customer_token=token))
    account = customer_of(app)
    assert account is not None
    assert account.external_id == "erin"


def test_account_that_merely_names_the_address_gets_nothing(
    app: Flask, client: FlaskClient, cast: Cast, campaign_id: uuid.UUID
) -> None:
    mallory = cast.maple.sign_customer("mallory", email=ERIN)
    read_json(open_session(client, cast.maple, customer_token=mallory))
    leave(client, cast, campaign_id)
    confirm(client, app)
    read_json(open_session(client, cast.maple, customer_token=cast.maple.sign_customer("mallory", email=ERIN)))
    assert customer_of(app) is None


def test_browser_that_left_the_address_joins_its_own_account(
    app: Flask, client: FlaskClient, cast: Cast, campaign_id: uuid.UUID
) -> None:
    visitor = visit(client, cast.maple)
    leave(client, cast, campaign_id, visitor)
    confirm(client, app)
    tokens = {"visitor_token": visitor["X-Regulars-Visitor"], "customer_token": cast.maple.sign_customer("erin")}
    session = read_json(open_session(client, cast.maple, **tokens))
    account = customer_of(app)
    assert account is not None
    assert account.external_id == "erin"
    assert session["subscribed"] is True


def test_unconfirmed_address_joins_nobody(app: Flask, client: FlaskClient, cast: Cast, campaign_id: uuid.UUID) -> None:
    leave(client, cast, campaign_id)
    post_store(client, cast.maple, "orders", order(1, customer={"email": ERIN}))
    assert customer_of(app) is None


def test_who_has_taken_the_consent_back_tells_a_later_customer_nothing(
    app: Flask, client: FlaskClient, cast: Cast, campaign_id: uuid.UUID
) -> None:
    leave(client, cast, campaign_id)
    confirm(client, app)
    client.post(link_of(list_mails(app)[-1], "u"))
    post_store(client, cast.maple, "orders", order(1, customer={"email": ERIN}))
    guest = customer_of(app)
    assert guest is not None
    with app.app_context():
        assert list_attributes(cast.maple.id, guest.id) == []


def test_lead_follows_its_customer_into_another(
    app: Flask, client: FlaskClient, cast: Cast, campaign_id: uuid.UUID
) -> None:
    for name, email in (("erin", "new@x.example"), ("erin-old", ERIN)):
        token = cast.maple.sign_customer(name, email=email, email_verified=True)
        read_json(open_session(client, cast.maple, customer_token=token))
    leave(client, cast, campaign_id)
    confirm(client, app)
    merged = client.post("/api/v1/customers/erin-old/merge", json={"into": "erin"}, headers=cast.maple.store_headers)
    assert merged.status_code == 200, merged.text
    account = customer_of(app)
    with app.app_context():
        assert account is not None
        assert account.id == get_customer(cast.maple.id, "erin").id
