"""Birthdays and anniversaries of joining: points on the day, in the store's time zone, once a year."""

import uuid
from calendar import isleap
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, String, and_, cast, func, or_, select

from widget.core.db import db, session_cursor
from widget.customers.models import CustomerAttribute
from widget.loyalty.earning import award_points
from widget.loyalty.models import LedgerEntry, LoyaltyAccount, LoyaltyProgram
from widget.loyalty.program import Program
from widget.loyalty.programs import find_current
from widget.loyalty.rules import day_in, days_celebrated_on, start_of_day

# A worker that was down catches up on these.
DAYS_LOOKED_BACK = 3


@dataclass(frozen=True)
class Occasion:
    """A member's day, by the year it is in."""

    customer_id: uuid.UUID
    action: str
    year: int

    @property
    def what(self) -> str:
        return f"{self.customer_id}:{self.year}"


def list_sites_with_occasions() -> Sequence[uuid.UUID]:
    """Return the sites whose program is live."""
    is_live = LoyaltyProgram.state == "live"
    return db.session.scalars(select(LoyaltyProgram.site_id).where(is_live).order_by(LoyaltyProgram.site_id)).all()


def list_due_occasions(site_id: uuid.UUID, now: datetime) -> list[Occasion]:
    """Return for whom these days are theirs, without those who had their points; for a site whose program is live."""
    current = find_current(session_cursor(), site_id)
    if current is None or not current.is_live:
        return []
    program, today = current.rules, day_in(now, current.rules.zone)
    days = [today - timedelta(days=back) for back in range(DAYS_LOOKED_BACK + 1)]
    found = [*_list_birthdays(site_id, program, days), *_list_anniversaries(site_id, program, days)]
    keys = {f"{one.action}:{one.what}": one for one in sorted(found, key=lambda one: one.customer_id)}
    is_known = (LedgerEntry.site_id == site_id, LedgerEntry.key.in_(list(keys)))
    known = set(db.session.scalars(select(LedgerEntry.key).where(*is_known))) if keys else set()
    return [one for key, one in keys.items() if key not in known]


def award_occasions(site_id: uuid.UUID, occasions: Collection[Occasion], now: datetime) -> None:
    """Give the points of some occasions, once each; call it in a writing transaction."""
    for one in occasions:
        award_points(session_cursor(), site_id, one.customer_id, one.action, one.what, now)


def _list_birthdays(site_id: uuid.UUID, program: Program, days: Sequence[date]) -> Iterator[Occasion]:
    if "birthday" not in program.actions:
        return
    told = cast(CustomerAttribute.value, String)
    for day in days:
        is_on = or_(*(told.like(f'%-{month:02}-{number:02}"') for month, number in days_celebrated_on(day)))
        # A day told after it was over is next year's.
        is_in_time = CustomerAttribute.given_at < start_of_day(day + timedelta(days=1), program.zone)
        is_birthday = (CustomerAttribute.site_id == site_id, CustomerAttribute.name == "birthday")
        for customer_id in db.session.scalars(
            select(CustomerAttribute.customer_id).where(*is_birthday, is_on, is_in_time)
        ):
            yield Occasion(customer_id, "birthday", day.year)


def _list_anniversaries(site_id: uuid.UUID, program: Program, days: Sequence[date]) -> Iterator[Occasion]:
    is_member = (LoyaltyAccount.site_id == site_id, LoyaltyAccount.merged_into_id.is_(None))
    first = db.session.scalar(select(func.min(LoyaltyAccount.joined_at)).where(*is_member))
    if "anniversary" not in program.actions or first is None:
        return
    since = day_in(first, program.zone).year
    for day in days:
        joined = [_is_on(joined_on, program) for joined_on in _list_days_before(day, since)]
        if joined:
            for customer_id in db.session.scalars(select(LoyaltyAccount.customer_id).where(*is_member, or_(*joined))):
                yield Occasion(customer_id, "anniversary", day.year)


def _list_days_before(day: date, since: int) -> list[date]:
    """Return the days of earlier years whose anniversary a day is."""
    celebrated = [(year, *on) for year in range(since, day.year) for on in days_celebrated_on(day)]
    return [date(*on) for on in celebrated if on[1:] != (2, 29) or isleap(on[0])]


def _is_on(day: date, program: Program) -> ColumnElement[bool]:
    start, end = (start_of_day(on, program.zone) for on in (day, day + timedelta(days=1)))
    return and_(LoyaltyAccount.joined_at >= start, LoyaltyAccount.joined_at < end)
