"""Reading leads."""

import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select

from widget.core.db import db, find_in_site
from widget.core.paging import Cursor, Page, list_page
from widget.coupons.queries import map_coupons
from widget.customers.queries import map_customers
from widget.customers.rules import email_key
from widget.popups.errors import LeadNotFound
from widget.popups.lead_models import Lead


@dataclass(frozen=True)
class LeadFilter:
    """Which leads are meant: by an address in whatever spelling, or by a part of it."""

    state: str | None = None
    campaign_id: uuid.UUID | None = None
    email: str | None = None
    email_part: str | None = None


def get_lead(site_id: uuid.UUID, lead_id: uuid.UUID) -> Lead:
    """Return a lead; raise LeadNotFound."""
    lead = find_in_site(Lead, site_id, lead_id)
    if lead is None:
        raise LeadNotFound()
    return lead


def find_lead(site_id: uuid.UUID, email: str) -> Lead | None:
    """Return the lead of an address in whatever spelling, None where there is none."""
    return db.session.scalar(select(Lead).where(Lead.site_id == site_id, Lead.email_key == email_key(email)))


def list_leads(site_id: uuid.UUID, wanted: LeadFilter, cursor: Cursor | None, limit: int) -> Page[Lead]:
    """Return one page of the leads a filter means, newest first."""
    statement = select(Lead).where(*list_conditions(site_id, wanted))
    return list_page(statement, Lead.created_at, Lead.id, cursor, limit)


def count_by_state(site_id: uuid.UUID, campaign_id: uuid.UUID | None = None) -> Mapping[str, int]:
    """Return how many leads of each state there are, of one campaign or of all."""
    conditions = list_conditions(site_id, LeadFilter(campaign_id=campaign_id))
    rows = db.session.execute(select(Lead.state, func.count()).where(*conditions).group_by(Lead.state))
    return dict(rows.tuples().all())


def list_conditions(site_id: uuid.UUID, wanted: LeadFilter) -> list[ColumnElement[bool]]:
    """Return a filter as conditions."""
    conditions = [Lead.site_id == site_id]
    if wanted.state is not None:
        conditions.append(Lead.state == wanted.state)
    if wanted.campaign_id is not None:
        conditions.append(Lead.campaign_id == wanted.campaign_id)
    if wanted.email is not None:
        conditions.append(Lead.email_key == email_key(wanted.email))
    if wanted.email_part is not None:
        conditions.append(Lead.email.icontains(wanted.email_part, autoescape=True))
    return conditions


def map_external_ids(site_id: uuid.UUID, leads: Collection[Lead]) -> Mapping[uuid.UUID, str | None]:
    """Return the store's ids of leads' customers by our own."""
    customers = map_customers(site_id, {lead.customer_id for lead in leads if lead.customer_id})
    return {customer_id: customer.external_id for customer_id, customer in customers.items()}


def map_codes(site_id: uuid.UUID, leads: Collection[Lead]) -> Mapping[uuid.UUID, str]:
    """Return the codes that leads were given by their coupons' ids."""
    coupons = map_coupons(site_id, {lead.coupon_id for lead in leads if lead.coupon_id})
    return {coupon_id: coupon.code for coupon_id, coupon in coupons.items()}


def map_leads(site_id: uuid.UUID, keys: Collection[str]) -> Mapping[str, Lead]:
    """Return leads by the keys of their addresses."""
    is_named = (Lead.site_id == site_id, Lead.email_key.in_(list(keys)))
    return {lead.email_key: lead for lead in db.session.scalars(select(Lead).where(*is_named))}
