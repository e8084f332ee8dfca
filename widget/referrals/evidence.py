"""Gathering what may speak against a claim: who the advocate is, who brought them, and how many claims there are."""

import uuid
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select

from widget.core.db import db
from widget.customers.models import Customer, Visitor
from widget.customers.queries import SURVIVOR_ID
from widget.referrals.advocates import list_keys
from widget.referrals.fraud import Evidence, Flag, list_flags
from widget.referrals.friends import Friend
from widget.referrals.marks import mark_device
from widget.referrals.models import Advocate, Referral
from widget.referrals.program import Velocity

# A claim that came to nothing, or was taken back, ties nobody to anybody.
TIES = ("claimed", "qualified", "held", "rewarded")
# Who brought whom is looked at so far.
MAX_RING = 50
# More browsers than this an advocate has not; the newest count.
MAX_DEVICES = 200


def find_flags(referral: Referral, friend: Friend, velocity: Velocity) -> list[Flag]:
    """Return the reasons for which a referral waits for the owner, as everything stands."""
    site_id, advocate_id = referral.site_id, referral.advocate_id
    advocate = db.session.get_one(Advocate, (site_id, advocate_id))
    evidence = Evidence(
        friend_keys=friend.keys,
        friend_ids=friend.customer_ids,
        device=referral.device_hash,
        network=referral.network_hash,
        advocate_keys=list_keys(site_id, advocate_id),
        advocate_devices=_list_devices(site_id, advocate_id) if referral.device_hash else (),
        advocate_network=advocate.network_hash,
        bringers=list_bringers(referral),
        claims_of_advocate=_count_claims(referral, velocity, Referral.advocate_id, advocate_id),
        claims_of_network=_count_claims(referral, velocity, Referral.network_hash, referral.network_hash),
        claims_of_device=_count_claims(referral, velocity, Referral.device_hash, referral.device_hash),
    )
    return list_flags(evidence, velocity)


def list_bringers(referral: Referral) -> list[uuid.UUID]:
    """Return who brought a referral's advocate, who brought that one, and so on, by what was claimed before it."""
    found: list[uuid.UUID] = []
    bringer = _find_bringer(referral, referral.advocate_id)
    while bringer is not None and bringer not in found and len(found) < MAX_RING:
        found.append(bringer)
        bringer = _find_bringer(referral, bringer)
    return found


def _find_bringer(referral: Referral, customer_id: uuid.UUID) -> uuid.UUID | None:
    is_friend = [Referral.friend_id == customer_id]
    if keys := list_keys(referral.site_id, customer_id):
        is_friend.append(Referral.friend_key.in_(keys))
    survivor_id: uuid.UUID | None = db.session.scalar(
        select(SURVIVOR_ID)
        .join(Referral, (Referral.site_id == Customer.site_id) & (Referral.advocate_id == Customer.id))
        .where(Referral.site_id == referral.site_id, Referral.state.in_(TIES), _is_before(referral), or_(*is_friend))
        .order_by(Referral.claimed_at, Referral.id)
        .limit(1)
    )
    return survivor_id


def _list_devices(site_id: uuid.UUID, customer_id: uuid.UUID) -> set[str]:
    is_theirs = (Visitor.site_id == site_id, Visitor.customer_id == customer_id)
    newest = select(Visitor.id).where(*is_theirs).order_by(Visitor.created_at.desc()).limit(MAX_DEVICES)
    return {mark_device(site_id, visitor_id) for visitor_id in db.session.scalars(newest)}


def _count_claims(referral: Referral, velocity: Velocity, column: Any, value: Any) -> int:
    """Return how many claims like this one there were within the days before it, itself among them."""
    if value is None:
        return 1
    since = referral.claimed_at - timedelta(days=velocity.days)
    is_counted = (
        Referral.site_id == referral.site_id,
        Referral.claimed_at > since,
        _is_before(referral),
    )
    others = select(func.count()).select_from(Referral).where(*is_counted, column == value)
    return 1 + (db.session.scalar(others) or 0)


def _is_before(referral: Referral) -> ColumnElement[bool]:
    """Return the condition for what was claimed before a referral."""
    at, is_same_time = Referral.claimed_at < referral.claimed_at, Referral.claimed_at == referral.claimed_at
    return or_(at, is_same_time & (Referral.id < referral.id))
