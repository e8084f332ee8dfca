"""The flat fields of the editor's page as one document, and back; pure.

A field's name is the place of its value in the document: `definition.questions.0.min`. What is no number, or not
allowed, stays as it was typed: the checks say so, and the page shows it again.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from widget.surveys.definitions import TYPE_FIELDS, TYPES_WITH_CHOICES
from widget.surveys.questions import FIXED_SCALES

Document = dict[str, Any]

SECONDS = {"minutes": 60, "hours": 3600, "days": 86400}
MAX_ROWS = 40
_DEPTH = 12
_NUMBERED = frozenset({"scale", *FIXED_SCALES})


def unflatten(values: Mapping[str, str]) -> Document:
    """Return dotted names as nested dictionaries, without what is blank.

    >>> unflatten({"name": " Mug ", "texts.en.question": "Why?", "texts.it.question": " "})
    {'name': 'Mug', 'texts': {'en': {'question': 'Why?'}}}
    """
    document: Document = {}
    for name, value in values.items():
        path = name.split(".")
        if not value.strip() or len(path) > _DEPTH:
            continue
        place = document
        for part in path[:-1]:
            inner = place.setdefault(part, {})
            if not isinstance(inner, dict):
                break
            place = inner
        else:
            if not isinstance(place.get(path[-1]), dict):
                place[path[-1]] = value.strip()
    return document


def flatten(prefix: str, value: Any) -> Iterator[tuple[str, str]]:
    """Yield (name, text) for everything in a document.

    >>> dict(flatten("texts", {"en": {"labels": ["Bad", "Good"]}}))
    {'texts.en.labels.0': 'Bad', 'texts.en.labels.1': 'Good'}
    """
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from flatten(f"{prefix}.{key}", inner)
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            yield from flatten(f"{prefix}.{place}", inner)
    else:
        yield prefix, str(value)


def as_rows(value: Any) -> list[Any]:
    """Return a dictionary with numbers for keys as a list, in their order.

    >>> as_rows({"1": "b", "0": "a"}), as_rows(None)
    (['a', 'b'], [])
    """
    if not isinstance(value, dict):
        return []
    numbered = [(int(key), inner) for key, inner in value.items() if key.isdecimal() and key.isascii()]
    return [inner for _, inner in sorted(numbered, key=lambda row: row[0])][:MAX_ROWS]


def read_number(text: Any) -> Any:
    """Return a whole number, or what is none as it was typed.

    >>> read_number("12"), read_number("soon"), read_number("9" * 30) == "9" * 30
    (12, 'soon', True)
    """
    if isinstance(text, str) and text.isascii() and text.removeprefix("-").isdecimal() and len(text) < 12:
        return int(text)
    return text


def read_amount(text: Any) -> Any:
    """Return a number with a comma or a point, or what is none as it was typed.

    >>> read_amount("12,5"), read_amount("1e9"), read_amount("cheap")
    (12.5, '1e9', 'cheap')
    """
    if not isinstance(text, str) or not set(text) <= set("0123456789.,"):
        return text
    try:
        number = float(text.replace(",", "."))
    except ValueError:
        return text
    return int(number) if number.is_integer() else number


def read_questions(value: Any) -> list[Document]:
    """Return the questions of the page as a definition has them, each with the fields of its type alone."""
    questions = [question for question in as_rows(value) if isinstance(question, dict)]
    types = {question.get("key"): question.get("type") for question in questions}
    return [_read_question(question, types) for question in questions]


def read_conditions(value: Any, types: Mapping[Any, Any]) -> list[Document]:
    """Return conditions; one without a question was never begun."""
    conditions = []
    for row in as_rows(value):
        if not isinstance(row, dict) or not row.get("question"):
            continue
        chosen = row.get("in")
        names = list(chosen) if isinstance(chosen, dict) else []
        is_numbered = types.get(row["question"]) in _NUMBERED
        conditions.append({"question": row["question"], "in": [read_number(n) if is_numbered else n for n in names]})
    return conditions


def read_definition(kind_has_score: bool, draft: Document) -> Document:
    """Return the definition of the page's fields."""
    given = draft.get("definition", {})
    given = given if isinstance(given, dict) else {}
    definition: Document = {}
    if kind_has_score:
        comment = _read_comment(draft)
        if comment is not None:
            definition["comment_if"] = comment
    for name, rows in (("questions", read_questions(given.get("questions"))), ("outcomes", _read_outcomes(given))):
        if rows:
            definition[name] = rows
    links = given.get("links")
    if isinstance(links, dict) and links:
        definition["links"] = links
    return definition


