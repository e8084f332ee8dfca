"""The doors behind the room's links: an author's own review, and the request to write one.

GET and HEAD change nothing, however often mail scanners fetch them; only a POST does.
"""

import uuid

from flask import request

from widget.core.clock import utc_now
from widget.core.db import find_in_site
from widget.core.problems import NotAuthenticated
from widget.core.tokens import read_link_token
from widget.reviews.emails import AUTHOR_PURPOSE, REQUEST_PURPOSE
from widget.reviews.link_steps import show_notice, show_own_review, show_request, take_own_review, take_request
from widget.reviews.models import Review
from widget.reviews.reader_models import ReviewRequest
from widget.sites.doors import links_blueprint
from widget.sites.link_frame import Refusal, add_link_headers

blueprint = links_blueprint("reviews", __name__)
blueprint.after_request(add_link_headers)


@blueprint.route("/v/<token>")
def show_author(token: str) -> tuple[str, int]:
    """Show an author their own review."""
    return show_own_review(_open_review(token))


@blueprint.route("/v/<token>", methods=["POST"])
def take_author(token: str) -> tuple[str, int]:
    """Confirm, change or take back a review."""
    return take_own_review(_open_review(token), request.form)


@blueprint.route("/w/<token>")
def show_asked(token: str) -> tuple[str, int]:
    """Show the form of a request; the address only chooses product and stars beforehand."""
    return show_request(_open_request(token))


@blueprint.route("/w/<token>", methods=["POST"])
def take_asked(token: str) -> tuple[str, int]:
    """Store the reviews of what was bought."""
    return take_request(_open_request(token), request.form)


@blueprint.errorhandler(Refusal)
def show_refusal(refusal: Refusal) -> tuple[str, int]:
    """Say politely, in the reader's language, why there is nothing to do."""
    return show_notice(refusal.notice, refusal.site_id, refusal.language), refusal.status


def _open_review(token: str) -> Review:
    site_id, review_id = _read(AUTHOR_PURPOSE, token)
    review = find_in_site(Review, site_id, review_id)
    if review is None:
        raise Refusal("unknown", 404)
    return review


def _open_request(token: str) -> ReviewRequest:
    site_id, request_id = _read(REQUEST_PURPOSE, token)
    asked = find_in_site(ReviewRequest, site_id, request_id)
    if asked is None:
        raise Refusal("unknown", 404)
    if asked.expires_at <= utc_now():
        raise Refusal("expired", 410, site_id, asked.language)
    return asked


def _read(purpose: str, token: str) -> tuple[uuid.UUID, uuid.UUID]:
    """Return the site and the row a link names; raise Refusal."""
    try:
        site_id, value = read_link_token(purpose, token)
        return site_id, uuid.UUID(hex=value)
    except (NotAuthenticated, ValueError) as error:
        raise Refusal("unknown", 404) from error
