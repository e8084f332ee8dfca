"""What nobody could be given when a referral was rewarded: they took no part in the points program, or were blocked."""

import uuid
from collections.abc import Collection, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import aliased

from widget.core.db import db, session_cursor
from widget.coupons.errors import PoolEmpty
from widget.loyalty.models import LoyaltyAccount
from widget.orders.ledger import take_turn
from widget.referrals.grants import give_rewards
from widget.referrals.models import Advocate, Referral, ReferralGrant
from widget.referrals.program import ADVOCATE, FRIEND, Reward, Step
from widget.referrals.programs import read_version
from widget.referrals.settling import rules_of

# Who takes no part in the points program a year after the reward is not looked for any longer.
LOOKED_BACK = timedelta(days=365)


class Missing(NamedTuple):
    """Somebody of a site who can have now what was due, and has less."""

    site_id: uuid.UUID
    customer_id: uuid.UUID


def list_missing(now: datetime) -> Sequence[Missing]:
    """Return who of any site may have now what they could not have before."""
    is_recent = (Referral.state == "rewarded", Referral.rewarded_at > now - LOOKED_BACK)
    versions = select(Referral.site_id, Referral.version).where(*is_recent).distinct()
    found: list[Missing] = []
    for site_id, version in db.session.execute(versions.order_by(Referral.site_id, Referral.version)).all():
        rules = read_version(session_cursor(), site_id, version)
        is_meant = (*is_recent, Referral.site_id == site_id, Referral.version == version)
        for side, reward in ((ADVOCATE, rules.advocate), (FRIEND, rules.friend)):
            found += _list_of_side(side, reward, *is_meant)
        for step in rules.steps:
            found += _list_of_side(step.side, step.reward, *is_meant, _is_last(), _has_reached(site_id, step))
    return found


def bring_missing_rewards(site_id: uuid.UUID, customer_ids: Collection[uuid.UUID], now: datetime) -> None:
    """Give these customers what they could not have before; call it in the site's turn."""
    people = list(customer_ids)
    is_theirs = or_(
        and_(Referral.friend_id.in_(people), _has_no_grant(FRIEND)),
        # What so many friends bring comes by the last of them.
        and_(Referral.advocate_id.in_(people), or_(_has_no_grant(ADVOCATE), _is_last())),
    )
    is_recent = (Referral.state == "rewarded", Referral.rewarded_at > now - LOOKED_BACK)
    missing = select(Referral).where(Referral.site_id == site_id, *is_recent, is_theirs).order_by(Referral.id)
    for referral in db.session.scalars(missing).all():
        # A pool that has run out is the worker's to wait for, not the store's whose order brought us here.
        with suppress(PoolEmpty):
            give_rewards(referral, rules_of(referral), now)


def unblock_advocate(advocate: Advocate, now: datetime) -> None:
    """Let an advocate earn again, and give them what they were not given meanwhile."""
    take_turn(advocate.site_id)
    if advocate.blocked_at is not None:
        advocate.blocked_at = None
        db.session.flush()
        bring_missing_rewards(advocate.site_id, [advocate.customer_id], now)


def _list_of_side(side: str, reward: Reward, *conditions: ColumnElement[bool]) -> list[Missing]:
    """Return who has no reward of a side, or of a step, and may have it."""
    if reward.kind == "none":
        return []
    person = Referral.friend_id if side == FRIEND else Referral.advocate_id
    missing = select(Referral.site_id, person).where(*conditions, person.is_not(None), _has_no_grant(side))
    if side != FRIEND:
        is_advocate = and_(Advocate.site_id == Referral.site_id, Advocate.customer_id == person)
        missing = missing.join(Advocate, is_advocate).where(Advocate.blocked_at.is_(None))
    if reward.kind == "points":
        is_account = and_(LoyaltyAccount.site_id == Referral.site_id, LoyaltyAccount.customer_id == person)
        missing = missing.join(LoyaltyAccount, is_account)
    return [Missing(*row) for row in db.session.execute(missing.distinct())]


def _has_no_grant(side: str) -> ColumnElement[bool]:
    """Return the condition that nothing stands that was given to a side, or to the advocate for so many friends."""
    is_side = ReferralGrant.referral_id == Referral.id
    if side not in (ADVOCATE, FRIEND):
        is_side = ReferralGrant.customer_id == Referral.advocate_id
    is_live = and_(ReferralGrant.site_id == Referral.site_id, ReferralGrant.reversed_at.is_(None))
    return ~exists().where(is_live, is_side, ReferralGrant.side == side)


def _has_reached(site_id: uuid.UUID, step: Step) -> ColumnElement[bool]:
    """Return the condition that an advocate has brought the friends of a step."""
    other = aliased(Referral)
    brought = select(other.advocate_id).where(other.site_id == site_id, other.state == "rewarded")
    return Referral.advocate_id.in_(brought.group_by(other.advocate_id).having(func.count() >= step.friends))


def _is_last() -> ColumnElement[bool]:
    """Return the condition that no other friend of the same advocate was rewarded after this one."""
    other = aliased(Referral)
    is_same = and_(other.site_id == Referral.site_id, other.advocate_id == Referral.advocate_id)
    return ~exists().where(is_same, other.state == "rewarded", other.rewarded_at > Referral.rewarded_at)
