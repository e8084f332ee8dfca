"""Recording answers: the hot path, one statement for a new answer."""

import uuid
from dataclasses import dataclass
from datetime import UTC
from typing import Any

from sqlalchemy import Connection, Row, select, update

from widget.core.clock import utc_now
from widget.core.db import insert_unless_known, writing_connection
from widget.core.hot import HotCursor, HotStatement
from widget.core.problems import FieldError, InvalidFields
from widget.surveys.errors import ResponseFinished, ResponseIdTaken
from widget.surveys.models import SurveyField, SurveyResponse
from widget.surveys.published import PublishedSurvey
from widget.surveys.rollup_models import SurveyStaleDay
from widget.surveys.rules import SCORES, strip_page_url

# Names a page sends beyond these are stored with the answer but get no column of their own.
MAX_FIELD_NAMES = 50


@dataclass(frozen=True)
class Sender:
    """Who answers, as far as tokens prove it, and why the answer is suspicious, if it is."""

    visitor_id: uuid.UUID | None
    customer_id: uuid.UUID | None
    flag: str | None


@dataclass(frozen=True)
class Recorded:
    """A stored answer and whether this request stored it."""

    answer: dict[str, Any]
    is_new: bool


# The visitor and the customer are looked up rather than trusted to exist: they may have been erased
# since their tokens were signed, and the answer is worth keeping all the same.
_INSERT_RESPONSE = HotStatement(
    """
    INSERT INTO survey_responses (site_id, id, survey_id, kind, score, comment, answers, survey_version, hidden,
        language, page_url, elapsed_ms, visitor_id, customer_id, source, flag, answered_at, completed_at)
    VALUES (:site_id, :id, :survey_id, :kind, :score, :comment, :answers, :survey_version, :hidden,
        :language, :page_url, :elapsed_ms,
        (SELECT id FROM visitors WHERE site_id = :site_id AND id = :visitor_id),
        (SELECT id FROM customers WHERE site_id = :site_id AND id = :customer_id),
        'widget', :flag, :answered_at, :completed_at)
    ON CONFLICT DO NOTHING
    """
)


def record_response(
    cursor: HotCursor, site_id: uuid.UUID, survey: PublishedSurvey, submission: dict[str, Any], sender: Sender
) -> Recorded:
    """Store an answer once and for good.

    Raise InvalidFields for no answer or a score outside the survey's scale, ResponseFinished for a change
    to a finished answer, ResponseIdTaken for an id of another survey's answer.
    """
    answers = submission["answers"]
    _require_an_answer(survey.kind, answers)
    now = utc_now()
    inserted = cursor.execute(
        _INSERT_RESPONSE,
        {
            "site_id": site_id,
            "id": submission["id"],
            "survey_id": survey.id,
            "kind": survey.kind,
            "score": answers["score"],
            "comment": answers["comment"] or None,
            "answers": {},
            "survey_version": survey.version,
            "hidden": submission["hidden"],
            "language": submission["language"],
            "page_url": _clean_page_url(submission),
            "elapsed_ms": submission["elapsed_ms"],
            "visitor_id": sender.visitor_id,
            "customer_id": sender.customer_id,
            "flag": sender.flag,
            "answered_at": now,
            "completed_at": now if submission["completed"] else None,
        },
    )
    if not submission["hidden"].keys() <= survey.field_names:
        _remember_field_names(site_id, survey, submission["hidden"])
    if not inserted:
        return _continue_response(site_id, survey, submission)
    stored = _describe(submission["id"], submission["completed"], answers["score"], answers["comment"] or None)
    return Recorded(stored, is_new=True)


def _require_an_answer(kind: str, answers: dict[str, Any]) -> None:
    if answers["score"] is None and not answers["comment"]:
        raise InvalidFields(errors=[FieldError("#/answers", "Give a score or a comment.")])
    require_score_in_scale(kind, answers["score"])


