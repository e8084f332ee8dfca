"""Orders as a file that our own import takes in again: one row an order, its lines and refunds inside."""

import uuid
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, Engine, and_, or_, select

from widget.core.db import db
from widget.core.export_rows import Document, open_snapshot, read_pages, spell_time, stream_documents
from widget.core.money import to_decimal
from widget.customers.models import Customer
from widget.orders.filters import OrderFilter, list_conditions
from widget.orders.models import Order, OrderLine, Refund
from widget.sites.models import Site

COLUMNS = (
    "id",
    "number",
    "source",
    "state",
    "placed_at",
    "updated_at",
    "paid_at",
    "fulfilled_at",
    "delivered_at",
    "cancelled_at",
    "customer",
    "guest",
    "email",
    "email_verified",
    "name",
    "accepts_marketing",
    "currency",
    "total",
    "tax",
    "shipping",
    "discount",
    "refunded",
    "net",
    "reporting_currency",
    "reporting_net",
    "coupon_codes",
    "cart_id",
    "test",
    "lines",
    "refunds",
)
_order: Any = Order.__table__
_customer: Any = Customer.__table__
_AMOUNTS = ("total", "tax", "shipping", "discount", "refunded", "net")
_TIMES = ("placed_at", "paid_at", "fulfilled_at", "delivered_at", "cancelled_at")


def stream_orders(site_id: uuid.UUID, wanted: OrderFilter, file_format: str, *, bom: bool = False) -> Iterator[bytes]:
    """Yield the orders a filter shows as a file, oldest first.

    All of it is one state of the database, read through a connection of its own, and is never cut silently: an
    error ends the stream with an exception.
    """
    reporting_currency = db.session.scalar(select(Site.reporting_currency).where(Site.id == site_id))
    batches = read_documents(db.engine, site_id, wanted, reporting_currency)
    return stream_documents(COLUMNS, batches, file_format, bom=bom)


def read_documents(
    engine: Engine, site_id: uuid.UUID, wanted: OrderFilter, reporting_currency: str | None
) -> Iterator[Sequence[Document]]:
    """Yield the orders a filter shows in batches."""
    is_customer = and_(_customer.c.site_id == _order.c.site_id, _customer.c.id == _order.c.customer_id)
    bought_by = ("email", "is_email_verified", "name", "accepts_marketing")
    statement = (
        select(
            _order,
            _customer.c.external_id.label("customer"),
            *(_customer.c[name].label(f"customer_{name}") for name in bought_by),
        )
        .select_from(_order.outerjoin(_customer, is_customer))
        .where(*list_conditions(site_id, wanted))
    )
    keys = (_order.c.placed_at, _order.c.id)
    with open_snapshot(engine) as connection:
        for rows in read_pages(connection, statement, keys, lambda row: (row.placed_at, row.id)):
            lines = _read_lines(connection, site_id, rows)
            refunds = _read_refunds(connection, site_id, rows)
            yield [
                _describe(row, reporting_currency)
                | {"lines": lines.get(row.id, []), "refunds": refunds.get(row.external_id, [])}
                for row in rows
            ]


def _describe(row: Any, reporting_currency: str | None) -> Document:
    reporting_net = row.reporting_minor is not None and reporting_currency
    return {
        "id": row.external_id,
        "number": row.number,
        "source": row.source,
        "state": row.state,
        **{name: spell_time(getattr(row, name)) for name in _TIMES},
        "updated_at": spell_time(row.version_at),
        "customer": row.customer,
        "guest": row.is_guest,
        "email": row.customer_email,
        "email_verified": row.customer_is_email_verified,
        "name": row.customer_name,
        "accepts_marketing": row.customer_accepts_marketing,
        "currency": row.currency,
        **{name: to_decimal(getattr(row, f"{name}_minor"), row.currency) for name in _AMOUNTS},
        "reporting_currency": reporting_currency if reporting_net else None,
        "reporting_net": to_decimal(row.reporting_minor, str(reporting_currency)) if reporting_net else None,
        "coupon_codes": list(row.coupon_codes),
        "cart_id": row.cart_external_id,
        "test": row.is_test,
    }


def _read_lines(connection: Connection, site_id: uuid.UUID, orders: Sequence[Any]) -> dict[uuid.UUID, list[Document]]:
    currencies = {order.id: order.currency for order in orders}
    table: Any = OrderLine.__table__
    is_here = (table.c.site_id == site_id, table.c.order_id.in_(currencies))
    lines: dict[uuid.UUID, list[Document]] = {}
    for row in connection.execute(select(table).where(*is_here).order_by(table.c.order_id, table.c.position)):
        currency = currencies[row.order_id]
        line = {
            "line_id": row.external_id,
            "product_id": row.product_id,
            "variant_id": row.variant_id,
            "sku": row.sku,
            "title": row.title,
            "quantity": row.quantity,
            "unit_price": str(to_decimal(row.unit_price_minor, currency)),
            "line_discount": str(to_decimal(row.discount_minor, currency)),
            "line_tax": str(to_decimal(row.tax_minor, currency)),
            "line_total": str(to_decimal(row.total_minor, currency)),
            "gift_card": row.is_gift_card,
        }
        lines.setdefault(row.order_id, []).append({name: value for name, value in line.items() if value is not None})
    return lines


def _read_refunds(connection: Connection, site_id: uuid.UUID, orders: Sequence[Any]) -> dict[str, list[Document]]:
    currencies = {order.external_id: order.currency for order in orders}
    table: Any = Refund.__table__
    counts = (
        table.c.site_id == site_id,
        table.c.order_external_id.in_(currencies),
        or_(table.c.is_listed, table.c.is_standalone),
    )
    refunds: dict[str, list[Document]] = {}
    for row in connection.execute(
        select(table).where(*counts).order_by(table.c.order_external_id, table.c.external_id)
    ):
        currency = currencies[row.order_external_id]
        refund = {
            "id": row.external_id,
            "amount": str(to_decimal(row.amount_minor, currency)),
            "shipping": str(to_decimal(row.shipping_minor, currency)),
            "refunded_at": spell_time(row.refunded_at),
            "reason": row.reason,
            "lines": [
                {
                    "line": line.get("line"),
                    "quantity": line.get("quantity"),
                    "amount": str(to_decimal(line.get("amount_minor") or 0, currency)),
                }
                for line in row.lines
            ],
        }
        refunds.setdefault(row.order_external_id, []).append({k: v for k, v in refund.items() if v is not None})
    return refunds
