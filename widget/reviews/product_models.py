"""What is counted of reviews: by product, by what shoppers filter by, and by what became of them."""

import uuid
from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from widget.core.db import Model
from widget.reviews.models import MAX_PRODUCT_LENGTH


class ReviewedProduct(Model):
    """One product with what is known of it and the summary of its published reviews.

    The summary is kept in the transaction that changes a review. `version` grows with everything that is shown of
    the product's reviews. `told_at` is when the store last told of the product; empty, what is known is from orders.
    """

    __tablename__ = "reviewed_products"
    __table_args__ = (
        CheckConstraint(
            "reviews = stars_1 + stars_2 + stars_3 + stars_4 + stars_5"
            " AND stars_1 >= 0 AND stars_2 >= 0 AND stars_3 >= 0 AND stars_4 >= 0 AND stars_5 >= 0",
            name="reviews",
        ),
        CheckConstraint(
            "rating_sum = stars_1 + 2 * stars_2 + 3 * stars_3 + 4 * stars_4 + 5 * stars_5", name="rating_sum"
        ),
        CheckConstraint("with_photos BETWEEN 0 AND reviews AND verified BETWEEN 0 AND reviews", name="parts"),
    )

    site_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("sites.id", ondelete="CASCADE"), primary_key=True)
    product_id: Mapped[str] = mapped_column(String(MAX_PRODUCT_LENGTH), primary_key=True)
    title: Mapped[str | None] = mapped_column(String(500))
    url: Mapped[str | None] = mapped_column(String(2000))
    image_url: Mapped[str | None] = mapped_column(String(2000))
    brand: Mapped[str | None] = mapped_column(String(200))
    sku: Mapped[str | None] = mapped_column(String(200))
    gtin: Mapped[str | None] = mapped_column(String(14))
    mpn: Mapped[str | None] = mapped_column(String(100))
    told_at: Mapped[datetime | None]
    reviews: Mapped[int] = mapped_column(default=0)
    rating_sum: Mapped[int] = mapped_column(BigInteger, default=0)
    stars_1: Mapped[int] = mapped_column(default=0)
    stars_2: Mapped[int] = mapped_column(default=0)
    stars_3: Mapped[int] = mapped_column(default=0)
    stars_4: Mapped[int] = mapped_column(default=0)
    stars_5: Mapped[int] = mapped_column(default=0)
    with_photos: Mapped[int] = mapped_column(default=0)
    verified: Mapped[int] = mapped_column(default=0)
    version: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]


class ReviewFacet(Model):
    """How many published reviews of a product share something shoppers filter by: a language, an attribute's value."""

    __tablename__ = "review_facets"
    __table_args__ = (CheckConstraint("reviews >= 0", name="reviews"),)

    site_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("sites.id", ondelete="CASCADE"), primary_key=True)
    product_id: Mapped[str] = mapped_column(String(MAX_PRODUCT_LENGTH), primary_key=True)
    facet: Mapped[str] = mapped_column(String(60), primary_key=True)
    value: Mapped[str] = mapped_column(String(60), primary_key=True)
    reviews: Mapped[int]


class ReviewTally(Model):
    """How many reviews of a site are in a state, why, with how many stars; those not yet confirmed are in none."""

    __tablename__ = "review_tallies"
    __table_args__ = (CheckConstraint("reviews >= 0", name="reviews"),)

    site_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("sites.id", ondelete="CASCADE"), primary_key=True)
    state: Mapped[str] = mapped_column(String(10), primary_key=True)
    reason: Mapped[str] = mapped_column(String(20), primary_key=True)
    rating: Mapped[int] = mapped_column(primary_key=True)
    reviews: Mapped[int]
