"""Surveys, answers and impressions for tests."""

import uuid
from datetime import UTC, datetime
from typing import Any

from widget.core.clock import utc_now
from widget.core.db import db
from widget.core.ids import new_id
from widget.customers.models import Customer
from widget.sites.models import Site
from widget.surveys import service
from widget.surveys.desk_models import ResponseTag
from widget.surveys.models import Survey, SurveyField, SurveyImpression, SurveyResponse, SurveyVersion


def make_survey(site_id: uuid.UUID, kind: str = "nps", name: str = "After the order", **settings: Any) -> Survey:
    """Make a survey; the caller commits."""
    return service.create_survey(db.session.get_one(Site, site_id), kind=kind, name=name, **settings)


def keep_version(survey: Survey, *, created_at: datetime) -> None:
    """Keep the questions and texts of a survey as they are as its version; the caller commits."""
    db.session.merge(
        SurveyVersion(
            site_id=survey.site_id,
            survey_id=survey.id,
            version=survey.version,
            default_language=survey.default_language,
            languages=survey.languages,
            definition=survey.definition,
            texts=survey.texts,
            created_at=created_at,
        )
    )


def set_questions(survey: Survey, definition: dict[str, Any], texts: dict[str, Any] | None = None) -> None:
    """Give a survey questions without the checks of owners' words; the caller commits."""
    survey.definition, survey.texts = definition, texts or {}
    keep_version(survey, created_at=survey.created_at)


def make_response(survey: Survey, score: int | None = 9, **changes: Any) -> SurveyResponse:
    """Make a finished answer of the widget, answered now; the caller commits."""
    answered_at = changes.pop("answered_at", None) or utc_now()
    values = {
        "id": new_id(),
        "comment": None if score is not None else "No score from me",
        "hidden": {},
        "source": "widget",
        "completed_at": answered_at,
        **changes,
    }
    response = SurveyResponse(
        site_id=survey.site_id,
        survey_id=survey.id,
        kind=survey.kind,
        score=score,
        answered_at=answered_at,
        **values,
    )
    db.session.add(response)
    return response


def tag_response(response: SurveyResponse, *tags: str) -> None:
    """Put tags on an answer that is flushed; the caller commits."""
    db.session.add_all(ResponseTag(site_id=response.site_id, response_id=response.id, tag=tag) for tag in tags)


def make_impression(survey: Survey, **changes: Any) -> SurveyImpression:
    """Make an impression shown now; the caller commits."""
    values = {"id": new_id(), "shown_at": utc_now(), **changes}
    impression = SurveyImpression(site_id=survey.site_id, survey_id=survey.id, **values)
    db.session.add(impression)
    return impression


def make_customer(site_id: uuid.UUID, external_id: str = "carol", **changes: Any) -> Customer:
    """Make a customer of the store; the caller commits."""
    values = {"email": f"{external_id}@shoppers.example", "name": external_id.title(), **changes}
    customer = Customer(site_id=site_id, id=new_id(), external_id=external_id, created_at=utc_now(), **values)
    db.session.add(customer)
    return customer


def name_fields(survey: Survey, *names: str) -> None:
    """Make hidden fields known to a survey; the caller commits."""
    db.session.add_all(SurveyField(site_id=survey.site_id, survey_id=survey.id, name=name) for name in names)


def on(day: str, clock: str = "12:00") -> datetime:
    """Return a moment of a UTC day."""
    return datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=UTC)
