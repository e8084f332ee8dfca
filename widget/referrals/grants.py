"""What the two sides of a referral get, and advocates for so many friends: given once, taken back, given again."""

import uuid
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, exists, func, select

from widget.core.db import db, session_cursor
from widget.coupons.issuing import cancel_coupon, issue_coupon, source_of
from widget.coupons.models import Coupon
from widget.coupons.queries import get_pool
from widget.loyalty.gifts import grant_points, take_back_grant
from widget.referrals.models import Advocate, Referral, ReferralGrant
from widget.referrals.program import ADVOCATE, FRIEND, Program, Reward

# The rule that the entries of each side's points name.
_RULES = {ADVOCATE: "referral", FRIEND: "referred"}


def give_rewards(referral: Referral, rules: Program, now: datetime) -> None:
    """Give what is due for a rewarded referral and is not given yet; raise PoolEmpty.

    Accounts are held in one order everywhere, and before coupons, so that nobody waits for each other.
    """
    due = {side: reward for side, reward in _list_due(referral, rules).items() if reward.kind != "none"}
    people = {side: referral.friend_id if side == FRIEND else referral.advocate_id for side in due}
    for side in sorted(due, key=lambda side: (due[side].kind == "coupon", str(people[side]), side)):
        customer_id = people[side]
        if customer_id is not None:
            _give(referral, side, customer_id, due[side], now)


def take_rewards(referral: Referral, now: datetime) -> None:
    """Take back whatever a referral has given to either side, and what its advocate has no longer the friends for."""
    live = (ReferralGrant.site_id == referral.site_id, ReferralGrant.reversed_at.is_(None))
    own = _list_grants(*live, ReferralGrant.referral_id == referral.id, ReferralGrant.side.in_((ADVOCATE, FRIEND)))
    is_step = (ReferralGrant.customer_id == referral.advocate_id, ReferralGrant.side.like("step:%"))
    friends = count_rewarded(referral.site_id, referral.advocate_id)
    steps = [grant for grant in _list_grants(*live, *is_step) if int(grant.side.partition(":")[2]) > friends]
    for grant in sorted((*own, *steps), key=lambda grant: (grant.coupon_id is not None, str(grant.customer_id))):
        _take(grant, now)
    cancel_friend_coupon(referral)


def cancel_friend_coupon(referral: Referral) -> None:
    """Take back the coupon a friend got with the claim, unless an order has used it."""
    if referral.coupon_id is not None:
        cancel_coupon(session_cursor(), referral.site_id, referral.coupon_id)


def give_friend_coupon(referral: Referral, rules: Program, now: datetime) -> None:
    """Give a friend the coupon of a claim, once, or another where it was taken back; raise PoolEmpty."""
    if rules.friend.kind == "coupon" and _find_claimed(referral) is None:
        referral.coupon_id = _issue(referral, FRIEND, rules.friend, referral.friend_id, now)
        db.session.flush()


def count_rewarded(site_id: uuid.UUID, advocate_id: uuid.UUID) -> int:
    """Return how many friends have brought an advocate a reward that stands."""
    is_rewarded = (Referral.site_id == site_id, Referral.advocate_id == advocate_id, Referral.state == "rewarded")
    db.session.flush()
    return db.session.scalar(select(func.count()).select_from(Referral).where(*is_rewarded)) or 0


def _list_due(referral: Referral, rules: Program) -> dict[str, Reward]:
    advocate = db.session.get_one(Advocate, (referral.site_id, referral.advocate_id), populate_existing=True)
    if advocate.blocked_at is not None:
        return {FRIEND: rules.friend}
    friends = count_rewarded(referral.site_id, referral.advocate_id)
    reached = {step.side: step.reward for step in rules.steps if step.friends <= friends}
    return {ADVOCATE: rules.advocate, FRIEND: rules.friend, **reached}


