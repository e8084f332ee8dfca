"""Small bodies of Shopify and WooCommerce, signed as they sign them; and the tables they end in."""

import uuid
from typing import Any
from urllib.parse import urlencode

import orjson
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from tests.cast import SiteOfCast
from widget.core.clock import utc_now
from widget.core.db import begin_writing, begin_writing_anew, db
from widget.customers.models import Customer
from widget.intake import platforms
from widget.intake.models import PlatformEvent
from widget.intake.platform_events import take_event
from widget.intake.signatures import sign_body, sign_query
from widget.orders.models import Order, OrderLine, Refund
from widget.orders.rollup_models import OrderDay
from widget.sites.models import Site

SECRET = "a secret of the shop"
APP_SECRET = "hush"


def make_shopify_order(**changes: Any) -> dict[str, Any]:
    """Return an order of 20.00 EUR by Carol, paid, unless it says otherwise."""
    usual = {
        "id": 1001,
        "name": "#1001",
        "created_at": "2026-05-04T12:00:00+02:00",
        "processed_at": "2026-05-04T12:00:00+02:00",
        "updated_at": "2026-05-04T12:05:00+02:00",
        "cancelled_at": None,
        "test": False,
        "currency": "EUR",
        "financial_status": "paid",
        "fulfillment_status": None,
        "taxes_included": False,
        "total_price": "20.00",
        "total_tax": "2.00",
        "total_discounts": "0.00",
        "customer": make_shopify_customer(),
        "line_items": [{"id": 1, "product_id": 7, "name": "Teapot", "quantity": 1, "price": "18.00",
                        "tax_lines": [{"price": "2.00"}]}],
        "refunds": [],
    }  # fmt: skip
    return usual | changes


def make_shopify_customer(**changes: Any) -> dict[str, Any]:
    usual = {"id": 501, "email": "carol@shoppers.example", "first_name": "Carol", "last_name": "Winter",
             "state": "enabled", "verified_email": True, "updated_at": "2026-05-04T12:05:00+02:00"}  # fmt: skip
    return usual | changes


def make_shopify_refund(**changes: Any) -> dict[str, Any]:
    """Return a refund of 5.00 EUR of a line, given back."""
    usual = {
        "id": 31,
        "order_id": 1001,
        "created_at": "2026-05-07T12:00:00+02:00",
        "refund_line_items": [{"line_item_id": 1, "quantity": 1, "subtotal": 4.5, "total_tax": 0.5,
                               "subtotal_set": {"shop_money": {"amount": "4.50", "currency_code": "EUR"}}}],
        "order_adjustments": [],
        "transactions": [{"kind": "refund", "status": "success", "amount": "5.00", "currency": "EUR"}],
    }  # fmt: skip
    return usual | changes


def make_woo_order(**changes: Any) -> dict[str, Any]:
    """Return an order of 29.35 USD by a guest, paid, unless it says otherwise."""
    usual = {
        "id": 727,
        "number": "727",
        "status": "processing",
        "currency": "USD",
        "date_created_gmt": "2026-05-04T10:00:00",
        "date_modified_gmt": "2026-05-04T10:05:00",
        "date_paid_gmt": "2026-05-04T10:05:00",
        "date_completed_gmt": None,
        "total": "29.35",
        "total_tax": "1.35",
        "shipping_total": "10.00",
        "discount_total": "0.00",
        "customer_id": 0,
        "billing": {"email": "John@Shoppers.example", "first_name": "John", "last_name": "Doe"},
        "line_items": [{"id": 315, "name": "Salt &amp; Pepper", "product_id": 93, "quantity": 2,
                        "subtotal": "18.00", "total": "18.00", "total_tax": "1.35"}],
        "coupon_lines": [],
        "refunds": [],
    }  # fmt: skip
    return usual | changes


def connect(app: Flask, site: SiteOfCast, *names: str) -> None:
    """Connect a site to platforms, whose secret in these tests is always one."""
    with app.app_context():
        begin_writing()
        for name in names or ("shopify", "woocommerce"):
            platforms.connect(site.id, name, SECRET, APP_SECRET if name == "shopify" else "")
        db.session.commit()


