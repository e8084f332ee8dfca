"""A questionnaire with every type of question, and answers to it, for tests."""

from datetime import date
from typing import Any

from hypothesis import strategies as st

CHOICES = [{"id": "price"}, {"id": "late"}, {"id": "broken"}]
QUESTIONS: list[dict[str, Any]] = [
    {"key": "ease", "type": "scale", "required": True, "min": 0, "max": 7},
    {"key": "look", "type": "stars"},
    {"key": "mood", "type": "emoji"},
    {"key": "why", "type": "single", "choices": CHOICES, "other": True},
    {
        "key": "days_late",
        "type": "scale",
        "min": 1,
        "max": 10,
        "required": True,
        "ask_if": [{"question": "why", "in": ["late"]}],
    },
    {"key": "liked", "type": "multiple", "choices": CHOICES, "other": True, "max_choices": 2},
    {"key": "words", "type": "text", "max_length": 200},
    {"key": "born", "type": "birthday"},
    {"key": "likes", "type": "interests", "choices": [{"id": "tea"}, {"id": "mugs"}]},
]
DEFINITION = {"questions": QUESTIONS}
TEXTS = {
    "en": {
        "questions": {
            question["key"]: {
                "question": f"What about {question['key']}?",
                **(
                    {"choices": {choice["id"]: choice["id"].title() for choice in question["choices"]}}
                    if "choices" in question
                    else {}
                ),
            }
            for question in QUESTIONS
        }
    }
}
ANSWERS: dict[str, Any] = {
    "ease": 0,
    "look": 4,
    "mood": 5,
    "why": "late",
    "days_late": 3,
    "liked": ["other", "price"],
    "liked.other": "=the smell",
    "words": "Lovely, grazie! 🍁\nReally; truly",
    "born": "--02-29",
    "born.consent": True,
    "likes": ["mugs", "tea"],
    "likes.consent": True,
}

_words = st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), min_size=1, max_size=60)


@st.composite
def given_answers(draw: st.DrawFn) -> dict[str, Any]:
    """Draw answers that the questionnaire takes."""
    ids = [choice["id"] for choice in CHOICES]
    answers: dict[str, Any] = {"ease": draw(st.integers(0, 7))}
    optional = {
        "look": st.integers(1, 5),
        "mood": st.integers(1, 5),
        "why": st.sampled_from([*ids, "other"]),
        "liked": st.lists(st.sampled_from([*ids, "other"]), unique=True, min_size=1, max_size=2),
        "words": _words,
        "born": st.dates(date(1900, 1, 1), date(2026, 1, 1)).map(date.isoformat),
        "likes": st.lists(st.sampled_from(["tea", "mugs"]), unique=True, min_size=1),
    }
    for name, values in optional.items():
        if draw(st.booleans()):
            answers[name] = draw(values)
    if answers.get("why") == "late":
        answers["days_late"] = draw(st.integers(1, 10))
    for name in ("born", "likes"):
        if name in answers:
            answers[f"{name}.consent"] = True
    for name in ("why", "liked"):
        if "other" in answers.get(name, ()) and draw(st.booleans()):
            answers[f"{name}.other"] = draw(_words)
    return answers
