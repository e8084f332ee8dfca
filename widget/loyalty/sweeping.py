"""What time brings to accounts, found some at a time: whoever calls it commits between them."""

import uuid
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from widget.core.db import db, session_cursor
from widget.loyalty.accounts import settle_account
from widget.loyalty.models import LoyaltyAccount, LoyaltyProgram
from widget.loyalty.programs import find_current
from widget.loyalty.reward_models import Redemption
from widget.loyalty.rules import day_in

AT_ONCE = 50
Key = tuple[uuid.UUID, uuid.UUID]


def settle_some(now: datetime) -> int:
    """Settle some accounts to which time has brought something; return how many, 0 when none is left."""
    keys = db.session.execute(
        select(LoyaltyAccount.site_id, LoyaltyAccount.customer_id)
        .where(LoyaltyAccount.next_change_at <= now)
        .order_by(LoyaltyAccount.next_change_at)
        .limit(AT_ONCE)
    )
    return _settle([(site_id, customer_id) for site_id, customer_id in keys], now)


def list_sites_with_tiers() -> Sequence[uuid.UUID]:
    """Return the sites with a program, in which tiers may be lost."""
    return db.session.scalars(select(LoyaltyProgram.site_id).order_by(LoyaltyProgram.site_id)).all()


def lower_some_tiers(site_id: uuid.UUID, after: uuid.UUID | None, now: datetime) -> uuid.UUID | None:
    """Look at some accounts of a site whose tier ends by today, by their ids; return the last, None at the end."""
    current = find_current(session_cursor(), site_id)
    if current is None:
        return None
    ids = db.session.scalars(
        select(LoyaltyAccount.customer_id)
        .where(
            LoyaltyAccount.site_id == site_id,
            LoyaltyAccount.tier_until_on <= day_in(now, current.rules.zone),
            LoyaltyAccount.is_tier_pinned.is_(False),
            *([] if after is None else [LoyaltyAccount.customer_id > after]),
        )
        .order_by(LoyaltyAccount.customer_id)
        .limit(AT_ONCE)
    ).all()
    _settle([(site_id, customer_id) for customer_id in ids], now)
    return ids[-1] if ids else None


def list_overdue_redemptions(now: datetime) -> Sequence[Key]:
    """Return some redemptions that hold points longer than they may, by site and id."""
    rows = db.session.execute(
        select(Redemption.site_id, Redemption.id)
        .where(Redemption.state == "held", Redemption.held_until_at <= now)
        .order_by(Redemption.held_until_at)
        .limit(AT_ONCE)
    )
    return [(site_id, redemption_id) for site_id, redemption_id in rows]


def _settle(keys: Sequence[Key], now: datetime) -> int:
    """Settle accounts in the order in which everybody locks them."""
    cursor = session_cursor()
    for site_id, customer_id in sorted(keys, key=str):
        settle_account(cursor, site_id, customer_id, now)
    return len(keys)
