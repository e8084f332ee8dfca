"""Making two customers one: what one of them has becomes the other's, and nothing is lost."""

import uuid
from typing import Any

from sqlalchemy import delete, func, select, update

from widget.core.db import db, get_in_site, insert_unless_known
from widget.customers.asks import note_asks
from widget.customers.models import Customer, CustomerAsk, CustomerAttribute, CustomerEvent, Visitor
from widget.customers.rules import describe_told, email_key, join_statements, read_statements, weaken_statements
from widget.customers.segment_models import Segment, SegmentMember
from widget.customers.service import save_attribute


def merge_customer(site_id: uuid.UUID, old_id: uuid.UUID, new_id: uuid.UUID) -> None:
    """Give everything this room knows of a customer to another, whom the first leads to from now on.

    What other rooms know of them, their callers give before. Merging twice changes nothing.
    """
    old, new = (get_in_site(Customer, site_id, customer_id) for customer_id in (old_id, new_id))
    # Whoever writes of the old one at this moment has ended before, or writes of the new one after.
    db.session.refresh(old, with_for_update=True)
    db.session.refresh(new)
    _give_rows(site_id, old.id, new.id)
    _give_asks(site_id, old.id, new.id)
    _give_attributes(site_id, old.id, new.id)
    _give_memberships(site_id, old.id, new.id)
    if old.merged_into_id is not None:
        return
    _give_told(old, new)
    is_led_here = (Customer.site_id == site_id, Customer.merged_into_id == old.id)
    db.session.execute(update(Customer).where(*is_led_here).values(merged_into_id=new.id))
    old.merged_into_id = new.id
    db.session.flush()


def _give_rows(site_id: uuid.UUID, old_id: uuid.UUID, new_id: uuid.UUID) -> None:
    model: Any
    for model in (Visitor, CustomerEvent):
        is_old = (model.site_id == site_id, model.customer_id == old_id)
        db.session.execute(update(model).where(*is_old).values(customer_id=new_id))


def _give_asks(site_id: uuid.UUID, old_id: uuid.UUID, new_id: uuid.UUID) -> None:
    is_old = (CustomerAsk.site_id == site_id, CustomerAsk.customer_id == old_id)
    asks = db.session.execute(select(CustomerAsk.subject, CustomerAsk.asked_at).where(*is_old)).tuples().all()
    note_asks(db.session.connection(), site_id, new_id, dict(asks))
    db.session.execute(delete(CustomerAsk).where(*is_old))


def _give_attributes(site_id: uuid.UUID, old_id: uuid.UUID, new_id: uuid.UUID) -> None:
    is_old = (CustomerAttribute.site_id == site_id, CustomerAttribute.customer_id == old_id)
    for row in db.session.scalars(select(CustomerAttribute).where(*is_old)).all():
        save_attribute(
            db.session.connection(),
            site_id,
            new_id,
            row.name,
            row.value,
            consent_text=row.consent_text,
            language=row.language,
            source=row.source,
            given_at=row.given_at,
        )
    db.session.execute(delete(CustomerAttribute).where(*is_old))


def _give_memberships(site_id: uuid.UUID, old_id: uuid.UUID, new_id: uuid.UUID) -> None:
    """Put the survivor into the segments of the old one, until they are counted anew."""
    is_old = (SegmentMember.site_id == site_id, SegmentMember.customer_id == old_id)
    segment_ids = db.session.scalars(select(SegmentMember.segment_id).where(*is_old)).all()
    if not segment_ids:
        return
    db.session.execute(delete(SegmentMember).where(*is_old))
    db.session.execute(
        insert_unless_known(SegmentMember).on_conflict_do_nothing(),
        [{"site_id": site_id, "segment_id": segment_id, "customer_id": new_id} for segment_id in segment_ids],
    )
    members = select(func.count()).where(SegmentMember.site_id == site_id, SegmentMember.segment_id == Segment.id)
    is_touched = (Segment.site_id == site_id, Segment.id.in_(segment_ids))
    db.session.execute(
        update(Segment)
        .where(*is_touched)
        .values(members=members.scalar_subquery())
        .execution_options(synchronize_session=False)
    )


def _give_told(old: Customer, new: Customer) -> None:
    """Keep of both what was told last; what is told of a guest only where nothing else was said."""
    told = read_statements(old)
    passed = weaken_statements(told) if old.external_id is None else told
    for name, value in describe_told(join_statements(read_statements(new), passed)).items():
        setattr(new, name, value)
    new.email_key = email_key(new.email) if new.external_id is not None else new.email_key
