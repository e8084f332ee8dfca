"""Addresses whose readers want no more mails that ask for something, and the link by which they say so."""

import hashlib
import uuid
from collections.abc import Iterable

from flask import current_app
from sqlalchemy import delete, select

from widget.core.clock import utc_now
from widget.core.db import db, insert_unless_known
from widget.core.tokens import sign_token
from widget.customers.models import MailSuppression

OPT_OUT_PURPOSE = "mail-opt-out"


def hash_address(site_id: uuid.UUID, email: str) -> str:
    """Return what stands for an address at one site.

    Not keyed by the application's secret: an opt-out outlives a change of it.
    """
    return hashlib.sha256(f"{site_id.hex} {email.strip().lower()}".encode()).hexdigest()


def opt_out_url(site_id: uuid.UUID, email: str) -> str:
    """Return the link by which the reader of an address ends its mails."""
    token = sign_token(OPT_OUT_PURPOSE, site_id, hash_address(site_id, email))
    return f"{current_app.config['BASE_URL']}/l/o/{token}"


def list_opt_out_headers(url: str) -> dict[str, str]:
    """Return the headers by which mail programs offer the end of such mails with one click (RFC 8058)."""
    return {"List-Unsubscribe": f"<{url}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}


def suppress_address(site_id: uuid.UUID, email_hash: str) -> None:
    """Send no more such mails to an address from now on; a repeat changes nothing."""
    db.session.execute(
        insert_unless_known(MailSuppression)
        .values(site_id=site_id, email_hash=email_hash, created_at=utc_now())
        .on_conflict_do_nothing()
    )


def find_suppressed(site_id: uuid.UUID, emails: Iterable[str]) -> set[str]:
    """Return those of the addresses that want no more such mails."""
    by_hash = {hash_address(site_id, email): email for email in emails}
    found = db.session.scalars(
        select(MailSuppression.email_hash).where(
            MailSuppression.site_id == site_id, MailSuppression.email_hash.in_(by_hash)
        )
    )
    return {by_hash[email_hash] for email_hash in found}


def lift_suppression(site_id: uuid.UUID, email_hash: str) -> None:
    """Let mails go to an address again whose reader has asked for them anew."""
    is_meant = (MailSuppression.site_id == site_id, MailSuppression.email_hash == email_hash)
    db.session.execute(delete(MailSuppression).where(*is_meant))
