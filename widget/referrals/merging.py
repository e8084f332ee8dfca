"""When two customers turn out to be one: whose friends they are, and who brought them."""

import uuid
from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import delete, exists, or_, select, update

from widget.core.db import db, insert_unless_known
from widget.customers.models import Customer
from widget.referrals.advocates import make_code
from widget.referrals.contest_models import Contest, ContestEntry
from widget.referrals.models import Advocate, Referral, ReferralClick, ReferralGrant, ReferralShare
from widget.referrals.rules import code_key
from widget.referrals.settling import settle_referrals


def follow_merges(site_id: uuid.UUID, survivor_ids: Collection[uuid.UUID], now: datetime) -> None:
    """Give to these customers the referrals of others who were merged into them; call it in the site's turn."""
    if not survivor_ids:
        return
    has_left = or_(
        exists().where(Referral.site_id == Customer.site_id, Referral.friend_id == Customer.id),
        exists().where(Referral.site_id == Customer.site_id, Referral.advocate_id == Customer.id),
        exists().where(ReferralGrant.site_id == Customer.site_id, ReferralGrant.customer_id == Customer.id),
        exists().where(ContestEntry.site_id == Customer.site_id, ContestEntry.customer_id == Customer.id),
    )
    merged = db.session.execute(
        select(Customer.id, Customer.merged_into_id)
        .where(Customer.site_id == site_id, Customer.merged_into_id.in_(list(survivor_ids)), has_left)
        .order_by(Customer.id)
    ).all()
    for old_id, survivor_id in merged:
        if survivor_id is not None:
            give_referrals(site_id, old_id, survivor_id, now)


def give_referrals(site_id: uuid.UUID, old_id: uuid.UUID, new_id: uuid.UUID, now: datetime) -> None:
    """Give a customer's referrals to the one they are merged into; call it in the site's turn, once they are merged.

    1. The friends they brought. Both codes stay good; who is blocked stays blocked.
    2. Who brought them. Where both were brought, the first to claim stays.
    3. What they got. What turns out to have been a referral of oneself is reversed.
    """
    names = {"site_id": site_id, "old_id": old_id, "new_id": new_id}
    _give_advocacy(**names, now=now)
    is_old = (Referral.site_id == site_id, Referral.friend_id == old_id)
    is_self = (*is_old, Referral.advocate_id == new_id)
    is_taken = db.session.scalar(select(exists().where(Referral.site_id == site_id, Referral.friend_id == new_id)))
    db.session.execute(update(Referral).where(*is_self).values(friend_id=None))
    db.session.execute(update(Referral).where(*is_old).values(friend_id=None if is_taken else new_id))
    is_grant = (ReferralGrant.site_id == site_id, ReferralGrant.customer_id == old_id)
    db.session.execute(update(ReferralGrant).where(*is_grant).values(customer_id=new_id))
    _give_entries(**names)
    db.session.expire_all()
    settle_referrals(site_id, _list_concerned(site_id, new_id), now)


def _give_advocacy(site_id: uuid.UUID, old_id: uuid.UUID, new_id: uuid.UUID, now: datetime) -> None:
    old = db.session.get(Advocate, (site_id, old_id), populate_existing=True)
    if old is None:
        return
    new = db.session.get(Advocate, (site_id, new_id), populate_existing=True) or _hand_over(old, new_id, now)
    if old.blocked_at is not None:
        new.blocked_at = new.blocked_at or old.blocked_at
    db.session.flush()
    # Nobody is their own friend, also for the moment until it is settled.
    is_self = (Referral.site_id == site_id, Referral.advocate_id == old_id, Referral.friend_id == new_id)
    db.session.execute(update(Referral).where(*is_self).values(friend_id=None))
    is_old = (Referral.site_id == site_id, Referral.advocate_id == old_id)
    db.session.execute(update(Referral).where(*is_old).values(advocate_id=new_id))
    _give_counts(ReferralClick, site_id, old_id, new_id)
    _give_counts(ReferralShare, site_id, old_id, new_id)


