"""Which of a survey's questions are asked, what a quiz ends with, and texts that repeat earlier answers.

Pure. `definitions.py` says what a definition may be and `answers.py` checks what is answered. The browser's
modules do the same as this one: both run tests/surveys/files/question_cases.json. A definition and the content
document have the same shape here, the latter with labels.
"""

import re
from collections import Counter
from collections.abc import Mapping
from typing import Any

from widget.surveys.rules import SCORES, bucket_of

Document = Mapping[str, Any]

# Answers that are numbers of a fixed scale.
FIXED_SCALES = {"stars": range(1, 6), "emoji": range(1, 6)}
# The choice that comes with a text of the shopper's own.
OTHER = "other"
_PIPE = re.compile(r"\{([^{}|]+)(?:\|([^{}]*))?\}")


def list_due_questions(kind: str, definition: Document, answers: Document) -> list[dict[str, Any]]:
    """Return the questions that are asked of who has given these answers, in their order.

    An answer to a question that is not due, given before a change of mind, decides nothing.

    >>> why = {"key": "why", "type": "text", "ask_if": [{"question": "score", "in": ["detractor"]}]}
    >>> [len(list_due_questions("nps", {"questions": [why]}, {"score": score})) for score in (3, 9)]
    [1, 0]
    """
    said = {"score": _bucket_in(kind, answers)}
    due = []
    for question in definition.get("questions", ()):
        if is_met(question.get("ask_if", ()), said):
            due.append(question)
            said[question["key"]] = answers.get(question["key"])
    return due


def is_comment_due(kind: str, definition: Document, answers: Document) -> bool:
    """Tell whether a comment is asked beside the score; forms and quizzes have neither.

    >>> is_comment_due("nps", {}, {}), is_comment_due("form", {}, {})
    (True, False)
    >>> never = {"comment_if": [{"question": "score", "in": []}]}
    >>> is_comment_due("csat", never, {"score": 5})
    False
    """
    if not SCORES[kind]:
        return False
    return is_met(definition.get("comment_if", ()), {"score": _bucket_in(kind, answers)})


def is_met(conditions: Any, said: Document) -> bool:
    """Tell whether all conditions hold; one holds where any of what was chosen is among its values.

    >>> is_met([{"question": "q1", "in": ["price"]}], {"q1": ["fit", "price"]}), is_met([], {})
    (True, True)
    """
    return all(
        any(value in condition["in"] for value in list_chosen(said.get(condition["question"])))
        for condition in conditions
    )


def list_chosen(answer: Any) -> list[Any]:
    """Return what was chosen as a list, whatever the type of the question.

    >>> list_chosen(["a", "b"]), list_chosen(4), list_chosen(None)
    (['a', 'b'], [4], [])
    """
    if answer is None:
        return []
    return list(answer) if isinstance(answer, (list, tuple)) else [answer]


def find_outcome(kind: str, definition: Document, answers: Document) -> str | None:
    """Return the outcome that most of the chosen choices name; of several the one listed first.

    >>> colour = {"key": "colour", "type": "single",
    ...     "choices": [{"id": "blue", "outcome": "calm"}, {"id": "red", "outcome": "wild"}]}
    >>> quiz = {"questions": [colour], "outcomes": [{"id": "calm"}, {"id": "wild"}]}
    >>> find_outcome("quiz", quiz, {"colour": "red"}), find_outcome("quiz", quiz, {})
    ('wild', None)
    """
    votes: Counter[str] = Counter()
    for question in list_due_questions(kind, definition, answers):
        chosen = list_chosen(answers.get(question["key"]))
        votes.update(
            choice["outcome"]
            for choice in question.get("choices", ())
            if "outcome" in choice and choice["id"] in chosen
        )
    most = max(votes.values(), default=0)
    return next((item["id"] for item in definition.get("outcomes", ()) if 0 < most == votes[item["id"]]), None)


def pipe_text(text: str, values: Mapping[str, str]) -> str:
    """Return a text with the values its braces name; an unknown or empty one gives way to its fallback.

    >>> pipe_text("Thanks, {hidden.name|friend}! You gave {score}{q9}.", {"score": "9"})
    'Thanks, friend! You gave 9.'
    """
    return _PIPE.sub(lambda match: values.get(match[1]) or match[2] or "", text)


def name_values(kind: str, content: Document, answers: Document, hidden: Mapping[str, str]) -> dict[str, str]:
    """Return what texts may repeat by its name: the score, what was answered so far, the hidden fields.

    >>> content = {"questions": [{"key": "q1", "type": "single", "choices": [{"id": "a", "label": "Price"}]}]}
    >>> name_values("nps", content, {"score": 3, "q1": "a"}, {"product": "Mug"})
    {'hidden.product': 'Mug', 'score': '3', 'q1': 'Price'}
    """
    values = {f"hidden.{name}": value for name, value in hidden.items()}
    if answers.get("score") is not None:
        values["score"] = str(answers["score"])
    for question in list_due_questions(kind, content, answers):
        if answers.get(question["key"]) is not None and question["type"] != "birthday":
            values[question["key"]] = label_answer(question, answers)
    return values


def label_answer(question: Document, answers: Document) -> str:
    """Return an answer as the shopper saw it: the labels of what was chosen, or what was typed.

    >>> question = {"key": "q1", "type": "multiple", "choices": [{"id": "a", "label": "Price"}], "other": "Other"}
    >>> label_answer(question, {"q1": ["a", "other"], "q1.other": "the smell"})
    'Price, the smell'
    """
    key = question["key"]
    labels = {choice["id"]: choice.get("label", choice["id"]) for choice in question.get("choices", ())}
    if question.get("other"):
        labels[OTHER] = answers.get(f"{key}.{OTHER}") or (
            question["other"] if isinstance(question["other"], str) else OTHER
        )
    return ", ".join(str(labels.get(value, value)) for value in list_chosen(answers.get(key)))


def scale_of(question: Document) -> range:
    """Return the numbers a scale, stars or emoji question takes; empty for other types.

    >>> scale_of({"type": "scale", "min": 1, "max": 7}), scale_of({"type": "text"})
    (range(1, 8), range(0, 0))
    """
    if question["type"] == "scale":
        return range(question["min"], question["max"] + 1)
    return FIXED_SCALES.get(question["type"], range(0))


def _bucket_in(kind: str, answers: Document) -> str | None:
    score = answers.get("score")
    return bucket_of(kind, score) if score is not None and score in SCORES[kind] else None
