"""Reading an account's book and writing what is new in it, in the caller's transaction.

Whoever opens a book holds the account's row until the transaction ends. The statements go straight to the driver: a
redemption waits for all of them (`bench/redeem.py`).
"""

import uuid
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from widget.core.clock import utc_now
from widget.core.hot import HotCursor, HotStatement, Write, read_day, read_time
from widget.loyalty.book import Book
from widget.loyalty.chain import digest_of
from widget.loyalty.entries import LotState, NewEntry

ACCOUNT_COLUMNS = (
    "balance", "pending", "held", "debt", "lifetime", "last_number", "last_digest", "inactive_at", "settled_at",
    "tier", "tier_until_on", "is_tier_pinned", "next_change_at",
)  # fmt: skip
LOT_COLUMNS = ("number", "source", "granted", "remaining", "expired", "available_at", "expires_at")
_IS_ACCOUNT = "site_id = :site_id AND customer_id = :customer_id"
# Only our own constants are put together.
_ACCOUNT = HotStatement(
    f"SELECT {', '.join(ACCOUNT_COLUMNS)} FROM loyalty_accounts WHERE {_IS_ACCOUNT} FOR UPDATE"  # noqa: S608
)
_NEW_ACCOUNT = HotStatement(
    """
    INSERT INTO loyalty_accounts (site_id, customer_id, balance, pending, held, debt, lifetime, last_number,
        last_digest, settled_at, is_tier_pinned, created_at)
    VALUES (:site_id, :customer_id, 0, 0, 0, 0, 0, 0, '', :now, :no, :now) ON CONFLICT DO NOTHING
    """
)
_LOT_COLUMNS = ", ".join(LOT_COLUMNS)
_LIVE_LOTS = HotStatement(f"SELECT {_LOT_COLUMNS} FROM loyalty_lots WHERE {_IS_ACCOUNT} AND is_live")  # noqa: S608
_SOURCE_LOTS = HotStatement(
    f"SELECT {_LOT_COLUMNS} FROM loyalty_lots WHERE {_IS_ACCOUNT} AND source = :source"  # noqa: S608
)
_ALL_LOTS = HotStatement(f"SELECT {_LOT_COLUMNS} FROM loyalty_lots WHERE {_IS_ACCOUNT}")  # noqa: S608
_USED_LOTS = HotStatement(
    """
    SELECT l.number, l.source, l.granted, l.remaining, l.expired, l.available_at, l.expires_at, u.points
    FROM loyalty_lot_uses u JOIN loyalty_lots l
        ON l.site_id = u.site_id AND l.customer_id = u.customer_id AND l.number = u.lot_number
    WHERE u.site_id = :site_id AND u.customer_id = :customer_id AND u.number = :number
    """
)
_ADD_ENTRY = HotStatement(
    """
    INSERT INTO loyalty_entries (site_id, customer_id, number, delta, kind, source, rule, rule_version, reason, actor,
        key, available_at, occurred_at, recorded_at, digest)
    VALUES (:site_id, :customer_id, :number, :delta, :kind, :source, :rule, :rule_version, :reason, :actor, :key,
        :available_at, :occurred_at, :recorded_at, :digest)
    """
)
_SAVE_LOT = HotStatement(
    """
    INSERT INTO loyalty_lots (site_id, customer_id, number, source, granted, remaining, expired, is_live, available_at,
        expires_at)
    VALUES (:site_id, :customer_id, :number, :source, :granted, :remaining, :expired, :is_live, :available_at,
        :expires_at)
    ON CONFLICT (site_id, customer_id, number) DO UPDATE
    SET remaining = excluded.remaining, expired = excluded.expired, is_live = excluded.is_live
    """
)
# What stays live stays where it is in the tree that finds it.
_USE_LOT = HotStatement(
    f"""
    UPDATE loyalty_lots SET remaining = :remaining, expired = :expired
    WHERE {_IS_ACCOUNT} AND number = :number
    """  # noqa: S608
)
_ADD_USE = HotStatement(
    """
    INSERT INTO loyalty_lot_uses (site_id, customer_id, number, lot_number, points)
    VALUES (:site_id, :customer_id, :number, :lot_number, :points)
    ON CONFLICT (site_id, customer_id, number, lot_number) DO UPDATE
    SET points = loyalty_lot_uses.points + excluded.points
    """
)
_SAVE_ACCOUNT = HotStatement(
    """
    UPDATE loyalty_accounts SET balance = :balance, pending = :pending, held = :held, debt = :debt,
        lifetime = :lifetime, last_number = :last_number, last_digest = :last_digest, inactive_at = :inactive_at,
        next_change_at = :next_change_at, settled_at = :settled_at
    WHERE site_id = :site_id AND customer_id = :customer_id AND last_number = :known_number
    """
)


