"""The store's server tells of orders: once each, the latest document counts, and nothing half is stored."""

from typing import Any
from urllib.parse import quote

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.cast import Cast
from tests.embed.shopper import assert_problem, read_json
from tests.intake.store import ago, count, get, order, outcomes, pointers, post, put_customer
from widget.core.clock import utc_now
from widget.customers.models import Customer
from widget.orders.models import Order, Refund

STRANGE_IDS = [
    "a/b",
    "gid://shopify/Order/1",
    "/1",
    "1/",
    "7/refunds",
    "a b",
    "50%",
    "%2F",
    "?x=1",
    "#9",
    "ß→日",
    "..",
    "a\\b",
]


def test_an_order_is_stored_as_it_is_told(client: FlaskClient, cast: Cast) -> None:
    told = order(
        number="R-1",
        placed_at=ago(hours=3),
        tax_minor=361,
        shipping_minor=500,
        discount_minor=300,
        coupon_codes=["SPRING"],
        cart="c-1",
        paid_at=ago(hours=1),
        refunds=[{"id": "r1", "amount_minor": 250, "lines": [{"line": "1", "quantity": 1, "amount_minor": 250}]}],
    )
    response = post(client, cast.maple, "orders", told)
    assert response.status_code == 201
    (item,) = read_json(response)["items"]
    assert (item["external_id"], item["outcome"]) == ("1", "new")
    stored = get(client, cast.maple, "orders/1")
    names = ("number", "state", "currency", "total_minor", "tax_minor", "shipping_minor", "discount_minor", "cart")
    assert {name: stored[name] for name in (*names, "coupon_codes")} == {n: told[n] for n in (*names, "coupon_codes")}
    assert (stored["id"], stored["source"], stored["is_guest"]) == (item["id"], "api", False)
    assert (stored["refunded_minor"], stored["net_minor"], stored["reporting_minor"]) == (250, 1750, 1750)
    assert stored["customer"] == {"id": "carol", "email": "carol@shoppers.example", "name": "Carol Winter"}
    (line,) = stored["lines"]
    assert (line["id"], line["product_id"], line["quantity"], line["total_minor"]) == ("1", "POT-03", 1, 2000)
    (refund,) = stored["refunds"]
    assert refund["refunded_at"] == stored["updated_at"]
    assert refund["lines"] == [{"line": "1", "quantity": 1, "amount_minor": 250}]


def test_an_order_with_the_least_is_a_guests_of_now(client: FlaskClient, cast: Cast) -> None:
    read_json(post(client, cast.maple, "orders", {"id": "1", "currency": "EUR", "total_minor": 0}))
    stored = get(client, cast.maple, "orders/1")
    assert (stored["state"], stored["customer"], stored["is_guest"], stored["lines"]) == ("placed", None, True, [])
    assert stored["placed_at"] == stored["updated_at"]


def test_the_same_document_again_is_known_and_an_older_one_changes_nothing(client: FlaskClient, cast: Cast) -> None:
    told = order(updated_at=ago(hours=1))
    responses = [
        post(client, cast.maple, "orders", document)
        for document in (told, told, {**told, "updated_at": ago(minutes=5), "state": "fulfilled"}, told)
    ]
    assert [response.status_code for response in responses] == [201, 200, 200, 200]
    assert [outcomes(response) for response in responses] == [["new"], ["known"], ["changed"], ["older"]]
    assert get(client, cast.maple, "orders/1")["state"] == "fulfilled"


def test_a_batch_is_answered_in_its_order(client: FlaskClient, cast: Cast) -> None:
    read_json(post(client, cast.maple, "orders", order(2)))
    response = post(client, cast.maple, "orders", {"orders": [order(3), order(2, updated_at=ago(minutes=1)), order(1)]})
    assert response.status_code == 201
    assert [(item["external_id"], item["outcome"]) for item in read_json(response)["items"]] == [
        ("3", "new"),
        ("2", "changed"),
        ("1", "new"),
    ]


