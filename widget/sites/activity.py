"""Reading what owners did and which mails a site sent; giving a failed mail another chance."""

import uuid
from collections.abc import Sequence

from flask import current_app
from sqlalchemy import select

from widget.core.clock import utc_now
from widget.core.db import db
from widget.core.mail_delivery import mail_file
from widget.core.mail_models import OutgoingMail
from widget.core.paging import Cursor, Page, list_page
from widget.core.problems import NotFound
from widget.sites.models import AuditEntry, Site

PAGE_SIZE = 50


def list_entries(site: Site, email: str = "", action: str = "", cursor: str = "") -> Page[AuditEntry]:
    """Return what owners did, newest first; raise InvalidFields for a bad cursor."""
    query = select(AuditEntry).where(AuditEntry.site_id == site.id)
    # A text with this character can be in no row, and PostgreSQL does not take it.
    if email:
        query = query.where(AuditEntry.owner_email == email.replace("\x00", " "))
    if action:
        query = query.where(AuditEntry.action == action.replace("\x00", " "))
    place = Cursor.decode(cursor) if cursor else None
    return list_page(query, AuditEntry.happened_at, AuditEntry.id, place, PAGE_SIZE)


def list_actors(site: Site) -> Sequence[str]:
    """Return the addresses of who did something, in alphabetical order."""
    query = select(AuditEntry.owner_email).where(AuditEntry.site_id == site.id)
    return db.session.scalars(query.distinct().order_by(AuditEntry.owner_email)).all()


def list_actions(site: Site) -> Sequence[str]:
    """Return the actions that occur."""
    query = select(AuditEntry.action).where(AuditEntry.site_id == site.id)
    return db.session.scalars(query.distinct().order_by(AuditEntry.action)).all()


def list_mails(site: Site, cursor: str = "") -> Page[OutgoingMail]:
    """Return the site's mails, newest first; raise InvalidFields for a bad cursor."""
    query = select(OutgoingMail).where(OutgoingMail.site_id == site.id)
    place = Cursor.decode(cursor) if cursor else None
    return list_page(query, OutgoingMail.created_at, OutgoingMail.id, place, PAGE_SIZE)


def get_mail(site: Site, mail_id: uuid.UUID) -> OutgoingMail:
    """Return a mail of this site; raise NotFound."""
    query = select(OutgoingMail).where(OutgoingMail.site_id == site.id, OutgoingMail.id == mail_id)
    mail = db.session.scalar(query)
    if mail is None:
        raise NotFound()
    return mail


def state_of(mail: OutgoingMail) -> str:
    """Return waiting, retrying, failed, sent, or file for one that was written instead of sent."""
    if mail.failed_at is not None:
        return "failed"
    if mail.sent_at is None:
        return "retrying" if mail.error else "waiting"
    return "file" if not has_mail_server() and mail_file(mail).is_file() else "sent"


def has_mail_server() -> bool:
    """Tell whether mails leave at all."""
    return current_app.config["SETTINGS"].mail_server is not None


def send_again(mail: OutgoingMail) -> bool:
    """Make a failed mail due anew; return False for any other."""
    if mail.failed_at is None:
        return False
    mail.failed_at, mail.error, mail.attempts, mail.due_at = None, None, 0, utc_now()
    return True
