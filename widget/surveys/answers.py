"""What may be answered: types, ranges, choices, limits, consent, and what a finished answer must hold.

Pure. `answers` holds the score, the comment and what was said to each question by its key.
"""

from collections.abc import Callable, Mapping
from typing import Any

from widget.customers.rules import find_attribute_error
from widget.surveys.definitions import DEFAULT_ANSWER_LENGTH, PROFILE_TYPES
from widget.surveys.questions import (
    OTHER,
    Document,
    find_outcome,
    is_comment_due,
    list_chosen,
    list_due_questions,
    scale_of,
)
from widget.surveys.rules import SCORES

CONSENT = "consent"
MAX_OTHER_LENGTH = 500
_OF_THE_SCORE = frozenset({"score", "comment"})


def tidy_answers(answers: Document) -> dict[str, Any]:
    """Return the answers without what says nothing: null, an empty text, an empty list.

    >>> tidy_answers({"score": 0, "comment": "", "q1": None, "q2": []})
    {'score': 0}
    """
    return {name: value for name, value in answers.items() if value is not None and value not in ("", [])}


def find_answer_errors(kind: str, definition: Document, answers: Document, *, completed: bool) -> dict[str, str]:
    """Return what is wrong with tidied answers by their names; an empty name stands for all of them.

    >>> pick = {"key": "q1", "type": "single", "required": True, "choices": [{"id": "a"}, {"id": "b"}]}
    >>> find_answer_errors("nps", {"questions": [pick]}, {"score": 9, "q1": "c"}, completed=True)
    {'q1': 'Must be one of: a, b.'}
    >>> find_answer_errors("nps", {"questions": [pick]}, {"score": 9}, completed=True)
    {'q1': 'This question must be answered.'}
    """
    if not answers:
        return {"": "Give a score or a comment." if SCORES[kind] else "Answer a question."}
    errors = _find_score_errors(kind, definition, answers)
    due = {question["key"]: question for question in list_due_questions(kind, definition, answers)}
    for name, value in answers.items():
        if name in _OF_THE_SCORE:
            continue
        key, _, part = name.partition(".")
        problem = _find_error(due[key], part, value, answers) if key in due else "This question was not asked."
        if problem:
            errors[name] = problem
    for key, question in due.items():
        if key in answers and question["type"] in PROFILE_TYPES and f"{key}.{CONSENT}" not in answers:
            errors[f"{key}.{CONSENT}"] = "This may be kept only with consent."
        if completed and question.get("required") and key not in answers:
            errors[key] = "This question must be answered."
    return errors


def add_outcome(kind: str, definition: Document, answers: Document) -> dict[str, Any]:
    """Return the answers to the questions as they are stored: with a quiz's outcome, without score and comment.

    >>> add_outcome("nps", {}, {"score": 9, "q1": "a"})
    {'q1': 'a'}
    """
    kept = {name: value for name, value in answers.items() if name not in _OF_THE_SCORE}
    outcome = find_outcome(kind, definition, answers) if kind == "quiz" else None
    return kept if outcome is None else {**kept, "outcome": outcome}


def _find_score_errors(kind: str, definition: Document, answers: Document) -> dict[str, str]:
    errors = {}
    scale = SCORES[kind]
    if "score" in answers and answers["score"] not in scale:
        errors["score"] = f"Must be between {scale[0]} and {scale[-1]}." if scale else "This survey has no score."
    if "comment" in answers and not is_comment_due(kind, definition, answers):
        errors["comment"] = "This question was not asked."
    return errors


def _find_error(question: Document, part: str, value: Any, answers: Document) -> str | None:
    """Return what is wrong with the answer to a question, or with what belongs to it."""
    if part == OTHER and question.get("other"):
        if OTHER not in list_chosen(answers.get(question["key"])):
            return "Belongs to the choice other, which was not chosen."
        return _find_text_error(value, MAX_OTHER_LENGTH)
    if part == CONSENT and question["type"] in PROFILE_TYPES:
        if question["key"] not in answers:
            return "Belongs to an answer, which was not given."
        return None if value is True else "Must be true."
    return "This question was not asked." if part else _CHECKS[question["type"]](question, value)


def _find_scale_error(question: Document, value: Any) -> str | None:
    scale = scale_of(question)
    is_right = isinstance(value, int) and not isinstance(value, bool) and value in scale
    return None if is_right else f"Must be a whole number from {scale[0]} to {scale[-1]}."


def _find_choice_error(question: Document, value: Any) -> str | None:
    ids = _list_ids(question)
    return None if isinstance(value, str) and value in ids else f"Must be one of: {', '.join(ids)}."


def _find_choices_error(question: Document, value: Any) -> str | None:
    ids = _list_ids(question)
    if not isinstance(value, list) or not all(isinstance(choice, str) and choice in ids for choice in value):
        return f"Must be a list of: {', '.join(ids)}."
    if len(set(value)) < len(value):
        return "A choice stands there twice."
    most = question.get("max_choices", len(ids))
    return f"At most {most} may be chosen." if len(value) > most else None


def _find_words_error(question: Document, value: Any) -> str | None:
    return _find_text_error(value, question.get("max_length", DEFAULT_ANSWER_LENGTH))


def _find_text_error(value: Any, longest: int) -> str | None:
    is_right = isinstance(value, str) and len(value) <= longest and "\x00" not in value
    return None if is_right else f"Must be a text of at most {longest} characters, none of them NUL."


def _find_birthday_error(_question: Document, value: Any) -> str | None:
    return find_attribute_error("birthday", value)


def _list_ids(question: Document) -> list[str]:
    return [choice["id"] for choice in question["choices"]] + ([OTHER] if question.get("other") else [])


_CHECKS: Mapping[str, Callable[[Document, Any], str | None]] = {
    "scale": _find_scale_error,
    "stars": _find_scale_error,
    "emoji": _find_scale_error,
    "single": _find_choice_error,
    "multiple": _find_choices_error,
    "interests": _find_choices_error,
    "text": _find_words_error,
    "birthday": _find_birthday_error,
}
