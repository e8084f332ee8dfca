"""The shopper's door to writing: one's own review of a product, and what readers do with others'."""

import uuid
from typing import Any

import orjson
from flask import Response, current_app, request
from marshmallow import EXCLUDE

from widget.core.db import begin_writing, db
from widget.core.parsing import NothingIn, load_body, load_document
from widget.core.problems import FieldError, InvalidFields, NotAuthenticated
from widget.core.rate_limits import address_prefix, require_within_limits
from widget.customers.tokens import Session, read_bearer, read_visitor_token
from widget.reviews.confirming import ask_to_confirm
from widget.reviews.media import list_media
from widget.reviews.media_urls import describe_media
from widget.reviews.models import Review
from widget.reviews.readers import Reader, report, vote
from widget.reviews.schemas import (
    EditIn,
    OwnReviewOut,
    ProductQuery,
    ReportIn,
    ReportOut,
    ReviewIn,
    VoteIn,
    VoteOut,
)
from widget.reviews.service import edit_review, withdraw_review, write_review
from widget.reviews.spam import BURST_REVIEWS
from widget.reviews.writers import Author, find_customers_review, identify_customer
from widget.sites.doors import embed_blueprint
from widget.sites.embed_guard import VISITOR_HEADER, current_published_site
from widget.sites.models import Site

blueprint = embed_blueprint("reviews_writing", __name__, "Writing reviews in a store page")

_review_in, _edit_in, _nothing_in, _vote_in, _report_in = ReviewIn(), EditIn(), NothingIn(), VoteIn(), ReportIn()
_product_query = ProductQuery(unknown=EXCLUDE)
_PRODUCT = {"type": "string", **_product_query.fields["product"].metadata}


@blueprint.route("/reviews", methods=["POST"])
@blueprint.doc(
    requestBody={"required": True, "content": {"application/json": {"schema": ReviewIn}}},
    parameters=[{"in": "query", "name": "product", "required": True, "schema": _PRODUCT}],
)
@blueprint.response(201, OwnReviewOut, description="The review is stored")
@blueprint.alt_response(200, schema=OwnReviewOut, description="It was stored before")
def post_review() -> Response:
    """Store a review once: a customer's by the session token, else one that its e-mail address must confirm."""
    site_id = current_published_site().id
    said = load_body(_review_in, request)
    product_id = load_document(_product_query, request.args.to_dict())["product"]
    session, email = _read_session(), said.pop("email")
    if session is None and email is None:
        raise InvalidFields(errors=[FieldError("#/email", "Without a session token an e-mail address is needed.")])
    network = address_prefix(request.remote_addr)
    is_burst = session is None and _count_reviews(network) > BURST_REVIEWS
    begin_writing()
    author = identify_customer(site_id, session.customer_id) if session else Author(email=email, is_proven=False)
    written = write_review(site_id, product_id, said, author, is_burst=is_burst)
    if written.is_new and session is None and email is not None:
        ask_to_confirm(db.session.get_one(Site, site_id), written.review, email, network)
    return _commit_and_answer(201 if written.is_new else 200, _describe(written.review))


@blueprint.route("/reviews/mine")
@blueprint.arguments(ProductQuery, location="query")
@blueprint.response(200, description="The customer's review of the product, or null")
def show_own(query: dict[str, str]) -> Response:
    """Return the customer's own review of a product, whatever became of it; null without one."""
    session = _require_session()
    review = find_customers_review(current_published_site().id, query["product"], session.customer_id)
    response = _answer_json(200, _describe(review) if review else None)
    response.headers["Cache-Control"] = "private, no-store"
    return response


@blueprint.route("/reviews/<uuid:review_id>/edits", methods=["POST"])
@blueprint.doc(requestBody={"required": True, "content": {"application/json": {"schema": EditIn}}})
@blueprint.response(201, OwnReviewOut, description="The change is stored")
@blueprint.alt_response(200, schema=OwnReviewOut, description="It was stored before")
def post_edit(review_id: uuid.UUID) -> Response:
    """Change the customer's own review; what was there before stays in its history."""
    said = load_body(_edit_in, request)
    session = _require_session()
    begin_writing()
    site_id = current_published_site().id
    written = edit_review(site_id, review_id, said, identify_customer(site_id, session.customer_id))
    return _commit_and_answer(201 if written.is_new else 200, _describe(written.review))


