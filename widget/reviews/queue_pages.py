"""The owner's queue of reviews: the list, decisions over many at once, and undoing the last one."""

import uuid
from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response as BaseResponse

from widget.core.formats import format_number
from widget.core.paging import Cursor
from widget.core.problems import FieldError, InvalidFields
from widget.reviews import moderation, owner_queries, owner_words
from widget.reviews.bulk import Outcome, decide_many
from widget.reviews.media import list_media
from widget.reviews.models import Review
from widget.reviews.owner_filters import UNCONFIRMED, OwnerFilter
from widget.reviews.owner_forms import (
    CHOSEN,
    back_to_queue,
    describe_place,
    flash_refusals,
    flash_steps,
    is_from_queue,
    read_ids,
    read_place,
    read_steps,
)
from widget.sites.audit import note_action
from widget.sites.doors import current_site, pages_blueprint
from widget.sites.web import current_owner

blueprint = pages_blueprint("reviews", __name__)

REVIEWS_A_PAGE = 25


@blueprint.route("/reviews")
def show_queue() -> str:
    """Show the reviews a tab and a filter select, the last written first."""
    site, place = current_site(), read_place(request.args)
    cursor = Cursor.decode(place.cursor) if place.cursor else None
    page = owner_queries.list_reviews(site.id, place.wanted, cursor, REVIEWS_A_PAGE)
    ids = [review.id for review in page.items]
    counts = owner_queries.count_outcomes(site.id)
    return render_template(
        "reviews/queue.html",
        page=page,
        place=place,
        **describe_place(place),
        counts=counts,
        shown=owner_queries.count_selected(site.id, place.wanted),
        unconfirmed=owner_queries.count_selected(site.id, OwnerFilter(state=UNCONFIRMED)),
        products=owner_queries.map_products(site.id, {review.product_id for review in page.items}),
        media=list_media(site.id, ids),
        replies=owner_queries.map_replies(site.id, ids),
        words=owner_words,
    )


@blueprint.route("/reviews/decisions", methods=["POST"])
def decide() -> BaseResponse:
    """Take one step with every chosen review, and say of each what became of it."""
    site, actor = current_site(), current_owner().email
    choice = request.form.get("do", "")
    reason, note = request.form.get("reason", ""), request.form.get("note")
    steps: dict[str, Callable[[uuid.UUID], moderation.Step]] = {
        "publish": lambda review_id: moderation.publish_review(site.id, review_id, actor),
        "hide": lambda review_id: moderation.reject_review(site.id, review_id, actor, reason, note),
        "feature": lambda review_id: moderation.feature_review(site.id, review_id, actor),
    }
    if choice not in steps:
        raise InvalidFields(errors=[FieldError("#/do", f"Must be one of: {', '.join(steps)}.")])
    outcomes = decide_many(site.id, read_ids(CHOSEN), steps[choice])
    done = [outcome.step for outcome in outcomes if outcome.step and outcome.is_done]
    if done:
        more = {"reason": reason} if choice == "hide" else {}
        note_action(f"reviews.{done[0].kind}", format_number(len(done)), **more)
        flash_steps(_say_done(choice, len(done)), done)
    elif not any(outcome.refusal for outcome in outcomes):
        flash(_("Nothing has changed."))
    flash_refusals(outcomes, _map_titles(site.id, outcomes))
    return back_to_queue()


@blueprint.route("/reviews/undo", methods=["POST"])
def undo() -> BaseResponse:
    """Lead reviews back to what they were before the last step."""
    site, actor = current_site(), current_owner().email
    numbers = read_steps()
    outcomes = decide_many(
        site.id,
        list(numbers),
        lambda review_id: moderation.undo_step(site.id, review_id, numbers[review_id], actor),
    )
    done = [outcome.step for outcome in outcomes if outcome.step and outcome.is_done]
    if done:
        note_action("reviews.undone", format_number(len(done)))
        count = len(done)
        words = ngettext(
            "%(number)s review is as it was before.",
            "%(number)s reviews are as they were before.",
            count,
            number=format_number(count),
        )
        flash(words)
    flash_refusals(outcomes, _map_titles(site.id, outcomes))
    if not is_from_queue() and len(numbers) == 1:
        return redirect(url_for("review_pages.show_review", review_id=next(iter(numbers))))
    return back_to_queue()


@blueprint.errorhandler(InvalidFields)
def show_refusal(problem: InvalidFields) -> tuple[str, int]:
    """Say what is wrong with a filter or a choice; nothing is shown or changed."""
    return render_template("reviews/refused.html", errors=problem.errors), problem.status


def _say_done(choice: str, count: int) -> str:
    said = {"number": format_number(count)}
    if choice == "hide":
        return str(ngettext("%(number)s review is hidden.", "%(number)s reviews are hidden.", count, **said))
    if choice == "feature":
        return str(ngettext("%(number)s review is on the wall.", "%(number)s reviews are on the wall.", count, **said))
    return str(ngettext("%(number)s review is published.", "%(number)s reviews are published.", count, **said))


def _map_titles(site_id: uuid.UUID, outcomes: list[Outcome]) -> dict[uuid.UUID, str]:
    refused = [outcome.review_id for outcome in outcomes if outcome.refusal]
    return {review.id: _name(review) for review in owner_queries.list_named(site_id, refused)}


def _name(review: Review) -> Any:
    who = review.author_name or _("Somebody")
    return _("“%(title)s” by %(author)s", title=review.title, author=who) if review.title else who
