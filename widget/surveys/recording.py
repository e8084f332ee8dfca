"""Recording answers: the hot path, one statement for a new answer."""

import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Row, select, update

from widget.core.clock import utc_now
from widget.core.db import insert_unless_known, writing_connection
from widget.core.hot import HotCursor, HotStatement
from widget.core.page_addresses import strip_page_url
from widget.core.problems import FieldError, InvalidFields
from widget.surveys.answers import add_outcome, find_answer_errors, tidy_answers
from widget.surveys.errors import ResponseFinished, ResponseIdTaken
from widget.surveys.models import SurveyField, SurveyResponse
from widget.surveys.profiles import save_profile
from widget.surveys.published import PublishedSurvey, PublishedVersion, find_version
from widget.surveys.rewarding import reward_stored_answer
from widget.surveys.rollup_models import SurveyStaleDay

# Names a page sends beyond these are stored with the answer but get no column of their own.
MAX_FIELD_NAMES = 50


@dataclass(frozen=True)
class Sender:
    """Who answers, as far as tokens prove it, how they came, and why the answer is suspicious, if it is."""

    visitor_id: uuid.UUID | None
    customer_id: uuid.UUID | None
    flag: str | None
    source: str = "widget"


@dataclass(frozen=True)
class Recorded:
    """A stored answer and whether this request stored it."""

    answer: dict[str, Any]
    is_new: bool


@dataclass(frozen=True)
class Said:
    """What a submission says, checked against the version that was shown."""

    asked: PublishedSurvey | PublishedVersion
    score: int | None
    comment: str | None
    answers: dict[str, Any]


# The visitor and the customer are looked up rather than trusted to exist: they may have been erased
# or merged since their tokens were signed, and the answer is worth keeping all the same.
_INSERT_RESPONSE = HotStatement(
    """
    INSERT INTO survey_responses (site_id, id, survey_id, kind, score, comment, answers, survey_version, hidden,
        language, page_url, elapsed_ms, visitor_id, customer_id, source, flag, answered_at, completed_at)
    VALUES (:site_id, :id, :survey_id, :kind, :score, :comment, :answers, :survey_version, :hidden,
        :language, :page_url, :elapsed_ms,
        (SELECT id FROM visitors WHERE site_id = :site_id AND id = :visitor_id),
        (SELECT COALESCE(merged_into_id, id) FROM customers WHERE site_id = :site_id AND id = :customer_id),
        :source, :flag, :answered_at, :completed_at)
    ON CONFLICT DO NOTHING
    """
)


def record_response(
    cursor: HotCursor, site_id: uuid.UUID, survey: PublishedSurvey, submission: dict[str, Any], sender: Sender
) -> Recorded:
    """Store an answer once and for good; raise InvalidFields, ResponseFinished, ResponseIdTaken."""
    said = read_said(site_id, survey, submission)
    now = utc_now()
    inserted = cursor.execute(
        _INSERT_RESPONSE,
        {
            "site_id": site_id,
            "id": submission["id"],
            "survey_id": survey.id,
            "kind": survey.kind,
            "score": said.score,
            "comment": said.comment,
            "answers": said.answers,
            "survey_version": said.asked.version,
            "hidden": submission["hidden"],
            "language": submission["language"],
            "page_url": _clean_page_url(submission),
            "elapsed_ms": submission["elapsed_ms"],
            "visitor_id": sender.visitor_id,
            "customer_id": sender.customer_id,
            "source": sender.source,
            "flag": sender.flag,
            "answered_at": now,
            "completed_at": now if submission["completed"] else None,
        },
    )
    if not submission["hidden"].keys() <= survey.field_names:
        _remember_field_names(site_id, survey, submission["hidden"])
    stored = _describe(submission["id"], submission["completed"], said.score, said.comment, said.answers)
    recorded, said_at = Recorded(stored, is_new=True), now
    if not inserted:
        recorded, said_at = _continue_response(site_id, survey, submission, said)
    if sender.customer_id is not None and said.answers:
        save_profile(site_id, sender.customer_id, survey, said.asked, said.answers, submission["language"], said_at)
    if sender.customer_id is not None and sender.flag is None:
        reward_stored_answer(cursor, site_id, survey.id, sender.customer_id, is_completed=submission["completed"])
    return recorded


