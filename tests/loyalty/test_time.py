"""What time brings is written down by the worker, late or on time alike, and the ledger can be checked by a command."""

import uuid
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import update

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
from tests.loyalty.test_program import tiers
from tests.orders.builders import NOON, make_order
from widget.core.db import db, session_cursor
from widget.core.hot import exchange, hot_transaction
from widget.core.ids import new_id
from widget.loyalty import tasks
from widget.loyalty.models import LedgerEntry, LoyaltyAccount
from widget.loyalty.queries import get_redemption
from widget.loyalty.redeeming import redeem_reward
from widget.loyalty.redeeming_leanly import redeem_leanly
from widget.loyalty.standing import read_standing

DAY = timedelta(days=1)
STEP = {"key": "silver", "names": {"en": "Silver"}, "threshold": 20}


@pytest.fixture
def site_id(app: Flask, cast: Cast) -> Iterator[uuid.UUID]:
    with app.app_context(), time_machine.travel(NOON, tick=False):
        yield cast.maple.id
        db.session.rollback()


def tell_sums(account: LoyaltyAccount) -> tuple[int, int, int]:
    return account.balance, account.pending, account.held


@pytest.mark.parametrize("steps", [(5, 14, 40, 400), (400,)], ids=["on time", "late"])
def test_points_become_available_and_expire_late_or_on_time(site_id: uuid.UUID, steps: tuple[int, ...]) -> None:
    carol = find_customer(site_id)
    expiry = {"kind": "lot", "months": 1, "to_month_end": False, "purchases_only": False}
    start_program(site_id, pending_days=14, expiry=expiry)
    take_orders(site_id, make_order(total_minor=5000))
    give_points(site_id, carol, 30, expires_at=NOON + 20 * DAY)
    found = []
    for days in steps:
        with time_machine.travel(NOON + days * DAY, tick=False):
            before = read_standing(session_cursor(), site_id, carol, NOON + days * DAY)
            for _ in range(2):
                tasks.settle_due_accounts()
        account = read_account(site_id, carol)
        assert (before.balance, before.pending) == (account.balance, account.pending)
        found.append(tell_sums(account))
    assert found == [(30, 50, 0), (80, 0, 0), (50, 0, 0), (0, 0, 0)][-len(steps) :]
    assert read_account(site_id, carol).next_change_at is None
    check_book(*read_book(site_id, carol))


def test_tier_is_lost_on_the_day_of_the_store_and_a_pinned_one_stays(site_id: uuid.UUID) -> None:
    window = {"kind": "rolling", "months": 1, "grace_days": 10}
    by_spend = {"measure": "spend", "window": window, "steps": [{**STEP, "threshold": 2000}]}
    start_program(site_id, tiers=by_spend, time_zone="Pacific/Auckland")
    carol, frank = find_customer(site_id), find_customer(site_id, "frank")
    take_orders(site_id, make_order(1), make_order(2, buyer=make_order().buyer.__class__("frank")))
    db.session.execute(update(LoyaltyAccount).where(LoyaltyAccount.customer_id == frank).values(is_tier_pinned=True))
    db.session.commit()
    until = read_account(site_id, carol).tier_until_on
    assert until is not None
    tiers_found = []
    for hours in (-25, -23):
        # There the day begins at noon of the day before in UTC.
        at = NOON.replace(year=until.year, month=until.month, day=until.day) + timedelta(hours=hours)
        with time_machine.travel(at, tick=False):
            tasks.lower_due_tiers()
        tiers_found.append((read_account(site_id, carol).tier, read_account(site_id, frank).tier))
    assert tiers_found == [("silver", "silver"), (None, "silver")]
    assert read_account(site_id, carol).tier_until_on is None


def test_tier_that_time_brings_counts_before_anything_wrote_it_down(site_id: uuid.UUID) -> None:
    carol, reward = find_customer(site_id), make_reward(site_id, 100, tier_prices={"silver": 30})
    start_program(site_id, pending_days=14, tiers=tiers({**STEP, "multiplier_thousandths": 2000}))
    take_orders(site_id, make_order(1, total_minor=8000))
    later = NOON + 15 * DAY
    with time_machine.travel(later, tick=False):
        assert exchange(lambda cursor: redeem_leanly(cursor, site_id, carol, new_id(), reward, later)) is None
        with hot_transaction() as cursor:
            assert redeem_reward(cursor, site_id, carol, new_id(), reward, later).points == 30
            assert read_standing(cursor, site_id, carol, later).tier == "silver"
        tasks.settle_due_accounts()
    assert read_account(site_id, carol).tier == "silver"


def test_order_earns_by_the_tier_that_time_has_brought(site_id: uuid.UUID) -> None:
    carol = find_customer(site_id)
    start_program(site_id, pending_days=14, tiers=tiers({**STEP, "multiplier_thousandths": 2000}))
    take_orders(site_id, make_order(1, total_minor=8000))
    later = NOON + 15 * DAY
    with time_machine.travel(later, tick=False):
        take_orders(site_id, make_order(2, total_minor=1000, placed_at=later, paid_at=later), now=later)
    assert tell_sums(read_account(site_id, carol)) == (80, 20, 0)


def test_held_points_come_back_when_their_time_is_over(site_id: uuid.UUID) -> None:
    carol, reward, wanted = find_customer(site_id), make_reward(site_id), [new_id(), new_id()]
    start_program(site_id)
    give_points(site_id, carol, 250)
    for minutes, redemption_id in zip((15, 30), wanted, strict=True):
        until = NOON + timedelta(minutes=minutes)
        with hot_transaction() as cursor:
            redeem_reward(cursor, site_id, carol, redemption_id, reward, NOON, held_until=until)
    with time_machine.travel(NOON + timedelta(minutes=15), tick=False):
        for _ in range(2):
            tasks.release_overdue_redemptions()
    assert [get_redemption(site_id, one).state for one in wanted] == ["cancelled", "held"]
    assert tell_sums(read_account(site_id, carol)) == (150, 0, 100)
    check_book(*read_book(site_id, carol))


def verify(app: Flask, *options: str) -> Any:
    return app.test_cli_runner().invoke(args=["loyalty", "verify", *options])


def test_command_names_the_first_altered_row(app: Flask, cast: Cast) -> None:
    with app.app_context():
        for name in ("carol", "frank"):
            for _ in range(3):
                give_points(cast.maple.id, find_customer(cast.maple.id, name), 50)
    clean = verify(app)
    assert (clean.exit_code, clean.output) == (0, "2 sites: every account agrees.\n")
    with app.app_context(), unguarded():
        frank = find_customer(cast.maple.id, "frank")
        is_second = (LedgerEntry.customer_id == frank, LedgerEntry.number == 2)
        db.session.execute(update(LedgerEntry).where(*is_second).values(actor="mallory"))
        db.session.commit()
    altered = verify(app, "--site", cast.maple.key)
    assert altered.exit_code == 1
    assert f"{cast.maple.key} customer frank, entry 2: The entry was altered" in altered.output
    assert verify(app, "--site", cast.bobs.key).exit_code == 0
    assert verify(app, "--site", "st_nobody").exit_code == 2
