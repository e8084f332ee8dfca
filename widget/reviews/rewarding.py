"""Points for reviews: once, when a review is published for the first time, whatever its stars.

A review that earned says so wherever it is shown. What was given stays when the review changes; it is taken back where
the review turns out to be spam or fake, and given again where that was wrong.
"""

from widget.core.clock import utc_now
from widget.core.db import session_cursor
from widget.loyalty.earning import award_points
from widget.loyalty.taking_back import revise_award
from widget.reviews.models import Review

ACTION = "review"
UNDESERVED = ("spam", "fake")


def reward_publication(review: Review) -> None:
    """Give the author of a review, published for the first time, what the program gives for it, and mark it."""
    if review.customer_id is None or review.source == "import":
        return
    has_extra = review.photos + review.videos > 0
    points = award_points(
        session_cursor(), review.site_id, review.customer_id, ACTION, str(review.id), utc_now(), has_extra=has_extra
    )
    review.is_incentivized = review.is_incentivized or points > 0


def revise_reward(review: Review) -> None:
    """Take back what a review earned that is spam or fake, or give it again to one that is published after all."""
    is_undeserved = review.reject_reason in UNDESERVED
    if review.is_incentivized and (is_undeserved or review.state == "published"):
        revise_award(session_cursor(), review.site_id, ACTION, str(review.id), utc_now(), is_deserved=not is_undeserved)
