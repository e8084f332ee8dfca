"""What a lead agreed to, confirmed and took back: rows that are only added."""

import hashlib
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select

from widget.core.db import db
from widget.popups.lead_models import Lead, LeadConsent


@dataclass(frozen=True)
class Agreed:
    """A line of consent as it was shown: its words, and the campaign, version, language and page it stood in.

    Of one that a file brought only the words are known.
    """

    text: str
    campaign_id: uuid.UUID | None
    version: int | None
    language: str | None
    page_url: str | None = None


def add_consent(lead: Lead, kind: str, agreed: Agreed | None, now: datetime) -> int:
    """Keep one step of a lead's consent with the words it is about; return its number."""
    number = last_number(lead) + 1
    said = {}
    if agreed is not None:
        said = {
            "text": agreed.text,
            "text_hash": hash_text(agreed.text),
            "campaign_id": agreed.campaign_id,
            "campaign_version": agreed.version,
            "language": agreed.language,
            "page_url": agreed.page_url,
        }
    row = {"site_id": lead.site_id, "lead_id": lead.id, "number": number, "kind": kind, "happened_at": now}
    db.session.add(LeadConsent(**row, **said))
    db.session.flush()
    return number


def last_number(lead: Lead) -> int:
    """Return the number of a lead's last step, 0 without any."""
    numbers = select(func.max(LeadConsent.number)).where(*_is_of(lead))
    return db.session.scalar(numbers) or 0


def list_consents(lead: Lead) -> Sequence[LeadConsent]:
    """Return the steps of a lead's consent, the first first."""
    return db.session.scalars(select(LeadConsent).where(*_is_of(lead)).order_by(LeadConsent.number)).all()


def list_confirmed(lead: Lead) -> Sequence[LeadConsent]:
    """Return what a lead's reader has confirmed and not taken back since, the first first."""
    steps = list_consents(lead)
    taken_back = max((step.number for step in steps if step.kind == "withdrawn"), default=0)
    return [step for step in steps if step.kind == "confirmed" and step.number > taken_back]


def has_confirmed(lead: Lead, text: str | None) -> bool:
    """Tell whether a lead's reader has confirmed these very words."""
    return any(step.text == text for step in list_confirmed(lead))


def hash_text(text: str) -> str:
    """Return the SHA-256 of a line of consent, by which its words can be proven."""
    return hashlib.sha256(text.encode()).hexdigest()


def _is_of(lead: Lead) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return (LeadConsent.site_id == lead.site_id, LeadConsent.lead_id == lead.id)
