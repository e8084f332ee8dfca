"""The days a report is about, and the parts its chart has: days of the store's time zone. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from widget.core.problems import FieldError, InvalidFields
from widget.loyalty.rules import add_months, start_of_day

USUAL_DAYS = 365
MAX_DAYS = 3_653
_DAYS_BY_DAY, _DAYS_BY_WEEK = 31, 120


@dataclass(frozen=True)
class Days:
    """A range of days, both ends included."""

    from_on: date
    until_on: date

    @property
    def count(self) -> int:
        return (self.until_on - self.from_on).days + 1

    @property
    def by(self) -> str:
        """Return what the parts of a chart are: day, week or month.

        >>> [Days(date(2026, 1, 1), until).by for until in (date(2026, 1, 31), date(2026, 3, 1), date(2026, 12, 31))]
        ['day', 'week', 'month']
        """
        if self.count <= _DAYS_BY_DAY:
            return "day"
        return "week" if self.count <= _DAYS_BY_WEEK else "month"

    def list_parts(self) -> "list[Days]":
        """Return the days, weeks (from Monday) or months of the range; the first and the last may be cut.

        >>> [part.count for part in Days(date(2026, 1, 15), date(2026, 6, 2)).list_parts()]
        [17, 28, 31, 30, 31, 2]
        """
        parts, start = [], self.from_on
        while start <= self.until_on:
            following = {
                "day": start + timedelta(days=1),
                "week": start + timedelta(days=7 - start.weekday()),
                "month": add_months(start.replace(day=1), 1),
            }[self.by]
            parts.append(Days(start, min(following - timedelta(days=1), self.until_on)))
            start = following
        return parts

    def moments(self, zone: ZoneInfo) -> tuple[datetime, datetime]:
        """Return when the range begins and when it is over."""
        return start_of_day(self.from_on, zone), start_of_day(self.until_on + timedelta(days=1), zone)


def read_days(query: Mapping[str, str], today: date) -> Days:
    """Return the days an address names, the last 365 where it names none; raise InvalidFields.

    >>> read_days({}, date(2026, 12, 31)).from_on.isoformat()
    '2026-01-01'
    """
    until_on = _read(query, "until") or today
    from_on = _read(query, "from") or max(until_on, date(1971, 1, 1)) - timedelta(days=USUAL_DAYS - 1)
    if until_on > today:
        raise _refuse("until", "Must not lie after today.")
    if from_on > until_on:
        raise _refuse("until", "Must not lie before the first day.")
    if (until_on - from_on).days >= MAX_DAYS:
        raise _refuse("from", f"Must be at most {MAX_DAYS} days.")
    if from_on.year < 1970:
        raise _refuse("from", "There are no such days before.")
    return Days(from_on, until_on)


def _read(query: Mapping[str, str], name: str) -> date | None:
    text = query.get(name)
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise _refuse(name, "Must be a day such as 2026-05-31.") from error


def _refuse(name: str, detail: str) -> InvalidFields:
    return InvalidFields(errors=[FieldError(f"#/{name}", detail)])
