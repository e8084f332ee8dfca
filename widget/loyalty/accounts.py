"""Accounts: joining, an owner's adjustments, letting time do its work, and making two accounts one."""

import uuid
from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select

from widget.core.db import db
from widget.core.hot import HotCursor, HotStatement
from widget.loyalty.book import Book
from widget.loyalty.earning import award_points
from widget.loyalty.entries import Cause, InsufficientPoints
from widget.loyalty.errors import NotEnoughPoints
from widget.loyalty.ledger import OpenBook, find_book, open_book
from widget.loyalty.merging import merge_books
from widget.loyalty.programs import find_current
from widget.loyalty.reward_models import Redemption
from widget.loyalty.tiers import update_tier

_IS_KNOWN = HotStatement("SELECT delta FROM loyalty_entries WHERE site_id = :site_id AND key = :key")
_JOIN = HotStatement(
    """
    UPDATE loyalty_accounts SET joined_at = :now
    WHERE site_id = :site_id AND customer_id = :customer_id AND joined_at IS NULL
    """
)
_RENAME = HotStatement(
    "UPDATE loyalty_redemptions SET customer_id = :new_id WHERE site_id = :site_id AND customer_id = :old_id"
)
_HOLD_ANEW = HotStatement(
    """
    UPDATE loyalty_redemptions SET customer_id = :new_id, entry_customer_id = :new_id, entry_number = :number
    WHERE site_id = :site_id AND id = :id
    """
)
_GIVE_UP = HotStatement(
    """
    UPDATE loyalty_redemptions SET state = 'cancelled', held_until_at = NULL, settled_at = :now, customer_id = :new_id
    WHERE site_id = :site_id AND id = :id
    """
)
_GIVE_COUPONS = HotStatement(
    "UPDATE coupons SET customer_id = :new_id WHERE site_id = :site_id AND customer_id = :old_id"
)
_MOVES = (
    HotStatement("UPDATE loyalty_orders SET customer_id = :new_id WHERE site_id = :site_id AND customer_id = :old_id"),
    HotStatement(
        """
        INSERT INTO loyalty_qualifying_days (site_id, customer_id, day, points, spend_minor, orders)
        SELECT site_id, :new_id, day, points, spend_minor, orders FROM loyalty_qualifying_days
        WHERE site_id = :site_id AND customer_id = :old_id
        ON CONFLICT (site_id, customer_id, day) DO UPDATE
        SET points = loyalty_qualifying_days.points + excluded.points,
            spend_minor = loyalty_qualifying_days.spend_minor + excluded.spend_minor,
            orders = loyalty_qualifying_days.orders + excluded.orders
        """
    ),
    HotStatement("DELETE FROM loyalty_qualifying_days WHERE site_id = :site_id AND customer_id = :old_id"),
    HotStatement(
        """
        INSERT INTO loyalty_tier_gifts (site_id, customer_id, tier, given_at)
        SELECT site_id, :new_id, tier, given_at FROM loyalty_tier_gifts
        WHERE site_id = :site_id AND customer_id = :old_id ON CONFLICT DO NOTHING
        """
    ),
    HotStatement(
        """
        UPDATE loyalty_accounts SET merged_into_id = :new_id, tier = NULL, tier_until_on = NULL, is_tier_pinned = :no
        WHERE site_id = :site_id AND customer_id = :old_id
        """
    ),
)


def join_program(cursor: HotCursor, site_id: uuid.UUID, customer_id: uuid.UUID, now: datetime) -> bool:
    """Note that a customer has joined, with what the program gives for it; return whether they had not before."""
    open_book(cursor, site_id, customer_id, now)
    is_new = cursor.execute(_JOIN, {"site_id": site_id, "customer_id": customer_id, "now": now}) == 1
    if is_new:
        award_points(cursor, site_id, customer_id, "signup", str(customer_id), now)
    return is_new