def test_an_idempotency_key_makes_a_repeat_harmless(app: Flask, client: FlaskClient, cast: Cast) -> None:
    body = {"id": "1", "currency": "EUR", "total_minor": 100}
    answers = [post(client, cast.maple, "orders", body, **{"Idempotency-Key": "o-1"}) for _ in range(2)]
    assert answers[0].data == answers[1].data
    assert answers[1].headers["Idempotency-Replayed"] == "true"
    assert count(app, Order) == 1


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"id": ""}, "#/id"),
    ({"id": 7}, "#/id"),
    ({"id": "x" * 201}, "#/id"),
    ({"id": "a\u0000"}, "#/id"),
    ({"id": "two\nlines"}, "#/id"),
    ({"currency": "eur"}, "#/currency"),
    ({"currency": "EURO"}, "#/currency"),
    ({"currency": "ZZZ"}, "#/currency"),
    ({"currency": None}, "#/currency"),
    ({"total_minor": 19.99}, "#/total_minor"),
    ({"total_minor": 20.0}, "#/total_minor"),
    ({"total_minor": "2000"}, "#/total_minor"),
    ({"total_minor": True}, "#/total_minor"),
    ({"total_minor": -1}, "#/total_minor"),
    ({"total_minor": 10**15 + 1}, "#/total_minor"),
    ({"shipping_minor": -5}, "#/shipping_minor"),
    ({"state": "shipped"}, "#/state"),
    ({"updated_at": "2999-01-01T00:00:00Z"}, "#/updated_at"),
    ({"updated_at": "2026-05-31T12:00:00"}, "#/updated_at"),
    ({"updated_at": 1780000000}, "#/updated_at"),
    ({"placed_at": "0001-01-01T00:00:00+14:00"}, "#/placed_at"),
    ({"paid_at": "9999-12-31T23:59:59-14:00"}, "#/paid_at"),
    ({"coupon_codes": ["a", ""]}, "#/coupon_codes/1"),
    ({"coupon_codes": "a"}, "#/coupon_codes"),
    ({"is_test": "no"}, "#/is_test"),
    ({"customer": "carol"}, "#/customer"),
    ({"customer": {"email": "nobody"}}, "#/customer/email"),
    ({"customer": {"email": "@x.example"}}, "#/customer/email"),
    ({"customer": {"id": "carol", "email_verified": True}}, "#/customer/email_verified"),
    ({"customer": {"id": "carol", "phone": "1"}}, "#/customer/phone"),
    ({"lines": [{"title": "A", "unit_price_minor": 1, "quantity": 0.5}]}, "#/lines/0/quantity"),
    ({"lines": [{"title": "A", "unit_price_minor": 1, "quantity": -1}]}, "#/lines/0/quantity"),
    ({"lines": [{"title": "A", "unit_price_minor": 10, "discount_minor": 11}]}, "#/lines/0/total_minor"),
    ({"lines": [{"title": "A", "unit_price_minor": 10**15, "quantity": 10**6}]}, "#/lines/0/total_minor"),
    ({"lines": [{"title": "", "unit_price_minor": 1}]}, "#/lines/0/title"),
    (
        {"lines": [{"id": "2", "title": "A", "unit_price_minor": 1}, {"title": "B", "unit_price_minor": 1}]},
        "#/lines/1/id",
    ),
    ({"refunds": [{"id": "r", "amount_minor": 1}, {"id": "r", "amount_minor": 2}]}, "#/refunds/1/id"),
    ({"refunds": [{"id": "r", "amount_minor": -1}]}, "#/refunds/0/amount_minor"),
    (
        {"refunds": [{"id": "r", "amount_minor": 1, "lines": [{"line": "9", "amount_minor": 1}]}]},
        "#/refunds/0/lines/0/line",
    ),
    ({"surprise": 1}, "#/surprise"),
]


@pytest.mark.parametrize(("changes", "pointer"), WRONG)
def test_an_order_that_is_not_valid_is_refused_and_its_batch_with_it(
    app: Flask, client: FlaskClient, cast: Cast, changes: dict[str, Any], pointer: str
) -> None:
    assert pointers(post(client, cast.maple, "orders", order(**changes))) == [pointer]
    batch = {"orders": [order(5), order(6), order(7), order(8) | changes]}
    assert pointers(post(client, cast.maple, "orders", batch)) == [pointer.replace("#", "#/orders/3")]
    assert (count(app, Order), count(app, Customer)) == (0, 0)


def test_a_batch_is_bounded_and_names_each_order_once(app: Flask, client: FlaskClient, cast: Cast) -> None:
    for batch in ([], [order(number) for number in range(101)], {}, "x", None):
        assert pointers(post(client, cast.maple, "orders", {"orders": batch}))[0].startswith("#/orders")
    assert pointers(post(client, cast.maple, "orders", {"orders": [order(1), order(2), order(1)]})) == ["#/orders/2/id"]
    assert count(app, Order) == 0


@pytest.mark.parametrize("strange", STRANGE_IDS)
def test_an_id_of_any_letters_is_found_again(client: FlaskClient, cast: Cast, strange: str) -> None:
    read_json(post(client, cast.maple, "orders", order(strange)))
    path = f"orders/{quote(strange, safe='')}"
    assert get(client, cast.maple, path)["external_id"] == strange
    refund = {"id": "r", "amount_minor": 100, "refunded_at": ago(hours=1)}
    assert outcomes(post(client, cast.maple, f"{path}/refunds", refund)) == ["new"]
    assert get(client, cast.maple, path)["refunded_minor"] == 100
    assert read_json(put_customer(client, cast.maple, strange, name="S"))["external_id"] == strange


