"""What a platform sends is let in by its signature alone, kept once, and answered 200 whatever it says."""

from typing import Any

import jwt
import orjson
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from tests.cast import Cast
from tests.intake.platform_bodies import (
    APP_SECRET,
    SECRET,
    ask_app_proxy,
    connect,
    get_order,
    make_shopify_order,
    make_woo_order,
    send_shopify,
    send_woo,
)
from widget.core.clock import utc_now
from widget.core.db import begin_writing, db
from widget.customers.models import Customer
from widget.intake.models import PlatformConnection, PlatformEvent
from widget.intake.signatures import sign_body, sign_query
from widget.orders.models import Order

SENDERS = {"shopify": (send_shopify, make_shopify_order), "woocommerce": (send_woo, make_woo_order)}
SIGNATURE = {"shopify": "X_Shopify_Hmac_Sha256", "woocommerce": "X_WC_Webhook_Signature"}


@pytest.fixture(autouse=True)
def connected(app: Flask, cast: Cast) -> None:
    connect(app, cast.maple)


def count_stored(app: Flask) -> tuple[int, ...]:
    with app.app_context():
        counts = (select(func.count()).select_from(model) for model in (PlatformEvent, Order, Customer))
        return tuple(db.session.scalar(count) or 0 for count in counts)


@pytest.mark.parametrize("platform", SENDERS)
def test_a_signed_order_is_stored_and_answered(app: Flask, cast: Cast, platform: str) -> None:
    send, make = SENDERS[platform]
    answer = send(app, cast.maple, "orders/create" if platform == "shopify" else "order.created", make())
    assert (answer.status_code, answer.json) == (200, {"outcome": "taken"})
    with app.app_context():
        assert get_order(cast.maple.id, make()["id"]).source == platform
        connection = db.session.get_one(PlatformConnection, (cast.maple.id, platform))
        assert connection.last_event_at is not None


@pytest.mark.parametrize("platform", SENDERS)
@pytest.mark.parametrize("signature", ["", "bm9uc2Vuc2U=", sign_body("another secret", b"{}"), "\xe9"])
def test_a_wrong_or_missing_signature_is_refused_and_nothing_is_stored(
    app: Flask, cast: Cast, platform: str, signature: str
) -> None:
    send, make = SENDERS[platform]
    answer = send(app, cast.maple, "orders/create", make(), **{SIGNATURE[platform]: signature})
    assert answer.status_code == 401
    assert answer.content_type == "application/problem+json"
    assert count_stored(app) == (0, 0, 0)


@pytest.mark.parametrize("platform", SENDERS)
def test_a_body_that_was_changed_on_its_way_is_refused(app: Flask, cast: Cast, platform: str) -> None:
    send, make = SENDERS[platform]
    signature = sign_body(SECRET, orjson.dumps(make(id=1)))
    assert send(app, cast.maple, "orders/create", make(id=2), **{SIGNATURE[platform]: signature}).status_code == 401
    assert count_stored(app) == (0, 0, 0)


@pytest.mark.parametrize("platform", SENDERS)
def test_what_was_signed_for_another_site_is_refused(app: Flask, cast: Cast, platform: str) -> None:
    send, make = SENDERS[platform]
    assert send(app, cast.bobs, "orders/create", make()).status_code == 401, "Bob has no connection"
    with app.app_context():
        begin_writing()
        db.session.add(
            PlatformConnection(site_id=cast.bobs.id, platform=platform, secret="Bob's own", created_at=utc_now())
        )
        db.session.commit()
    assert send(app, cast.bobs, "orders/create", make()).status_code == 401, "Maple's secret is not Bob's"
    assert count_stored(app) == (0, 0, 0)


@pytest.mark.parametrize("platform", SENDERS)
def test_after_disconnecting_everything_is_refused(app: Flask, cast: Cast, platform: str) -> None:
    with app.app_context():
        begin_writing()
        db.session.delete(db.session.get_one(PlatformConnection, (cast.maple.id, platform)))
        db.session.commit()
    send, make = SENDERS[platform]
    assert send(app, cast.maple, "orders/create", make()).status_code == 401
    assert count_stored(app) == (0, 0, 0)


@pytest.mark.parametrize("platform", SENDERS)
@pytest.mark.parametrize(
    ("body", "content_type", "status"),
    [
        (b" " * 10 * 1024 * 1024, "application/json", 413),
        (b"{", "application/json", 400),
        (b'{"id": "\xff"}', "application/json", 400),
        (b"", "application/json", 400),
        (b'{"id": 1}', "text/plain", 415),
        (b"id=1", "application/x-www-form-urlencoded", 415),
    ],
    ids=["10 MB", "cut", "not UTF-8", "empty", "text", "form"],
)
def test_what_is_no_json_or_too_large_is_refused_and_nothing_is_stored(
    app: Flask, cast: Cast, platform: str, body: bytes, content_type: str, status: int
) -> None:
    answer = SENDERS[platform][0](app, cast.maple, "orders/create", body, Content_Type=content_type)
    assert answer.status_code == status
    assert answer.content_type == "application/problem+json"
    assert count_stored(app) == (0, 0, 0)


@pytest.mark.parametrize("body", [[], {}, "text", {"id": 5}, {"id": {}}, make_shopify_order(total_price="1e40")])
def test_a_body_that_says_nothing_is_kept_as_failed_and_answered(app: Flask, cast: Cast, body: Any) -> None:
    for send in (send_shopify, send_woo):
        answer = send(app, cast.maple, "orders/create" if send is send_shopify else "order.created", body)
        assert answer.status_code == 200
    with app.app_context():
        for event in db.session.scalars(select(PlatformEvent)):
            assert event.outcome == "failed"
            assert event.detail
    assert count_stored(app)[1:] == (0, 0)


