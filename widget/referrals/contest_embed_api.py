"""The shopper's door to contests: what they are about, taking part, and how the winner was drawn."""

import uuid
from typing import Any

import orjson
from flask import Response, request

from widget.core.clock import utc_now
from widget.core.db import begin_writing, db, session_cursor
from widget.core.parsing import load_body
from widget.core.problems import NotAuthenticated
from widget.customers.tokens import read_bearer
from widget.loyalty.standing import find_survivor
from widget.referrals.contest_overview import describe_contest, describe_entry
from widget.referrals.contest_queries import get_contest
from widget.referrals.contest_schemas import ContestEntryIn, ContestEntryOut, ContestOut
from widget.referrals.contests import enter_contest
from widget.sites.doors import embed_blueprint
from widget.sites.embed_guard import current_published_site

blueprint = embed_blueprint("contests", __name__, "Contests")

_entry_in = ContestEntryIn()
_TAKES = {"required": True, "content": {"application/json": {"schema": ContestEntryIn}}}


@blueprint.route("/contests/<uuid:contest_id>")
@blueprint.response(200, ContestOut)
def show_contest(contest_id: uuid.UUID) -> Response:
    """Return a contest, with the customer's own entry; once drawn, all that is needed to draw again."""
    site_id = current_published_site().id
    session = read_bearer(site_id, request.headers.get("Authorization"))
    customer_id = find_survivor(session_cursor(), site_id, session.customer_id) if session else None
    return _answer(200, describe_contest(get_contest(site_id, contest_id), customer_id, utc_now()))


@blueprint.route("/contests/<uuid:contest_id>/entries", methods=["POST"])
@blueprint.doc(requestBody=_TAKES)
@blueprint.response(201, ContestEntryOut, description="It waits for the store to look at it")
@blueprint.alt_response(200, schema=ContestEntryOut, description="It was there before: the same entry again")
def post_entry(contest_id: uuid.UUID) -> Response:
    """Take the customer's entry: the address of their picture, one for each customer."""
    said, site_id = load_body(_entry_in, request), current_published_site().id
    session = read_bearer(site_id, request.headers.get("Authorization"))
    if session is None:
        raise NotAuthenticated("Send the customer's session token as: Authorization: Bearer ...")
    begin_writing()
    customer_id = find_survivor(session_cursor(), site_id, session.customer_id)
    entry, is_new = enter_contest(site_id, contest_id, customer_id, said["id"], said["link"], utc_now())
    document = describe_entry(entry)
    db.session.commit()
    return _answer(201 if is_new else 200, document)


def _answer(status: int, document: Any) -> Response:
    response = Response(orjson.dumps(document), status=status, content_type="application/json")
    response.headers["Cache-Control"] = "private, no-store"
    return response