def send_shopify(app: Flask, site: SiteOfCast, topic: str, body: Any, **headers: str) -> TestResponse:
    """Send a body as Shopify does; a header given here takes the place of its own."""
    raw = body if isinstance(body, bytes) else orjson.dumps(body)
    signed = {"X-Shopify-Topic": topic, "X-Shopify-Hmac-Sha256": sign_body(SECRET, raw)}
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    usual = {"Content-Type": "application/json"} | signed | given
    return app.test_client().post(f"/api/v1/webhooks/shopify/{site.key}", data=raw, headers=usual)


def send_woo(app: Flask, site: SiteOfCast, topic: str, body: Any, **headers: str) -> TestResponse:
    """Send a body as WooCommerce does."""
    raw = body if isinstance(body, bytes) else orjson.dumps(body)
    signed = {"X-WC-Webhook-Topic": topic, "X-WC-Webhook-Signature": sign_body(SECRET, raw)}
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    usual = {"Content-Type": "application/json", "X-WC-Webhook-Delivery-ID": "d1"} | signed | given
    return app.test_client().post(f"/api/v1/webhooks/woocommerce/{site.key}", data=raw, headers=usual)


def ask_app_proxy(app: Flask, site: SiteOfCast, *, customer: str = "501", age: int = 0, **changes: Any) -> TestResponse:
    """Ask for a customer token as a shop's app proxy does; a value of None leaves the parameter out."""
    asked = {
        "shop": "maple.myshopify.com",
        "path_prefix": "/apps/regulars",
        "logged_in_customer_id": customer,
        "timestamp": str(int(utc_now().timestamp()) - age),
    }
    asked |= {"signature": sign_query(APP_SECRET, asked.items())} | changes
    given = [(name, value) for name, value in asked.items() if value is not None]
    return app.test_client().get(f"/api/v1/webhooks/shopify/{site.key}/customer-token?{urlencode(given)}")


def take(site_id: uuid.UUID, platform: str, topic: str, body: Any) -> PlatformEvent:
    """Take in a body as one request does, without the door before it."""
    begin_writing_anew()
    event = take_event(site_id, platform, topic, None, orjson.dumps(body))
    db.session.commit()
    assert event is not None
    return event


def get_order(site_id: uuid.UUID, external_id: int | str) -> Order:
    is_here = (Order.site_id == site_id, Order.external_id == str(external_id))
    return db.session.scalars(select(Order).where(*is_here).execution_options(populate_existing=True)).one()


def set_currency(site_id: uuid.UUID, currency: str) -> None:
    """Let the site report in a currency, before the first order would decide it."""
    begin_writing_anew()
    db.session.get_one(Site, site_id).reporting_currency = currency
    db.session.commit()


def describe(site_id: uuid.UUID) -> dict[str, Any]:
    """Return everything that is kept of a site's orders and buyers, without our own ids and clock."""

    def read(model: Any, left_out: tuple[str, ...], *conditions: Any) -> list[tuple[Any, ...]]:
        columns = [column for column in model.__table__.columns if column.name not in ("site_id", *left_out)]
        rows = db.session.execute(select(*columns).where(model.site_id == site_id, *conditions))
        return sorted((tuple(row) for row in rows), key=repr)

    is_of_order = (Order.site_id == OrderLine.site_id) & (Order.id == OrderLine.order_id)
    is_of_customer = (Customer.site_id == Order.site_id) & (Customer.id == Order.customer_id)
    lines = select(Order.external_id, *OrderLine.__table__.columns).join(Order, is_of_order)
    buyers = select(Order.external_id, Customer.external_id, Customer.email_key).join(Customer, is_of_customer)
    return {
        "orders": read(Order, ("id", "customer_id", "created_at")),
        "buyers": sorted(tuple(row) for row in db.session.execute(buyers.where(Order.site_id == site_id))),
        "lines": sorted((row[0], *row[3:]) for row in db.session.execute(lines.where(Order.site_id == site_id))),
        # One that is neither listed nor came by itself counts nowhere: it was in an older state of its order.
        "refunds": read(Refund, (), Refund.is_listed | Refund.is_standalone),
        # A guest who is known to be an account from the first leaves no row that leads to it.
        "customers": read(Customer, ("id", "created_at"), Customer.merged_into_id.is_(None)),
        "days": [row for row in read(OrderDay, ()) if any(row[1:])],
    }
