"""Reading reviews, their replies, and how a site takes them."""

import uuid

from sqlalchemy import and_, func, or_, select

from widget.core.db import db, find_in_site
from widget.customers.models import Customer
from widget.reviews.errors import ReviewNotFound
from widget.reviews.models import Review, ReviewReply
from widget.reviews.product_models import ReviewedProduct, ReviewTally
from widget.reviews.reader_models import ReviewSettings


def get_review(site_id: uuid.UUID, review_id: uuid.UUID) -> Review:
    """Return a review of this site; raise ReviewNotFound."""
    review = find_in_site(Review, site_id, review_id)
    if review is None:
        raise ReviewNotFound()
    return review


def find_reply(review: Review) -> ReviewReply | None:
    """Return the store's answer to a review."""
    return db.session.get(ReviewReply, (review.site_id, review.id))


def find_author_email(review: Review) -> str | None:
    """Return where a review's author can be written to, None where nobody knows."""
    if review.email or review.customer_id is None:
        return review.email
    customer = find_in_site(Customer, review.site_id, review.customer_id)
    return customer.email if customer else None


def find_product(site_id: uuid.UUID, product_id: str) -> ReviewedProduct | None:
    """Return what is known of a product and of its reviews."""
    return db.session.get(ReviewedProduct, (site_id, product_id))


def map_tallies(site_id: uuid.UUID) -> dict[tuple[str, str, int], int]:
    """Return how many reviews of a site there are by state, reason and stars."""
    rows = db.session.execute(
        select(ReviewTally.state, ReviewTally.reason, ReviewTally.rating, ReviewTally.reviews).where(
            ReviewTally.site_id == site_id, ReviewTally.reviews > 0
        )
    )
    return {(row.state, row.reason, row.rating): row.reviews for row in rows}


def read_settings(site_id: uuid.UUID) -> ReviewSettings:
    """Return how a site takes and shows reviews: its own row, else the defaults, not stored."""
    return db.session.get(ReviewSettings, site_id) or ReviewSettings(
        site_id=site_id,
        moderation="publish",
        allows_unsigned=True,
        allows_photos=True,
        allows_video=True,
        name_form="initial",
        default_sort="newest",
        attributes=[],
    )


def has_twin(review: Review) -> bool:
    """Tell whether somebody else has sent the site the same words."""
    if review.text_digest is None:
        return False
    is_own = or_(
        and_(Review.author_key.is_not(None), Review.author_key == review.author_key),
        and_(Review.email.is_not(None), Review.email == review.email),
    )
    twin = select(Review.id).where(
        Review.site_id == review.site_id, Review.text_digest == review.text_digest, Review.id != review.id
    )
    return db.session.scalar(twin.where(~func.coalesce(is_own, False)).limit(1)) is not None
