"""One decision over many reviews, each with what became of it."""

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from widget.core.problems import FieldError, InvalidFields
from widget.reviews.errors import ReviewNotFound, ReviewStepRefused
from widget.reviews.moderation import Step

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


def decide_many(review_ids: Sequence[uuid.UUID], decide: Callable[[uuid.UUID], Step]) -> list[Outcome]:
    """Take a step with each review, and report of each; what one refuses stops no other. Raise InvalidFields."""
    unique = list(dict.fromkeys(review_ids))
    if not 1 <= len(unique) <= MAX_REVIEWS:
        raise InvalidFields(errors=[FieldError("#/reviews", f"Choose 1 to {MAX_REVIEWS} reviews.")])
    # In one order everywhere, so that two owners who decide at once never wait for each other.
    outcomes = {review_id: _decide_one(review_id, decide) for review_id in sorted(unique)}
    return [outcomes[review_id] for review_id in unique]


def _decide_one(review_id: uuid.UUID, decide: Callable[[uuid.UUID], Step]) -> Outcome:
    try:
        return Outcome(review_id, decide(review_id))
    except (ReviewNotFound, ReviewStepRefused) as refusal:
        return Outcome(review_id, None, refusal.detail or refusal.title)
