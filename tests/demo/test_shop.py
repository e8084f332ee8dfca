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

from tests.applications import dispose, make_application, make_settings
from widget.demo import reviews, service
from widget.demo.accounts import DemoAccount
from widget.demo.catalogue import PRODUCTS
from widget.demo.service import stock_shop

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
