"""What customers have changes by a new rule only where an owner has seen the figures and confirmed them."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from tests.cast import Cast
from tests.coupons.builders import StoreServer
from tests.embed.shopper import assert_problem, read_json
from tests.loyalty.books import check_book, sum_of
from tests.loyalty.builders import (
    find_customer,
    give_points,
    make_reward,
    read_account,
    read_book,
    start_program,
    take_orders,
)
from tests.loyalty.test_program import GOLD, LOT, NOTHING, SILVER, tiers
from tests.orders.builders import NOON, make_order, make_refund
from widget.core.hot import hot_transaction
from widget.core.ids import new_id
from widget.loyalty.program import default_rules
from widget.loyalty.redeeming import redeem_reward
from widget.loyalty.settling import cancel_redemption
from widget.loyalty.verifying import find_faults

MONTH = timedelta(days=30)
LATER = NOON + 6 * MONTH
RULES = default_rules("EUR", "UTC") | {"pending_days": 0, "actions": [], "expiry": LOT}
SHORT = RULES | {"expiry": LOT | {"months": 3, "to_month_end": False}}


@pytest.fixture
def store(app: Flask, client: FlaskClient, cast: Cast) -> StoreServer:
    """A store half a year on: Carol earned at the beginning and lately, Frank at the beginning."""
    with app.app_context():
        site_id = cast.maple.id
        carol, frank = find_customer(site_id), find_customer(site_id, "frank")
        start_program(site_id, expiry=LOT)
        gone = NOON + timedelta(days=365)
        give_points(site_id, carol, 100, expires_at=gone)
        give_points(site_id, frank, 40, expires_at=gone)
        give_points(site_id, carol, 7, now=LATER - MONTH, expires_at=gone + 5 * MONTH)
        give_points(site_id, frank, 5, now=LATER, available_at=LATER + MONTH, expires_at=gone + 7 * MONTH)
    return StoreServer(client, cast.maple)


@pytest.fixture
def later() -> Any:
    with time_machine.travel(LATER, tick=False):
        yield


def put(store: StoreServer, rules: dict[str, Any], **more: Any) -> Any:
    return store.send("PUT", "/loyalty/program", {"rules": rules, **more})


def preview(store: StoreServer, rules: dict[str, Any]) -> dict[str, Any]:
    return read_json(store.send("POST", "/loyalty/program/preview", {"rules": rules}))


def apply_expiry(store: StoreServer, figures: dict[str, int]) -> Any:
    return store.send("POST", "/loyalty/program/expiry", {"confirmed": figures})


@pytest.mark.usefixtures("later")
def test_shorter_expiry_takes_nothing_until_its_figures_are_confirmed(
    app: Flask, store: StoreServer, cast: Cast
) -> None:
    figures = preview(store, SHORT)["expiry"]
    assert figures == NOTHING | {"lost_customers": 2, "lost_points": 140, "sooner_customers": 2, "sooner_points": 12}
    read_json(put(store, SHORT))
    with app.app_context():
        carol, frank = find_customer(cast.maple.id), find_customer(cast.maple.id, "frank")
        assert [read_account(cast.maple.id, one).balance for one in (carol, frank)] == [107, 40]
    assert_problem(apply_expiry(store, figures | {"lost_points": 139}), 409)
    assert read_json(apply_expiry(store, figures))["expiry"] == NOTHING
    problem = assert_problem(apply_expiry(store, figures), 409)
    assert problem["type"] == "urn:regulars:problem:preview-needed"
    assert read_json(apply_expiry(store, NOTHING))["expiry"] == NOTHING
    with app.app_context():
        accounts = [read_account(cast.maple.id, one) for one in (carol, frank)]
        assert [(one.balance, one.pending, one.lifetime) for one in accounts] == [(7, 0, 0), (0, 5, 0)]
        for customer in (carol, frank):
            check_book(*read_book(cast.maple.id, customer))
        assert list(find_faults(cast.maple.id)) == []


@pytest.mark.usefixtures("later")
def test_longer_expiry_gives_points_more_time_once_confirmed(app: Flask, store: StoreServer, cast: Cast) -> None:
    read_json(put(store, RULES | {"expiry": LOT | {"kind": "none"}}))
    figures = preview(store, RULES | {"expiry": LOT | {"kind": "none"}})["expiry"]
    assert figures == NOTHING | {"later_customers": 2, "later_points": 152}
    read_json(apply_expiry(store, figures))
    with app.app_context():
        carol = find_customer(cast.maple.id)
        book, entries = read_book(cast.maple.id, carol)
        assert {lot.expires_at for lot in book.lots.values() if lot.remaining} == {None}
        assert read_account(cast.maple.id, carol).next_change_at is None
        check_book(book, entries)


@pytest.mark.usefixtures("later")
def test_expiry_by_inactivity_begins_when_it_is_applied(app: Flask, store: StoreServer, cast: Cast) -> None:
    rules = RULES | {"expiry": LOT | {"kind": "inactivity", "months": 1, "to_month_end": False}}
    read_json(put(store, rules))
    figures = preview(store, rules)["expiry"]
    assert (figures["lost_points"], figures["sooner_points"]) == (0, 152)
    read_json(apply_expiry(store, figures))
    with app.app_context():
        carol = find_customer(cast.maple.id)
        assert read_account(cast.maple.id, carol).balance == 107
        ends_at = read_account(cast.maple.id, carol).inactive_at
        assert LATER + timedelta(days=28) < ends_at < LATER + timedelta(days=33)
        give_points(cast.maple.id, carol, 1, now=ends_at)
        assert read_account(cast.maple.id, carol).balance == 1


@pytest.mark.usefixtures("later")
def test_points_with_another_expiry_still_belong_to_their_order_and_their_redemption(
    app: Flask, store: StoreServer, cast: Cast
) -> None:
    with app.app_context():
        site_id = cast.maple.id
        carol, reward, wanted = find_customer(site_id), make_reward(site_id, 10), new_id()
        bought = LATER - MONTH
        order = {"total_minor": 3000, "placed_at": bought, "paid_at": bought}
        take_orders(site_id, make_order(1, **order, updated_at=bought), now=bought)
        with hot_transaction() as cursor:
            redeem_reward(cursor, site_id, carol, wanted, reward, LATER)
        read_json(put(store, SHORT))
        read_json(apply_expiry(store, preview(store, SHORT)["expiry"]))
        assert read_account(site_id, carol).balance == 7 + 30
        with hot_transaction() as cursor:
            cancel_redemption(cursor, site_id, wanted, LATER, actor="alice")
        assert read_account(site_id, carol).balance == 7 + 30 + 10
        refunded = make_order(1, **order, updated_at=LATER, refunds=[make_refund(1, 3000)])
        take_orders(site_id, refunded, now=LATER)
        book, entries = read_book(site_id, carol)
        assert (book.balance, book.debt) == (17, 0)
        assert sum(entry.delta for entry in entries if entry.cause.source.startswith("order:")) == 0
        assert sum_of(entries, "expiry:2") == 0
        check_book(book, entries)
        assert list(find_faults(site_id)) == []


@pytest.mark.usefixtures("later")
def test_changed_tiers_move_customers_up_at_once_and_down_only_when_confirmed(
    app: Flask, store: StoreServer, cast: Cast
) -> None:
    with app.app_context():
        site_id = cast.maple.id
        carol = find_customer(site_id)
        start_program(site_id, expiry=LOT, tiers=tiers(SILVER, GOLD))
        bought = LATER - MONTH
        take_orders(
            site_id,
            make_order(1, total_minor=20_000, placed_at=bought, paid_at=bought, updated_at=bought),
            now=bought,
        )
        assert read_account(site_id, carol).tier == "silver"
    easier = RULES | {"tiers": tiers(SILVER, GOLD | {"threshold": 150, "gift_points": 25})}
    assert preview(store, easier)["tiers"] == {"up": 1, "down": 0}
    read_json(put(store, easier))
    with app.app_context():
        assert (read_account(site_id, carol).tier, read_account(site_id, carol).lifetime) == ("gold", 225)
    harder = RULES | {"tiers": tiers(SILVER | {"threshold": 400}, GOLD)}
    assert preview(store, harder)["tiers"] == {"up": 0, "down": 1}
    assert_problem(put(store, harder), 409)
    assert read_json(put(store, harder, confirmed_down=1))["version"] == 4
    with app.app_context():
        assert read_account(site_id, carol).tier is None
        check_book(*read_book(site_id, carol))


@pytest.mark.usefixtures("later")
def test_removed_tiers_leave_nobody_in_one(app: Flask, store: StoreServer, cast: Cast) -> None:
    with app.app_context():
        start_program(cast.maple.id, expiry=LOT, tiers=tiers(SILVER))
        bought = LATER - MONTH
        take_orders(
            cast.maple.id,
            make_order(1, total_minor=20_000, placed_at=bought, paid_at=bought, updated_at=bought),
            now=bought,
        )
    read_json(put(store, RULES, confirmed_down=1))
    with app.app_context():
        carol = find_customer(cast.maple.id)
        assert read_account(cast.maple.id, carol).tier is None


@pytest.mark.usefixtures("later")
def test_what_time_has_taken_already_is_not_in_the_figures(store: StoreServer) -> None:
    with time_machine.travel(NOON + timedelta(days=366), tick=False):
        assert preview(store, SHORT)["expiry"]["lost_points"] == 12
