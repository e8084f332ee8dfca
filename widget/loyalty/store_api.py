"""The store's door to its customers' points and what they are redeemed for."""

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from flask import request

from widget.core.clock import utc_now
from widget.core.db import session_cursor
from widget.core.ids import new_id
from widget.core.paging import Cursor
from widget.core.parsing import NothingIn, load_body
from widget.coupons.queries import map_coupons
from widget.customers.queries import get_customer, map_customers
from widget.loyalty import queries
from widget.loyalty.accounts import adjust_points
from widget.loyalty.action_schemas import EarnedOut, EventActionIn
from widget.loyalty.coming import find_next_expiry
from widget.loyalty.earning import award_points
from widget.loyalty.errors import ActionNotOffered, NoProgram
from widget.loyalty.programs import find_current, get_live
from widget.loyalty.redeeming import redeem_reward
from widget.loyalty.reward_models import Redemption
from widget.loyalty.settling import cancel_redemption, commit_redemption
from widget.loyalty.standing import read_book, read_standing
from widget.loyalty.store_schemas import (
    AdjustmentIn,
    HistoryQuery,
    PointsOut,
    RedemptionIn,
    RedemptionOut,
    RedemptionsOut,
    RedemptionsQuery,
)
from widget.sites.doors import current_site, store_blueprint

blueprint = store_blueprint("loyalty", __name__, "Points, and what they are redeemed for")

STORE = "store"
_adjustment_in, _action_in, _redemption_in, _nothing_in = AdjustmentIn(), EventActionIn(), RedemptionIn(), NothingIn()


def _takes(schema: Any) -> dict[str, Any]:
    return {"required": True, "content": {"application/json": {"schema": schema}}}


@blueprint.route("/customers/<store_id:external_id>/points")
@blueprint.arguments(HistoryQuery, location="query")
@blueprint.response(200, PointsOut)
def show_points(query: dict[str, Any], external_id: str) -> dict[str, Any]:
    """Return a customer's points as they are now, and their history, each entry with why it has its number."""
    return _describe_points(external_id, query.get("cursor"), query["limit"])


@blueprint.route("/customers/<store_id:external_id>/points", methods=["POST"])
@blueprint.doc(requestBody=_takes(AdjustmentIn))
@blueprint.response(201, PointsOut)
def post_points(external_id: str) -> tuple[dict[str, Any], int]:
    """Give a customer points, or take some away, with a reason they can read; never more than they have.

    Send an `Idempotency-Key`, so that a repeat is the same adjustment.
    """
    site_id, customer = current_site().id, get_customer(current_site().id, external_id)
    said = load_body(_adjustment_in, request)
    if find_current(session_cursor(), site_id) is None:
        raise NoProgram()
    adjust_points(
        session_cursor(), site_id, customer.id, new_id(), said["points"], utc_now(), actor=STORE, reason=said["reason"]
    )
    return _describe_points(external_id), 201


@blueprint.route("/customers/<store_id:external_id>/points/actions", methods=["POST"])
@blueprint.doc(requestBody=_takes(EventActionIn))
@blueprint.response(200, EarnedOut, description="What it earned; 0 for what was told before, or beyond its limit")
def post_action(external_id: str) -> dict[str, Any]:
    """Give what the program gives for an event of the store's own, such as event.newsletter, once for each id."""
    site_id, customer = current_site().id, get_customer(current_site().id, external_id)
    said, now = load_body(_action_in, request), utc_now()
    cursor, action = session_cursor(), said["action"]
    if action not in get_live(cursor, site_id).actions:
        raise ActionNotOffered()
    points = award_points(cursor, site_id, customer.id, action, f"{customer.id}:{said['id']}", now, actor=STORE)
    return {"points": points, "balance": read_standing(cursor, site_id, customer.id, now).balance}


