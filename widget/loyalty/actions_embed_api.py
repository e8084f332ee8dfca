"""The shopper's door to points for what the store cannot see, such as following it elsewhere."""

import uuid
from typing import Any

from flask import request

from widget.core.clock import utc_now
from widget.core.hot import hot_cursor, hot_transaction
from widget.core.parsing import load_body
from widget.core.problems import NotAuthenticated
from widget.customers.tokens import read_bearer
from widget.loyalty.action_schemas import EarnedOut, SocialActionIn
from widget.loyalty.earning import award_points
from widget.loyalty.errors import ActionNotOffered
from widget.loyalty.programs import get_live
from widget.loyalty.standing import read_standing
from widget.sites.doors import embed_blueprint
from widget.sites.embed_guard import current_published_site

blueprint = embed_blueprint("loyalty_actions", __name__, "Points for what shoppers do")

_action_in = SocialActionIn()


@blueprint.route("/points/actions", methods=["POST"])
@blueprint.doc(requestBody={"required": True, "content": {"application/json": {"schema": SocialActionIn}}})
@blueprint.response(200, EarnedOut, description="What it earned; 0 where it was said before")
def post_action() -> dict[str, Any]:
    """Take a customer's word that they shared or followed: once for each action, and nobody can check it."""
    action = load_body(_action_in, request)["action"]
    site_id, customer_id = current_published_site().id, _require_customer()
    with hot_cursor() as cursor:
        if action not in get_live(cursor, site_id).actions:
            raise ActionNotOffered()
    now = utc_now()
    with hot_transaction() as cursor:
        points = award_points(cursor, site_id, customer_id, action, str(customer_id), now, actor="customer")
        return {"points": points, "balance": read_standing(cursor, site_id, customer_id, now).balance}


def _require_customer() -> uuid.UUID:
    session = read_bearer(current_published_site().id, request.headers.get("Authorization"))
    if session is None:
        raise NotAuthenticated("Sign the customer in, and send the session token.")
    return session.customer_id
