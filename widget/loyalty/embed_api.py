"""The shopper's door to points: what a customer has, can earn and can have, and redeeming."""

import uuid
from datetime import datetime
from typing import Any

import orjson
from flask import Response, request

from widget.core.clock import utc_now
from widget.core.db import session_cursor
from widget.core.hot import HotCursor, exchange, hot_cursor, hot_transaction
from widget.core.parsing import NothingIn, load_body
from widget.core.problems import NotAuthenticated
from widget.customers.tokens import Session, read_bearer
from widget.loyalty.accounts import join_program
from widget.loyalty.content import build_content
from widget.loyalty.errors import NoProgram
from widget.loyalty.history import build_history
from widget.loyalty.member_schemas import (
    LanguageQuery,
    MemberPointsOut,
    PointsHistoryQuery,
    PricePreviewOut,
    PricePreviewQuery,
    RedeemedOut,
    RedeemIn,
    read_price,
)
from widget.loyalty.offers import list_offers
from widget.loyalty.overview import build_overview
from widget.loyalty.price_preview import preview_price
from widget.loyalty.program import Program
from widget.loyalty.programs import find_current, get_live
from widget.loyalty.redeeming import Redeemed, redeem_reward
from widget.loyalty.redeeming_leanly import redeem_leanly
from widget.loyalty.standing import Standing, find_survivor, read_standing
from widget.loyalty.texts import Words, choose_texts_language
from widget.sites.doors import embed_blueprint
from widget.sites.embed_guard import current_published_site
from widget.sites.lean_door import PRIVATE, LeanRequest, LeanView, read_ids

blueprint = embed_blueprint("loyalty", __name__, "Points in a store page")

_REDEEMED = ("id", "reward_id", "points", "state", "code", "expires_at", "balance")

_nothing_in, _redeem_in = NothingIn(), RedeemIn()


@blueprint.route("/points")
@blueprint.response(200, MemberPointsOut)
def show_points() -> Response:
    """Return what the customer has, exact to the moment."""
    site_id, session = current_published_site().id, _require_session()
    with hot_cursor() as cursor:
        standing = read_standing(cursor, site_id, session.customer_id, utc_now())
    return _answer_privately(200, standing.describe())


@blueprint.route("/points/overview")
@blueprint.arguments(LanguageQuery, location="query")
@blueprint.response(200, description="What the element of points shows first")
def show_overview(query: dict[str, str]) -> Response:
    """Return what the customer has, can earn and can have; without a session how to take part."""
    site, now, cursor = current_published_site(), utc_now(), session_cursor()
    program, is_live = _find_program(cursor, site.id)
    words = Words(choose_texts_language(query["lang"]), program.names)
    standing = _find_standing(cursor, site.id, now)
    overview = build_overview(cursor, site.id, program, standing, words, now, is_live=is_live)
    return _answer_privately(200, overview | {"content": build_content(site, words)})


@blueprint.route("/points/history")
@blueprint.arguments(PointsHistoryQuery, location="query")
@blueprint.response(200, description="One page of the customer's history, newest first")
def show_history(query: dict[str, Any]) -> Response:
    """Return what changed the customer's points, each line with what explains it."""
    site_id, session, cursor = current_published_site().id, _require_session(), session_cursor()
    program, _is_live = _find_program(cursor, site_id)
    words = Words(choose_texts_language(query["lang"]), program.names)
    customer_id = find_survivor(cursor, site_id, session.customer_id)
    return _answer_privately(200, build_history(site_id, customer_id, program, words, query["cursor"]))


@blueprint.route("/points/membership", methods=["POST"])
@blueprint.doc(requestBody={"required": True, "content": {"application/json": {"schema": NothingIn}}})
@blueprint.response(201, MemberPointsOut, description="The customer has joined")
@blueprint.alt_response(200, schema=MemberPointsOut, description="They had joined before")
def post_membership() -> Response:
    """Let the customer join the program; a repeat changes nothing."""
    load_body(_nothing_in, request)
    site_id, session, now = current_published_site().id, _require_session(), utc_now()
    with hot_transaction() as cursor:
        get_live(cursor, site_id)
        is_new = join_program(cursor, site_id, find_survivor(cursor, site_id, session.customer_id), now)
        standing = read_standing(cursor, site_id, session.customer_id, now)
    return _answer_privately(201 if is_new else 200, standing.describe())