def _find_grant(referral: Referral, side: str) -> ReferralGrant | None:
    """Return what was given before: to this side of the referral, or to the advocate for so many friends."""
    is_its = [ReferralGrant.site_id == referral.site_id, ReferralGrant.side == side]
    if side in _RULES:
        is_its.append(ReferralGrant.referral_id == referral.id)
    else:
        is_its.append(ReferralGrant.customer_id == referral.advocate_id)
    return next(iter(_list_grants(*is_its)), None)


def _give(referral: Referral, side: str, customer_id: uuid.UUID, reward: Reward, now: datetime) -> None:
    grant = _find_grant(referral, side)
    if grant is not None and grant.reversed_at is None:
        return
    first = grant.referral_id if grant is not None else referral.id
    coupon_id = None
    if reward.kind == "points":
        rule, what = _name_cause(first, side)
        if not grant_points(session_cursor(), referral.site_id, customer_id, reward.points, rule, what, now):
            return
    else:
        coupon_id = _find_used(grant) or (_find_claimed(referral) if side == FRIEND else None)
        coupon_id = coupon_id or _issue(referral, side, reward, customer_id, now)
    if grant is None:
        grant = ReferralGrant(site_id=referral.site_id, referral_id=referral.id, side=side)
        db.session.add(grant)
    grant.customer_id, grant.points, grant.coupon_id = customer_id, reward.points, coupon_id
    grant.granted_at, grant.reversed_at = now, None
    db.session.flush()


def _take(grant: ReferralGrant, now: datetime) -> None:
    if grant.points:
        rule, what = _name_cause(grant.referral_id, grant.side)
        take_back_grant(session_cursor(), grant.site_id, rule, what, now)
    if grant.coupon_id is not None:
        cancel_coupon(session_cursor(), grant.site_id, grant.coupon_id)
    grant.reversed_at = now
    db.session.flush()


def _name_cause(referral_id: uuid.UUID, side: str) -> tuple[str, str]:
    """Return the rule and the cause of points, which stay the same when they are taken back and given again."""
    if side in _RULES:
        return _RULES[side], str(referral_id)
    return "referral_step", f"{referral_id}:{side.partition(':')[2]}"


def _find_claimed(referral: Referral) -> uuid.UUID | None:
    """Return the coupon a friend got with the claim, unless it was taken back since."""
    coupon = db.session.get(Coupon, (referral.site_id, referral.coupon_id)) if referral.coupon_id else None
    return coupon.id if coupon is not None and coupon.state != "cancelled" else None


def _find_used(grant: ReferralGrant | None) -> uuid.UUID | None:
    """Return the coupon of a reward that was taken back, where an order had used it: that could not be taken back."""
    known = db.session.get(Coupon, (grant.site_id, grant.coupon_id)) if grant and grant.coupon_id else None
    return known.id if known is not None and known.state == "redeemed" else None


def _issue(referral: Referral, side: str, reward: Reward, customer_id: uuid.UUID | None, now: datetime) -> uuid.UUID:
    assert reward.pool_id is not None  # noqa: S101 - a coupon's reward names its pool.
    source = source_of(get_pool(referral.site_id, reward.pool_id))
    purpose = f"referral:{referral.id}:{side}"
    is_same = (Coupon.site_id == referral.site_id, Coupon.purpose == purpose)
    if db.session.scalar(select(exists().where(*is_same))):
        # A coupon that was taken back keeps its purpose, so the one that is given again has another.
        purpose = f"{purpose}:{now:%Y%m%d%H%M%S%f}"
    return issue_coupon(session_cursor(), referral.site_id, source, customer_id, purpose, now).id


def _list_grants(*conditions: ColumnElement[bool]) -> Sequence[ReferralGrant]:
    found = select(ReferralGrant).where(*conditions).order_by(ReferralGrant.granted_at)
    return db.session.scalars(found.with_for_update().execution_options(populate_existing=True)).all()
