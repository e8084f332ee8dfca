"""Two owners at one survey: what a survey was when a form of it was opened, and its versions with their answers."""

import hashlib
from collections.abc import Sequence
from typing import Any

import orjson
from sqlalchemy import func, select

from widget.core.db import db
from widget.surveys.models import Survey, SurveyResponse, SurveyVersion
from widget.surveys.queries import list_versions
from widget.surveys.settings import ASKING

# What an owner would name when told that somebody else changed it.
PARTS = {
    "name": ("name", "state"),
    "questions": ("definition",),
    "texts": ("texts", "languages", "default_language"),
    "when": ASKING,
}


def sign_revision(survey: Survey) -> str:
    """Return what a form carries to tell whether the survey has changed since it was opened."""
    return "-".join(_digest(survey, columns) for columns in PARTS.values())


def list_changes(survey: Survey, opened: str) -> list[str]:
    """Return the parts of a survey that differ from what a form was opened with; no revision differs in none.

    The survey is read anew, and nobody else changes it until this transaction ends.
    """
    db.session.refresh(survey, with_for_update=True)
    if not opened:
        return []
    digests = dict(zip(PARTS, opened.split("-"), strict=False))
    return [name for name, columns in PARTS.items() if digests.get(name) != _digest(survey, columns)]


def count_answers_by_version(survey: Survey) -> dict[int, int]:
    """Return how many answers each version of a survey has."""
    rows = db.session.execute(
        select(SurveyResponse.survey_version, func.count())
        .where(SurveyResponse.site_id == survey.site_id, SurveyResponse.survey_id == survey.id)
        .group_by(SurveyResponse.survey_version)
    )
    return {row[0]: row[1] for row in rows}


def list_earlier_versions(survey: Survey) -> list[tuple[SurveyVersion, int]]:
    """Return the versions before the present one with the number of their answers, newest first."""
    counts = count_answers_by_version(survey)
    versions: Sequence[SurveyVersion] = list_versions(survey)
    return [(kept, counts.get(kept.version, 0)) for kept in versions if kept.version != survey.version]


def digest_values(values: Sequence[Any]) -> str:
    """Return what tells whether values are still the same."""
    return hashlib.sha256(orjson.dumps(values, option=orjson.OPT_SORT_KEYS)).hexdigest()[:10]


def _digest(survey: Survey, columns: Sequence[str]) -> str:
    return digest_values([getattr(survey, name) for name in columns])
