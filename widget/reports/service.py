"""Sharing a report: links for somebody without a log-in."""

from collections.abc import Mapping
from datetime import timedelta

from flask import current_app

from widget.core.clock import utc_now
from widget.core.db import db
from widget.core.ids import new_id
from widget.core.problems import FieldError, InvalidFields
from widget.core.tokens import sign_token
from widget.reports import queries
from widget.reports.models import ReportLink
from widget.surveys.models import Survey

REPORT_PURPOSE = "report"
LINK_DAYS = (7, 30, 90)
MAX_NAME_LENGTH = 100
MAX_OPEN_LINKS = 20


def create_link(survey: Survey, *, name: str, query: Mapping[str, str], shows_comments: bool, days: int) -> ReportLink:
    """Make a link to a survey's report; raise InvalidFields for a filter that would name a customer."""
    tidy = " ".join(name.split())
    if not 1 <= len(tidy) <= MAX_NAME_LENGTH or not tidy.isprintable():
        raise InvalidFields(errors=[FieldError("#/name", f"Must be 1 to {MAX_NAME_LENGTH} printable characters.")])
    if days not in LINK_DAYS:
        raise InvalidFields(errors=[FieldError("#/days", f"Must be one of: {', '.join(map(str, LINK_DAYS))}.")])
    if "customer" in query:
        raise InvalidFields(errors=[FieldError("#/customer", "A report never names a customer.")])
    now = utc_now()
    if queries.count_open_links(survey, now) >= MAX_OPEN_LINKS:
        raise InvalidFields(errors=[FieldError("#/name", f"A survey has at most {MAX_OPEN_LINKS} open links.")])
    link = ReportLink(
        site_id=survey.site_id,
        id=new_id(),
        survey_id=survey.id,
        name=tidy,
        query=dict(query),
        shows_comments=shows_comments,
        created_at=now,
        expires_at=now + timedelta(days=days),
    )
    db.session.add(link)
    return link


def revoke_link(link: ReportLink) -> None:
    """End a link at once; one that has ended stays as it was."""
    link.revoked_at = link.revoked_at or utc_now()


def link_url(link: ReportLink) -> str:
    """Return the address that opens a report."""
    token = sign_token(REPORT_PURPOSE, link.site_id, link.id.hex)
    return f"{current_app.config['BASE_URL']}/l/r/{token}"


def link_state(link: ReportLink) -> str:
    """Return open, expired or revoked."""
    if link.revoked_at is not None:
        return "revoked"
    return "open" if link.expires_at > utc_now() else "expired"
