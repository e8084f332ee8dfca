"""Redeeming with one read and one write, where nothing speaks against it: what members wait for most.

Everything that decides is read at once and without locks, and everything is written at once, if the account is still
as it was read. Whatever is less simple - a repeat, a reward of which there are only so many, codes from a list, an
account that changes at this moment, a tier that time may have brought or taken - is left to `redeem_reward`.
`bench/redeem.py` shows what that is for.
"""

import uuid
from datetime import datetime, timedelta

from widget.core.hot import HotCursor, HotStatement, read_id
from widget.loyalty.ledger import ACCOUNT_COLUMNS, LOT_COLUMNS, OpenBook
from widget.loyalty.redeeming import REWARD_COLUMNS, Asked, Redeemed, make_offer, take_reward

_COLUMNS = (*REWARD_COLUMNS, *(f"a.{name}" for name in ACCOUNT_COLUMNS), *(f"l.{name}" for name in LOT_COLUMNS))
_ACCOUNT = len(REWARD_COLUMNS)
_LOT = _ACCOUNT + len(ACCOUNT_COLUMNS)
# Only our own constants are put together. One statement, so that all of it is of one moment.
_EVERYTHING = HotStatement(
    f"""
    SELECT {", ".join(_COLUMNS)}, a.customer_id, p.version
    FROM customers c
    JOIN loyalty_programs p ON p.site_id = c.site_id AND p.state = 'live'
    JOIN loyalty_rewards r ON r.site_id = c.site_id AND r.id = :reward_id
    JOIN coupon_pools q ON q.site_id = c.site_id AND q.id = r.pool_id
    JOIN loyalty_accounts a ON a.site_id = c.site_id AND a.customer_id = COALESCE(c.merged_into_id, c.id)
    JOIN loyalty_lots l ON l.site_id = c.site_id AND l.customer_id = a.customer_id AND l.is_live
    WHERE c.site_id = :site_id AND c.id = :customer_id AND r.stock IS NULL AND r.customer_limit IS NULL
        AND NOT EXISTS (SELECT 1 FROM loyalty_redemptions k WHERE k.site_id = :site_id AND k.id = :id)
    """  # noqa: S608
)


def redeem_leanly(
    cursor: HotCursor,
    site_id: uuid.UUID,
    customer_id: uuid.UUID,
    redemption_id: uuid.UUID,
    reward_id: uuid.UUID,
    now: datetime,
) -> Redeemed | None:
    """Spend points for a reward, or return None where that is not simple; call it in an `exchange`.

    Raise RewardNotAvailable, NotEnoughPoints.
    """
    names = {"site_id": site_id, "customer_id": customer_id, "id": redemption_id, "reward_id": reward_id}
    rows = cursor.fetch(_EVERYTHING, names)
    if not rows:
        return None
    first = rows[0]
    offer, survivor_id = make_offer(reward_id, first, now), read_id(first[-2])
    if not offer.source.is_made:
        return None
    opened = OpenBook(cursor, site_id, survivor_id, first[_ACCOUNT:_LOT], [row[_LOT:] for row in rows])
    opened.settle(now)
    if _may_have_another_tier(opened, now):
        return None
    asked = Asked(site_id, survivor_id, redemption_id, "customer", now)
    return take_reward(cursor, asked, offer, opened, first[-1], opened.tier)


def _may_have_another_tier(opened: OpenBook, now: datetime) -> bool:
    # Somewhere it is tomorrow already: which day the store has, the program knows, which is not read here.
    until_on = opened.tier_until_on
    return opened.due_at is not None or (until_on is not None and until_on <= (now + timedelta(days=1)).date())
