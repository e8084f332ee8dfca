"""Photos and videos as owners see them: also of reviews that wait or are hidden."""

import uuid

from flask import Response, request

from widget.core.file_answers import answer_file
from widget.reviews.media_queries import get_submitted_file
from widget.sites.doors import current_site, pages_blueprint

OWNER_CACHE = "private, max-age=600"

blueprint = pages_blueprint("review_media", __name__, reading="viewer", writing="editor")


@blueprint.route("/reviews/media/<uuid:media_id>/<size>")
def show_media(media_id: uuid.UUID, size: str) -> Response:
    """Return one size of a photo, or a video, of any review of the site."""
    return answer_file(request, get_submitted_file(current_site().id, media_id, size), OWNER_CACHE)
