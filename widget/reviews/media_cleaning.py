"""Forgetting uploads nobody submitted, and files nobody knows."""

import uuid
from datetime import datetime, timedelta

from sqlalchemy import delete, select

from widget.core.clock import utc_now
from widget.core.db import db
from widget.core.storage import current_storage
from widget.reviews.media_files import list_files
from widget.reviews.media_models import ReviewMedia
from widget.reviews.media_rules import read_file_name, shard_folder
from widget.reviews.media_uploads import STAGED_LASTS
from widget.sites.models import Site

BATCH = 200
# Longer than any upload takes: until then a file may be one whose row is on its way.
UNKNOWN_LASTS = timedelta(hours=24)


def forget_staged(now: datetime) -> list[str]:
    """Delete some of the rows that belong to no review since a day; return the files to delete after the commit."""
    rows = db.session.scalars(
        select(ReviewMedia)
        .where(ReviewMedia.review_id.is_(None), ReviewMedia.created_at < now - STAGED_LASTS)
        .order_by(ReviewMedia.created_at)
        .limit(BATCH)
        # Whoever is submitting one just now has it.
        .with_for_update(skip_locked=True)
    ).all()
    for row in rows:
        db.session.execute(delete(ReviewMedia).where(ReviewMedia.site_id == row.site_id, ReviewMedia.id == row.id))
    return [name for row in rows for name in list_files(row)]


def list_unknown_files(shard: int) -> list[str]:
    """Return the old files of one part of the storage that no row knows: a crash left them, or half of them.

    Files of a site that is not in the database are left alone: whoever starts with the wrong database loses nothing.
    """
    old: dict[tuple[uuid.UUID, uuid.UUID], list[str]] = {}
    before = utc_now() - UNKNOWN_LASTS
    for name, written_at in current_storage().list_names(shard_folder(shard)):
        owner = read_file_name(name)
        if owner is not None and written_at < before:
            old.setdefault(owner, []).append(name)
    sites = set(db.session.scalars(select(Site.id).where(Site.id.in_({site_id for site_id, _ in old}))))
    unknown = []
    for (site_id, media_id), names in old.items():
        if site_id in sites:
            row = db.session.get(ReviewMedia, (site_id, media_id))
            known = set(list_files(row)) if row else set()
            unknown += [name for name in names if name not in known]
    return unknown
