"""Whatever happens in whatever order, on both databases: no point is lost, doubled, or spent twice."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from flask import Flask
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import select

from tests.applications import wipe
from tests.cast import make_cast
from tests.long_run import at_length
from tests.loyalty.books import check_book
from tests.loyalty.builders import find_customer, make_reward, read_book, start_program, sum_source, take_orders
from tests.orders.builders import NOON, make_order, make_refund
from widget.core.db import begin_writing_anew, db, session_cursor
from widget.core.hot import HotCursor
from widget.core.ids import new_id
from widget.core.problems import Conflict
from widget.customers.rules import Buyer
from widget.loyalty.accounts import adjust_points, merge_accounts, settle_account
from widget.loyalty.models import LoyaltyAccount
from widget.loyalty.redeeming import redeem_reward
from widget.loyalty.settling import cancel_redemption, commit_redemption
from widget.loyalty.verifying import find_faults
from widget.orders.joining import give_orders
from widget.orders.models import Order

NAMES = ("carol", "frank", "erin")
NO_SPENDING = {"spend": None}
EXPIRY = {"kind": "lot", "months": 1, "to_month_end": False, "purchases_only": False}
STEP = {"key": "gold", "names": {"en": "Gold"}, "threshold": 300, "multiplier_thousandths": 1500, "gift_points": 25}
TIERS = {"measure": "points", "window": {"kind": "rolling", "months": 2, "grace_days": 5}, "steps": [STEP]}
names, points = st.sampled_from(NAMES), st.integers(1, 200)


@dataclass
class ToldOrder:
    """An order as the store tells of it, with what was given back."""

    name: str
    total: int
    told_at: datetime
    placed_at: datetime
    state: str = "paid"
    refunds: list[int] = field(default_factory=list)


class LedgerMachine(RuleBasedStateMachine):
    """Three customers, their orders and redemptions, and a clock that only goes forward."""

    app: Flask

    @initialize()
    def begin(self) -> None:
        wipe(self.app)
        site = make_cast(self.app).maple
        self.context = self.app.app_context()
        self.context.push()
        self.site_id, self.now = site.id, NOON
        self.orders: list[ToldOrder] = []
        self.redemptions: list[uuid.UUID] = []
        self.survivors = {name: find_customer(site.id, name) for name in NAMES}
        self.reward = make_reward(site.id, 60)
        start_program(site.id, pending_days=2, expiry=EXPIRY, tiers=TIERS)

    def teardown(self) -> None:
        if hasattr(self, "context"):
            db.session.remove()
            self.context.pop()

    @rule(name=names, total=st.integers(100, 40_000))
    def order(self, name: str, total: int) -> None:
        self.orders.append(ToldOrder(name, total, self.now, self.now))
        self.tell(len(self.orders) - 1)

    @rule(data=st.data())
    def refund_a_part(self, data: st.DataObject) -> None:
        if self.orders:
            number = data.draw(st.integers(0, len(self.orders) - 1))
            told = self.orders[number]
            if rest := told.total - sum(told.refunds):
                told.refunds.append(data.draw(st.integers(1, rest)))
                self.tell(number, is_news=True)

    @rule(data=st.data(), is_news=st.booleans())
    def cancel_or_repeat(self, data: st.DataObject, is_news: bool) -> None:
        if self.orders:
            number = data.draw(st.integers(0, len(self.orders) - 1))
            if is_news:
                self.orders[number].state = "cancelled"
            self.tell(number, is_news=is_news)

    @rule(name=names, is_held=st.booleans())
    def redeem(self, name: str, is_held: bool) -> None:
        wanted, until = new_id(), self.now + timedelta(days=3) if is_held else None
        with self.attempt() as cursor:
            who = self.survivors[name]
            redeem_reward(cursor, self.site_id, who, wanted, self.reward, self.now, held_until=until)
            self.redemptions.append(wanted)

    @rule(data=st.data(), commits=st.booleans())
    def settle_redemption(self, data: st.DataObject, commits: bool) -> None:
        if self.redemptions:
            wanted = data.draw(st.sampled_from(self.redemptions))
            with self.attempt() as cursor:
                if commits:
                    commit_redemption(cursor, self.site_id, wanted, self.now)
                else:
                    cancel_redemption(cursor, self.site_id, wanted, self.now, actor="alice")

    @rule(name=names, change=st.integers(-80, 80).filter(bool), may_owe=st.booleans())
    def adjust(self, name: str, change: int, may_owe: bool) -> None:
        with self.attempt() as cursor:
            who, said = self.survivors[name], {"actor": "alice", "reason": "Sorry", "may_owe": may_owe}
            adjust_points(cursor, self.site_id, who, new_id(), change, self.now, **said)

    @rule(days=st.integers(1, 25))
    def wait(self, days: int) -> None:
        self.now += timedelta(days=days)
        with self.attempt() as cursor:
            for who in sorted(set(self.survivors.values())):
                settle_account(cursor, self.site_id, who, self.now)

    @rule(old=names, new=names)
    def merge(self, old: str, new: str) -> None:
        gone, kept = self.survivors[old], self.survivors[new]
        if gone != kept:
            with self.attempt() as cursor:
                give_orders(self.site_id, {gone: kept})
                merge_accounts(cursor, self.site_id, gone, kept, self.now)
            self.survivors = {name: kept if who == gone else who for name, who in self.survivors.items()}

    @rule(rules=st.sampled_from([NO_SPENDING, {"debt_limit": 50}, {"pending_days": 0}, {}]))
    def change_rules(self, rules: dict[str, object]) -> None:
        start_program(self.site_id, **{"pending_days": 2, "expiry": EXPIRY, "tiers": TIERS, **rules})

    @invariant()
    def every_book_agrees_with_its_entries(self) -> None:
        if not hasattr(self, "site_id"):
            return
        db.session.rollback()
        for who in db.session.scalars(select(LoyaltyAccount.customer_id)).all():
            check_book(*read_book(self.site_id, who))
        assert list(find_faults(self.site_id)) == []

    @invariant()
    def cancelled_order_has_earned_nothing_but_what_was_forgiven(self) -> None:
        if not hasattr(self, "site_id"):
            return
        for order in db.session.scalars(select(Order).where(Order.state == "cancelled")).all():
            assert sum_source(self.site_id, f"order:{order.id}") >= 0

    def tell(self, number: int, *, is_news: bool = False) -> None:
        """Tell of an order as it is, as news or as it was told before."""
        told = self.orders[number]
        told.told_at = self.now if is_news else told.told_at
        refunds = [make_refund(place, amount) for place, amount in enumerate(told.refunds)]
        who = self.survivors[told.name]
        name = next(name for name, survivor in self.survivors.items() if survivor == who)
        take_orders(
            self.site_id,
            make_order(
                number,
                total_minor=told.total,
                placed_at=told.placed_at,
                updated_at=told.told_at,
                state=told.state,
                refunds=refunds,
                buyer=Buyer(name, f"{name}@shoppers.example"),
            ),
            now=self.now,
        )

    @contextmanager
    def attempt(self) -> Iterator[HotCursor]:
        """Do something in one transaction; what a rule refuses leaves nothing."""
        begin_writing_anew()
        try:
            yield session_cursor()
        except Conflict:
            db.session.rollback()
        else:
            db.session.commit()


def test_no_order_of_events_breaks_the_ledger(app: Flask) -> None:
    machine = type("Machine", (LedgerMachine,), {"app": app})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=at_length(2_000, otherwise=8),
            stateful_step_count=at_length(60, otherwise=20),
            deadline=None,
            database=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