class OpenBook:
    """An account's book in a transaction: change `book`, then `save`; `due_at` is since when time has changed it."""

    def __init__(
        self, cursor: HotCursor, site_id: uuid.UUID, customer_id: uuid.UUID, row: Any, lots: Iterable[Any]
    ) -> None:
        """Open the book of an account's row, with rows of those of its lots that have points left."""
        self._cursor = cursor
        self._key = {"site_id": site_id, "customer_id": customer_id}
        self._known_number, self._digest = row[5], row[6]
        self.tier: str | None = row[9]
        self.tier_until_on = read_day(row[10])
        self.is_tier_pinned = bool(row[11])
        self.book = Book(
            settled_at=_required(row[8]),
            balance=row[0],
            pending=row[1],
            held=row[2],
            debt=row[3],
            lifetime=row[4],
            last_number=row[5],
            inactive_at=read_time(row[7]),
        )
        self.due_at = read_time(row[12])
        self.has_tier_of_now = False
        self._before: dict[int, tuple[int, int]] = {}
        for lot in lots:
            self._remember(lot)

    def settle(self, now: datetime) -> None:
        """Let everything happen that time alone has brought to the book until now."""
        self.due_at = self.due_at if self.due_at and self.due_at <= now else None
        self.book.settle(now)

    def load_source(self, source: str) -> None:
        """Bring also what is used up of a source's lots."""
        self._load(_SOURCE_LOTS, source=source)

    def load_everything(self) -> None:
        """Bring every lot there ever was."""
        self._load(_ALL_LOTS)

    def load_uses(self, number: int) -> dict[int, int]:
        """Bring the lots an entry took from; return how much of each."""
        rows = self._cursor.fetch(_USED_LOTS, {**self._key, "number": number})
        for row in rows:
            self._remember(row)
        return {row[0]: row[7] for row in rows}

    def save(self) -> None:
        """Write what is new in the book."""
        self._cursor.execute_all(self.list_writes())

    def list_writes(self) -> list[Write]:
        """Return what is to be written; the first refuses where the account has changed since it was read."""
        book, now, key = self.book, utc_now(), self._key
        writes: list[Write] = []
        for entry in book.entries:
            self._digest = digest_of(self._digest, entry, key["customer_id"])
            writes.append((_ADD_ENTRY, {**key, **_row_of(entry, now, self._digest)}))
        for lot in book.lots.values():
            before = self._before.get(lot.number)
            if before is None or (before[0] > 0) != (lot.remaining > 0):
                writes.append((_SAVE_LOT, key | vars(lot) | {"is_live": lot.remaining > 0}))
            elif before != (lot.remaining, lot.expired):
                values = {"number": lot.number, "remaining": lot.remaining, "expired": lot.expired}
                writes.append((_USE_LOT, key | values))
        for (number, lot_number), points in book.uses.items():
            writes.append((_ADD_USE, {**key, "number": number, "lot_number": lot_number, "points": points}))
        names = ("balance", "pending", "held", "debt", "lifetime", "last_number", "inactive_at", "next_change_at")
        saved = {name: getattr(book, name) for name in (*names, "settled_at")}
        if not self.has_tier_of_now:
            # An account whose tier nobody looked at stays due, so that readers do, and the sweep.
            saved["next_change_at"] = self.due_at or book.next_change_at
        saved |= {**key, "last_digest": self._digest, "known_number": self._known_number}
        return [(_SAVE_ACCOUNT, saved), *writes]

    def _load(self, statement: HotStatement, **values: Any) -> None:
        for row in self._cursor.fetch(statement, self._key | values):
            self._remember(row)

    def _remember(self, row: Any) -> None:
        if row[0] not in self.book.lots:
            lot = _read_lot(row)
            self.book.lots[lot.number] = lot
            self._before[lot.number] = (lot.remaining, lot.expired)


def open_book(cursor: HotCursor, site_id: uuid.UUID, customer_id: uuid.UUID, now: datetime) -> OpenBook:
    """Return a customer's book, settled until now; an account is made where there is none."""
    opened = find_book(cursor, site_id, customer_id, now)
    if opened is None:
        key = {"site_id": site_id, "customer_id": customer_id}
        cursor.execute(_NEW_ACCOUNT, {**key, "now": now, "no": False})
        opened = find_book(cursor, site_id, customer_id, now)
        assert opened is not None  # noqa: S101 - it was just made, or by another transaction that has ended.
    return opened


def find_book(cursor: HotCursor, site_id: uuid.UUID, customer_id: uuid.UUID, now: datetime) -> OpenBook | None:
    """Return a customer's book, settled until now, or None where they have no account."""
    rows = cursor.fetch(_ACCOUNT, {"site_id": site_id, "customer_id": customer_id})
    if not rows:
        return None
    lots = cursor.fetch(_LIVE_LOTS, {"site_id": site_id, "customer_id": customer_id})
    opened = OpenBook(cursor, site_id, customer_id, rows[0], lots)
    opened.settle(now)
    return opened


def read_used_lots(
    cursor: HotCursor, site_id: uuid.UUID, customer_id: uuid.UUID, number: int
) -> list[tuple[LotState, int]]:
    """Return the lots an entry took from, and how much of each."""
    rows = cursor.fetch(_USED_LOTS, {"site_id": site_id, "customer_id": customer_id, "number": number})
    return [(_read_lot(row), row[7]) for row in rows]


def _read_lot(row: Any) -> LotState:
    return LotState(row[0], row[1], row[2], row[3], _required(row[5]), read_time(row[6]), row[4])


def _row_of(entry: NewEntry, now: datetime, digest: str) -> Mapping[str, Any]:
    cause = entry.cause
    return {
        "number": entry.number,
        "delta": entry.delta,
        "kind": entry.kind,
        "source": cause.source,
        "rule": cause.rule,
        "rule_version": cause.rule_version,
        "reason": dict(cause.reason),
        "actor": cause.actor,
        "key": cause.key,
        "available_at": entry.available_at,
        "occurred_at": entry.occurred_at,
        "recorded_at": now,
        "digest": digest,
    }


def _required(value: Any) -> datetime:
    moment = read_time(value)
    assert moment is not None  # noqa: S101 - the column is never empty.
    return moment