def require_score_in_scale(kind: str, score: int | None) -> None:
    """Raise InvalidFields for a score that the kind of survey does not have."""
    scale = SCORES[kind]
    if score is not None and score not in scale:
        raise InvalidFields(errors=[FieldError("#/answers/score", f"Must be between {scale[0]} and {scale[-1]}.")])


def mark_day_stale(connection: Connection, site_id: uuid.UUID, survey_id: uuid.UUID, day: Any) -> None:
    """Have a day counted anew, in the transaction that changes its answers.

    The upsert locks the row, so a worker that clears the mark at this moment either sees the change or
    leaves the mark.
    """
    statement = insert_unless_known(SurveyStaleDay).values(site_id=site_id, survey_id=survey_id, day=day, touches=1)
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=["site_id", "survey_id", "day"], set_={"touches": SurveyStaleDay.touches + 1}
        )
    )


def _continue_response(site_id: uuid.UUID, survey: PublishedSurvey, submission: dict[str, Any]) -> Recorded:
    """Repeat what is stored under the id, or complete it if it is unfinished."""
    with writing_connection() as connection:
        stored = connection.execute(
            select(SurveyResponse.__table__)
            .where(SurveyResponse.site_id == site_id, SurveyResponse.id == submission["id"])
            .with_for_update()
        ).one()
        if stored.survey_id != survey.id:
            raise ResponseIdTaken()
        if _is_repeat(stored, submission):
            return Recorded(_describe(stored.id, stored.completed_at is not None, stored.score, stored.comment), False)
        if stored.completed_at is not None:
            raise ResponseFinished()
        return _save_continuation(connection, stored, submission)


def _save_continuation(connection: Connection, stored: Row[Any], submission: dict[str, Any]) -> Recorded:
    answers = submission["answers"]
    score = stored.score if answers["score"] is None else answers["score"]
    comment = answers["comment"] or stored.comment
    mark_day_stale(connection, stored.site_id, stored.survey_id, stored.answered_at.astimezone(UTC).date())
    connection.execute(
        update(SurveyResponse)
        .where(SurveyResponse.site_id == stored.site_id, SurveyResponse.id == stored.id)
        .values(
            score=score,
            comment=comment,
            hidden={**stored.hidden, **submission["hidden"]},
            elapsed_ms=submission["elapsed_ms"] if submission["elapsed_ms"] is not None else stored.elapsed_ms,
            completed_at=utc_now() if submission["completed"] else None,
        )
    )
    return Recorded(_describe(stored.id, submission["completed"], score, comment), False)


def _is_repeat(stored: Row[Any], submission: dict[str, Any]) -> bool:
    """Tell whether a submission is what made the stored answer, or part of it.

    A continued answer holds more than its last submission said.
    """
    score, comment = submission["answers"]["score"], submission["answers"]["comment"] or None
    hidden: dict[str, str] = submission["hidden"]
    if submission["completed"] != (stored.completed_at is not None):
        return False
    if stored.completed_at == stored.answered_at:
        return bool((score, comment, hidden) == (stored.score, stored.comment, stored.hidden))
    return (
        score in (None, stored.score) and comment in (None, stored.comment) and hidden.items() <= stored.hidden.items()
    )


def _remember_field_names(site_id: uuid.UUID, survey: PublishedSurvey, hidden: dict[str, str]) -> None:
    new_names = sorted(hidden.keys() - survey.field_names)[: MAX_FIELD_NAMES - len(survey.field_names)]
    if not new_names:
        return
    with writing_connection() as connection:
        for name in new_names:
            connection.execute(
                insert_unless_known(SurveyField)
                .values(site_id=site_id, survey_id=survey.id, name=name)
                .on_conflict_do_nothing()
            )
    survey.field_names.update(new_names)


def _clean_page_url(submission: dict[str, Any]) -> str | None:
    return strip_page_url(submission["page_url"]) if submission["page_url"] else None


def _describe(response_id: uuid.UUID, completed: bool, score: int | None, comment: str | None) -> dict[str, Any]:
    return {"id": str(response_id), "completed": completed, "score": score, "comment": comment}
