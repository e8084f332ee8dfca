"""Measure the report of points over a ledger of many entries, on both databases.

Run: python -m bench.loyalty_report [ENTRIES]
"""

import random
import statistics
import sys
import time
import uuid
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import insert, text

from bench.databases import open_product
from bench.product import DATABASES
from tests.loyalty.builders import start_program
from widget.core.clock import utc_now
from widget.core.db import begin_writing_anew, db
from widget.customers.models import Customer
from widget.loyalty.models import LedgerEntry, Lot, LoyaltyAccount
from widget.loyalty.report_queries import read_recent, read_report

MANY, AN_ACCOUNT, LIVE = 1_000_000, 50, 20
KINDS = ("earn",) * 6 + ("redeem", "expire", "claw", "adjust")
ACCOUNTS_AT_ONCE = 1_000
ROUNDS = 5
MAX_SECONDS = 3.0


def main() -> int:
    """Measure on both databases; the exit code tells whether what is promised holds."""
    many = int(sys.argv[1]) if len(sys.argv) > 1 else MANY
    reached = [_measure(database, many) for database in DATABASES]
    return 0 if all(reached) else 1


def _measure(database: str, many: int) -> bool:
    now = utc_now()
    with open_product(database) as (_, product):
        site_id = product.cast.maple.id
        start_program(site_id)
        _fill(site_id, many // AN_ACCOUNT, now)
        if database == "postgresql":
            with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.execute(text("VACUUM ANALYZE"))
        report = _time(lambda: read_report(site_id, {}, now))
        recent = _time(lambda: read_recent(site_id, now - timedelta(days=7)))
    print(f"{database}: {many:,} entries, report {report:.2f} s, a week on the home page {1000 * recent:.0f} ms")
    return report <= MAX_SECONDS


def _fill(site_id: uuid.UUID, accounts: int, now: datetime) -> None:
    for start in range(0, accounts, ACCOUNTS_AT_ONCE):
        ids = [uuid.uuid4() for _ in range(min(ACCOUNTS_AT_ONCE, accounts - start))]
        begin_writing_anew()
        people = {"site_id": site_id, "is_email_verified": False, "accepts_marketing": False, "told_times": {}}
        db.session.execute(
            insert(Customer), [{**people, "id": one, "external_id": one.hex, "created_at": now} for one in ids]
        )
        usual: dict[str, Any] = {"site_id": site_id, "balance": 10 * LIVE, "pending": 0, "held": 0, "debt": 0}
        usual |= {"lifetime": 0, "last_number": AN_ACCOUNT, "last_digest": "", "settled_at": now, "created_at": now}
        db.session.execute(
            insert(LoyaltyAccount), [{**usual, "customer_id": one, "is_tier_pinned": False} for one in ids]
        )
        entries = [entry for one in ids for entry in _list_entries(site_id, one, now)]
        db.session.execute(insert(LedgerEntry), entries)
        db.session.execute(insert(Lot), [_make_lot(entry) for entry in entries if entry["delta"] > 0])
        db.session.commit()


def _list_entries(site_id: uuid.UUID, customer_id: uuid.UUID, now: datetime) -> Iterator[dict[str, Any]]:
    reason = {"order": "#1001", "before": 0, "after": 10, "total_minor": 1000, "multiplier_thousandths": 1000}
    usual = {"site_id": site_id, "customer_id": customer_id, "rule": "spend", "rule_version": 1, "reason": reason}
    for number in range(1, AN_ACCOUNT + 1):
        kind = KINDS[number % len(KINDS)]
        at = now - timedelta(days=(AN_ACCOUNT - number) * 20 + random.random() * 10)
        times = {"available_at": at, "occurred_at": at, "recorded_at": at}
        delta = 10 if kind in ("earn", "adjust") else -10
        row = {"number": number, "delta": delta, "kind": kind, "source": f"order:{number}", "actor": "system"}
        yield {**usual, **row, **times, "key": None, "digest": "0" * 64}


def _make_lot(entry: dict[str, Any]) -> dict[str, Any]:
    is_live = entry["number"] > AN_ACCOUNT - LIVE
    gone_at = (entry["available_at"] + timedelta(days=400)).replace(hour=0, minute=0, second=0, microsecond=0)
    names = ("site_id", "customer_id", "number", "source", "available_at")
    amounts = {"granted": 10, "remaining": 10 if is_live else 0, "expired": 0, "is_live": is_live}
    return {**{name: entry[name] for name in names}, **amounts, "expires_at": gone_at}


def _time(run: Any) -> float:
    times = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        run()
        times.append(time.perf_counter() - started)
    return statistics.median(times)


if __name__ == "__main__":
    sys.exit(main())
