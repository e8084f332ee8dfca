"""Reading referrals and advocates, and what came of them."""

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, func, select

from widget.core.db import db
from widget.core.paging import Cursor, Page, list_page
from widget.core.problems import NotFound
from widget.customers.models import Customer
from widget.customers.queries import SURVIVOR_ID
from widget.referrals.errors import ReferralNotFound
from widget.referrals.models import Advocate, Referral, ReferralClick, ReferralGrant, ReferralShare

# An order was placed and its window is not closed, or the owner has not looked yet.
PENDING = ("qualified", "held")
OWN_SHOWN = 50
LEADERS_SHOWN = 10


@dataclass(frozen=True)
class ReferralFilter:
    """Which referrals are meant; an empty one means all. An advocate is meant by the store's own id.

    A friend is meant by a part of the address with which the offer was taken.
    """

    state: str | None = None
    advocate: str | None = None
    channel: str | None = None
    friend: str | None = None


@dataclass(frozen=True)
class AdvocateStats:
    """What an advocate's link has come to."""

    clicks: int = 0
    shares: int = 0
    claims: int = 0
    pending: int = 0
    rewarded: int = 0
    points: int = 0
    coupons: int = 0


def get_referral(site_id: uuid.UUID, referral_id: uuid.UUID) -> Referral:
    """Return a referral of a site; raise ReferralNotFound."""
    referral = db.session.get(Referral, (site_id, referral_id), populate_existing=True)
    if referral is None:
        raise ReferralNotFound()
    return referral


def get_advocate(site_id: uuid.UUID, customer_id: uuid.UUID) -> Advocate:
    """Return a customer as an advocate; raise NotFound for one who has no code."""
    advocate = db.session.get(Advocate, (site_id, customer_id), populate_existing=True)
    if advocate is None:
        raise NotFound("This customer has no code.")
    return advocate


def find_code(site_id: uuid.UUID, customer_id: uuid.UUID) -> str | None:
    """Return an advocate's code, None for who has none."""
    advocate = db.session.get(Advocate, (site_id, customer_id))
    return advocate.code if advocate is not None else None


def list_referrals(site_id: uuid.UUID, wanted: ReferralFilter, cursor: Cursor | None, limit: int) -> Page[Referral]:
    """Return one page of the referrals a filter means, the last claimed first."""
    statement = select(Referral).where(*list_conditions(site_id, wanted))
    return list_page(statement, Referral.claimed_at, Referral.id, cursor, limit)


def list_conditions(site_id: uuid.UUID, wanted: ReferralFilter) -> list[ColumnElement[bool]]:
    """Return a filter as conditions."""
    conditions = [Referral.site_id == site_id]
    if wanted.state is not None:
        conditions.append(Referral.state == wanted.state)
    if wanted.channel is not None:
        conditions.append(Referral.channel == wanted.channel)
    if wanted.friend is not None:
        conditions.append(Referral.friend_email.icontains(wanted.friend.lower(), autoescape=True))
    if wanted.advocate is not None:
        is_called = (Customer.site_id == site_id, Customer.external_id == wanted.advocate)
        conditions.append(Referral.advocate_id.in_(select(SURVIVOR_ID).where(*is_called)))
    return conditions


def list_advocates(site_id: uuid.UUID, cursor: Cursor | None, limit: int) -> Page[Advocate]:
    """Return one page of the advocates, the newest first; codes of those merged into another are not listed."""
    is_same = (Customer.site_id == Advocate.site_id) & (Customer.id == Advocate.customer_id)
    statement = select(Advocate).join(Customer, is_same)
    statement = statement.where(Advocate.site_id == site_id, Customer.merged_into_id.is_(None))
    return list_page(statement, Advocate.created_at, Advocate.customer_id, cursor, limit)


def list_own(site_id: uuid.UUID, advocate_id: uuid.UUID) -> Sequence[Referral]:
    """Return an advocate's latest referrals, the last claimed first."""
    own = select(Referral).where(Referral.site_id == site_id, Referral.advocate_id == advocate_id)
    return db.session.scalars(own.order_by(Referral.claimed_at.desc(), Referral.id.desc()).limit(OWN_SHOWN)).all()


def map_stats(site_id: uuid.UUID, advocate_ids: Collection[uuid.UUID]) -> Mapping[uuid.UUID, AdvocateStats]:
    """Return what came of advocates' links, by advocate."""
    found: dict[uuid.UUID, dict[str, int]] = {advocate_id: {} for advocate_id in advocate_ids}

    def note(name: str, owner: Any, amount: Any, *conditions: ColumnElement[bool]) -> None:
        model = owner.class_
        rows = select(owner, amount).where(model.site_id == site_id, owner.in_(found), *conditions).group_by(owner)
        for advocate_id, number in db.session.execute(rows).tuples():
            found[advocate_id][name] = int(number or 0)

    by, count = Referral.advocate_id, func.count()
    is_advocates = (ReferralGrant.reversed_at.is_(None), ReferralGrant.side != "friend")
    note("clicks", ReferralClick.advocate_id, count)
    note("shares", ReferralShare.advocate_id, func.sum(ReferralShare.shares))
    note("claims", by, count)
    note("pending", by, count, Referral.state.in_(PENDING), Referral.order_id.is_not(None))
    note("rewarded", by, count, Referral.state == "rewarded")
    note("points", ReferralGrant.customer_id, func.sum(ReferralGrant.points), *is_advocates)
    note("coupons", ReferralGrant.customer_id, func.count(ReferralGrant.coupon_id), *is_advocates)
    return {advocate_id: AdvocateStats(**numbers) for advocate_id, numbers in found.items()}


def list_leaders(site_id: uuid.UUID) -> Sequence[tuple[uuid.UUID, str | None, int]]:
    """Return who has brought most friends: the customer, their name, and how many friends."""
    is_same = (Customer.site_id == Referral.site_id) & (Customer.id == Referral.advocate_id)
    friends = func.count()
    rows = db.session.execute(
        select(Referral.advocate_id, Customer.name, friends)
        .join(Customer, is_same)
        .where(Referral.site_id == site_id, Referral.state == "rewarded")
        .group_by(Referral.advocate_id, Customer.name)
        .order_by(friends.desc(), func.min(Referral.rewarded_at), Referral.advocate_id)
        .limit(LEADERS_SHOWN)
    )
    return [(row[0], row[1], row[2]) for row in rows]