@blueprint.route("/points/preview")
@blueprint.arguments(PricePreviewQuery, location="query")
@blueprint.response(200, PricePreviewOut)
def show_preview(query: dict[str, Any]) -> Response:
    """Return what a price earns; with a session, with the customer's tier and campaigns."""
    site_id, now, cursor = current_published_site().id, utc_now(), session_cursor()
    price_minor = read_price(query)
    program, is_live = _find_program(cursor, site_id)
    if not is_live:
        raise NoProgram()
    standing = _find_standing(cursor, site_id, now)
    points = preview_price(site_id, program, standing, price_minor, query["currency"], query["product"], now)
    answer: dict[str, Any] = {"points": points}
    if query["lang"] is not None and points:
        words = Words(choose_texts_language(query["lang"]), program.names)
        answer["text"] = words.say("preview", points=words.points(points))
    return _answer_privately(200, answer)


@blueprint.route("/rewards")
@blueprint.arguments(LanguageQuery, location="query")
@blueprint.response(200, description="The rewards that are offered, those first that the customer can have now")
def show_rewards(query: dict[str, str]) -> Response:
    """Return the rewards with their prices, for the customer's tier where there is a session."""
    site_id, now, cursor = current_published_site().id, utc_now(), session_cursor()
    program, is_live = _find_program(cursor, site_id)
    words = Words(choose_texts_language(query["lang"]), program.names)
    standing = _find_standing(cursor, site_id, now)
    offers = list_offers(site_id, standing, words, now) if is_live else []
    return _answer_privately(200, {"rewards": offers})


@blueprint.route("/redemptions", methods=["POST"])
@blueprint.doc(requestBody={"required": True, "content": {"application/json": {"schema": RedeemIn}}})
@blueprint.response(201, RedeemedOut, description="The points are spent and the code is issued")
@blueprint.alt_response(200, schema=RedeemedOut, description="They were before: the same redemption again")
def post_redemption() -> Response:
    """Redeem a reward once: the same id and reward get the same code again."""
    said = load_body(_redeem_in, request)
    site_id, session = current_published_site().id, _require_session()
    with hot_transaction() as cursor:
        customer_id = find_survivor(cursor, site_id, session.customer_id)
        redeemed = redeem_reward(cursor, site_id, customer_id, said["id"], said["reward_id"], utc_now())
    return _answer_privately(201 if redeemed.is_new else 200, _describe(redeemed))


def _show_points_leanly(asked: LeanRequest) -> tuple[int, Any] | None:
    session = read_bearer(asked.site.id, asked.authorization)
    if session is None:
        return None
    with hot_cursor() as cursor:
        return 200, read_standing(cursor, asked.site.id, session.customer_id, utc_now()).describe()


def _post_redemption_leanly(asked: LeanRequest) -> tuple[int, Any] | None:
    session, ids = read_bearer(asked.site.id, asked.authorization), read_ids(asked.body, "id", "reward_id")
    if session is None or ids is None:
        return None
    who = (asked.site.id, session.customer_id)
    redeemed = exchange(lambda cursor: redeem_leanly(cursor, *who, ids["id"], ids["reward_id"], utc_now()))
    return (201, _describe(redeemed)) if redeemed else None


LEAN_VIEWS = (
    LeanView("GET", "points", "loyalty_embed.show_points", _show_points_leanly),
    LeanView("POST", "redemptions", "loyalty_embed.post_redemption", _post_redemption_leanly),
)


def _describe(redeemed: Redeemed) -> dict[str, Any]:
    return {name: getattr(redeemed, name) for name in _REDEEMED}


def _read_session() -> Session | None:
    return read_bearer(current_published_site().id, request.headers.get("Authorization"))


def _require_session() -> Session:
    session = _read_session()
    if session is None:
        raise NotAuthenticated("Send the customer's session token as: Authorization: Bearer ...")
    return session


def _find_standing(cursor: HotCursor, site_id: uuid.UUID, now: datetime) -> Standing | None:
    session = _read_session()
    return read_standing(cursor, site_id, session.customer_id, now) if session else None


def _find_program(cursor: HotCursor, site_id: uuid.UUID) -> tuple[Program, bool]:
    """Return the program and whether it is live; raise NoProgram for one that never was."""
    current = find_current(cursor, site_id)
    if current is None or current.state == "draft":
        raise NoProgram()
    return current.rules, current.is_live


def _answer_privately(status: int, document: Any) -> Response:
    response = Response(orjson.dumps(document), status=status, content_type="application/json")
    response.headers["Cache-Control"] = PRIVATE
    return response
