"""Reading what a shopper sees: the rewards that are offered, what they took, what they earned, their history."""

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, case, func, or_, select

from widget.core.db import db
from widget.coupons.models import Coupon, CouponPool
from widget.loyalty.models import LedgerEntry
from widget.loyalty.reward_models import Redemption, Reward
from widget.sites.models import Site

MAX_CODES = 20


@dataclass(frozen=True)
class IssuedCode:
    """A code a customer has and has not used."""

    redemption_id: uuid.UUID
    texts: Mapping[str, Any]
    points: int
    code: str
    expires_at: datetime | None


def list_offered(site_id: uuid.UUID, now: datetime) -> Sequence[Reward]:
    """Return the rewards that somebody can have now, in the owner's order."""
    is_same = and_(CouponPool.site_id == Reward.site_id, CouponPool.id == Reward.pool_id)
    statement = (
        select(Reward)
        .join(CouponPool, is_same)
        .where(
            Reward.site_id == site_id,
            Reward.state == "live",
            or_(Reward.starts_at.is_(None), Reward.starts_at <= now),
            or_(Reward.ends_at.is_(None), Reward.ends_at > now),
            or_(Reward.stock.is_(None), Reward.stock > 0),
            or_(CouponPool.codes == "made", CouponPool.available > 0),
            CouponPool.archived_at.is_(None),
        )
    )
    return db.session.scalars(statement.order_by(Reward.position, Reward.id)).all()


def count_taken_by(site_id: uuid.UUID, customer_id: uuid.UUID) -> Mapping[uuid.UUID, int]:
    """Return how often a customer has had each reward."""
    is_theirs = (Redemption.site_id == site_id, Redemption.customer_id == customer_id)
    statement = select(Redemption.reward_id, func.count()).where(*is_theirs, Redemption.state != "cancelled")
    return dict(db.session.execute(statement.group_by(Redemption.reward_id)).tuples().all())


def list_codes_of(site_id: uuid.UUID, customer_id: uuid.UUID, now: datetime) -> list[IssuedCode]:
    """Return the codes a customer can still use, newest first."""
    is_reward = and_(Reward.site_id == Redemption.site_id, Reward.id == Redemption.reward_id)
    is_coupon = and_(Coupon.site_id == Redemption.site_id, Coupon.id == Redemption.coupon_id)
    columns = (Redemption.id, Reward.texts, Redemption.points, Coupon.code, Coupon.expires_at)
    rows = db.session.execute(
        select(*columns)
        .join(Reward, is_reward)
        .join(Coupon, is_coupon)
        .where(
            Redemption.site_id == site_id,
            Redemption.customer_id == customer_id,
            Redemption.state == "issued",
            Coupon.state == "issued",
            or_(Coupon.expires_at.is_(None), Coupon.expires_at > now),
        )
        .order_by(Redemption.created_at.desc(), Redemption.id.desc())
        .limit(MAX_CODES)
    )
    return [IssuedCode(*row) for row in rows]


def count_earned_since(site_id: uuid.UUID, customer_id: uuid.UUID, starts: Mapping[str, datetime]) -> Mapping[str, int]:
    """Return how often a customer earned by each of some rules since a moment of its own."""
    if not starts:
        return {}
    is_within = or_(*(and_(LedgerEntry.rule == rule, LedgerEntry.occurred_at >= at) for rule, at in starts.items()))
    statement = select(LedgerEntry.rule, func.sum(case((is_within, 1), else_=0))).where(
        LedgerEntry.site_id == site_id,
        LedgerEntry.customer_id == customer_id,
        LedgerEntry.kind == "earn",
        LedgerEntry.rule.in_(list(starts)),
    )
    return {str(rule): int(count) for rule, count in db.session.execute(statement.group_by(LedgerEntry.rule))}


def list_entries(
    site_id: uuid.UUID, customer_id: uuid.UUID, before: int | None, limit: int
) -> tuple[Sequence[LedgerEntry], int | None]:
    """Return entries, newest first, from before a number on, and the number from which on there are more."""
    statement = select(LedgerEntry).where(LedgerEntry.site_id == site_id, LedgerEntry.customer_id == customer_id)
    if before is not None:
        statement = statement.where(LedgerEntry.number < before)
    rows = db.session.scalars(statement.order_by(LedgerEntry.number.desc()).limit(limit + 1)).all()
    return rows[:limit], rows[limit - 1].number if len(rows) > limit else None


def map_reward_texts(site_id: uuid.UUID, ids: Collection[uuid.UUID]) -> Mapping[uuid.UUID, Mapping[str, Any]]:
    """Return what rewards are called, by their ids."""
    if not ids:
        return {}
    statement = select(Reward.id, Reward.texts).where(Reward.site_id == site_id, Reward.id.in_(list(ids)))
    return dict(db.session.execute(statement).tuples().all())


def find_reporting_currency(site_id: uuid.UUID) -> str | None:
    """Return the currency that exchange rates of a site lead to, None before its first order."""
    return db.session.scalar(select(Site.reporting_currency).where(Site.id == site_id))