@blueprint.route("/redemptions", methods=["POST"])
@blueprint.doc(requestBody=_takes(RedemptionIn))
@blueprint.response(201, RedemptionOut, description="The points are spent and the code is issued, or they are held")
@blueprint.alt_response(200, schema=RedemptionOut, description="It was so already, by its id")
def post_redemption() -> tuple[dict[str, Any], int]:
    """Redeem a customer's points for a reward; with `hold_minutes` they are held until it is committed."""
    said, now = load_body(_redemption_in, request), utc_now()
    customer = get_customer(current_site().id, said["customer"])
    redeemed = redeem_reward(
        session_cursor(),
        current_site().id,
        customer.id,
        said.get("id") or new_id(),
        said["reward_id"],
        now,
        held_until=_add_minutes(now, said.get("hold_minutes")),
        actor=STORE,
    )
    return _describe_redemption(redeemed.id), 201 if redeemed.is_new else 200


@blueprint.route("/redemptions")
@blueprint.arguments(RedemptionsQuery, location="query")
@blueprint.response(200, RedemptionsOut)
def list_redemptions(query: dict[str, Any]) -> dict[str, Any]:
    """Return redemptions, newest first."""
    site_id = current_site().id
    cursor = Cursor.decode(query["cursor"]) if "cursor" in query else None
    page = queries.list_redemptions(site_id, query.get("customer"), query.get("state"), cursor, query["limit"])
    return {"items": _describe_redemptions(page.items), "next_cursor": page.next_cursor}


@blueprint.route("/redemptions/<uuid:redemption_id>")
@blueprint.response(200, RedemptionOut)
def show_redemption(redemption_id: uuid.UUID) -> dict[str, Any]:
    """Return one redemption with its code."""
    return _describe_redemption(redemption_id)


@blueprint.route("/redemptions/<uuid:redemption_id>/commit", methods=["POST"])
@blueprint.doc(requestBody=_takes(NothingIn))
@blueprint.response(200, RedemptionOut)
def post_commit(redemption_id: uuid.UUID) -> dict[str, Any]:
    """Spend what a redemption holds, and issue its code; a repeat answers the same."""
    load_body(_nothing_in, request)
    commit_redemption(session_cursor(), current_site().id, redemption_id, utc_now())
    return _describe_redemption(redemption_id)


@blueprint.route("/redemptions/<uuid:redemption_id>/cancellation", methods=["POST"])
@blueprint.doc(requestBody=_takes(NothingIn))
@blueprint.response(200, RedemptionOut)
def post_cancellation(redemption_id: uuid.UUID) -> dict[str, Any]:
    """Give the points of a redemption back, with the expiry they had, unless its code was used."""
    load_body(_nothing_in, request)
    cancel_redemption(session_cursor(), current_site().id, redemption_id, utc_now(), actor=STORE)
    return _describe_redemption(redemption_id)


def _add_minutes(now: datetime, minutes: int | None) -> datetime | None:
    return None if minutes is None else now + timedelta(minutes=minutes)


def _describe_points(external_id: str, before: int | None = None, limit: int = 50) -> dict[str, Any]:
    site_id, customer = current_site().id, get_customer(current_site().id, external_id)
    cursor, now = session_cursor(), utc_now()
    standing = read_standing(cursor, site_id, customer.id, now)
    account = queries.find_account(site_id, customer.id)
    entries, next_cursor = queries.list_entries(site_id, customer.id, before, limit)
    return {
        **vars(standing),
        "next_expiry": find_next_expiry(read_book(cursor, site_id, standing.customer_id, now)),
        "customer": customer.external_id,
        "joined_at": account and account.joined_at,
        "items": [queries.describe_entry(entry) for entry in entries],
        "next_cursor": next_cursor,
    }


def _describe_redemption(redemption_id: uuid.UUID) -> dict[str, Any]:
    (described,) = _describe_redemptions([queries.get_redemption(current_site().id, redemption_id)])
    return described


def _describe_redemptions(rows: Sequence[Redemption]) -> list[dict[str, Any]]:
    site_id = current_site().id
    customers = map_customers(site_id, {row.customer_id for row in rows})
    coupons = map_coupons(site_id, {row.coupon_id for row in rows if row.coupon_id})
    described = []
    for row in rows:
        coupon = coupons.get(row.coupon_id) if row.coupon_id else None
        columns = {column.key: getattr(row, column.key) for column in row.__table__.columns}
        of_code = {"code": coupon and coupon.code, "expires_at": coupon and coupon.expires_at}
        named = {"customer": customers[row.customer_id].external_id, "held_until": row.held_until_at}
        described.append({**columns, **of_code, **named})
    return described
