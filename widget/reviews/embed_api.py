"""The shopper's door to what is published: lists with summaries, averages, and the forms search engines read."""

from typing import Any

import orjson
from flask import Response, request

from widget.core.ready_answers import keep_answer_to_query
from widget.core.static_files import CompressedBody
from widget.reviews.content import build_content
from widget.reviews.query_schemas import ReviewsQuery, SummariesQuery, make_wanted
from widget.reviews.reading import map_averages, read_page
from widget.reviews.stamps import take_stamp
from widget.reviews.texts import choose_texts_language, describe_average
from widget.sites.doors import embed_blueprint
from widget.sites.embed_guard import CORS_HEADERS, current_published_site, open_to_any_origin

# A browser asks each time whether what it has still stands: what is hidden is gone at once.
CACHE = "no-cache"
JSON = "application/json"

blueprint = embed_blueprint("reviews", __name__, "Reviews in a store page")


@blueprint.route("/reviews")
@open_to_any_origin
@blueprint.arguments(ReviewsQuery, location="query")
@blueprint.response(200, description="The summary and one page of the list")
def show_reviews(query: dict[str, Any]) -> Response:
    """Return a product's published reviews, without a product the featured ones of the site."""
    site, product_id, languages = current_published_site(), query["product"], query["lang"]
    wanted = make_wanted(query, request.args)
    # Before anything is read, so that what changes meanwhile is seen the next time.
    stamp = product_id and take_stamp(site, product_id, with_texts=languages is not None)
    page = read_page(site, product_id, wanted, query["sort"])
    document = page.document
    if languages is not None:
        document |= {"content": build_content(site, page.settings, languages)}
    body = CompressedBody(orjson.dumps(document), brotli_quality=5, gzip_level=6)
    # What nobody has reviewed is asked for by guesses too, which must not take the room of others.
    if stamp and page.facts:
        keep_answer_to_query(body, {**body.headers(JSON, CACHE), **CORS_HEADERS}, stamp.is_current)
    return body.answer(request, JSON, CACHE)


@blueprint.route("/reviews/summaries")
@open_to_any_origin
@blueprint.arguments(SummariesQuery, location="query")
@blueprint.response(200, description="How many reviews each product has, and their average")
def show_summaries(query: dict[str, Any]) -> Response:
    """Return the averages of several products at once, for the stars on their cards; with languages also as texts."""
    averages = map_averages(current_published_site().id, query["products"])
    if query["lang"] is not None:
        language = choose_texts_language(query["lang"])
        averages = {
            product_id: {**counted, "text": describe_average(counted["average"], counted["reviews"], language)}
            for product_id, counted in averages.items()
        }
    return CompressedBody(orjson.dumps(averages), brotli_quality=5).answer(request, JSON, CACHE)
