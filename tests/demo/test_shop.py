"""Maple Store's pages, without a browser."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import select

from tests.applications import dispose, make_application, make_settings
from tests.popups.builders import lead
from widget.core.clock import utc_now
from widget.core.db import db
from widget.core.hot import hot_transaction
from widget.core.ids import new_id
from widget.coupons.issuing import Source, issue_coupon
from widget.coupons.models import CouponPool
from widget.demo import reviews, service
from widget.demo.accounts import DemoAccount
from widget.demo.catalogue import PRODUCTS
from widget.demo.service import stock_shop
from widget.orders.models import Order
from widget.popups.models import Campaign

ORIGIN = "http://127.0.0.1:8000"


@dataclass(frozen=True)
class Shop:
    """The demo as `make run` serves it."""

    app: Flask
    account: DemoAccount


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    data_dir = tmp_path_factory.mktemp("shop")
    app = make_application(make_settings(data_dir, f"sqlite:///{data_dir}/regulars.db", demo=True))
    with app.app_context(), pytest.MonkeyPatch.context() as patch:
        patch.setattr(service, "HISTORY_DAYS", 5)
        patch.setattr(service, "SOLD_DAYS_BEFORE", 0)
        patch.setattr(reviews, "list_reviews", list)
        account = stock_shop(data_dir, "http://localhost:8000")
    yield Shop(app, account)
    dispose(app)


@pytest.fixture
def carol(shop: Shop) -> FlaskClient:
    """A browser at the shop."""
    return shop.app.test_client()


def script_line(page: str) -> str:
    (line,) = re.findall(r"<script[^>]*>", page)
    return line


def test_every_page_carries_one_line_and_a_strict_policy(shop: Shop, carol: FlaskClient) -> None:
    for path in ("/shop/", "/shop/cart", "/shop/login", *(f"/shop/products/{p.slug}" for p in PRODUCTS)):
        answer = carol.get(path)
        assert answer.status_code == 200
        assert f'src="http://localhost:8000/embed/v1/{shop.account.site_key}.js"' in script_line(answer.text)
        policy = answer.headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'none'; script-src http://localhost:8000; ")
        assert "unsafe" not in policy
        assert answer.headers["Cache-Control"] == "private, no-store"
        assert " style=" not in answer.text


def test_newsletter_stands_below_the_shelf_and_not_at_the_checkout(shop: Shop, carol: FlaskClient) -> None:
    tag = f'<regulars-popup inline campaign="{shop.account.newsletter_id}">'
    assert all(tag in carol.get(path).text for path in ("/shop/", "/shop/products/teapot"))
    order_mug(carol)
    pages = ("/shop/cart", "/shop/login", f"/shop/orders/{order_mug(carol)}")
    assert not any("regulars-popup" in carol.get(path).text for path in pages)


def test_campaign_waits_on_product_pages_alone(shop: Shop, carol: FlaskClient) -> None:
    script = carol.get(f"/embed/v1/{shop.account.site_key}.js").text
    (pattern,) = re.findall(r'"popups":\[\{[^]]*?"urls":"([^"]+)"', script)
    assert re.match(pattern, f"{ORIGIN}/shop/products/teapot")
    assert not any(re.match(pattern, ORIGIN + path) for path in ("/shop/", "/shop/cart", "/shop/orders/M1"))


def test_address_left_on_the_way_out_is_worth_a_code_that_the_cart_takes(shop: Shop, carol: FlaskClient) -> None:
    with shop.app.app_context():
        campaign_id = db.session.scalars(select(Campaign.id).where(Campaign.goal == "coupon")).one()
    said = lead(campaign_id, "nils@shoppers.example")
    answer = carol.post(f"/embed/v1/{shop.account.site_key}/leads", json=said, headers={"Origin": ORIGIN})
    assert (answer.status_code, answer.json["state"]) == (201, "confirmed")
    carol.post("/shop/cart", data={"sku": "MUG-02", "quantity": "1"})
    carol.post("/shop/cart/code", data={"code": answer.json["code"]})
    assert find_order(shop, place_order(carol)).discount_minor == 240


def test_products_have_pictures_for_lists_elsewhere(carol: FlaskClient) -> None:
    picture = carol.get("/shop/pictures/teapot.jpg")
    assert (picture.status_code, picture.content_type) == (200, "image/jpeg")
    assert Image.open(BytesIO(picture.data)).size == (1000, 750)
    assert carol.get("/shop/pictures/nothing.jpg").status_code == 404


def test_shopper_fills_the_cart_and_orders(carol: FlaskClient) -> None:
    carol.post("/shop/cart", data={"sku": "MUG-02", "quantity": "2", "change": "add"})
    carol.post("/shop/cart", data={"sku": "POT-03", "quantity": "1", "change": "add"})
    assert "$120.00" in carol.get("/shop/cart").text
    carol.post("/shop/cart", data={"sku": "POT-03", "quantity": "0"})
    assert "Little teapot" not in carol.get("/shop/cart").text
    order = carol.post("/shop/orders", follow_redirects=True)
    order_id = order.request.path.rpartition("/")[2]
    line = script_line(order.text)
    assert 'data-event="order_placed"' in line
    assert f'data-field-order-id="{order_id}"' in line
    assert "Nothing in it yet" in carol.get("/shop/cart").text


def find_order(shop: Shop, order_id: str) -> Order:
    with shop.app.app_context():
        return db.session.scalars(select(Order).where(Order.external_id == order_id)).one()


def order_mug(browser: FlaskClient) -> str:
    browser.post("/shop/cart", data={"sku": "MUG-02", "change": "add"})
    return place_order(browser)


def place_order(browser: FlaskClient) -> str:
    return browser.post("/shop/orders").headers["Location"].rpartition("/")[2]


def issue_code(shop: Shop, name: str) -> str:
    """Give a code of one of the shop's rewards out, as a redemption does."""
    with shop.app.app_context():
        pool = db.session.scalars(select(CouponPool).where(CouponPool.name == name)).one()
        source = Source(pool.id, is_made=True, prefix=pool.prefix, valid_days=pool.valid_days)
        with hot_transaction() as cursor:
            return issue_coupon(cursor, pool.site_id, source, None, f"test:{new_id()}", utc_now()).code


