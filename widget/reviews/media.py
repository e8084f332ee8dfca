"""Which photos and videos belong to which review."""

import secrets
import uuid
from collections.abc import Sequence

from sqlalchemy import select

from widget.core.db import db
from widget.core.ids import hash_secret
from widget.core.problems import FieldError, InvalidFields
from widget.reviews.media_models import ReviewMedia
from widget.reviews.models import Review

MAX_PHOTOS, MAX_VIDEOS = 5, 1
# The media a request names, each with the secret its uploader got.
Claims = Sequence[tuple[uuid.UUID, str]]


def attach_media(review: Review, claims: Claims) -> None:
    """Make these photos and videos a review's, in this order and no others; raise InvalidFields.

    A claim is an id with the secret its uploader got; what the review has already needs none. Call it inside
    `changing`, or before the review is added: it sets the review's counts. What is left out becomes staged again,
    and is purged.
    """
    rows = {row.id: row for row in _lock_media(review, [media_id for media_id, _ in claims])}
    wanted: list[ReviewMedia] = []
    for place, (media_id, secret) in enumerate(claims):
        row = rows.get(media_id)
        if row is None or row in wanted or not _may_attach(row, review, secret):
            raise InvalidFields(errors=[FieldError(f"#/media/{place}", "There is no such upload, or no longer.")])
        wanted.append(row)
    photos = sum(row.kind == "photo" for row in wanted)
    if photos > MAX_PHOTOS or len(wanted) - photos > MAX_VIDEOS:
        message = f"A review has at most {MAX_PHOTOS} photos and {MAX_VIDEOS} video."
        raise InvalidFields(errors=[FieldError("#/media", message)])
    for row in rows.values():
        row.review_id = review.id if row in wanted else None
        row.position = wanted.index(row) if row in wanted else 0
    review.photos, review.videos = photos, len(wanted) - photos


def list_media(site_id: uuid.UUID, review_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, list[ReviewMedia]]:
    """Return the photos and videos of reviews in their order, by review."""
    found: dict[uuid.UUID, list[ReviewMedia]] = {review_id: [] for review_id in review_ids}
    is_of_reviews = (ReviewMedia.site_id == site_id, ReviewMedia.review_id.in_(list(review_ids)))
    for row in db.session.scalars(select(ReviewMedia).where(*is_of_reviews).order_by(ReviewMedia.position)):
        if row.review_id is not None:
            found[row.review_id].append(row)
    return found


def _lock_media(review: Review, media_ids: Sequence[uuid.UUID]) -> Sequence[ReviewMedia]:
    is_concerned = (ReviewMedia.review_id == review.id) | ReviewMedia.id.in_(media_ids)
    return db.session.scalars(
        select(ReviewMedia)
        .where(ReviewMedia.site_id == review.site_id, is_concerned)
        .order_by(ReviewMedia.id)
        .with_for_update()
    ).all()


def _may_attach(row: ReviewMedia, review: Review, secret: str) -> bool:
    if row.review_id is not None:
        return row.review_id == review.id
    return secrets.compare_digest(row.holder, hash_secret(secret))
