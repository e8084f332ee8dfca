"""The shopper's door to what the elements of reviews say."""

import orjson
from flask import Response

from widget.reviews.content import build_content
from widget.reviews.content_schemas import ReviewContentQuery
from widget.reviews.queries import read_settings
from widget.sites.doors import embed_blueprint
from widget.sites.embed_guard import current_published_site, open_to_any_origin

CONTENT_CACHE = "max-age=60, stale-while-revalidate=600"

blueprint = embed_blueprint("review_content", __name__, "The words of reviews in a store page")


@blueprint.route("/reviews/content")
@open_to_any_origin
@blueprint.arguments(ReviewContentQuery, location="query")
@blueprint.response(200, description="The words, the theme, what is asked, and how reviews come about")
def show_content(query: dict[str, str]) -> Response:
    """Return what the elements of reviews show beside the reviews, in the first of the wanted languages there is."""
    site = current_published_site()
    content = build_content(site, read_settings(site.id), query["lang"])
    response = Response(orjson.dumps(content), content_type="application/json")
    response.headers["Cache-Control"] = CONTENT_CACHE
    return response
