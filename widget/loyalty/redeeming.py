"""Redeeming points for rewards: in one transaction the points are spent and the code is issued, or nothing happens."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson

from widget.core.hot import HotCursor, HotStatement, NothingWritten, read_id, read_time
from widget.coupons.issuing import Issued, Source, issue_coupon, make_coupon
from widget.loyalty.entries import Cause, InsufficientPoints, NewEntry
from widget.loyalty.errors import NotEnoughPoints, RedemptionIdTaken, RewardNotAvailable, RewardNotFound
from widget.loyalty.ledger import OpenBook, open_book
from widget.loyalty.programs import get_live
from widget.loyalty.redemptions import KnownRedemption, find_redemption
from widget.loyalty.tiers import find_tier_now

REWARD_COLUMNS = (
    "r.price", "r.tier_prices", "r.stock", "r.customer_limit", "r.starts_at", "r.ends_at", "r.state", "q.id",
    "q.codes", "q.prefix", "q.valid_days", "q.archived_at",
)  # fmt: skip
# Only our own constants are put together.
_REWARD = HotStatement(
    f"""
    SELECT {", ".join(REWARD_COLUMNS)}
    FROM loyalty_rewards r JOIN coupon_pools q ON q.site_id = r.site_id AND q.id = r.pool_id
    WHERE r.site_id = :site_id AND r.id = :reward_id
    """  # noqa: S608
)
_TAKE_STOCK = HotStatement(
    "UPDATE loyalty_rewards SET stock = stock - 1 WHERE site_id = :site_id AND id = :reward_id AND stock > 0"
)
_COUNT_TAKEN = HotStatement(
    """
    SELECT COUNT(*) FROM loyalty_redemptions
    WHERE site_id = :site_id AND customer_id = :customer_id AND reward_id = :reward_id AND state <> 'cancelled'
    """
)
_ADD_REDEMPTION = HotStatement(
    """
    INSERT INTO loyalty_redemptions (site_id, id, customer_id, reward_id, coupon_id, points, state, entry_customer_id,
        entry_number, held_until_at, created_at)
    VALUES (:site_id, :id, :customer_id, :reward_id, :coupon_id, :points, :state, :customer_id, :entry_number,
        :held_until_at, :now)
    ON CONFLICT DO NOTHING
    """
)


@dataclass(frozen=True)
class Redeemed:
    """A redemption as it is; `balance` is what is left, None where it was not looked at."""

    id: uuid.UUID
    reward_id: uuid.UUID
    points: int
    state: str
    code: str | None
    expires_at: datetime | None
    balance: int | None
    is_new: bool


@dataclass(frozen=True)
class Asked:
    """Who wants to redeem when, under which id, and until when the points are only held."""

    site_id: uuid.UUID
    customer_id: uuid.UUID
    id: uuid.UUID
    actor: str
    now: datetime
    held_until: datetime | None = None


@dataclass(frozen=True)
class Offer:
    """A reward as it is offered now."""

    reward_id: uuid.UUID
    price: int
    tier_prices: dict[str, int | None]
    has_stock: bool
    customer_limit: int | None
    source: Source

    def price_for(self, tier: str | None) -> int:
        """Return the price for a tier; raise RewardNotAvailable for one that cannot have it."""
        price = self.tier_prices.get(tier, self.price) if tier else self.price
        if price is None:
            raise RewardNotAvailable("Your tier cannot have this reward.")
        return price


def redeem_reward(
    cursor: HotCursor,
    site_id: uuid.UUID,
    customer_id: uuid.UUID,
    redemption_id: uuid.UUID,
    reward_id: uuid.UUID,
    now: datetime,
    *,
    held_until: datetime | None = None,
    actor: str = "customer",
) -> Redeemed:
    """Spend points for a reward, or hold them until a moment; the same id and reward are the same redemption.

    Raise NotEnoughPoints, RewardNotFound, RewardNotAvailable, PoolEmpty, RedemptionIdTaken or NoProgram.
    """
    program = get_live(cursor, site_id)
    opened = open_book(cursor, site_id, customer_id, now)
    known = find_redemption(cursor, site_id, redemption_id)
    if known is not None:
        if (known.customer_id, known.reward_id) != (customer_id, reward_id):
            raise RedemptionIdTaken()
        return repeat(known, opened.book.balance)
    offer = read_offer(cursor, site_id, reward_id, now)
    _require_offered(cursor, offer, {"site_id": site_id, "customer_id": customer_id, "reward_id": reward_id})
    tier, _ = find_tier_now(cursor, program, site_id, customer_id, opened, now)
    asked = Asked(site_id, customer_id, redemption_id, actor, now, held_until)
    try:
        return take_reward(cursor, asked, offer, opened, program.version, tier)
    except NothingWritten as error:
        raise RedemptionIdTaken() from error


def take_reward(
    cursor: HotCursor, asked: Asked, offer: Offer, opened: OpenBook, version: int, tier: str | None
) -> Redeemed:
    """Spend or hold the points, issue the code and write it all down; raise NotEnoughPoints or NothingWritten."""
    points, source = offer.price_for(tier), f"redemption:{asked.id}"
    reason = {"reward": str(offer.reward_id), "price": points}
    cause = Cause(source, actor=asked.actor, rule_version=version, reason=reason)
    entry = _take_points(opened, points, cause, is_held=asked.held_until is not None)
    coupon, writes = None, opened.list_writes()
    if asked.held_until is None and offer.source.is_made:
        coupon, write = make_coupon(asked.site_id, offer.source, asked.customer_id, source, asked.now)
        writes.append(write)
    elif asked.held_until is None:
        coupon = issue_coupon(cursor, asked.site_id, offer.source, asked.customer_id, source, asked.now)
    told = _tell(asked, offer, points, coupon, opened.book.balance)
    writes.append((_ADD_REDEMPTION, _row_of(asked, told, coupon, entry)))
    cursor.execute_all(writes)
    return told


def _tell(asked: Asked, offer: Offer, points: int, coupon: Issued | None, balance: int) -> Redeemed:
    state = "issued" if coupon else "held"
    code, expires_at = (coupon.code, coupon.expires_at) if coupon else (None, None)
    return Redeemed(asked.id, offer.reward_id, points, state, code, expires_at, balance, is_new=True)


def _row_of(asked: Asked, told: Redeemed, coupon: Issued | None, entry: NewEntry) -> Mapping[str, Any]:
    return {
        "site_id": asked.site_id,
        "id": asked.id,
        "customer_id": asked.customer_id,
        "reward_id": told.reward_id,
        "coupon_id": coupon.id if coupon else None,
        "points": told.points,
        "state": told.state,
        "entry_number": entry.number,
        "held_until_at": asked.held_until,
        "now": asked.now,
    }


def _require_offered(cursor: HotCursor, offer: Offer, names: Mapping[str, Any]) -> None:
    """Take one from the stock, where there is one; raise RewardNotAvailable for a reward that cannot be had again."""
    if offer.customer_limit and cursor.fetch(_COUNT_TAKEN, names)[0][0] >= offer.customer_limit:
        raise RewardNotAvailable("You have had this reward as often as it can be had.")
    if offer.has_stock and not cursor.execute(_TAKE_STOCK, names):
        raise RewardNotAvailable("This reward is sold out.")


def _take_points(opened: OpenBook, points: int, cause: Cause, *, is_held: bool) -> NewEntry:
    book = opened.book
    try:
        entry = book.hold(points, cause) if is_held else book.spend(points, "redeem", cause)
    except InsufficientPoints as error:
        raise NotEnoughPoints(f"This costs {points} points; {book.balance} can be spent.") from error
    return entry


def repeat(known: KnownRedemption, balance: int) -> Redeemed:
    """Return a redemption as it is, for whoever asks for it again."""
    return Redeemed(
        known.id, known.reward_id, known.points, known.state, known.code, known.expires_at, balance, is_new=False
    )


def read_offer(cursor: HotCursor, site_id: uuid.UUID, reward_id: uuid.UUID, now: datetime) -> Offer:
    """Return a reward as it can be had now; raise RewardNotFound or RewardNotAvailable."""
    rows = cursor.fetch(_REWARD, {"site_id": site_id, "reward_id": reward_id})
    if not rows:
        raise RewardNotFound()
    return make_offer(reward_id, rows[0], now)


def make_offer(reward_id: uuid.UUID, row: Any, now: datetime) -> Offer:
    """Return what a row of REWARD_COLUMNS offers now; raise RewardNotAvailable."""
    price, tier_prices, stock, customer_limit, starts_at, ends_at, state = row[:7]
    starts_at, ends_at = read_time(starts_at), read_time(ends_at)
    if state != "live" or row[11] is not None or (starts_at and now < starts_at) or (ends_at and now >= ends_at):
        raise RewardNotAvailable("This reward is not offered now.")
    prices = orjson.loads(tier_prices) if isinstance(tier_prices, str) else tier_prices
    return Offer(reward_id, price, prices, stock is not None, customer_limit, _source_of(row))


def read_source(cursor: HotCursor, site_id: uuid.UUID, reward_id: uuid.UUID) -> Source:
    """Return where a reward's codes come from, whether it is still offered or not."""
    return _source_of(cursor.fetch(_REWARD, {"site_id": site_id, "reward_id": reward_id})[0])


def _source_of(row: Any) -> Source:
    return Source(read_id(row[7]), is_made=row[8] == "made", prefix=row[9], valid_days=row[10])
