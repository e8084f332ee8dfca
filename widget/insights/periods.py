"""The days that figures are about: a period, the one before it, and its parts. Pure."""

from dataclasses import dataclass
from datetime import date, timedelta

from widget.core.problems import FieldError, InvalidFields
from widget.surveys.charts import next_period
from widget.surveys.summaries import Period as _PartLength
from widget.surveys.summaries import start_of_period

PartLength = _PartLength

# Some figures look back over so many days from the last day of a period.
YEAR_DAYS = 365
USUAL_DAYS = 28
MAX_DAYS = 3_653


@dataclass(frozen=True)
class Period:
    """A range of UTC days, both ends included; what looks back does so from the end of `as_of`."""

    from_on: date
    until_on: date
    as_of: date

    @property
    def days(self) -> int:
        return (self.until_on - self.from_on).days + 1

    def before(self) -> "Period":
        """Return the period of the same length that ends where this one begins.

        >>> Period(date(2026, 5, 8), date(2026, 5, 14), date(2026, 5, 14)).before().from_on.isoformat()
        '2026-05-01'
        """
        back = timedelta(days=self.days)
        return Period(self.from_on - back, self.until_on - back, self.as_of - back)

    def list_parts(self, by: PartLength) -> "list[Period]":
        """Return the days, weeks (from Monday) or months of the period; the first and the last may be cut.

        >>> whole = Period(date(2026, 5, 8), date(2026, 6, 2), date(2026, 6, 2))
        >>> [(part.from_on.day, part.until_on.day) for part in whole.list_parts("month")]
        [(8, 31), (1, 2)]
        """
        parts, start = [], self.from_on
        while start <= self.until_on:
            following = next_period(start_of_period(start, by), by)
            end = min(following - timedelta(days=1), self.until_on)
            parts.append(Period(start, end, end))
            start = following
        return parts


def last_days(until_on: date, days: int) -> Period:
    """Return so many days that end with a day.

    >>> last_days(date(2026, 5, 14), 7).from_on.isoformat()
    '2026-05-08'
    """
    return Period(until_on - timedelta(days=days - 1), until_on, until_on)


def year_until(as_of: date) -> Period:
    """Return the 365 days that end with a day.

    >>> year_until(date(1998, 6, 30)).from_on.isoformat()
    '1997-07-01'
    """
    return last_days(as_of, YEAR_DAYS)


def choose_period(from_on: date | None, until_on: date | None, as_of: date | None, today: date) -> Period:
    """Return the period that was asked for: without days the 28 until `as_of`, or until today.

    Raise InvalidFields for one that is none, lies in the future, or has nothing before it.

    >>> choose_period(None, None, None, date(2026, 5, 28)).from_on.isoformat()
    '2026-05-01'
    """
    until_on = until_on or as_of or today
    as_of = as_of or until_on
    if from_on is None:
        from_on = until_on - timedelta(days=min(USUAL_DAYS, until_on.toordinal()) - 1)
    for name, day in (("from", from_on), ("until", until_on), ("as_of", as_of)):
        if day > today:
            raise _refuse(name, "Must not lie after today.")
    if from_on > until_on:
        raise _refuse("until", "Must not lie before the first day.")
    if as_of < until_on:
        raise _refuse("as_of", "Must not lie before the last day.")
    period = Period(from_on, until_on, as_of)
    if period.days > MAX_DAYS:
        raise _refuse("from", f"Must be at most {MAX_DAYS} days.")
    if from_on.toordinal() <= period.days + 2 * YEAR_DAYS:
        raise _refuse("from", "There are no such days before.")
    return period


def choose_parts(period: Period) -> PartLength:
    """Return by what to group a trend when nobody chose.

    >>> choose_parts(last_days(date(2026, 5, 28), 28)), choose_parts(last_days(date(2026, 5, 28), 365))
    ('day', 'week')
    """
    if period.days <= 45:
        return "day"
    return "week" if period.days <= 400 else "month"


def _refuse(name: str, detail: str) -> InvalidFields:
    return InvalidFields(errors=[FieldError(f"#/{name}", detail)])
