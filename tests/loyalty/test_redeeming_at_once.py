"""Forty redemptions at one moment against a balance for four: four succeed, on gunicorn's processes, every time."""

import uuid
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
import requests
from sqlalchemy import func, select, update

from tests.applications import dispose
from tests.databases import PostgresServer
from tests.long_run import at_length
from tests.loyalty.books import check_book
from tests.loyalty.builders import find_customer, give_points, make_reward, read_book, start_program
from tests.servers import LiveServer
from widget.core.clock import utc_now
from widget.core.db import db, writing_connection
from widget.core.ids import new_id
from widget.coupons.models import Coupon
from widget.customers.tokens import Session, sign_session_token
from widget.loyalty.models import LoyaltyAccount

PRICE, AFFORDED, TOGETHER = 100, 4, 40
ROUNDS = at_length(1_000, otherwise=20)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    database_url = None
    if request.param == "postgresql":
        postgres: PostgresServer = request.getfixturevalue("postgres_server")
        database_url = postgres.create_database()
    server = LiveServer(tmp_path_factory.mktemp(f"redeeming-{request.param}"), database_url)
    server.start()
    yield server
    server.stop()
    dispose(server.app)


def redeem_together(server: LiveServer, customer_id: uuid.UUID, reward_id: uuid.UUID) -> Counter[int]:
    """Send forty redemptions that arrive at one moment; return how they were answered."""
    site = server.cast.maple
    with server.app.app_context():
        token = sign_session_token(site.id, Session(customer_id=customer_id, visitor_id=new_id()))
    headers = {"Origin": site.origin, "Authorization": f"Bearer {token}"}
    gate = Barrier(TOGETHER)

    def redeem(_: int) -> int:
        body = {"id": str(new_id()), "reward_id": str(reward_id)}
        gate.wait(timeout=60)
        path = f"{server.base_url}/embed/v1/{site.key}/redemptions"
        return requests.post(path, json=body, headers=headers, timeout=60).status_code

    with ThreadPoolExecutor(TOGETHER) as pool:
        return Counter(pool.map(redeem, range(TOGETHER)))


def test_no_more_is_redeemed_than_the_balance_affords(server: LiveServer) -> None:
    site_id = server.cast.maple.id
    with server.app.app_context():
        start_program(site_id)
        reward_id = make_reward(site_id, PRICE)
        customers = [find_customer(site_id, f"customer-{number}") for number in range(ROUNDS)]
        for customer_id in customers:
            give_points(site_id, customer_id, PRICE * AFFORDED + PRICE - 1, utc_now())
    for customer_id in customers:
        answers = redeem_together(server, customer_id, reward_id)
        assert answers == {201: AFFORDED, 409: TOGETHER - AFFORDED}
        with server.app.app_context():
            is_theirs = (Coupon.site_id == site_id, Coupon.customer_id == customer_id)
            codes = db.session.scalar(select(func.count(Coupon.code.distinct())).where(*is_theirs))
            book, entries = read_book(site_id, customer_id)
            check_book(book, entries)
        assert (codes, book.balance) == (AFFORDED, PRICE - 1)


def test_reading_the_balance_before_writing_it_would_have_shown(server: LiveServer) -> None:
    site_id, gate = server.cast.maple.id, Barrier(TOGETHER)
    with server.app.app_context():
        customer_id = find_customer(site_id, "naive")
        give_points(site_id, customer_id, PRICE * AFFORDED, utc_now())

    def redeem_naively(_: int) -> bool:
        is_theirs = (LoyaltyAccount.site_id == site_id, LoyaltyAccount.customer_id == customer_id)
        with server.app.app_context():
            balance = db.session.scalar(select(LoyaltyAccount.balance).where(*is_theirs)) or 0
            db.session.rollback()
            gate.wait(timeout=60)
            if balance < PRICE:
                return False
            with writing_connection() as connection:
                connection.execute(update(LoyaltyAccount).where(*is_theirs).values(balance=balance - PRICE))
            return True

    with ThreadPoolExecutor(TOGETHER) as pool:
        assert sum(pool.map(redeem_naively, range(TOGETHER))) > AFFORDED
