"""Points follow what a store tells of its orders, whoever tells it, in whatever order and however often."""

import copy
import random
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import orjson
import pytest
from flask import Flask
from sqlalchemy import select

from tests.applications import wipe
from tests.cast import Cast, make_cast
from tests.intake.platform_bodies import set_currency
from tests.intake.test_platform_any_order import list_own_bodies, list_real_bodies, shuffle_twice
from tests.long_run import at_length
from tests.loyalty.builders import give_points, start_program, sum_source
from tests.orders.builders import NOON, make_order, make_refund
from widget.core.db import begin_writing_anew, db
from widget.core.money import count_digits
from widget.customers.buyers import Told, resolve_buyers
from widget.customers.models import Customer
from widget.customers.queries import find_customer_by_external_id
from widget.customers.rules import Buyer
from widget.intake import tasks
from widget.intake.customer_service import merge_customers, save_customer
from widget.intake.platform_events import take_event
from widget.intake.service import take_orders, take_refunds
from widget.loyalty.models import LedgerEntry, LoyaltyAccount, LoyaltyProgram
from widget.loyalty.verifying import find_faults
from widget.orders.models import Order
from widget.orders.service import save_rates

BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)
SHUFFLES = {"sqlite": at_length(30, otherwise=2), "postgresql": at_length(10, otherwise=1)}


def begin_program(site_id: uuid.UUID, live_at: datetime = BEGINNING, **rules: Any) -> None:
    start_program(site_id, **rules)
    begin_writing_anew()
    db.session.get_one(LoyaltyProgram, site_id).live_at = live_at
    db.session.commit()


def tell(site_id: uuid.UUID, *documents: Any, source: str = "api") -> None:
    begin_writing_anew()
    take_orders(site_id, documents or (make_order(),), source)
    db.session.commit()


def balance_of(site_id: uuid.UUID, name: str = "carol") -> int | None:
    """Return what an account has, None where there is none."""
    db.session.rollback()
    is_called = (Customer.site_id == site_id, Customer.external_id == name)
    is_same = (LoyaltyAccount.site_id == Customer.site_id) & (LoyaltyAccount.customer_id == Customer.id)
    return db.session.scalar(select(LoyaltyAccount.balance).join(Customer, is_same).where(*is_called))


@pytest.fixture
def site_id(app: Flask, cast: Cast) -> Iterator[uuid.UUID]:
    with app.app_context():
        yield cast.maple.id
        assert list(find_faults(cast.maple.id)) == []
        db.session.rollback()


def take_body(site_id: uuid.UUID, platform: str, topic: str, body: Any) -> None:
    event = take_event(site_id, platform, topic, None, orjson.dumps(body))
    assert event is not None
    assert event.outcome != "failed", event.detail


def describe_points(site_id: uuid.UUID) -> dict[str, Any]:
    """Return what every account and every order ends with, by the store's ids, and undo it all."""
    is_same = (LoyaltyAccount.site_id == Customer.site_id) & (LoyaltyAccount.customer_id == Customer.id)
    amounts = (LoyaltyAccount.balance, LoyaltyAccount.pending, LoyaltyAccount.lifetime, LoyaltyAccount.debt)
    accounts = db.session.execute(
        select(Customer.external_id, *amounts)
        .join(Customer, is_same)
        .where(LoyaltyAccount.site_id == site_id, Customer.merged_into_id.is_(None))
    )
    orders = db.session.execute(select(Order.external_id, Order.id).where(Order.site_id == site_id)).all()
    found = {
        "accounts": sorted(tuple(row) for row in accounts if any(row[1:])),
        "orders": {name: sum_source(site_id, f"order:{order_id}") for name, order_id in orders},
        "faults": list(find_faults(site_id)),
    }
    db.session.rollback()
    return found


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_real_bodies_in_any_order_end_with_the_same_points(
    database: str, shared_data: Path, request: pytest.FixtureRequest
) -> None:
    app = request.getfixturevalue(f"{database}_app")
    wipe(app)
    site_id, chance = make_cast(app).maple.id, random.Random(database)
    with app.app_context():
        set_currency(site_id, "USD")
        begin_program(site_id, currency="USD")
        begin_writing_anew()
        save_rates(site_id, {("EUR", BEGINNING.date()): 1_100_000_000})
        db.session.commit()
        told = [*list_real_bodies(shared_data), *list_own_bodies()]
        ends = []
        for place in range(SHUFFLES[database] + 1):
            begin_writing_anew()
            for platform, topic, body in shuffle_twice(told, chance) if place else told:
                take_body(site_id, platform, topic, body)
            ends.append(describe_points(site_id))
    assert ends[0]["faults"] == []
    assert any(points > 0 for points in ends[0]["orders"].values())
    assert all(end == ends[0] for end in ends[1:])


