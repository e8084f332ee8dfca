"""What must hold of every book after every step, and the plainest account of what it holds."""

from collections import Counter
from datetime import UTC, datetime, timedelta

from widget.loyalty.book import Book
from widget.loyalty.entries import NewEntry


def check_book(book: Book, entries: list[NewEntry]) -> None:
    """Fail unless a book agrees with all the entries that were ever made in it."""
    now = book.settled_at
    available = sum(entry.delta for entry in entries if entry.available_at <= now)
    pending = sum(entry.delta for entry in entries if entry.available_at > now)
    live = [lot for lot in book.lots.values() if lot.remaining]
    assert book.balance == available == sum(lot.remaining for lot in live if lot.available_at <= now) - book.debt
    assert book.pending == pending == sum(lot.remaining for lot in live if lot.available_at > now)
    assert book.debt == 0 or book.balance <= 0
    kinds = Counter[str]()
    for entry in entries:
        kinds[entry.kind] += entry.delta
    assert book.held == -kinds["hold"] - kinds["release"] >= 0
    used = Counter[int]()
    for (_, lot), points in book.uses.items():
        used[lot] += points
    for lot in book.lots.values():
        assert 0 <= lot.remaining <= lot.granted
        assert lot.granted - lot.remaining == used[lot.number]
        assert 0 <= lot.expired <= lot.granted - lot.remaining
        assert not lot.remaining or lot.expires_at is None or lot.expires_at > now or lot.available_at > now
    assert [entry.number for entry in entries] == list(range(1, len(entries) + 1))
    assert book.last_number == len(entries)
    assert all(entry.delta for entry in entries)


def sum_of(entries: list[NewEntry], source: str) -> int:
    """Return what a source's entries add up to, what expired of it aside."""
    return sum(entry.delta for entry in entries if entry.cause.source == source and entry.kind != "unexpire")


def at(day: int) -> datetime:
    """Return a moment so many days after the beginning."""
    return datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=day)
