"""What the editor's buttons do to an unsaved survey: add, move, remove. Pure: the document is changed in place."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from widget.surveys.definitions import CHOICES, OUTCOMES, TYPE_FIELDS, TYPES_WITH_CHOICES
from widget.surveys.questions import OTHER
from widget.surveys.value_checks import MAX_QUESTIONS

Document = dict[str, Any]


def apply_action(draft: Document, action: str, taken: Iterable[str] = ()) -> str:
    """Do what a button says, such as `question-up:2`; return the name of the field to go on with.

    `taken` are keys that earlier versions gave to questions: none is used for another question. What the buttons
    of a page cannot mean, because it is older than the draft, changes nothing.

    >>> draft = {"definition": {"questions": [{"key": "q1", "type": "text"}, {"key": "q2", "type": "stars"}]}}
    >>> apply_action(draft, "question-up:1"), [question["key"] for question in draft["definition"]["questions"]]
    ('question-up:0', ['q2', 'q1'])
    """
    name, *places = action.split(":")
    if name == "question-add":
        return _add_question(draft, places[0] if places else "", taken)
    act = _ACTIONS.get(name)
    if act is None:
        return ""
    try:
        return act(draft, *places)
    except (IndexError, KeyError, TypeError, ValueError):
        return ""


def next_name(prefix: str, taken: Iterable[str]) -> str:
    """Return the prefix with the first number above those taken.

    >>> next_name("q", ["q1", "q7", "delivery"])
    'q8'
    """
    numbers = [int(rest) for name in taken if (rest := name.removeprefix(prefix)) != name and rest.isdecimal()]
    return f"{prefix}{max(numbers, default=0) + 1}"


def _add_question(draft: Document, kind: str, taken: Iterable[str]) -> str:
    questions = _questions(draft)
    if kind not in TYPE_FIELDS or len(questions) >= MAX_QUESTIONS:
        return ""
    key = next_name("q", {*taken, *(question.get("key", "") for question in questions)})
    question: Document = {"key": key, "type": kind}
    if kind == "scale":
        question |= {"min": 1, "max": 5}
    if kind in TYPES_WITH_CHOICES:
        question["choices"] = [{"id": "c1"}, {"id": "c2"}]
    questions.append(question)
    return f"texts.{draft.get('default_language', 'en')}.questions.{key}.question"


def _move_question(draft: Document, place: str, step: int) -> str:
    questions, here = _questions(draft), int(place)
    there = here + step
    if not (0 <= here < len(questions) and 0 <= there < len(questions)):
        return ""
    questions[here], questions[there] = questions[there], questions[here]
    return f"question-{'up' if step < 0 else 'down'}:{there}"


def _remove_question(draft: Document, place: str) -> str:
    question = _questions(draft).pop(int(place))
    for texts in draft.get("texts", {}).values():
        if isinstance(texts.get("questions"), dict):
            texts["questions"].pop(question.get("key"), None)
    return "question-add"


def _add_choice(draft: Document, place: str) -> str:
    question = _questions(draft)[int(place)]
    choices = question.setdefault("choices", [])
    if len(choices) >= CHOICES[1]:
        return ""
    name = next_name("c", [choice.get("id", "") for choice in choices])
    choices.append({"id": name})
    return f"texts.{draft.get('default_language', 'en')}.questions.{question['key']}.choices.{name}"


def _remove_choice(draft: Document, place: str, row: str) -> str:
    question = _questions(draft)[int(place)]
    choice = question["choices"].pop(int(row))
    for texts in draft.get("texts", {}).values():
        texts.get("questions", {}).get(question["key"], {}).get("choices", {}).pop(choice.get("id"), None)
    return f"choice-add:{place}"


def _add_condition(draft: Document, place: str) -> str:
    here = int(place)
    questions = _questions(draft)
    earlier = list_branching_names(questions[:here], has_score=bool(draft.get("has_score")))
    conditions = questions[here].setdefault("ask_if", [])
    if not earlier or len(conditions) >= MAX_QUESTIONS:
        return ""
    conditions.append({"question": earlier[-1], "in": []})
    return f"definition.questions.{here}.ask_if.{len(conditions) - 1}.question"


def _remove_condition(draft: Document, place: str, row: str) -> str:
    question = _questions(draft)[int(place)]
    question["ask_if"].pop(int(row))
    return f"condition-add:{place}"


def _add_outcome(draft: Document) -> str:
    outcomes = draft.setdefault("definition", {}).setdefault("outcomes", [])
    if len(outcomes) >= OUTCOMES[1]:
        return ""
    name = next_name("o", [outcome.get("id", "") for outcome in outcomes])
    outcomes.append({"id": name})
    return f"texts.{draft.get('default_language', 'en')}.outcomes.{name}.title"


def _remove_outcome(draft: Document, row: str) -> str:
    outcome = draft["definition"]["outcomes"].pop(int(row))
    for texts in draft.get("texts", {}).values():
        texts.get("outcomes", {}).pop(outcome.get("id"), None)
    for question in _questions(draft):
        for choice in question.get("choices", ()):
            if choice.get("outcome") == outcome.get("id"):
                del choice["outcome"]
    return "outcome-add"


def _add_language(draft: Document) -> str:
    language = draft.get("new_language", "")
    if language and language not in draft["languages"]:
        draft["languages"].append(language)
        draft["beside"] = language
    return "beside"


def _remove_language(draft: Document, language: str) -> str:
    if language != draft.get("default_language"):
        draft["languages"].remove(language)
    return "new_language"


def _add_row(*path: str) -> Callable[[Document], str]:
    """Return the action that shows one more empty row of a list."""

    def add(draft: Document) -> str:
        name = ".".join(path)
        draft.setdefault("more_rows", {})[name] = draft.get("more_rows", {}).get(name, 0) + 1
        return f"{name}.last"

    return add


def list_branching_names(questions: Iterable[Mapping[str, Any]], *, has_score: bool) -> list[str]:
    """Return what a later question may depend on: the score, and questions that are not answered in words.

    >>> list_branching_names([{"key": "q1", "type": "text"}, {"key": "q2", "type": "stars"}], has_score=True)
    ['score', 'q2']
    """
    named = [question["key"] for question in questions if question.get("type") not in ("text", "birthday")]
    return (["score"] if has_score else []) + named


def list_values(question: Mapping[str, Any]) -> list[Any]:
    """Return what may be answered to an unsaved question that a later one could depend on.

    >>> list_values({"type": "scale", "min": 1, "max": "many"}), list_values({"type": "emoji"})
    ([], [1, 2, 3, 4, 5])
    """
    if question.get("type") == "scale":
        low, high = question.get("min"), question.get("max")
        if isinstance(low, int) and isinstance(high, int) and 0 <= low <= high <= 10:
            return list(range(low, high + 1))
        return []
    if question.get("type") in ("stars", "emoji"):
        return list(range(1, 6))
    choices = [choice["id"] for choice in question.get("choices", ()) if "id" in choice]
    return choices + ([OTHER] if question.get("other") else [])


def _questions(draft: Document) -> list[Document]:
    questions: list[Document] = draft.setdefault("definition", {}).setdefault("questions", [])
    return questions


_ACTIONS: dict[str, Callable[..., str]] = {
    "question-up": lambda draft, place: _move_question(draft, place, -1),
    "question-down": lambda draft, place: _move_question(draft, place, 1),
    "question-remove": _remove_question,
    "choice-add": _add_choice,
    "choice-remove": _remove_choice,
    "condition-add": _add_condition,
    "condition-remove": _remove_condition,
    "outcome-add": _add_outcome,
    "outcome-remove": _remove_outcome,
    "language-add": _add_language,
    "language-remove": _remove_language,
    "rule-add": _add_row("url_rules"),
    "referrer-add": _add_row("gates", "referrers"),
    "property-add": _add_row("gates", "event_properties"),
}
