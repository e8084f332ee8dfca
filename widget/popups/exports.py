"""Leads, and those who want no more mails, as files; each is one state of the database, read page by page."""

import uuid
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, Select, and_, case, func, select

from widget.core.db import db
from widget.core.export_rows import Document, open_snapshot, read_pages, spell_time, stream_documents
from widget.coupons.models import Coupon
from widget.customers.models import Customer, MailSuppression
from widget.customers.suppressions import hash_address
from widget.popups.lead_models import Lead, LeadConsent
from widget.popups.lead_queries import LeadFilter, list_conditions
from widget.popups.models import Campaign

_lead: Any = Lead.__table__
_consent: Any = LeadConsent.__table__
_campaign: Any = Campaign.__table__
_customer: Any = Customer.__table__
_coupon: Any = Coupon.__table__
_suppression: Any = MailSuppression.__table__

LEAD_COLUMNS = (
    "id", "email", "name", "language", "state", "suppressed", "source", "campaign", "arm", "customer", "code", "fields",
    "consent", "consent_hash", "consent_version", "created_at", "confirmed_at", "unsubscribed_at",
)  # fmt: skip
EVERY_LEAD = LeadFilter()
UNSUBSCRIBE_COLUMNS = ("email", "unsubscribed_at")


def stream_leads(
    site_id: uuid.UUID, file_format: str, *, bom: bool = False, wanted: LeadFilter = EVERY_LEAD
) -> Iterator[bytes]:
    """Yield leads as a file, oldest first, with the consent each rests on; `import leads` takes it in again."""
    statement = _select_leads(site_id).where(*list_conditions(site_id, wanted))
    return stream_documents(LEAD_COLUMNS, _read(statement, _describe, site_id), file_format, bom=bom)


def stream_unsubscribes(site_id: uuid.UUID, file_format: str, *, bom: bool = False) -> Iterator[bytes]:
    """Yield the addresses of leads whose readers ended their mails, oldest first."""
    statement = _select_leads(site_id).where(_lead.c.state == "unsubscribed")
    return stream_documents(UNSUBSCRIBE_COLUMNS, _read(statement, _describe_end, site_id), file_format, bom=bom)


def _select_leads(site_id: uuid.UUID) -> Select[Any]:
    is_customer = and_(_customer.c.site_id == _lead.c.site_id, _customer.c.id == _lead.c.customer_id)
    is_campaign = and_(_campaign.c.site_id == _lead.c.site_id, _campaign.c.id == _lead.c.campaign_id)
    is_coupon = and_(_coupon.c.site_id == _lead.c.site_id, _coupon.c.id == _lead.c.coupon_id)
    step = _consent.alias()
    # What somebody typed after the reader has confirmed says nothing of the reader.
    kind = case((_lead.c.confirmed_at.is_(None), "given"), else_="confirmed")
    last = (
        select(func.max(step.c.number))
        .where(step.c.site_id == _lead.c.site_id, step.c.lead_id == _lead.c.id, step.c.kind == kind)
        .correlate(_lead)
        .scalar_subquery()
    )
    is_consent = and_(
        _consent.c.site_id == _lead.c.site_id, _consent.c.lead_id == _lead.c.id, _consent.c.number == last
    )
    source = (
        _lead.outerjoin(_customer, is_customer)
        .outerjoin(_campaign, is_campaign)
        .outerjoin(_coupon, is_coupon)
        .outerjoin(_consent, is_consent)
    )
    more = (
        _customer.c.external_id.label("customer"),
        _campaign.c.name.label("campaign"),
        _coupon.c.code,
        _consent.c.text.label("consent"),
        _consent.c.text_hash.label("consent_hash"),
        _consent.c.campaign_version.label("consent_version"),
    )
    return select(_lead, *more).select_from(source).where(_lead.c.site_id == site_id)


def _read(
    statement: Select[Any], describe: Callable[[Any, set[str]], Document], site_id: uuid.UUID
) -> Iterator[Sequence[Document]]:
    engine = db.engine

    def read() -> Iterator[Sequence[Document]]:
        keys = (_lead.c.created_at, _lead.c.id)
        with open_snapshot(engine) as connection:
            for rows in read_pages(connection, statement, keys, lambda row: (row.created_at, row.id)):
                suppressed = _find_suppressed(connection, site_id, [row.email for row in rows])
                yield [describe(row, suppressed) for row in rows]

    return read()


def _find_suppressed(connection: Connection, site_id: uuid.UUID, emails: Sequence[str]) -> set[str]:
    by_hash = {hash_address(site_id, email): email for email in emails}
    is_named = (_suppression.c.site_id == site_id, _suppression.c.email_hash.in_(by_hash))
    return {by_hash[found] for found in connection.scalars(select(_suppression.c.email_hash).where(*is_named))}


def _describe(row: Any, suppressed: set[str]) -> Document:
    names = ("email", "name", "language", "state", "source", "campaign", "arm", "customer", "code")
    consents = ("consent", "consent_hash", "consent_version")
    times = ("created_at", "confirmed_at", "unsubscribed_at")
    return {
        "id": str(row.id),
        **{name: getattr(row, name) for name in (*names, *consents)},
        "suppressed": row.email in suppressed,
        "fields": row.fields or None,
        **{name: spell_time(getattr(row, name)) for name in times},
    }


def _describe_end(row: Any, _suppressed: set[str]) -> Document:
    return {"email": row.email, "unsubscribed_at": spell_time(row.unsubscribed_at)}
