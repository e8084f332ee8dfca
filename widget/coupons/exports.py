"""Coupons as a file."""

import uuid
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Engine, and_, select

from widget.core.db import db
from widget.core.export_rows import Document, open_snapshot, read_pages, spell_time, stream_documents
from widget.core.money import to_decimal
from widget.coupons.models import Coupon, CouponPool
from widget.coupons.queries import CouponFilter, list_conditions
from widget.customers.models import Customer

COLUMNS = (
    "code",
    "state",
    "pool",
    "kind",
    "amount",
    "currency",
    "percent",
    "product",
    "customer",
    "email",
    "issued_at",
    "expires_at",
    "redeemed_at",
    "order",
)
_coupon: Any = Coupon.__table__
_pool: Any = CouponPool.__table__
_customer: Any = Customer.__table__


def stream_coupons(site_id: uuid.UUID, wanted: CouponFilter, file_format: str, *, bom: bool = False) -> Iterator[bytes]:
    """Yield the coupons a filter means as a file, oldest first, all of one state of the database."""
    return stream_documents(COLUMNS, _read_documents(db.engine, site_id, wanted), file_format, bom=bom)


def _read_documents(engine: Engine, site_id: uuid.UUID, wanted: CouponFilter) -> Iterator[Sequence[Document]]:
    is_pool = and_(_pool.c.site_id == _coupon.c.site_id, _pool.c.id == _coupon.c.pool_id)
    is_customer = and_(_customer.c.site_id == _coupon.c.site_id, _customer.c.id == _coupon.c.customer_id)
    worth = ("kind", "amount_minor", "currency", "percent_basis_points", "product_id")
    statement = (
        select(
            _coupon,
            _pool.c.name.label("pool"),
            *(_pool.c[name] for name in worth),
            _customer.c.external_id.label("customer"),
            _customer.c.email,
        )
        .select_from(_coupon.join(_pool, is_pool).outerjoin(_customer, is_customer))
        .where(*list_conditions(site_id, wanted))
    )
    keys = (_coupon.c.created_at, _coupon.c.id)
    with open_snapshot(engine) as connection:
        for rows in read_pages(connection, statement, keys, lambda row: (row.created_at, row.id)):
            yield [_describe(row) for row in rows]


def _describe(row: Any) -> Document:
    return {
        "code": row.code,
        "state": row.state,
        "pool": row.pool,
        "kind": row.kind,
        "amount": to_decimal(row.amount_minor, row.currency) if row.amount_minor is not None else None,
        "currency": row.currency,
        "percent": to_decimal(row.percent_basis_points, "EUR") if row.percent_basis_points is not None else None,
        "product": row.product_id,
        "customer": row.customer,
        "email": row.email,
        **{name: spell_time(getattr(row, name)) for name in ("issued_at", "expires_at", "redeemed_at")},
        "order": row.redeemed_by,
    }
