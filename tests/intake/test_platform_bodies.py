"""What the platforms' bodies say is read right, also where it stands in an unusual place."""

from contextlib import suppress
from pathlib import Path
from typing import Any

import orjson
import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from tests.cast import Cast
from tests.intake.platform_bodies import (
    get_order,
    make_shopify_customer,
    make_shopify_order,
    make_shopify_refund,
    make_woo_order,
    set_currency,
    take,
)
from widget.core.db import db
from widget.customers.models import Customer
from widget.intake.bodies import read_body
from widget.intake.reading import BodyNotUnderstood
from widget.orders.documents import OrderDocument, RefundDocument
from widget.orders.models import Cart, OrderLine, Refund


@pytest.fixture
def site(app: Flask, cast: Cast) -> Any:
    with app.app_context():
        yield cast.maple
        db.session.rollback()


def read_shopify(**changes: Any) -> OrderDocument:
    return read_body("shopify", "orders/updated", make_shopify_order(**changes)).orders[0]


def read_refund(**changes: Any) -> RefundDocument:
    return read_body("shopify", "refunds/create", make_shopify_refund(**changes)).refunds[0][1]


def read_woo(**changes: Any) -> OrderDocument:
    return read_body("woocommerce", "order.updated", make_woo_order(**changes)).orders[0]


@pytest.mark.parametrize("number", [13, 14])
def test_a_cancelled_order_is_worth_nothing_whatever_its_totals_say(site: Any, shared_data: Path, number: int) -> None:
    body = orjson.loads((shared_data / f"payloads/shopify_order_cancel_response_{number}_2026-07.json").read_bytes())
    assert body["current_subtotal_price"] == "587.00"
    take(site.id, "shopify", "orders/cancelled", body)
    order = get_order(site.id, 450789469)
    assert (order.state, order.net_minor, order.is_counted, order.total_minor) == ("cancelled", 0, False, 59894)


@pytest.mark.parametrize(("number", "amount", "shipping"), [(1, 4194, 0), (2, 500, 500)])
def test_real_refunds_are_what_transactions_gave_back(
    site: Any, shared_data: Path, number: int, amount: int, shipping: int
) -> None:
    body = orjson.loads((shared_data / f"payloads/shopify_refund_create_response_{number}_2026-07.json").read_bytes())
    take(site.id, "shopify", "refunds/create", body)
    refund = db.session.scalars(select(Refund)).one()
    assert (refund.amount_minor, refund.shipping_minor) == (amount, shipping)


def test_real_orders_without_customer_or_payment(site: Any, shared_data: Path) -> None:
    orders = {}
    for number in (15, 16, 17):
        path = shared_data / f"payloads/shopify_order_create_response_{number}_2026-07.json"
        body = orjson.loads(path.read_bytes())
        take(site.id, "shopify", "orders/create", body)
        orders[number] = get_order(site.id, body["id"])
    assert (orders[15].currency, orders[15].customer_id, orders[15].is_guest) == ("EUR", None, True)
    assert (orders[15].state, orders[15].total_minor) == ("paid", 23847)
    for number in (16, 17):
        assert (orders[number].state, orders[number].paid_at) == ("placed", None)


def test_woocommerces_refund_without_lines_counts_once(site: Any, shared_data: Path) -> None:
    set_currency(site.id, "USD")
    listed, single = (
        orjson.loads((shared_data / f"payloads/woocommerce_{name}.json").read_bytes())
        for name in ("orders_3_list-all-orders", "refunds_1_create-a-refund")
    )
    take(site.id, "woocommerce", "refund.created", single)
    take(site.id, "woocommerce", "order.updated", listed)
    order = get_order(site.id, 723)
    assert (order.refunded_minor, order.net_minor) == (1900, 2000)
    refund = db.session.scalars(select(Refund).where(Refund.external_id == "726")).one()
    assert (refund.order_external_id, refund.amount_minor, refund.lines) == ("723", 1000, [])


@pytest.mark.parametrize(
    ("changes", "state"),
    [
        ({}, "paid"),
        *(({"financial_status": status}, "placed") for status in ("pending", "authorized", "partially_paid", "voided")),
        ({"financial_status": "partially_refunded"}, "paid"),
        ({"fulfillment_status": "partial"}, "paid"),
        ({"fulfillment_status": "fulfilled"}, "fulfilled"),
        ({"cancelled_at": "2026-05-05T12:00:00Z", "fulfillment_status": "fulfilled"}, "cancelled"),
    ],
)
def test_shopifys_states(changes: dict[str, Any], state: str) -> None:
    assert read_shopify(**changes).state == state


