"""What a survey has asked beside its score, in every version of it: wording, choices, and who was asked.

Answers keep the version they were given to. Figures are put together over all versions, under the wording of
today, and say where it was another.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from widget.surveys import queries
from widget.surveys.models import Survey
from widget.surveys.texts import UI_TEXTS

SCALES = frozenset({"scale", "stars", "emoji"})
CHOICES = frozenset({"single", "multiple", "interests"})
OTHER = "other"


@dataclass(frozen=True)
class Version:
    """One version of a survey's questions; `ended_at` is None for the one asked now."""

    number: int
    definition: Mapping[str, Any]
    texts: Mapping[str, Any]
    default_language: str
    ended_at: datetime | None

    def find_text(self, *path: str, language: str | None = None) -> str | None:
        """Return an own text in a language, else in the default one, else None."""
        for chosen in dict.fromkeys((language, self.default_language)):
            text: Any = self.texts.get(chosen or "", {})
            for name in path:
                text = text.get(name) if isinstance(text, Mapping) else None
            if isinstance(text, str) and text:
                return text
        return None

    def list_questions(self) -> Sequence[Mapping[str, Any]]:
        """Return the questions' definitions, in order."""
        return self.definition.get("questions") or ()

    def word_question(self, key: str, language: str | None = None) -> str:
        """Return how a question was asked; its key where it has no text."""
        return self.find_text("questions", key, "question", language=language) or key

    def word_choice(self, key: str, choice: str, language: str | None = None) -> str:
        """Return how a choice of a question was called; its id where it has no text."""
        if choice != OTHER:
            return self.find_text("questions", key, "choices", choice, language=language) or choice
        own = self.find_text("questions", key, OTHER, language=language) or self.find_text(
            "ui", OTHER, language=language
        )
        return own or UI_TEXTS.get(language or self.default_language, UI_TEXTS["en"])[OTHER]


class Wording(NamedTuple):
    """How a question was worded once, and until when."""

    text: str
    ended_at: datetime


@dataclass(frozen=True)
class AskedQuestion:
    """One question with everything it was; `audiences` are (versions, their ask_if) pairs."""

    key: str
    type: str
    wording: str
    is_asked_now: bool
    earlier: tuple[Wording, ...]
    choices: tuple[tuple[str, str], ...]
    audiences: tuple[tuple[tuple[int, ...], tuple[Mapping[str, Any], ...]], ...]


def list_versions(survey: Survey) -> Sequence[Version]:
    """Return a survey's versions, the one asked now first."""
    kept = [version for version in queries.list_versions(survey) if version.version <= survey.version]
    versions = []
    ended_at = None
    if not kept or kept[0].version != survey.version:
        versions.append(Version(survey.version, survey.definition, survey.texts, survey.default_language, None))
        ended_at = survey.published_at or survey.created_at
    for row in kept:
        versions.append(Version(row.version, row.definition, row.texts, row.default_language, ended_at))
        ended_at = row.created_at
    return versions


def list_asked(versions: Sequence[Version]) -> Sequence[AskedQuestion]:
    """Return every question that any version asks: those of today in their order, then those of old.

    A key that changed its type is two questions: their answers cannot be counted together.
    """
    kinds: dict[tuple[str, str], None] = {}
    for version in versions:
        kinds |= {(question["key"], question["type"]): None for question in version.list_questions()}
    return [_describe(key, question_type, versions) for key, question_type in kinds]


def _describe(key: str, question_type: str, versions: Sequence[Version]) -> AskedQuestion:
    asked = list(_list_askings(key, question_type, versions))
    newest = asked[0][0]
    wording = newest.word_question(key)
    audiences: dict[str, tuple[list[int], tuple[Mapping[str, Any], ...]]] = {}
    for version, question in asked:
        conditions = tuple(question.get("ask_if") or ())
        audiences.setdefault(repr(conditions), ([], conditions))[0].append(version.number)
    return AskedQuestion(
        key=key,
        type=question_type,
        wording=wording,
        is_asked_now=newest.ended_at is None,
        earlier=tuple(_list_earlier(key, wording, [version for version, _ in asked])),
        choices=tuple(_list_choices(key, asked).items()),
        audiences=tuple((tuple(numbers), conditions) for numbers, conditions in audiences.values()),
    )


def _list_askings(
    key: str, question_type: str, versions: Iterable[Version]
) -> Iterator[tuple[Version, Mapping[str, Any]]]:
    for version in versions:
        for question in version.list_questions():
            if question["key"] == key and question["type"] == question_type:
                yield version, question


def _list_earlier(key: str, wording: str, versions: Iterable[Version]) -> Iterator[Wording]:
    """Yield the wordings before the present one, the latest first, each once."""
    seen = {wording}
    for version in versions:
        text = version.word_question(key)
        if text not in seen and version.ended_at is not None:
            seen.add(text)
            yield Wording(text, version.ended_at)


def _list_choices(key: str, asked: Sequence[tuple[Version, Mapping[str, Any]]]) -> dict[str, str]:
    """Return what could be answered, by value, with its label: of today first, then what is no longer offered."""
    choices: dict[str, str] = {}
    for version, question in asked:
        if question["type"] in SCALES:
            low, high = question.get("min", 1), question.get("max", 5)
            offered = [str(value) for value in range(low, high + 1)]
        else:
            offered = [choice["id"] for choice in question.get("choices") or ()]
            offered += [OTHER] if question.get("other") else []
        for value in offered:
            is_number = question["type"] in SCALES
            choices.setdefault(value, value if is_number else version.word_choice(key, value))
    is_scale = asked[0][1]["type"] in SCALES
    return dict(sorted(choices.items(), key=lambda choice: int(choice[0]))) if is_scale else choices
