"""The shopper's door: a campaign's content, what was shown of it, and the addresses left."""

import uuid
from typing import Any

import orjson
from flask import Response, current_app, request

from widget.core.clock import utc_now
from widget.core.db import begin_writing, db
from widget.core.hot import hot_transaction
from widget.core.parsing import load_body, load_json
from widget.core.problems import NotAuthenticated
from widget.core.rate_limits import address_prefix
from widget.customers.tokens import read_bearer, read_visitor_token
from widget.popups.assignment import HOLDOUT
from widget.popups.content import build_content
from widget.popups.errors import CampaignEnded, CampaignNotFound
from widget.popups.impression_reading import read_impressions
from widget.popups.impressions import record_impressions
from widget.popups.leads import Sender, take_lead
from widget.popups.published import get_published_campaign, list_published_campaigns
from widget.popups.rules import FORM_GOALS, is_from_country, is_suspicious
from widget.popups.schemas import ContentQuery, LeadIn, LeadOut, PopupImpressionsIn, PopupImpressionsOut
from widget.sites.doors import embed_blueprint
from widget.sites.embed_guard import VISITOR_HEADER, current_published_site, open_to_any_origin
from widget.sites.models import Site

blueprint = embed_blueprint("popups", __name__, "Popups in a store page, and the addresses left in them")

# What an inline element asks for, which does not compute the arm by itself.
OWN_ARM = "own"

_lead_in = LeadIn()


@blueprint.route("/popups/<uuid:campaign_id>")
@open_to_any_origin
@blueprint.arguments(ContentQuery, location="query")
@blueprint.response(200, description="The campaign's texts, form and theme")
def show_content(query: dict[str, Any], campaign_id: uuid.UUID) -> Response:
    """Return what a campaign's element shows, in the first of the wanted languages that there is.

    Of a campaign for some countries `due` is false where the visitor is in another. An inline one is `divided` where
    not everybody sees the same: `arm=own` is what this visitor sees; to the hold-out group nothing is told but that.
    """
    site = current_published_site()
    campaign = get_published_campaign(site, campaign_id)
    if campaign.display == "inline" and campaign.state != "live":
        # A popup that is paused may be open already; a form that stands in the page would come anew with each page.
        raise CampaignNotFound()
    visitor_id = _find_visitor(site.id) if query["arm"] == OWN_ARM else None
    arm = campaign.arm_of(visitor_id) if visitor_id else query["arm"]
    if visitor_id and arm == HOLDOUT:
        return _answer_own({"id": str(campaign_id), "arm": arm})
    content = build_content(site, campaign, query["lang"], arm)
    if query["arm"] == OWN_ARM:
        # Also where nobody is known: the address is the same as for those who are.
        return _answer_own(content)
    if campaign.rules.get("countries"):
        content["due"] = is_from_country(campaign.rules["countries"], _read_country())
    response = _answer_json(200, content)
    # What depends on who asks is for that browser alone.
    scope = "private, max-age=60" if "due" in content else "max-age=60, stale-while-revalidate=600"
    response.headers["Cache-Control"] = scope
    return response


@blueprint.route("/popups/impressions", methods=["POST"])
@blueprint.doc(requestBody={"required": True, "content": {"application/json": {"schema": PopupImpressionsIn}}})
@blueprint.response(200, PopupImpressionsOut)
def post_impressions() -> Response:
    """Note that campaigns were shown, dismissed, or withheld from the hold-out group; repeats change nothing."""
    site = current_published_site()
    impressions = read_impressions(load_json(request))
    visitor_id = _read_visitor(site.id)
    if visitor_id is None:
        raise NotAuthenticated(f"Get a visitor token from .../sessions, and send it as {VISITOR_HEADER}.")
    campaigns = list_published_campaigns(site)
    with hot_transaction() as cursor:
        stored = record_impressions(cursor, site.id, campaigns, visitor_id, impressions, _read_country(), utc_now())
    return _answer_json(200, {"stored": stored})


@blueprint.route("/leads", methods=["POST"])
@blueprint.doc(requestBody={"required": True, "content": {"application/json": {"schema": LeadIn}}})
@blueprint.response(201, LeadOut, description="The address is stored")
@blueprint.alt_response(200, schema=LeadOut, description="It was stored before")
def post_lead() -> Response:
    """Take an address with its consent once: the same id and body get the same answer again.

    Where the campaign has a double opt-in, what it gives comes by mail once the address is confirmed. Nobody learns
    here whether an address was known.
    """
    site = current_published_site()
    said = load_body(_lead_in, request)
    campaign = get_published_campaign(site, said["campaign"])
    if campaign.state != "live" or campaign.goal not in FORM_GOALS:
        raise CampaignEnded()
    sender = Sender(
        visitor_id=_read_visitor(site.id),
        network=address_prefix(request.remote_addr),
        is_suspicious=is_suspicious(said["elapsed_ms"], is_trap_filled=bool(said["website"])),
    )
    begin_writing()
    taken = take_lead(db.session.get_one(Site, site.id), campaign, said, sender, utc_now())
    db.session.commit()
    return _answer_json(201 if taken.is_new else 200, taken.answer)


def _find_visitor(site_id: uuid.UUID) -> uuid.UUID | None:
    """Return who asks, None also where the token is no longer good: a form that stands in a page shows itself."""
    try:
        return _read_visitor(site_id)
    except NotAuthenticated:
        return None


def _read_visitor(site_id: uuid.UUID) -> uuid.UUID | None:
    session = read_bearer(site_id, request.headers.get("Authorization"))
    if session is not None:
        return session.visitor_id
    token = request.headers.get(VISITOR_HEADER)
    return read_visitor_token(site_id, token) if token else None


def _read_country() -> str | None:
    return request.headers.get(current_app.config["COUNTRY_HEADER"])


def _answer_own(content: Any) -> Response:
    response = _answer_json(200, content)
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _answer_json(status: int, document: Any) -> Response:
    # In one order, also where the database put the names of a kept answer into another.
    body = orjson.dumps(document, option=orjson.OPT_SORT_KEYS)
    return Response(body, status=status, content_type="application/json")
