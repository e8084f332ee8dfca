"""Taking an address: the lead, what it agreed to, and which mail follows.

One address of a site is one lead. Who asks again, for this campaign or another, gets mails, never somebody else's code:
nothing is shown in the page of what only the address's reader may know.
"""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from widget.core.db import db, find_in_site
from widget.core.page_addresses import strip_page_url
from widget.core.problems import FieldError, InvalidFields, flatten_messages
from widget.core.shopper_languages import choose_language
from widget.customers.models import Visitor
from widget.customers.rules import email_key
from widget.customers.suppressions import find_suppressed
from widget.popups.asking import find_answer, hash_request, note_request, require_few, take_address_turn
from widget.popups.codes import Given, give_code, give_code_if_left, offer_of, require_codes
from widget.popups.confirming import unsubscribe_lead
from widget.popups.consents import Agreed, add_consent, has_confirmed
from widget.popups.conversions import note_conversion
from widget.popups.emails import queue_confirmation, queue_welcome
from widget.popups.errors import LeadIdTaken
from widget.popups.lead_models import Lead
from widget.popups.profiles import find_profile_errors
from widget.popups.published import PublishedCampaign, find_consents
from widget.popups.texts import choose_ui
from widget.sites.models import Site


@dataclass(frozen=True)
class Sender:
    """Who sends an address: the browser, its network, and whether a program seems to."""

    visitor_id: uuid.UUID | None
    network: str
    is_suspicious: bool = False


@dataclass(frozen=True)
class Taken:
    """What an address was answered, and whether it was new."""

    answer: dict[str, Any]
    is_new: bool


def take_lead(site: Site, campaign: PublishedCampaign, said: Mapping[str, Any], sender: Sender, now: datetime) -> Taken:
    """Take an address once; raise InvalidFields, LeadIdTaken, TooManyRequests, PoolEmpty.

    1. Whoever seems to be a program is mailed once at most, and confirms by mail whatever the campaign says.
    2. A campaign with double opt-in mails the link that confirms; without, what it gives is shown and mailed.
    3. Who has unsubscribed is subscribed again only by the link in the mail.
    """
    key = email_key(said["email"])
    if key is None:
        raise InvalidFields(errors=[FieldError("#/email", "Must be an e-mail address.")])
    request_hash = hash_request(campaign.id, key, said["name"], said["profile"], said["consent"])
    hashes = take_address_turn(site.id, key, sender.network, said["id"])
    known = find_answer(site.id, said["id"], request_hash)
    if known is not None:
        return Taken(known, is_new=False)
    agreed = _read_agreed(site.id, campaign, said)
    lead = db.session.scalar(select(Lead).where(Lead.site_id == site.id, Lead.email_key == key))
    if lead is None and find_in_site(Lead, site.id, said["id"]) is not None:
        raise LeadIdTaken()
    require_few(site.id, hashes, now)
    if lead is not None and lead.state == "confirmed" and find_suppressed(site.id, [lead.email]):
        # Its mails were ended by a link of another room, which knows no leads.
        unsubscribe_lead(lead, now)
    was_known = lead is not None
    lead = _save(site.id, campaign, said, sender, key, lead, agreed, now)
    number = add_consent(lead, "given", agreed, now)
    if sender.is_suspicious and was_known:
        # Stored before, mailed before: a program gets the usual answer and nobody a second mail.
        given, state = None, "unconfirmed"
    else:
        given, state = _settle(site, campaign, lead, agreed, number, sender, was_known=was_known, now=now)
    answer = _describe(said["id"], state, given, agreed.language)
    note_request(site.id, said["id"], hashes, request_hash, answer, now)
    db.session.flush()
    return Taken(answer, is_new=True)


def _read_agreed(site_id: uuid.UUID, campaign: PublishedCampaign, said: Mapping[str, Any]) -> Agreed:
    """Return what was agreed to, word for word; raise InvalidFields for what the campaign does not ask or say."""
    errors = flatten_messages(find_profile_errors(campaign.fields, said["name"], said["profile"]))
    version = said["consent"]["version"]
    consents = find_consents(site_id, campaign, version)
    if consents is None:
        errors.append(FieldError("#/consent/version", "The campaign has no such version."))
    if errors or consents is None:
        raise InvalidFields(errors=errors)
    language = choose_language(said["language"] or "", campaign.default_language, consents)
    page_url = strip_page_url(said["page_url"]) if said["page_url"] else None
    return Agreed(consents[language], campaign.id, version, language, page_url)


def _save(
    site_id: uuid.UUID,
    campaign: PublishedCampaign,
    said: Mapping[str, Any],
    sender: Sender,
    key: str,
    lead: Lead | None,
    agreed: Agreed,
    now: datetime,
) -> Lead:
    """Store a lead, or what an unconfirmed one says now; a confirmed one is its reader's, and no page changes it."""
    visitor_id = sender.visitor_id
    if visitor_id is not None and find_in_site(Visitor, site_id, visitor_id) is None:
        visitor_id = None
    if lead is None:
        lead = Lead(site_id=site_id, id=said["id"], email_key=key, state="unconfirmed", created_at=now, fields={})
        db.session.add(lead)
    if lead.state == "unconfirmed":
        lead.email, lead.name, lead.fields = said["email"], said["name"] or None, dict(said["profile"])
        lead.source = "inline" if campaign.display == "inline" else "popup"
        lead.campaign_id, lead.language = campaign.id, agreed.language
        lead.visitor_id = visitor_id
        lead.arm = campaign.arm_of(visitor_id) if visitor_id else None
    db.session.flush()
    return lead


def _settle(
    site: Site,
    campaign: PublishedCampaign,
    lead: Lead,
    agreed: Agreed,
    number: int,
    sender: Sender,
    *,
    was_known: bool,
    now: datetime,
) -> tuple[Given | None, str]:
    """Queue the mail that follows; return the code that may be shown and the state that is told."""
    offer = offer_of(campaign)
    must_confirm = (
        campaign.is_double_opt_in
        or sender.is_suspicious
        or lead.state == "unsubscribed"
        or bool(find_suppressed(site.id, [lead.email]))
    )
    # Whoever has a code already is answered like the others too, where the answer is not for its reader alone.
    if must_confirm or lead.coupon_id is None:
        require_codes(site.id, offer)
    if must_confirm and has_confirmed(lead, agreed.text):
        # Told the same as a new address: only the mailbox says that it was there.
        queue_welcome(site, lead, offer, give_code_if_left(lead, offer, now), agreed.language)
        return None, "unconfirmed"
    if must_confirm:
        queue_confirmation(site, lead, agreed, number)
        return None, "unconfirmed"
    is_same_browser = sender.visitor_id is not None and lead.visitor_id == sender.visitor_id
    is_own = not was_known or lead.state == "unconfirmed" or is_same_browser
    lead.state = "confirmed"
    given = give_code(lead, offer, now)
    note_conversion(lead, campaign.id, now)
    queue_welcome(site, lead, offer, given, agreed.language)
    is_shown = given is not None and (is_own or offer.fixed_code is not None)
    return given if is_shown else None, "confirmed"


def _describe(lead_id: uuid.UUID, state: str, given: Given | None, language: str | None) -> dict[str, Any]:
    ui = choose_ui(language or "")
    answer: dict[str, Any] = {"id": str(lead_id), "state": state}
    answer["text"] = ui["check_text"] if state == "unconfirmed" else ui["mailed_text"]
    if given is not None and given.code is not None:
        answer |= {"text": ui["code"], "code": given.code}
        answer["expires_at"] = given.expires_at.isoformat() if given.expires_at else None
    return answer
