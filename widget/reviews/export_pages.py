"""The owner's reviews as a file."""

from flask import Response, render_template, request, stream_with_context

from widget.core.clock import utc_now
from widget.core.downloads import answer_download
from widget.core.exporting import CONTENT_TYPES
from widget.core.problems import InvalidFields, NotFound
from widget.reviews.exports import stream_reviews
from widget.reviews.owner_filters import parse_filter
from widget.sites.doors import current_site, pages_blueprint

blueprint = pages_blueprint("review_exports", __name__)


@blueprint.route("/reviews/export.<file_format>")
def export_reviews(file_format: str) -> Response:
    """Stream the reviews a filter selects as a file."""
    if file_format not in CONTENT_TYPES:
        raise NotFound()
    wanted = parse_filter(request.args)
    chunks = stream_reviews(current_site(), wanted, file_format, bom=request.args.get("bom") == "1")
    return answer_download(stream_with_context(chunks), f"reviews-{utc_now():%Y-%m-%d}", file_format)


@blueprint.errorhandler(InvalidFields)
def show_bad_filter(problem: InvalidFields) -> tuple[str, int]:
    """Say what is wrong with a filter, and give no file of reviews that it would seem to select."""
    return render_template("reviews/bad_export_filter.html", problem=problem), problem.status
