"""The shopper's door to the pictures of campaigns."""

import uuid

from flask import Response, request

from widget.core.file_answers import answer_file
from widget.popups.pictures import get_picture_file
from widget.sites.doors import embed_blueprint
from widget.sites.embed_guard import current_published_site, open_to_any_origin

# A picture never changes: another one has another id.
PICTURE_CACHE = "public, max-age=31536000, immutable"

blueprint = embed_blueprint("popup_pictures", __name__, "Pictures of campaigns")


@blueprint.route("/popups/pictures/<uuid:picture_id>")
@open_to_any_origin
@blueprint.response(200, description="The picture", content_type="image/jpeg")
@blueprint.alt_response(206, description="The part of it that `Range` asks for", content_type="image/jpeg")
def show_picture(picture_id: uuid.UUID) -> Response:
    """Return a picture of a campaign."""
    return answer_file(request, get_picture_file(current_published_site().id, picture_id), PICTURE_CACHE)
