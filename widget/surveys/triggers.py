"""When a survey is asked: what a store page must know to decide, and what the server decides from its events."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from widget.core.page_addresses import compile_rules
from widget.customers.models import CustomerEvent
from widget.surveys.published import PublishedSurvey
from widget.surveys.rules import SAMPLE_RANGE, draw_order

REASK_DAYS_UNTIL_ANSWERED = 7
# Who comes back later than this after an event is not asked about it any more; the page's script has the same.
LATEST_AFTER_DUE = timedelta(days=30)

# What stands for itself in a boot document: it is left out there.
_DEFAULTS = {
    "display": "sheet",
    "urls": None,
    "seconds": 0,
    "scroll": 0,
    "event": None,
    "sample": None,
    "repeat_days": None,
    "more": None,
}
_OF_EVENTS = {"event_properties", "event_source", "event_delay_seconds"}
_NUMBER = re.compile(r"-?\d+(\.\d+)?")


def build_trigger(survey: PublishedSurvey) -> dict[str, Any]:
    """Return what a store page must know to decide whether the survey is due, without what is usual.

    `more` holds the rarer conditions, and only for those the page loads the module that knows them.
    """
    more = _find_more(survey)
    is_event_rare = more is not None and "event" in more
    trigger = {
        "id": str(survey.id),
        "display": survey.display,
        "urls": compile_rules(survey.url_rules),
        "seconds": survey.after_seconds,
        "scroll": survey.scroll_percent,
        "event": None if is_event_rare else survey.event_name,
        "sample": _find_sample(survey),
        "repeat_days": survey.repeat_days,
        "more": more,
    }
    if survey.asks_until_answered and survey.repeat_days is None:
        trigger["repeat_days"] = REASK_DAYS_UNTIL_ANSWERED
    return {name: value for name, value in trigger.items() if name == "id" or value != _DEFAULTS[name]}


def _find_sample(survey: PublishedSurvey) -> tuple[int, int, int] | None:
    """Return what the page needs to tell whether a visitor is in the sample, None where everybody is."""
    points = survey.sample_basis_points
    return None if points == SAMPLE_RANGE else (*draw_order(str(survey.id)), points)


def _find_more(survey: PublishedSurvey) -> dict[str, Any] | None:
    more = {name: value for name, value in survey.gates.items() if value is not False}
    if more.get("event_delay_seconds") == 0:
        del more["event_delay_seconds"]
    if survey.event_name is None:
        for name in _OF_EVENTS:
            more.pop(name, None)
    elif more.keys() & _OF_EVENTS:
        more["event"] = survey.event_name
    if "referrers" in more:
        more["referrers"] = compile_rules(more["referrers"])
    if "segments" in more:
        # Who is in which segment stays here: a customer's session says which surveys it allows.
        more["segments"] = True
    if survey.asks_until_answered:
        more["until_answered"] = True
    return more if more or survey.display == "tab" else None


def is_waiting_for_server(survey: PublishedSurvey) -> bool:
    """Tell whether a live survey waits for an event that the store's server names."""
    return survey.state == "live" and survey.gates.get("event_source") == "server" and survey.event_name is not None


def event_delay(survey: PublishedSurvey) -> timedelta:
    """Return how long after its event a survey is asked."""
    return timedelta(seconds=survey.gates.get("event_delay_seconds", 0))


def find_due_at(
    survey: PublishedSurvey, events: Iterable[CustomerEvent], asked_at: datetime | None, now: datetime
) -> datetime | None:
    """Return when the first event that was not asked about yet made or will make the survey due.

    Events from before the survey was published count for nothing, nor do those it came too late for.
    """
    conditions = survey.gates.get("event_properties", [])
    due = [
        event.happened_at + event_delay(survey)
        for event in events
        if event.name == survey.event_name
        and (survey.published_at is None or event.happened_at > survey.published_at)
        and matches_properties(conditions, event.properties)
    ]
    waiting = [time for time in due if time > now - LATEST_AFTER_DUE and (asked_at is None or time > asked_at)]
    return min(waiting, default=None)


def read_amount(text: str) -> float | None:
    """Return the number a page or a store wrote, as people write it too, or None.

    >>> [read_amount(text) for text in ("49.9", "49,90", "€ 1.234,50", "$1,234.50", "1,234", "1.234.567", "-3", "")]
    [49.9, 49.9, 1234.5, 1234.5, 1234.0, 1234567.0, -3.0, None]
    """
    plain = re.sub(r"[^\d.,-]", "", text).strip(".,")
    if not _NUMBER.fullmatch(plain):
        comma, dot = plain.rfind(","), plain.rfind(".")
        # The last separator is the decimal one, unless it is the only kind and looks like a thousands separator.
        last = max(comma, dot)
        is_decimal = (comma >= 0 and dot >= 0) or (plain.count(",") == 1 and len(plain) - last <= 3)
        whole, fraction = (plain[:last], plain[last + 1 :]) if is_decimal else (plain, "")
        plain = re.sub(r"[.,]", "", whole) + (f".{fraction}" if fraction else "")
    return float(plain) if _NUMBER.fullmatch(plain) else None


def matches_properties(conditions: Sequence[Sequence[str]], properties: Mapping[str, Any]) -> bool:
    """Tell whether an event's properties meet every condition; the page's script has the same rule.

    >>> matches_properties([["total", "at_least", "50"]], {"total": "50,00", "carrier": "post"})
    True
    >>> matches_properties([["carrier", "is_not", "post"]], {}), matches_properties([["total", "at_most", "9"]], {})
    (True, False)
    """
    return all(_meets(how, text, properties.get(name)) for name, how, text in conditions)


def _meets(how: str, text: str, value: Any) -> bool:
    said = "" if value is None else str(value)
    if how == "is":
        return value is not None and said == text
    if how == "is_not":
        return said != text
    if how == "contains":
        return value is not None and text in said
    amount, wanted = read_amount(said), read_amount(text)
    if amount is None or wanted is None:
        return False
    return amount >= wanted if how == "at_least" else amount <= wanted
