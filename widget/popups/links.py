"""The doors behind the room's links: confirming an address, and ending its mails.

GET and HEAD change nothing, however often mail scanners fetch them; only a POST does.
"""

import uuid

from widget.core.clock import utc_now
from widget.core.db import db, find_in_site
from widget.core.problems import NotAuthenticated
from widget.core.tokens import read_link_token
from widget.popups.confirming import Request, confirm_lead, read_request, tell_confirmed, unsubscribe_lead
from widget.popups.emails import CONFIRM_PURPOSE, UNSUBSCRIBE_PURPOSE
from widget.popups.errors import LeadNotFound
from widget.popups.lead_models import Lead
from widget.popups.link_steps import show_confirmed, show_step
from widget.sites.doors import links_blueprint
from widget.sites.link_frame import Refusal, add_link_headers
from widget.sites.models import Site

blueprint = links_blueprint("popups", __name__)
blueprint.after_request(add_link_headers)


@blueprint.route("/c/<token>")
def show_confirmation(token: str) -> str:
    """Show what was agreed to, and ask whether it was the reader."""
    asked = _open_request(token)
    if asked.is_confirmed:
        return show_confirmed(asked.lead.site_id, asked.consent.language, tell_confirmed(asked, utc_now()))
    consent = asked.consent
    return show_step(asked.lead.site_id, consent.language, "confirm", consent=consent.text, button="confirm")


@blueprint.route("/c/<token>", methods=["POST"])
def take_confirmation(token: str) -> str:
    """Confirm the address, and show what it was left for."""
    asked = _open_request(token, is_writing=True)
    confirmed = confirm_lead(db.session.get_one(Site, asked.lead.site_id), asked, utc_now())
    return show_confirmed(asked.lead.site_id, asked.consent.language, confirmed)


@blueprint.route("/u/<token>")
def show_unsubscription(token: str) -> str:
    """Ask whether the mails to an address shall end."""
    lead = _open_lead(token)
    if lead.state == "unsubscribed":
        return show_step(lead.site_id, lead.language, "unsubscribed")
    return show_step(lead.site_id, lead.language, "unsubscribe", button="unsubscribe")


@blueprint.route("/u/<token>", methods=["POST"])
def take_unsubscription(token: str) -> str:
    """End the mails, for the reader's button and for the mail program's (RFC 8058)."""
    lead = _open_lead(token)
    unsubscribe_lead(lead, utc_now())
    return show_step(lead.site_id, lead.language, "unsubscribed")


@blueprint.errorhandler(Refusal)
def show_refusal(refusal: Refusal) -> tuple[str, int]:
    """Say politely, in the reader's language, why there is nothing to do."""
    return show_step(refusal.site_id, refusal.language, refusal.notice), refusal.status


def _open_request(token: str, *, is_writing: bool = False) -> Request:
    site_id, value = _read(CONFIRM_PURPOSE, token)
    lead_id, _, number = value.partition("-")
    try:
        asked = read_request(site_id, uuid.UUID(hex=lead_id), int(number), is_writing=is_writing)
    except (LeadNotFound, ValueError) as error:
        raise Refusal("unknown", 404) from error
    if asked.is_taken_back:
        raise Refusal("ended", 410, site_id, asked.consent.language)
    return asked


def _open_lead(token: str) -> Lead:
    site_id, value = _read(UNSUBSCRIBE_PURPOSE, token)
    lead = find_in_site(Lead, site_id, uuid.UUID(hex=value))
    if lead is None:
        raise Refusal("unknown", 404)
    return lead


def _read(purpose: str, token: str) -> tuple[uuid.UUID, str]:
    try:
        return read_link_token(purpose, token)
    except NotAuthenticated as error:
        raise Refusal("unknown", 404) from error
