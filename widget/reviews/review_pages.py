"""One review whole, as its owner sees it, and the forms that decide of it."""

import uuid
from collections.abc import Mapping
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from widget.core.db import db, find_in_site
from widget.core.problems import InvalidFields
from widget.customers.queries import map_customers
from widget.orders.models import Order
from widget.reviews import answering, moderation, owner_queries, owner_words
from widget.reviews.errors import ReviewStepRefused
from widget.reviews.history import find_altered, list_events
from widget.reviews.media import list_media
from widget.reviews.models import Review
from widget.reviews.owner_forms import back_to_queue, flash_steps, is_from_queue
from widget.reviews.queries import find_author_email, find_product, find_reply, get_review, read_settings
from widget.sites.audit import note_action
from widget.sites.doors import current_site, pages_blueprint
from widget.sites.web import current_owner

blueprint = pages_blueprint("review", __name__)


@blueprint.route("/reviews/<uuid:review_id>")
def show_review(review_id: uuid.UUID) -> str:
    """Show everything there is of one review."""
    return _render(get_review(current_site().id, review_id))


@blueprint.route("/reviews/<uuid:review_id>/publication", methods=["POST"])
def publish(review_id: uuid.UUID) -> BaseResponse:
    """Show the review."""
    return _done(moderation.publish_review(*_who(review_id)), _("The review is published."))


@blueprint.route("/reviews/<uuid:review_id>/rejection", methods=["POST"])
def reject(review_id: uuid.UUID) -> BaseResponse:
    """Hide the review for a reason."""
    reason = request.form.get("reason", "")
    step = moderation.reject_review(*_who(review_id), reason, request.form.get("note"))
    return _done(step, _("The review is hidden: %(reason)s.", reason=owner_words.name_reason(reason)), reason=reason)


@blueprint.route("/reviews/<uuid:review_id>/hold", methods=["POST"])
def hold(review_id: uuid.UUID) -> BaseResponse:
    """Take the review back into the queue."""
    return _done(moderation.hold_review(*_who(review_id)), _("The review waits, and is shown nowhere."))


@blueprint.route("/reviews/<uuid:review_id>/feature", methods=["POST"])
def feature(review_id: uuid.UUID) -> BaseResponse:
    """Put the review on the wall, or take it off."""
    is_featured = request.form.get("on") == "1"
    step = moderation.feature_review(*_who(review_id), is_featured=is_featured)
    return _done(step, _("The review is on the wall.") if is_featured else _("The review is off the wall."))


@blueprint.route("/reviews/<uuid:review_id>/reply", methods=["POST"])
def reply(review_id: uuid.UUID) -> BaseResponse:
    """Answer the review in public, or change the answer."""
    author_name = request.form.get("author_name", "").strip() or answering.name_of_store(current_site())
    step = answering.save_reply(*_who(review_id), request.form.get("body", ""), author_name)
    return _done(step, _("The answer is saved."))


@blueprint.route("/reviews/<uuid:review_id>/reply/delete", methods=["POST"])
def remove_reply(review_id: uuid.UUID) -> BaseResponse:
    """Take the answer away."""
    return _done(answering.remove_reply(*_who(review_id)), _("The answer is taken away."))


@blueprint.route("/reviews/<uuid:review_id>/edit-request", methods=["POST"])
def request_edit(review_id: uuid.UUID) -> BaseResponse:
    """Ask the author by mail to change the review."""
    step = answering.request_edit(current_site(), review_id, current_owner().email, request.form.get("note"))
    return _done(step, _("The author is asked by mail."))


@blueprint.route("/reviews/<uuid:review_id>/incentive", methods=["POST"])
def mark_incentivized(review_id: uuid.UUID) -> BaseResponse:
    """Say that the author was given something."""
    site_id, _review_id, actor = _who(review_id)
    step = moderation.mark_incentivized(site_id, review_id, request.form.get("incentive"), actor)
    return _done(step, _("The review says everywhere that something was given for it."))


@blueprint.route("/reviews/<uuid:review_id>/reports/settled", methods=["POST"])
def settle_reports(review_id: uuid.UUID) -> BaseResponse:
    """Say that somebody has looked at what readers reported."""
    return _done(moderation.settle_reports(*_who(review_id)), _("The reports are settled."))


@blueprint.errorhandler(InvalidFields)
def show_invalid(problem: InvalidFields) -> tuple[str, int]:
    """Say at the form what is wrong with it, with what was typed."""
    db.session.rollback()
    review = get_review(current_site().id, (request.view_args or {})["review_id"])
    return _render(review, errors=problem.errors, typed=request.form), problem.status


@blueprint.errorhandler(ReviewStepRefused)
def show_refusal(problem: ReviewStepRefused) -> tuple[str, int]:
    """Say why nothing was done."""
    db.session.rollback()
    review = get_review(current_site().id, (request.view_args or {})["review_id"])
    return _render(review, refusal=problem.detail or problem.title), problem.status


def _who(review_id: uuid.UUID) -> tuple[uuid.UUID, uuid.UUID, str]:
    return current_site().id, review_id, current_owner().email


def _done(step: moderation.Step, words: str, **details: str) -> BaseResponse:
    """Note what was done, say it with a way back, and lead back to where the form stood."""
    if step.number is None:
        flash(_("Nothing has changed."))
    else:
        review = step.review
        note_action(f"review.{step.kind}", review.title or review.product_id, review=str(review.id), **details)
        flash_steps(words, [step])
    if is_from_queue():
        return back_to_queue()
    return redirect(url_for("review_pages.show_review", review_id=step.review.id))


def _render(review: Review, **more: Any) -> str:
    history = list_events(review.site_id, review.id)
    customers = map_customers(review.site_id, [review.customer_id] if review.customer_id else [])
    order_id = review.verified_order_id
    shown: Mapping[str, Any] = {"errors": [], "typed": {}, "refusal": "", **more}
    return render_template(
        "reviews/review.html",
        review=review,
        product=find_product(review.site_id, review.product_id),
        reply=find_reply(review),
        media=list_media(review.site_id, [review.id])[review.id],
        customer=customers.get(review.customer_id) if review.customer_id else None,
        order=find_in_site(Order, review.site_id, order_id) if order_id else None,
        email=find_author_email(review),
        reports=owner_queries.list_reports(review),
        history=history,
        altered=find_altered(history),
        settings=read_settings(review.site_id),
        words=owner_words,
        **shown,
    )
