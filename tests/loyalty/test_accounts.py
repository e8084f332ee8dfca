"""Accounts merge without losing a point, and whatever is altered by hand shows."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import delete, select, update
from sqlalchemy.exc import DBAPIError

from tests.cast import Cast
from tests.loyalty.books import check_book
from tests.loyalty.builders import (
    find_customer,
    give_points,
    make_reward,
    read_account,
    read_book,
    start_program,
    take_orders,
)
from tests.loyalty.tampering import unguarded
from tests.orders.builders import NOON, make_order, make_refund
from widget.core.db import begin_writing_anew, db, session_cursor
from widget.core.hot import hot_transaction
from widget.core.ids import new_id
from widget.customers.rules import Buyer
from widget.loyalty.accounts import merge_accounts
from widget.loyalty.models import LedgerEntry, Lot, LoyaltyAccount
from widget.loyalty.redeeming import redeem_reward
from widget.loyalty.settling import cancel_redemption
from widget.loyalty.verifying import find_faults
from widget.orders.joining import give_orders
from widget.sites.models import Site


def merge(cast: Cast, old: object, new: object) -> None:
    begin_writing_anew()
    give_orders(cast.maple.id, {old: new})
    merge_accounts(session_cursor(), cast.maple.id, old, new, NOON + timedelta(days=1))
    db.session.commit()


def test_merged_account_has_what_both_had_and_answers_for_what_both_did(app: Flask, cast: Cast) -> None:
    site_id = cast.maple.id
    with app.app_context():
        carol, carla = find_customer(site_id), find_customer(site_id, "carla")
        reward = make_reward(site_id, 30)
        start_program(site_id)
        order = {"total_minor": 8000, "buyer": Buyer("carla", "carla@shoppers.example")}
        take_orders(site_id, make_order(1, **order))
        give_points(site_id, carol, 10, expires_at=NOON + timedelta(days=50))
        spent, held = new_id(), new_id()
        with hot_transaction() as cursor:
            redeem_reward(cursor, site_id, carla, spent, reward, NOON)
        with hot_transaction() as cursor:
            redeem_reward(cursor, site_id, carla, held, reward, NOON, held_until=NOON + timedelta(days=9))
        for _ in range(2):
            merge(cast, carla, carol)
        assert (read_account(site_id, carol).balance, read_account(site_id, carol).held) == (30, 30)
        assert (read_account(site_id, carla).balance, read_account(site_id, carla).held) == (0, 0)
        for wanted in (spent, held):
            with hot_transaction() as cursor:
                cancel_redemption(cursor, site_id, wanted, NOON + timedelta(days=2), actor="alice")
        assert read_account(site_id, carol).balance == 90
        later = NOON + timedelta(days=3)
        take_orders(site_id, make_order(1, **order, updated_at=later, refunds=[make_refund(1, 8000)]), now=later)
        assert read_account(site_id, carol).balance == 10
        for customer in (carol, carla):
            check_book(*read_book(site_id, customer))
        assert list(find_faults(site_id)) == []


@pytest.mark.parametrize(
    ("statement", "number"),
    [
        (update(LedgerEntry).where(LedgerEntry.number == 2).values(delta=500), 2),
        (update(LedgerEntry).where(LedgerEntry.number == 1).values(actor="nobody"), 1),
        (update(Lot).where(Lot.number == 3).values(remaining=1), 3),
        (update(LoyaltyAccount).values(balance=999), 0),
    ],
    ids=["amount", "actor", "lot", "balance"],
)
def test_altered_row_is_named(app: Flask, cast: Cast, statement: object, number: int) -> None:
    with app.app_context():
        carol = find_customer(cast.maple.id)
        for _ in range(3):
            give_points(cast.maple.id, carol, 50)
        assert list(find_faults(cast.maple.id)) == []
        with unguarded():
            db.session.execute(statement)
            db.session.commit()
        (fault,) = find_faults(cast.maple.id)
    assert (fault.customer_id, fault.number) == (carol, number)


def test_missing_last_entry_is_named(app: Flask, cast: Cast) -> None:
    with app.app_context():
        carol = find_customer(cast.maple.id)
        for _ in range(2):
            give_points(cast.maple.id, carol, 50)
        with unguarded():
            db.session.execute(delete(Lot).where(Lot.number == 2))
            db.session.execute(delete(LedgerEntry).where(LedgerEntry.number == 2))
            db.session.commit()
        (fault,) = find_faults(cast.maple.id)
    assert fault.number == 2


@pytest.mark.parametrize("statement", [update(LedgerEntry).values(delta=500), delete(LedgerEntry)])
def test_database_refuses_to_change_an_entry(app: Flask, cast: Cast, statement: object) -> None:
    with app.app_context():
        carol = find_customer(cast.maple.id)
        give_points(cast.maple.id, carol, 50)
        db.session.execute(delete(Lot))
        with pytest.raises(DBAPIError, match="only ever added"):
            db.session.execute(statement)
        db.session.rollback()
        assert list(find_faults(cast.maple.id)) == []


def test_entries_go_with_their_site(app: Flask, cast: Cast) -> None:
    with app.app_context():
        give_points(cast.maple.id, find_customer(cast.maple.id), 50)
        give_points(cast.bobs.id, find_customer(cast.bobs.id), 50)
        begin_writing_anew()
        db.session.execute(delete(Site).where(Site.id == cast.maple.id))
        db.session.commit()
        assert db.session.scalars(select(LedgerEntry.site_id)).all() == [cast.bobs.id]
