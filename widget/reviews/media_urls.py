"""Where the files of photos and videos are."""

from collections.abc import Sequence
from typing import Any

from flask import current_app

from widget.reviews.media_models import ReviewMedia


def describe_media(site_key: str, rows: Sequence[ReviewMedia]) -> list[dict[str, Any]]:
    """Return photos and videos as widgets show them."""
    return [_describe(f"{current_app.config['BASE_URL']}/embed/v1/{site_key}/reviews/media/{row.id}", row) for row in rows]


def _describe(base: str, row: ReviewMedia) -> dict[str, Any]:
    sizes = {size["name"]: size for size in row.sizes}
    if row.kind == "video":
        name, video = next(iter(sizes.items()))
        return {"kind": "video", "id": str(row.id), "url": f"{base}/{name}", "type": video["type"]}
    large = sizes["large"]
    return {
        "id": str(row.id),
        "kind": "photo",
        "thumb": f"{base}/thumb",
        "large": f"{base}/large",
        "width": large["width"],
        "height": large["height"],
    }
