"""The store's door: campaigns, and the addresses they brought with their consents."""

import uuid
from collections.abc import Sequence
from typing import Any

from widget.core.clock import utc_now
from widget.core.paging import Cursor
from widget.core.parsing import NothingIn, PageQuery
from widget.popups import lead_queries, queries, service
from widget.popups.confirming import unsubscribe_lead
from widget.popups.consents import list_consents
from widget.popups.lead_models import Lead
from widget.popups.store_schemas import (
    CampaignChanges,
    CampaignIn,
    CampaignOut,
    CampaignsOut,
    LeadsOut,
    LeadsQuery,
    LeadWithConsentsOut,
    StoredLeadOut,
    describe,
    describe_consent,
    describe_lead,
)
from widget.sites.doors import current_site, store_blueprint

blueprint = store_blueprint("popups", __name__, "Popup campaigns, and the addresses left in them")


@blueprint.route("/popup-campaigns")
@blueprint.arguments(PageQuery, location="query")
@blueprint.response(200, CampaignsOut)
def list_campaigns(page: dict[str, Any]) -> dict[str, Any]:
    """Return the site's campaigns, newest first, archived ones too."""
    found = queries.list_campaigns_page(current_site().id, _read_cursor(page), page["limit"])
    return {"items": [describe(campaign) for campaign in found.items], "next_cursor": found.next_cursor}


@blueprint.route("/popup-campaigns", methods=["POST"])
@blueprint.arguments(CampaignIn)
@blueprint.response(201, CampaignOut)
def post_campaign(document: dict[str, Any]) -> dict[str, Any]:
    """Make a campaign; it is a draft unless its state says that it is live."""
    state = document.pop("state")
    campaign = service.create_campaign(current_site(), document)
    if state != "draft":
        service.set_state(current_site(), campaign, state)
    return describe(campaign)


@blueprint.route("/popup-campaigns/<uuid:campaign_id>")
@blueprint.response(200, CampaignOut)
def show_campaign(campaign_id: uuid.UUID) -> dict[str, Any]:
    """Return one campaign."""
    return describe(queries.get_campaign(current_site().id, campaign_id))


@blueprint.route("/popup-campaigns/<uuid:campaign_id>", methods=["PATCH"])
@blueprint.arguments(CampaignChanges)
@blueprint.response(200, CampaignOut)
def patch_campaign(changes: dict[str, Any], campaign_id: uuid.UUID) -> dict[str, Any]:
    """Change a campaign; store pages notice within a minute. `state` publishes, pauses or archives it.

    The shares of variants and of the hold-out group stay once visitors were divided by them.
    """
    campaign = queries.get_campaign(current_site().id, campaign_id)
    state = changes.pop("state", None)
    if changes:
        service.change_campaign(current_site(), campaign, changes)
    if state is not None:
        service.set_state(current_site(), campaign, state)
    return describe(campaign)


@blueprint.route("/leads")
@blueprint.arguments(LeadsQuery, location="query")
@blueprint.response(200, LeadsOut)
def list_leads(query: dict[str, Any]) -> dict[str, Any]:
    """Return the addresses left in campaigns, newest first."""
    found = lead_queries.list_leads(current_site().id, query["chosen"], _read_cursor(query), query["limit"])
    return {"items": _describe_leads(found.items), "next_cursor": found.next_cursor}


@blueprint.route("/leads/<uuid:lead_id>")
@blueprint.response(200, LeadWithConsentsOut)
def show_lead(lead_id: uuid.UUID) -> dict[str, Any]:
    """Return one lead with what it agreed to, word for word."""
    lead = lead_queries.get_lead(current_site().id, lead_id)
    (described,) = _describe_leads([lead])
    return {**described, "consents": [describe_consent(step) for step in list_consents(lead)]}


@blueprint.route("/leads/<uuid:lead_id>/unsubscription", methods=["POST"])
@blueprint.arguments(NothingIn)
@blueprint.response(200, StoredLeadOut)
def post_unsubscription(_nothing: dict[str, Any], lead_id: uuid.UUID) -> dict[str, Any]:
    """Note that the reader of an address wants no more mails, as told elsewhere; a repeat changes nothing."""
    lead = lead_queries.get_lead(current_site().id, lead_id)
    unsubscribe_lead(lead, utc_now())
    return _describe_leads([lead])[0]


def _read_cursor(page: dict[str, Any]) -> Cursor | None:
    return Cursor.decode(page["cursor"]) if "cursor" in page else None


def _describe_leads(leads: Sequence[Lead]) -> list[dict[str, Any]]:
    site_id = current_site().id
    customers, codes = lead_queries.map_external_ids(site_id, leads), lead_queries.map_codes(site_id, leads)
    return [
        describe_lead(
            lead,
            customers.get(lead.customer_id) if lead.customer_id else None,
            codes.get(lead.coupon_id) if lead.coupon_id else None,
        )
        for lead in leads
    ]
