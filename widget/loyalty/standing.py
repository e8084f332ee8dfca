"""How an account stands at a moment, exact also before anything wrote down what time has brought."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime

from widget.core.hot import HotCursor
from widget.loyalty.ledger import OpenBook, read_book
from widget.loyalty.program import Program
from widget.loyalty.tiers import find_tier_now


@dataclass(frozen=True)
class Expiry:
    """Points that are next to go, and when."""

    points: int
    at: datetime


@dataclass(frozen=True)
class Standing:
    """An account now; one that was never opened has nothing of everything."""

    balance: int = 0
    pending: int = 0
    held: int = 0
    debt: int = 0
    lifetime: int = 0
    tier: str | None = None
    tier_until_on: date | None = None
    next_expiry: Expiry | None = None


def read_standing(
    cursor: HotCursor, program: Program, site_id: uuid.UUID, customer_id: uuid.UUID, now: datetime
) -> Standing:
    """Return how a customer's account stands, and write nothing."""
    opened = read_book(cursor, site_id, customer_id, now)
    if opened is None:
        return Standing()
    tier, until = find_tier_now(cursor, program, site_id, customer_id, opened, now)
    book = opened.book
    return Standing(
        book.balance, book.pending, book.held, book.debt, book.lifetime, tier, until, _find_next_expiry(opened)
    )


def read_balance(cursor: HotCursor, site_id: uuid.UUID, customer_id: uuid.UUID, now: datetime) -> int:
    """Return what a customer can spend now."""
    opened = read_book(cursor, site_id, customer_id, now)
    return opened.book.balance if opened else 0


def _find_next_expiry(opened: OpenBook) -> Expiry | None:
    """Return what goes next by itself: lots with one end, or all that can be spent where inactivity ends it."""
    book = opened.book
    available = [lot for lot in book.list_live() if lot.available_at <= book.settled_at]
    ends = {lot.expires_at for lot in available if lot.expires_at is not None}
    at = min((*ends, *([book.inactive_at] if book.inactive_at and available else [])), default=None)
    if at is None:
        return None
    gone = [lot for lot in available if at == book.inactive_at or lot.expires_at == at]
    return Expiry(sum(lot.remaining for lot in gone), at)
