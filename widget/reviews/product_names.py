"""What products are called: as the store told, else as the last order of it did, else by the id."""

import uuid
from collections.abc import Collection

from sqlalchemy import select

from widget.core.db import db
from widget.orders.models import Order, OrderLine
from widget.reviews.product_models import ReviewedProduct


def name_products(site_id: uuid.UUID, product_ids: Collection[str]) -> dict[str, str]:
    """Return what to call each of these products."""
    is_meant = (ReviewedProduct.site_id == site_id, ReviewedProduct.product_id.in_(list(product_ids)))
    told = db.session.execute(
        select(ReviewedProduct.product_id, ReviewedProduct.title).where(*is_meant, ReviewedProduct.title.is_not(None))
    )
    names = {row.product_id: row.title for row in told}
    for product_id in set(product_ids) - names.keys():
        names[product_id] = _find_title_in_orders(site_id, product_id) or product_id
    return names


def _find_title_in_orders(site_id: uuid.UUID, product_id: str) -> str | None:
    is_joined = (OrderLine.site_id == Order.site_id) & (OrderLine.order_id == Order.id)
    return db.session.scalar(
        select(OrderLine.title)
        .join(Order, is_joined)
        .where(OrderLine.site_id == site_id, OrderLine.product_id == product_id)
        .order_by(Order.placed_at.desc(), Order.id.desc())
        .limit(1)
    )
