"""The store's door to invitations: links for one person each, and what became of them."""

import uuid
from typing import Any

from flask import request

from widget.core.clock import utc_now
from widget.core.paging import Cursor
from widget.core.parsing import PageQuery, load_body
from widget.customers.queries import map_customers
from widget.invitations.models import SurveyInvitation
from widget.invitations.schemas import (
    InvitationIn,
    InvitationsIn,
    InvitationsOut,
    InvitedBatchOut,
    InvitedOut,
)
from widget.invitations.service import Guest, Invited, invite, list_invitations, state_of
from widget.sites.doors import current_site, store_blueprint
from widget.surveys.queries import get_survey

blueprint = store_blueprint("invitations", __name__, "Invitations to answer a survey by a link")

_invitation_in = InvitationIn()
_invitations_in = InvitationsIn()


@blueprint.route("/surveys/<uuid:survey_id>/invitations", methods=["POST"])
@blueprint.doc(requestBody={"required": True, "content": {"application/json": {"schema": InvitationIn}}})
@blueprint.response(201, InvitedOut)
def post_invitation(survey_id: uuid.UUID) -> dict[str, Any]:
    """Invite one person: the link works once, until its end."""
    survey = get_survey(current_site().id, survey_id)
    guest: Guest = load_body(_invitation_in, request)
    return _describe_invited(invite(current_site(), survey, [guest])[0])


@blueprint.route("/surveys/<uuid:survey_id>/invitations/batch", methods=["POST"])
@blueprint.doc(requestBody={"required": True, "content": {"application/json": {"schema": InvitationsIn}}})
@blueprint.response(201, InvitedBatchOut)
def post_invitations(survey_id: uuid.UUID) -> dict[str, Any]:
    """Invite up to a hundred people at once: all of them or, where one is wrong, none."""
    survey = get_survey(current_site().id, survey_id)
    guests: list[Guest] = load_body(_invitations_in, request)["invitations"]
    invited = invite(current_site(), survey, guests, pointer="#/invitations/{place}")
    return {"items": [_describe_invited(one) for one in invited]}


@blueprint.route("/surveys/<uuid:survey_id>/invitations")
@blueprint.arguments(PageQuery, location="query")
@blueprint.response(200, InvitationsOut)
def show_invitations(page: dict[str, Any], survey_id: uuid.UUID) -> dict[str, Any]:
    """Return a survey's invitations, newest first, without their links."""
    survey = get_survey(current_site().id, survey_id)
    cursor = Cursor.decode(page["cursor"]) if "cursor" in page else None
    found = list_invitations(survey, cursor, page["limit"])
    customers = map_customers(survey.site_id, {row.customer_id for row in found.items if row.customer_id})
    external_ids = {customer_id: customer.external_id for customer_id, customer in customers.items()}
    return {
        "items": [_describe_invitation(row, external_ids) for row in found.items],
        "next_cursor": found.next_cursor,
    }


def _describe_invited(invited: Invited) -> dict[str, Any]:
    return {
        "id": invited.invitation.id,
        "url": invited.url,
        "scale_urls": invited.scale_urls,
        "expires_at": invited.invitation.expires_at,
        "mail": invited.mail,
    }


def _describe_invitation(row: SurveyInvitation, external_ids: dict[uuid.UUID, str | None]) -> dict[str, Any]:
    return {
        "id": row.id,
        "state": state_of(row, utc_now()),
        "customer": external_ids.get(row.customer_id) if row.customer_id else None,
        "email": row.email,
        "language": row.language,
        "hidden": row.hidden,
        "created_at": row.created_at,
        "expires_at": row.expires_at,
        "answered_at": row.used_at,
        "response_id": row.response_id,
    }
