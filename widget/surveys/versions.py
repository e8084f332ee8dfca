"""The versions of a survey: what is kept of each, so that old answers stay what they were answers to."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import exists, select

from widget.core.clock import utc_now
from widget.core.db import db, insert_unless_known
from widget.core.problems import FieldError, InvalidFields
from widget.surveys.counting import belongs_to
from widget.surveys.models import Survey, SurveyResponse, SurveyVersion
from widget.surveys.queries import list_versions
from widget.surveys.settings import VERSIONED


def keep_version(survey: Survey) -> None:
    """Keep a survey's present version, unless it is kept already."""
    db.session.execute(
        insert_unless_known(SurveyVersion)
        .values(
            site_id=survey.site_id,
            survey_id=survey.id,
            version=survey.version,
            created_at=utc_now(),
            **{name: getattr(survey, name) for name in VERSIONED},
        )
        .on_conflict_do_nothing()
    )


def list_definitions(survey: Survey) -> list[dict[str, Any]]:
    """Return what a survey has asked in all its versions, the oldest first."""
    return list(map_definitions(survey).values())


def map_definitions(survey: Survey) -> dict[int, dict[str, Any]]:
    """Return what a survey has asked by the version, the oldest first."""
    kept = {version.version: version.definition for version in reversed(list_versions(survey))}
    return {**kept, survey.version: survey.definition}


def require_lasting_keys(survey: Survey, definition: Mapping[str, Any]) -> None:
    """Raise InvalidFields where a question takes the key that one of another type has or had.

    Their answers would stand under one name. A draft that nobody has answered may still change its mind.
    """
    if survey.published_at is None and not _has_answers(survey):
        return
    types = {
        question["key"]: question["type"]
        for asked in list_definitions(survey)
        for question in asked.get("questions", ())
    }
    errors = [
        FieldError(
            f"#/definition/questions/{place}/key",
            f"This key had a question of the type {types[question['key']]}: choose another.",
        )
        for place, question in enumerate(definition.get("questions", ()))
        if types.get(question["key"], question["type"]) != question["type"]
    ]
    if errors:
        raise InvalidFields(errors=errors)


def _has_answers(survey: Survey) -> bool:
    return bool(db.session.scalar(select(exists().where(belongs_to(SurveyResponse, survey)))))
