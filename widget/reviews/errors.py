"""What the reviews room refuses."""

from widget.core.problems import Conflict, NotFound


class ReviewNotFound(NotFound):
    slug, title = "review-not-found", "This site has no such review"


class ReviewIdTaken(Conflict):
    slug, title = "review-id-taken", "This id belongs to another review"


class AlreadyReviewed(Conflict):
    slug, title = "already-reviewed", "There is a review of this product by this customer already"


class UnsignedReviewsRefused(Conflict):
    slug, title = "unsigned-reviews-refused", "This store takes reviews of its customers only"


class ReviewStepRefused(Conflict):
    slug, title = "review-step-refused", "This cannot be done with the review as it is"
