"""Leads as a file, each with the consent it rests on."""

import uuid
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Engine, and_, func, select

from widget.core.db import db
from widget.core.export_rows import Document, open_snapshot, read_pages, spell_time, stream_documents
from widget.coupons.models import Coupon
from widget.customers.models import Customer
from widget.popups.lead_models import Lead, LeadConsent
from widget.popups.lead_queries import LeadFilter, list_conditions
from widget.popups.models import Campaign

LEAD_COLUMNS = (
    "id", "email", "name", "state", "source", "campaign", "arm", "language", "code", "customer", "fields",
    "consent_text", "consent_given_at", "consent_page", "created_at", "confirmed_at", "unsubscribed_at",
)  # fmt: skip
_lead: Any = Lead.__table__
_consent: Any = LeadConsent.__table__
_campaign: Any = Campaign.__table__
_coupon: Any = Coupon.__table__
_customer: Any = Customer.__table__


def stream_leads(site_id: uuid.UUID, wanted: LeadFilter, file_format: str, *, bom: bool = False) -> Iterator[bytes]:
    """Yield the leads a filter means as a file, oldest first, all of one state of the database."""
    return stream_documents(LEAD_COLUMNS, _read_documents(db.engine, site_id, wanted), file_format, bom=bom)


def _read_documents(engine: Engine, site_id: uuid.UUID, wanted: LeadFilter) -> Iterator[Sequence[Document]]:
    # The consent a lead rests on is the last that was given: it may have come back after leaving.
    last = (
        select(func.max(LeadConsent.number))
        .where(LeadConsent.site_id == _lead.c.site_id, LeadConsent.lead_id == _lead.c.id, LeadConsent.kind == "given")
        .correlate(_lead)
        .scalar_subquery()
    )
    is_consent = and_(
        _consent.c.site_id == _lead.c.site_id, _consent.c.lead_id == _lead.c.id, _consent.c.number == last
    )
    is_campaign = and_(_campaign.c.site_id == _lead.c.site_id, _campaign.c.id == _lead.c.campaign_id)
    is_coupon = and_(_coupon.c.site_id == _lead.c.site_id, _coupon.c.id == _lead.c.coupon_id)
    is_customer = and_(_customer.c.site_id == _lead.c.site_id, _customer.c.id == _lead.c.customer_id)
    source = _lead.outerjoin(_consent, is_consent).outerjoin(_campaign, is_campaign)
    statement = (
        select(
            _lead,
            _consent.c.text.label("consent_text"),
            _consent.c.happened_at.label("consent_given_at"),
            _consent.c.page_url.label("consent_page"),
            _campaign.c.name.label("campaign"),
            _coupon.c.code,
            _customer.c.external_id.label("customer"),
        )
        .select_from(source.outerjoin(_coupon, is_coupon).outerjoin(_customer, is_customer))
        .where(*list_conditions(site_id, wanted))
    )
    keys = (_lead.c.created_at, _lead.c.id)
    with open_snapshot(engine) as connection:
        for rows in read_pages(connection, statement, keys, lambda row: (row.created_at, row.id)):
            yield [_describe(row) for row in rows]


def _describe(row: Any) -> Document:
    times = ("consent_given_at", "created_at", "confirmed_at", "unsubscribed_at")
    plain = (
        "email", "name", "state", "source", "campaign", "arm", "language", "code", "customer", "consent_text",
        "consent_page",
    )  # fmt: skip
    return {
        "id": str(row.id),
        **{name: getattr(row, name) for name in plain},
        "fields": row.fields or None,
        **{name: spell_time(getattr(row, name)) for name in times},
    }
