"""The door behind an advocate's link: to the store's page, or to our own with the offer and a form to take it.

GET and HEAD write nothing, since messengers and mail scanners follow links; a visit is counted by a POST of the page.
"""

import uuid
from typing import Any

from flask import Response, redirect, render_template, request
from marshmallow import ValidationError

from widget.core.clock import utc_now
from widget.core.db import begin_writing, db
from widget.core.hot import hot_cursor
from widget.core.problems import Problem, TooManyRequests
from widget.core.rate_limits import require_within_limits
from widget.core.shopper_languages import RIGHT_TO_LEFT
from widget.referrals.claiming import Claim, claim_offer
from widget.referrals.marks import mark_claim, mark_request
from widget.referrals.overview import describe_friend
from widget.referrals.schemas import ClaimIn
from widget.referrals.shared_links import (
    SharedLink,
    describe_form,
    describe_offer,
    find_target,
    find_visitor,
    list_languages,
    open_link,
    read_claim_id,
)
from widget.referrals.texts import choose_ui
from widget.referrals.visits import note_click
from widget.sites.doors import public_blueprint
from widget.sites.link_frame import Refusal, add_link_headers, list_wanted_languages
from widget.sites.models import Site
from widget.sites.theme import build_theme

blueprint = public_blueprint("referrals", __name__)

CLICKS_A_MINUTE = 120
_claim_in = ClaimIn()
_POLICY = (
    "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; img-src 'self' data:;"
    " form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


@blueprint.after_request
def add_headers(response: Response) -> Response:
    """Keep the page to itself, and let its one script count the visit."""
    add_link_headers(response).headers["Content-Security-Policy"] = _POLICY
    return response


@blueprint.get("/r/<code>")
def show_offer(code: str) -> Any:
    """Lead to the store's page, or show the offer."""
    link = open_link(code, request.args.get("via"))
    target = find_target(link, request.args.get("to"))
    return redirect(target, 302) if target is not None else _show(link)


@blueprint.post("/r/<code>")
def take_claim(code: str) -> Any:
    """Keep a friend's claim, and show what it brings."""
    begin_writing()
    link = open_link(code, request.form.get("via"))
    claim_id = read_claim_id(link, request.form.get("token", ""))
    email = request.form.get("email", "")
    if claim_id is None:
        return _show(link, "not_sent", email), 400
    try:
        friend = _claim(link, claim_id, email)
    except ValidationError:
        return _show(link, "wrong_address", email), 422
    except TooManyRequests as problem:
        return _show(link, "too_often", email), problem.status, problem.headers
    except Problem as problem:
        db.session.rollback()
        return _show(open_link(code, link.channel), problem.slug, email), problem.status
    return _show(link, given=friend)


@blueprint.post("/r/<code>/visit")
def take_visit(code: str) -> Response:
    """Count that a browser followed the link, once for each that remembers."""
    link = open_link(code, request.form.get("via"))
    network = mark_request(link.site.id)
    require_within_limits({f"visits {network}": CLICKS_A_MINUTE})
    visitor_id = find_visitor(link, request.form.get("visitor", ""))
    if visitor_id is None:
        return Response(status=401)
    site_id, now = link.site.id, utc_now()
    with hot_cursor() as cursor:
        note_click(cursor, site_id, link.code, visitor_id, link.channel, network, now)
    return Response(status=204)


@blueprint.errorhandler(Refusal)
def show_refusal(refusal: Refusal) -> tuple[str, int]:
    """Say in the reader's language that a link is no longer good."""
    site = db.session.get(Site, refusal.site_id) if refusal.site_id else None
    return render_template("referrals/links/ended.html", **_frame(site)), refusal.status


def _claim(link: SharedLink, claim_id: uuid.UUID, email: str) -> dict[str, Any]:
    marks = mark_claim(link.site.id, find_visitor(link, request.form.get("visitor", "")))
    language, _others = list_languages(_wanted())
    said = _claim_in.load(
        {"id": str(claim_id), "code": link.code, "email": email.strip(), "channel": link.channel, "language": language}
    )
    referral, _is_new = claim_offer(link.site.id, Claim(**said, **marks), utc_now())
    friend = describe_friend(referral, language)
    db.session.commit()
    return friend


def _show(link: SharedLink, wrong: str = "", email: str = "", given: dict[str, Any] | None = None) -> str:
    offer = describe_offer(link, _wanted())
    shown = {"offer": offer, "link": link, "form": describe_form(link), "given": given}
    return render_template("referrals/links/landing.html", wrong=wrong, email=email, **shown, **_frame(link.site))


def _frame(site: Site | None) -> dict[str, Any]:
    language, others = list_languages(_wanted())
    content: dict[str, Any] = {"language": language, "dir": "rtl" if language in RIGHT_TO_LEFT else "ltr"}
    if site is not None:
        content["theme"] = build_theme(site.theme, site.key)
    return {"site": site, "content": content, "ui": choose_ui(language), "languages": others}


def _wanted() -> str:
    return ",".join(list_wanted_languages())