def test_the_lower_case_family_of_headers_is_read(app: Flask, cast: Cast) -> None:
    raw = orjson.dumps(make_shopify_order())
    headers = {
        "content-type": "application/json",
        "shopify-topic": "orders/create",
        "shopify-hmac-sha256": sign_body(SECRET, raw),
        "shopify-event-id": "e1",
    }
    for outcome in ("taken", "known"):
        answer = app.test_client().post(f"/api/v1/webhooks/shopify/{cast.maple.key}", data=raw, headers=headers)
        assert (answer.status_code, answer.json) == (200, {"outcome": outcome})
    assert count_stored(app) == (1, 1, 1)


def test_the_secret_of_the_app_signs_webhooks_too(app: Flask, cast: Cast) -> None:
    raw = orjson.dumps(make_shopify_order())
    answer = send_shopify(app, cast.maple, "orders/create", raw, X_Shopify_Hmac_Sha256=sign_body(APP_SECRET, raw))
    assert answer.status_code == 200


def test_a_second_delivery_of_shopifys_event_does_nothing(app: Flask, cast: Cast) -> None:
    first = make_shopify_order()
    later = make_shopify_order(updated_at="2026-05-05T12:00:00+02:00", total_price="99.00")
    send_shopify(app, cast.maple, "orders/updated", first, X_Shopify_Event_Id="e1")
    again = send_shopify(app, cast.maple, "orders/updated", later, X_Shopify_Event_Id="e1")
    assert (again.status_code, again.json) == (200, {"outcome": "known"})
    with app.app_context():
        assert get_order(cast.maple.id, 1001).total_minor == 2000
    assert count_stored(app)[0] == 1


def test_two_topics_of_one_event_are_both_taken(app: Flask, cast: Cast) -> None:
    for topic in ("orders/create", "orders/paid"):
        send_shopify(app, cast.maple, topic, make_shopify_order(), X_Shopify_Event_Id="e1")
    assert count_stored(app)[0] == 2


def test_two_different_deliveries_of_one_second_are_both_taken(app: Flask, cast: Cast) -> None:
    for number in (727, 728):
        answer = send_woo(app, cast.maple, "order.created", make_woo_order(id=number), X_WC_Webhook_Delivery_ID="same")
        assert answer.json == {"outcome": "taken"}
    assert count_stored(app) == (2, 2, 1)


def test_an_older_state_sent_again_changes_nothing(app: Flask, cast: Cast) -> None:
    paid = make_shopify_order(updated_at="2026-05-05T12:00:00+02:00", financial_status="paid")
    assert send_shopify(app, cast.maple, "orders/paid", paid).json == {"outcome": "taken"}
    stale = send_shopify(app, cast.maple, "orders/create", make_shopify_order(financial_status="pending"))
    assert (stale.status_code, stale.json) == (200, {"outcome": "known"})
    with app.app_context():
        assert get_order(cast.maple.id, 1001).state == "paid"
        last = db.session.scalars(select(PlatformEvent).order_by(PlatformEvent.id.desc())).first()
        assert last is not None
        assert last.detail == "An older state of order #1001; the newer one stays."


def test_woocommerces_unsigned_ping_is_answered_and_stores_nothing(client: FlaskClient, app: Flask, cast: Cast) -> None:
    address = f"/api/v1/webhooks/woocommerce/{cast.maple.key}"
    assert client.post(address, data={"webhook_id": "5"}).status_code == 200
    assert count_stored(app) == (0, 0, 0)
    assert client.post(address, data={"webhook_id": "5", "more": "1"}).status_code == 401
    assert client.post(address, data={"webhook_id": "x"}).status_code == 401
    assert client.post(f"/api/v1/webhooks/woocommerce/{cast.bobs.key}", data={"webhook_id": "5"}).status_code == 401
    assert client.post(f"/api/v1/webhooks/shopify/{cast.maple.key}", data={"webhook_id": "5"}).status_code == 401


def test_the_app_proxy_gets_a_token_that_our_own_door_takes(app: Flask, cast: Cast) -> None:
    answer = ask_app_proxy(app, cast.maple)
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    token = answer.json["customer_token"]
    claims = jwt.decode(token, cast.maple.signing_key, ["HS256"], issuer=cast.maple.key)
    assert claims["sub"] == "501"
    assert claims["exp"] - claims["iat"] == 600
    session = app.test_client().post(
        f"/embed/v1/{cast.maple.key}/sessions", json={"customer_token": token}, headers=cast.maple.page_headers
    )
    assert session.json["session_token"]
    assert ask_app_proxy(app, cast.maple).json["customer_token"] != token


def test_the_app_proxy_is_refused_without_a_signature_of_this_moment(app: Flask, cast: Cast) -> None:
    refused: list[dict[str, Any]] = [
        {"age": 91},
        {"age": -120},
        {"signature": None},
        {"signature": "0" * 64},
        {"signature": sign_query("another", [])},
        {"logged_in_customer_id": "777"},
        {"customer": ""},
        {"timestamp": "x"},
    ]
    for changes in refused:
        assert ask_app_proxy(app, cast.maple, **changes).status_code == 401, changes
    assert ask_app_proxy(app, cast.bobs).status_code == 401


def test_a_parameter_given_twice_is_refused(app: Flask, cast: Cast) -> None:
    good = ask_app_proxy(app, cast.maple)
    assert good.request.query_string
    for more in ("&shop=other.myshopify.com", "&timestamp=1", "&signature=0"):
        path = f"{good.request.path}?{good.request.query_string.decode()}{more}"
        assert app.test_client().get(path).status_code == 401, more