def is_same_definition(one: Any, other: Any) -> bool:
    """Tell whether two definitions ask the same, whatever the order of a condition's values and what is left out.

    >>> is_same_definition({"questions": [{"key": "q1", "required": False}]}, {"questions": [{"key": "q1"}]})
    True
    """
    return bool(_tidy(one) == _tidy(other))


def read_gates(given: Any) -> Document:
    """Return the rarer conditions, each only where it is set."""
    given = given if isinstance(given, dict) else {}
    gates: Document = {
        name: given[name] for name in ("devices", "visitors", "identity", "event_source") if given.get(name)
    }
    if given.get("exit_intent"):
        gates["exit_intent"] = True
    chosen = given.get("segments")
    if isinstance(chosen, dict) and chosen:
        gates["segments"] = list(chosen)
    for name in ("cart_min", "cart_max"):
        if given.get(name):
            gates[name] = read_amount(given[name])
    referrers = [
        [row.get("match", ""), row["text"]]
        for row in as_rows(given.get("referrers"))
        if isinstance(row, dict) and row.get("text")
    ]
    if referrers:
        gates["referrers"] = referrers
    properties = [
        [row["name"], row.get("how", ""), row.get("text", "")]
        for row in as_rows(given.get("event_properties"))
        if isinstance(row, dict) and row.get("name")
    ]
    if properties:
        gates["event_properties"] = properties
    if given.get("event_delay"):
        amount = read_number(given["event_delay"])
        seconds = SECONDS.get(given.get("event_delay_unit", "days"), 1)
        gates["event_delay_seconds"] = amount * seconds if isinstance(amount, int) else amount
    return gates


def _tidy(value: Any, name: str = "") -> Any:
    if isinstance(value, dict):
        kept = {key: _tidy(inner, key) for key, inner in value.items()}
        return {
            key: inner
            for key, inner in kept.items()
            if key in ("in", "min", "comment_if") or inner not in (False, None, [], {})
        }
    if isinstance(value, list):
        rows = [_tidy(inner) for inner in value]
        return sorted(rows, key=str) if name == "in" else rows
    return value


def _read_question(given: Document, types: Mapping[Any, Any]) -> Document:
    kind = given.get("type")
    allowed = TYPE_FIELDS.get(kind if isinstance(kind, str) else "", frozenset())
    question: Document = {name: given[name] for name in ("key", "type") if name in given}
    if given.get("required"):
        question["required"] = True
    if conditions := read_conditions(given.get("ask_if"), types):
        question["ask_if"] = conditions
    for name in ("min", "max", "max_choices", "max_length"):
        if name in allowed and given.get(name):
            question[name] = read_number(given[name])
    for name in ("other", "long"):
        if name in allowed and given.get(name):
            question[name] = True
    if kind in TYPES_WITH_CHOICES:
        question["choices"] = [
            {name: choice[name] for name in ("id", "outcome") if choice.get(name)}
            for choice in as_rows(given.get("choices"))
            if isinstance(choice, dict)
        ]
    return question


def _read_outcomes(given: Document) -> list[Document]:
    return [
        {name: outcome[name] for name in ("id", "url") if outcome.get(name)}
        for outcome in as_rows(given.get("outcomes"))
        if isinstance(outcome, dict)
    ]


def _read_comment(draft: Document) -> list[Document] | None:
    whom = draft.get("comment_for", "everybody")
    if whom == "everybody":
        return None
    chosen = draft.get("comment_buckets", {}) if whom == "some" else {}
    return [{"question": "score", "in": list(chosen) if isinstance(chosen, dict) else []}]
