"""Measure what a shopper waits for of points: reading the balance, and redeeming with one durable commit.

Run: python -m bench.redeem
"""

import itertools
import sys
import uuid
from collections.abc import Callable

import orjson
from sqlalchemy import insert, text
from uuid_utils import uuid7

from bench.common import Floor, Server, load_in_turns, tell
from bench.databases import open_product
from bench.load import http_request
from bench.product import DATABASES, Product
from tests.loyalty.builders import find_customer, give_points, make_reward, start_program
from widget.core.clock import utc_now
from widget.core.db import begin_writing_anew, db, session_cursor
from widget.core.ids import new_id
from widget.customers.tokens import Session, sign_session_token
from widget.loyalty.models import LedgerEntry, LoyaltyAccount
from widget.loyalty.redeeming import redeem_reward

CUSTOMERS, ENTRIES = 500, 100_000
# More than any run spends, at one point each.
PLENTY = 1_000_000
BALANCE = {"sqlite": Floor(0.55), "postgresql": Floor(0.45)}
REDEEM = {"sqlite": Floor(0.15, 3.2), "postgresql": Floor(0.24, 3.2)}
# A long history may cost no more than a short one, but for what is noise.
MAX_HISTORY_RATIO = 1.1


def measure(database: str) -> bool:
    """Print balance and redemption beside hello, and the balance of a long history beside a short one."""
    with open_product(database) as (_app, product):
        site_id = product.cast.maple.id
        start_program(site_id)
        reward_id = make_reward(site_id, 1)
        customers = [find_customer(site_id, f"customer-{number}") for number in range(CUSTOMERS)]
        for customer_id in customers:
            give_points(site_id, customer_id, PLENTY, utc_now())
        old_hand = find_customer(site_id, "old-hand")
        give_points(site_id, old_hand, PLENTY, utc_now())
        _add_history(site_id, old_hand)
        _open_for_a_while(site_id, customers, reward_id)
        tokens = [_sign_in(site_id, customer_id) for customer_id in customers]
        loads: list[Callable[[], bytes]] = [
            _make_reader(product, tokens),
            _make_redeemer(product, tokens, reward_id),
            _make_reader(product, [_sign_in(site_id, old_hand)]),
            _make_reader(product, tokens[:1]),
        ]
        db.session.remove()
        with Server("bench.hello:app") as hello, product.server() as server:
            figures = load_in_turns(
                hello, [(server, load, status) for load, status in zip(loads, (200, 201, 200, 200), strict=True)]
            )
    balance, redeemed, long, short = figures
    reached = [
        tell(f"balance on {database}", balance, BALANCE[database]),
        tell(f"redemption on {database}", redeemed, REDEEM[database]),
    ]
    ratio = long.cpu_seconds / short.cpu_seconds
    print(f"balance after {ENTRIES:,} entries beside one entry on {database}: {ratio:.2f} of the CPU", flush=True)
    return all(reached) and ratio <= MAX_HISTORY_RATIO


def _add_history(site_id: uuid.UUID, customer_id: uuid.UUID) -> None:
    """Give an account many entries that cancel each other, as bare rows: reading it asks only how many there are."""
    begin_writing_anew()
    now = utc_now()
    row = {"site_id": site_id, "customer_id": customer_id, "kind": "adjust", "source": "history", "reason": {}}
    row |= {"actor": "bench", "available_at": now, "occurred_at": now, "recorded_at": now, "digest": ""}
    numbers = range(2, ENTRIES + 2)
    db.session.execute(insert(LedgerEntry), [{**row, "number": n, "delta": 1 if n % 2 else -1} for n in numbers])
    account = db.session.get_one(LoyaltyAccount, (site_id, customer_id))
    account.last_number = ENTRIES + 1
    db.session.commit()


def _open_for_a_while(site_id: uuid.UUID, customers: list[uuid.UUID], reward_id: uuid.UUID) -> None:
    """Have each customer redeem once, and let PostgreSQL look at the tables, as it does of itself within a minute."""
    begin_writing_anew()
    for customer_id in customers:
        redeem_reward(session_cursor(), site_id, customer_id, new_id(), reward_id, utc_now())
    db.session.commit()
    if db.engine.dialect.name == "postgresql":
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE"))


def _sign_in(site_id: uuid.UUID, customer_id: uuid.UUID) -> str:
    return sign_session_token(site_id, Session(customer_id=customer_id, visitor_id=customer_id))


def _make_reader(product: Product, tokens: list[str]) -> Callable[[], bytes]:
    site, turns = product.cast.maple, itertools.cycle(tokens)

    def read() -> bytes:
        path = f"/embed/v1/{site.key}/points"
        return http_request("GET", path, Origin=site.origin, Authorization=f"Bearer {next(turns)}")

    return read


def _make_redeemer(product: Product, tokens: list[str], reward_id: uuid.UUID) -> Callable[[], bytes]:
    site, turns = product.cast.maple, itertools.cycle(tokens)

    def redeem() -> bytes:
        return http_request(
            "POST",
            f"/embed/v1/{site.key}/redemptions",
            orjson.dumps({"id": str(uuid7()), "reward_id": str(reward_id)}),
            Content_Type="application/json",
            Origin=site.origin,
            Authorization=f"Bearer {next(turns)}",
        )

    return redeem


def main() -> int:
    """Measure on each database named on the command line, else on both."""
    reached = [measure(database) for database in sys.argv[1:] or DATABASES]
    return 0 if all(reached) else 1


if __name__ == "__main__":
    sys.exit(main())
