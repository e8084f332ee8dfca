"""Reading one row of a file as an answer."""

import re
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson

from widget.core.importing import ERROR_PREFIX, FileRefused, RowRefused, SourceRow
from widget.surveys.filters import HIDDEN_PREFIX
from widget.surveys.models import MAX_COMMENT_LENGTH
from widget.surveys.rules import SCORES, strip_page_url
from widget.surveys.schemas import MAX_HIDDEN_NAME_LENGTH, MAX_HIDDEN_VALUE_LENGTH

# Columns of ours that follow from others, or from the import itself.
DERIVED = frozenset({"bucket", "source"})
FLAGS = frozenset({"too_fast", "honeypot", "burst"})
MAX_FIELDS_A_ROW = 100
CLOCKS_DIFFER_BY = timedelta(days=1)
_LANGUAGE = re.compile(r"[A-Za-z0-9-]{1,35}")
_PAGE_URL = re.compile(r"https?://\S{1,1990}")


@dataclass(frozen=True)
class ImportedResponse:
    """One answer of a file; `id` is the one the file gives, if it does."""

    id: uuid.UUID | None
    answered_at: datetime
    completed_at: datetime | None
    score: int | None
    comment: str | None
    language: str | None
    page_url: str | None
    customer: str | None
    flag: str | None
    elapsed_ms: int | None
    hidden: dict[str, str]

    def as_content(self) -> str:
        """Return everything but the id as one text: equal answers have equal texts."""
        values = (getattr(self, name) for name in self.__dataclass_fields__ if name != "id")
        return orjson.dumps(list(values), option=orjson.OPT_SORT_KEYS).decode()


class RowReader:
    """Reads rows as answers to a survey of one kind; raises RowRefused.

    `mapping` says what columns of the file are called here; an empty name leaves a column out.
    """

    def __init__(self, kind: str, columns: Sequence[str], mapping: Mapping[str, str], now: datetime) -> None:
        self._kind = kind
        self._latest = now + CLOCKS_DIFFER_BY
        self._mapping = {name.strip(): target.strip() for name, target in mapping.items()}
        self._targets: dict[str, str] = {}
        missing = self._mapping.keys() - set(columns)
        if columns and missing:
            raise FileRefused(f"The map names a column that the file does not have: {min(missing)}.")
        targets = [target for name in columns if (target := self._find_target(name))]
        twice = {target for target in targets if targets.count(target) > 1}
        if twice:
            raise FileRefused(f"Two columns would be {min(twice)}.")
        if columns and "answered_at" not in targets:
            raise FileRefused(
                "No column is called answered_at. Name the one that holds the time with a map: "
                '{"their column": "answered_at"}.'
            )
        # Files of others know only finished answers; ours say which are.
        self._tells_completion = "completed_at" in targets

    def read(self, row: SourceRow) -> ImportedResponse:
        """Return the answer a row holds; raise RowRefused."""
        given: dict[str, Any] = {}
        hidden: dict[str, str] = {}
        for column, value in row.values.items():
            target = self._find_target(column)
            if not target or value is None or value == "":
                continue
            if target == "hidden":
                hidden |= _read_hidden_document(column, value)
            elif target.startswith(HIDDEN_PREFIX):
                hidden[target.removeprefix(HIDDEN_PREFIX)] = _read_hidden_value(column, value)
            else:
                given[target] = self._read_value(target, column, value)
        if len(hidden) > MAX_FIELDS_A_ROW:
            raise RowRefused("", f"The row has more than {MAX_FIELDS_A_ROW} hidden fields.")
        return self._build(given, hidden, tells_completion=self._tells_completion or "completed_at" in row.values)

    def _build(self, given: dict[str, Any], hidden: dict[str, str], *, tells_completion: bool) -> ImportedResponse:
        if "answered_at" not in given:
            raise RowRefused("answered_at", "The time is missing.")
        if given.get("score") is None and not given.get("comment"):
            raise RowRefused("score", "The row has neither a score nor a comment.")
        if not tells_completion:
            given["completed_at"] = given["answered_at"]
        values: dict[str, Any] = {name: given.get(name) for name in ImportedResponse.__dataclass_fields__}
        values["hidden"] = hidden
        return ImportedResponse(**values)

    def _find_target(self, column: str) -> str:
        """Return what a column of the file is here: a name of ours, hidden.<name>, or empty for nothing."""
        known = self._targets.get(column)
        if known is None:
            known = self._targets[column] = self._name_target(column)
        return known

    def _name_target(self, column: str) -> str:
        target = self._mapping.get(column)
        if target is not None:
            if target and target != "hidden" and target not in _READERS and not _is_field(target):
                raise FileRefused(f"The map names {target}, which is no column of ours: write hidden.{target}?")
        else:
            plain = column.lower().replace(" ", "_")
            is_ours = plain in _READERS or plain in DERIVED or plain == "hidden"
            target = plain if is_ours else column if _is_field(column) else HIDDEN_PREFIX + column
        if target in DERIVED or not column or column.startswith(ERROR_PREFIX):
            return ""
        name = target.removeprefix(HIDDEN_PREFIX)
        if len(name) > MAX_HIDDEN_NAME_LENGTH or not name.isprintable():
            raise FileRefused(f"A column's name is too long or not printable: {name[:80]!r}.")
        return target

    def _read_value(self, target: str, column: str, value: Any) -> Any:
        try:
            read = _READERS[target](value)
        except (ValueError, TypeError, OverflowError) as error:
            raise RowRefused(column, str(error)) from error
        if target == "score" and read not in SCORES[self._kind]:
            scale = SCORES[self._kind]
            raise RowRefused(column, f"The score must be between {scale[0]} and {scale[-1]}.")
        if target in ("answered_at", "completed_at") and read > self._latest:
            raise RowRefused(column, "The time lies in the future.")
        return read


def _is_field(target: str) -> bool:
    return target.startswith(HIDDEN_PREFIX) and target != HIDDEN_PREFIX


def _read_hidden_document(column: str, value: Any) -> dict[str, str]:
    try:
        document = orjson.loads(value) if isinstance(value, str) else value
    except orjson.JSONDecodeError as error:
        raise RowRefused(column, f"The hidden fields are no JSON: {error}.") from error
    if not isinstance(document, dict):
        raise RowRefused(column, "The hidden fields must be a JSON object.")
    for name in document:
        if not 1 <= len(name) <= MAX_HIDDEN_NAME_LENGTH or not name.isprintable():
            raise RowRefused(column, f"A field's name has 1 to {MAX_HIDDEN_NAME_LENGTH} printable characters.")
    return {name: _read_hidden_value(column, text) for name, text in document.items()}


def _read_hidden_value(column: str, value: Any) -> str:
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


_READERS: dict[str, Callable[[Any], Any]] = {
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
}
