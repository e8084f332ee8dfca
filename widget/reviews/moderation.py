"""What an owner decides of a review: published, hidden for a named reason, held, featured, marked, or undone.

There is no reason "negative", and nothing here looks at how many stars a review has. Each use case takes who decides
(an owner's e-mail, `STORE` or `SYSTEM`), writes one step into the review's history, and is safe to repeat.
"""

import uuid
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select, update

from widget.core.clock import utc_now
from widget.core.db import db
from widget.core.problems import FieldError, InvalidFields
from widget.reviews.errors import ReviewStepRefused
from widget.reviews.history import SYSTEM, add_event
from widget.reviews.models import MAX_NOTE_LENGTH, Review, ReviewEvent
from widget.reviews.reader_models import ReviewReport
from widget.reviews.recording import changing, get_for_change
from widget.reviews.rules import REJECT_REASONS

MAX_INCENTIVE_LENGTH = 200
# The steps that lead back to what was before them.
UNDOABLE = ("published", "rejected", "held", "featured", "unfeatured")
_DECIDED = ("state", "hold_reason", "reject_reason", "is_featured")


@dataclass(frozen=True)
class Step:
    """What became of a review: the step's kind, and its number in the history; None where nothing changed."""

    review: Review
    kind: str
    number: int | None

    @property
    def is_undoable(self) -> bool:
        return self.number is not None and self.kind in UNDOABLE


def publish_review(site_id: uuid.UUID, review_id: uuid.UUID, actor: str) -> Step:
    """Show a review; raise ReviewStepRefused where its author took it back, or never confirmed it."""
    review = get_for_change(site_id, review_id)
    _require_decidable(review)
    return _take(review, "published", actor, **_undecided("published"), published_at=review.published_at or utc_now())


def reject_review(site_id: uuid.UUID, review_id: uuid.UUID, actor: str, reason: str, note: str | None = None) -> Step:
    """Hide a review for one of the reasons there are, which its history and the public counts name.

    Raise InvalidFields for another reason, ReviewStepRefused as `publish_review` does.
    """
    if reason not in REJECT_REASONS:
        raise InvalidFields(errors=[FieldError("#/reason", f"Must be one of: {', '.join(REJECT_REASONS)}.")])
    note = check_note(note)
    review = get_for_change(site_id, review_id)
    _require_decidable(review)
    hidden = {**_undecided("rejected"), "reject_reason": reason, "is_featured": False}
    return _take(review, "rejected", actor, note, **hidden)


def hold_review(site_id: uuid.UUID, review_id: uuid.UUID, actor: str) -> Step:
    """Take a review back into the queue, shown nowhere until it is decided."""
    review = get_for_change(site_id, review_id)
    _require_decidable(review)
    if review.state == "pending":
        return Step(review, "held", None)
    return _take(review, "held", actor, **{**_undecided("pending"), "hold_reason": "moderation", "is_featured": False})


def feature_review(site_id: uuid.UUID, review_id: uuid.UUID, actor: str, *, is_featured: bool = True) -> Step:
    """Put a published review on the wall of testimonials, or take it off; raise ReviewStepRefused for a hidden one."""
    review = get_for_change(site_id, review_id)
    if is_featured and review.state != "published":
        raise ReviewStepRefused("Only a published review can be featured.")
    return _take(review, "featured" if is_featured else "unfeatured", actor, is_featured=is_featured)


def mark_incentivized(
    site_id: uuid.UUID, review_id: uuid.UUID, incentive: str | None = None, actor: str = SYSTEM
) -> Step:
    """Say, wherever the review is shown, that its author was given something for it.

    There is no way back: what was given stays given. A later text for it takes the place of an earlier one.
    """
    text = " ".join((incentive or "").split()) or None
    if text is not None and (len(text) > MAX_INCENTIVE_LENGTH or "\x00" in text):
        detail = f"Must be at most {MAX_INCENTIVE_LENGTH} characters, none of them NUL."
        raise InvalidFields(errors=[FieldError("#/incentive", detail)])
    review = get_for_change(site_id, review_id)
    return _take(review, "incentivized", actor, is_incentivized=True, incentive=text or review.incentive)


def settle_reports(site_id: uuid.UUID, review_id: uuid.UUID, actor: str) -> Step:
    """Say that somebody has looked at what readers reported of a review."""
    review = get_for_change(site_id, review_id)
    is_open = (ReviewReport.review_id == review_id, ReviewReport.settled_at.is_(None))
    db.session.execute(
        update(ReviewReport).where(ReviewReport.site_id == site_id, *is_open).values(settled_at=utc_now())
    )
    if not review.reports:
        return Step(review, "reports_settled", None)
    event = add_event(review, "reports_settled", actor, before={"reports": review.reports}, after={"reports": 0})
    review.reports = 0
    return Step(review, event.kind, event.number)


def undo_step(site_id: uuid.UUID, review_id: uuid.UUID, number: int, actor: str) -> Step:
    """Lead a review back to what it was before its last decision, which is a step of its own.

    Raise ReviewStepRefused where something has happened since, or the step is none that leads back.
    """
    review = get_for_change(site_id, review_id)
    last = _find_last_event(review)
    if last is None or last.number != number or last.kind not in UNDOABLE:
        raise ReviewStepRefused("Something has happened to the review since, so this step cannot be undone.")
    return _take(review, "undone", actor, **{name: last.before[name] for name in _DECIDED if name in last.before})


def check_note(note: str | None) -> str | None:
    """Return a note to a step, None for a blank one; raise InvalidFields."""
    text = (note or "").replace("\r\n", "\n").strip()
    if len(text) > MAX_NOTE_LENGTH or "\x00" in text:
        detail = f"Must be at most {MAX_NOTE_LENGTH} characters, none of them NUL."
        raise InvalidFields(errors=[FieldError("#/note", detail)])
    return text or None


def _require_decidable(review: Review) -> None:
    if review.hold_reason == "unconfirmed":
        raise ReviewStepRefused("Its author has not confirmed the review by e-mail yet.")
    if review.reject_reason == "author":
        raise ReviewStepRefused("Its author took the review back.")


def _undecided(state: str) -> dict[str, Any]:
    return {"state": state, "hold_reason": None, "reject_reason": None}


def _take(review: Review, kind: str, actor: str, note: str | None = None, **changes: Any) -> Step:
    before = _last_number(review)
    with changing(review, kind, actor, reason=note):
        for name, value in changes.items():
            setattr(review, name, value)
    number = _last_number(review)
    return Step(review, kind, None if number == before else number)


def _last_number(review: Review) -> int:
    is_of_review = (ReviewEvent.site_id == review.site_id, ReviewEvent.review_id == review.id)
    return db.session.scalar(select(func.max(ReviewEvent.number)).where(*is_of_review)) or 0


def _find_last_event(review: Review) -> ReviewEvent | None:
    return db.session.get(ReviewEvent, (review.site_id, review.id, _last_number(review)))
