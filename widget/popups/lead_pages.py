"""The owner's pages of leads: who left an address, what they agreed to, and all of it as a file."""

import uuid
from collections.abc import Mapping

from flask import Response, render_template, request

from widget.core.clock import utc_now
from widget.core.downloads import answer_download, read_format
from widget.core.paging import Cursor
from widget.core.problems import FieldError, InvalidFields
from widget.coupons.queries import map_coupons
from widget.customers.queries import map_customers
from widget.popups import queries
from widget.popups.consents import list_consents
from widget.popups.exports import stream_leads
from widget.popups.lead_queries import LeadFilter, get_lead, list_leads
from widget.popups.rules import LEAD_STATES
from widget.sites.doors import current_site, pages_blueprint

LEADS_A_PAGE = 50
MAX_SEARCH_LENGTH = 320

blueprint = pages_blueprint("leads", __name__)


@blueprint.route("/popups/leads")
def show_leads() -> str:
    """Show the leads a filter means, newest first."""
    site_id, wanted = current_site().id, read_filter(request.args)
    cursor = request.args.get("cursor")
    return render_template(
        "popups/leads.html",
        page=list_leads(site_id, wanted, Cursor.decode(cursor) if cursor else None, LEADS_A_PAGE),
        query=query_of(wanted),
        is_continued=bool(cursor),
        campaigns=queries.list_campaigns(site_id, with_archived=True),
        states=LEAD_STATES,
    )


@blueprint.route("/popups/leads/<uuid:lead_id>")
def show_lead(lead_id: uuid.UUID) -> str:
    """Show one lead with every step of its consent, word for word."""
    site_id = current_site().id
    lead = get_lead(site_id, lead_id)
    coupons = map_coupons(site_id, [lead.coupon_id] if lead.coupon_id else [])
    customers = map_customers(site_id, [lead.customer_id] if lead.customer_id else [])
    return render_template(
        "popups/lead.html",
        lead=lead,
        consents=list_consents(lead),
        campaigns={one.id: one for one in queries.list_campaigns(site_id, with_archived=True)},
        coupon=next(iter(coupons.values()), None),
        customer=next(iter(customers.values()), None),
    )


@blueprint.route("/popups/leads/export")
def export_leads() -> Response:
    """Stream the leads a filter means as a file."""
    wanted, file_format = read_filter(request.args), read_format(request.args)
    chunks = stream_leads(current_site().id, file_format, bom=request.args.get("bom") == "1", wanted=wanted)
    return answer_download(chunks, f"leads-{utc_now():%Y-%m-%d}", file_format)


@blueprint.errorhandler(InvalidFields)
def show_bad_filter(problem: InvalidFields) -> tuple[str, int]:
    """Say what is wrong with a filter, and show nobody whom it would seem to mean."""
    return render_template("popups/bad_filter.html", problem=problem), problem.status


def read_filter(given: Mapping[str, str]) -> LeadFilter:
    """Return which leads an address means; raise InvalidFields."""
    state, campaign, email = (given.get(name, "").strip() for name in ("state", "campaign", "email"))
    if state and state not in LEAD_STATES:
        raise InvalidFields(errors=[FieldError("#/state", f"Must be one of: {', '.join(LEAD_STATES)}.")])
    if "\x00" in email or len(email) > MAX_SEARCH_LENGTH:
        words = f"Must be at most {MAX_SEARCH_LENGTH} characters, none of them NUL."
        raise InvalidFields(errors=[FieldError("#/email", words)])
    try:
        campaign_id = uuid.UUID(campaign) if campaign else None
    except ValueError as error:
        raise InvalidFields(errors=[FieldError("#/campaign", "Must be a UUID.")]) from error
    return LeadFilter(state or None, campaign_id, email_part=email or None)


def query_of(wanted: LeadFilter) -> dict[str, str]:
    """Return a filter as the query of an address."""
    named = {"state": wanted.state, "campaign": wanted.campaign_id, "email": wanted.email_part}
    return {name: str(value) for name, value in named.items() if value}
