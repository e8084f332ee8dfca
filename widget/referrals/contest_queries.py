"""Reading contests and their entries."""

import uuid
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, select

from widget.core.db import db
from widget.core.paging import Cursor, Page, list_page
from widget.core.problems import NotFound
from widget.referrals.contest_models import Contest, ContestEntry
from widget.referrals.errors import ContestNotFound

ENTRY_STATES = ("pending", "approved", "rejected")
CONTESTS_SHOWN = 100
# Who took part learns who has won.
STILL_SHOWN = timedelta(days=30)


def get_contest(site_id: uuid.UUID, contest_id: uuid.UUID) -> Contest:
    """Return a contest of a site; raise ContestNotFound."""
    contest = db.session.get(Contest, (site_id, contest_id), populate_existing=True)
    if contest is None:
        raise ContestNotFound()
    return contest


def list_contests(site_id: uuid.UUID) -> Sequence[Contest]:
    """Return a site's contests, the one that ends last first."""
    own = select(Contest).where(Contest.site_id == site_id)
    return db.session.scalars(own.order_by(Contest.ends_at.desc(), Contest.id.desc()).limit(CONTESTS_SHOWN)).all()


def find_shown(site_id: uuid.UUID, now: datetime) -> Contest | None:
    """Return the contest that takes entries now, the one that ends first of several; else the last, for a month."""
    has_begun = (Contest.site_id == site_id, Contest.starts_at <= now)
    is_open = select(Contest).where(*has_begun, Contest.ends_at > now).order_by(Contest.ends_at, Contest.id)
    is_over = select(Contest).where(*has_begun, Contest.ends_at > now - STILL_SHOWN).order_by(Contest.ends_at.desc())
    shown = (db.session.scalars(contests.limit(1)).first() for contests in (is_open, is_over))
    return next((contest for contest in shown if contest is not None), None)


def get_entry(site_id: uuid.UUID, contest_id: uuid.UUID, entry_id: uuid.UUID) -> ContestEntry:
    """Return an entry of a contest; raise NotFound."""
    entry = db.session.get(ContestEntry, (site_id, entry_id), populate_existing=True)
    if entry is None or entry.contest_id != contest_id:
        raise NotFound()
    return entry


def find_entry_of(site_id: uuid.UUID, contest_id: uuid.UUID, customer_id: uuid.UUID) -> ContestEntry | None:
    """Return a customer's entry, None for who takes no part."""
    is_theirs = (ContestEntry.contest_id == contest_id, ContestEntry.customer_id == customer_id)
    return db.session.scalar(select(ContestEntry).where(ContestEntry.site_id == site_id, *is_theirs))


def find_winner(site_id: uuid.UUID, contest_id: uuid.UUID) -> ContestEntry | None:
    """Return the entry that was drawn, None before."""
    is_its = (ContestEntry.site_id == site_id, ContestEntry.contest_id == contest_id)
    return db.session.scalar(select(ContestEntry).where(*is_its, ContestEntry.won_at.is_not(None)))


def list_entries(
    site_id: uuid.UUID, contest_id: uuid.UUID, state: str, cursor: Cursor | None, limit: int
) -> Page[ContestEntry]:
    """Return one page of a contest's entries in a state, the newest first."""
    is_its = (ContestEntry.site_id == site_id, ContestEntry.contest_id == contest_id, ContestEntry.state == state)
    return list_page(select(ContestEntry).where(*is_its), ContestEntry.created_at, ContestEntry.id, cursor, limit)


def list_approved_ids(site_id: uuid.UUID, contest_id: uuid.UUID) -> Sequence[uuid.UUID]:
    """Return the ids among which the winner is drawn, in their order."""
    is_its = (ContestEntry.site_id == site_id, ContestEntry.contest_id == contest_id)
    approved = select(ContestEntry.id).where(*is_its, ContestEntry.state == "approved")
    return db.session.scalars(approved.order_by(ContestEntry.id)).all()


def count_entries(site_id: uuid.UUID, contest_ids: Collection[uuid.UUID]) -> Mapping[uuid.UUID, dict[str, int]]:
    """Return how many entries contests have in each state, by contest."""
    counts = {contest_id: dict.fromkeys(ENTRY_STATES, 0) for contest_id in contest_ids}
    rows = db.session.execute(
        select(ContestEntry.contest_id, ContestEntry.state, func.count())
        .where(ContestEntry.site_id == site_id, ContestEntry.contest_id.in_(counts))
        .group_by(ContestEntry.contest_id, ContestEntry.state)
    )
    for contest_id, state, number in rows:
        counts[contest_id][state] = number
    return counts
