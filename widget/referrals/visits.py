"""Noting that links were shared and followed: each one statement."""

import uuid
from datetime import datetime

from widget.core.hot import HotCursor, HotStatement
from widget.referrals.rules import code_key

_SHARE = HotStatement(
    """
    INSERT INTO referral_shares (site_id, advocate_id, channel, day, shares)
    VALUES (:site_id, :advocate_id, :channel, :day, 1)
    ON CONFLICT (site_id, advocate_id, channel, day) DO UPDATE SET shares = referral_shares.shares + 1
    """
)
# An advocate who follows their own link is no visitor, and whoever comes again is one.
_CLICK = HotStatement(
    """
    INSERT INTO referral_clicks (site_id, advocate_id, visitor_id, channel, network_hash, clicked_at)
    SELECT a.site_id, COALESCE(c.merged_into_id, c.id), :visitor_id, :channel, :network_hash, :now
    FROM referral_advocates a JOIN customers c ON c.site_id = a.site_id AND c.id = a.customer_id
    WHERE a.site_id = :site_id AND a.code_key = :code_key AND a.blocked_at IS NULL AND NOT EXISTS (
        SELECT 1 FROM visitors v WHERE v.site_id = :site_id AND v.id = :visitor_id
            AND v.customer_id = COALESCE(c.merged_into_id, c.id))
    ON CONFLICT DO NOTHING
    """
)


def note_share(cursor: HotCursor, site_id: uuid.UUID, advocate_id: uuid.UUID, channel: str, now: datetime) -> None:
    """Count that an advocate used a way of sharing."""
    names = {"site_id": site_id, "advocate_id": advocate_id, "channel": channel, "day": now.date()}
    cursor.execute(_SHARE, names)


def note_click(
    cursor: HotCursor,
    site_id: uuid.UUID,
    code: str,
    visitor_id: uuid.UUID,
    channel: str,
    network: str,
    now: datetime,
) -> bool:
    """Note that a visitor followed a link, once for each; return whether that is new."""
    names = {"site_id": site_id, "code_key": code_key(code), "visitor_id": visitor_id, "channel": channel}
    return cursor.execute(_CLICK, {**names, "network_hash": network, "now": now}) == 1