def split_refund(refund: dict[str, Any]) -> list[dict[str, Any]]:
    """Return refunds of one line each, with the part of the money that each line is."""
    parts = []
    for number, line in enumerate(refund["refund_line_items"]):
        part = copy.deepcopy(refund) | {"id": refund["id"] + number + 1, "refund_line_items": [line]}
        amount = float(line["subtotal"]) + float(line["total_tax"])
        parts.append(part | {"transactions": [{"kind": "refund", "status": "success", "amount": f"{amount:.2f}"}]})
    return parts


@pytest.mark.parametrize(
    ("rules", "is_split"),
    [({}, False), ({}, True), ({"points": 2}, True), (None, True)],
    ids=["one refund", "split refund", "rule doubled", "rule deleted"],
)
def test_real_refund_takes_back_392_points(
    site_id: uuid.UUID, shared_data: Path, rules: dict[str, int] | None, is_split: bool
) -> None:
    body = orjson.loads((shared_data / "payloads" / "shopify_order_get_2026-07.json").read_bytes())
    set_currency(site_id, "USD")
    begin_program(site_id, currency="USD")
    begin_writing_anew()
    take_body(site_id, "shopify", "orders/create", body | {"refunds": [], "financial_status": "paid"})
    db.session.commit()
    assert balance_of(site_id, str(body["customer"]["id"])) == 587
    spend = {"points": 1, "per_minor": 100, "earns_on": "paid", "with_tax": False, "with_shipping": False}
    begin_program(site_id, currency="USD", spend=(rules and {**spend, "excluded_products": [], **rules}) or None)
    (refund,) = body["refunds"]
    parts = split_refund(refund) if is_split else [refund]
    for place in range(len(parts)):
        begin_writing_anew()
        later = {"updated_at": f"2025-07-0{place + 2}T12:00:00-05:00", "refunds": parts[: place + 1]}
        for _ in range(2):
            take_body(site_id, "shopify", "orders/updated", body | later)
        db.session.commit()
    assert balance_of(site_id, str(body["customer"]["id"])) == 587 - 392


def test_refund_that_came_before_its_order_and_again_after_it_counts_once(site_id: uuid.UUID) -> None:
    begin_program(site_id)
    refund = ("1", make_refund(1, 500))
    for step in ("refund", "order", "refund", "order"):
        begin_writing_anew()
        if step == "refund":
            take_refunds(site_id, [refund])
        else:
            take_orders(site_id, [make_order()], "api")
        db.session.commit()
    assert balance_of(site_id) == 15
    begin_writing_anew()
    take_refunds(site_id, [("1", make_refund(2, 1500))])
    db.session.commit()
    assert balance_of(site_id) == 0


def test_file_of_old_orders_earns_what_was_bought_since_the_program_is_live(site_id: uuid.UUID) -> None:
    begin_program(site_id, NOON, actions=[{"key": "signup", "points": 50, "limit": 1, "per": "ever"}])
    before = make_order(1, placed_at=NOON - timedelta(seconds=1))
    frank = make_order(2, placed_at=NOON - timedelta(days=9), buyer=Buyer("frank"))
    tell(site_id, before, frank, make_order(3), source="import")
    assert (balance_of(site_id), balance_of(site_id, "frank")) == (50 + 20, None)


def test_guest_earns_once_when_they_turn_out_to_have_an_account(site_id: uuid.UUID) -> None:
    begin_program(site_id)
    guest = Buyer(email="carol@shoppers.example")
    tell(site_id, make_order(1, buyer=guest), make_order(2, buyer=guest, placed_at=NOON + timedelta(days=1)))
    assert balance_of(site_id) is None
    for _ in range(2):
        begin_writing_anew()
        save_customer(site_id, "carol", Buyer(None, "carol@shoppers.example", is_email_verified=True), {})
        db.session.commit()
    assert balance_of(site_id) == 40
    tell(site_id, make_order(3, buyer=guest))
    assert balance_of(site_id) == 60


