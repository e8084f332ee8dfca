"""Making two books one. Pure."""

from widget.loyalty.book import Book
from widget.loyalty.entries import Cause, LotState


def merge_books(old: Book, new: Book, cause: Cause) -> None:
    """Move everything an account has to another: its lots with their times, what expired of them, and its debt.

    Both are settled until the same moment. What an order earned stays the order's, so that a refund finds it.
    """
    for lot in sorted(old.lots.values(), key=lambda lot: lot.number):
        _move_lot(lot, old, new, cause)
    if old.debt:
        debt = old.debt
        old.forgive_debt("merge_out", cause)
        new.take_back(debt, "merge_in", cause)
    new.lifetime += old.lifetime
    old.lifetime = 0
    if old.inactive_at is not None:
        new.inactive_at = max(old.inactive_at, new.inactive_at or old.inactive_at)


def _move_lot(lot: LotState, old: Book, new: Book, cause: Cause) -> None:
    expired, points = lot.expired, lot.remaining + lot.expired
    if not points:
        return
    old.move_out(lot, cause)
    new.move_in(LotState(0, lot.source, points, points, lot.available_at, lot.expires_at), expired, cause)
