"""Reading the answers to a survey's questions from a file, by the version that the row names."""

from collections.abc import Mapping
from typing import Any

from widget.core.importing import RowRefused
from widget.surveys.answer_columns import OUTCOME, map_types, read_cell
from widget.surveys.answers import add_outcome, find_answer_errors, tidy_answers
from widget.surveys.import_values import read_object
from widget.surveys.models import Survey
from widget.surveys.questions import Document
from widget.surveys.versions import map_definitions

# An answer's column in the file, and what stands there.
Cell = tuple[str, Any]


class AnswerReader:
    """Reads what rows say to the questions of one survey, in all its versions."""

    def __init__(self, kind: str, version: int, definitions: Mapping[int, Document]) -> None:
        self.kind = kind
        self._version, self._definitions = version, definitions
        self._types = map_types(definitions.values())

    @classmethod
    def of(cls, survey: Survey) -> "AnswerReader":
        """Return the reader for a survey."""
        return cls(survey.kind, survey.version, map_definitions(survey))

    def knows(self, name: str) -> bool:
        """Tell whether any version of the survey takes an answer of this name."""
        return name in self._types or name == OUTCOME

    def open_document(self, column: str, value: Any) -> dict[str, Cell]:
        """Return the answers of a JSON object, or of a cell that spells one; raise RowRefused."""
        document = read_object(column, value, "The answers")
        return {name: (column, answer) for name, answer in document.items()}

    def read(self, given: Mapping[str, Any], said: Mapping[str, Cell]) -> tuple[int, dict[str, Any]]:
        """Return the version a row answers and its answers; raise RowRefused.

        A version that this survey never had, as in the file of another one, is read as the present one. What a
        question requires is not asked of a file: its answers were given elsewhere.
        """
        named = given.get("survey_version")
        version: int = named if named is not None and named in self._definitions else self._version
        read = {name: read_cell(self._types.get(name, ""), value) for name, (_, value) in said.items()}
        answers = tidy_answers({name: value for name, value in read.items() if name != OUTCOME})
        if not answers:
            return version, {}
        definition = self._definitions[version]
        answers |= {"score": given["score"]} if given.get("score") is not None else {}
        for name, problem in find_answer_errors(self.kind, definition, answers, completed=False).items():
            raise RowRefused(said[name][0] if name in said else name, problem)
        return version, add_outcome(self.kind, definition, answers)
