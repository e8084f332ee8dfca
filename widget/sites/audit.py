"""What owners did, written down as they do it; rows are only ever added."""

from typing import Any

from widget.core.clock import utc_now
from widget.core.db import db
from widget.core.ids import new_id
from widget.sites import queries
from widget.sites.doors import current_site
from widget.sites.models import AuditEntry, Owner, Site
from widget.sites.web import current_owner

MAX_SUBJECT_LENGTH = 300
SHORTENED = "…"


def note_action(action: str, subject: str, **details: Any) -> None:
    """Note what the owner who is logged in does at the current site, in the same transaction.

    An action is a thing and what happened to it: `survey.changed`. Details are plain JSON without secrets.
    """
    note_action_of(current_site(), current_owner().email, action, subject, **details)


def note_own_action(owner: Owner, action: str) -> None:
    """Note what an owner does with the own account, at every site the account opens."""
    for membership in queries.list_memberships_of(owner):
        note_action_of(membership.site, owner.email, action, owner.email)


def note_action_of(site: Site, owner_email: str, action: str, subject: str, **details: Any) -> None:
    """Note what an owner does at a site that the request did not enter, such as accepting an invitation."""
    if len(subject) > MAX_SUBJECT_LENGTH:
        subject = subject[: MAX_SUBJECT_LENGTH - 1] + SHORTENED
    db.session.add(
        AuditEntry(
            site_id=site.id,
            id=new_id(),
            happened_at=utc_now(),
            owner_email=owner_email,
            action=action,
            subject=subject,
            details=details,
        )
    )
