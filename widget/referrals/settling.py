"""Bringing referrals to what they are as everything stands; call it in the site's turn.

Nothing here is given: the reward comes by `rewarding.py`, one referral at a time. What was given is taken back at once.
"""

import uuid
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select

from widget.core.db import db, session_cursor
from widget.orders.models import Order
from widget.referrals.advocates import list_keys
from widget.referrals.evidence import find_flags
from widget.referrals.fraud import Flag
from widget.referrals.friends import Friend, describe_orders, identify_friend, list_orders, list_rivals
from widget.referrals.grants import cancel_friend_coupon, take_rewards
from widget.referrals.history import SYSTEM, add_event
from widget.referrals.models import Referral
from widget.referrals.outcomes import Facts, Outcome, decide
from widget.referrals.program import Program
from widget.referrals.programs import read_version

LOST = ("rejected", "reversed")
# Whoever claimed so has not brought the friend: somebody else may have.
_LEAVES_FRIEND = ("no_order", "self", "brought_before")


def settle_referrals(
    site_id: uuid.UUID, referral_ids: Collection[uuid.UUID], now: datetime, *, actor: str = SYSTEM
) -> None:
    """Bring referrals, and others of the same friends, to what they are."""
    done: set[uuid.UUID] = set()
    for referral_id in sorted(referral_ids):
        if referral_id in done:
            continue
        referral = db.session.get(Referral, (site_id, referral_id), populate_existing=True)
        if referral is not None:
            rivals = list_rivals(referral)
            _settle_friend(rivals, now, actor)
            done |= {rival.id for rival in rivals}


def rules_of(referral: Referral) -> Program:
    """Return the rules by which a referral was claimed."""
    return read_version(session_cursor(), referral.site_id, referral.version)


def may_be_friend(referral: Referral, customer_id: uuid.UUID) -> bool:
    """Return whether a customer is neither the friend of another referral nor its own advocate."""
    is_theirs = (Referral.site_id == referral.site_id, Referral.friend_id == customer_id)
    is_taken = db.session.scalar(select(Referral.id).where(*is_theirs, Referral.id != referral.id))
    return is_taken is None and customer_id != referral.advocate_id


def _settle_friend(rivals: Sequence[Referral], now: datetime, actor: str) -> None:
    """Bring the referrals of one friend, the first claimed first, to what they are; they came by one at most."""
    outcomes: list[tuple[Referral, Outcome, Friend]] = []
    for rival in rivals:
        friend = identify_friend(rival)
        came_before = any(
            earlier.is_same(friend) for _, outcome, earlier in outcomes if outcome.because not in _LEAVES_FRIEND
        )
        outcomes.append((rival, _decide(rival, friend, now, is_brought_before=came_before), friend))
    # First those whom the friend did not come by: a friend and an order belong to one referral.
    for rival, outcome, friend in sorted(outcomes, key=lambda one: one[1].order_id is not None):
        _apply(rival, outcome, friend, now, actor)


def _decide(referral: Referral, friend: Friend, now: datetime, *, is_brought_before: bool) -> Outcome:
    rules = rules_of(referral)
    if referral.state != "rewarded":
        referral.flags = _add_flags(referral.flags, find_flags(referral, friend, rules.velocity))
    own = list_keys(referral.site_id, referral.advocate_id)
    facts = Facts(
        state=referral.state,
        claimed_at=referral.claimed_at,
        orders=describe_orders(referral.site_id, list_orders(referral.site_id, friend), rules),
        is_refused=referral.refused_at is not None,
        is_self=referral.advocate_id in friend.customer_ids or not own.isdisjoint(friend.keys),
        is_brought_before=is_brought_before,
        has_flags=bool(referral.flags),
        is_passed=referral.flags_passed_at is not None,
    )
    return decide(facts, rules.hold_days, rules.claim_days, now)


def _add_flags(known: Sequence[Flag], found: Sequence[Flag]) -> list[Flag]:
    """Return the reasons found now, and those found before: what was seen stays, though it be seen no more."""
    rules = {flag["rule"] for flag in found}
    return [*found, *(flag for flag in known if flag["rule"] not in rules)]


def _apply(referral: Referral, outcome: Outcome, friend: Friend, now: datetime, actor: str) -> None:
    referral.order_id, referral.qualifies_at = outcome.order_id, outcome.qualifies_at
    _tie_friend(referral, outcome, friend)
    before, referral.state = referral.state, outcome.state
    db.session.flush()
    if outcome.state == before:
        return
    if before == "rewarded":
        take_rewards(referral, now)
    elif outcome.state in LOST and outcome.because != "order_taken_back":
        cancel_friend_coupon(referral)
    if outcome.state not in ("rewarded", "reversed"):
        # By another order it may be rewarded again.
        referral.rewarded_at = None
    reason: dict[str, Any] = {"because": outcome.because, "order": str(outcome.order_id) if outcome.order_id else None}
    if outcome.because == "flagged":
        reason["flags"] = referral.flags
    add_event(referral, outcome.state, now, actor=actor, reason=reason)


def _tie_friend(referral: Referral, outcome: Outcome, friend: Friend) -> None:
    """Say which customer the friend is, where they came by this referral: the one who placed the order that counts."""
    if outcome.because in _LEAVES_FRIEND:
        referral.friend_id = None
        return
    order = db.session.get(Order, (referral.site_id, outcome.order_id)) if outcome.order_id else None
    buyer_id = order.customer_id if order is not None else None
    known_id = referral.friend_id if referral.friend_id in friend.customer_ids else None
    wanted = buyer_id if buyer_id in friend.customer_ids else known_id or min(friend.customer_ids, default=None)
    if wanted != referral.friend_id and (wanted is None or may_be_friend(referral, wanted)):
        referral.friend_id = wanted
