"""The shopper's door to photos and videos: sending one, and seeing those of published reviews."""

import uuid
from typing import Any

from flask import Response, request
from marshmallow import Schema, fields

from widget.core.db import db
from widget.core.file_answers import answer_file
from widget.reviews.errors import MediaTypeRefused
from widget.reviews.media_files import recognise_upload
from widget.reviews.media_queries import get_published_file
from widget.reviews.media_rules import MAX_VIDEO_BYTES, PHOTO_TYPES, VIDEO_TYPES
from widget.reviews.media_uploads import require_taken, stage_upload
from widget.sites.doors import embed_blueprint
from widget.sites.embed_guard import current_published_site, open_to_any_origin

# Kept by browsers and proxies for a while only: a photo goes when its review does.
MEDIA_CACHE = "public, max-age=600"
TAKEN_TYPES = (*PHOTO_TYPES, *VIDEO_TYPES)
ANY_FILE = {name: {"schema": {"type": "string", "format": "binary"}} for name in TAKEN_TYPES}

blueprint = embed_blueprint("review_media", __name__, "Photos and videos of reviews")


class MediaOut(Schema):
    """What a review names to have the upload, within a day; sizes are of the large photo, null of a video."""

    id = fields.UUID(required=True)
    secret = fields.String(required=True)
    kind = fields.String(required=True)
    width = fields.Integer(required=True, allow_none=True)
    height = fields.Integer(required=True, allow_none=True)


@blueprint.route("/reviews/media", methods=["POST"])
@blueprint.doc(requestBody={"required": True, "content": ANY_FILE})
@blueprint.response(201, MediaOut, description="The file is stored, and waits to be submitted")
def post_media() -> dict[str, Any]:
    """Store a photo or a video, sent as the body itself; its first bytes say what it is."""
    site = current_published_site()
    if request.mimetype not in TAKEN_TYPES:
        raise MediaTypeRefused()
    # The rest of the house takes no bodies of this size.
    request.max_content_length = MAX_VIDEO_BYTES
    upload = recognise_upload(request.stream.read, request.content_length)
    require_taken(site.id, upload.kind, request.remote_addr)
    # What has been read of the database is given back: the upload takes as long as its sender does.
    db.session.rollback()
    row, secret = stage_upload(site.id, upload)
    answer = {"id": row.id, "secret": secret, "kind": row.kind, **_size_of(row.sizes[0])}
    db.session.commit()
    return answer


@blueprint.route("/reviews/media/<uuid:media_id>/<size>")
@open_to_any_origin
@blueprint.response(200, description="The photo or video", content_type="image/jpeg")
@blueprint.alt_response(206, description="The part of it that `Range` asks for", content_type="video/mp4")
def show_media(media_id: uuid.UUID, size: str) -> Response:
    """Return one size of a published review's photo, or its video."""
    file = get_published_file(current_published_site().id, media_id, size)
    return answer_file(request, file, MEDIA_CACHE)


def _size_of(size: dict[str, Any]) -> dict[str, int | None]:
    return {"width": size["width"], "height": size["height"]}
