"""Customers as a file, each with what they bought and what they told of themselves."""

import uuid
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, Engine, and_, select

from widget.core.db import db
from widget.core.export_rows import Document, open_snapshot, read_pages, spell_time, stream_documents
from widget.core.money import to_decimal
from widget.customers.models import Customer, CustomerAttribute
from widget.orders.rollup_models import CustomerOrderTotals
from widget.sites.models import Site

COLUMNS = (
    "id",
    "customer",
    "email",
    "email_verified",
    "name",
    "accepts_marketing",
    "created_at",
    "orders",
    "coupon_orders",
    "first_order_at",
    "last_order_at",
    "revenue",
    "currency",
)
ATTRIBUTE_PREFIX = "attribute."
_customer: Any = Customer.__table__
_totals: Any = CustomerOrderTotals.__table__
_attribute: Any = CustomerAttribute.__table__


def stream_customers(site_id: uuid.UUID, file_format: str, *, bom: bool = False) -> Iterator[bytes]:
    """Yield the customers of a site as a file, oldest first; those merged into another are part of that one.

    All of it is one state of the database, read through a connection of its own.
    """
    currency = db.session.scalar(select(Site.reporting_currency).where(Site.id == site_id))
    names = db.session.scalars(
        select(_attribute.c.name).where(_attribute.c.site_id == site_id).distinct().order_by(_attribute.c.name)
    ).all()
    columns = [*COLUMNS, *(ATTRIBUTE_PREFIX + name for name in names)]
    return stream_documents(columns, _read_documents(db.engine, site_id, currency), file_format, bom=bom)


def _read_documents(engine: Engine, site_id: uuid.UUID, currency: str | None) -> Iterator[Sequence[Document]]:
    is_buyer = and_(_totals.c.site_id == _customer.c.site_id, _totals.c.customer_id == _customer.c.id)
    counted = ("orders", "coupon_orders", "revenue_minor", "first_order_at", "last_order_at")
    statement = (
        select(_customer, *(_totals.c[name] for name in counted))
        .select_from(_customer.outerjoin(_totals, is_buyer))
        .where(_customer.c.site_id == site_id, _customer.c.merged_into_id.is_(None))
    )
    keys = (_customer.c.created_at, _customer.c.id)
    with open_snapshot(engine) as connection:
        for rows in read_pages(connection, statement, keys, lambda row: (row.created_at, row.id)):
            attributes = _read_attributes(connection, site_id, [row.id for row in rows])
            yield [_describe(row, currency) | attributes.get(row.id, {}) for row in rows]


def _describe(row: Any, currency: str | None) -> Document:
    return {
        "id": str(row.id),
        "customer": row.external_id,
        "email": row.email,
        "email_verified": row.is_email_verified,
        "name": row.name,
        "accepts_marketing": row.accepts_marketing,
        "created_at": spell_time(row.created_at),
        "orders": row.orders or 0,
        "coupon_orders": row.coupon_orders or 0,
        "first_order_at": spell_time(row.first_order_at),
        "last_order_at": spell_time(row.last_order_at),
        "revenue": to_decimal(row.revenue_minor or 0, currency) if currency else None,
        "currency": currency,
    }


def _read_attributes(
    connection: Connection, site_id: uuid.UUID, customer_ids: Sequence[uuid.UUID]
) -> dict[uuid.UUID, Document]:
    attributes: dict[uuid.UUID, Document] = {}
    is_theirs = (_attribute.c.site_id == site_id, _attribute.c.customer_id.in_(customer_ids))
    for row in connection.execute(select(_attribute).where(*is_theirs)):
        attributes.setdefault(row.customer_id, {})[ATTRIBUTE_PREFIX + row.name] = row.value
    return attributes