def test_codes_take_off_what_they_are_worth_once(shop: Shop, carol: FlaskClient) -> None:
    for name, worth in (("Free delivery", (2400, 0, 0)), ("$5 off", (2500, 500, 600)), ("10% off", (2760, 240, 600))):
        code = issue_code(shop, name)
        carol.post("/shop/cart", data={"sku": "MUG-02", "quantity": "1"})
        page = carol.post("/shop/cart/code", data={"code": f" {code.lower()}"}, follow_redirects=True).text
        assert "is applied" in page
        order = find_order(shop, place_order(carol))
        assert (order.total_minor, order.discount_minor, order.shipping_minor) == worth
        again = carol.post("/shop/cart/code", data={"code": code}).headers["Location"]
        assert again.endswith(f"wrong={code}")


def test_code_that_is_used_meanwhile_is_said_to_be_so(shop: Shop, carol: FlaskClient) -> None:
    code, other = issue_code(shop, "$5 off"), shop.app.test_client()
    for browser in (carol, other):
        browser.post("/shop/cart", data={"sku": "MUG-02", "change": "add"})
        browser.post("/shop/cart/code", data={"code": code})
    other.post("/shop/orders")
    page = carol.get("/shop/cart").text
    assert "cannot be used" in page
    assert "$30.00" in page
    assert find_order(shop, place_order(carol)).discount_minor == 0


def test_delivery_is_free_sooner_by_the_tier(shop: Shop, carol: FlaskClient) -> None:
    carol.post("/shop/login", data={"shopper": "carol"})
    carol.post("/shop/cart", data={"sku": "APRON-07", "change": "add"})
    assert "$52.00" in carol.post("/shop/orders", follow_redirects=True).text.partition("Total")[2]
    stranger = shop.app.test_client()
    stranger.post("/shop/cart", data={"sku": "APRON-07", "change": "add"})
    assert "$58.00" in stranger.post("/shop/orders", follow_redirects=True).text


def test_order_is_sent_back_once_and_by_nobody_else(shop: Shop, carol: FlaskClient) -> None:
    order_id = order_mug(carol)
    assert shop.app.test_client().post(f"/shop/orders/{order_id}/return").status_code == 404
    for _ in range(2):
        page = carol.post(f"/shop/orders/{order_id}/return", follow_redirects=True).text
        assert "You get $30.00 back" in page
        assert "Send everything back" not in page
        assert "data-event" not in script_line(page)
    assert find_order(shop, order_id).net_minor == 0


def test_strange_input_does_no_harm(carol: FlaskClient) -> None:
    for data in ({}, {"sku": "NOPE", "change": "add"}, {"sku": "MUG-02", "quantity": "-3"}, {"quantity": "x"}):
        assert carol.post("/shop/cart", data=data).status_code == 303
    assert "Nothing in it yet" in carol.get("/shop/cart").text
    assert carol.post("/shop/orders").headers["Location"].endswith("/shop/cart")
    assert carol.post("/shop/login", data={"shopper": "mallory"}).status_code == 404
    for path in ("/shop/products/nothing", "/shop/orders/M1", "/shop/files/1/../secret_key"):
        assert carol.get(path).status_code == 404


def test_forged_cookie_is_a_new_visit(carol: FlaskClient) -> None:
    carol.set_cookie("maple_store", "eyJjYXJ0Ijp7fX0.forged", path="/shop")
    assert "Log in" in carol.get("/shop/").text


def test_stranger_is_not_signed(carol: FlaskClient) -> None:
    assert "data-customer" not in script_line(carol.get("/shop/").text)


def test_customer_who_logs_in_is_known_to_the_owner(carol: FlaskClient, shop: Shop) -> None:
    carol.post("/shop/login", data={"shopper": "carol"})
    page = carol.get("/shop/").text
    assert "Hello, Carol" in page
    (token,) = re.findall(r'data-customer="([^"]+)"', page)
    session = carol.post(
        f"/embed/v1/{shop.account.site_key}/sessions",
        json={"customer_token": token},
        headers={"Origin": ORIGIN},
    )
    assert session.status_code == 200
    assert session.json["session_token"]
    carol.post("/shop/logout")
    assert "data-customer" not in carol.get("/shop/").text


def test_shop_is_not_there_without_the_setting(client: FlaskClient) -> None:
    assert client.get("/shop/").status_code == 404
    assert client.get("/shop/login").status_code == 404


def test_shop_that_is_not_stocked_says_what_to_do(tmp_path: Path) -> None:
    app = make_application(make_settings(tmp_path, f"sqlite:///{tmp_path}/regulars.db", demo=True))
    answer = app.test_client().get("/shop/")
    assert answer.status_code == 404
    assert "flask --app wsgi demo" in answer.text
    dispose(app)
