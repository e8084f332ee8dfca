"""The mail that invites one person to answer."""

import uuid

from babel.dates import format_date
from flask import current_app, render_template

from widget.core.mail import queue_mail
from widget.core.tokens import sign_token
from widget.customers.suppressions import hash_address
from widget.invitations.hosted import build_page_content, pipe_page_text
from widget.invitations.models import SurveyInvitation
from widget.invitations.texts import link_texts
from widget.sites.models import Site
from widget.surveys.models import Survey

OPT_OUT_PURPOSE = "survey-opt-out"


def opt_out_url(site_id: uuid.UUID, email: str) -> str:
    """Return the link by which the reader of an address ends its invitations."""
    token = sign_token(OPT_OUT_PURPOSE, site_id, hash_address(site_id, email))
    return f"{current_app.config['BASE_URL']}/l/o/{token}"


def queue_invitation(site: Site, survey: Survey, invitation: SurveyInvitation, url: str, name: str | None) -> None:
    """Put the mail with an invitation's links into the outbox, in the reader's language."""
    email = invitation.email
    assert email is not None  # noqa: S101 - only an invitation with an address is mailed.
    content = build_page_content(site, survey, invitation.language or "")
    language = content["language"]
    ui = link_texts(language)
    stop_url = opt_out_url(site.id, email)
    values = {
        "site": site.name,
        "name": name,
        "content": content,
        "question": pipe_page_text(content, content["question"], {}, invitation.hidden),
        "ui": ui,
        "url": url,
        "score_url": f"{url}?score=",
        "stop_url": f"{stop_url}?lang={language}",
        "until": format_date(invitation.expires_at, "long", locale=language),
    }
    queue_mail(
        email,
        ui["mail_subject"].format(site=site.name),
        render_template("invitations/emails/invitation.txt", **values),
        html=render_template("invitations/emails/invitation.html", **values),
        site_id=site.id,
        headers={
            "List-Unsubscribe": f"<{stop_url}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        },
    )
