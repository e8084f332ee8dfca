"""Reading surveys and their answers."""

import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, Select, String, cast, func, select

from widget.core.db import db, find_in_site
from widget.core.paging import Cursor, Page, comes_after, list_page
from widget.sites.models import Site
from widget.surveys.conditions import hidden_value, list_shown_conditions
from widget.surveys.errors import SurveyNotFound
from widget.surveys.models import Survey, SurveyField, SurveyResponse, SurveyVersion
from widget.surveys.rules import SCORES, bucket_of

if TYPE_CHECKING:
    from widget.surveys.filters import ResponseFilter

# Choices for a filter are gathered from this many of the latest answers, so that they cost the same always.
LATEST_ANSWERS = 5_000
UNHAPPY_BUCKETS = frozenset({"detractor", "dissatisfied", "difficult"})


def list_surveys(site: Site, *, include_archived: bool = False) -> Sequence[Survey]:
    """Return a site's surveys, newest first."""
    statement = select(Survey).where(Survey.site_id == site.id)
    if not include_archived:
        statement = statement.where(Survey.state != "archived")
    return db.session.scalars(statement.order_by(Survey.created_at.desc(), Survey.id.desc())).all()


def list_surveys_page(site: Site, cursor: Cursor | None, limit: int) -> Page[Survey]:
    """Return one page of a site's surveys, archived ones too, newest first."""
    statement = select(Survey).where(Survey.site_id == site.id)
    return list_page(statement, Survey.created_at, Survey.id, cursor, limit)


def get_survey(site_id: uuid.UUID, survey_id: uuid.UUID) -> Survey:
    """Return a survey of this site; raise SurveyNotFound, also for another site's."""
    survey = find_in_site(Survey, site_id, survey_id)
    if survey is None:
        raise SurveyNotFound()
    return survey


def list_field_names(survey: Survey) -> Sequence[str]:
    """Return the names of the hidden fields that a survey's answers carry, in alphabetical order."""
    names = db.session.scalars(
        select(SurveyField.name).where(SurveyField.site_id == survey.site_id, SurveyField.survey_id == survey.id)
    )
    return sorted(names)


def list_field_values(survey: Survey, name: str, limit: int = 50) -> Sequence[str]:
    """Return the most frequent values of a hidden field among the latest answers."""
    latest = _latest_answers(survey).with_only_columns(hidden_value(name).label("value")).subquery()
    return _list_most_frequent(latest.c.value, limit)


def list_languages(survey: Survey) -> Sequence[str]:
    """Return the most frequent languages of the latest answers."""
    latest = _latest_answers(survey).with_only_columns(SurveyResponse.language.label("value")).subquery()
    return _list_most_frequent(latest.c.value, limit=50)


def list_versions(survey: Survey) -> Sequence[SurveyVersion]:
    """Return the versions that were kept of a survey, newest first."""
    return db.session.scalars(
        select(SurveyVersion)
        .where(SurveyVersion.site_id == survey.site_id, SurveyVersion.survey_id == survey.id)
        .order_by(SurveyVersion.version.desc())
    ).all()


def list_question_keys(survey: Survey) -> set[str]:
    """Return the keys of the questions that a survey asks or has ever asked beside its score."""
    definitions = [survey.definition, *(version.definition for version in list_versions(survey))]
    return {question["key"] for definition in definitions for question in definition.get("questions", ())}


def list_responses(
    survey: Survey, response_filter: "ResponseFilter", cursor: Cursor | None, limit: int
) -> Page[SurveyResponse]:
    """Return one page of the answers a filter shows, newest first."""
    statement = select(SurveyResponse).where(*list_shown_conditions(survey, response_filter))
    if cursor is not None:
        # The first condition follows from the second and lets the index begin at the cursor.
        statement = statement.where(
            SurveyResponse.answered_at <= cursor.at,
            comes_after(cursor, SurveyResponse.answered_at, SurveyResponse.id),
        )
    order = (SurveyResponse.answered_at.desc(), SurveyResponse.id.desc())
    rows = db.session.scalars(statement.order_by(*order).limit(limit + 1)).all()
    items = rows[:limit]
    return Page(items, _make_cursor(items[-1]).encode() if len(rows) > limit else None)


def list_unhappy(surveys: Iterable[Survey], since: datetime, limit: int) -> Sequence[SurveyResponse]:
    """Return the latest answers to these surveys with a low score and a comment, newest first."""
    found: list[SurveyResponse] = []
    # One look into each survey's index of times costs less than a walk over all answers of the site.
    for survey in surveys:
        low = [score for score in SCORES[survey.kind] if bucket_of(survey.kind, score) in UNHAPPY_BUCKETS]
        if low:
            found += db.session.scalars(
                select(SurveyResponse)
                .where(
                    SurveyResponse.site_id == survey.site_id,
                    SurveyResponse.survey_id == survey.id,
                    SurveyResponse.answered_at >= since,
                    SurveyResponse.score.in_(low),
                    SurveyResponse.comment.is_not(None),
                    SurveyResponse.flag.is_(None),
                )
                .order_by(SurveyResponse.answered_at.desc(), SurveyResponse.id.desc())
                .limit(limit)
            )
    return sorted(found, key=lambda answer: answer.answered_at, reverse=True)[:limit]


def _make_cursor(last: SurveyResponse) -> Cursor:
    """Return the place after an answer.

    Who knows the id of an unfinished answer may continue it, so its cursor holds only the first half of the
    id: enough for the order, not enough to guess the rest.
    """
    if last.completed_at is not None:
        return Cursor(last.answered_at, last.id)
    return Cursor(last.answered_at, uuid.UUID(int=last.id.int >> 64 << 64))


def _latest_answers(survey: Survey) -> Select[tuple[SurveyResponse]]:
    return (
        select(SurveyResponse)
        .where(SurveyResponse.site_id == survey.site_id, SurveyResponse.survey_id == survey.id)
        .order_by(SurveyResponse.answered_at.desc(), SurveyResponse.id.desc())
        .limit(LATEST_ANSWERS)
    )


def _list_most_frequent(value: ColumnElement[str | None], limit: int) -> Sequence[str]:
    text = cast(value, String())
    return db.session.scalars(
        select(text)
        .where(value.is_not(None), value != "")
        .group_by(text)
        .order_by(func.count().desc(), text)
        .limit(limit)
    ).all()
