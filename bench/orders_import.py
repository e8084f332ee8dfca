"""Measure how many orders a second an import stores, with everything that follows from them.

Run: python -m bench.orders_import [ORDERS]
"""

import random
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bench.databases import open_product
from widget.core.clock import utc_now
from widget.core.db import begin_writing_anew, db
from widget.core.importing import RowFile
from widget.intake.import_formats import recognise
from widget.intake.import_orders import Reading
from widget.intake.imports import prepare_import
from widget.loyalty.models import LoyaltyProgram, LoyaltyVersion
from widget.loyalty.program import default_rules

ORDERS, CUSTOMERS = 100_000, 20_000
MIN_A_SECOND = 2_000
SEED = 4
FIRST_DAY = datetime(2024, 1, 1, tzinfo=UTC)
HEADER = (
    "id,number,placed_at,state,currency,total,tax,shipping,discount,refunded,coupon_codes,customer,email,name,"
    "accepts_marketing,line_id,product_id,title,quantity,unit_price,line_total\n"
)


def main() -> int:
    """Import a generated file twice; the exit code tells whether the floor is reached."""
    orders = int(sys.argv[1]) if len(sys.argv) > 1 else ORDERS
    with tempfile.TemporaryDirectory() as folder, open_product("sqlite") as (_, product):
        path = Path(folder) / "orders.csv"
        with path.open("w", encoding="utf-8") as file:
            file.write(HEADER)
            file.writelines(generate_rows(orders, orders * CUSTOMERS // ORDERS))
        first, cpu, stored = _import(product.cast.maple.id, path)
        again, _, stored_again = _import(product.cast.maple.id, path)
        with path.open("w", encoding="utf-8") as file:
            file.write(HEADER)
            file.writelines(generate_rows(orders // 10, orders * CUSTOMERS // ORDERS // 10))
        _start_program(product.cast.bobs.id)
        earning, earning_cpu, _ = _import(product.cast.bobs.id, path)
    is_reached = stored == orders and stored_again == 0 and orders / first >= MIN_A_SECOND
    print(
        f"Import of {orders:,} orders, SQLite\n"
        f"  orders a second: {orders / first:,.0f} (at least {MIN_A_SECOND:,}); {first:.1f} s\n"
        f"  orders a second of the processor: {orders / cpu:,.0f}\n"
        f"  the same file again: {orders / again:,.0f} orders a second, nothing new\n"
        f"  with a points program that pays for all of them: {orders // 10 / earning:,.0f} orders a second,"
        f" {orders // 10 / earning_cpu:,.0f} of the processor\n"
        f"  {'reached' if is_reached else 'NOT REACHED'}",
        flush=True,
    )
    return 0 if is_reached else 1


def _start_program(site_id: uuid.UUID) -> None:
    """Let a site pay points for every order of the file."""
    begin_writing_anew()
    db.session.add(LoyaltyProgram(site_id=site_id, state="live", version=1, live_at=FIRST_DAY, created_at=FIRST_DAY))
    db.session.flush()
    rules = default_rules("EUR", "UTC")
    db.session.add(LoyaltyVersion(site_id=site_id, version=1, rules=rules, actor="bench", created_at=FIRST_DAY))
    db.session.commit()


def _import(site_id: uuid.UUID, path: Path) -> tuple[float, float, int]:
    """Return the seconds an import takes, as the command runs it, those of the processor, and how many were new."""
    started, cpu_started = time.perf_counter(), time.process_time()
    file = RowFile(path)
    reading = Reading(recognise(file.columns, {}), {}, "EUR", None, utc_now())
    report = prepare_import(site_id, file, reading, None, dry_run=False).run(None, lambda _done: None)
    if report.refused:
        raise RuntimeError(report.first_errors[0])
    return time.perf_counter() - started, time.process_time() - cpu_started, report.stored


def generate_rows(orders: int, customers: int) -> Iterator[str]:
    """Yield the rows of so many orders of two years, always the same: some of guests, refunded or cancelled."""
    chance = random.Random(SEED)
    for number in range(orders):
        at = FIRST_DAY + timedelta(seconds=number * 2 * 365 * 86400 // orders)
        buyer = chance.randrange(customers)
        is_guest = buyer % 7 == 0
        customer = "" if is_guest else f"{buyer:06}"
        lines = [
            (chance.randrange(400), chance.randint(1, 3), chance.randint(300, 9000))
            for _ in range(chance.randint(1, 3))
        ]
        total = sum(quantity * price for _, quantity, price in lines)
        refunded = total // 2 if chance.random() < 0.04 else 0
        state = "cancelled" if chance.random() < 0.02 else "fulfilled"
        coupon = "SPRING10" if chance.random() < 0.15 else ""
        order = (
            f"{number},#{number},{at.isoformat()},{state},EUR,{_euros(total)},{_euros(total // 6)},4.90,0.00,"
            f"{_euros(refunded)},{coupon},{customer},buyer{buyer}@shoppers.example,Buyer {buyer},"
            f"{'yes' if buyer % 3 else 'no'}"
        )
        for place, (product, quantity, price) in enumerate(lines, start=1):
            paid = _euros(quantity * price)
            yield f"{order},{place},P-{product},Product {product},{quantity},{_euros(price)},{paid}\n"


def _euros(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02}"


if __name__ == "__main__":
    sys.exit(main())
