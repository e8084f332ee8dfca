"""A survey as it would be with what an owner has typed: for the preview and what it costs, never stored."""

import uuid
from collections.abc import Mapping
from typing import Any

from widget.sites.models import Site
from widget.sites.theme import build_theme
from widget.surveys.content import build_content
from widget.surveys.models import Survey
from widget.surveys.published import PublishedSurvey

# One for all that is not saved: the preview goes on with what was answered before the last change.
UNSAVED_ID = uuid.UUID(int=0)

_UNSET: dict[str, Any] = {
    "state": "draft",
    "version": 1,
    "display": "sheet",
    "url_rules": [],
    "after_seconds": 0,
    "scroll_percent": 0,
    "event_name": None,
    "sample_basis_points": 10_000,
    "repeat_days": None,
    "asks_until_answered": False,
    "gates": {},
    "default_language": "en",
    "languages": ["en", "it", "id"],
    "definition": {},
    "texts": {},
    "published_at": None,
}


def publish_unsaved(kind: str, settings: Mapping[str, Any], survey: Survey | None) -> PublishedSurvey:
    """Return a survey with unsaved settings as a store page would know it."""
    values = {name: getattr(survey, name) if survey else value for name, value in _UNSET.items()}
    values |= {name: value for name, value in settings.items() if name in values}
    return PublishedSurvey(id=survey.id if survey else UNSAVED_ID, kind=kind, field_names=set(), **values)


def preview_content(site: Site, survey: PublishedSurvey, language: str) -> dict[str, Any]:
    """Return what the element would show in one language, in the site's look."""
    return build_content(survey, language, build_theme(site.theme, site.key))
