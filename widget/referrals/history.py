"""The steps of a referral: each is added once and never changes."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from widget.core.db import db
from widget.referrals.models import Referral, ReferralEvent

SYSTEM = "system"


def add_event(
    referral: Referral, kind: str, now: datetime, *, actor: str = SYSTEM, reason: Mapping[str, Any] | None = None
) -> None:
    """Add a step to a referral that is held, so that steps have one order."""
    db.session.flush()
    is_its = (ReferralEvent.site_id == referral.site_id, ReferralEvent.referral_id == referral.id)
    last = db.session.scalar(select(func.max(ReferralEvent.number)).where(*is_its)) or 0
    db.session.add(
        ReferralEvent(
            site_id=referral.site_id,
            referral_id=referral.id,
            number=last + 1,
            kind=kind,
            actor=actor,
            reason=dict(reason or {}),
            happened_at=now,
        )
    )
    db.session.flush()


def list_events(site_id: uuid.UUID, referral_id: uuid.UUID) -> Sequence[ReferralEvent]:
    """Return the steps of a referral, the first one first."""
    is_its = (ReferralEvent.site_id == site_id, ReferralEvent.referral_id == referral_id)
    return db.session.scalars(select(ReferralEvent).where(*is_its).order_by(ReferralEvent.number)).all()
