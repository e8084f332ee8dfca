"""Reading single values of a file: times, numbers, texts, hidden fields."""

import re
import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import orjson

from widget.core.importing import RowRefused
from widget.core.page_addresses import strip_page_url
from widget.surveys.models import MAX_COMMENT_LENGTH
from widget.surveys.schemas import MAX_HIDDEN_NAME_LENGTH, MAX_HIDDEN_VALUE_LENGTH

FLAGS = frozenset({"too_fast", "honeypot", "burst"})
_LANGUAGE = re.compile(r"[A-Za-z0-9-]{1,35}")
_PAGE_URL = re.compile(r"https?://\S{1,1990}")


def read_object(column: str, value: Any, called: str) -> dict[str, Any]:
    """Return a JSON object, or the one a cell spells; raise RowRefused, which calls it so."""
    try:
        document = orjson.loads(value) if isinstance(value, str) else value
    except orjson.JSONDecodeError as error:
        raise RowRefused(column, f"{called} are no JSON: {error}.") from error
    if not isinstance(document, dict):
        raise RowRefused(column, f"{called} must be a JSON object.")
    return document


def read_hidden_document(column: str, value: Any) -> dict[str, str]:
    """Return the hidden fields a cell or an object holds; raise RowRefused."""
    document = read_object(column, value, "The hidden fields")
    for name in document:
        if not 1 <= len(name) <= MAX_HIDDEN_NAME_LENGTH or not name.isprintable():
            raise RowRefused(column, f"A field's name has 1 to {MAX_HIDDEN_NAME_LENGTH} printable characters.")
    return {name: read_hidden_value(column, text) for name, text in document.items()}


def read_hidden_value(column: str, value: Any) -> str:
    """Return a hidden field as it is stored; raise RowRefused."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return str(value)
    if not isinstance(value, str) or len(value) > MAX_HIDDEN_VALUE_LENGTH or "\x00" in value:
        raise RowRefused(column, f"The value must be a text of at most {MAX_HIDDEN_VALUE_LENGTH} characters.")
    return value


def _read_time(value: Any) -> datetime:
    try:
        moment = datetime.fromisoformat(value.strip())
        moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, AttributeError, OverflowError) as error:
        raise ValueError("The time must look like 2026-05-31T12:00:00Z.") from error
    if moment.year < 1970:
        raise ValueError("The time lies before 1970.")
    return moment


def _read_whole_number(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        raise TypeError("The value must be a whole number.")
    try:
        number = float(value)
    except ValueError as error:
        raise ValueError("The value must be a whole number.") from error
    if not number.is_integer() or not 0 <= number < 2**31:
        raise ValueError("The value must be a whole number from 0 to 2147483647.")
    return int(number)


def _read_text(value: Any, longest: int) -> str:
    if not isinstance(value, str) or "\x00" in value:
        raise ValueError("The value must be a text without the NUL character.")
    if len(value) > longest:
        raise ValueError(f"The text has {len(value)} characters; at most {longest} are kept.")
    return value


def _read_matching(pattern: re.Pattern[str], value: str, problem: str) -> str:
    if not isinstance(value, str) or not pattern.fullmatch(value):
        raise ValueError(problem)
    return value


def _read_id(value: Any) -> uuid.UUID:
    try:
        return uuid.UUID(value)
    except (ValueError, AttributeError, TypeError) as error:
        raise ValueError("The id must be a UUID.") from error


def _read_customer(value: Any) -> str:
    text = str(value) if isinstance(value, int) else _read_text(value, 200)
    if not text.isprintable():
        raise ValueError("The customer's id must be printable.")
    return text


def _read_flag(value: Any) -> str:
    if value not in FLAGS:
        raise ValueError(f"The flag must be one of: {', '.join(sorted(FLAGS))}.")
    return str(value)


READERS: dict[str, Callable[[Any], Any]] = {
    "id": _read_id,
    "answered_at": _read_time,
    "completed_at": _read_time,
    "score": _read_whole_number,
    "comment": lambda value: _read_text(value, MAX_COMMENT_LENGTH),
    "language": lambda value: _read_matching(
        _LANGUAGE, str(value).replace("_", "-"), "The language must be a tag such as it or en-GB."
    ),
    "page_url": lambda value: strip_page_url(
        _read_matching(_PAGE_URL, value, "The page must be an address of at most 2000 characters.")
    ),
    "customer": _read_customer,
    "flag": _read_flag,
    "elapsed_ms": _read_whole_number,
    "survey_version": _read_whole_number,
}