def _hand_over(old: Advocate, new_id: uuid.UUID, now: datetime) -> Advocate:
    """Give an advocate's code to whom they are merged into; the old row takes another, which nobody ever saw."""
    code, key = old.code, old.code_key
    old.code = make_code(None)
    old.code_key = code_key(old.code)
    db.session.flush()
    new = Advocate(
        site_id=old.site_id, customer_id=new_id, code=code, code_key=key, network_hash=old.network_hash, created_at=now
    )
    db.session.add(new)
    db.session.flush()
    return new


def _give_counts(model: Any, site_id: uuid.UUID, old_id: uuid.UUID, new_id: uuid.UUID) -> None:
    """Give clicks or shares; where both have one, the survivor's stays, and shares of one day are added up."""
    is_old = (model.site_id == site_id, model.advocate_id == old_id)
    names = [column.name for column in model.__table__.columns]
    rows = [
        {name: getattr(row, name) for name in names} | {"advocate_id": new_id}
        for row in db.session.scalars(select(model).where(*is_old))
    ]
    if not rows:
        return
    statement = insert_unless_known(model)
    keys = [column.name for column in model.__table__.primary_key]
    if model is ReferralShare:
        statement = statement.on_conflict_do_update(
            index_elements=keys, set_={"shares": ReferralShare.shares + statement.excluded.shares}
        )
    else:
        statement = statement.on_conflict_do_nothing()
    db.session.execute(delete(model).where(*is_old))
    db.session.execute(statement, rows)


def _give_entries(site_id: uuid.UUID, old_id: uuid.UUID, new_id: uuid.UUID) -> None:
    """Give entries of contests; where both took part, the survivor's entry stays, but for one that has won."""
    entered = select(ContestEntry.contest_id).where(ContestEntry.site_id == site_id, ContestEntry.customer_id == old_id)
    # Nobody enters one of these contests meanwhile.
    db.session.execute(
        select(Contest.id)
        .where(Contest.site_id == site_id, Contest.id.in_(entered))
        .order_by(Contest.id)
        .with_for_update()
    )
    won = select(ContestEntry.contest_id).where(
        ContestEntry.site_id == site_id, ContestEntry.customer_id == old_id, ContestEntry.won_at.is_not(None)
    )
    survives = (ContestEntry.site_id == site_id, ContestEntry.customer_id == new_id)
    db.session.execute(
        delete(ContestEntry)
        .where(*survives, ContestEntry.contest_id.in_(db.session.scalars(won).all()))
        .execution_options(synchronize_session=False)
    )
    theirs = select(ContestEntry.contest_id).where(ContestEntry.site_id == site_id, ContestEntry.customer_id == new_id)
    is_old = (ContestEntry.site_id == site_id, ContestEntry.customer_id == old_id)
    is_free = ContestEntry.contest_id.not_in(theirs)
    db.session.execute(
        update(ContestEntry)
        .where(*is_old, is_free)
        .values(customer_id=new_id)
        .execution_options(synchronize_session=False)
    )
    db.session.execute(delete(ContestEntry).where(*is_old))


def _list_concerned(site_id: uuid.UUID, customer_id: uuid.UUID) -> set[uuid.UUID]:
    """Return the referrals in which a customer is on either side, by whatever account or address."""
    is_theirs = or_(Customer.id == customer_id, Customer.merged_into_id == customer_id)
    keys = select(Customer.email_key).where(Customer.site_id == site_id, Customer.email_key.is_not(None), is_theirs)
    is_concerned = or_(
        Referral.friend_id == customer_id, Referral.advocate_id == customer_id, Referral.friend_key.in_(keys)
    )
    return set(db.session.scalars(select(Referral.id).where(Referral.site_id == site_id, is_concerned)))
