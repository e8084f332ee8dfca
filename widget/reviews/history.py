"""The history of a review: every step, in order, each bound to the one before."""

import hashlib
import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import insert, select

from widget.core.clock import utc_now
from widget.core.db import db
from widget.reviews.models import Review, ReviewEvent

# Who did it, where it was no owner; owners are named by their e-mail.
AUTHOR, SYSTEM, STORE, READER = "author", "system", "store", "reader"


def add_event(
    review: Review,
    kind: str,
    actor: str,
    *,
    reason: str | None = None,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> ReviewEvent:
    """Note a step in the transaction that takes it; the caller holds the review's row."""
    last = db.session.execute(
        select(ReviewEvent.number, ReviewEvent.digest)
        .where(ReviewEvent.site_id == review.site_id, ReviewEvent.review_id == review.id)
        .order_by(ReviewEvent.number.desc())
        .limit(1)
    ).one_or_none()
    number, previous = (last.number + 1, last.digest) if last else (1, "")
    event = ReviewEvent(
        site_id=review.site_id,
        review_id=review.id,
        number=number,
        kind=kind,
        actor=actor,
        reason=reason,
        before=dict(before or {}),
        after=dict(after or {}),
        happened_at=utc_now(),
    )
    event.digest = digest_of(event, previous)
    db.session.add(event)
    db.session.flush()
    return event


def add_first_events(
    reviews: Sequence[tuple[Review, Mapping[str, Any]]], kind: str, actor: str, *, reason: str | None = None
) -> None:
    """Note the first steps of many new reviews, each with what its step says it is."""
    if not reviews:
        return
    now, rows = utc_now(), []
    for review, after in reviews:
        values: dict[str, Any] = {"site_id": review.site_id, "review_id": review.id, "number": 1, "kind": kind}
        values |= {"actor": actor, "reason": reason, "before": {}, "after": dict(after), "happened_at": now}
        rows.append(values | {"digest": digest_of(ReviewEvent(**values), "")})
    db.session.execute(insert(ReviewEvent), rows)


def list_events(site_id: uuid.UUID, review_id: uuid.UUID) -> list[ReviewEvent]:
    """Return a review's steps, the first first."""
    is_of_review = (ReviewEvent.site_id == site_id, ReviewEvent.review_id == review_id)
    return list(db.session.scalars(select(ReviewEvent).where(*is_of_review).order_by(ReviewEvent.number)))


def find_altered(events: list[ReviewEvent]) -> ReviewEvent | None:
    """Return the first of a review's steps that is not as it was noted, or does not follow the one before."""
    previous = ""
    for number, event in enumerate(events, start=1):
        if event.number != number or event.digest != digest_of(event, previous):
            return event
        previous = event.digest
    return None


def digest_of(event: ReviewEvent, previous: str) -> str:
    """Return the SHA-256 of a step and of the digest of the one before it, in hexadecimal."""
    names = ("number", "kind", "actor", "reason", "before", "after")
    values: dict[str, Any] = {name: getattr(event, name) for name in names}
    values |= {"review": event.review_id.hex, "at": _spell(event.happened_at), "previous": previous}
    return hashlib.sha256(orjson.dumps(values, option=orjson.OPT_SORT_KEYS)).hexdigest()


def _spell(moment: datetime) -> str:
    return moment.isoformat(timespec="microseconds")
