"""Products as a store has told of them."""

import uuid
from typing import Any

from sqlalchemy import update

from tests.reviews.builders import TEAPOT
from widget.core.db import db
from widget.reviews.product_models import ReviewedProduct

ADDRESS = "https://maple.example/products/teapot?a=1&b=2"
FACTS = {
    "title": "Teapot & lid",
    "url": ADDRESS,
    "image_url": "https://maple.example/teapot.jpg",
    "brand": "Maple",
    "sku": "POT-03-BLUE",
    "gtin": "4006381333931",
}


def tell_product(site_id: uuid.UUID, product_id: str = TEAPOT, **changes: Any) -> None:
    """Let the store have told of a product that has reviews."""
    is_meant = (ReviewedProduct.site_id == site_id, ReviewedProduct.product_id == product_id)
    db.session.execute(update(ReviewedProduct).where(*is_meant).values(**FACTS | changes))
    db.session.commit()
