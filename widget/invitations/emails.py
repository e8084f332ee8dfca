"""The mail that invites one person to answer."""

from babel.dates import format_date
from flask import render_template

from widget.core.mail import queue_mail
from widget.customers.suppressions import list_opt_out_headers, opt_out_url
from widget.invitations.hosted import build_page_content, pipe_page_text
from widget.invitations.models import SurveyInvitation
from widget.invitations.texts import link_texts
from widget.sites.models import Site
from widget.surveys.models import Survey


def queue_invitation(site: Site, survey: Survey, invitation: SurveyInvitation, url: str, name: str | None) -> None:
    """Put the mail with an invitation's links into the outbox, in the reader's language."""
    email = invitation.email
    assert email is not None  # noqa: S101 - only an invitation with an address is mailed.
    content = build_page_content(site, survey, invitation.language or "")
    language = content["language"]
    ui = link_texts(language)
    stop_url = opt_out_url(site.id, email)
    subject = ui["mail_subject"].format(site=site.name)
    values = {
        "subject": subject,
        "language": language,
        "dir": content["dir"],
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
        subject,
        render_template("invitations/emails/invitation.txt", **values),
        html=render_template("invitations/emails/invitation.html", **values),
        site_id=site.id,
        headers=list_opt_out_headers(stop_url),
    )
