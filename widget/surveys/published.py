"""What the hot paths know of a site's surveys, kept in the process while the site's version stands."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import current_app
from sqlalchemy import select

from widget.core.hot import hot_connection
from widget.core.problems import FieldError, InvalidFields
from widget.sites.queries import PublishedSite, find_published_site
from widget.surveys.errors import SurveyNotFound
from widget.surveys.models import Survey, SurveyField, SurveyVersion

_EXTENSION = "regulars_published_surveys"
_VERSIONS = "regulars_published_versions"
# What was asked once never changes, so it is kept while there is room.
MAX_VERSIONS_KEPT = 500


@dataclass
class PublishedSurvey:
    """One survey as the embed door needs it; `field_names` grows as answers bring new hidden fields."""

    id: uuid.UUID
    kind: str
    state: str
    version: int
    display: str
    url_rules: list[Any]
    after_seconds: int
    scroll_percent: int
    event_name: str | None
    sample_basis_points: int
    repeat_days: int | None
    asks_until_answered: bool
    gates: dict[str, Any]
    default_language: str
    languages: list[str]
    definition: dict[str, Any]
    texts: dict[str, Any]
    published_at: datetime | None
    field_names: set[str]


@dataclass(frozen=True)
class PublishedVersion:
    """What a survey asked in an earlier version."""

    version: int
    default_language: str
    languages: list[str]
    definition: dict[str, Any]
    texts: dict[str, Any]


_COLUMNS = [getattr(Survey, name) for name in PublishedSurvey.__annotations__ if name != "field_names"]


def list_published_surveys(site: PublishedSite) -> list[PublishedSurvey]:
    """Return a site's surveys that take answers, neither drafts nor archived, oldest first."""
    cache: dict[uuid.UUID, tuple[int, list[PublishedSurvey]]] = current_app.extensions.setdefault(_EXTENSION, {})
    known = cache.get(site.id)
    if known is not None and known[0] == site.version:
        return known[1]
    surveys = _load_published_surveys(site.id)
    cache[site.id] = (site.version, surveys)
    return surveys


def get_published_survey(site: PublishedSite, survey_id: uuid.UUID) -> PublishedSurvey:
    """Return one survey; raise SurveyNotFound, having asked the database anew."""
    for survey in list_published_surveys(site):
        if survey.id == survey_id:
            return survey
    fresh = find_published_site(site.key, fresh=True)
    if fresh is not None and fresh.version != site.version:
        return get_published_survey(fresh, survey_id)
    raise SurveyNotFound()


def find_version(
    site_id: uuid.UUID, survey: PublishedSurvey, version: int | None
) -> "PublishedSurvey | PublishedVersion":
    """Return what a survey asks in a version, the present one for None; raise InvalidFields for none there is."""
    if version is None or version == survey.version:
        return survey
    cache: dict[tuple[uuid.UUID, uuid.UUID, int], PublishedVersion] = current_app.extensions.setdefault(_VERSIONS, {})
    key = (site_id, survey.id, version)
    if key not in cache:
        found = _load_version(*key)
        if found is None:
            raise InvalidFields(errors=[FieldError("#/version", "The survey has no such version.")])
        if len(cache) >= MAX_VERSIONS_KEPT:
            cache.clear()
        cache[key] = found
    return cache[key]


def _load_version(site_id: uuid.UUID, survey_id: uuid.UUID, version: int) -> PublishedVersion | None:
    columns = [getattr(SurveyVersion, name) for name in PublishedVersion.__annotations__]
    with hot_connection() as connection:
        row = connection.execute(
            select(*columns).where(
                SurveyVersion.site_id == site_id,
                SurveyVersion.survey_id == survey_id,
                SurveyVersion.version == version,
            )
        ).one_or_none()
    return PublishedVersion(**row._mapping) if row else None


def _load_published_surveys(site_id: uuid.UUID) -> list[PublishedSurvey]:
    with hot_connection() as connection:
        fields: dict[uuid.UUID, set[str]] = {}
        for survey_id, name in connection.execute(
            select(SurveyField.survey_id, SurveyField.name).where(SurveyField.site_id == site_id)
        ):
            fields.setdefault(survey_id, set()).add(name)
        rows = connection.execute(
            select(*_COLUMNS)
            .where(Survey.site_id == site_id, Survey.state.in_(("live", "paused")))
            .order_by(Survey.created_at, Survey.id)
        )
        return [PublishedSurvey(**row._mapping, field_names=fields.get(row.id, set())) for row in rows]
