"""Points nobody could be given when a referral was rewarded: they took no part in the program, or were blocked."""

import uuid
from collections.abc import Collection, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, exists, or_, select

from widget.core.db import db, session_cursor
from widget.coupons.errors import PoolEmpty
from widget.loyalty.models import LoyaltyAccount
from widget.referrals.grants import give_rewards
from widget.referrals.models import Advocate, Referral, ReferralGrant
from widget.referrals.program import ADVOCATE, FRIEND
from widget.referrals.programs import read_version
from widget.referrals.settling import rules_of

# Who takes no part in the points program a year after the reward is not looked for any longer.
LOOKED_BACK = timedelta(days=365)


class Missing(NamedTuple):
    """Somebody of a site who has an account of points by now, and less than was due."""

    site_id: uuid.UUID
    customer_id: uuid.UUID


def list_missing(now: datetime) -> Sequence[Missing]:
    """Return who of any site may have now what they could not have before."""
    is_recent = (Referral.state == "rewarded", Referral.rewarded_at > now - LOOKED_BACK)
    versions = select(Referral.site_id, Referral.version).where(*is_recent).distinct()
    found: list[Missing] = []
    for site_id, version in db.session.execute(versions.order_by(Referral.site_id, Referral.version)).all():
        rules = read_version(session_cursor(), site_id, version)
        for side, reward in ((ADVOCATE, rules.advocate), (FRIEND, rules.friend)):
            if reward.kind == "points":
                is_version = (Referral.site_id == site_id, Referral.version == version)
                found += _list_of_side(side, *is_recent, *is_version)
    return found


def bring_missing_rewards(site_id: uuid.UUID, customer_ids: Collection[uuid.UUID], now: datetime) -> None:
    """Give these customers what they could not have before; call it in the site's turn."""
    people = list(customer_ids)
    is_theirs = or_(
        and_(Referral.friend_id.in_(people), _has_no_grant(FRIEND)),
        and_(Referral.advocate_id.in_(people), _has_no_grant(ADVOCATE)),
    )
    is_recent = (Referral.state == "rewarded", Referral.rewarded_at > now - LOOKED_BACK)
    missing = select(Referral).where(Referral.site_id == site_id, *is_recent, is_theirs).order_by(Referral.id)
    for referral in db.session.scalars(missing).all():
        # A pool that has run out is the worker's to wait for, not the store's whose order brought us here.
        with suppress(PoolEmpty):
            give_rewards(referral, rules_of(referral), now)


def _list_of_side(side: str, *conditions: ColumnElement[bool]) -> list[Missing]:
    person = Referral.friend_id if side == FRIEND else Referral.advocate_id
    is_account = and_(LoyaltyAccount.site_id == Referral.site_id, LoyaltyAccount.customer_id == person)
    is_advocate = and_(Advocate.site_id == Referral.site_id, Advocate.customer_id == Referral.advocate_id)
    missing = (
        select(Referral.site_id, LoyaltyAccount.customer_id)
        .join(LoyaltyAccount, is_account)
        .join(Advocate, is_advocate)
        .where(*conditions, _has_no_grant(side))
    )
    if side == ADVOCATE:
        missing = missing.where(Advocate.blocked_at.is_(None))
    return [Missing(*row) for row in db.session.execute(missing.distinct())]


def _has_no_grant(side: str) -> ColumnElement[bool]:
    is_same = and_(ReferralGrant.site_id == Referral.site_id, ReferralGrant.referral_id == Referral.id)
    return ~exists().where(is_same, ReferralGrant.side == side)
