"""What the reader of an address decides by the links in its mails, and what time does to those nobody confirmed."""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, exists, select

from widget.core.db import db, find_in_site
from widget.customers.suppressions import hash_address, lift_suppression, suppress_address
from widget.popups.asking import take_address_turn
from widget.popups.codes import Given, Offer, give_code_if_left, offer_of
from widget.popups.consents import Agreed, add_consent, has_confirmed, list_consents
from widget.popups.conversions import note_conversion
from widget.popups.emails import queue_welcome
from widget.popups.errors import LeadNotFound
from widget.popups.joining import join_confirmed
from widget.popups.lead_models import Lead, LeadConsent
from widget.popups.models import Campaign
from widget.sites.models import Site

KEPT_UNCONFIRMED = timedelta(days=30)
PURGED_AT_ONCE = 500


@dataclass(frozen=True)
class Request:
    """What a link to confirm is about: a lead, the consent it was sent for, and whether that was taken back since."""

    lead: Lead
    consent: LeadConsent
    is_confirmed: bool
    is_taken_back: bool


@dataclass(frozen=True)
class Confirmed:
    """What a confirmed address gets."""

    offer: Offer | None
    given: Given | None


def read_request(site_id: uuid.UUID, lead_id: uuid.UUID, consent_number: int, *, is_writing: bool = False) -> Request:
    """Return what a link to confirm is about, for a writer as it stays until they have written; raise LeadNotFound."""
    lead = find_in_site(Lead, site_id, lead_id)
    if lead is None:
        raise LeadNotFound()
    if is_writing:
        take_address_turn(site_id, lead.email_key)
        db.session.refresh(lead, with_for_update=True)
    steps = list_consents(lead)
    consent = next((step for step in steps if step.number == consent_number and step.kind == "given"), None)
    if consent is None:
        raise LeadNotFound()
    later = {step.kind for step in steps if step.number > consent_number}
    return Request(lead, consent, has_confirmed(lead, consent.text), is_taken_back="withdrawn" in later)


def confirm_lead(site: Site, asked: Request, now: datetime) -> Confirmed:
    """Confirm an address, of a request read for writing, with everything that follows; a repeat changes nothing.

    1. The consent is confirmed; an earlier end of its mails counts no more.
    2. It gets what the campaign gives, and the welcome mail with it.
    3. It joins the customer whose address it is.
    """
    lead, consent = asked.lead, asked.consent
    if asked.is_confirmed:
        return tell_confirmed(asked, now)
    offer = _find_offer(consent)
    lead.state, lead.unsubscribed_at = "confirmed", None
    lead.confirmed_at = lead.confirmed_at or now
    lift_suppression(site.id, hash_address(site.id, lead.email))
    add_consent(lead, "confirmed", _repeat(consent), now)
    given = give_code_if_left(lead, offer, now) if offer else None
    if offer is not None and consent.campaign_id is not None:
        note_conversion(lead, consent.campaign_id, now)
        queue_welcome(site, lead, offer, given, consent.language)
    join_confirmed(lead)
    return Confirmed(offer, given)


def tell_confirmed(asked: Request, now: datetime) -> Confirmed:
    """Return what a confirmed address has got; nothing is given out."""
    lead, offer = asked.lead, _find_offer(asked.consent)
    if offer is not None and offer.pool_id is not None and lead.coupon_id is None:
        return Confirmed(offer, Given(state="gone"))
    return Confirmed(offer, give_code_if_left(lead, offer, now) if offer else None)


def unsubscribe_lead(lead: Lead, now: datetime) -> bool:
    """End the mails to an address; return whether that changed something."""
    take_address_turn(lead.site_id, lead.email_key)
    db.session.refresh(lead, with_for_update=True)
    suppress_address(lead.site_id, hash_address(lead.site_id, lead.email))
    if lead.state == "unsubscribed":
        return False
    lead.state, lead.unsubscribed_at = "unsubscribed", now
    add_consent(lead, "withdrawn", None, now)
    return True


def purge_unconfirmed(now: datetime) -> int:
    """Delete some of the leads nobody confirmed in time, of any site; return how many."""
    too_old = now - KEPT_UNCONFIRMED
    was_asked_since = exists().where(
        LeadConsent.site_id == Lead.site_id, LeadConsent.lead_id == Lead.id, LeadConsent.happened_at >= too_old
    )
    old = db.session.execute(
        select(Lead.site_id, Lead.id)
        .where(Lead.state == "unconfirmed", Lead.created_at < too_old, ~was_asked_since)
        .order_by(Lead.created_at)
        .limit(PURGED_AT_ONCE)
        .with_for_update(skip_locked=True)
    ).all()
    for site_id, lead_id in old:
        db.session.execute(delete(Lead).where(Lead.site_id == site_id, Lead.id == lead_id))
    return len(old)


def _repeat(consent: LeadConsent) -> Agreed | None:
    if consent.text is None:
        return None
    return Agreed(consent.text, consent.campaign_id, consent.campaign_version, consent.language)


def _find_offer(consent: LeadConsent) -> Offer | None:
    campaign = find_in_site(Campaign, consent.site_id, consent.campaign_id) if consent.campaign_id else None
    return offer_of(campaign) if campaign else None
