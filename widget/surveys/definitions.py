"""What a survey's definition may be: its questions, their order and branches, outcomes and links.

Pure. What is wrong comes as nested messages, keyed as the definition is, so that each has its JSON pointer.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

from widget.surveys.questions import OTHER, Document, scale_of
from widget.surveys.rules import BUCKETS, SCORES
from widget.surveys.value_checks import (
    MAX_QUESTIONS,
    Errors,
    find_condition_errors,
    find_flag_error,
    find_number_error,
    find_url_error,
    is_list,
    without_empty,
)

MAX_ANSWER_LENGTH = 5_000
DEFAULT_ANSWER_LENGTH = 1_000
CHOICES = (2, 12)
OUTCOMES = (2, 8)
RESERVED_KEYS = frozenset({"score", "comment", "outcome"})
# What each type has beyond key, type, required and ask_if.
TYPE_FIELDS: dict[str, frozenset[str]] = {
    "scale": frozenset({"min", "max"}),
    "stars": frozenset(),
    "emoji": frozenset(),
    "single": frozenset({"choices", "other"}),
    "multiple": frozenset({"choices", "other", "max_choices"}),
    "text": frozenset({"long", "max_length"}),
    "birthday": frozenset(),
    "interests": frozenset({"choices", "max_choices"}),
}
TYPES_WITH_CHOICES = frozenset({"single", "multiple", "interests"})
PROFILE_TYPES = frozenset({"birthday", "interests"})
_COMMON_FIELDS = frozenset({"key", "type", "required", "ask_if"})
_KEY = re.compile(r"[a-z][a-z0-9_]{0,29}")
_ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")


def find_definition_errors(kind: str, definition: Document) -> Errors:
    """Return what is wrong with a definition of a kind of survey; empty when nothing is.

    >>> find_definition_errors("nps", {"questions": [{"key": "score", "type": "stars"}]})
    {'questions': {0: {'key': ['This name is taken: choose another.']}}}
    """
    checks: dict[str, Callable[[Any], Any]] = {
        "comment_if": lambda value: _find_comment_errors(kind, value),
        "questions": lambda value: _find_list_errors(kind, definition, value),
        "outcomes": lambda value: _find_outcome_errors(kind, value),
        "links": lambda value: _find_link_errors(kind, value),
    }
    return without_empty(
        {name: checks[name](value) if name in checks else ["Unknown field."] for name, value in definition.items()}
    )


def find_missing_parts(kind: str, definition: Document) -> Errors:
    """Return what a correct definition still lacks before anybody can be asked.

    >>> find_missing_parts("form", {}), find_missing_parts("nps", {})
    ({'questions': ['Add a question before the survey goes live.']}, {})
    """
    if SCORES[kind]:
        return {}
    if not definition.get("questions"):
        return {"questions": ["Add a question before the survey goes live."]}
    if kind != "quiz":
        return {}
    if not definition.get("outcomes"):
        return {"outcomes": ["Add at least two outcomes before the quiz goes live."]}
    named = {choice.get("outcome") for question in definition["questions"] for choice in question.get("choices", ())}
    return without_empty(
        {
            "outcomes": {
                place: {"id": ["No choice leads to this outcome."]}
                for place, outcome in enumerate(definition["outcomes"])
                if outcome["id"] not in named
            }
        }
    )


def list_condition_values(question: Document) -> list[Any]:
    """Return what a later question may depend on: the numbers or choices of this one; none for texts.

    >>> list_condition_values({"type": "single", "choices": [{"id": "a"}, {"id": "b"}], "other": True})
    ['a', 'b', 'other']
    """
    if question["type"] in TYPES_WITH_CHOICES:
        return [choice["id"] for choice in question["choices"]] + ([OTHER] if question.get("other") else [])
    return list(scale_of(question))


def _find_list_errors(kind: str, definition: Document, questions: Any) -> Any:
    if not isinstance(questions, list) or len(questions) > MAX_QUESTIONS:
        return [f"Must be a list of at most {MAX_QUESTIONS} questions."]
    outcomes = definition.get("outcomes") if kind == "quiz" else None
    known_outcomes = [item.get("id") for item in outcomes or () if isinstance(item, dict)] if is_list(outcomes) else []
    earlier: dict[str, list[Any]] = {"score": list(BUCKETS[kind])} if SCORES[kind] else {}
    keys: set[str] = set()
    errors: Errors = {}
    for place, question in enumerate(questions):
        wrong = _find_question_errors(question, earlier, keys, known_outcomes)
        if wrong:
            errors[place] = wrong
        if isinstance(question, dict) and isinstance(question.get("key"), str):
            keys.add(question["key"])
            if not wrong:
                earlier[question["key"]] = list_condition_values(question)
    return errors


def _find_question_errors(question: Any, earlier: Mapping[str, list[Any]], keys: set[str], outcomes: list[Any]) -> Any:
    if not isinstance(question, dict):
        return ["Must be an object."]
    kind_of_question = question.get("type")
    if not isinstance(kind_of_question, str) or kind_of_question not in TYPE_FIELDS:
        return {"type": [f"Must be one of: {', '.join(TYPE_FIELDS)}."]}
    allowed = _COMMON_FIELDS | TYPE_FIELDS[kind_of_question]
    errors: Errors = {
        name: [f"A question of the type {kind_of_question} has no such field."] for name in question.keys() - allowed
    }
    errors["key"] = _find_key_error(question.get("key"), keys)
    errors["required"] = find_flag_error(question.get("required", False))
    errors["ask_if"] = find_condition_errors(question.get("ask_if", []), earlier, may_be_empty=False)
    for name in TYPE_FIELDS[kind_of_question]:
        errors[name] = _find_field_error(name, question, outcomes)
    return without_empty(errors)


def _find_field_error(name: str, question: Mapping[str, Any], outcomes: list[Any]) -> Any:
    given = question.get(name)
    if name == "choices":
        return _find_choice_errors(given, outcomes)
    if name in ("other", "long"):
        return find_flag_error(question.get(name, False))
    if name == "min":
        return find_number_error(given, 0, 1)
    if name == "max":
        return find_number_error(given, 2, 10)
    if given is None and name not in question:
        return []
    if name == "max_length":
        return find_number_error(given, 1, MAX_ANSWER_LENGTH)
    choices = question.get("choices")
    count = len(choices) if isinstance(choices, list) else CHOICES[1]
    return find_number_error(given, 1, count + bool(question.get("other")))


def _find_key_error(key: Any, keys: set[str]) -> list[str]:
    if not isinstance(key, str) or not _KEY.fullmatch(key):
        return ["Must be a small letter, then up to 29 small letters, digits or underscores."]
    return ["This name is taken: choose another."] if key in RESERVED_KEYS or key in keys else []


def _find_choice_errors(choices: Any, outcomes: list[Any]) -> Any:
    if not is_list(choices) or not CHOICES[0] <= len(choices) <= CHOICES[1]:
        return [f"Must be a list of {CHOICES[0]} to {CHOICES[1]} choices."]
    errors: Errors = {}
    seen = {OTHER}
    for place, choice in enumerate(choices):
        errors[place] = _find_item_errors(choice, seen, {"id", "outcome"})
        if isinstance(choice, dict) and "outcome" in choice and choice["outcome"] not in outcomes:
            errors[place] = {"outcome": ["Must be the id of one of the quiz's outcomes."]}
    return without_empty(errors)


def _find_outcome_errors(kind: str, outcomes: Any) -> Any:
    if kind != "quiz":
        return ["Only a quiz has outcomes."]
    if not is_list(outcomes) or (outcomes and not OUTCOMES[0] <= len(outcomes) <= OUTCOMES[1]):
        return [f"Must be a list of {OUTCOMES[0]} to {OUTCOMES[1]} outcomes."]
    seen: set[str] = set()
    errors: Errors = {}
    for place, outcome in enumerate(outcomes):
        errors[place] = _find_item_errors(outcome, seen, {"id", "url"})
        if not errors[place] and "url" in outcome:
            errors[place] = without_empty({"url": find_url_error(outcome["url"])})
    return without_empty(errors)


def _find_item_errors(item: Any, seen: set[str], allowed: set[str]) -> Any:
    """Return what is wrong with a choice or an outcome, and add its id to those seen."""
    if not isinstance(item, dict):
        return ["Must be an object with an id."]
    errors: Errors = {name: ["Unknown field."] for name in item.keys() - allowed}
    name = item.get("id")
    if not isinstance(name, str) or not _ID.fullmatch(name):
        errors["id"] = ["Must be up to 40 small letters, digits, underscores or hyphens."]
    elif name in seen:
        errors["id"] = ["This id is taken: choose another."]
    else:
        seen.add(name)
    return errors


def _find_link_errors(kind: str, links: Any) -> Any:
    if not isinstance(links, dict):
        return ["Must be an object of addresses."]
    names = BUCKETS[kind] or ("all",)
    return without_empty(
        {
            name: find_url_error(url) if name in names else [f"Must be one of: {', '.join(names)}."]
            for name, url in links.items()
        }
    )


def _find_comment_errors(kind: str, conditions: Any) -> Any:
    if not SCORES[kind]:
        return ["A survey without a score asks no comment."]
    return find_condition_errors(conditions, {"score": list(BUCKETS[kind])}, may_be_empty=True)
