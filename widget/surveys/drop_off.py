"""How far people come: shown, started, each step answered, completed."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import case, func, or_, select

from widget.core.db import db
from widget.surveys.asked import AskedQuestion
from widget.surveys.conditions import has_answer
from widget.surveys.filters import ResponseFilter
from widget.surveys.models import Survey, SurveyResponse
from widget.surveys.question_results import list_counted
from widget.surveys.rules import SCORES
from widget.surveys.summaries import count_asks


class Step(NamedTuple):
    """How many came this far and how many came no farther; `key` names a question, or shown, started, completed."""

    key: str
    reached: int
    left: int


def count_drop_off(survey: Survey, wanted: ResponseFilter, asked: Sequence[AskedQuestion]) -> list[Step]:
    """Return the steps of today's questions, in order, counted over the answers given in pages.

    With a filter of source=link those given by links are counted instead. A question that was not due, or was
    skipped, counts as passed where something after it was answered. How often the survey was shown is known
    for days alone, so it is left out under any other filter.
    """
    keys = ["score"] if SCORES.get(survey.kind) else []
    keys += [question.key for question in asked if question.is_asked_now]
    ends = _count_ends(survey, wanted, keys)
    names = ["started", *keys, "completed"]
    steps = []
    reached = sum(ends.values())
    if wanted.is_dates_only:
        shown = count_asks(survey, wanted.from_on, wanted.until_on).shown
        steps.append(Step("shown", shown, max(shown - reached, 0)))
    for place, name in enumerate(names):
        left = ends.get(place, 0) if name != "completed" else 0
        steps.append(Step(name, reached, left))
        reached -= left
    return steps


def _count_ends(survey: Survey, wanted: ResponseFilter, keys: Sequence[str]) -> dict[int, int]:
    """Return how many answers ended at each step: 0 for the start, then the keys, then completed."""
    whens: list[tuple[Any, int]] = [(SurveyResponse.completed_at.is_not(None), len(keys) + 1)]
    has_score = SurveyResponse.score.is_not(None)
    for place in range(len(keys), 0, -1):
        key = keys[place - 1]
        # A comment without a score was written on the score's step.
        is_past = has_answer(key) if key != "score" else or_(has_score, SurveyResponse.comment.is_not(None))
        whens.append((is_past, place))
    ends = (
        select(case(*whens, else_=0).label("place"))
        .where(*list_counted(survey, wanted), SurveyResponse.source == (wanted.source or "widget"))
        .subquery()
    )
    rows = db.session.execute(select(ends.c.place, func.count()).group_by(ends.c.place))
    return dict(rows.tuples().all())
