"""Bringing in the photos of imported reviews, from the addresses the file names; only where an owner asks for it."""

import hashlib
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field

from widget.core.db import begin_writing_anew, db
from widget.core.fetching import FetchLimits, FetchRefused, fetch
from widget.reviews.errors import MediaTypeRefused, MediaUnreadable
from widget.reviews.history import SYSTEM
from widget.reviews.media import MAX_PHOTOS, attach_media, list_media
from widget.reviews.media_files import Upload
from widget.reviews.media_models import ReviewMedia
from widget.reviews.media_rules import MAX_PHOTO_BYTES, kind_of, recognise
from widget.reviews.media_uploads import write_upload
from widget.reviews.models import Review
from widget.reviews.queries import get_review
from widget.reviews.recording import changing, get_for_change

# A stored upload's row with the secret that claims it.
Claimable = tuple[ReviewMedia, str]
LIMITS = FetchLimits(max_bytes=MAX_PHOTO_BYTES)


@dataclass
class FetchedPhotos:
    """What became of addresses: stored now, there already, or not fetched and why.

    Reasons are those of FetchRefused, and not_a_photo and too_many.
    """

    stored: list[str] = field(default_factory=list)
    known: list[str] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)


def fetch_photos(
    site_id: uuid.UUID, review_id: uuid.UUID, urls: Sequence[str], limits: FetchLimits = LIMITS
) -> FetchedPhotos:
    """Fetch photos, store them, and add them to a review behind those it has.

    What was written before must be committed: fetching takes its time, so it is done outside of a transaction, and
    then a writing one begins, which the caller commits. Fetching again adds nothing. Raise ReviewNotFound.
    """
    held = _list_held(get_review(site_id, review_id))
    hashes, room = {row.content_hash for row in held}, _room_beside(held)
    db.session.rollback()
    outcome, new = FetchedPhotos(), list[Claimable]()
    for url in dict.fromkeys(urls):
        try:
            upload = _fetch_upload(url, limits)
            content_hash = hashlib.sha256(b"".join(upload.chunks)).hexdigest()
            if content_hash in hashes:
                outcome.known.append(url)
            elif len(new) == room:
                outcome.failed[url] = "too_many"
            else:
                new.append(write_upload(site_id, upload))
                hashes.add(content_hash)
                outcome.stored.append(url)
        except FetchRefused as error:
            outcome.failed[url] = error.reason
        except (MediaTypeRefused, MediaUnreadable):
            outcome.failed[url] = "not_a_photo"
    begin_writing_anew()
    if new:
        _add_photos(get_for_change(site_id, review_id), new)
    return outcome


def _fetch_upload(url: str, limits: FetchLimits) -> Upload:
    body = fetch(url, limits)
    content_type = recognise(body)
    if content_type is None or kind_of(content_type) != "photo":
        raise MediaTypeRefused()
    return Upload(content_type, [body])


def _add_photos(review: Review, new: Sequence[Claimable]) -> None:
    held = _list_held(review)
    # Somebody may have changed its photos meanwhile; files that have no place any more are swept.
    hashes = {row.content_hash for row in held}
    wanted = [(row, secret) for row, secret in new if row.content_hash not in hashes][: _room_beside(held)]
    db.session.add_all(row for row, _ in wanted)
    db.session.flush()
    with changing(review, "photos_fetched", SYSTEM):
        attach_media(review, [(row.id, "") for row in held] + [(row.id, secret) for row, secret in wanted])


def _list_held(review: Review) -> list[ReviewMedia]:
    return list_media(review.site_id, [review.id])[review.id]


def _room_beside(held: Sequence[ReviewMedia]) -> int:
    return max(MAX_PHOTOS - sum(row.kind == "photo" for row in held), 0)
