"""The store's server tells of carts: made, left, come back to, and bought once an order names them."""

from datetime import datetime
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.cast import Cast
from tests.embed.shopper import assert_problem, read_json
from tests.intake.store import ago, cart, count, get, order, outcomes, pointers, post
from widget.core.paging import Cursor
from widget.orders.models import Cart


def test_a_cart_is_stored_and_bought_by_the_order_that_names_it(client: FlaskClient, cast: Cast) -> None:
    items = [{"title": "Teapot", "quantity": 2, "unit_price_minor": 1000, "product_id": "POT-03"}]
    told = cart(items=items, customer={"email": "carol@shoppers.example"}, abandoned_at=ago(hours=2))
    response = post(client, cast.maple, "carts", told)
    assert response.status_code == 201
    assert read_json(response)["items"] == [{"external_id": "1", "outcome": "new"}]
    (stored,) = get(client, cast.maple, "carts")["items"]
    assert (stored["value_minor"], stored["currency"], stored["bought_at"]) == (2000, "EUR", None)
    assert stored["customer"] == {"id": None, "email": "carol@shoppers.example", "name": None}
    assert stored["items"] == [{**items[0], "variant_id": None, "sku": None}]
    read_json(post(client, cast.maple, "orders", order(cart="1")))
    (bought,) = get(client, cast.maple, "carts")["items"]
    assert bought["bought_at"] is not None


def test_the_latest_document_of_a_cart_counts(client: FlaskClient, cast: Cast) -> None:
    later = cart(updated_at=ago(minutes=3), value_minor=500, recovered_at=ago(minutes=3))
    sent = [post(client, cast.maple, "carts", document) for document in (cart(), later, later, cart())]
    assert [response.status_code for response in sent] == [201, 200, 200, 200]
    assert [outcomes(response) for response in sent] == [["new"], ["changed"], ["known"], ["older"]]
    (stored,) = get(client, cast.maple, "carts")["items"]
    assert stored["value_minor"] == 500


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"id": None}, "#/id"),
        ({"value_minor": 9.99}, "#/value_minor"),
        ({"value_minor": -1}, "#/value_minor"),
        ({"currency": "XX"}, "#/currency"),
        ({"items": [{"quantity": 1}]}, "#/items/0/title"),
        ({"abandoned_at": "soon"}, "#/abandoned_at"),
        ({"state": "open"}, "#/state"),
    ],
)
def test_a_cart_that_is_not_valid_is_refused_and_its_batch_with_it(
    app: Flask, client: FlaskClient, cast: Cast, changes: dict[str, Any], pointer: str
) -> None:
    assert pointers(post(client, cast.maple, "carts", cart() | changes)) == [pointer]
    batch = {"carts": [cart(1), cart(2) | changes]}
    assert pointers(post(client, cast.maple, "carts", batch)) == [pointer.replace("#", "#/carts/1")]
    assert pointers(post(client, cast.maple, "carts", {"carts": [cart(3), cart(3)]})) == ["#/carts/1/id"]
    assert count(app, Cart) == 0


def test_carts_page_by_their_ids(client: FlaskClient, cast: Cast) -> None:
    made = ago(hours=5)
    names = ["a|b", "é", "gid://cart/1", "10", "9"]
    read_json(post(client, cast.maple, "carts", {"carts": [cart(name, created_at=made) for name in names]}))
    seen, cursor = [], None
    while True:
        page = get(client, cast.maple, "carts", limit=2, **({"cursor": cursor} if cursor else {}))
        seen += [item["external_id"] for item in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert sorted(seen) == sorted(names)
    broken = Cursor(datetime.fromisoformat(made), "a\u0000").encode()
    response = client.get("/api/v1/carts", query_string={"cursor": broken}, headers=cast.maple.store_headers)
    assert pointers(response) == ["#/cursor"]


def test_carts_are_filtered_by_customer_and_day(client: FlaskClient, cast: Cast) -> None:
    hers = {"customer": {"id": "carol"}}
    told = [cart(1, created_at=ago(days=1), **hers), cart(2, created_at=ago(days=3))]
    read_json(post(client, cast.maple, "carts", {"carts": told}))
    assert [item["external_id"] for item in get(client, cast.maple, "carts", customer="carol")["items"]] == ["1"]
    assert [item["external_id"] for item in get(client, cast.maple, "carts", until=ago(days=2)[:10])["items"]] == ["2"]


def test_bobs_carts_are_his_own_and_need_his_key(client: FlaskClient, cast: Cast) -> None:
    read_json(post(client, cast.maple, "carts", cart()))
    assert outcomes(post(client, cast.bobs, "carts", cart())) == ["new"]
    assert len(get(client, cast.maple, "carts")["items"]) == 1
    assert_problem(client.post("/api/v1/carts", json=cart()), 401)


def test_an_idempotency_key_makes_a_cart_twice_one(client: FlaskClient, cast: Cast) -> None:
    body = {"id": "1", "currency": "EUR", "value_minor": 100}
    answers = [post(client, cast.maple, "carts", body, **{"Idempotency-Key": "c-1"}) for _ in range(2)]
    assert answers[0].data == answers[1].data