@pytest.mark.parametrize("path", ["orders/1", "orders/%00", "orders/a%0Ab", "orders/%FF", "orders/" + "a" * 201])
def test_an_unknown_order_is_not_found(client: FlaskClient, cast: Cast, path: str) -> None:
    assert_problem(client.get(f"/api/v1/{path}", headers=cast.maple.store_headers), 404)


def test_bob_finds_none_of_alices_orders(client: FlaskClient, cast: Cast) -> None:
    read_json(post(client, cast.maple, "orders", order()))
    assert_problem(client.get("/api/v1/orders/1", headers=cast.bobs.store_headers), 404)
    assert get(client, cast.bobs, "orders")["items"] == []
    read_json(post(client, cast.bobs, "orders/1/refunds", {"id": "r", "amount_minor": 9, "refunded_at": ago(hours=1)}))
    assert outcomes(post(client, cast.bobs, "orders", order(total_minor=7))) == ["new"]
    stored = get(client, cast.maple, "orders/1")
    assert (stored["total_minor"], stored["refunded_minor"]) == (2000, 0)


def test_orders_need_a_secret_key(app: Flask, client: FlaskClient) -> None:
    assert_problem(client.post("/api/v1/orders", json=order()), 401)
    assert count(app, Order) == 0


def test_orders_are_listed_by_page_and_filter(client: FlaskClient, cast: Cast) -> None:
    frank = {"customer": {"email": "Frank@shoppers.example"}}
    told = [order(number, placed_at=ago(days=number), **(frank if number % 2 else {})) for number in range(7)]
    told[3]["state"] = "cancelled"
    read_json(post(client, cast.maple, "orders", {"orders": told}))
    seen, cursor = [], None
    while True:
        page = get(client, cast.maple, "orders", limit=3, **({"cursor": cursor} if cursor else {}))
        seen += [item["external_id"] for item in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert seen == ["0", "1", "2", "3", "4", "5", "6"]

    def listed(**query: Any) -> list[str]:
        return [item["external_id"] for item in get(client, cast.maple, "orders", **query)["items"]]

    assert listed(customer="carol") == ["0", "2", "4", "6"]
    assert listed(customer="frank@shoppers.example") == ["1", "3", "5"]
    assert listed(state="cancelled") == ["3"]
    day = (utc_now()).date()
    assert listed(until=day.isoformat()) == seen
    assert listed(**{"from": ago(days=2)[:10], "until": ago(days=1)[:10]}) == ["1", "2"]
    assert listed(customer="nobody") == []


@pytest.mark.parametrize("query", [{"state": "shipped"}, {"from": "yesterday"}, {"limit": 0}, {"cursor": "x"}])
def test_a_list_that_is_asked_for_wrongly_is_refused(client: FlaskClient, cast: Cast, query: dict[str, Any]) -> None:
    response = client.get("/api/v1/orders", query_string=query, headers=cast.maple.store_headers)
    assert pointers(response) == [f"#/{next(iter(query))}"]


def test_a_refund_comes_before_its_order_and_twice(app: Flask, client: FlaskClient, cast: Cast) -> None:
    refund = {"id": "r1", "amount_minor": 700, "refunded_at": ago(hours=3), "reason": "too small"}
    first, second = (post(client, cast.maple, "orders/1/refunds", refund) for _ in range(2))
    assert (first.status_code, second.status_code) == (201, 200)
    assert (outcomes(first), outcomes(second)) == (["new"], ["known"])
    read_json(post(client, cast.maple, "orders", order()))
    assert get(client, cast.maple, "orders/1")["net_minor"] == 1300
    later = {**refund, "amount_minor": 800, "refunded_at": ago(hours=2)}
    assert outcomes(post(client, cast.maple, "orders/1/refunds", later)) == ["changed"]
    assert outcomes(post(client, cast.maple, "orders/1/refunds", refund)) == ["older"]
    assert get(client, cast.maple, "orders/1")["net_minor"] == 1200
    assert count(app, Refund) == 1


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [({"amount_minor": 1.5}, "#/amount_minor"), ({"refunded_at": None}, "#/refunded_at"), ({"order": "1"}, "#/order")],
)
def test_a_refund_that_is_not_valid_is_refused(
    app: Flask, client: FlaskClient, cast: Cast, changes: dict[str, Any], pointer: str
) -> None:
    refund = {"id": "r1", "amount_minor": 700, "refunded_at": ago(hours=3)}
    assert pointers(post(client, cast.maple, "orders/1/refunds", refund | changes)) == [pointer]
    assert count(app, Refund) == 0
