"""The store's door: reviews, what is decided of them, their products and settings. It cannot set "verified"."""

import uuid
from typing import Any

from flask import request

from widget.core.paging import Cursor
from widget.core.parsing import NothingIn, PageQuery
from widget.customers.queries import map_customers
from widget.reviews import answering, moderation, owner_queries
from widget.reviews.history import STORE, find_altered, list_events
from widget.reviews.models import Review
from widget.reviews.owner_filters import parse_filter
from widget.reviews.products import ProductIn, get_product, save_product
from widget.reviews.queries import get_review, read_settings
from widget.reviews.rules import RATINGS, average_rating
from widget.reviews.settings import ReviewSettingsIn, change_settings, describe_settings
from widget.reviews.store_schemas import (
    DocumentedReviewFilter,
    IncentiveIn,
    RejectionIn,
    ReplyIn,
    ReviewCountsOut,
    ReviewedProductOut,
    ReviewSettingsOut,
    ReviewWithHistoryOut,
    StoredReviewsOut,
)
from widget.sites.doors import current_site, store_blueprint

blueprint = store_blueprint("reviews", __name__, "Reviews of products, and what becomes of them")


@blueprint.route("/reviews")
@blueprint.arguments(DocumentedReviewFilter, location="query")
@blueprint.arguments(PageQuery, location="query")
@blueprint.response(200, StoredReviewsOut)
def list_reviews(_documented: dict[str, Any], page: dict[str, Any]) -> dict[str, Any]:
    """Return the reviews a filter selects, the last written first."""
    cursor = Cursor.decode(page["cursor"]) if "cursor" in page else None
    found = owner_queries.list_reviews(current_site().id, parse_filter(request.args), cursor, page["limit"])
    return {"items": _describe(*found.items), "next_cursor": found.next_cursor}


@blueprint.route("/reviews/counts")
@blueprint.response(200, ReviewCountsOut)
def show_counts() -> dict[str, Any]:
    """Return how many reviews were received, published and hidden, why, and at which rates.

    `is_suppressing`: reviews of few stars are published at a rate ten points below those of many.
    """
    counts = owner_queries.count_outcomes(current_site().id)
    rates = {side: {"published": shown, "decided": decided} for side, (shown, decided) in counts.rates.items()}
    return {**vars(counts), "rates": rates, "is_suppressing": counts.is_suppressing}


@blueprint.route("/reviews/settings")
@blueprint.response(200, ReviewSettingsOut)
def show_settings() -> dict[str, Any]:
    """Return how the site takes and shows reviews."""
    return describe_settings(read_settings(current_site().id))


@blueprint.route("/reviews/settings", methods=["PATCH"])
@blueprint.arguments(ReviewSettingsIn)
@blueprint.response(200, ReviewSettingsOut)
def patch_settings(changes: dict[str, Any]) -> dict[str, Any]:
    """Change some of the settings; store pages notice within a minute. No setting knows stars."""
    return describe_settings(change_settings(current_site().id, changes))


@blueprint.route("/reviews/products/<store_id:product_id>")
@blueprint.response(200, ReviewedProductOut)
def show_product(product_id: str) -> dict[str, Any]:
    """Return what is known of a product, and the summary of its published reviews."""
    return _describe_product(product_id)


@blueprint.route("/reviews/products/<store_id:product_id>", methods=["PUT"])
@blueprint.arguments(ProductIn)
@blueprint.response(200, ReviewedProductOut, description="It was known")
@blueprint.alt_response(201, schema=ReviewedProductOut, description="It is new")
def put_product(told: dict[str, Any], product_id: str) -> tuple[dict[str, Any], int]:
    """Tell of a product; what is left out stays as it is, null takes it away."""
    is_new = save_product(current_site().id, product_id, told)
    return _describe_product(product_id), 201 if is_new else 200


@blueprint.route("/reviews/<uuid:review_id>")
@blueprint.response(200, ReviewWithHistoryOut)
def show_review(review_id: uuid.UUID) -> dict[str, Any]:
    """Return one review with its whole history."""
    return _describe_whole(review_id)


