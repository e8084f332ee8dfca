"""Owners connect a platform, see what arrived, take it in again, and disconnect; old events are forgotten."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from tests.cast import Cast
from tests.dashboard.owner import OwnerBrowser, logged_in, make_member
from tests.intake.platform_bodies import (
    connect,
    get_order,
    make_shopify_order,
    send_shopify,
    send_woo,
    set_currency,
)
from widget.core.clock import utc_now
from widget.core.db import begin_writing, db
from widget.intake.models import PlatformConnection, PlatformEvent
from widget.intake.tasks import forget_old_platform_events
from widget.sites.models import AuditEntry

CART = {
    "token": "c1",
    "line_items": [{"quantity": 1, "price": "9.00"}],
    "created_at": "2026-05-04T09:00:00Z",
    "updated_at": "2026-05-04T09:00:00Z",
}


@pytest.fixture
def page(cast: Cast) -> str:
    return f"/dashboard/{cast.maple.key}/settings/platforms"


def read_connection(app: Flask, cast: Cast, platform: str) -> PlatformConnection | None:
    with app.app_context():
        return db.session.get(PlatformConnection, (cast.maple.id, platform))


def list_actions(app: Flask) -> list[tuple[str, str]]:
    with app.app_context():
        return [(entry.action, entry.subject) for entry in db.session.scalars(select(AuditEntry))]


def test_an_owner_connects_shopify_with_its_secret(app: Flask, alice: OwnerBrowser, cast: Cast, page: str) -> None:
    assert "No platform is connected" in alice.get(page).text
    assert f"/api/v1/webhooks/shopify/{cast.maple.key}" in alice.get(page).text
    assert alice.post(f"{page}/shopify", secret=" abc123 ").status_code == 302
    assert "Nothing has arrived yet" in alice.get(page).text
    alice.post(f"{page}/shopify", secret="", app_secret="def456")
    connection = read_connection(app, cast, "shopify")
    assert connection is not None
    assert (connection.secret, connection.app_secret) == ("abc123", "def456")
    assert "abc123" not in alice.get(page).text
    assert list_actions(app) == [("platform.connected", "Shopify")] * 2
    assert "connected Shopify" in alice.get(f"/dashboard/{cast.maple.key}/settings/activity").text


@pytest.mark.parametrize("secret", ["", "   ", "two words", "sécret", "x" * 201])
def test_what_is_no_secret_is_refused(app: Flask, alice: OwnerBrowser, cast: Cast, page: str, secret: str) -> None:
    assert alice.post(f"{page}/shopify", secret=secret).status_code == 422
    assert read_connection(app, cast, "shopify") is None


def test_woocommerce_gets_a_secret_of_ours_until_another_is_made(
    app: Flask, alice: OwnerBrowser, cast: Cast, page: str
) -> None:
    secrets = []
    for _ in range(2):
        alice.post(f"{page}/woocommerce")
        connection = read_connection(app, cast, "woocommerce")
        assert connection is not None
        assert connection.secret in alice.get(page).text
        secrets.append(connection.secret)
    assert secrets[0] != secrets[1]


def test_a_disconnected_platform_is_refused(app: Flask, alice: OwnerBrowser, cast: Cast, page: str) -> None:
    connect(app, cast.maple)
    alice.post(f"{page}/shopify/disconnect")
    assert send_shopify(app, cast.maple, "orders/create", make_shopify_order()).status_code == 401
    alice.post(f"{page}/shopify/disconnect")
    assert list_actions(app) == [("platform.disconnected", "Shopify")]
    assert alice.post(f"{page}/magento/disconnect").status_code == 404


def test_an_event_that_failed_is_taken_in_again_once_it_can_be(
    app: Flask, alice: OwnerBrowser, cast: Cast, page: str
) -> None:
    connect(app, cast.maple)
    assert send_shopify(app, cast.maple, "carts/create", CART).json == {"outcome": "failed"}
    assert "names no currency" in alice.get(page).text
    with app.app_context():
        set_currency(cast.maple.id, "EUR")
        event_id = db.session.scalars(select(PlatformEvent.id)).one()
    alice.post(f"{page}/events/{event_id}/replay")
    assert "taken in" in alice.get(page).text
    alice.post(f"{page}/replay")
    with app.app_context():
        assert db.session.scalars(select(PlatformEvent.outcome)).all() == ["taken"]
    assert list_actions(app) == [("platform.replayed", "carts/create")]


def test_only_owners_of_the_site_see_and_replay(app: Flask, bob: OwnerBrowser, cast: Cast, page: str) -> None:
    connect(app, cast.maple)
    send_shopify(app, cast.maple, "carts/create", CART)
    make_member(app, cast.maple, "erin@maple.example", "editor")
    with app.app_context():
        event_id = db.session.scalars(select(PlatformEvent.id)).one()
    bobs = f"/dashboard/{cast.bobs.key}/settings/platforms"
    assert bob.get(page).status_code == 404
    assert bob.post(f"{bobs}/events/{event_id}/replay").status_code == 404
    assert "carts/create" not in bob.get(bobs).text
    assert logged_in(app, "erin@maple.example").get(page).status_code == 403


def test_the_command_takes_in_again_what_is_kept(app: Flask, cast: Cast) -> None:
    connect(app, cast.maple)
    send_shopify(app, cast.maple, "carts/create", CART)
    send_shopify(app, cast.maple, "orders/create", make_shopify_order(currency="XXX-"))
    send_shopify(app, cast.maple, "orders/create", make_shopify_order())
    run = app.test_cli_runner().invoke
    base = ["intake", "replay", "--site", cast.maple.key]
    assert "2 events: 1 taken, 0 known, 0 ignored, 1 failed." in run(args=[*base, "--failed"]).output
    assert "0 events" in run(args=[*base, "--since", "2100-01-01"]).output
    assert "3 events: 0 taken, 2 known, 0 ignored, 1 failed." in run(args=base).output
    assert run(args=["intake", "replay", "--site", "st_nobody"]).exit_code == 2
    with app.app_context():
        assert get_order(cast.maple.id, 1001).total_minor == 2000


def test_events_are_forgotten_after_thirty_days(app: Flask, cast: Cast) -> None:
    connect(app, cast.maple)
    for number in (1, 2):
        send_woo(app, cast.maple, "order.created", {"id": number})
    with app.app_context():
        begin_writing()
        first = db.session.scalars(select(PlatformEvent.id)).first()
        aged = update(PlatformEvent).where(PlatformEvent.id == first)
        db.session.execute(aged.values(received_at=utc_now() - timedelta(days=31)))
        db.session.commit()
        forget_old_platform_events()
        assert db.session.scalar(select(func.count()).select_from(PlatformEvent)) == 1
