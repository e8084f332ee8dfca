"""The shopper's door to referrals: an advocate's link and what came of it, and a friend's claim."""

import uuid
from typing import Any

import orjson
from flask import Response, current_app, request

from widget.core.clock import utc_now
from widget.core.db import begin_writing, db, session_cursor
from widget.core.hot import hot_cursor, hot_transaction
from widget.core.parsing import NothingIn, load_body
from widget.core.problems import NotAuthenticated
from widget.customers.tokens import read_bearer, read_visitor_token
from widget.loyalty.standing import find_survivor
from widget.referrals.advocates import enrol_advocate
from widget.referrals.claiming import Claim, claim_offer
from widget.referrals.content import add_content
from widget.referrals.errors import NoReferralProgram
from widget.referrals.marks import mark_claim, mark_request
from widget.referrals.overview import SHOWN_STATES, build_overview, describe_friend
from widget.referrals.schemas import AdvocateCodeOut, ClaimIn, ClaimOut, ClickIn, LanguageQuery, ShareIn
from widget.referrals.sharing import link_of
from widget.referrals.visits import note_click, note_share
from widget.sites.doors import embed_blueprint
from widget.sites.embed_guard import VISITOR_HEADER, current_published_site

blueprint = embed_blueprint("referrals", __name__, "Bringing friends")

_nothing_in, _share_in, _click_in, _claim_in = NothingIn(), ShareIn(), ClickIn(), ClaimIn()


def _takes(schema: Any) -> dict[str, Any]:
    return {"required": True, "content": {"application/json": {"schema": schema}}}


@blueprint.route("/referral")
@blueprint.arguments(LanguageQuery, location="query")
@blueprint.response(200, description="What the element of referrals shows")
def show_referral(query: dict[str, str]) -> Response:
    """Return the offer; with a session, the customer's link and what came of it too."""
    site, cursor = current_published_site(), session_cursor()
    site_id = site.id
    session = read_bearer(site_id, request.headers.get("Authorization"))
    customer_id = find_survivor(cursor, site_id, session.customer_id) if session else None
    overview = build_overview(site_id, customer_id, query["lang"], current_app.config["BASE_URL"])
    return _answer(200, add_content(site, overview))


@blueprint.route("/referral/code", methods=["POST"])
@blueprint.doc(requestBody=_takes(NothingIn))
@blueprint.response(200, AdvocateCodeOut)
def post_code() -> Response:
    """Return the customer's code, made where they have none; a repeat is the same."""
    load_body(_nothing_in, request)
    site_id, customer_id = current_published_site().id, _require_customer()
    with hot_transaction() as cursor:
        code = enrol_advocate(cursor, site_id, customer_id, utc_now(), network=mark_request(site_id))
    if code is None:
        raise NoReferralProgram()
    return _answer(200, {"code": code, "link": link_of(current_app.config["BASE_URL"], code)})


@blueprint.route("/referral/shares", methods=["POST"])
@blueprint.doc(requestBody=_takes(ShareIn))
@blueprint.response(204)
def post_share() -> Response:
    """Count that the customer used a way of sharing."""
    said = load_body(_share_in, request)
    site_id, customer_id, now = current_published_site().id, _require_customer(), utc_now()
    with hot_transaction() as cursor:
        if enrol_advocate(cursor, site_id, customer_id, now, network=mark_request(site_id)) is None:
            raise NoReferralProgram()
        note_share(cursor, site_id, find_survivor(cursor, site_id, customer_id), said["channel"], now)
    return Response(status=204)


@blueprint.route("/referral/clicks", methods=["POST"])
@blueprint.doc(requestBody=_takes(ClickIn))
@blueprint.response(204)
def post_click() -> Response:
    """Count that a visitor followed an advocate's link, once for each; without a visitor token nothing is kept."""
    said = load_body(_click_in, request)
    site_id, visitor_id = current_published_site().id, _read_visitor()
    if visitor_id is not None:
        network, now = mark_request(site_id), utc_now()
        with hot_cursor() as cursor:
            note_click(cursor, site_id, said["code"], visitor_id, said["channel"], network, now)
    return Response(status=204)


@blueprint.route("/referrals", methods=["POST"])
@blueprint.doc(requestBody=_takes(ClaimIn))
@blueprint.response(201, ClaimOut, description="The claim is kept, whatever becomes of this browser")
@blueprint.alt_response(200, schema=ClaimOut, description="It was before: the same claim again")
def post_claim() -> Response:
    """Keep a friend's claim, with the coupon it brings."""
    said = load_body(_claim_in, request)
    site_id = current_published_site().id
    marks = mark_claim(site_id, _read_visitor())
    begin_writing()
    referral, is_new = claim_offer(site_id, Claim(**said, **marks), utc_now())
    friend = describe_friend(referral, said["language"] or "")
    state = "claimed" if referral.state == "held" else SHOWN_STATES[referral.state]
    document = {"id": referral.id, "state": state, "friend": friend}
    db.session.commit()
    return _answer(201 if is_new else 200, document)


def _require_customer() -> uuid.UUID:
    session = read_bearer(current_published_site().id, request.headers.get("Authorization"))
    if session is None:
        raise NotAuthenticated("Send the customer's session token as: Authorization: Bearer ...")
    return session.customer_id


def _read_visitor() -> uuid.UUID | None:
    token = request.headers.get(VISITOR_HEADER)
    return read_visitor_token(current_published_site().id, token) if token else None


def _answer(status: int, document: Any) -> Response:
    response = Response(orjson.dumps(document), status=status, content_type="application/json")
    response.headers["Cache-Control"] = "private, no-store"
    return response
