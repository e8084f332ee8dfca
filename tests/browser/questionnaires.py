"""Surveys of several steps for browser tests: one question of each type, with its words."""

import uuid
from typing import Any

from playwright.sync_api import Locator

from tests.browser.store import Store
from widget.core.db import begin_writing, db
from widget.sites.queries import get_site
from widget.surveys.queries import get_survey
from widget.surveys.service import change_survey

CHOICES = {"price": "It was too expensive", "late": "It came too late", "fit": "It did not fit, not even after a wash"}
QUESTIONS: dict[str, dict[str, Any]] = {
    "scale": {"min": 0, "max": 10},
    "stars": {},
    "emoji": {},
    "single": {"choices": [{"id": name} for name in CHOICES], "other": True},
    "multiple": {"choices": [{"id": name} for name in CHOICES], "other": True, "max_choices": 2},
    "text": {"max_length": 40},
    "birthday": {},
    "interests": {"choices": [{"id": name} for name in CHOICES]},
}
WORDS: dict[str, dict[str, Any]] = {
    "scale": {"question": "How easy was it to find?", "low_label": "Very hard", "high_label": "Very easy"},
    "stars": {"question": "How do you like it?"},
    "emoji": {"question": "How was the delivery?"},
    "single": {"question": "What went wrong?", "choices": CHOICES},
    "multiple": {"question": "What could be better?", "choices": CHOICES, "hint": "Think of the last time."},
    "text": {"question": "What is your first name?"},
    "birthday": {"question": "When is your birthday?"},
    "interests": {"question": "What do you like?", "choices": CHOICES},
}
TYPES = sorted(QUESTIONS)
BUCKETS = {"promoter": 10, "passive": 7, "detractor": 2}


def ask(store: Store, *types: str, kind: str = "form", required: bool = False, **settings: Any) -> str:
    """Make a survey with a question of each of these types, whose keys are the names of the types."""
    return store.add_survey(
        kind,
        definition={"questions": [{"key": t, "type": t, "required": required, **QUESTIONS[t]} for t in types]},
        texts={"en": {"questions": {t: WORDS[t] for t in types}}},
        **settings,
    )


def ask_by_bucket(store: Store, **settings: Any) -> str:
    """Make an NPS that asks each bucket a text of its own, then everybody a last one."""
    buckets = [
        {"key": f"to_{bucket}", "type": "text", "ask_if": [{"question": "score", "in": [bucket]}]} for bucket in BUCKETS
    ]
    words = {f"to_{bucket}": {"question": f"A word from a {bucket}?"} for bucket in BUCKETS}
    return store.add_survey(
        "nps",
        definition={"questions": [*buckets, {"key": "last", "type": "text"}]},
        texts={"en": {"questions": {**words, "last": {"question": "Anything else, {score}?"}}}},
        **settings,
    )


def ask_quiz(store: Store, **settings: Any) -> str:
    """Make a quiz of two questions with two outcomes, the first of which has a link."""
    mood = {
        "key": "mood",
        "type": "single",
        "choices": [{"id": "sea", "outcome": "calm"}, {"id": "run", "outcome": "wild"}],
    }
    days = {
        "key": "days",
        "type": "multiple",
        "choices": [{"id": "sat", "outcome": "wild"}, {"id": "sun", "outcome": "wild"}],
    }
    words = {
        "mood": {"question": "The sea, or a run?", "choices": {"sea": "The sea", "run": "A run"}},
        "days": {"question": "Which days are yours?", "choices": {"sat": "Saturday", "sun": "Sunday"}},
    }
    outcomes = {
        "calm": {"title": "You are calm", "text": "You said {mood}.", "link": "See calm boards"},
        "wild": {"title": "You are wild", "text": "Off you go."},
    }
    return store.add_survey(
        "quiz",
        definition={
            "questions": [mood, days],
            "outcomes": [{"id": "calm", "url": "https://maple.example/calm"}, {"id": "wild"}],
        },
        texts={"en": {"questions": words, "outcomes": outcomes}},
        **settings,
    )


def put_first(store: Store, survey_id: str, question: dict[str, Any], words: str) -> None:
    """Put a question before the others, as an owner does who edits a live survey."""
    with store.server.app.app_context():
        begin_writing()
        survey = get_survey(store.id, uuid.UUID(survey_id))
        questions = [question, *survey.definition["questions"]]
        texts = {"questions": {**survey.texts["en"]["questions"], question["key"]: {"question": words}}}
        change_survey(
            get_site(store.id),
            survey,
            definition={**survey.definition, "questions": questions},
            texts={"en": {**survey.texts["en"], **texts}},
        )
        db.session.commit()


def legend(place: Locator) -> Locator:
    return place.locator("legend")


def go_on(place: Locator, name: str = "Next") -> None:
    place.get_by_role("button", name=name, exact=True).click()
