"""Made-up answers to the form that asks who leaves without buying, the same for the same day each time."""

import random
import uuid
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from widget.demo.generator import HOUR_WEIGHTS, LANGUAGE_SHARES, make_id

ASKED_A_DAY = 9
ANSWER_RATIO, FINISH_RATIO = 0.45, 0.86
REASONS = {"looking": 38, "price": 16, "shipping": 24, "trust": 6, "missing": 11, "other": 5}
WORDS = {
    "price": ("About ten less.", "The same as last year.", "20"),
    "shipping": ("Free from 50, like elsewhere.", "Three or four at most.", "5"),
    "trust": ("Reviews from other buyers.", "A phone number I can call.", "Who you are."),
    "missing": ("A larger size.", "The blue one again.", "A gift box."),
    "other": ("I come back on payday", "My train has arrived", "It is a gift, I have to ask first"),
}
# The question that each reason opens.
_NEXT = {"price": "fair_price", "shipping": "fair_price", "trust": "missing", "missing": "missing"}
_Row = dict[str, Any]


def make_leavers(site_id: uuid.UUID, survey_id: uuid.UUID, day: date, page_url: str) -> Iterator[tuple[_Row, _Row]]:
    """Yield an impression and an answer for everybody who was asked on a UTC day; no answer is an empty row."""
    rng = random.Random(f"maple leaving {day.isoformat()}")  # noqa: S311 - made-up people, no secrets.
    for _ in range(rng.randint(ASKED_A_DAY - 4, ASKED_A_DAY + 4)):
        (hour,) = rng.choices(range(24), HOUR_WEIGHTS)
        at = datetime.combine(day, time(hour), UTC) + timedelta(seconds=rng.random() * 3600)
        (language,) = rng.choices(list(LANGUAGE_SHARES), list(LANGUAGE_SHARES.values()))
        key = {"site_id": site_id, "id": make_id(rng, at), "survey_id": survey_id}
        shown = {**key, "language": language, "page_url": page_url}
        impression = {**shown, "bucket": rng.randrange(10_000), "shown_at": at, "dismissed_at": None}
        has_answered = rng.random() < ANSWER_RATIO
        yield impression, {**shown, **_make_answer(rng, at)} if has_answered else {}


def _make_answer(rng: random.Random, at: datetime) -> _Row:
    (reason,) = rng.choices(list(REASONS), list(REASONS.values()))
    answers = {"reason": reason}
    is_finished = reason not in _NEXT or rng.random() < FINISH_RATIO
    if reason == "other":
        answers["reason.other"] = rng.choice(WORDS[reason])
    elif reason in _NEXT and is_finished and rng.random() < 0.7:
        answers[_NEXT[reason]] = rng.choice(WORDS[reason])
    elapsed_ms = rng.randrange(4_000, 45_000)
    answered_at = at + timedelta(milliseconds=elapsed_ms)
    return {
        "kind": "form",
        "answers": answers,
        "survey_version": 1,
        "hidden": {},
        "elapsed_ms": elapsed_ms,
        "source": "widget",
        "answered_at": answered_at,
        "completed_at": answered_at if is_finished else None,
    }