@pytest.mark.parametrize(("shipment", "state"), [("in_transit", "fulfilled"), ("delivered", "delivered")])
def test_an_order_is_delivered_once_all_its_parts_are(shipment: str, state: str) -> None:
    part = {"status": "success", "created_at": "2026-05-05T12:00:00Z", "updated_at": "2026-05-08T12:00:00Z"}
    parts = [{**part, "shipment_status": "delivered"}, {**part, "shipment_status": shipment}]
    order = read_shopify(fulfillment_status="fulfilled", fulfillments=parts)
    assert order.state == state
    assert (order.delivered_at is not None) == (state == "delivered")


def test_lines_carry_their_discount_their_tax_and_whether_they_are_gift_cards() -> None:
    line = {"id": 1, "name": "Card", "quantity": 2, "price": 10, "gift_card": True, "tax_lines": [{"price": "1.90"}],
            "discount_allocations": [{"amount": "1.00"}, {"amount": "0.50"}]}  # fmt: skip
    added, included = (read_shopify(line_items=[line], taxes_included=is_in).lines[0] for is_in in (False, True))
    assert (added.total_minor, added.discount_minor, added.tax_minor, added.is_gift_card) == (2040, 150, 190, True)
    assert included.total_minor == 1850


def test_who_bought_is_a_guest_unless_the_account_is_enabled() -> None:
    nobody = read_shopify(customer=None, email="", contact_email=None).buyer
    assert (nobody.external_id, nobody.email, nobody.is_guest) == (None, None, True)
    by_mail = read_shopify(customer=None, email="Dora@Shoppers.example", buyer_accepts_marketing=True).buyer
    assert (by_mail.email, by_mail.is_guest, by_mail.accepts_marketing) == ("dora@shoppers.example", True, True)
    for state, is_guest in (("disabled", True), ("invited", True), ("enabled", False)):
        assert read_shopify(customer=make_shopify_customer(state=state)).buyer.is_guest == is_guest
    consent = {"state": "subscribed"}
    assert read_shopify(customer=make_shopify_customer(email_marketing_consent=consent)).buyer.accepts_marketing
    unproven = read_shopify(customer=make_shopify_customer(email=None), email="d@x.example").buyer
    assert (unproven.email, unproven.is_email_verified) == ("d@x.example", None)


def test_refunds_are_read_from_lines_where_no_transaction_says_more() -> None:
    shipping = {"kind": "shipping_refund", "amount": "-3.00", "tax_amount": "-0.50"}
    assert read_refund(transactions=[]).amount_minor == 500
    without = read_refund(transactions=[], order_adjustments=[shipping])
    assert (without.amount_minor, without.shipping_minor) == (850, 350)
    kept = {"kind": "refund_discrepancy", "amount": "1.25", "tax_amount": "0.00"}
    assert read_refund(transactions=[], order_adjustments=[kept]).amount_minor == 375
    failed = {"kind": "refund", "status": "failure", "amount": "5.00", "currency": "EUR"}
    assert read_refund(transactions=[failed]).amount_minor == 0
    foreign = {"kind": "refund", "status": "success", "amount": "5.60", "currency": "USD"}
    assert read_refund(transactions=[foreign]).amount_minor == 500, "in the shop's currency"


@pytest.mark.parametrize(
    ("changes", "state"),
    [
        ({"status": "pending", "date_paid_gmt": None}, "placed"),
        ({"status": "on-hold", "date_paid_gmt": None}, "placed"),
        ({"status": "processing", "date_paid_gmt": None}, "paid"),
        ({"status": "completed"}, "fulfilled"),
        ({"status": "refunded"}, "paid"),
        ({"status": "packed-by-a-plugin"}, "paid"),
        *(({"status": status}, "cancelled") for status in ("cancelled", "failed", "trash")),
    ],
)
def test_woocommerces_states(changes: dict[str, Any], state: str) -> None:
    assert read_woo(**changes).state == state


def test_woocommerces_refunds_are_amounts_below_nothing_and_names_hold_no_entities() -> None:
    order = read_woo(refunds=[{"id": 726, "reason": "broken", "total": "-10.00"}])
    assert [(refund.external_id, refund.amount_minor) for refund in order.refunds] == [("726", 1000)]
    assert order.lines[0].title == "Salt & Pepper"
    assert order.updated_at.isoformat() == "2026-05-04T10:05:00+00:00"
    assert [one.amount_minor for one in read_woo(status="refunded").refunds] == [2935]
    assert read_woo(customer_id=26).buyer.is_guest is False


