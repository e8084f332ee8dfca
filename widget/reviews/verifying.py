"""Verified purchases: said by nobody but the orders the store has told of."""

import uuid
from collections.abc import Collection

from sqlalchemy import or_, select

from widget.core.db import db
from widget.orders.models import Order, OrderLine
from widget.reviews.history import SYSTEM
from widget.reviews.models import Review
from widget.reviews.recording import changing, get_all_for_change

BOUGHT_STATES = ("paid", "fulfilled", "delivered")


def find_purchase(site_id: uuid.UUID, customer_id: uuid.UUID, product_id: str) -> uuid.UUID | None:
    """Return the customer's first paid or delivered order of a product, by its id, SKU or variant; None without one."""
    return db.session.scalar(
        select(Order.id)
        .join(OrderLine, (OrderLine.site_id == Order.site_id) & (OrderLine.order_id == Order.id))
        .where(
            Order.site_id == site_id,
            Order.customer_id == customer_id,
            Order.state.in_(BOUGHT_STATES),
            Order.is_test.is_(False),
            OrderLine.quantity > 0,
            or_(OrderLine.product_id == product_id, OrderLine.sku == product_id, OrderLine.variant_id == product_id),
        )
        .order_by(Order.placed_at, Order.id)
        .limit(1)
    )


def verify_reviews(site_id: uuid.UUID, customer_ids: Collection[uuid.UUID]) -> None:
    """Mark reviews of these customers as verified where an order has come since that shows the purchase.

    A purchase once shown stays shown: a return does not undo that the product was bought.
    """
    if not customer_ids:
        return
    unverified = db.session.execute(
        select(Review.id, Review.customer_id, Review.product_id)
        .where(Review.site_id == site_id, Review.customer_id.in_(list(customer_ids)), Review.verified_by.is_(None))
        .order_by(Review.id)
    ).all()
    shown = {row.id: find_purchase(site_id, row.customer_id, row.product_id) for row in unverified}
    orders = {review_id: order_id for review_id, order_id in shown.items() if order_id is not None}
    if not orders:
        return
    for review in get_all_for_change(site_id, orders):
        with changing(review, "verified", SYSTEM):
            review.verified_by, review.verified_order_id = "order", orders[review.id]
