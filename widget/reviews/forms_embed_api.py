"""The shopper's door to reviews as other forms: HTML and JSON-LD for the store's own pages, feeds for its channels."""

from collections.abc import Callable, Iterator
from typing import Any

from flask import Response, request, stream_with_context

from widget.core.rate_limits import address_prefix, require_within_limits
from widget.core.static_files import CompressedBody
from widget.reviews import google_feed, meta_feed
from widget.reviews.query_schemas import RenderedQuery
from widget.reviews.rendered import read_structured_data, render_reviews
from widget.sites.doors import embed_blueprint
from widget.sites.embed_guard import current_published_site, open_to_any_origin
from widget.sites.queries import PublishedSite, get_site

CACHE = "no-cache"
# A feed reads every review of a site; who fetches it does so once a day.
FEEDS_A_MINUTE = 10

blueprint = embed_blueprint("review_forms", __name__, "Reviews for a store's own pages and for feeds")


@blueprint.route("/reviews.html")
@open_to_any_origin
@blueprint.arguments(RenderedQuery, location="query")
@blueprint.response(200, description="The summary and the first page as HTML", content_type="text/html")
def show_html(query: dict[str, Any]) -> Response:
    """Return a section of HTML that a store's server puts into its page of the product."""
    html = render_reviews(current_published_site(), query["product"], query["lang"])
    return CompressedBody(html.encode(), brotli_quality=5).answer(request, "text/html; charset=utf-8", CACHE)


@blueprint.route("/reviews/jsonld")
@open_to_any_origin
@blueprint.arguments(RenderedQuery, location="query")
@blueprint.response(200, description="A schema.org Product, or {}", content_type="application/ld+json")
def show_structured_data(query: dict[str, Any]) -> Response:
    """Return what search engines read of a product, safe inside a script element."""
    text = read_structured_data(current_published_site(), query["product"])
    return CompressedBody(text.encode(), brotli_quality=5).answer(request, "application/ld+json", CACHE)


@blueprint.route("/reviews/feeds/google.xml")
@open_to_any_origin
@blueprint.response(200, description="Google's product ratings feed, version 2.4", content_type="application/xml")
def show_google_feed() -> Response:
    """Return every published review for Google Merchant Center."""
    return _answer_feed(google_feed.stream_google_feed, google_feed.CONTENT_TYPE)


@blueprint.route("/reviews/feeds/meta.csv")
@open_to_any_origin
@blueprint.response(200, description="Meta's reviews feed", content_type="text/csv")
def show_meta_feed() -> Response:
    """Return every published review for Meta's shops."""
    return _answer_feed(meta_feed.stream_meta_feed, meta_feed.CONTENT_TYPE)


def _answer_feed(stream: Callable[[PublishedSite, str], Iterator[bytes]], content_type: str) -> Response:
    site = current_published_site()
    require_within_limits({f"feed {site.key} {address_prefix(request.remote_addr)}": FEEDS_A_MINUTE})
    return Response(stream_with_context(stream(site, get_site(site.id).name)), content_type=content_type)
