"""Reading one row of a file as an answer."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import orjson

from widget.core.importing import ERROR_PREFIX, FileRefused, RowRefused, SourceRow
from widget.surveys.answer_columns import OUTCOME, PREFIX
from widget.surveys.filters import HIDDEN_PREFIX
from widget.surveys.import_answers import AnswerReader
from widget.surveys.import_values import READERS, read_hidden_document, read_hidden_value
from widget.surveys.rules import SCORES
from widget.surveys.schemas import MAX_HIDDEN_NAME_LENGTH

# Columns of ours that follow from others, or from the import itself.
DERIVED = frozenset({"bucket", "source", "tags", f"{PREFIX}{OUTCOME}"})
MAX_FIELDS_A_ROW = 100
CLOCKS_DIFFER_BY = timedelta(days=1)


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
    answers: dict[str, Any]
    survey_version: int

    def as_content(self) -> str:
        """Return what was said, when and by whom as one text: equal answers have equal texts."""
        apart = ("id", "answers", "survey_version")
        values = [getattr(self, name) for name in self.__dataclass_fields__ if name not in apart]
        # Files from before there were questions name their answers as they did.
        values += [self.answers] if self.answers else []
        return orjson.dumps(values, option=orjson.OPT_SORT_KEYS).decode()


class RowReader:
    """Reads rows as answers to a survey; raises RowRefused.

    `mapping` says what columns of the file are called here; an empty name leaves a column out.
    """

    def __init__(
        self, answers: AnswerReader, columns: Sequence[str], mapping: Mapping[str, str], now: datetime
    ) -> None:
        self._answers, self._kind = answers, answers.kind
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
        said: dict[str, tuple[str, Any]] = {}
        for column, value in row.values.items():
            target = self._find_target(column)
            if not target or value is None or value == "":
                continue
            if target == "answers":
                said |= self._answers.open_document(column, value)
            elif target.startswith(PREFIX):
                said[target.removeprefix(PREFIX)] = column, value
            elif target == "hidden":
                hidden |= read_hidden_document(column, value)
            elif target.startswith(HIDDEN_PREFIX):
                hidden[target.removeprefix(HIDDEN_PREFIX)] = read_hidden_value(column, value)
            else:
                given[target] = self._read_value(target, column, value)
        if len(hidden) > MAX_FIELDS_A_ROW:
            raise RowRefused("", f"The row has more than {MAX_FIELDS_A_ROW} hidden fields.")
        given["survey_version"], given["answers"] = self._answers.read(given, said)
        return self._build(given, hidden, tells_completion=self._tells_completion or "completed_at" in row.values)

    def _build(self, given: dict[str, Any], hidden: dict[str, str], *, tells_completion: bool) -> ImportedResponse:
        if "answered_at" not in given:
            raise RowRefused("answered_at", "The time is missing.")
        if given.get("score") is None and not given.get("comment") and not given["answers"]:
            raise RowRefused("score", "The row has neither a score nor a comment, and no other answer.")
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
            if target and not self._is_ours(target) and not _is_field(target):
                raise FileRefused(f"The map names {target}, which is no column of ours: write hidden.{target}?")
        else:
            plain = column.lower().replace(" ", "_")
            is_ours = self._is_ours(plain) or plain in DERIVED
            target = plain if is_ours else column if _is_field(column) else HIDDEN_PREFIX + column
        if target in DERIVED or not column or column.startswith(ERROR_PREFIX):
            return ""
        if target.startswith(PREFIX) and not self._answers.knows(target.removeprefix(PREFIX)):
            raise FileRefused(f'The survey has no answer called {target}: leave the column out with a map to "".')
        name = target.removeprefix(HIDDEN_PREFIX)
        if len(name) > MAX_HIDDEN_NAME_LENGTH or not name.isprintable():
            raise FileRefused(f"A column's name is too long or not printable: {name[:80]!r}.")
        return target

    @staticmethod
    def _is_ours(name: str) -> bool:
        return name in ("hidden", "answers") or name in READERS or (name.startswith(PREFIX) and name != PREFIX)

    def _read_value(self, target: str, column: str, value: Any) -> Any:
        try:
            read = READERS[target](value)
        except (ValueError, TypeError, OverflowError) as error:
            raise RowRefused(column, str(error)) from error
        if target == "score" and read not in (scale := SCORES[self._kind]):
            message = f"The score must be between {scale[0]} and {scale[-1]}." if scale else "The survey has no score."
            raise RowRefused(column, message)
        if target in ("answered_at", "completed_at") and read > self._latest:
            raise RowRefused(column, "The time lies in the future.")
        return read


def _is_field(target: str) -> bool:
    return target.startswith(HIDDEN_PREFIX) and target != HIDDEN_PREFIX
