"""What the reviews room refuses."""

from widget.core.problems import Conflict, NotFound, Problem


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


class MediaNotTaken(Conflict):
    slug, title = "media-not-taken", "This store takes no such files with reviews"


class MediaTypeRefused(Problem):
    status, slug, title = 415, "media-type-refused", "Send a JPEG, PNG or WebP picture, or an MP4 or WebM video"


class MediaUnreadable(Problem):
    status, slug, title = 422, "media-unreadable", "This picture cannot be read"


class UploadsFull(Problem):
    status, slug, title = 507, "uploads-full", "Too many uploads of this store wait to be submitted; try again later"
