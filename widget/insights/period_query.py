"""A period in an address: read the same way by page, interface and download."""

from datetime import date, timedelta

from marshmallow import ValidationError
from werkzeug.datastructures import MultiDict

from widget.core.problems import FieldError, InvalidFields, flatten_messages
from widget.insights.periods import Period, choose_period
from widget.insights.schemas import PeriodQuery

# Names that stand beside a period in an address and say how to show its figures.
DISPLAY_NAMES = frozenset({"by", "metric", "format", "bom"})
PRESET_DAYS = (7, 28, 90, 365)
_query = PeriodQuery()


def parse_period(args: MultiDict[str, str], today: date) -> Period:
    """Return the period an address names; raise InvalidFields, also for a name that is none."""
    given: dict[str, str] = {}
    for name, values in args.lists():
        said = {value for value in values if value != ""}
        if len(said) > 1:
            raise InvalidFields(errors=[FieldError(f"#/{name}", "Is given twice.")])
        if said and name not in DISPLAY_NAMES:
            given[name] = said.pop()
    try:
        loaded = _query.load(given)
    except ValidationError as error:
        raise InvalidFields(errors=flatten_messages(error.messages)) from error
    return choose_period(loaded.get("from_on"), loaded.get("until_on"), loaded.get("as_of"), today)


def to_query(period: Period) -> dict[str, str]:
    """Return the period as the names and values of an address.

    >>> to_query(Period(date(2026, 5, 1), date(2026, 5, 7), date(2026, 5, 7)))
    {'from': '2026-05-01', 'until': '2026-05-07'}
    """
    query = {"from": period.from_on.isoformat(), "until": period.until_on.isoformat()}
    return query if period.as_of == period.until_on else query | {"as_of": period.as_of.isoformat()}


def list_presets(period: Period, today: date) -> list[tuple[int, dict[str, str], bool]]:
    """Return the usual numbers of days until today, each with its address and whether it is the one shown.

    >>> list_presets(Period(date(2026, 5, 1), date(2026, 5, 7), date(2026, 5, 7)), date(2026, 5, 7))[0]
    (7, {'from': '2026-05-01'}, True)
    """
    presets = []
    for days in PRESET_DAYS:
        from_on = today - timedelta(days=days - 1)
        is_shown = period == Period(from_on, today, today)
        presets.append((days, {"from": from_on.isoformat()}, is_shown))
    return presets
