"""Rewarding referrals whose window has closed, and what an owner decides of those that are held, or were rewarded."""

import uuid
from collections.abc import Collection, Sequence
from contextlib import suppress
from datetime import datetime, timedelta

from sqlalchemy import and_, exists, or_, select

from widget.core.db import db
from widget.coupons.errors import PoolEmpty
from widget.loyalty.models import LoyaltyAccount
from widget.orders.ledger import take_turn
from widget.referrals.claiming import give_code
from widget.referrals.errors import ReferralNotFound, ReferralStepRefused
from widget.referrals.grants import give_rewards
from widget.referrals.history import add_event
from widget.referrals.models import Referral, ReferralGrant
from widget.referrals.program import FRIEND
from widget.referrals.settling import rules_of, settle_referrals

# Who has no account of points a year after the reward is not looked for any longer.
LOOKED_BACK = timedelta(days=365)


def reward_referral(site_id: uuid.UUID, referral_id: uuid.UUID, now: datetime) -> bool:
    """Give both sides what a referral brings, if its window has closed; return whether it did. Raise PoolEmpty."""
    take_turn(site_id)
    settle_referrals(site_id, [referral_id], now)
    referral = get_for_change(site_id, referral_id)
    if referral.state != "qualified" or referral.qualifies_at is None or referral.qualifies_at > now:
        return False
    referral.state, referral.rewarded_at = "rewarded", now
    db.session.flush()
    give_rewards(referral, rules_of(referral), now)
    add_event(referral, "rewarded", now, reason={"because": "window_closed", "order": str(referral.order_id)})
    return True


def list_missing(now: datetime) -> Sequence[tuple[uuid.UUID, uuid.UUID]]:
    """Return rewarded friends of any site, by site and customer, who have an account of points since, and no reward."""
    is_friend = and_(LoyaltyAccount.site_id == Referral.site_id, LoyaltyAccount.customer_id == Referral.friend_id)
    is_same = and_(ReferralGrant.site_id == Referral.site_id, ReferralGrant.referral_id == Referral.id)
    missing = (
        select(Referral.site_id, LoyaltyAccount.customer_id)
        .join(LoyaltyAccount, is_friend)
        .where(Referral.state == "rewarded", Referral.rewarded_at > now - LOOKED_BACK)
        .where(LoyaltyAccount.joined_at.is_not(None), ~exists().where(is_same, ReferralGrant.side == FRIEND))
    )
    return [(row[0], row[1]) for row in db.session.execute(missing.order_by(Referral.site_id, Referral.id))]


def bring_missing_rewards(site_id: uuid.UUID, customer_ids: Collection[uuid.UUID], now: datetime) -> None:
    """Give these customers what they could not have when they were rewarded, before they had an account of points."""
    is_same = and_(ReferralGrant.site_id == Referral.site_id, ReferralGrant.referral_id == Referral.id)
    has_grant = exists().where(is_same, ReferralGrant.customer_id.in_(list(customer_ids)))
    is_theirs = or_(Referral.friend_id.in_(list(customer_ids)), Referral.advocate_id.in_(list(customer_ids)))
    missing = select(Referral).where(Referral.site_id == site_id, Referral.state == "rewarded", is_theirs, ~has_grant)
    for referral in db.session.scalars(missing.order_by(Referral.id)).all():
        # A pool that has run out is the worker's to wait for, not the store's whose order brought us here.
        with suppress(PoolEmpty):
            give_rewards(referral, rules_of(referral), now)


def pass_referral(site_id: uuid.UUID, referral_id: uuid.UUID, now: datetime, *, actor: str, note: str = "") -> Referral:
    """Let a held referral pass, also one that was refused before; a repeat changes nothing.

    Raise ReferralNotFound, or ReferralStepRefused for one that neither is held nor was refused.
    """
    take_turn(site_id)
    referral = get_for_change(site_id, referral_id)
    if referral.flags_passed_at is not None and referral.refused_at is None:
        return referral
    if referral.state != "held" and referral.refused_at is None:
        raise ReferralStepRefused("Nothing holds this referral.")
    referral.flags_passed_at, referral.refused_at = now, None
    add_event(referral, "passed", now, actor=actor, reason={"note": note, "flags": referral.flags})
    settle_referrals(site_id, [referral_id], now, actor=actor)
    if referral.state == "claimed":
        give_code(referral, rules_of(referral), now)
    return referral


def refuse_referral(
    site_id: uuid.UUID, referral_id: uuid.UUID, now: datetime, *, actor: str, note: str = ""
) -> Referral:
    """Refuse a referral, or void it after the reward: what it gave is taken back. A repeat changes nothing.

    Raise ReferralNotFound.
    """
    take_turn(site_id)
    referral = get_for_change(site_id, referral_id)
    if referral.refused_at is not None:
        return referral
    kind = "voided" if referral.state == "rewarded" else "refused"
    referral.refused_at = now
    add_event(referral, kind, now, actor=actor, reason={"note": note, "flags": referral.flags})
    settle_referrals(site_id, [referral_id], now, actor=actor)
    return referral


def get_for_change(site_id: uuid.UUID, referral_id: uuid.UUID) -> Referral:
    """Return a referral as it stands, held until the transaction ends; raise ReferralNotFound."""
    key = (site_id, referral_id)
    referral = db.session.get(Referral, key, populate_existing=True, with_for_update=True)
    if referral is None:
        raise ReferralNotFound()
    return referral
