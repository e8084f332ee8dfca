"""Reading leads and what they agreed to."""

import uuid
from dataclasses import dataclass

from sqlalchemy import ColumnElement, select

from widget.core.db import find_in_site
from widget.core.paging import Cursor, Page, list_page
from widget.popups.errors import LeadNotFound
from widget.popups.lead_models import Lead


@dataclass(frozen=True)
class LeadFilter:
    """Which leads are meant; `email` is a part of the address."""

    state: str | None = None
    campaign_id: uuid.UUID | None = None
    email: str | None = None


def get_lead(site_id: uuid.UUID, lead_id: uuid.UUID) -> Lead:
    """Return a lead; raise LeadNotFound."""
    lead = find_in_site(Lead, site_id, lead_id)
    if lead is None:
        raise LeadNotFound()
    return lead


def list_leads(site_id: uuid.UUID, wanted: LeadFilter, cursor: Cursor | None, limit: int) -> Page[Lead]:
    """Return one page of the leads a filter means, newest first."""
    statement = select(Lead).where(*list_conditions(site_id, wanted))
    return list_page(statement, Lead.created_at, Lead.id, cursor, limit)


def list_conditions(site_id: uuid.UUID, wanted: LeadFilter) -> list[ColumnElement[bool]]:
    """Return a filter as conditions."""
    conditions = [Lead.site_id == site_id]
    if wanted.state is not None:
        conditions.append(Lead.state == wanted.state)
    if wanted.campaign_id is not None:
        conditions.append(Lead.campaign_id == wanted.campaign_id)
    if wanted.email is not None:
        conditions.append(Lead.email.icontains(wanted.email, autoescape=True))
    return conditions
