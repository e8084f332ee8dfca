"""Uploads that wait to be submitted with a review, and how many of them may."""

import uuid
from datetime import timedelta

from sqlalchemy import func, select

from widget.core.clock import utc_now
from widget.core.db import begin_writing_anew, db, wait_for_turn
from widget.core.ids import hash_secret, new_id, new_secret
from widget.core.rate_limits import address_prefix, require_within_limits
from widget.reviews.errors import MediaNotTaken, UploadsFull
from widget.reviews.media_files import Upload, delete_files, list_files, write_files
from widget.reviews.media_models import ReviewMedia
from widget.reviews.media_rules import Kind
from widget.reviews.queries import read_settings

STAGED_LASTS = timedelta(hours=24)
# What may wait at one site, so that nobody fills the disk with what is never submitted.
MAX_STAGED_BYTES: dict[str, int] = {"photo": 1024**3, "video": 4 * 1024**3}
# Uploads a minute from one network: a photo is work, a video is room.
UPLOAD_LIMITS: dict[str, int] = {"photo": 60, "video": 6}


def require_taken(site_id: uuid.UUID, kind: Kind, address: str | None) -> None:
    """Raise MediaNotTaken where a site takes no such uploads, TooManyRequests and UploadsFull where it has enough."""
    settings = read_settings(site_id)
    if not (settings.allows_photos if kind == "photo" else settings.allows_video):
        raise MediaNotTaken()
    require_within_limits({f"{kind} uploads {site_id} {address_prefix(address)}": UPLOAD_LIMITS[kind]})
    _require_room(site_id, kind, 0)


def write_upload(site_id: uuid.UUID, upload: Upload) -> tuple[ReviewMedia, str]:
    """Store an upload's files and return the row that is to know them, with the secret of who may submit it.

    Files come before their row: what goes wrong between them leaves files, which the sweep finds.
    """
    media_id, secret = new_id(), new_secret("rm")
    written = write_files(site_id, media_id, upload)
    row = ReviewMedia(
        site_id=site_id,
        id=media_id,
        kind=upload.kind,
        sizes=written.sizes,
        bytes=sum(size["bytes"] for size in written.sizes),
        content_hash=written.content_hash,
        holder=hash_secret(secret),
        created_at=utc_now(),
    )
    return row, secret


def stage_upload(site_id: uuid.UUID, upload: Upload) -> tuple[ReviewMedia, str]:
    """Store an upload that waits to be submitted; return its row and its secret.

    It takes as long as the sender does, so it is called outside of a transaction, and begins a writing one when all
    is there.
    """
    row, secret = write_upload(site_id, upload)
    begin_writing_anew()
    # Those who come at once are counted one after another.
    wait_for_turn(f"review media {site_id}")
    try:
        _require_room(site_id, upload.kind, row.bytes)
    except UploadsFull:
        delete_files(list_files(row))
        raise
    db.session.add(row)
    db.session.flush()
    return row, secret


def _require_room(site_id: uuid.UUID, kind: Kind, more: int) -> None:
    is_waiting = (ReviewMedia.site_id == site_id, ReviewMedia.review_id.is_(None), ReviewMedia.kind == kind)
    waiting = db.session.scalar(select(func.coalesce(func.sum(ReviewMedia.bytes), 0)).where(*is_waiting))
    if int(waiting or 0) + more > MAX_STAGED_BYTES[kind]:
        raise UploadsFull()