def adjust_points(
    cursor: HotCursor,
    site_id: uuid.UUID,
    customer_id: uuid.UUID,
    adjustment_id: uuid.UUID,
    points: int,
    now: datetime,
    *,
    actor: str,
    reason: str,
    may_owe: bool = False,
) -> int:
    """Give points or take them away, once for each id; return the balance. Raise NotEnoughPoints.

    What is taken beyond the balance becomes debt only where `may_owe` says so.
    """
    opened = open_book(cursor, site_id, customer_id, now)
    key = f"adjustment:{adjustment_id}"
    if cursor.fetch(_IS_KNOWN, {"site_id": site_id, "key": key}):
        return opened.book.balance
    cause = Cause(key, actor=actor, rule="adjustment", reason={"note": reason}, key=key)
    current = find_current(cursor, site_id)
    if points > 0:
        expires_at = current.rules.expires_at(now) if current else None
        opened.book.credit(points, "adjust", cause, expires_at=expires_at)
    elif -points > opened.book.balance and not may_owe:
        raise NotEnoughPoints(f"The balance is {opened.book.balance}.")
    else:
        opened.book.take_back(-points, "adjust", cause)
    opened.save()
    return opened.book.balance


def settle_account(cursor: HotCursor, site_id: uuid.UUID, customer_id: uuid.UUID, now: datetime) -> None:
    """Write down what time alone has brought: points that became available or expired, a tier that was lost."""
    opened = find_book(cursor, site_id, customer_id, now)
    current = find_current(cursor, site_id)
    if opened is None:
        return
    opened.has_tier_of_now = True
    if current is not None:
        update_tier(cursor, current.rules, site_id, customer_id, opened, now)
    opened.save()


def merge_accounts(cursor: HotCursor, site_id: uuid.UUID, old_id: uuid.UUID, new_id: uuid.UUID, now: datetime) -> None:
    """Make a customer's account that of the one they are merged into; a repeat takes along what came in between."""
    names = {"site_id": site_id, "old_id": old_id, "new_id": new_id, "no": False, "now": now}
    old = _open_both(cursor, site_id, old_id, new_id, now)
    # Coupons are not given for points alone.
    cursor.execute(_GIVE_COUPONS, names)
    if old is None:
        return
    new = open_book(cursor, site_id, new_id, now)
    held = _release_held(old, site_id, old_id)
    old.load_everything()
    merge_books(old.book, new.book, Cause(f"merge:{old_id}"))
    kept = _hold_anew(new.book, held)
    old.save()
    new.save()
    for redemption in held:
        row = {**names, "id": redemption.id, "number": kept.get(redemption.id, 0)}
        cursor.execute(_HOLD_ANEW if redemption.id in kept else _GIVE_UP, row)
    for statement in (_RENAME, *_MOVES):
        cursor.execute(statement, names)
    settle_account(cursor, site_id, new_id, now)


def _open_both(
    cursor: HotCursor, site_id: uuid.UUID, old_id: uuid.UUID, new_id: uuid.UUID, now: datetime
) -> OpenBook | None:
    """Hold both accounts, in one order everywhere; return the old one's book, None where there is none."""
    books = {customer_id: find_book(cursor, site_id, customer_id, now) for customer_id in sorted((old_id, new_id))}
    return books[old_id]


def _release_held(old: OpenBook, site_id: uuid.UUID, old_id: uuid.UUID) -> Collection[Redemption]:
    """Give back what redemptions hold, so that it moves with the rest; return those redemptions."""
    held = db.session.scalars(
        select(Redemption)
        .where(Redemption.site_id == site_id, Redemption.customer_id == old_id, Redemption.state == "held")
        .order_by(Redemption.created_at, Redemption.id)
    ).all()
    for redemption in held:
        old.book.release(old.load_uses(redemption.entry_number), Cause(f"redemption:{redemption.id}"))
    return held


def _hold_anew(book: Book, held: Collection[Redemption]) -> dict[uuid.UUID, int]:
    """Hold what redemptions held before; return the entries of those for which the points are still there."""
    kept = {}
    for redemption in held:
        try:
            kept[redemption.id] = book.hold(redemption.points, Cause(f"redemption:{redemption.id}")).number
        except InsufficientPoints:
            continue
    return kept
