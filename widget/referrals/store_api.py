"""The store's door to referrals: the program, its advocates, and what is decided of referrals that wait."""

import uuid
from collections.abc import Sequence
from typing import Any

from flask import current_app, request

from widget.core.clock import utc_now
from widget.core.paging import Cursor
from widget.core.parsing import PageQuery, load_body
from widget.customers.queries import get_customer, map_customers
from widget.referrals import program_service, queries
from widget.referrals.advocates import block_advocate
from widget.referrals.history import list_events
from widget.referrals.missing import unblock_advocate
from widget.referrals.models import Advocate, Referral
from widget.referrals.rewarding import pass_referral, refuse_referral
from widget.referrals.schemas import (
    AdvocateIn,
    AdvocateOut,
    AdvocatesOut,
    ReferralNoteIn,
    ReferralOut,
    ReferralProgramIn,
    ReferralProgramOut,
    ReferralsOut,
    ReferralsQuery,
)
from widget.referrals.sharing import link_of
from widget.sites.doors import current_site, store_blueprint

blueprint = store_blueprint("referrals", __name__, "Referrals: the program, advocates and their friends")

STORE = "store"
_note_in = ReferralNoteIn()
_NOTE = {"required": True, "content": {"application/json": {"schema": ReferralNoteIn}}}


@blueprint.route("/referral-program")
@blueprint.response(200, ReferralProgramOut)
def show_program() -> dict[str, Any]:
    """Return the program with the rules of its present version."""
    return _describe_program()


@blueprint.route("/referral-program", methods=["PUT"])
@blueprint.arguments(ReferralProgramIn)
@blueprint.response(200, ReferralProgramOut)
def put_program(document: dict[str, Any]) -> dict[str, Any]:
    """Make these the rules for claims from now on; the same rules again are no new version."""
    site, now = current_site(), utc_now()
    rules = program_service.check_rules(site, document["rules"], "#/rules")
    program_service.change_program(site, rules, now, actor=STORE)
    if "state" in document:
        program_service.set_state(site, document["state"], now)
    return _describe_program()


@blueprint.route("/referrals")
@blueprint.arguments(ReferralsQuery, location="query")
@blueprint.response(200, ReferralsOut)
def list_referrals(query: dict[str, Any]) -> dict[str, Any]:
    """Return referrals, the last claimed first."""
    site_id = current_site().id
    cursor = Cursor.decode(query["cursor"]) if "cursor" in query else None
    wanted = queries.ReferralFilter(query.get("state"), query.get("advocate"), query.get("channel"))
    page = queries.list_referrals(site_id, wanted, cursor, query["limit"])
    return {"items": _describe_referrals(page.items), "next_cursor": page.next_cursor}


@blueprint.route("/referrals/<uuid:referral_id>")
@blueprint.response(200, ReferralOut)
def show_referral(referral_id: uuid.UUID) -> dict[str, Any]:
    """Return one referral with every step of its history."""
    return _describe_referral(queries.get_referral(current_site().id, referral_id))


@blueprint.route("/referrals/<uuid:referral_id>/approval", methods=["POST"])
@blueprint.doc(requestBody=_NOTE)
@blueprint.response(200, ReferralOut)
def post_approval(referral_id: uuid.UUID) -> dict[str, Any]:
    """Let a referral pass that waits, or that was refused before; a repeat changes nothing."""
    note = load_body(_note_in, request)["note"]
    return _describe_referral(pass_referral(current_site().id, referral_id, utc_now(), actor=STORE, note=note))


@blueprint.route("/referrals/<uuid:referral_id>/rejection", methods=["POST"])
@blueprint.doc(requestBody=_NOTE)
@blueprint.response(200, ReferralOut)
def post_rejection(referral_id: uuid.UUID) -> dict[str, Any]:
    """Refuse a referral, or void it after the reward, which is taken back from both sides; a repeat changes nothing."""
    note = load_body(_note_in, request)["note"]
    return _describe_referral(refuse_referral(current_site().id, referral_id, utc_now(), actor=STORE, note=note))


@blueprint.route("/advocates")
@blueprint.arguments(PageQuery, location="query")
@blueprint.response(200, AdvocatesOut)
def list_advocates(page: dict[str, Any]) -> dict[str, Any]:
    """Return the advocates with what their links have come to, the newest first."""
    cursor = Cursor.decode(page["cursor"]) if "cursor" in page else None
    found = queries.list_advocates(current_site().id, cursor, page["limit"])
    return {"items": _describe_advocates(found.items), "next_cursor": found.next_cursor}


@blueprint.route("/advocates/<store_id:external_id>", methods=["PATCH"])
@blueprint.arguments(AdvocateIn)
@blueprint.response(200, AdvocateOut)
def patch_advocate(document: dict[str, Any], external_id: str) -> dict[str, Any]:
    """Block an advocate, who then earns nothing more and keeps what they have, or let them earn again."""
    site_id = current_site().id
    advocate = queries.get_advocate(site_id, get_customer(site_id, external_id).id)
    if document["is_blocked"]:
        block_advocate(advocate, utc_now())
    else:
        unblock_advocate(advocate, utc_now())
    return _describe_advocates([advocate])[0]


def _describe_program() -> dict[str, Any]:
    program = program_service.get_program(current_site().id)
    version = program_service.get_version(program)
    return {
        "state": program.state,
        "live_at": program.live_at,
        "version": version.version,
        "changed_at": version.created_at,
        "changed_by": version.actor,
        "rules": version.rules,
    }


def _describe_referral(referral: Referral) -> dict[str, Any]:
    return _describe_referrals([referral])[0] | {"events": list_events(referral.site_id, referral.id)}


def _describe_referrals(rows: Sequence[Referral]) -> list[dict[str, Any]]:
    ids = {row.advocate_id for row in rows} | {row.friend_id for row in rows if row.friend_id}
    customers = map_customers(current_site().id, ids)
    names = ("id", "state", "friend_email", "channel", "order_id", "flags", "claimed_at", "qualifies_at", "rewarded_at")
    return [
        {name: getattr(row, name) for name in names}
        | {
            "advocate": customers[row.advocate_id].external_id,
            "friend": customers[row.friend_id].external_id if row.friend_id else None,
        }
        for row in rows
    ]


def _describe_advocates(rows: Sequence[Advocate]) -> list[dict[str, Any]]:
    site_id, ids = current_site().id, [row.customer_id for row in rows]
    customers, stats = map_customers(site_id, ids), queries.map_stats(site_id, ids)
    return [
        {
            "customer": customers[row.customer_id].external_id,
            "name": customers[row.customer_id].name,
            "code": row.code,
            "link": link_of(current_app.config["BASE_URL"], row.code),
            "is_blocked": row.blocked_at is not None,
            "created_at": row.created_at,
            **vars(stats[row.customer_id]),
        }
        for row in rows
    ]
