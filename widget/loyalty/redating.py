"""Applying the expiry of rules to points that were given by others, which only an owner who saw the figures may do.

What is in a ledger stays as it was written. A lot with another expiry is a new lot: one entry takes the points out of
the old one, another brings them into the new one, and both say why. So the change is part of the chain that
`verifying.py` checks, it can be read in the history, and a refund still finds the points of its order by their source.
"""

import uuid
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from sqlalchemy import select

from widget.core.db import db, session_cursor
from widget.loyalty.book import Book
from widget.loyalty.entries import Cause
from widget.loyalty.errors import PreviewNeeded
from widget.loyalty.ledger import find_book
from widget.loyalty.models import Lot, LoyaltyAccount
from widget.loyalty.previewing import ExpiryPreview, preview_expiry
from widget.loyalty.program import Program
from widget.loyalty.programs import find_current
from widget.loyalty.rules import day_in


def apply_expiry(
    site_id: uuid.UUID, now: datetime, *, actor: str, confirmed: Mapping[str, int]
) -> tuple[ExpiryPreview, int]:
    """Give points there are the expiry of the present rules; return what that changed, and the version of the rules.

    Raise PreviewNeeded unless the figures are those that were confirmed, NoProgram where there is none.
    """
    cursor = session_cursor()
    current = find_current(cursor, site_id)
    if current is None:
        return ExpiryPreview(), 0
    preview = preview_expiry(site_id, current.rules, now)
    if preview.figures != confirmed:
        raise PreviewNeeded("The figures are others by now. Look at them again.")
    for customer_id in _list_concerned(site_id):
        opened = find_book(cursor, site_id, customer_id, now)
        if opened is not None:
            redate_book(opened.book, current.rules, actor)
            opened.save()
    return preview, current.rules.version


def redate_book(book: Book, rules: Program, actor: str) -> None:
    """Give every lot of a book that has points left the expiry of rules; those it ends at once expire."""
    book.inactive_at = rules.inactive_at(book.settled_at)
    for lot in book.list_live():
        expires_at = rules.expires_at(lot.available_at)
        if expires_at == lot.expires_at:
            continue
        cause = Cause(
            f"expiry:{rules.version}",
            actor=actor,
            rule="expiry",
            rule_version=rules.version,
            reason={"lot": lot.number, "of": lot.source, **_spell(lot.expires_at, expires_at, rules)},
        )
        points, expired = lot.remaining + lot.expired, lot.expired
        moved = replace(lot, granted=points, remaining=points, expired=0, expires_at=expires_at)
        book.move_out(lot, cause, "adjust")
        book.move_in(moved, expired, cause, "adjust")


def _spell(before: datetime | None, after: datetime | None, rules: Program) -> dict[str, str | None]:
    days = {"before": before, "after": after}
    return {name: day_in(moment, rules.zone).isoformat() if moment else None for name, moment in days.items()}


def _list_concerned(site_id: uuid.UUID) -> list[uuid.UUID]:
    """Return who has points left or an end by inactivity, in the order in which accounts are held everywhere."""
    with_points = select(Lot.customer_id).where(Lot.site_id == site_id, Lot.is_live)
    with_end = select(LoyaltyAccount.customer_id).where(
        LoyaltyAccount.site_id == site_id, LoyaltyAccount.inactive_at.is_not(None)
    )
    return sorted(db.session.scalars(with_points.union(with_end)))
