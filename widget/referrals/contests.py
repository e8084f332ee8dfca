"""Use cases of contests: announcing one, taking part, looking at entries, drawing the winner.

The seed is drawn when a contest is announced, and its hash is shown from then on; nobody is told the seed before the
winner is drawn by it. Steps of one contest wait for each other: each holds the contest's row.
"""

import secrets
import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select

from widget.core.db import db, insert_unless_known
from widget.core.ids import new_id
from widget.core.problems import FieldError, InvalidFields
from widget.referrals.contest_models import Contest, ContestEntry
from widget.referrals.contest_queries import count_entries, find_entry_of, find_winner, get_entry
from widget.referrals.errors import (
    AlreadyEntered,
    ContestClosed,
    ContestNotFound,
    ContestStepRefused,
    EntryIdTaken,
)
from widget.referrals.rules import draw, hash_seed

DECISIONS = ("approved", "rejected")


def announce_contest(site_id: uuid.UUID, said: Mapping[str, Any], now: datetime) -> Contest:
    """Make a contest with a seed of its own; raise InvalidFields for days that are over."""
    if said["ends_at"] <= max(said["starts_at"], now):
        raise InvalidFields(errors=[FieldError("#/ends_at", "Must lie after the beginning, and after now.")])
    seed = secrets.token_hex(32)
    contest = Contest(
        site_id=site_id, id=new_id(), seed=seed, seed_hash=hash_seed(seed), drawn_at=None, created_at=now, **said
    )
    db.session.add(contest)
    db.session.flush()
    return contest


def remove_contest(site_id: uuid.UUID, contest_id: uuid.UUID) -> None:
    """Remove a contest that nobody has entered; raise ContestStepRefused for another."""
    contest = hold_contest(site_id, contest_id)
    if sum(count_entries(site_id, [contest_id])[contest_id].values()):
        raise ContestStepRefused("Somebody has entered already.")
    db.session.execute(delete(Contest).where(Contest.site_id == site_id, Contest.id == contest.id))


def enter_contest(
    site_id: uuid.UUID, contest_id: uuid.UUID, customer_id: uuid.UUID, entry_id: uuid.UUID, link: str, now: datetime
) -> tuple[ContestEntry, bool]:
    """Take a customer's entry, and whether it is new; the same entry again is the one there is.

    Raise ContestNotFound, ContestClosed, AlreadyEntered for another one of theirs, or EntryIdTaken.
    """
    contest = hold_contest(site_id, contest_id)
    own = find_entry_of(site_id, contest_id, customer_id)
    if own is not None:
        if (own.id, own.link) != (entry_id, link):
            raise AlreadyEntered()
        return own, False
    if not is_open(contest, now):
        raise ContestClosed()
    ids = {"site_id": site_id, "id": entry_id, "contest_id": contest_id, "customer_id": customer_id}
    # The id may be that of an entry to another contest, which no lock of this one keeps away.
    added = db.session.execute(
        insert_unless_known(ContestEntry)
        .values(**ids, link=link, state="pending", created_at=now)
        .on_conflict_do_nothing()
        .returning(ContestEntry.id)
    ).first()
    if added is None:
        raise EntryIdTaken()
    return get_entry(site_id, contest_id, entry_id), True


def decide_entry(
    site_id: uuid.UUID, contest_id: uuid.UUID, entry_id: uuid.UUID, state: str, now: datetime
) -> ContestEntry:
    """Approve or reject an entry, as long as nothing is drawn; raise NotFound or ContestStepRefused."""
    contest = hold_contest(site_id, contest_id)
    entry = get_entry(site_id, contest_id, entry_id)
    if entry.state == state:
        return entry
    if contest.drawn_at is not None:
        raise ContestStepRefused("The winner is drawn.")
    entry.state, entry.decided_at = state, now
    db.session.flush()
    return entry


def draw_winner(site_id: uuid.UUID, contest_id: uuid.UUID, now: datetime) -> ContestEntry:
    """Draw the winner by the seed, once; a repeat returns whom it drew.

    Raise ContestStepRefused before the end, while entries wait, or where none was approved.
    """
    contest = hold_contest(site_id, contest_id)
    if contest.drawn_at is not None and (winner := find_winner(site_id, contest_id)) is not None:
        return winner
    if now < contest.ends_at:
        raise ContestStepRefused("The contest is not over yet.")
    rows = db.session.execute(
        select(ContestEntry.id, ContestEntry.state).where(
            ContestEntry.site_id == site_id, ContestEntry.contest_id == contest_id
        )
    ).all()
    if any(state == "pending" for _, state in rows):
        raise ContestStepRefused("Decide of the entries that wait first.")
    drawn = draw(contest.seed, [str(entry_id) for entry_id, state in rows if state == "approved"])
    if drawn is None:
        raise ContestStepRefused("No entry was approved.")
    winner = get_entry(site_id, contest_id, uuid.UUID(drawn))
    contest.drawn_at = winner.won_at = now
    db.session.flush()
    return winner


def is_open(contest: Contest, now: datetime) -> bool:
    """Return whether a contest takes entries."""
    return contest.starts_at <= now < contest.ends_at


def hold_contest(site_id: uuid.UUID, contest_id: uuid.UUID) -> Contest:
    """Return a contest, held until the transaction ends; raise ContestNotFound."""
    key = (site_id, contest_id)
    contest = db.session.get(Contest, key, populate_existing=True, with_for_update=True)
    if contest is None:
        raise ContestNotFound()
    return contest
