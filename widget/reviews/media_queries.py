"""Finding a photo or video to be shown: to everybody, or to the site's owners."""

import uuid

from sqlalchemy import ColumnElement, select

from widget.core.db import db
from widget.core.file_answers import AnswerableFile
from widget.core.problems import NotFound
from widget.reviews.media_models import ReviewMedia
from widget.reviews.media_rules import file_name
from widget.reviews.models import Review


def get_published_file(site_id: uuid.UUID, media_id: uuid.UUID, size: str) -> AnswerableFile:
    """Return one size of what belongs to a published review; raise NotFound."""
    return _get_file(site_id, media_id, size, Review.state == "published")


def get_submitted_file(site_id: uuid.UUID, media_id: uuid.UUID, size: str) -> AnswerableFile:
    """Return one size of what belongs to any review of the site; raise NotFound."""
    return _get_file(site_id, media_id, size)


def _get_file(site_id: uuid.UUID, media_id: uuid.UUID, size: str, *conditions: ColumnElement[bool]) -> AnswerableFile:
    sizes = db.session.scalar(
        select(ReviewMedia.sizes)
        .join(Review, (Review.site_id == ReviewMedia.site_id) & (Review.id == ReviewMedia.review_id))
        .where(ReviewMedia.site_id == site_id, ReviewMedia.id == media_id, *conditions)
    )
    found = next((known for known in sizes or () if known["name"] == size), None)
    if found is None:
        raise NotFound()
    name = file_name(site_id, media_id, size, found["type"])
    shown = f"review-{size}{name[name.rindex('.') :]}"
    return AnswerableFile(name, found["type"], found["bytes"], f"{media_id.hex}-{size}", shown)
