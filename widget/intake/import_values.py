"""Reading single values of order files: amounts, times, yes and no, texts. Pure; raises ValueError that says why."""

import re
from calendar import month_name
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from widget.core.money import count_digits, to_minor

DAY_ORDERS = ("day-first", "month-first")
ORDINALS = (
    "",
    *("first", "second", "third", "fourth", "fifth", "sixth"),
    *("seventh", "eighth", "ninth", "tenth", "eleventh", "twelfth"),
)
# What nearly every file has; read without more ado, for an import is mostly amounts.
_USUAL = re.compile(r"(\d{1,12})\.(\d{2})")
_PLAIN = re.compile(r"-?\d+(\.\d+)?")
_GROUPED = re.compile(r"-?\d{1,3}(?:([ .,'])\d{3})(?:\1\d{3})*(?:([.,])\d+)?")
_COMMA = re.compile(r"-?\d+,\d+")
_ONE_MARK = re.compile(r"-?[1-9]\d{0,2}[.,]\d{3}")
_SLASHES = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})(.*)", re.DOTALL)
_DOTS = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})(.*)", re.DOTALL)
_YEAR_FIRST = re.compile(r"(\d{4})/(\d{1,2})/(\d{1,2})(.*)", re.DOTALL)
_CLOCK = re.compile(r"[ T]*(\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)? ?(Z|UTC|[+-]\d{2}:?\d{2})?")
_YES, _NO = frozenset({"yes", "true", "1", "y"}), frozenset({"no", "false", "0", "n"})


def read_amount(value: Any, currency: str) -> int:
    """Return an amount in minor units, with a decimal point or comma, and with thousands apart or not.

    >>> [read_amount(text, "EUR") for text in ("12.30", "12,3", "1.234,50", "1,234.50", "1 234,50", "0.125")]
    [1230, 1230, 123450, 123450, 123450, 13]
    >>> read_amount("1.234", "EUR")
    Traceback (most recent call last):
    ValueError: Is 1.234 more than a thousand, or a little more than 1? Write 1234, or 1.2340.
    """
    if isinstance(value, str) and (usual := _USUAL.fullmatch(value)) and count_digits(currency) == 2:
        return int(usual[1] + usual[2])
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        raise ValueError("The value must be an amount.")
    # Spaces that keep the thousands together, as spreadsheets write them.
    text = str(value).strip().replace("\u00a0", " ").replace("\u202f", " ")
    if _ONE_MARK.fullmatch(text) and isinstance(value, str) and not ("." in text and count_digits(currency) == 3):
        whole, mark, rest = text.replace(",", ".").partition(".")
        raise ValueError(
            f"Is {text} more than a thousand, or a little more than {whole}? "
            f"Write {whole}{rest}, or {whole}{mark}{rest}0."
        )
    if not isinstance(value, str) or _PLAIN.fullmatch(text):
        plain = text
    elif _COMMA.fullmatch(text):
        plain = text.replace(",", ".")
    elif (grouped := _GROUPED.fullmatch(text)) and grouped[1] != grouped[2]:
        plain = text.replace(grouped[1], "")
        plain = plain.replace(grouped[2], ".") if grouped[2] else plain
    else:
        raise ValueError(f"{text[:40]} is no amount: write it like 1234.50, without a currency sign.")
    try:
        minor = to_minor(Decimal(plain), currency)
    except (ValueError, ArithmeticError) as error:
        raise ValueError("This is no amount of money.") from error
    if minor < 0:
        raise ValueError("The amount is below zero.")
    return minor


def read_moment(value: Any, day_order: str | None = None) -> datetime:
    """Return a time in UTC, which is also what a time without a zone is taken for.

    Of 03/04/2024 nobody can tell day and month, unless told which comes first.

    >>> for text in ("2024-01-05 10:11:12 +0100", "2024-01-05", "5.1.2024 9:30", "25/01/2024"):
    ...     print(read_moment(text).isoformat())
    2024-01-05T09:11:12+00:00
    2024-01-05T00:00:00+00:00
    2024-01-05T09:30:00+00:00
    2024-01-25T00:00:00+00:00
    >>> read_moment("03/04/2024")
    Traceback (most recent call last):
    ValueError: Is 03/04/2024 the third of April or the fourth of March? Say it with --dates day-first or month-first.
    """
    if not isinstance(value, str):
        raise ValueError("The time must look like 2026-05-31T12:00:00Z.")
    text = value.strip()
    try:
        moment = _parse_date(text, day_order)
        moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except _DayOrderUnknown as error:
        raise ValueError(str(error)) from error
    except (ValueError, OverflowError) as error:
        raise ValueError(f"{text[:40]} is no time: write it like 2026-05-31T12:00:00Z.") from error
    if moment.year < 1970:
        raise ValueError("The time lies before 1970.")
    return moment


class _DayOrderUnknown(ValueError):
    pass


def _parse_date(text: str, day_order: str | None) -> datetime:
    if match := _YEAR_FIRST.fullmatch(text):
        year, month, day = map(int, match.groups()[:3])
    elif match := _DOTS.fullmatch(text):
        day, month, year = map(int, match.groups()[:3])
    elif match := _SLASHES.fullmatch(text):
        first, second, year = map(int, match.groups()[:3])
        if day_order is None and first <= 12 and second <= 12 and first != second:
            raise _DayOrderUnknown(_ask_for_day_order(match.group(1), match.group(2), year))
        is_day_first = day_order == "day-first" if day_order else first > 12
        day, month = (first, second) if is_day_first else (second, first)
    else:
        return datetime.fromisoformat(text)
    clock = _CLOCK.fullmatch(match.group(4))
    if clock is None:
        raise ValueError("the time of day cannot be read")
    return datetime.fromisoformat(f"{year:04}-{month:02}-{day:02}T{(clock[1] or '00:00').zfill(5)}").replace(
        tzinfo=datetime.strptime(clock[2].replace("UTC", "Z"), "%z").tzinfo if clock[2] else None
    )


def _ask_for_day_order(first: str, second: str, year: int) -> str:
    one, other = int(first), int(second)
    return (
        f"Is {first}/{second}/{year} the {ORDINALS[one]} of {month_name[other]} "
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
