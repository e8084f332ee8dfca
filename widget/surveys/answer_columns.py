"""Answers to a survey's questions as columns of a file, the same way out and in.

A column is `answers.<key>`, with `answers.<key>.other` and `answers.<key>.consent` beside it where there is one,
and `answers.outcome` for a quiz. Cells hold ids of choices, several with a semicolon between them: labels change
with version and language, ids do not.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from widget.surveys.answers import CONSENT
from widget.surveys.definitions import PROFILE_TYPES, TYPES_WITH_CHOICES
from widget.surveys.questions import FIXED_SCALES, OTHER, Document

PREFIX = "answers."
OUTCOME = "outcome"
SEVERAL = ";"
_NUMBER_TYPES = frozenset({"scale", *FIXED_SCALES})
_LIST_TYPES = frozenset({"multiple", "interests"})


def list_answer_names(kind: str, definitions: Iterable[Document]) -> list[str]:
    """Return the names of all answers to any version of a survey, by the version first seen, then its order.

    >>> old, new = ({"questions": [{"key": key, "type": "text"}]} for key in ("b", "a"))
    >>> list_answer_names("form", [old, new])
    ['b', 'a']
    """
    names: dict[str, None] = {}
    for definition in definitions:
        for question in definition.get("questions", ()):
            names |= dict.fromkeys(_list_names(question))
    return [*names, OUTCOME] if names and kind == "quiz" else list(names)


def map_types(definitions: Iterable[Document]) -> dict[str, str]:
    """Return what type each answer has by its name: that of its question, or other, or consent.

    >>> map_types([{"questions": [{"key": "born", "type": "birthday"}]}])
    {'born': 'birthday', 'born.consent': 'consent'}
    """
    types: dict[str, str] = {}
    for definition in definitions:
        for question in definition.get("questions", ()):
            key, *parts = _list_names(question)
            types[key] = question["type"]
            types |= {name: name.rpartition(".")[2] for name in parts}
    return types


def spell_cell(value: Any) -> Any:
    """Return an answer as a cell shows it.

    >>> spell_cell(["a", "b"]), spell_cell(True), spell_cell(4), spell_cell(None)
    ('a;b', 'true', 4, None)
    """
    if isinstance(value, list):
        return SEVERAL.join(value)
    return "true" if value is True else value


def read_cell(answer_type: str, cell: Any) -> Any:
    """Return a cell as the answer it spells; what it cannot be stays as it is, for the check to name.

    >>> read_cell("multiple", "a;b"), read_cell("stars", "4"), read_cell("consent", "true"), read_cell("text", "4")
    (['a', 'b'], 4, True, '4')
    """
    if answer_type in _LIST_TYPES and isinstance(cell, str):
        return cell.split(SEVERAL)
    if answer_type in _NUMBER_TYPES and isinstance(cell, str) and cell.strip().isascii() and cell.strip().isdecimal():
        return int(cell)
    if answer_type == CONSENT and isinstance(cell, str):
        return True if cell.strip().lower() == "true" else cell
    if answer_type in TYPES_WITH_CHOICES and isinstance(cell, str):
        return cell.strip()
    return cell


def _list_names(question: Mapping[str, Any]) -> list[str]:
    names: list[str] = [question["key"]]
    if question.get("other"):
        names.append(f"{names[0]}.{OTHER}")
    if question["type"] in PROFILE_TYPES:
        names.append(f"{names[0]}.{CONSENT}")
    return names
