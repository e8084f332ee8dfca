"""What an owner's texts may be, and which a survey still lacks.

Pure. What is wrong comes as nested messages, keyed as the texts are, so that each has its JSON pointer.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from widget.surveys.definitions import PROFILE_TYPES
from widget.surveys.questions import Document, scale_of
from widget.surveys.rules import BUCKETS
from widget.surveys.texts import SURVEY_TEXTS, UI_TEXTS, find_text
from widget.surveys.value_checks import Errors, without_empty

MAX_LANGUAGES = 30
MAX_LABEL_LENGTH = 60
MAX_CHOICE_LENGTH = 120
MAX_TEXT_LENGTH = 500
LANGUAGE = re.compile(r"[a-z]{2,3}")

# Takes a given text and returns what is wrong with it.
Check = Callable[[Any], Any]


def find_text_errors(kind: str, texts: Mapping[str, Any], definition: Document | None = None) -> Errors:
    """Return what is wrong with the owner's wording, by language and text; empty when nothing is.

    Without a definition, whose questions the texts are for is left open.

    >>> find_text_errors("nps", {"en": {"question": "Again?"}, "english": {}})
    {'english': ['Must be a language of two or three small letters, such as en.']}
    """
    if len(texts) > MAX_LANGUAGES:
        return {"_schema": [f"Must be at most {MAX_LANGUAGES} languages."]}
    check = _group(_list_checks(kind, definition))
    return without_empty({str(language): _find_errors_in(language, texts[language], check) for language in texts})


def find_missing_texts(definition: Document, texts: Mapping[str, Any], language: str) -> Errors:
    """Return which texts of a survey's own questions and outcomes are missing in a language.

    >>> find_missing_texts({"questions": [{"key": "q1", "type": "text"}]}, {}, "en")
    {'questions': {'q1': {'question': ['This text is missing.']}}}
    """
    missing: Errors = {}
    for path in list_required_texts(definition):
        if not find_text(texts.get(language, {}), path):
            place = missing
            for name in path[:-1]:
                place = place.setdefault(name, {})
            place[path[-1]] = ["This text is missing."]
    return missing


def list_required_texts(definition: Document) -> list[tuple[str, ...]]:
    """Return the paths of the texts that have no default: of questions, choices and outcomes.

    >>> list_required_texts({"outcomes": [{"id": "calm"}]})
    [('outcomes', 'calm', 'title')]
    """
    paths: list[tuple[str, ...]] = []
    for question in definition.get("questions", ()):
        paths.append(("questions", question["key"], "question"))
        paths += [("questions", question["key"], "choices", choice["id"]) for choice in question.get("choices", ())]
    return paths + [("outcomes", outcome["id"], "title") for outcome in definition.get("outcomes", ())]


def keep_texts_of(definition: Document, texts: Mapping[str, Any]) -> dict[str, Any]:
    """Return the texts without those of questions, choices and outcomes that the definition no longer has.

    >>> keep_texts_of({}, {"en": {"question": "Again?", "questions": {"q1": {"question": "Why?"}}}})
    {'en': {'question': 'Again?'}}
    """
    known = {
        "questions": {question["key"]: question for question in definition.get("questions", ())},
        "outcomes": {outcome["id"]: {} for outcome in definition.get("outcomes", ())},
        "links": {name: {} for name in definition.get("links", ())},
    }
    kept: dict[str, Any] = {}
    for language, wording in texts.items():
        kept[language] = {
            name: _keep_known(group, known[name]) if name in known else group for name, group in wording.items()
        }
        kept[language] = {name: group for name, group in kept[language].items() if group or name not in known}
    return kept


def _keep_known(group: Mapping[str, Any], known: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    kept = {}
    for key, texts in group.items():
        if key in known:
            choices = {choice["id"] for choice in known[key].get("choices", ())}
            kept[key] = texts
            if isinstance(texts, Mapping) and "choices" in texts:
                named = {name: label for name, label in texts["choices"].items() if name in choices}
                kept[key] = {**texts, "choices": named}
    return kept


def _find_errors_in(language: Any, wording: Any, check: Check) -> Any:
    if not isinstance(language, str) or not LANGUAGE.fullmatch(language):
        return ["Must be a language of two or three small letters, such as en."]
    return check(wording)


def _list_checks(kind: str, definition: Document | None) -> dict[str, Check]:
    """Return the check of each text that a kind of survey has."""
    checks: dict[str, Check] = {name: _check_default(name, text) for name, text in SURVEY_TEXTS[kind]["en"].items()}
    checks["ui"] = _group(dict.fromkeys(UI_TEXTS["en"], _text(MAX_TEXT_LENGTH)))
    if definition is None:
        return checks | dict.fromkeys(("questions", "outcomes", "links"), _check_object)
    outcome = _group({"title": _text(MAX_LABEL_LENGTH * 2), "text": _text(2000), "link": _text(MAX_LABEL_LENGTH)})
    checks["questions"] = _group(
        {question["key"]: _check_question(question) for question in definition.get("questions", ())}
    )
    checks["outcomes"] = _group({item["id"]: outcome for item in definition.get("outcomes", ())})
    checks["links"] = _group(dict.fromkeys(BUCKETS[kind] or ("all",), _text(MAX_LABEL_LENGTH)))
    return checks


def _check_default(name: str, default: Any) -> Check:
    if isinstance(default, dict):
        return _group(dict.fromkeys(default, _text(MAX_TEXT_LENGTH)))
    if isinstance(default, list):
        return _labels(len(default))
    return _text(MAX_LABEL_LENGTH if name.endswith("_label") else MAX_TEXT_LENGTH)


def _check_question(question: Document) -> Check:
    checks = {"question": _text(MAX_TEXT_LENGTH), "hint": _text(MAX_TEXT_LENGTH)}
    if scale_of(question):
        checks |= dict.fromkeys(("low_label", "high_label"), _text(MAX_LABEL_LENGTH))
    if "choices" in question:
        names = (choice["id"] for choice in question["choices"])
        checks["choices"] = _group(dict.fromkeys(names, _text(MAX_CHOICE_LENGTH)))
    if question.get("other"):
        checks["other"] = _text(MAX_CHOICE_LENGTH)
    if question["type"] in PROFILE_TYPES:
        checks["consent"] = _text(MAX_TEXT_LENGTH)
    return _group(checks)


def _group(checks: Mapping[str, Check]) -> Check:
    def check(given: Any) -> Any:
        if not isinstance(given, dict):
            return ["Must be an object of texts."]
        return without_empty(
            {name: checks[name](text) if name in checks else _refuse(checks) for name, text in given.items()}
        )

    return check


def _refuse(known: Iterable[str]) -> list[str]:
    return [f"Must be one of: {', '.join(known)}." if known else "This survey has no such texts."]


def _check_object(given: Any) -> list[str]:
    return [] if isinstance(given, dict) else ["Must be an object of texts."]


def _labels(count: int) -> Check:
    def check(given: Any) -> Any:
        if not isinstance(given, list) or len(given) != count:
            return [f"Must be a list of {count} labels."]
        return without_empty({place: _text(MAX_LABEL_LENGTH, 1)(label) for place, label in enumerate(given)})

    return check


def _text(longest: int, shortest: int = 0) -> Check:
    def check(given: Any) -> list[str]:
        is_right = isinstance(given, str) and shortest <= len(given) <= longest and "\x00" not in given
        return [] if is_right else [f"Must be a text of {shortest} to {longest} characters."]

    return check
