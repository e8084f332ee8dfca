"""A customer's tier: a function of what counts, written down whenever that changes or time passes."""

import uuid
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from widget.core.hot import HotCursor, HotStatement, read_day
from widget.loyalty.entries import Cause
from widget.loyalty.ledger import OpenBook
from widget.loyalty.program import Program, Tier
from widget.loyalty.rules import day_in, tier_on, tier_until, window_start

_COUNT_DAY = HotStatement(
    """
    INSERT INTO loyalty_qualifying_days (site_id, customer_id, day, points, spend_minor, orders)
    VALUES (:site_id, :customer_id, :day, 0, 0, 0) ON CONFLICT DO NOTHING
    """
)
_ADD_TO_DAY = HotStatement(
    """
    UPDATE loyalty_qualifying_days SET points = points + :points, spend_minor = spend_minor + :spend_minor,
        orders = orders + :orders
    WHERE site_id = :site_id AND customer_id = :customer_id AND day = :day
    """
)
_DAYS = HotStatement(
    """
    SELECT day, points, spend_minor, orders FROM loyalty_qualifying_days
    WHERE site_id = :site_id AND customer_id = :customer_id AND day >= :first
    """
)
_SAVE_TIER = HotStatement(
    """
    UPDATE loyalty_accounts SET tier = :tier, tier_until_on = :until_on
    WHERE site_id = :site_id AND customer_id = :customer_id
    """
)
_ADD_GIFT = HotStatement(
    """
    INSERT INTO loyalty_tier_gifts (site_id, customer_id, tier, given_at)
    VALUES (:site_id, :customer_id, :tier, :now) ON CONFLICT DO NOTHING
    """
)
_COLUMNS = {"points": 1, "spend": 2, "orders": 3}


def count_for_tier(cursor: HotCursor, site_id: uuid.UUID, customer_id: uuid.UUID, day: date, **amounts: int) -> None:
    """Add points, spend_minor or orders to what counts on a day; a difference may be below zero."""
    key = {"site_id": site_id, "customer_id": customer_id, "day": day}
    added = {"points": 0, "spend_minor": 0, "orders": 0, **amounts}
    if any(added.values()):
        cursor.execute(_COUNT_DAY, key)
        cursor.execute(_ADD_TO_DAY, {**key, **added})


def read_amounts(
    cursor: HotCursor, program: Program, site_id: uuid.UUID, customer_id: uuid.UUID, today: date
) -> Mapping[date, int]:
    """Return what may count for a customer's tier, by day; points that are still pending lie in the future."""
    first = window_start(today - timedelta(days=program.window.grace_days), program.window)
    rows = cursor.fetch(_DAYS, {"site_id": site_id, "customer_id": customer_id, "first": first})
    column = _COLUMNS[program.measure]
    found = {read_day(row[0]): row[column] for row in rows if row[column]}
    return {day: amount for day, amount in found.items() if day is not None}


def compute_tier(
    cursor: HotCursor, program: Program, site_id: uuid.UUID, customer_id: uuid.UUID, today: date
) -> tuple[str | None, date | None]:
    """Return the tier a customer has reached by what counts, and the day it would be lost."""
    rules = (read_amounts(cursor, program, site_id, customer_id, today), today, program.window, program.steps)
    return tier_on(*rules), tier_until(*rules)


def find_tier_now(
    cursor: HotCursor, program: Program, site_id: uuid.UUID, customer_id: uuid.UUID, opened: OpenBook, now: datetime
) -> tuple[str | None, date | None]:
    """Return a customer's tier and until when it is theirs, also where nobody wrote down what time has brought."""
    today = day_in(now, program.zone)
    is_over = opened.tier_until_on is not None and opened.tier_until_on <= today
    if opened.is_tier_pinned or opened.has_tier_of_now or not (opened.due_at or is_over):
        return opened.tier, opened.tier_until_on
    return compute_tier(cursor, program, site_id, customer_id, today)


def update_tier(
    cursor: HotCursor, program: Program, site_id: uuid.UUID, customer_id: uuid.UUID, opened: OpenBook, now: datetime
) -> Tier | None:
    """Write a customer's tier down as it is now, and give what a tier reached for the first time gives in points.

    Return the tier that was newly reached, if any, so that the caller gives its coupon. The caller saves the book.
    """
    opened.has_tier_of_now = True
    if opened.is_tier_pinned or not (program.tiers or opened.tier):
        return None
    today = day_in(now, program.zone)
    key, until = compute_tier(cursor, program, site_id, customer_id, today)
    names: dict[str, Any] = {"site_id": site_id, "customer_id": customer_id}
    if (key, until) != (opened.tier, opened.tier_until_on):
        cursor.execute(_SAVE_TIER, {**names, "tier": key, "until_on": until})
    is_up = _rank(program, key) > _rank(program, opened.tier)
    opened.tier, opened.tier_until_on = key, until
    tier = program.find_tier(key)
    if not is_up or tier is None or not cursor.execute(_ADD_GIFT, {**names, "tier": tier.key, "now": now}):
        return None
    if tier.gift_points:
        cause = Cause(f"tier:{tier.key}", rule="tier", rule_version=program.version, reason={"tier": tier.key})
        opened.book.credit(tier.gift_points, "gift", cause, expires_at=program.expires_at(now))
    return tier


def _rank(program: Program, key: str | None) -> int:
    return next((place for place, tier in enumerate(program.tiers, start=1) if tier.key == key), 0)
