"""Whose a lead is: the customer with its address, once somebody has confirmed that the address is theirs.

That an account merely names the address proves nothing: it is a guest, who is their address; an account whose address
the store has verified; or the account of the browser that left the address, where both say the same one.
"""

import uuid
from collections.abc import Collection

from sqlalchemy import ColumnElement, and_, exists, or_, select, update

from widget.core.db import db
from widget.customers.models import Customer, Visitor
from widget.customers.queries import SURVIVOR_ID
from widget.customers.service import save_attribute
from widget.popups.consents import list_confirmed
from widget.popups.lead_models import Lead

SOURCE = "lead"


def join_confirmed(lead: Lead) -> None:
    """Give a confirmed lead to its customer, if there is one by now."""
    customer_id = db.session.scalar(
        select(SURVIVOR_ID)
        .where(Customer.site_id == lead.site_id, Customer.email_key == lead.email_key, _proves(lead.visitor_id))
        # Of several the account, and of several accounts the oldest.
        .order_by(Customer.external_id.is_(None), Customer.created_at, Customer.id)
        .limit(1)
    )
    if customer_id is not None and lead.customer_id != customer_id:
        lead.customer_id = customer_id
        _save_profile(lead, customer_id)
        db.session.flush()


def follow_leads(site_id: uuid.UUID, customer_ids: Collection[uuid.UUID]) -> None:
    """Give to these customers the confirmed leads of their addresses, and those of others merged into them."""
    if not customer_ids:
        return
    is_theirs = (
        Customer.site_id == site_id,
        or_(Customer.id.in_(list(customer_ids)), Customer.merged_into_id.in_(list(customer_ids))),
    )
    is_left = or_(Lead.customer_id.is_(None), Lead.customer_id.in_(select(Customer.id).where(*is_theirs)))
    keys = select(Customer.email_key).where(*is_theirs, Customer.email_key.is_not(None))
    leads = db.session.scalars(
        select(Lead)
        .where(Lead.site_id == site_id, Lead.email_key.in_(keys), Lead.confirmed_at.is_not(None), is_left)
        .order_by(Lead.id)
    ).all()
    for lead in leads:
        join_confirmed(lead)


def give_leads(site_id: uuid.UUID, old_id: uuid.UUID, new_id: uuid.UUID) -> None:
    """Give the leads of a customer to the one they are merged into."""
    is_old = (Lead.site_id == site_id, Lead.customer_id == old_id)
    db.session.execute(update(Lead).where(*is_old).values(customer_id=new_id))


def _proves(visitor_id: uuid.UUID | None) -> ColumnElement[bool]:
    ways: list[ColumnElement[bool]] = [Customer.external_id.is_(None), Customer.is_email_verified.is_(True)]
    if visitor_id is not None:
        is_of_visitor = and_(
            Visitor.site_id == Customer.site_id, Visitor.id == visitor_id, Visitor.customer_id == Customer.id
        )
        ways.append(exists().where(is_of_visitor))
    return or_(*ways)


def _save_profile(lead: Lead, customer_id: uuid.UUID) -> None:
    """Keep what the lead told as the customer's own, with the consent it rests on; nothing once that is taken back."""
    confirmed = next((step for step in list_confirmed(lead) if step.text), None)
    if confirmed is None or confirmed.text is None:
        return
    for name, value in lead.fields.items():
        save_attribute(
            db.session.connection(),
            lead.site_id,
            customer_id,
            name,
            value,
            consent_text=confirmed.text[:500],
            language=confirmed.language,
            source=SOURCE,
            given_at=confirmed.happened_at,
        )
