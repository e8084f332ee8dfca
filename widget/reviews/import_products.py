"""Which products a site knows, so that reviews of others do not come into nothing unseen."""

import uuid
from collections import Counter
from collections.abc import Sequence

from sqlalchemy import or_, select

from widget.core.db import db
from widget.orders.models import OrderLine
from widget.reviews.product_models import ReviewedProduct


class ProductNames:
    """The products of a site's orders, and those the store told of; `unknown` counts reviews of all others."""

    def __init__(self, site_id: uuid.UUID) -> None:
        lines = select(OrderLine.product_id, OrderLine.sku, OrderLine.variant_id).where(OrderLine.site_id == site_id)
        self._known = {name for row in db.session.execute(lines.distinct()) for name in row if name}
        is_told = or_(ReviewedProduct.told_at.is_not(None), ReviewedProduct.title.is_not(None))
        told = select(ReviewedProduct.product_id).where(ReviewedProduct.site_id == site_id, is_told)
        self._known |= set(db.session.scalars(told))
        self.unknown: Counter[str] = Counter()

    def find(self, names: Sequence[str]) -> str | None:
        """Return the first of a product's names that the site knows it by."""
        return next((name for name in names if name in self._known), None)

    def choose(self, names: Sequence[str]) -> str:
        """Return the name a review is kept under: one the site knows, else the first."""
        name = self.find(names)
        if name is None:
            self.unknown[names[0]] += 1
        return name or names[0]
