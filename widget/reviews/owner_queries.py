"""What owners read of reviews: lists, counts, and the recent days."""

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from sqlalchemy import case, func, select

from widget.core.db import db
from widget.core.paging import Cursor, Page, list_page
from widget.core.problems import FieldError, InvalidFields
from widget.reviews.authenticity import ReviewCounts, count_reviews
from widget.reviews.models import Review, ReviewReply
from widget.reviews.owner_filters import OwnerFilter, list_conditions
from widget.reviews.product_models import ReviewedProduct
from widget.reviews.queries import map_tallies
from widget.reviews.reader_models import ReviewReport
from widget.reviews.rules import average_rating, is_suppressing, publish_rates


@dataclass(frozen=True)
class Outcomes(ReviewCounts):
    """What became of a site's reviews; `rates` are (published, decided) of few stars and of many."""

    rates: Mapping[str, tuple[int, int]]

    @property
    def is_suppressing(self) -> bool:
        return is_suppressing(self.rates)

    @property
    def rejected(self) -> int:
        return sum(self.hidden.values())


@dataclass(frozen=True)
class RecentReviews:
    """The reviews written since a time; `average` is that of the published ones, None without any."""

    received: int
    average: Fraction | None


def list_reviews(site_id: uuid.UUID, wanted: OwnerFilter, cursor: Cursor | None, limit: int) -> Page[Review]:
    """Return one page of the reviews a filter selects, the last written first."""
    statement = select(Review).where(*list_conditions(site_id, wanted))
    return list_page(statement, Review.written_at, Review.id, cursor, limit)


def list_named(site_id: uuid.UUID, review_ids: Collection[uuid.UUID]) -> Sequence[Review]:
    """Return those of these reviews that the site has."""
    return db.session.scalars(select(Review).where(Review.site_id == site_id, Review.id.in_(list(review_ids)))).all()


def count_selected(site_id: uuid.UUID, wanted: OwnerFilter) -> int:
    """Return how many reviews a filter selects."""
    statement = select(func.count()).select_from(Review).where(*list_conditions(site_id, wanted))
    return db.session.scalar(statement) or 0


def count_outcomes(site_id: uuid.UUID) -> Outcomes:
    """Return how many reviews were received, published and hidden, why, and at which rates."""
    tallies = map_tallies(site_id)
    return Outcomes(**vars(count_reviews(tallies)), rates=publish_rates(tallies))


def describe_recent(site_id: uuid.UUID, since: datetime) -> RecentReviews:
    """Return how many reviews were written since a time, and the average of those that are published."""
    is_published = Review.state == "published"
    row = db.session.execute(
        select(
            func.count().label("received"),
            func.coalesce(func.sum(case((is_published, 1), else_=0)), 0).label("published"),
            func.coalesce(func.sum(case((is_published, Review.rating), else_=0)), 0).label("rating_sum"),
        ).where(*list_conditions(site_id, OwnerFilter()), Review.written_at >= since)
    ).one()
    return RecentReviews(row.received, average_rating(int(row.rating_sum), int(row.published)))


def map_products(site_id: uuid.UUID, product_ids: Collection[str]) -> dict[str, ReviewedProduct]:
    """Return what is known of products, by their ids."""
    rows = db.session.scalars(
        select(ReviewedProduct).where(
            ReviewedProduct.site_id == site_id, ReviewedProduct.product_id.in_(list(product_ids))
        )
    )
    return {row.product_id: row for row in rows}


def list_products(site_id: uuid.UUID, after: str | None, limit: int) -> tuple[list[ReviewedProduct], str | None]:
    """Return products by their ids from after one on, and after which the next page begins, None at the end."""
    if after is not None and "\x00" in after:
        raise InvalidFields(errors=[FieldError("#/cursor", "Is not a cursor of this list.")])
    rows = db.session.scalars(
        select(ReviewedProduct)
        .where(ReviewedProduct.site_id == site_id, *([ReviewedProduct.product_id > after] if after else []))
        .order_by(ReviewedProduct.product_id)
        .limit(limit + 1)
    ).all()
    return list(rows[:limit]), rows[limit - 1].product_id if len(rows) > limit else None


def count_products_without_address(site_id: uuid.UUID) -> tuple[int, int]:
    """Return how many products with published reviews lack an address, and how many there are."""
    row = db.session.execute(
        select(
            func.coalesce(func.sum(case((ReviewedProduct.url.is_(None), 1), else_=0)), 0).label("lacking"),
            func.count().label("products"),
        ).where(ReviewedProduct.site_id == site_id, ReviewedProduct.reviews > 0)
    ).one()
    return int(row.lacking), row.products


def map_replies(site_id: uuid.UUID, review_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, ReviewReply]:
    """Return the store's answers by review."""
    rows = db.session.scalars(
        select(ReviewReply).where(ReviewReply.site_id == site_id, ReviewReply.review_id.in_(list(review_ids)))
    )
    return {row.review_id: row for row in rows}


def list_reports(review: Review) -> list[ReviewReport]:
    """Return what readers reported of a review, the latest first."""
    is_of_review = (ReviewReport.site_id == review.site_id, ReviewReport.review_id == review.id)
    return list(db.session.scalars(select(ReviewReport).where(*is_of_review).order_by(ReviewReport.created_at.desc())))
