"""What a store says to a review's author: the public reply, and the request to change the review."""

import uuid
from datetime import timedelta

from sqlalchemy import select

from widget.core.clock import utc_now
from widget.core.db import db
from widget.core.problems import FieldError, InvalidFields
from widget.reviews.emails import queue_edit_request
from widget.reviews.errors import ReviewStepRefused
from widget.reviews.history import add_event
from widget.reviews.models import MAX_BODY_LENGTH, MAX_NAME_LENGTH, Review, ReviewEvent, ReviewReply
from widget.reviews.moderation import Step, check_note
from widget.reviews.queries import find_author_email, find_reply
from widget.reviews.recording import get_for_change, touch_products
from widget.sites.models import Site

REQUEST_PAUSE = timedelta(days=1)


def save_reply(site_id: uuid.UUID, review_id: uuid.UUID, actor: str, body: str, author_name: str) -> Step:
    """Answer a review in public, or change the answer; raise InvalidFields, and ReviewStepRefused for a hidden one."""
    body = _check_line_or_text(body, "body", MAX_BODY_LENGTH)
    author_name = _check_line_or_text(author_name, "author_name", MAX_NAME_LENGTH)
    review = get_for_change(site_id, review_id)
    if review.state == "rejected":
        raise ReviewStepRefused("A hidden review takes no reply: nobody would see it.")
    reply = find_reply(review)
    before = _describe(reply)
    if reply is None:
        reply = ReviewReply(site_id=site_id, review_id=review_id, replied_at=utc_now())
        db.session.add(reply)
    elif before != {"reply": body, "reply_author": author_name}:
        reply.edited_at = utc_now()
    reply.body, reply.author_name = body, author_name
    return _note(review, "reply_changed" if before else "replied", actor, before, _describe(reply))


def remove_reply(site_id: uuid.UUID, review_id: uuid.UUID, actor: str) -> Step:
    """Take the answer to a review away; one that is gone is no mistake."""
    review = get_for_change(site_id, review_id)
    reply = find_reply(review)
    before = _describe(reply)
    if reply is not None:
        db.session.delete(reply)
        db.session.flush()
    return _note(review, "reply_removed", actor, before, {})


def request_edit(site: Site, review_id: uuid.UUID, actor: str, note: str | None) -> Step:
    """Mail the author a link to the review, with what the store asks them to change.

    Raise ReviewStepRefused where no address is known, the author took the review back, or was asked within a day.
    """
    note = check_note(note)
    review = get_for_change(site.id, review_id)
    if find_author_email(review) is None:
        raise ReviewStepRefused("No e-mail address of the review's author is known.")
    if review.reject_reason == "author":
        raise ReviewStepRefused("Its author took the review back.")
    asked_at = db.session.scalar(
        select(ReviewEvent.happened_at)
        .where(ReviewEvent.site_id == site.id, ReviewEvent.review_id == review_id)
        .where(ReviewEvent.kind == "edit_requested", ReviewEvent.happened_at > utc_now() - REQUEST_PAUSE)
        .limit(1)
    )
    if asked_at is not None:
        raise ReviewStepRefused("The author was asked within the last day already.")
    queue_edit_request(site, review, note)
    return Step(review, "edit_requested", add_event(review, "edit_requested", actor, reason=note).number)


def name_of_store(site: Site) -> str:
    """Return who answers where nobody is named."""
    return site.name[:MAX_NAME_LENGTH]


def _note(review: Review, kind: str, actor: str, before: dict[str, str], after: dict[str, str]) -> Step:
    if before == after:
        return Step(review, kind, None)
    db.session.flush()
    number = add_event(review, kind, actor, before=before, after=after).number
    touch_products(review.site_id, [review.product_id])
    return Step(review, kind, number)


def _describe(reply: ReviewReply | None) -> dict[str, str]:
    return {} if reply is None else {"reply": reply.body, "reply_author": reply.author_name}


def _check_line_or_text(value: str, name: str, longest: int) -> str:
    text = value.replace("\r\n", "\n").strip()
    if not 1 <= len(text) <= longest or "\x00" in text:
        detail = f"Must be a text of 1 to {longest} characters."
        raise InvalidFields(errors=[FieldError(f"#/{name}", detail)])
    return text
