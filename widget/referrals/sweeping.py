"""What time brings to referrals, found some at a time: whoever calls it commits between them."""

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import ColumnElement, or_, select

from widget.core.db import db, session_cursor
from widget.referrals.models import Referral
from widget.referrals.programs import read_version

AT_ONCE = 50


class Due(NamedTuple):
    """A referral whose window has closed, and its place in the list of all of them."""

    qualifies_at: datetime
    site_id: uuid.UUID
    id: uuid.UUID


class Rules(NamedTuple):
    """A version of a site's rules by which somebody waits for an order."""

    site_id: uuid.UUID
    version: int


def list_due(after: Due | None, now: datetime) -> Sequence[Due]:
    """Return some referrals of any site whose window has closed, those after a place."""
    due = select(Referral.qualifies_at, Referral.site_id, Referral.id)
    due = due.where(Referral.state == "qualified", Referral.qualifies_at <= now)
    if after is not None:
        is_same_time = Referral.qualifies_at == after.qualifies_at
        due = due.where(or_(Referral.qualifies_at > after.qualifies_at, is_same_time & (Referral.id > after.id)))
    rows = db.session.execute(due.order_by(Referral.qualifies_at, Referral.id).limit(AT_ONCE))
    return [Due(*row) for row in rows]


def list_rules() -> Sequence[Rules]:
    """Return the rules of any site by which claims wait for an order."""
    waiting = select(Referral.site_id, Referral.version).where(*_is_waiting()).distinct()
    return [Rules(*row) for row in db.session.execute(waiting.order_by(Referral.site_id, Referral.version))]


def list_over(rules: Rules, now: datetime) -> Sequence[uuid.UUID]:
    """Return some claims whose friends took longer than these rules wait."""
    days = read_version(session_cursor(), rules.site_id, rules.version).claim_days
    is_over = (Referral.version == rules.version, Referral.claimed_at < now - timedelta(days=days))
    over = select(Referral.id).where(Referral.site_id == rules.site_id, *_is_waiting(), *is_over)
    return db.session.scalars(over.order_by(Referral.claimed_at).limit(AT_ONCE)).all()


def _is_waiting() -> tuple[ColumnElement[bool], ...]:
    return Referral.state.in_(("claimed", "held")), Referral.order_id.is_(None)
