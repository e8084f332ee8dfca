"""Two filters of one survey, side by side: two periods, or two groups of customers."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from werkzeug.datastructures import MultiDict

from widget.core.problems import FieldError, InvalidFields
from widget.reports.rules import Verdict, judge, score_difference
from widget.surveys.filters import ResponseFilter, parse_filter, to_query
from widget.surveys.models import Survey
from widget.surveys.summaries import Interval, Summary, summarise

SIDES = ("a", "b")
DAYS_COMPARED = 30


@dataclass(frozen=True)
class Comparison:
    """Two summaries and their difference, b - a; None where a side has no scores."""

    a: Summary
    b: Summary
    difference: float | None
    interval: Interval | None
    verdict: Verdict


def compare(survey: Survey, a: ResponseFilter, b: ResponseFilter) -> Comparison:
    """Compare the scores of two filters of a survey."""
    return compare_summaries(summarise(survey, a), summarise(survey, b))


def compare_summaries(a: Summary, b: Summary) -> Comparison:
    """Compare two summaries of a kind."""
    interval = score_difference(a.kind, a.buckets, b.buckets)
    return Comparison(
        a=a,
        b=b,
        difference=None if a.score is None or b.score is None else b.score - a.score,
        interval=interval,
        verdict=judge(a.scored, b.scored, interval),
    )


def parse_sides(survey: Survey, args: MultiDict[str, str]) -> tuple[ResponseFilter, ResponseFilter]:
    """Return the two filters an address names, as `a.from` and `b.from`.

    A name without a side is a condition on both. Raise InvalidFields for a name that is none, by its name.
    """
    sides = []
    for side in SIDES:
        others = tuple(f"{other}." for other in SIDES if other != side)
        own = f"{side}."
        given = [(name, value) for name, value in args.items(multi=True) if not name.startswith(others)]
        own_names = {name.removeprefix(own) for name, value in given if name.startswith(own) and value}
        chosen = [
            (name.removeprefix(own), value) for name, value in given if name.startswith(own) or name not in own_names
        ]
        try:
            sides.append(parse_filter(survey, MultiDict(chosen)))
        except InvalidFields as problem:
            errors = [
                FieldError(f"#/{own}{name}" if name in own_names else error.pointer, error.detail)
                for error in problem.errors
                for name in [error.pointer.removeprefix("#/")]
            ]
            raise InvalidFields(errors=errors) from problem
    return sides[0], sides[1]


def find_days_before(wanted: ResponseFilter, today: date) -> tuple[dict[str, str], dict[str, str]]:
    """Return the queries of as many days before those of a filter and of its own; without any, the last 30 days.

    >>> before, shown = find_days_before(ResponseFilter(), date(2026, 5, 31))
    >>> before["from"], before["until"], shown["from"], shown["until"]
    ('2026-04-02', '2026-05-01', '2026-05-02', '2026-05-31')
    """
    until_on = wanted.until_on or today
    try:
        from_on = wanted.from_on or until_on - timedelta(DAYS_COMPARED - 1)
        if from_on > until_on:
            raise InvalidFields(errors=[FieldError("#/from", "Must not lie after today.")])
        before_on = from_on - timedelta((until_on - from_on).days + 1)
        ended_on = from_on - timedelta(1)
    except OverflowError as error:
        raise InvalidFields(errors=[FieldError("#/from", "There are no such days before.")]) from error
    others = list_others(to_query(wanted))
    before = {**others, "from": before_on.isoformat(), "until": ended_on.isoformat()}
    return before, {**others, "from": from_on.isoformat(), "until": until_on.isoformat()}


def list_others(query: Mapping[str, str]) -> dict[str, str]:
    """Return the conditions of a query that are not days."""
    return {name: value for name, value in query.items() if name not in ("from", "until")}
