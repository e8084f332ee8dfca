"""What answering a survey costs a shopper: questions along the branches, seconds, and bytes to fetch."""

import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import brotli
import orjson

from widget.core.static_files import SCRIPTS
from widget.surveys.content import build_content
from widget.surveys.definitions import list_condition_values
from widget.surveys.published import PublishedSurvey
from widget.surveys.questions import Document, is_met
from widget.surveys.rules import BUCKETS

# Silent reading: Brysbaert, "How many words do we read per minute?", Journal of Memory and Language 109, 2019.
WORDS_READ_PER_SECOND = 238 / 60
# Typing on a phone: Palin and others, "How do people type on mobile devices?", MobileHCI 2019 (36 words a minute).
WORDS_TYPED_PER_SECOND = 36 / 60
# Our own assumptions: finding and touching a choice, and how much people write.
SECONDS_TO_CHOOSE = 2
WORDS_WRITTEN = {False: 5, True: 15}
_IMPORT = re.compile(r'\bfrom ?"([^"]+)"')
_ELEMENT, _TAB, _QUESTIONS = "surveys/survey-element.js", "surveys/survey-tab.js", "surveys/questions-run.js"


@dataclass(frozen=True)
class Cost:
    """How many questions are asked at least and at most, how long the longest way takes, and what is fetched."""

    least: int
    most: int
    seconds: int
    bytes: int


def estimate_cost(survey: PublishedSurvey) -> Cost:
    """Return what answering costs in the survey's default language.

    A question takes the time to read its words and those of its choices, and to choose or to write; the sources
    stand above. Bytes are those of the modules and texts as a browser fetches them, compressed with brotli.
    """
    content = build_content(survey, survey.default_language)
    least, most, seconds = measure_ways(survey.kind, content)
    modules = [_ELEMENT]
    modules += [_TAB] if survey.display == "tab" else []
    modules += [_QUESTIONS] if content.get("questions") else []
    fetched = len(brotli.compress(orjson.dumps(content), quality=5)) + count_module_bytes(modules)
    return Cost(least, most, round(seconds), fetched)


def measure_ways(kind: str, content: Document) -> tuple[int, int, float]:
    """Return the fewest and the most questions of any way through a survey, and the seconds of the longest.

    >>> why = {"key": "q1", "type": "text", "ask_if": [{"question": "score", "in": ["detractor"]}]}
    >>> measure_ways("nps", {"questions": [why], "comment_if": [{"question": "score", "in": []}]})[:2]
    (1, 2)
    """
    questions = content.get("questions", ())
    if not BUCKETS[kind]:
        return _measure(questions, 0, {})
    ways = []
    for bucket in BUCKETS[kind]:
        said = {"score": bucket}
        least, most, seconds = _measure(questions, 0, said)
        seconds += _read(content.get("question", "")) + SECONDS_TO_CHOOSE
        if is_met(content.get("comment_if", ()), said):
            asked = content.get("follow_up", {}).get(bucket, "")
            least, most, seconds = least + 1, most + 1, seconds + _read(asked) + _write(is_long=True)
        ways.append((least + 1, most + 1, seconds))
    return _join(ways)


def count_module_bytes(modules: Iterable[str]) -> int:
    """Return the bytes of scripts and of everything they import, as a browser fetches them."""
    needed: set[str] = set()
    for module in modules:
        needed |= _list_imported(module)
    return sum(_count_bytes(path) for path in needed)


def _measure(questions: Any, place: int, said: Mapping[str, Any]) -> tuple[int, int, float]:
    if place == len(questions):
        return 0, 0, 0.0
    question = questions[place]
    if not is_met(question.get("ask_if", ()), said):
        return _measure(questions, place + 1, said)
    ways = [
        _measure(questions, place + 1, {**said, question["key"]: value})
        for value in _list_telling_answers(question, questions[place + 1 :])
    ]
    least, most, seconds = _join(ways)
    return least + 1, most + 1, seconds + _time(question)


def _list_telling_answers(question: Document, later: Any) -> list[Any]:
    """Return answers that between them open every way: one for each set of later conditions that they meet."""
    conditions = [
        condition["in"]
        for follower in later
        for condition in follower.get("ask_if", ())
        if condition["question"] == question["key"]
    ]
    values = list_condition_values(question)
    candidates: list[Any] = [*values, *([] if question.get("required") and values else [None])]
    if question["type"] in ("multiple", "interests"):
        candidates = [*([value] for value in values), values[: question.get("max_choices")], *candidates[len(values) :]]
    met = {tuple(_is_any_in(candidate, wanted) for wanted in conditions): candidate for candidate in candidates}
    return list(met.values())


def _is_any_in(answer: Any, wanted: list[Any]) -> bool:
    return any(value in wanted for value in (answer if isinstance(answer, list) else [answer]))


def _join(ways: list[tuple[int, int, float]]) -> tuple[int, int, float]:
    return min(way[0] for way in ways), max(way[1] for way in ways), max(way[2] for way in ways)


def _time(question: Document) -> float:
    words = " ".join(_list_words(question))
    if question["type"] == "text":
        return _read(words) + _write(is_long=question.get("long", False))
    return _read(words) + SECONDS_TO_CHOOSE


def _list_words(question: Document) -> Iterator[str]:
    for name in ("question", "hint", "consent", "other"):
        yield str(question.get(name) or "")
    for choice in question.get("choices", ()):
        yield choice["label"]


def _read(text: str) -> float:
    return len(text.split()) / WORDS_READ_PER_SECOND


def _write(*, is_long: bool) -> float:
    return WORDS_WRITTEN[is_long] / WORDS_TYPED_PER_SECOND


@cache
def _list_imported(module: str) -> frozenset[str]:
    body = SCRIPTS.find_body(module)
    found = _IMPORT.findall(body.plain.decode()) if body else []
    paths = [posixpath.normpath(posixpath.join(posixpath.dirname(module), name)) for name in found]
    return frozenset({module}).union(*map(_list_imported, paths))


@cache
def _count_bytes(path: str) -> int:
    body = SCRIPTS.find_body(path)
    return len(body.brotli) if body else 0