def test_points_of_a_guest_go_along_with_them(site_id: uuid.UUID) -> None:
    begin_program(site_id)
    begin_writing_anew()
    buyers = resolve_buyers(site_id, [Told(Buyer(email="carol@shoppers.example"), NOON)])
    (guest_id,) = buyers.ids
    db.session.commit()
    assert guest_id is not None
    give_points(site_id, guest_id, 70)
    tell(site_id, make_order(buyer=Buyer("carol", "carol@shoppers.example", is_email_verified=True)))
    assert balance_of(site_id) == 90


def test_merged_customers_have_the_points_of_both_and_refunds_find_them(site_id: uuid.UUID) -> None:
    begin_program(site_id)
    tell(site_id, make_order(1), make_order(2, buyer=Buyer("old")))
    for _ in range(2):
        begin_writing_anew()
        old = find_customer_by_external_id(site_id, "old")
        assert old is not None
        merge_customers(site_id, old, "carol")
        db.session.commit()
    assert (balance_of(site_id), balance_of(site_id, "old")) == (40, 0)
    tell(site_id, make_order(3, buyer=Buyer("old")))
    later = NOON + timedelta(days=1)
    tell(site_id, make_order(2, buyer=Buyer("old"), updated_at=later, refunds=[make_refund(1, 2000)]))
    assert (balance_of(site_id), balance_of(site_id, "old")) == (40, 0)


def test_currency_changes_points_by_no_more_than_rounding(site_id: uuid.UUID) -> None:
    set_currency(site_id, "EUR")
    begin_program(site_id)
    rates = {"USD": 920_000_000, "JPY": 6_100_000, "KWD": 3_000_000_000}
    begin_writing_anew()
    save_rates(site_id, {(currency, NOON.date()): rate for currency, rate in rates.items()})
    db.session.commit()
    euros = 123_456
    for number, (currency, rate) in enumerate(rates.items()):
        digits = 10 ** (count_digits(currency) - 2) if currency != "JPY" else 1 / 100
        minor = round(euros * 1_000_000_000 / rate * digits)
        tell(site_id, make_order(number, buyer=Buyer(currency), currency=currency, total_minor=minor))
        assert abs((balance_of(site_id, currency) or 0) - 1234) <= 1, currency


def test_program_in_another_currency_than_the_reports_is_converted_both_ways(site_id: uuid.UUID) -> None:
    set_currency(site_id, "EUR")
    begin_program(site_id, currency="USD")
    begin_writing_anew()
    save_rates(site_id, {("USD", NOON.date()): 800_000_000})
    db.session.commit()
    tell(site_id, make_order(1, total_minor=8000), make_order(2, total_minor=5000, currency="USD"))
    assert balance_of(site_id) == 100 + 50


def test_order_without_a_rate_earns_once_one_is_known_and_keeps_it(site_id: uuid.UUID) -> None:
    set_currency(site_id, "EUR")
    begin_program(site_id)
    tell(site_id, make_order(currency="USD"))
    assert not balance_of(site_id)
    for rate, points in ((500_000_000, 10), (900_000_000, 10)):
        begin_writing_anew()
        save_rates(site_id, {("USD", NOON.date()): rate})
        db.session.commit()
        tasks.restate_due_orders()
        assert balance_of(site_id) == points
    # What was earned by a rate goes by the same rate.
    tell(site_id, make_order(currency="USD", updated_at=NOON + timedelta(days=1), refunds=[make_refund(1, 1000)]))
    assert balance_of(site_id) == 5


def test_store_without_a_program_gives_nothing(site_id: uuid.UUID) -> None:
    tell(site_id)
    assert balance_of(site_id) is None


def test_signup_earns_once_for_each_account_however_often_it_is_told(site_id: uuid.UUID) -> None:
    begin_program(site_id, actions=[{"key": "signup", "points": 50, "limit": 1, "per": "ever"}])
    for _ in range(2):
        begin_writing_anew()
        save_customer(site_id, "carol", Buyer(None, "carol@shoppers.example"), {})
        db.session.commit()
    tell(site_id)
    assert balance_of(site_id) == 70
    assert db.session.scalars(select(LedgerEntry.rule).order_by(LedgerEntry.number)).all() == ["signup", "spend"]
