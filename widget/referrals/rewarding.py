"""Rewarding referrals whose window has closed, and what an owner decides of those that are held, or were rewarded."""

import uuid
from datetime import datetime

from widget.core.db import db
from widget.orders.ledger import take_turn
from widget.referrals.claiming import give_code
from widget.referrals.errors import ReferralNotFound, ReferralStepRefused
from widget.referrals.grants import give_rewards
from widget.referrals.history import add_event
from widget.referrals.models import Referral
from widget.referrals.settling import rules_of, settle_referrals


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
