"""What readers do with published reviews: find them helpful, or say that one should not be there."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import delete, select

from widget.core.clock import utc_now
from widget.core.db import db, insert_unless_known
from widget.reviews.errors import ReviewNotFound, ReviewStepRefused
from widget.reviews.models import Review
from widget.reviews.reader_models import HelpfulVote, ReviewReport
from widget.reviews.recording import get_for_change, touch_products


@dataclass(frozen=True)
class Reader:
    """Who reads: a customer with the browser they use, or a browser alone."""

    customer_id: uuid.UUID | None
    visitor_id: uuid.UUID

    @property
    def keys(self) -> Sequence[str]:
        """Return by what the reader's votes are known, the surest first."""
        browser = f"v:{self.visitor_id.hex}"
        return (f"c:{self.customer_id.hex}", browser) if self.customer_id else (browser,)


def vote(site_id: uuid.UUID, review_id: uuid.UUID, reader: Reader, *, is_helpful: bool) -> tuple[int, bool]:
    """Count one reader's vote for a review, or take it back; return how many there are and whether theirs is.

    Raise ReviewNotFound for what is not published, and ReviewStepRefused for one's own.
    """
    review = _get_published(site_id, review_id)
    if is_helpful and _is_by(review, reader):
        raise ReviewStepRefused("Nobody votes for a review of their own.")
    is_theirs = (
        HelpfulVote.site_id == site_id, HelpfulVote.review_id == review.id, HelpfulVote.reader_key.in_(reader.keys)
    )  # fmt: skip
    votes = len(db.session.scalars(select(HelpfulVote.reader_key).where(*is_theirs)).all())
    if is_helpful == bool(votes):
        return review.helpful, is_helpful
    if is_helpful:
        made = {"site_id": site_id, "review_id": review.id, "reader_key": reader.keys[0], "created_at": utc_now()}
        db.session.execute(insert_unless_known(HelpfulVote).values(made))
    else:
        db.session.execute(delete(HelpfulVote).where(*is_theirs))
    review.helpful += 1 if is_helpful else -votes
    db.session.flush()
    touch_products(site_id, [review.product_id])
    return review.helpful, is_helpful


def report(site_id: uuid.UUID, review_id: uuid.UUID, reader: Reader, reason: str, note: str) -> None:
    """Tell the store that a reader thinks a review should not be there; a repeat changes nothing.

    However many say so, it stays until an owner decides. Raise ReviewNotFound for what is not published.
    """
    review = _get_published(site_id, review_id)
    is_theirs = (
        ReviewReport.site_id == site_id, ReviewReport.review_id == review.id, ReviewReport.reader_key.in_(reader.keys)
    )  # fmt: skip
    if db.session.scalar(select(ReviewReport.reader_key).where(*is_theirs).limit(1)) is not None:
        return
    db.session.add(
        ReviewReport(
            site_id=site_id,
            review_id=review.id,
            reader_key=reader.keys[0],
            reason=reason,
            note=note or None,
            created_at=utc_now(),
        )
    )
    review.reports += 1
    db.session.flush()


def give_votes(site_id: uuid.UUID, old_id: uuid.UUID, new_id: uuid.UUID) -> None:
    """Make a customer's votes those of the one they are merged into; two for one review are one."""
    old_key, new_key = f"c:{old_id.hex}", f"c:{new_id.hex}"
    voted = select(HelpfulVote.review_id).where(HelpfulVote.site_id == site_id, HelpfulVote.reader_key == old_key)
    for review_id in sorted(db.session.scalars(voted)):
        review = get_for_change(site_id, review_id)
        old = db.session.get_one(HelpfulVote, (site_id, review_id, old_key))
        if db.session.get(HelpfulVote, (site_id, review_id, new_key)) is None:
            old.reader_key = new_key
        else:
            db.session.delete(old)
            review.helpful -= 1
        db.session.flush()


def _get_published(site_id: uuid.UUID, review_id: uuid.UUID) -> Review:
    review = get_for_change(site_id, review_id)
    if review.state != "published":
        raise ReviewNotFound()
    return review


def _is_by(review: Review, reader: Reader) -> bool:
    return reader.customer_id is not None and review.customer_id == reader.customer_id
