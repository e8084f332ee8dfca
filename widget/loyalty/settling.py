"""Settling redemptions: committing what they hold, or giving the points back to the lots they came from."""

import uuid
from datetime import datetime

from widget.core.hot import HotCursor, HotStatement
from widget.coupons.issuing import cancel_coupon, issue_coupon
from widget.loyalty.entries import Cause
from widget.loyalty.errors import RedemptionNotFound, RedemptionSettled
from widget.loyalty.ledger import OpenBook, open_book, read_used_lots
from widget.loyalty.redeeming import Redeemed, read_source, repeat
from widget.loyalty.redemptions import KnownRedemption, find_redemption, settle_redemption

_RETURN_STOCK = HotStatement(
    "UPDATE loyalty_rewards SET stock = stock + 1 WHERE site_id = :site_id AND id = :reward_id AND stock IS NOT NULL"
)


def commit_redemption(cursor: HotCursor, site_id: uuid.UUID, redemption_id: uuid.UUID, now: datetime) -> Redeemed:
    """Spend what a redemption holds and issue its code; a repeat is the same one.

    Raise RedemptionNotFound, RedemptionSettled once it was cancelled or its time is over, or PoolEmpty.
    """
    known, opened = _open(cursor, site_id, redemption_id, now)
    if known.state in ("issued", "used"):
        return repeat(known, opened.book.balance)
    if known.held_until_at is None or known.held_until_at <= now:
        raise RedemptionSettled("The points are no longer held.")
    entry = opened.book.commit(opened.load_uses(known.entry_number), known.cause("store"))
    opened.save()
    source = read_source(cursor, site_id, known.reward_id)
    coupon = issue_coupon(cursor, site_id, source, known.customer_id, f"redemption:{known.id}", now)
    settle_redemption(cursor, site_id, known, "issued", now, coupon_id=coupon.id, entry_number=entry.number)
    return Redeemed(
        known.id,
        known.reward_id,
        known.points,
        "issued",
        coupon.code,
        coupon.expires_at,
        opened.book.balance,
        is_new=True,
    )


def cancel_redemption(
    cursor: HotCursor, site_id: uuid.UUID, redemption_id: uuid.UUID, now: datetime, *, actor: str
) -> Redeemed:
    """Give the points of a redemption back, with the expiry they had; a repeat changes nothing.

    Raise RedemptionNotFound, or RedemptionSettled where its code was used.
    """
    known, opened = _open(cursor, site_id, redemption_id, now)
    if known.state == "cancelled":
        return repeat(known, opened.book.balance)
    if known.state == "used" or (known.coupon_id and not cancel_coupon(cursor, site_id, known.coupon_id)):
        raise RedemptionSettled("The code was used.")
    cause = known.cause(actor)
    if known.entry_customer_id != known.customer_id:
        _credit_again(cursor, site_id, known, opened, cause)
    elif known.state == "held":
        opened.book.release(opened.load_uses(known.entry_number), cause)
    else:
        opened.book.give_back(opened.load_uses(known.entry_number), "give_back", cause)
    opened.save()
    cursor.execute(_RETURN_STOCK, {"site_id": site_id, "reward_id": known.reward_id})
    settle_redemption(cursor, site_id, known, "cancelled", now)
    return Redeemed(known.id, known.reward_id, known.points, "cancelled", None, None, opened.book.balance, is_new=True)


def _open(
    cursor: HotCursor, site_id: uuid.UUID, redemption_id: uuid.UUID, now: datetime
) -> tuple[KnownRedemption, OpenBook]:
    """Return a redemption and the book it concerns, read again once the book is held."""
    first = find_redemption(cursor, site_id, redemption_id)
    if first is None:
        raise RedemptionNotFound()
    opened = open_book(cursor, site_id, first.customer_id, now)
    known = find_redemption(cursor, site_id, redemption_id)
    if known is None or known.customer_id != first.customer_id:
        raise RedemptionNotFound()
    return known, opened


def _credit_again(
    cursor: HotCursor, site_id: uuid.UUID, known: KnownRedemption, opened: OpenBook, cause: Cause
) -> None:
    """Give points back to whoever the spender was merged into, as lots like those they came from."""
    for lot, points in read_used_lots(cursor, site_id, known.entry_customer_id, known.entry_number):
        opened.book.credit(
            points, "give_back", cause, available_at=lot.available_at, expires_at=lot.expires_at, of=lot.source
        )
