"""Reading what owners put on answers: tags, notes, and filters under a name."""

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, func, literal, select
from sqlalchemy.dialects.postgresql import aggregate_order_by

from widget.core.db import db, get_in_site
from widget.core.problems import NotFound
from widget.surveys.desk_models import ResponseNote, ResponseTag, SavedFilter
from widget.surveys.models import Survey, SurveyResponse

TAGS_SUGGESTED = 50
TAGS_JOINED_BY = ", "


def get_response(survey: Survey, response_id: uuid.UUID) -> SurveyResponse:
    """Return a finished answer to this survey; raise NotFound, also for another survey's.

    Who knows the id of an unfinished one could continue it, so no page shows that id.
    """
    response = get_in_site(SurveyResponse, survey.site_id, response_id)
    if response.survey_id != survey.id or response.completed_at is None:
        raise NotFound()
    return response


def list_tags(survey: Survey) -> Sequence[str]:
    """Return the tags of a survey's answers, the most frequent first."""
    is_tagged = and_(SurveyResponse.site_id == ResponseTag.site_id, SurveyResponse.id == ResponseTag.response_id)
    return db.session.scalars(
        select(ResponseTag.tag)
        .join(SurveyResponse, is_tagged)
        .where(ResponseTag.site_id == survey.site_id, SurveyResponse.survey_id == survey.id)
        .group_by(ResponseTag.tag)
        .order_by(func.count().desc(), ResponseTag.tag)
        .limit(TAGS_SUGGESTED)
    ).all()


def tags_of_response() -> ColumnElement[str | None]:
    """Return the tags of each answer that a statement reads, as one text with commas, in alphabetical order."""
    if db.engine.dialect.name == "sqlite":
        # The primary key, by which SQLite finds them, ends with the tag: they come in its order.
        joined: Any = func.group_concat(ResponseTag.tag, TAGS_JOINED_BY)
    else:
        joined = func.string_agg(ResponseTag.tag, aggregate_order_by(literal(TAGS_JOINED_BY), ResponseTag.tag))
    is_same = and_(ResponseTag.site_id == SurveyResponse.site_id, ResponseTag.response_id == SurveyResponse.id)
    return select(joined).where(is_same).correlate(SurveyResponse).scalar_subquery()


def map_tags(site_id: uuid.UUID, response_ids: Sequence[uuid.UUID]) -> Mapping[uuid.UUID, list[str]]:
    """Return the tags of some answers in alphabetical order, by the answer's id."""
    rows = db.session.execute(
        select(ResponseTag.response_id, ResponseTag.tag)
        .where(ResponseTag.site_id == site_id, ResponseTag.response_id.in_(response_ids))
        .order_by(ResponseTag.tag)
    )
    tags: dict[uuid.UUID, list[str]] = {}
    for response_id, tag in rows:
        tags.setdefault(response_id, []).append(tag)
    return tags


def map_notes(site_id: uuid.UUID, response_ids: Sequence[uuid.UUID]) -> Mapping[uuid.UUID, list[ResponseNote]]:
    """Return the notes on some answers, oldest first, by the answer's id."""
    found = db.session.scalars(
        select(ResponseNote)
        .where(ResponseNote.site_id == site_id, ResponseNote.response_id.in_(response_ids))
        .order_by(ResponseNote.created_at, ResponseNote.id)
    )
    notes: dict[uuid.UUID, list[ResponseNote]] = {}
    for note in found:
        notes.setdefault(note.response_id, []).append(note)
    return notes


def find_note(survey: Survey, response_id: uuid.UUID, note_id: uuid.UUID) -> ResponseNote | None:
    """Return a note on this answer, None when it is gone."""
    return db.session.scalar(
        select(ResponseNote).where(
            ResponseNote.site_id == survey.site_id,
            ResponseNote.id == note_id,
            ResponseNote.response_id == response_id,
        )
    )


def list_saved_filters(survey: Survey) -> Sequence[SavedFilter]:
    """Return a survey's filters that have a name, by their names."""
    return db.session.scalars(
        select(SavedFilter)
        .where(SavedFilter.site_id == survey.site_id, SavedFilter.survey_id == survey.id)
        .order_by(SavedFilter.name)
    ).all()
