"""What was answered to each question: counted by the database, never row by row in memory."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Integer, String, and_, cast, false, func, or_, select, true

from widget.core.db import db
from widget.surveys.asked import CHOICES, OTHER, SCALES, AskedQuestion, Version, Wording
from widget.surveys.conditions import Condition, answer_text, answer_values, has_answer, has_value, list_conditions
from widget.surveys.filters import ResponseFilter
from widget.surveys.models import Survey, SurveyResponse
from widget.surveys.rules import SCORES, bucket_of, csat_interval

LATEST_TEXTS = 5
Interval = tuple[float, float]


@dataclass(frozen=True)
class ChoiceCount:
    """How many gave one answer; the share and its Wilson interval are percentages of those who answered."""

    value: str
    label: str
    count: int
    share: float | None
    interval: Interval | None


class SaidText(NamedTuple):
    """One text and when it was written."""

    text: str
    answered_at: datetime


@dataclass(frozen=True)
class QuestionResult:
    """One question's figures. Who was due answered it, skipped it, or left before it."""

    key: str
    type: str
    wording: str
    is_asked_now: bool
    earlier: tuple[Wording, ...]
    due: int
    answered: int
    skipped: int
    left: int
    mean: float | None
    choices: tuple[ChoiceCount, ...]
    texts: tuple[SaidText, ...]


def list_counted(survey: Survey, wanted: ResponseFilter) -> list[Condition]:
    """Return the conditions of the answers that figures count: as for the score, no suspicious ones."""
    return [
        *list_conditions(survey, wanted),
        SurveyResponse.flag.is_(None),
        *([false()] if wanted.flagged else []),
    ]


def count_questions(survey: Survey, wanted: ResponseFilter, asked: Sequence[AskedQuestion]) -> list[QuestionResult]:
    """Return the figures of questions over the answers a filter picks."""
    if not asked:
        return []
    counted = list_counted(survey, wanted)
    numbers: list[Any] = []
    for question in asked:
        is_due = or_(*(_is_due(survey.kind, *audience) for audience in question.audiences))
        is_answered = _is_answered(question)
        is_finished = SurveyResponse.completed_at.is_not(None)
        numbers += [
            func.count().filter(is_answered),
            func.count().filter(is_due, ~is_answered, is_finished),
            func.count().filter(is_due, ~is_answered, ~is_finished),
        ]
    counts = iter(db.session.execute(select(*numbers).select_from(SurveyResponse).where(*counted)).one())
    return [_describe(question, counted, next(counts), next(counts), next(counts)) for question in asked]


def count_outcomes(survey: Survey, wanted: ResponseFilter, versions: Sequence[Version]) -> list[ChoiceCount]:
    """Return how often a quiz ended with each outcome, those of today first."""
    labels: dict[str, str] = {}
    for version in versions:
        for outcome in version.definition.get("outcomes") or ():
            title = version.find_text("outcomes", outcome["id"], "title")
            labels.setdefault(outcome["id"], title or outcome["id"])
    if not labels:
        return []
    counts = _count_values("outcome", list_counted(survey, wanted))
    return _list_choices(labels, counts, sum(counts.values()))


def find_median_ms(survey: Survey, wanted: ResponseFilter) -> int | None:
    """Return the median of the milliseconds that finished answers took, None where none is known."""
    is_timed = and_(SurveyResponse.completed_at.is_not(None), SurveyResponse.elapsed_ms.is_not(None))
    known = [*list_counted(survey, wanted), is_timed]
    count = db.session.scalar(select(func.count()).select_from(SurveyResponse).where(*known)) or 0
    if not count:
        return None
    middle = select(SurveyResponse.elapsed_ms).where(*known).order_by(SurveyResponse.elapsed_ms)
    values = db.session.scalars(middle.offset((count - 1) // 2).limit(2 - count % 2)).all()
    return round(sum(value or 0 for value in values) / len(values))


def _is_answered(question: AskedQuestion) -> Condition:
    versions = [number for numbers, _ in question.audiences for number in numbers]
    return and_(has_answer(question.key), SurveyResponse.survey_version.in_(versions))


def _is_due(kind: str, versions: Sequence[int], conditions: Sequence[Mapping[str, Any]]) -> Condition:
    holds: list[Condition] = [SurveyResponse.survey_version.in_(versions)]
    for condition in conditions:
        if condition["question"] == "score":
            scores = [score for score in SCORES.get(kind, ()) if bucket_of(kind, score) in condition["in"]]
            holds.append(SurveyResponse.score.in_(scores))
        else:
            holds.append(has_value(condition["question"], map(str, condition["in"])))
    return and_(true(), *holds)


def _describe(
    question: AskedQuestion, counted: list[Condition], answered: int, skipped: int, left: int
) -> QuestionResult:
    said = [*counted, _is_answered(question)]
    is_counted = question.type in SCALES | CHOICES
    counts = _count_values(question.key, said) if is_counted else {}
    texts: Sequence[SaidText] = ()
    if question.type == "text":
        texts = _list_latest(question.key, said)
    elif OTHER in dict(question.choices):
        texts = _list_latest(f"{question.key}.{OTHER}", said)
    total = sum(int(value) * count for value, count in counts.items()) if question.type in SCALES else 0
    return QuestionResult(
        key=question.key,
        type=question.type,
        wording=question.wording,
        is_asked_now=question.is_asked_now,
        earlier=question.earlier,
        due=answered + skipped + left,
        answered=answered,
        skipped=skipped,
        left=left,
        mean=total / answered if question.type in SCALES and answered else None,
        choices=tuple(_list_choices(dict(question.choices), counts, answered)) if is_counted else (),
        texts=tuple(texts),
    )


def _count_values(key: str, conditions: Sequence[Condition]) -> dict[str, int]:
    said = answer_values(key)
    value = cast(said.c.value, String()).label("value")
    values = select(value).select_from(SurveyResponse, said).where(*conditions).subquery()
    number = cast(func.count(), Integer).label("number")
    rows = db.session.execute(select(values.c.value, number).group_by(values.c.value).order_by(number.desc()))
    return {text: count for text, count in rows if text is not None}


def _list_choices(labels: Mapping[str, str], counts: Mapping[str, int], answered: int) -> list[ChoiceCount]:
    everything = {**labels, **{value: value for value in counts if value not in labels}}
    choices = []
    for value, label in everything.items():
        count = counts.get(value, 0)
        share = 100 * count / answered if answered else None
        choices.append(ChoiceCount(value, label, count, share, csat_interval(count, 0, answered - count)))
    return choices


def _list_latest(key: str, conditions: Sequence[Condition]) -> list[SaidText]:
    text = answer_text(key)
    latest = (
        select(text, SurveyResponse.answered_at)
        .where(*conditions, text.is_not(None))
        .order_by(SurveyResponse.answered_at.desc(), SurveyResponse.id.desc())
        .limit(LATEST_TEXTS)
    )
    return [SaidText(text, at) for text, at in db.session.execute(latest)]
