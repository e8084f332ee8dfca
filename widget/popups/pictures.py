"""The pictures of campaigns: read with suspicion, drawn anew, kept in the site's storage."""

import hashlib
import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import exists, select

from widget.core.db import db, get_in_site
from widget.core.file_answers import AnswerableFile
from widget.core.ids import new_id
from widget.core.pictures import draw_within, encode
from widget.core.storage import current_storage
from widget.popups.models import CampaignVariant, PopupPicture

MAX_UPLOAD_BYTES = 5 * 1024 * 1024
# As wide as a dialog is shown on a screen of fine pixels.
LONGEST_SIDE = 1100
MAX_PIXELS = {"JPEG": 25_000_000, "PNG": 12_500_000, "WEBP": 10_500_000}
PICTURE_TYPE = "image/jpeg"
UNUSED_LASTS = timedelta(days=1)
BATCH = 100


def store_picture(site_id: uuid.UUID, upload: bytes, now: datetime) -> PopupPicture:
    """Keep an uploaded picture, drawn anew without anything but pixels; raise BadPicture."""
    drawn = draw_within(upload, (LONGEST_SIDE, LONGEST_SIDE), MAX_PIXELS)
    body = encode(drawn, "JPEG", quality=85, optimize=True, progressive=True)
    size = {"name": "large", "type": PICTURE_TYPE, "width": drawn.width, "height": drawn.height, "bytes": len(body)}
    digest = hashlib.sha256(body).hexdigest()
    picture = PopupPicture(site_id=site_id, id=new_id(), sizes=[size], content_hash=digest, created_at=now)
    # Before its row, so that a row always has its file.
    current_storage().put(name_file(site_id, picture.id), [body], PICTURE_TYPE)
    db.session.add(picture)
    db.session.flush()
    return picture


def describe_picture(
    site_key: str, picture_id: uuid.UUID, sizes: Sequence[Mapping[str, Any]], alt: str
) -> dict[str, Any]:
    """Return a picture as store pages show it, its address below the interface's own."""
    size = sizes[0]
    address = f"/embed/v1/{site_key}/popups/pictures/{picture_id}"
    return {"src": address, "width": size["width"], "height": size["height"], "alt": alt}


def get_picture_file(site_id: uuid.UUID, picture_id: uuid.UUID) -> AnswerableFile:
    """Return a picture's file; raise NotFound."""
    picture = get_in_site(PopupPicture, site_id, picture_id)
    name, length = name_file(site_id, picture_id), picture.sizes[0]["bytes"]
    return AnswerableFile(name, PICTURE_TYPE, length, picture.content_hash[:20], f"{picture_id}.jpg")


def find_picture(site_id: uuid.UUID, picture_id: uuid.UUID) -> PopupPicture | None:
    """Return a picture, None where the site has no such one."""
    return db.session.get(PopupPicture, (site_id, picture_id))


def forget_unused(now: datetime) -> list[str]:
    """Delete some of the rows that no variant shows since a day; return the files to delete after the commit."""
    is_used = exists().where(
        CampaignVariant.site_id == PopupPicture.site_id, CampaignVariant.picture_id == PopupPicture.id
    )
    rows = db.session.scalars(
        select(PopupPicture)
        .where(~is_used, PopupPicture.created_at < now - UNUSED_LASTS)
        .order_by(PopupPicture.created_at)
        .limit(BATCH)
        .with_for_update(skip_locked=True)
    ).all()
    for row in rows:
        db.session.delete(row)
    db.session.flush()
    return [name_file(row.site_id, row.id) for row in rows]


def name_file(site_id: uuid.UUID, picture_id: uuid.UUID) -> str:
    """Return the name under which a picture is stored: from ids alone.

    >>> name_file(uuid.UUID(int=1), uuid.UUID(int=255))
    'popups/00000000000000000000000000000001/000000000000000000000000000000ff.jpg'
    """
    return f"popups/{site_id.hex}/{picture_id.hex}.jpg"
