"""Tiers an owner chooses by hand, which stay whatever customers buy."""

import uuid
from datetime import datetime

from widget.core.hot import HotCursor, HotStatement
from widget.core.problems import FieldError, InvalidFields
from widget.loyalty.ledger import open_book
from widget.loyalty.programs import find_current
from widget.loyalty.tiers import update_tier

_PIN = HotStatement(
    """
    UPDATE loyalty_accounts SET tier = :tier, tier_until_on = NULL, is_tier_pinned = :is_pinned, pinned_by = :actor,
        pin_reason = :reason
    WHERE site_id = :site_id AND customer_id = :customer_id
    """
)


def pin_tier(
    cursor: HotCursor,
    site_id: uuid.UUID,
    customer_id: uuid.UUID,
    tier: str | None,
    now: datetime,
    *,
    actor: str,
    reason: str,
) -> None:
    """Put a customer into a tier, None for none, where they stay until it is unpinned; raise InvalidFields.

    What a tier gives on entry is given to those who reach it, not to those who are put there.
    """
    current = find_current(cursor, site_id)
    if tier is not None and (current is None or current.rules.find_tier(tier) is None):
        raise InvalidFields(errors=[FieldError("#/tier", "The program has no such tier.")])
    open_book(cursor, site_id, customer_id, now).save()
    row = {"site_id": site_id, "customer_id": customer_id, "tier": tier, "is_pinned": True}
    cursor.execute(_PIN, {**row, "actor": actor, "reason": reason})


def unpin_tier(cursor: HotCursor, site_id: uuid.UUID, customer_id: uuid.UUID, now: datetime) -> None:
    """Let a customer's tier be what they have reached again."""
    opened = open_book(cursor, site_id, customer_id, now)
    row = {"site_id": site_id, "customer_id": customer_id, "tier": None, "is_pinned": False}
    cursor.execute(_PIN, {**row, "actor": None, "reason": None})
    # As if nobody had chosen: what a tier gives is given once, when it is reached.
    opened.tier, opened.tier_until_on, opened.is_tier_pinned = None, None, False
    current = find_current(cursor, site_id)
    if current is not None:
        update_tier(cursor, current.rules, site_id, customer_id, opened, now)
    opened.save()
