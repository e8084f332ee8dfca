"""What a store owes adds up, whatever happened, and is the same figure wherever it is shown."""

import random
import uuid
from datetime import datetime, timedelta

import pytest
from flask import Flask

from tests.cast import Cast
from tests.loyalty.builders import find_customer, make_reward, start_program, take_orders
from tests.orders.builders import NOON, make_order, make_refund
from widget.core.db import begin_writing_anew, db, session_cursor
from widget.core.hot import HotStatement, hot_transaction
from widget.core.ids import new_id
from widget.customers.rules import Buyer
from widget.loyalty.accounts import adjust_points, merge_accounts, settle_account
from widget.loyalty.errors import NotEnoughPoints, RedemptionSettled
from widget.loyalty.liability import Report
from widget.loyalty.redeeming import redeem_reward
from widget.loyalty.report_queries import read_report
from widget.loyalty.settling import cancel_redemption, commit_redemption
from widget.orders.joining import give_orders

_IS_REDEEMED = HotStatement("SELECT 1 FROM loyalty_redemptions WHERE site_id = :site_id AND id = :id")
EXPIRING = {"kind": "lot", "months": 1, "to_month_end": False, "purchases_only": False}


def report(cast: Cast, now: object = NOON, **query: str) -> Report:
    db.session.rollback()
    return read_report(cast.maple.id, query, now)


class Shop:
    """A store in which everything that can happen to points happens, in any order."""

    def __init__(self, cast: Cast, seed: int) -> None:
        self.site_id, self.random, self.now = cast.maple.id, random.Random(seed), NOON
        self.people = [find_customer(self.site_id, name) for name in ("carol", "frank", "gina")]
        self.reward = make_reward(self.site_id, 30)
        self.taken: list[uuid.UUID] = []
        self.orders: list[datetime] = []
        start_program(self.site_id, expiry=EXPIRING, pending_days=3, debt_limit=50)

    def step(self) -> None:
        self.now += timedelta(days=self.random.choice((0, 0, 0, 1, 6)))
        with_cursor = (self._adjust, self._redeem, self._hold, self._cancel, self._commit, self._settle)
        action = self.random.choice((*with_cursor, self._order, self._refund))
        if action in (self._order, self._refund):
            action(None)
            return
        try:
            with hot_transaction() as cursor:
                action(cursor)
        except (NotEnoughPoints, RedemptionSettled):
            pass

    def merge(self) -> None:
        begin_writing_anew()
        give_orders(self.site_id, {self.people[2]: self.people[0]})
        merge_accounts(session_cursor(), self.site_id, self.people[2], self.people[0], self.now)
        db.session.commit()
        del self.people[2]

    def _adjust(self, cursor: object) -> None:
        points = self.random.choice((40, 15, -10, -25))
        who, may_owe = self.random.choice(self.people), self.random.random() < 0.3
        adjust_points(cursor, self.site_id, who, new_id(), points, self.now, actor="alice", reason="x", may_owe=may_owe)

    def _redeem(self, cursor: object, **more: object) -> None:
        self.taken.append(new_id())
        who = self.random.choice(self.people)
        redeem_reward(cursor, self.site_id, who, self.taken[-1], self.reward, self.now, **more)

    def _hold(self, cursor: object) -> None:
        self._redeem(cursor, held_until=self.now + timedelta(days=30))

    def _cancel(self, cursor: object) -> None:
        self._try(cancel_redemption, cursor, actor="alice")

    def _commit(self, cursor: object) -> None:
        self._try(commit_redemption, cursor)

    def _try(self, settle: object, cursor: object, **more: object) -> None:
        known = [one for one in self.taken if cursor.fetch(_IS_REDEEMED, {"site_id": self.site_id, "id": one})]
        if known:
            settle(cursor, self.site_id, self.random.choice(known), self.now, **more)

    def _settle(self, cursor: object) -> None:
        settle_account(cursor, self.site_id, self.random.choice(self.people), self.now)

    def _order(self, _cursor: object) -> None:
        self.orders.append(self.now)
        self._take(len(self.orders), [])

    def _refund(self, _cursor: object) -> None:
        if self.orders:
            self._take(self.random.randint(1, len(self.orders)), [make_refund(1, 3000)])

    def _take(self, number: int, refunds: list) -> None:
        buyer = Buyer(("carol", "frank")[number % 2], None, None)
        placed_at = self.orders[number - 1]
        times = {"placed_at": placed_at, "paid_at": placed_at, "updated_at": self.now}
        order = make_order(number, total_minor=8000, buyer=buyer, refunds=refunds, **times)
        take_orders(self.site_id, order, now=self.now)


@pytest.mark.parametrize("seed", [1, 2])
def test_every_issued_point_is_accounted_for_whatever_happened(app: Flask, cast: Cast, seed: int) -> None:
    with app.app_context():
        shop = Shop(cast, seed)
        for number in range(60):
            shop.step()
            if number == 40:
                shop.merge()
        found = report(cast, shop.now)
        assert found.adds_up, (found.difference, found.lots_difference, found)
        assert found.ever.issued > 0
        assert found.ever.redeemed > 0
        assert found.ever.expired > 0
        assert sum(row.points for row in found.expiring) == found.in_lots
        assert found.period == found.ever
        later = report(cast, shop.now, **{"from": shop.now.date().isoformat()})
        assert later.ever == found.ever
        assert later.period != found.ever