def read_said(site_id: uuid.UUID, survey: PublishedSurvey, submission: dict[str, Any]) -> Said:
    """Return what a submission says; raise InvalidFields where the version it names does not take it."""
    asked = find_version(site_id, survey, submission.get("version"))
    answers = tidy_answers(submission["answers"])
    errors = find_answer_errors(survey.kind, asked.definition, answers, completed=submission["completed"])
    if errors:
        raise InvalidFields(
            errors=[FieldError(f"#/answers/{name}".rstrip("/"), problem) for name, problem in errors.items()]
        )
    kept = add_outcome(survey.kind, asked.definition, answers)
    return Said(asked, answers.get("score"), answers.get("comment"), kept)


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


def _continue_response(
    site_id: uuid.UUID, survey: PublishedSurvey, submission: dict[str, Any], said: Said
) -> tuple[Recorded, datetime]:
    """Repeat what is stored under the id, or complete it if it is unfinished; return also when it was said."""
    with writing_connection() as connection:
        stored = connection.execute(
            select(SurveyResponse.__table__)
            .where(SurveyResponse.site_id == site_id, SurveyResponse.id == submission["id"])
            .with_for_update()
        ).one()
        if stored.survey_id != survey.id:
            raise ResponseIdTaken()
        if _is_repeat(stored, submission, said):
            answer = _describe(stored.id, stored.completed_at is not None, stored.score, stored.comment, stored.answers)
            return Recorded(answer, is_new=False), stored.completed_at or stored.answered_at
        if stored.completed_at is not None:
            raise ResponseFinished()
        return _save_continuation(connection, stored, submission, said)


def _save_continuation(
    connection: Connection, stored: Row[Any], submission: dict[str, Any], said: Said
) -> tuple[Recorded, datetime]:
    """Store what is said now: score and comment over those before, the answers in place of those before.

    A submission holds everything answered so far, so what it no longer holds was taken back.
    """
    now = utc_now()
    score = stored.score if said.score is None else said.score
    comment = said.comment or stored.comment
    answers = said.answers or stored.answers
    mark_day_stale(connection, stored.site_id, stored.survey_id, stored.answered_at.astimezone(UTC).date())
    connection.execute(
        update(SurveyResponse)
        .where(SurveyResponse.site_id == stored.site_id, SurveyResponse.id == stored.id)
        .values(
            score=score,
            comment=comment,
            answers=answers,
            survey_version=said.asked.version,
            hidden={**stored.hidden, **submission["hidden"]},
            elapsed_ms=submission["elapsed_ms"] if submission["elapsed_ms"] is not None else stored.elapsed_ms,
            completed_at=now if submission["completed"] else None,
        )
    )
    answer = _describe(stored.id, submission["completed"], score, comment, answers)
    return Recorded(answer, is_new=False), now


def _is_repeat(stored: Row[Any], submission: dict[str, Any], said: Said) -> bool:
    """Tell whether a submission is what made the stored answer, or part of it.

    A continued answer holds more than its last submission said.
    """
    hidden: dict[str, str] = submission["hidden"]
    if submission["completed"] != (stored.completed_at is not None):
        return False
    if stored.completed_at == stored.answered_at:
        was_said = (stored.score, stored.comment, stored.answers, stored.hidden)
        return bool((said.score, said.comment, said.answers, hidden) == was_said)
    # The outcome follows from the answers, and changes with every further one.
    answers = {name: value for name, value in said.answers.items() if name != "outcome"}
    return (
        said.score in (None, stored.score)
        and said.comment in (None, stored.comment)
        and answers.items() <= stored.answers.items()
        and hidden.items() <= stored.hidden.items()
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


def _describe(
    response_id: uuid.UUID, completed: bool, score: int | None, comment: str | None, answers: dict[str, Any]
) -> dict[str, Any]:
    described = {"id": str(response_id), "completed": completed, "score": score, "comment": comment}
    return {**described, "answers": answers} if answers else described
