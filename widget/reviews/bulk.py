"""One decision over many reviews, each with what became of it."""

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from widget.core.db import db
from widget.core.problems import FieldError, InvalidFields
from widget.reviews.errors import ReviewNotFound, ReviewStepRefused
from widget.reviews.models import Review
from widget.reviews.moderation import Step
from widget.reviews.product_models import ReviewedProduct, ReviewTally

MAX_REVIEWS = 50


@dataclass(frozen=True)
class Outcome:
    """What became of one review: the step, or why there was none; neither where it was so already."""

    review_id: uuid.UUID
    step: Step | None
    refusal: str = ""

    @property
    def is_done(self) -> bool:
        return self.step is not None and self.step.number is not None


def decide_many(
    site_id: uuid.UUID, review_ids: Sequence[uuid.UUID], decide: Callable[[uuid.UUID], Step]
) -> list[Outcome]:
    """Take a step with each review, and report of each; what one refuses stops no other. Raise InvalidFields."""
    unique = list(dict.fromkeys(review_ids))
    if not 1 <= len(unique) <= MAX_REVIEWS:
        raise InvalidFields(errors=[FieldError("#/reviews", f"Choose 1 to {MAX_REVIEWS} reviews.")])
    _lock(site_id, unique)
    return [_decide_one(review_id, decide) for review_id in unique]


def _decide_one(review_id: uuid.UUID, decide: Callable[[uuid.UUID], Step]) -> Outcome:
    try:
        return Outcome(review_id, decide(review_id))
    except (ReviewNotFound, ReviewStepRefused) as refusal:
        return Outcome(review_id, None, refusal.detail or refusal.title)


def _lock(site_id: uuid.UUID, review_ids: Sequence[uuid.UUID]) -> None:
    """Take every row that will change, in the order in which one review's change takes them.

    So two transactions, of many reviews or of one, never wait for each other in a circle.
    """
    is_chosen = (Review.site_id == site_id, Review.id.in_(review_ids))
    db.session.execute(select(Review.id).where(*is_chosen).order_by(Review.id).with_for_update())
    products = select(Review.product_id).where(*is_chosen)
    db.session.execute(
        select(ReviewedProduct.product_id)
        .where(ReviewedProduct.site_id == site_id, ReviewedProduct.product_id.in_(products))
        .order_by(ReviewedProduct.product_id)
        .with_for_update()
    )
    db.session.execute(
        select(ReviewTally.state)
        .where(ReviewTally.site_id == site_id)
        .order_by(*ReviewTally.__table__.primary_key)
        .with_for_update()
    )
