"""The room's mails to shoppers: to confirm an address, and what it was left for."""

from typing import Any

from babel.dates import format_date
from flask import current_app, render_template

from widget.core.mail import queue_mail
from widget.core.shopper_languages import RIGHT_TO_LEFT
from widget.core.tokens import sign_token
from widget.customers.suppressions import list_opt_out_headers
from widget.popups.codes import Given, Offer
from widget.popups.consents import Agreed
from widget.popups.lead_models import Lead
from widget.popups.texts import choose_link_texts
from widget.sites.models import Site
from widget.sites.theme import build_theme

CONFIRM_PURPOSE = "lead-confirm"
UNSUBSCRIBE_PURPOSE = "lead-unsubscribe"


def confirm_url(lead: Lead, consent_number: int) -> str:
    """Return the link by which the reader of an address confirms what was agreed to with it."""
    token = sign_token(CONFIRM_PURPOSE, lead.site_id, f"{lead.id.hex}-{consent_number}")
    return f"{current_app.config['BASE_URL']}/l/c/{token}"


def unsubscribe_url(lead: Lead) -> str:
    """Return the link by which the reader of an address ends its mails."""
    token = sign_token(UNSUBSCRIBE_PURPOSE, lead.site_id, lead.id.hex)
    return f"{current_app.config['BASE_URL']}/l/u/{token}"


def queue_confirmation(site: Site, lead: Lead, agreed: Agreed, consent_number: int) -> None:
    """Ask the reader of an address whether it was them.

    The mail holds nothing that whoever typed the address has chosen the words of: it may go to somebody else.
    """
    _queue(site, lead, agreed.language, "confirm", url=confirm_url(lead, consent_number), consent=agreed.text)


def queue_welcome(site: Site, lead: Lead, offer: Offer, given: Given | None, language: str | None) -> None:
    """Send what an address was left for, with the end of such mails in one click."""
    _queue(
        site,
        lead,
        language,
        "welcome",
        stop_url=unsubscribe_url(lead),
        given=given,
        download_url=offer.download_url if offer.goal == "download" else None,
        # A name that whoever typed it has not proven to be theirs stays out.
        name=lead.name if lead.confirmed_at is not None else None,
    )


def format_end(given: Given | None, language: str) -> str | None:
    """Return the last day of a code in words."""
    if given is None or given.expires_at is None:
        return None
    return str(format_date(given.expires_at, "long", locale=language))


def _queue(
    site: Site, lead: Lead, wanted: str | None, kind: str, *, stop_url: str | None = None, **values: Any
) -> None:
    language, ui = choose_link_texts(wanted or "", site.name)
    given = values.get("given")
    has_code = given is not None and given.code is not None
    values |= {
        "site": site.name,
        "ui": ui,
        "language": language,
        "dir": "rtl" if language in RIGHT_TO_LEFT else "ltr",
        "theme": build_theme(site.theme, site.key),
        "subject": ui["mail_welcome_code_subject" if has_code else f"mail_{kind}_subject"],
        "stop_url": stop_url,
        "until": format_end(given, language),
    }
    queue_mail(
        lead.email,
        values["subject"],
        render_template(f"popups/emails/{kind}.txt", **values),
        html=render_template(f"popups/emails/{kind}.html", **values),
        site_id=site.id,
        headers=list_opt_out_headers(stop_url) if stop_url else None,
    )
