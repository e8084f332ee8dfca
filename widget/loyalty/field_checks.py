"""Checks of single values in a document: each returns what is wrong with one, nothing where it is right. Pure."""

import re
from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

LANGUAGE = re.compile(r"[a-z]{2,3}")
KEY = re.compile(r"[a-z0-9_-]{1,40}")
_HTTPS = re.compile(r"https://[^\s\x00-\x1f\"<>]{1,1990}")
MAX_LANGUAGES = 30

# What is wrong, as nested messages that are keyed as the checked document is.
Errors = Any
Check = Callable[[Any], Errors]


def number(low: int, high: int) -> Check:
    """Return the check of a whole number.

    >>> number(1, 9)(10), number(1, 9)(True), number(1, 9)(9)
    (['Must be a whole number from 1 to 9.'], ['Must be a whole number from 1 to 9.'], [])
    """

    def check(value: Any) -> Errors:
        is_right = isinstance(value, int) and not isinstance(value, bool) and low <= value <= high
        return [] if is_right else [f"Must be a whole number from {low} to {high}."]

    return check


def flag(value: Any) -> Errors:
    """Return what is wrong with true or false."""
    return [] if isinstance(value, bool) else ["Must be true or false."]


def one_of(choices: Collection[str]) -> Check:
    """Return the check of a word among some.

    >>> one_of(["day", "week"])("year")
    ['Must be one of: day, week.']
    """

    def check(value: Any) -> Errors:
        is_right = isinstance(value, str) and value in choices
        return [] if is_right else [f"Must be one of: {', '.join(choices)}."]

    return check


def text(longest: int) -> Check:
    """Return the check of a line that is not blank.

    >>> text(5)(" "), text(5)("Gold")
    (['Must be 1 to 5 printable characters.'], [])
    """

    def check(value: Any) -> Errors:
        is_right = isinstance(value, str) and 1 <= len(value.strip()) <= longest and value.isprintable()
        return [] if is_right else [f"Must be 1 to {longest} printable characters."]

    return check


def https_address(value: Any) -> Errors:
    """Return what is wrong with an address that pages may link to."""
    is_right = isinstance(value, str) and _HTTPS.fullmatch(value)
    return [] if is_right else ["Must be an address that begins with https://."]


def moment(value: Any) -> Errors:
    """Return what is wrong with a time.

    >>> moment("2026-05-31T12:00:00Z"), moment("2026-05-31T12:00:00")
    ([], ['Must be a time such as 2026-05-31T12:00:00Z.'])
    """
    wrong = ["Must be a time such as 2026-05-31T12:00:00Z."]
    try:
        at = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        return wrong
    return [] if at.tzinfo is not None and 1970 < at.year < 9000 else wrong


def identifier(value: Any) -> Errors:
    """Return what is wrong with a UUID."""
    try:
        return [] if str(UUID(value)) == value.lower() else ["Must be a UUID."]
    except (AttributeError, TypeError, ValueError):
        return ["Must be a UUID."]


def optional(check: Check) -> Check:
    """Return a check that takes null too."""
    return lambda value: [] if value is None else check(value)


def by_language(check: Check, *, may_be_empty: bool = False) -> Check:
    """Return the check of texts by language.

    >>> by_language(text(40))({"english": "Gold"})
    {'english': ['Must be a language of two or three small letters, such as en.']}
    """

    def check_all(value: Any) -> Errors:
        if not isinstance(value, dict) or not (value or may_be_empty):
            return ["Must be an object of texts."]
        if len(value) > MAX_LANGUAGES:
            return [f"Must be at most {MAX_LANGUAGES} languages."]
        unknown = ["Must be a language of two or three small letters, such as en."]
        found = {name: check(said) if LANGUAGE.fullmatch(name) else unknown for name, said in value.items()}
        return without_empty(found)

    return check_all


def items(check: Check, most: int) -> Check:
    """Return the check of a list, each of whose items is checked.

    >>> items(text(3), 2)(["SKU", "long"])
    {1: ['Must be 1 to 3 printable characters.']}
    """

    def check_all(value: Any) -> Errors:
        if not isinstance(value, list):
            return ["Not a valid list."]
        if len(value) > most:
            return [f"Must be a list of at most {most} items."]
        return without_empty({place: check(item) for place, item in enumerate(value)})

    return check_all


def fields(required: Mapping[str, Check], more: Mapping[str, Check] | None = None) -> Check:
    """Return the check of an object with these fields and no other.

    >>> fields({"points": number(1, 9)})({"point": 1})
    {'points': ['Missing data for required field.'], 'point': ['Unknown field.']}
    """
    known = {**required, **(more or {})}

    def check(value: Any) -> Errors:
        if not isinstance(value, dict):
            return ["Must be an object."]
        found = {name: ["Missing data for required field."] for name in required if name not in value}
        for name, given in value.items():
            found[name] = known[name](given) if name in known else ["Unknown field."]
        return without_empty(found)

    return check


def without_empty(errors: Mapping[Any, Errors]) -> dict[Any, Errors]:
    """Return what is wrong alone."""
    return {name: wrong for name, wrong in errors.items() if wrong}
