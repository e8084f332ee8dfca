"""Orders that a platform deleted: its event says no more than their id."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import select

from widget.core.db import db, find_in_site
from widget.customers.models import Customer
from widget.customers.rules import Buyer
from widget.intake.service import take_orders
from widget.orders.documents import LineDocument, OrderDocument, RefundDocument
from widget.orders.models import Order, OrderLine, Refund

_COPIED = (
    *("external_id", "placed_at", "currency", "total_minor", "number", "tax_minor", "shipping_minor"),
    *("discount_minor", "is_test", "coupon_codes", "cart_external_id", "paid_at", "fulfilled_at", "delivered_at"),
)
_LINE = (
    *("external_id", "title", "quantity", "unit_price_minor", "total_minor", "discount_minor", "tax_minor"),
    *("product_id", "variant_id", "sku", "is_gift_card"),
)
_REFUND = ("external_id", "amount_minor", "refunded_at", "shipping_minor", "reason", "lines")


def take_deletion(site_id: uuid.UUID, external_id: str, at: datetime) -> str | None:
    """Let a deleted order count no more; return what became of the news, None for an order nobody knows.

    The order stays as it was last told, cancelled, so that it comes back whole when it is restored.
    """
    order = db.session.scalar(select(Order).where(Order.site_id == site_id, Order.external_id == external_id))
    if order is None:
        return None
    document = OrderDocument(
        **{name: getattr(order, name) for name in _COPIED},
        updated_at=at,
        state="cancelled",
        cancelled_at=at,
        buyer=_read_buyer(order),
        lines=[LineDocument(**_copy(line, _LINE)) for line in _list_lines(order)],
        refunds=[RefundDocument(**_copy(refund, _REFUND)) for refund in _list_refunds(order)],
    )
    (recorded,) = take_orders(site_id, [document], order.source)
    return recorded.outcome


def _read_buyer(order: Order) -> Buyer:
    customer = find_in_site(Customer, order.site_id, order.customer_id) if order.customer_id else None
    if customer is None:
        return Buyer(is_guest=order.is_guest)
    return Buyer(customer.external_id, customer.email or customer.email_key, is_guest=order.is_guest)


def _list_lines(order: Order) -> list[OrderLine]:
    is_here = (OrderLine.site_id == order.site_id, OrderLine.order_id == order.id)
    return list(db.session.scalars(select(OrderLine).where(*is_here).order_by(OrderLine.position)))


def _list_refunds(order: Order) -> list[Refund]:
    is_here = (Refund.site_id == order.site_id, Refund.order_external_id == order.external_id, Refund.is_listed)
    return list(db.session.scalars(select(Refund).where(*is_here).order_by(Refund.external_id)))


def _copy(row: OrderLine | Refund, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names}