@blueprint.route("/reviews/<uuid:review_id>/publication", methods=["POST"])
@blueprint.arguments(NothingIn)
@blueprint.response(200, ReviewWithHistoryOut)
def publish_review(_nothing: dict[str, Any], review_id: uuid.UUID) -> dict[str, Any]:
    """Show a review; one that is shown already stays as it is."""
    moderation.publish_review(current_site().id, review_id, STORE)
    return _describe_whole(review_id)


@blueprint.route("/reviews/<uuid:review_id>/rejection", methods=["POST"])
@blueprint.arguments(RejectionIn)
@blueprint.response(200, ReviewWithHistoryOut)
def reject_review(said: dict[str, Any], review_id: uuid.UUID) -> dict[str, Any]:
    """Hide a review for a reason, which the public counts name. That it is negative is none."""
    moderation.reject_review(current_site().id, review_id, STORE, said["reason"], said["note"])
    return _describe_whole(review_id)


@blueprint.route("/reviews/<uuid:review_id>/reply", methods=["POST"])
@blueprint.arguments(ReplyIn)
@blueprint.response(200, ReviewWithHistoryOut)
def post_reply(said: dict[str, Any], review_id: uuid.UUID) -> dict[str, Any]:
    """Answer a review in public, or change the answer."""
    site = current_site()
    author_name = said.get("author_name") or answering.name_of_store(site)
    answering.save_reply(site.id, review_id, STORE, said["body"], author_name)
    return _describe_whole(review_id)


@blueprint.route("/reviews/<uuid:review_id>/reply", methods=["DELETE"])
@blueprint.response(200, ReviewWithHistoryOut)
def delete_reply(review_id: uuid.UUID) -> dict[str, Any]:
    """Take the answer to a review away."""
    answering.remove_reply(current_site().id, review_id, STORE)
    return _describe_whole(review_id)


@blueprint.route("/reviews/<uuid:review_id>/incentive", methods=["POST"])
@blueprint.arguments(IncentiveIn)
@blueprint.response(200, ReviewWithHistoryOut)
def post_incentive(said: dict[str, Any], review_id: uuid.UUID) -> dict[str, Any]:
    """Say that the author was given something for the review; it is said wherever the review is shown, for good."""
    moderation.mark_incentivized(current_site().id, review_id, said["incentive"], STORE)
    return _describe_whole(review_id)


@blueprint.route("/reviews/<uuid:review_id>/feature", methods=["POST"])
@blueprint.arguments(NothingIn)
@blueprint.response(200, ReviewWithHistoryOut)
def feature_review(_nothing: dict[str, Any], review_id: uuid.UUID) -> dict[str, Any]:
    """Put a published review on the wall of testimonials."""
    moderation.feature_review(current_site().id, review_id, STORE)
    return _describe_whole(review_id)


@blueprint.route("/reviews/<uuid:review_id>/feature", methods=["DELETE"])
@blueprint.response(200, ReviewWithHistoryOut)
def unfeature_review(review_id: uuid.UUID) -> dict[str, Any]:
    """Take a review off the wall of testimonials."""
    moderation.feature_review(current_site().id, review_id, STORE, is_featured=False)
    return _describe_whole(review_id)


def _describe(*reviews: Review) -> list[dict[str, Any]]:
    site_id = current_site().id
    customers = map_customers(site_id, {review.customer_id for review in reviews if review.customer_id})
    replies = owner_queries.map_replies(site_id, [review.id for review in reviews])
    return [
        {
            **{column.key: getattr(review, column.key) for column in review.__table__.columns},
            "customer": customers[review.customer_id].external_id if review.customer_id else None,
            "reply": replies.get(review.id),
        }
        for review in reviews
    ]


def _describe_whole(review_id: uuid.UUID) -> dict[str, Any]:
    review = get_review(current_site().id, review_id)
    history = list_events(review.site_id, review.id)
    altered = find_altered(history)
    return {**_describe(review)[0], "history": history, "altered_at": altered.number if altered else None}


def _describe_product(product_id: str) -> dict[str, Any]:
    product = get_product(current_site().id, product_id)
    average = average_rating(product.rating_sum, product.reviews)
    return {
        **{column.key: getattr(product, column.key) for column in product.__table__.columns},
        "average": None if average is None else float(average),
        "stars": {str(stars): getattr(product, f"stars_{stars}") for stars in RATINGS},
    }
