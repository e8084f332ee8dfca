"""What a store tells of its products: the facts that lists of ratings elsewhere need."""

import re
import uuid
from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError, validates
from sqlalchemy import select

from widget.core.clock import utc_now
from widget.core.db import db, insert_unless_known
from widget.core.parsing import Line, RequestSchema
from widget.core.problems import NotFound
from widget.reviews.product_models import ReviewedProduct
from widget.reviews.queries import find_product

LENGTHS = {"title": 500, "url": 2000, "image_url": 2000, "brand": 200, "sku": 200, "gtin": 14, "mpn": 100}
ADDRESS = re.compile(r"https?://[^\s\x00-\x1f\"<>]{1,1990}")
# What search engines and shopping catalogues need to know which product a rating is of.
NEEDED = ("title", "url", "image_url")


def _line(name: str) -> Line:
    return Line(LENGTHS[name], allow_none=True)


class ProductIn(RequestSchema):
    """What is told of a product; what is left out stays as it is, null takes it away."""

    title = _line("title")
    url = _line("url")
    image_url = _line("image_url")
    brand = _line("brand")
    sku = _line("sku")
    gtin = _line("gtin")
    mpn = _line("mpn")

    @validates("url", "image_url")
    def check_address(self, value: str | None, data_key: str) -> None:
        if value is not None and not ADDRESS.fullmatch(value):
            raise ValidationError("Must be an address that begins with https:// or http://.")

    @validates("gtin")
    def check_gtin(self, value: str | None, data_key: str) -> None:
        if value is not None and not is_gtin(value):
            raise ValidationError("Must be a GTIN of 8, 12, 13 or 14 digits with its right last digit.")


def is_gtin(text: str) -> bool:
    """Tell whether a text is a GTIN (EAN, UPC, ISBN-13): its last digit checks the others.

    >>> is_gtin("4006381333931"), is_gtin("4006381333932"), is_gtin("12")
    (True, False, False)
    """
    if len(text) not in (8, 12, 13, 14) or not re.fullmatch(r"[0-9]+", text):
        return False
    return sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(reversed(text))) % 10 == 0


def get_product(site_id: uuid.UUID, product_id: str) -> ReviewedProduct:
    """Return what is known of a product; raise NotFound."""
    product = find_product(site_id, product_id)
    if product is None:
        raise NotFound("This site knows no such product.")
    return product


def save_product(site_id: uuid.UUID, product_id: str, told: Mapping[str, Any]) -> bool:
    """Keep what the store tells of a product, and let its pages notice; return whether the product is new."""
    made = {"site_id": site_id, "product_id": product_id, "created_at": utc_now()}
    inserted = db.session.execute(
        insert_unless_known(ReviewedProduct).on_conflict_do_nothing().returning(ReviewedProduct.product_id), made
    ).one_or_none()
    product = db.session.scalars(
        select(ReviewedProduct)
        .where(ReviewedProduct.site_id == site_id, ReviewedProduct.product_id == product_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()
    changes = {name: value for name, value in told.items() if getattr(product, name) != value}
    for name, value in changes.items():
        setattr(product, name, value)
    product.told_at = utc_now()
    if changes:
        product.version += 1
    db.session.flush()
    return inserted is not None
