"""Making two customers one: what one of them has becomes the other's, and nothing is lost."""

import uuid
from typing import Any

from sqlalchemy import delete, select, update

from widget.core.db import db, get_in_site
from widget.customers.asks import note_asks
from widget.customers.buyers import TOLD_FIELDS
from widget.customers.models import Customer, CustomerAsk, CustomerAttribute, CustomerEvent, Visitor
from widget.customers.rules import email_key
from widget.customers.service import save_attribute


def merge_customer(site_id: uuid.UUID, old_id: uuid.UUID, new_id: uuid.UUID) -> None:
    """Give everything this room knows of a customer to another, whom the first leads to from now on.

    What other rooms know of them, their callers give before. Merging twice changes nothing.
    """
    old, new = (get_in_site(Customer, site_id, customer_id) for customer_id in (old_id, new_id))
    if old.merged_into_id is not None or old.id == new.id:
        return
    _give_rows(site_id, old.id, new.id)
    _give_asks(site_id, old.id, new.id)
    _give_attributes(site_id, old.id, new.id)
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


def _give_told(old: Customer, new: Customer) -> None:
    """Fill what was never told of the survivor."""
    for name in TOLD_FIELDS:
        if name in old.told_times and name not in new.told_times:
            setattr(new, name, getattr(old, name))
            # A dictionary changed in place would not be noticed.
            new.told_times = {**new.told_times, name: old.told_times[name]}
    new.email_key = email_key(new.email)
