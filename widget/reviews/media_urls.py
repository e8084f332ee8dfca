"""Where the photos and videos of reviews are found, as pages, feeds and owners are told."""

import uuid
from collections.abc import Sequence
from typing import Any

from flask import current_app, url_for

from widget.reviews.media_models import ReviewMedia
from widget.reviews.media_rules import LARGE, THUMB, VIDEO


def describe_media(site_key: str, rows: Sequence[ReviewMedia]) -> list[dict[str, Any]]:
    """Return photos and videos as store pages read them, with whole addresses and the size of the large photo."""
    return [_describe(row, lambda name, row=row: media_url(site_key, row.id, name)) for row in rows]


def describe_media_for_owners(rows: Sequence[ReviewMedia]) -> list[dict[str, Any]]:
    """Return the same for pages of the dashboard, where what waits or is hidden is seen too."""
    return [
        _describe(row, lambda name, row=row: url_for("review_media_pages.show_media", media_id=row.id, size=name))
        for row in rows
    ]


def list_photo_urls(site_key: str, rows: Sequence[ReviewMedia]) -> list[str]:
    """Return the addresses of the large photos, for feeds and structured data."""
    return [media_url(site_key, row.id, LARGE) for row in rows if row.kind == "photo"]


def media_url(site_key: str, media_id: uuid.UUID, size: str) -> str:
    """Return the whole address of one size of a published photo or video."""
    base_url: str = current_app.config["BASE_URL"]
    return f"{base_url}/embed/v1/{site_key}/reviews/media/{media_id}/{size}"


def _describe(row: ReviewMedia, address: Any) -> dict[str, Any]:
    if row.kind == "video":
        return {"id": str(row.id), "kind": "video", "url": address(VIDEO), "type": row.sizes[0]["type"]}
    large = next(size for size in row.sizes if size["name"] == LARGE)
    addresses = {name: address(name) for name in (THUMB, LARGE)}
    return {"id": str(row.id), "kind": "photo", **addresses, "width": large["width"], "height": large["height"]}
