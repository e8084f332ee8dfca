"""Reading single values of files: times, yes and no, counts, texts. Pure; raises ValueError that says why."""

import re
from calendar import month_name
from collections.abc import Iterable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

# What `--dates` may say, and what it means for days such as 03/04/2024.
DAY_ORDERS = {
    "day-first": "day-first",
    "month-first": "month-first",
    "dmy": "day-first",
    "mdy": "month-first",
    "ymd": "year-first",
}
ORDINALS = (
    "",
    *("first", "second", "third", "fourth", "fifth", "sixth"),
    *("seventh", "eighth", "ninth", "tenth", "eleventh", "twelfth"),
)
_UNORDERED = re.compile(r"(\d{1,2})([/-])(\d{1,2})\2(\d{4})(.*)", re.DOTALL)
_DOTS = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})(.*)", re.DOTALL)
_YEAR_FIRST = re.compile(r"(\d{4})[/-](\d{1,2})[/-](\d{1,2})(.*)", re.DOTALL)
_CLOCK = re.compile(
    r"[ T]*(?:(\d{1,2})(:\d{2}(?::\d{2}(?:\.\d+)?)?))? ?([ap]m)? ?(Z|UTC|[+-]\d{2}:?\d{2})?", re.IGNORECASE
)
_YES, _NO = frozenset({"yes", "true", "1", "y"}), frozenset({"no", "false", "0", "n"})


class DayOrderUnknown(ValueError):
    """Nobody can tell day and month of a date; the message asks."""


def read_moment(value: Any, day_order: str | None = None) -> datetime:
    """Return a time in UTC, which is also what a time without a zone is taken for.

    Of 03/04/2024 nobody can tell day and month, unless told which comes first.

    >>> for text in ("2024-01-05 10:11:12 +0100", "2024-01-05", "5.1.2024 9:30", "25/01/2024", "1-25-2024 1:05 PM"):
    ...     print(read_moment(text).isoformat())
    2024-01-05T09:11:12+00:00
    2024-01-05T00:00:00+00:00
    2024-01-05T09:30:00+00:00
    2024-01-25T00:00:00+00:00
    2024-01-25T13:05:00+00:00
    >>> read_moment("2024-01-05 10:11:12 UTC").hour
    10
    >>> read_moment("03/04/2024")
    Traceback (most recent call last):
    widget.core.import_values.DayOrderUnknown: Is 03/04/2024 the third of April or the fourth of March? \
Say it with --dates day-first or month-first.
    """
    if not isinstance(value, str):
        raise ValueError("The time must look like 2026-05-31T12:00:00Z.")
    text = value.strip()
    try:
        moment = _parse_date(text, day_order)
        moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except DayOrderUnknown:
        raise
    except (ValueError, OverflowError) as error:
        raise ValueError(f"{text[:40]} is no time: write it like 2026-05-31T12:00:00Z.") from error
    if moment.year < 1970:
        raise ValueError("The time lies before 1970.")
    return moment


def find_day_order(texts: Iterable[str]) -> str | None:
    """Return which comes first in the days of one file, as far as they prove it, None where nothing has to be known.

    One day after the twelfth proves it for all of them; raise DayOrderUnknown where there is none, or one for each.

    >>> find_day_order(["03/04/2024", "25/04/2024"]), find_day_order(["2024-04-03", "4.4.2024", "25/04/2024"])
    ('day-first', None)
    >>> find_day_order(["03/04/2024", "25/04/2024", "04/25/2024"])
    Traceback (most recent call last):
    widget.core.import_values.DayOrderUnknown: Is 03/04/2024 the third of April or the fourth of March? \
Say it with --dates day-first or month-first.
    """
    asked, proven = None, set()
    for text in texts:
        if match := _UNORDERED.fullmatch(text.strip()):
            first, second = int(match[1]), int(match[3])
            if max(first, second) > 12:
                proven.add("day-first" if first > 12 else "month-first")
            elif first != second:
                asked = asked or match
    if asked is None:
        return None
    if len(proven) != 1:
        raise DayOrderUnknown(_ask_for_day_order(asked))
    return proven.pop()


def _parse_date(text: str, day_order: str | None) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        year, month, day, rest = _part_date(text, day_order)
    clock = _CLOCK.fullmatch(rest)
    if clock is None:
        raise ValueError("the time of day cannot be read")
    hour, half = int(clock[1] or 0), (clock[3] or "").lower()
    if half:
        if not 1 <= hour <= 12:
            raise ValueError("there is no such hour")
        hour = hour % 12 + (12 if half == "pm" else 0)
    return datetime.fromisoformat(f"{year:04}-{month:02}-{day:02}T{hour:02}{clock[2] or ':00'}").replace(
        tzinfo=datetime.strptime(clock[4].upper().replace("UTC", "Z"), "%z").tzinfo if clock[4] else None
    )


def _part_date(text: str, day_order: str | None) -> tuple[int, int, int, str]:
    if match := _YEAR_FIRST.fullmatch(text):
        return int(match[1]), int(match[2]), int(match[3]), match[4]
    if match := _DOTS.fullmatch(text):
        return int(match[3]), int(match[2]), int(match[1]), match[4]
    match = _UNORDERED.fullmatch(text)
    if match is None or day_order == "year-first":
        raise ValueError("no date")
    first, second = int(match[1]), int(match[3])
    if day_order is None and first <= 12 and second <= 12 and first != second:
        raise DayOrderUnknown(_ask_for_day_order(match))
    is_day_first = day_order == "day-first" if day_order else first > 12
    day, month = (first, second) if is_day_first else (second, first)
    return int(match[4]), month, day, match[5]


def _ask_for_day_order(match: re.Match[str]) -> str:
    first, mark, second, year = match.groups()[:4]
    one, other = int(first), int(second)
    return (
        f"Is {first}{mark}{second}{mark}{year} the {ORDINALS[one]} of {month_name[other]} "
        f"or the {ORDINALS[other]} of {month_name[one]}? "
        "Say it with --dates day-first or month-first."
    )


def read_flag(value: Any) -> bool:
    """Return yes or no.

    >>> read_flag("Yes"), read_flag(0)
    (True, False)
    """
    text = str(value).strip().lower()
    if text not in _YES | _NO:
        raise ValueError("The value must be yes or no.")
    return text in _YES


def read_count(value: Any) -> int:
    """Return a whole number, also one that is written 2.0.

    >>> read_count("2.0")
    2
    """
    try:
        number = Decimal(str(value).strip())
        if isinstance(value, bool) or number != int(number) or not 0 <= number < 2**31:
            raise ValueError
    except (ValueError, ArithmeticError) as error:
        raise ValueError("The value must be a whole number from 0 to 2147483647.") from error
    return int(number)


def read_text(value: Any, longest: int) -> str:
    """Return a text without spaces around it; raise ValueError for one that cannot be stored.

    >>> read_text(" 0042 ", 10), read_text(42, 10)
    ('0042', '42')
    """
    if isinstance(value, bool) or not isinstance(value, (str, int)):
        raise ValueError("The value must be a text.")
    text = str(value).strip()
    if "\x00" in text:
        raise ValueError("The value must be a text without the NUL character.")
    if len(text) > longest:
        raise ValueError(f"The text has {len(text)} characters; at most {longest} are kept.")
    return text
