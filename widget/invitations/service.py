"""Invitations: a signed link by which one person answers once, and the mail that may carry it.

The answer gets the invitation's own id, so a repeated or concurrent confirmation cannot make two of it.
"""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import current_app
from sqlalchemy import select, update

from widget.core.clock import utc_now
from widget.core.db import db, find_in_site
from widget.core.ids import new_id
from widget.core.paging import Cursor, Page, list_page
from widget.core.problems import FieldError, InvalidFields, NotAuthenticated
from widget.core.tokens import read_link_token, sign_token
from widget.customers.asks import note_asks
from widget.customers.models import Customer
from widget.customers.queries import map_customers
from widget.customers.schemas import is_address
from widget.customers.service import save_customers
from widget.customers.suppressions import find_suppressed
from widget.invitations.emails import queue_invitation
from widget.invitations.models import SurveyInvitation
from widget.sites.models import Site
from widget.surveys.errors import SurveyNotLive
from widget.surveys.models import Survey
from widget.surveys.rules import SCORES

PURPOSE = "survey-invitation"
DEFAULT_DAYS = 30
MAX_DAYS = 365
MAX_BATCH = 100
# What became of a mail that was asked for.
QUEUED, SUPPRESSED = "queued", "suppressed"


@dataclass(frozen=True)
class Guest:
    """Who is to be invited: all is optional, also the address when nothing is sent."""

    customer: str | None = None
    email: str | None = None
    name: str | None = None
    language: str | None = None
    hidden: Mapping[str, str] | None = None
    expires_days: int = DEFAULT_DAYS
    is_sent: bool = False


@dataclass(frozen=True)
class Invited:
    """An invitation with its link, and what became of its mail: None where none was asked for."""

    invitation: SurveyInvitation
    kind: str
    url: str
    mail: str | None

    @property
    def scale_urls(self) -> dict[str, str]:
        """Return a link for each score, which only preselects it; empty for kinds without a score."""
        return list_scale_urls(self.kind, self.url)


def invite(site: Site, survey: Survey, guests: Sequence[Guest], *, pointer: str = "#") -> list[Invited]:
    """Invite people to a live survey, in their order; raise SurveyNotLive or InvalidFields.

    `pointer` is where a guest stands in the request, with `{place}` for which of them.
    """
    if survey.state != "live":
        raise SurveyNotLive(f"The survey is {survey.state}. Set it live before you invite to it.")
    ids = save_customers(site.id, {guest.customer for guest in guests if guest.customer})
    customers = map_customers(site.id, ids.values())
    known = [customers[ids[guest.customer]] if guest.customer else None for guest in guests]
    emails = [_choose_email(guest, customer) for guest, customer in zip(guests, known, strict=True)]
    _require_emails(guests, emails, pointer)
    suppressed = find_suppressed(site.id, {email for email in emails if email})
    invited = []
    for guest, customer, email in zip(guests, known, emails, strict=True):
        invitation = _make_invitation(survey, guest, customer, email)
        url = invitation_url(invitation)
        mail = None
        if guest.is_sent and email:
            mail = SUPPRESSED if email in suppressed else QUEUED
            if mail == QUEUED:
                _note_ask(invitation)
                queue_invitation(site, survey, invitation, url, guest.name or (customer.name if customer else None))
        invited.append(Invited(invitation, survey.kind, url, mail))
    return invited


def invitation_url(invitation: SurveyInvitation) -> str:
    """Return the link of an invitation."""
    token = sign_token(PURPOSE, invitation.site_id, invitation.id.hex)
    return f"{current_app.config['BASE_URL']}/l/s/{token}"


def list_scale_urls(kind: str, url: str) -> dict[str, str]:
    """Return the link of each score by the score."""
    return {str(score): f"{url}?score={score}" for score in SCORES[kind]}


def find_invitation(token: str, *, for_answer: bool = False) -> SurveyInvitation | None:
    """Return the invitation behind a link, or None; `for_answer` makes a second answer wait for the first."""
    try:
        site_id, value = read_link_token(PURPOSE, token)
        invitation_id = uuid.UUID(hex=value)
    except (NotAuthenticated, ValueError):
        return None
    if not for_answer:
        return find_in_site(SurveyInvitation, site_id, invitation_id)
    return db.session.scalar(
        select(SurveyInvitation)
        .where(SurveyInvitation.site_id == site_id, SurveyInvitation.id == invitation_id)
        .with_for_update()
    )


def list_invitations(survey: Survey, cursor: Cursor | None, limit: int) -> Page[SurveyInvitation]:
    """Return one page of a survey's invitations, newest first."""
    statement = select(SurveyInvitation).where(
        SurveyInvitation.site_id == survey.site_id, SurveyInvitation.survey_id == survey.id
    )
    return list_page(statement, SurveyInvitation.created_at, SurveyInvitation.id, cursor, limit)


def give_invitations(site_id: uuid.UUID, old_id: uuid.UUID, new_id: uuid.UUID) -> None:
    """Make a customer's invitations those of the one they are merged into; their links go on working."""
    is_old = (SurveyInvitation.site_id == site_id, SurveyInvitation.customer_id == old_id)
    db.session.execute(update(SurveyInvitation).where(*is_old).values(customer_id=new_id))


def state_of(invitation: SurveyInvitation, now: datetime) -> str:
    """Return answered, expired or waiting."""
    if invitation.used_at is not None:
        return "answered"
    return "expired" if invitation.expires_at <= now else "waiting"


def _choose_email(guest: Guest, customer: Customer | None) -> str | None:
    """Return the address given, else the customer's own where a mail is wanted and can be sent there."""
    if guest.email or customer is None or not customer.email or not guest.is_sent:
        return guest.email
    return customer.email if is_address(customer.email) else None


def _note_ask(invitation: SurveyInvitation) -> None:
    """Have no widget ask a customer again so soon after the mail."""
    if invitation.customer_id is not None:
        asked = {f"survey:{invitation.survey_id}": invitation.created_at}
        note_asks(db.session.connection(), invitation.site_id, invitation.customer_id, asked)


def _require_emails(guests: Sequence[Guest], emails: Sequence[str | None], pointer: str) -> None:
    errors = [
        FieldError(f"{pointer.format(place=place)}/email", "A mail needs an address.")
        for place, (guest, email) in enumerate(zip(guests, emails, strict=True))
        if guest.is_sent and not email
    ]
    if errors:
        raise InvalidFields(errors=errors)


def _make_invitation(survey: Survey, guest: Guest, customer: Customer | None, email: str | None) -> SurveyInvitation:
    now = utc_now()
    values: dict[str, Any] = {
        "customer_id": customer.id if customer else None,
        "email": email,
        "language": guest.language,
        "hidden": dict(guest.hidden or {}),
        "created_at": now,
        "expires_at": now + timedelta(days=guest.expires_days),
    }
    invitation = SurveyInvitation(site_id=survey.site_id, id=new_id(), survey_id=survey.id, **values)
    db.session.add(invitation)
    return invitation
