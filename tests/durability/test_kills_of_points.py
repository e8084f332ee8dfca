"""kill -9 while points are earned and redeemed: what was acknowledged is there, once, and the ledger verifies."""

import threading
import time
import uuid
from collections.abc import Callable

import pytest
import requests
from sqlalchemy import select

from tests.applications import dispose, wipe
from tests.cast import SiteOfCast, make_cast
from tests.durability.processes import kill_workers
from tests.long_run import at_length
from tests.loyalty.books import check_book
from tests.loyalty.builders import find_customer, give_points, make_reward, read_book, start_program
from tests.servers import LiveServer
from widget.core.clock import utc_now
from widget.core.db import db
from widget.core.ids import new_id
from widget.customers.tokens import Session, sign_session_token
from widget.loyalty.models import LedgerEntry
from widget.loyalty.reward_models import Redemption
from widget.loyalty.verifying import find_faults

KILLS = at_length(50, otherwise=5)
SECONDS_UNDER_LOAD = 0.3
SHOPPERS, PRICE, START, EARNED = 4, 10, 100_000, 20


class Shopper:
    """Somebody who redeems, and for whom the store tells of orders; each is repeated until it is acknowledged."""

    def __init__(self, server: LiveServer, site: SiteOfCast, reward_id: uuid.UUID, name: str) -> None:
        self.server, self.site, self.reward_id, self.name = server, site, reward_id, name
        self.redeemed: set[uuid.UUID] = set()
        self.orders = 0
        with server.app.app_context():
            self.customer_id = find_customer(site.id, name)
            give_points(site.id, self.customer_id, START, utc_now())
            self.token = sign_session_token(site.id, Session(self.customer_id, new_id()))

    def act_until(self, stop: threading.Event) -> None:
        while not stop.is_set():
            wanted = new_id()
            headers = {"Origin": self.site.origin, "Authorization": f"Bearer {self.token}"}
            body = {"id": str(wanted), "reward_id": str(self.reward_id)}
            self._insist(f"/embed/v1/{self.site.key}/redemptions", body, headers)
            self.redeemed.add(wanted)
            order = {"id": f"{self.name}-{self.orders}", "placed_at": utc_now().isoformat(), "state": "paid"}
            order |= {"currency": "EUR", "total_minor": 2000, "customer": {"id": self.name}}
            self._insist("/api/v1/orders", order | {"updated_at": order["placed_at"]}, self.site.store_headers)
            self.orders += 1

    def _insist(self, path: str, body: dict[str, object], headers: dict[str, str]) -> None:
        while True:
            try:
                answer = requests.post(self.server.base_url + path, json=body, headers=headers, timeout=20)
            except requests.RequestException:
                time.sleep(0.02)
                continue
            assert answer.status_code in (200, 201), answer.text
            return


@pytest.mark.timeout(600)
def test_killed_workers_lose_and_double_no_points(running_server: LiveServer) -> None:
    dispose(running_server.app)
    wipe(running_server.app)
    site = make_cast(running_server.app).maple
    with running_server.app.app_context():
        start_program(site.id)
        reward_id = make_reward(site.id, PRICE)
    shoppers = [Shopper(running_server, site, reward_id, f"shopper-{number}") for number in range(SHOPPERS)]
    _kill_under_load([shopper.act_until for shopper in shoppers], lambda: kill_workers(running_server))
    dispose(running_server.app)
    with running_server.app.app_context():
        for shopper in shoppers:
            assert shopper.redeemed
            is_theirs = (Redemption.site_id == site.id, Redemption.customer_id == shopper.customer_id)
            assert set(db.session.scalars(select(Redemption.id).where(*is_theirs))) == shopper.redeemed
            book, entries = read_book(site.id, shopper.customer_id)
            check_book(book, entries)
            assert book.balance == START - PRICE * len(shopper.redeemed) + EARNED * shopper.orders
            is_earned = (LedgerEntry.customer_id == shopper.customer_id, LedgerEntry.rule == "spend")
            assert len(db.session.scalars(select(LedgerEntry.number).where(*is_earned)).all()) == shopper.orders
        assert list(find_faults(site.id)) == []


def _kill_under_load(acts: list[Callable[[threading.Event], None]], kill: Callable[[], None]) -> None:
    stop, failures = threading.Event(), list[BaseException]()

    def act(one: Callable[[threading.Event], None]) -> None:
        try:
            one(stop)
        except Exception as error:  # noqa: BLE001 - the test shows whatever it is.
            failures.append(error)

    threads = [threading.Thread(target=act, args=(one,)) for one in acts]
    for thread in threads:
        thread.start()
    for _ in range(KILLS):
        time.sleep(SECONDS_UNDER_LOAD)
        kill()
    stop.set()
    for thread in threads:
        thread.join()
    assert not failures, failures
