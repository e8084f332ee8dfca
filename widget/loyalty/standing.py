"""What a customer has at this moment, also between two sweeps: computed from the lots where time has changed it."""

import uuid
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from widget.core.hot import HotCursor, HotStatement, read_day, read_id, read_time
from widget.core.problems import NotAuthenticated
from widget.loyalty.book import Book
from widget.loyalty.entries import LotState
from widget.loyalty.errors import NoProgram
from widget.loyalty.program import Program
from widget.loyalty.programs import read_version
from widget.loyalty.rules import day_in
from widget.loyalty.tiers import compute_tier

# Who was merged into another has what that one has.
_STANDING = HotStatement(
    """
    SELECT COALESCE(c.merged_into_id, c.id), p.state, p.version, a.balance, a.pending, a.held, a.lifetime, a.tier,
        a.tier_until_on, a.is_tier_pinned, a.joined_at, a.next_change_at
    FROM customers c
    LEFT JOIN loyalty_programs p ON p.site_id = c.site_id
    LEFT JOIN loyalty_accounts a ON a.site_id = c.site_id AND a.customer_id = COALESCE(c.merged_into_id, c.id)
    WHERE c.site_id = :site_id AND c.id = :customer_id
    """
)
# One statement, so that the account and its lots are of one moment.
_BOOK = HotStatement(
    """
    SELECT a.settled_at, a.balance, a.pending, a.held, a.debt, a.lifetime, a.last_number, a.inactive_at,
        l.number, l.source, l.granted, l.remaining, l.available_at, l.expires_at, l.expired
    FROM loyalty_accounts a
    LEFT JOIN loyalty_lots l ON l.site_id = a.site_id AND l.customer_id = a.customer_id AND l.is_live
    WHERE a.site_id = :site_id AND a.customer_id = :customer_id
    """
)
_SURVIVOR = HotStatement(
    "SELECT COALESCE(merged_into_id, id) FROM customers WHERE site_id = :site_id AND id = :customer_id"
)


@dataclass(frozen=True)
class Standing:
    """What a customer has; who has no account yet has nothing."""

    customer_id: uuid.UUID
    is_live: bool
    rules: Program
    balance: int
    pending: int
    held: int
    lifetime: int
    tier: str | None
    tier_until_on: date | None
    is_tier_pinned: bool
    has_joined: bool

    def describe(self) -> dict[str, Any]:
        """Return it as the shoppers' door says it."""
        return {
            "balance": self.balance,
            "pending": self.pending,
            "held": self.held,
            "lifetime": self.lifetime,
            "tier": self.tier,
            "tier_until": self.tier_until_on,
            "joined": self.has_joined,
            "currency_names": self.rules.names,
        }


def read_standing(cursor: HotCursor, site_id: uuid.UUID, customer_id: uuid.UUID, now: datetime) -> Standing:
    """Return what a customer has now; raise NoProgram, or NotAuthenticated for one who is no more."""
    row = cursor.fetch_one(_STANDING, {"site_id": site_id, "customer_id": customer_id})
    if row is None:
        raise NotAuthenticated("There is no such customer any more.")
    if row[1] in (None, "draft"):
        raise NoProgram()
    rules = read_version(cursor, site_id, row[2])
    standing = Standing(
        customer_id=read_id(row[0]),
        is_live=row[1] == "live",
        rules=rules,
        balance=row[3] or 0,
        pending=row[4] or 0,
        held=row[5] or 0,
        lifetime=row[6] or 0,
        tier=row[7],
        tier_until_on=read_day(row[8]),
        is_tier_pinned=bool(row[9]),
        has_joined=row[10] is not None or rules.is_automatic,
    )
    change_at, until = read_time(row[11]), standing.tier_until_on
    is_settled = (change_at is None or change_at > now) and (until is None or until > day_in(now, rules.zone))
    return standing if is_settled else _settle(cursor, site_id, standing, now)


def read_book(cursor: HotCursor, site_id: uuid.UUID, customer_id: uuid.UUID, now: datetime) -> Book | None:
    """Return a customer's book as it is now, to read in; None where they have no account."""
    rows = cursor.fetch(_BOOK, {"site_id": site_id, "customer_id": customer_id})
    if not rows:
        return None
    settled_at, balance, pending, held, debt, lifetime, last_number, inactive_at = rows[0][:8]
    book = Book(
        settled_at=read_time(settled_at) or now,
        balance=balance,
        pending=pending,
        held=held,
        debt=debt,
        lifetime=lifetime,
        last_number=last_number,
        inactive_at=read_time(inactive_at),
    )
    for number, source, granted, remaining, available_at, expires_at, expired in (row[8:] for row in rows):
        if number is not None:
            start = read_time(available_at) or now
            book.lots[number] = LotState(number, source, granted, remaining, start, read_time(expires_at), expired)
    book.settle(now)
    return book


def find_survivor(cursor: HotCursor, site_id: uuid.UUID, customer_id: uuid.UUID) -> uuid.UUID:
    """Return who a customer was merged into, or themselves; raise NotAuthenticated for one who is no more."""
    row = cursor.fetch_one(_SURVIVOR, {"site_id": site_id, "customer_id": customer_id})
    if row is None:
        raise NotAuthenticated("There is no such customer any more.")
    return read_id(row[0])


def _settle(cursor: HotCursor, site_id: uuid.UUID, standing: Standing, now: datetime) -> Standing:
    """Return what a customer has after what time alone has brought."""
    book, rules = read_book(cursor, site_id, standing.customer_id, now), standing.rules
    if book is not None:
        standing = replace(standing, balance=book.balance, pending=book.pending)
    if standing.is_tier_pinned or not rules.tiers:
        return standing
    tier, until = compute_tier(cursor, rules, site_id, standing.customer_id, day_in(now, rules.zone))
    return replace(standing, tier=tier, tier_until_on=until)
