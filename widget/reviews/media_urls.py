"""Where the photos and videos of reviews are found."""

from collections.abc import Sequence
from typing import Any

from flask import current_app

from widget.reviews.media_models import ReviewMedia


def describe_media(site_key: str, rows: Sequence[ReviewMedia]) -> list[dict[str, Any]]:
    """Return photos and videos as store pages read them."""
    base = f"{current_app.config['BASE_URL']}/embed/v1/{site_key}/reviews/media"
    return [
        {"id": str(row.id), "kind": "video", "url": f"{base}/{row.id}/video"}
        if row.kind == "video"
        else {"id": str(row.id), "kind": "photo", "large": f"{base}/{row.id}/large"}
        for row in rows
    ]
