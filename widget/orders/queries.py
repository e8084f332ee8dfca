"""Reading orders with their lines and refunds, carts, and what customers have bought."""

import uuid
from collections.abc import Collection, Sequence

from sqlalchemy import exists, or_, select

from widget.core.db import db
from widget.core.paging import Cursor, Page, list_page
from widget.core.problems import NotFound
from widget.orders.filters import OrderFilter, list_cart_conditions, list_conditions
from widget.orders.models import Cart, Order, OrderLine, Refund
from widget.orders.rollup_models import CustomerOrderTotals


def has_orders(site_id: uuid.UUID) -> bool:
    """Tell whether a site has ever been told of an order."""
    return bool(db.session.scalar(select(exists().where(Order.site_id == site_id))))


def get_order(site_id: uuid.UUID, external_id: str) -> Order:
    """Return the order with the store's own id; raise NotFound."""
    order = db.session.scalar(select(Order).where(Order.site_id == site_id, Order.external_id == external_id))
    if order is None:
        raise NotFound("The site has no such order.")
    return order


def list_orders(site_id: uuid.UUID, wanted: OrderFilter, cursor: Cursor | None, limit: int) -> Page[Order]:
    """Return one page of the orders a filter shows, the last placed first."""
    statement = select(Order).where(*list_conditions(site_id, wanted))
    return list_page(statement, Order.placed_at, Order.id, cursor, limit)


def list_lines(order: Order) -> Sequence[OrderLine]:
    """Return an order's lines in their order."""
    is_of_order = (OrderLine.site_id == order.site_id, OrderLine.order_id == order.id)
    return db.session.scalars(select(OrderLine).where(*is_of_order).order_by(OrderLine.position)).all()


def list_refunds(order: Order) -> Sequence[Refund]:
    """Return an order's refunds that count, oldest first."""
    is_of_order = (Refund.site_id == order.site_id, Refund.order_external_id == order.external_id)
    return db.session.scalars(
        select(Refund)
        .where(*is_of_order, or_(Refund.is_listed, Refund.is_standalone))
        .order_by(Refund.refunded_at, Refund.external_id)
    ).all()


def list_carts(site_id: uuid.UUID, wanted: OrderFilter, cursor: Cursor | None, limit: int) -> Page[Cart]:
    """Return one page of the carts a filter shows, the last made first; a cursor holds the store's id."""
    statement = select(Cart).where(*list_cart_conditions(site_id, wanted))
    return list_page(statement, Cart.created_at, Cart.external_id, cursor, limit)


def map_buyers(site_id: uuid.UUID, order_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, uuid.UUID]:
    """Return the customers of orders by order, without those that are nobody's."""
    if not order_ids:
        return {}
    rows = db.session.execute(
        select(Order.id, Order.customer_id).where(Order.site_id == site_id, Order.id.in_(list(order_ids)))
    )
    return {order_id: customer_id for order_id, customer_id in rows.tuples() if customer_id is not None}


def list_order_ids(site_id: uuid.UUID, external_ids: Collection[str]) -> Sequence[uuid.UUID]:
    """Return the orders with these ids of the store's own, as far as they are known."""
    if not external_ids:
        return []
    is_named = (Order.site_id == site_id, Order.external_id.in_(list(external_ids)))
    return db.session.scalars(select(Order.id).where(*is_named)).all()


def map_totals(site_id: uuid.UUID, customer_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, CustomerOrderTotals]:
    """Return what customers have bought, by customer; nothing for those who have not."""
    rows = db.session.scalars(
        select(CustomerOrderTotals).where(
            CustomerOrderTotals.site_id == site_id, CustomerOrderTotals.customer_id.in_(list(customer_ids))
        )
    )
    return {row.customer_id: row for row in rows}