def test_a_deleted_order_counts_no_more_until_it_is_restored(site: Any) -> None:
    assert take(site.id, "woocommerce", "order.deleted", {"id": 727}).outcome == "ignored"
    take(site.id, "woocommerce", "order.created", make_woo_order(refunds=[{"id": 9, "total": "-1.00"}]))
    before = get_order(site.id, 727).net_minor
    deletion = take(site.id, "woocommerce", "order.deleted", {"id": 727})
    assert (get_order(site.id, 727).state, get_order(site.id, 727).net_minor) == ("cancelled", 0)
    assert deletion.detail == "Order 727 was deleted and counts no more."
    assert db.session.scalars(select(OrderLine)).one().title == "Salt & Pepper"
    take(site.id, "woocommerce", "order.restored", make_woo_order(refunds=[{"id": 9, "total": "-1.00"}]))
    assert (get_order(site.id, 727).state, get_order(site.id, 727).net_minor) == ("paid", before)


def test_a_cart_its_checkout_and_its_order_are_one(site: Any) -> None:
    set_currency(site.id, "EUR")
    times = {"created_at": "2026-05-04T09:00:00Z", "updated_at": "2026-05-04T09:00:00Z"}
    items = [{"product_id": 7, "title": "Teapot", "quantity": 2, "price": "9.00"}]
    take(site.id, "shopify", "carts/create", {"id": "c1?key=x", "token": "c1?key=x", "line_items": items, **times})
    checkout = {"id": 5, "token": "t1", "cart_token": "c1", "currency": "EUR", "total_price": "20.00",
                "customer": make_shopify_customer(), "line_items": items, **times,
                "updated_at": "2026-05-04T09:30:00Z"}  # fmt: skip
    take(site.id, "shopify", "checkouts/update", checkout)
    cart = db.session.scalars(select(Cart)).one()
    assert (cart.external_id, cart.value_minor, cart.bought_at) == ("c1", 2000, None)
    take(site.id, "shopify", "orders/create", make_shopify_order(cart_token="c1", checkout_token="t1"))
    db.session.refresh(cart)
    assert cart.bought_at is not None


def test_a_customer_told_alone_is_kept_and_joined_with_their_guest_orders(site: Any) -> None:
    take(site.id, "shopify", "orders/create", make_shopify_order(customer=None, email="carol@shoppers.example"))
    assert take(site.id, "shopify", "customers/create", make_shopify_customer()).outcome == "taken"
    buyer = db.session.get_one(Customer, (site.id, get_order(site.id, 1001).customer_id))
    assert (buyer.external_id, buyer.name) == ("501", "Carol Winter")
    told = {"id": 26, "email": "joao@x.example", "first_name": "João", "date_created_gmt": "2026-05-04T10:00:00"}
    assert take(site.id, "woocommerce", "customer.created", told).outcome == "taken"
    assert db.session.scalars(select(Customer.name).where(Customer.external_id == "26")).one() == "João"


def test_topics_that_say_nothing_of_ours_are_ignored(site: Any) -> None:
    told = [
        ("shopify", "products/update", {"id": 1}),
        ("shopify", "orders/edited", {"order_edit": {"id": 1}}),
        ("shopify", "refunds/create", {"refund": {"transactions": [{"kind": "suggested_refund"}]}}),
        ("woocommerce", "product.updated", {"id": 1}),
        ("woocommerce", "order.created", make_woo_order(status="checkout-draft")),
    ]
    for platform, topic, body in told:
        assert take(site.id, platform, topic, body).outcome == "ignored", topic


ODD = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.just("0001-01-01T00:00:00Z"),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(["id", "amount", "up"]), inner),
    max_leaves=4,
)
BODIES = {
    ("shopify", "orders/updated"): make_shopify_order(refunds=[make_shopify_refund()], fulfillments=[{}]),
    ("shopify", "refunds/create"): make_shopify_refund(),
    ("shopify", "customers/update"): make_shopify_customer(),
    ("woocommerce", "order.updated"): make_woo_order(),
    ("woocommerce", "refund.created"): {"id": 1, "amount": "1", "parent_id": 2, "date_created_gmt": "2026-05-04"},
}


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(sorted(BODIES)), st.data())
def test_a_body_of_any_shape_is_read_or_said_not_to_be_understood(told: tuple[str, str], data: st.DataObject) -> None:
    body = dict(BODIES[told])
    for name in data.draw(st.lists(st.sampled_from(sorted(body)), min_size=1, max_size=3)):
        body[name] = data.draw(ODD)
    with suppress(BodyNotUnderstood):
        read_body(*told, body, "EUR")
