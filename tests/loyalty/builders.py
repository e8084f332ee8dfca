"""A program with its rewards, and what the ledger holds, read back from the tables."""

import uuid
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select

from tests.orders.builders import NOON, make_order
from widget.core.db import begin_writing_anew, db, session_cursor
from widget.core.ids import new_id
from widget.coupons.models import CouponPool
from widget.customers.buyers import Told, resolve_buyers
from widget.customers.rules import Buyer
from widget.loyalty.book import Book
from widget.loyalty.entries import Cause, LotState, NewEntry
from widget.loyalty.ledger import open_book
from widget.loyalty.models import LedgerEntry, Lot, LotUse, LoyaltyAccount, LoyaltyProgram, LoyaltyVersion
from widget.loyalty.order_earning import earn_orders
from widget.loyalty.program import default_rules
from widget.loyalty.reward_models import Reward
from widget.orders.documents import OrderDocument
from widget.orders.recording import record_orders

LONG_AGO = NOON - timedelta(days=3650)


def start_program(site_id: uuid.UUID, **changes: Any) -> None:
    """Set a program live that pays one point for each euro, at once and for good, unless it says otherwise."""
    begin_writing_anew()
    rules = default_rules("EUR", "UTC") | {"pending_days": 0, "actions": []} | changes
    rules["expiry"] = changes.get("expiry", rules["expiry"] | {"kind": "none"})
    program = db.session.get(LoyaltyProgram, site_id)
    if program is None:
        program = LoyaltyProgram(site_id=site_id, state="live", version=0, live_at=LONG_AGO, created_at=LONG_AGO)
        db.session.add(program)
    program.version += 1
    db.session.flush()
    db.session.add(
        LoyaltyVersion(site_id=site_id, version=program.version, rules=rules, actor="alice", created_at=NOON)
    )
    db.session.commit()


def make_reward(site_id: uuid.UUID, price: int = 100, **changes: Any) -> uuid.UUID:
    """Offer a reward whose codes are made on the fly; return its id."""
    begin_writing_anew()
    pool = CouponPool(
        site_id=site_id,
        id=new_id(),
        name="5 EUR off",
        kind="amount_off",
        codes="made",
        prefix="TEA",
        amount_minor=500,
        currency="EUR",
        minimum_minor=0,
        low_stock=20,
        available=0,
        created_at=NOON,
    )
    db.session.add(pool)
    db.session.flush()
    usual = {"state": "live", "position": 0, "texts": {"en": {"name": "5 EUR off"}}, "tier_prices": {}}
    reward = Reward(site_id=site_id, id=new_id(), pool_id=pool.id, price=price, created_at=NOON, **usual | changes)
    db.session.add(reward)
    reward_id = reward.id
    db.session.commit()
    return reward_id


def find_customer(site_id: uuid.UUID, name: str = "carol") -> uuid.UUID:
    """Return the customer of a name, known to the store by it."""
    begin_writing_anew()
    buyers = resolve_buyers(site_id, [Told(Buyer(name, f"{name}@shoppers.example", name.title()), NOON)])
    (customer_id,) = buyers.ids
    db.session.commit()
    assert customer_id is not None
    return customer_id


def give_points(site_id: uuid.UUID, customer_id: uuid.UUID, points: int, now: datetime = NOON, **times: Any) -> None:
    """Credit points as an owner does."""
    begin_writing_anew()
    opened = open_book(session_cursor(), site_id, customer_id, now)
    opened.book.credit(points, "adjust", Cause(f"adjustment:{new_id()}", actor="alice@maple.example"), **times)
    opened.save()
    db.session.commit()


def take_orders(site_id: uuid.UUID, *documents: OrderDocument, now: datetime = NOON) -> None:
    """Store orders with what they earn, in one transaction."""
    begin_writing_anew()
    recorded = record_orders(site_id, documents or (make_order(),), "api")
    earn_orders(site_id, [one.id for one in recorded], now)
    db.session.commit()


def read_account(site_id: uuid.UUID, customer_id: uuid.UUID) -> LoyaltyAccount:
    db.session.rollback()
    account = db.session.get(LoyaltyAccount, (site_id, customer_id), populate_existing=True)
    assert account is not None
    return account


def read_book(site_id: uuid.UUID, customer_id: uuid.UUID) -> tuple[Book, list[NewEntry]]:
    """Return an account as it stands in the tables, with every entry, lot and use."""
    account = read_account(site_id, customer_id)
    book = Book(account.settled_at, account.balance, account.pending, account.held, account.debt, account.lifetime)
    book.last_number = account.last_number

    def read(model: Any) -> Any:
        return db.session.scalars(select(model).where(model.site_id == site_id, model.customer_id == customer_id))

    for row in read(Lot):
        values = (row.number, row.source, row.granted, row.remaining, row.available_at, row.expires_at, row.expired)
        book.lots[row.number] = LotState(*values)
    for use in read(LotUse):
        book.uses[use.number, use.lot_number] = use.points
    entries = [
        NewEntry(row.number, row.delta, row.kind, Cause(row.source), row.available_at, row.occurred_at)
        for row in sorted(read(LedgerEntry), key=lambda row: row.number)
    ]
    return book, entries


def sum_source(site_id: uuid.UUID, source: str) -> int:
    """Return what a source's entries add up to, over all customers."""
    is_of_source = (LedgerEntry.site_id == site_id, LedgerEntry.source == source, LedgerEntry.kind != "unexpire")
    return db.session.scalar(select(func.coalesce(func.sum(LedgerEntry.delta), 0)).where(*is_of_source)) or 0