@blueprint.route("/reviews/<uuid:review_id>/withdrawal", methods=["POST"])
@blueprint.doc(requestBody={"required": True, "content": {"application/json": {"schema": NothingIn}}})
@blueprint.response(200, OwnReviewOut)
def post_withdrawal(review_id: uuid.UUID) -> Response:
    """Take back the customer's own review; an edit brings it back."""
    load_body(_nothing_in, request)
    session = _require_session()
    begin_writing()
    site_id = current_published_site().id
    review = withdraw_review(site_id, review_id, identify_customer(site_id, session.customer_id))
    return _commit_and_answer(200, _describe(review))


@blueprint.route("/reviews/<uuid:review_id>/votes", methods=["POST"])
@blueprint.doc(requestBody={"required": True, "content": {"application/json": {"schema": VoteIn}}})
@blueprint.response(200, VoteOut)
def post_vote(review_id: uuid.UUID) -> Response:
    """Say that a review is helpful, or take that back: one vote a reader."""
    is_helpful = load_body(_vote_in, request)["helpful"]
    session, visitor_id = _require_reader()
    begin_writing()
    site_id = current_published_site().id
    helpful, voted = vote(site_id, review_id, _identify_reader(session, visitor_id), is_helpful=is_helpful)
    return _commit_and_answer(200, {"helpful": helpful, "voted": voted})


@blueprint.route("/reviews/<uuid:review_id>/reports", methods=["POST"])
@blueprint.doc(requestBody={"required": True, "content": {"application/json": {"schema": ReportIn}}})
@blueprint.response(200, ReportOut)
def post_report(review_id: uuid.UUID) -> Response:
    """Tell the store that a review should not be there: once a reader; the store decides."""
    said = load_body(_report_in, request)
    session, visitor_id = _require_reader()
    begin_writing()
    report(current_published_site().id, review_id, _identify_reader(session, visitor_id), **said)
    return _commit_and_answer(200, {"reported": True})


def _read_session() -> Session | None:
    return read_bearer(current_published_site().id, request.headers.get("Authorization"))


def _require_session() -> Session:
    session = _read_session()
    if session is None:
        raise NotAuthenticated("Send the customer's session token as: Authorization: Bearer ...")
    return session


def _require_reader() -> tuple[Session | None, uuid.UUID]:
    session, token = _read_session(), request.headers.get(VISITOR_HEADER)
    if session is not None:
        return session, session.visitor_id
    if not token:
        raise NotAuthenticated(f"Get a visitor token from .../sessions, and send it as {VISITOR_HEADER}.")
    return None, read_visitor_token(current_published_site().id, token)


def _identify_reader(session: Session | None, visitor_id: uuid.UUID) -> Reader:
    if session is None:
        return Reader(None, visitor_id)
    return Reader(identify_customer(current_published_site().id, session.customer_id).customer_id, visitor_id)


def _count_reviews(network: str) -> int:
    key = f"reviews {current_published_site().key} {network}"
    return require_within_limits({key: current_app.config["PREFIX_LIMIT"]})[0]


def _describe(review: Review) -> dict[str, Any]:
    """Return a review as its author sees it."""
    values = {name: getattr(review, name) for name in ("id", "state", "hold_reason", "reject_reason", "rating")}
    values |= {name: getattr(review, name) for name in ("title", "body", "language", "attributes", "revision")}
    media = list_media(review.site_id, [review.id])[review.id]
    return values | {
        "product": review.product_id,
        "verified": review.verified_by,
        "incentivized": review.is_incentivized,
        "name": review.author_name,
        "media": describe_media(current_published_site().key, media),
        "written_at": review.written_at,
        "edited_at": review.edited_at,
    }


def _commit_and_answer(status: int, document: Any) -> Response:
    db.session.commit()
    return _answer_json(status, document)


def _answer_json(status: int, document: Any) -> Response:
    return Response(orjson.dumps(document), status=status, content_type="application/json")
