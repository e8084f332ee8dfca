"""What time alone brings an account next. Pure."""

from dataclasses import dataclass
from datetime import datetime

from widget.loyalty.book import Book


@dataclass(frozen=True)
class Coming:
    """Points that can be spent from a moment on, or are gone then."""

    points: int
    at: datetime


def find_next_available(book: Book | None) -> Coming | None:
    """Return how many points can be spent next, and from when on."""
    lots = [lot for lot in book.list_live() if lot.available_at > book.settled_at] if book else []
    if not lots:
        return None
    at = min(lot.available_at for lot in lots)
    return Coming(sum(lot.remaining for lot in lots if lot.available_at == at), at)


def find_next_expiry(book: Book | None) -> Coming | None:
    """Return how many of the points that can be spent are gone next unless they are, and when."""
    lots = [lot for lot in book.list_live() if lot.available_at <= book.settled_at] if book else []
    if book is None or not lots:
        return None
    at = min((lot.expires_at for lot in lots if lot.expires_at), default=None)
    if book.inactive_at is not None and (at is None or book.inactive_at <= at):
        return Coming(book.balance, book.inactive_at)
    return Coming(sum(lot.remaining for lot in lots if lot.expires_at == at), at) if at else None
