"""Making and changing surveys, and noting whom they were shown to."""

import uuid
from typing import Any

from sqlalchemy import Connection, func, select, update

from widget.core.clock import utc_now
from widget.core.db import db, insert_unless_known
from widget.core.ids import new_id
from widget.customers.models import Visitor
from widget.sites.models import Site
from widget.sites.service import publish_change
from widget.surveys.models import Survey, SurveyImpression, SurveyResponse
from widget.surveys.recording import mark_day_stale
from widget.surveys.rules import strip_page_url


def create_survey(site: Site, *, kind: str, name: str, **settings: Any) -> Survey:
    """Make a survey, live from now on; `settings` are columns of Survey that schemas have checked."""
    survey = Survey(site_id=site.id, id=new_id(), kind=kind, name=name, created_at=utc_now(), **settings)
    db.session.add(survey)
    publish_change(site)
    return survey


def change_survey(site: Site, survey: Survey, **settings: Any) -> None:
    """Change what the owner may set; store pages notice within a minute."""
    for name, value in settings.items():
        setattr(survey, name, value)
    survey.version += 1
    publish_change(site)


def record_impressions(
    connection: Connection,
    site_id: uuid.UUID,
    survey_ids: set[uuid.UUID],
    impressions: list[dict[str, Any]],
    visitor_id: uuid.UUID | None,
) -> int:
    """Store a batch of impressions on a writing connection; return how many belong to the site's surveys.

    A dismissal completes the impression it belongs to, or stands for both when it comes first.
    """
    now = utc_now()
    known = [impression for impression in impressions if impression["survey_id"] in survey_ids]
    known_visitor = select(Visitor.id).where(Visitor.site_id == site_id, Visitor.id == visitor_id).scalar_subquery()
    for impression in sorted(known, key=lambda impression: impression["id"]):
        dismissed_at = now if impression["event"] == "dismissed" else None
        statement = insert_unless_known(SurveyImpression).values(
            site_id=site_id,
            id=impression["id"],
            survey_id=impression["survey_id"],
            visitor_id=known_visitor,
            bucket=impression["bucket"],
            language=impression["language"],
            page_url=strip_page_url(impression["page_url"]) if impression["page_url"] else None,
            shown_at=now,
            dismissed_at=dismissed_at,
        )
        connection.execute(
            statement.on_conflict_do_update(
                index_elements=["site_id", "id"],
                set_={"dismissed_at": func.coalesce(SurveyImpression.dismissed_at, statement.excluded.dismissed_at)},
                where=SurveyImpression.survey_id == statement.excluded.survey_id,
            )
        )
    _mark_answers_shown_late(connection, site_id, {impression["id"] for impression in known})
    return len(known)


def _mark_answers_shown_late(connection: Connection, site_id: uuid.UUID, ids: set[uuid.UUID]) -> None:
    """Have days counted anew whose answers came before their impressions and stood for them."""
    answers = connection.execute(
        select(SurveyResponse.survey_id, SurveyResponse.answered_at).where(
            SurveyResponse.site_id == site_id, SurveyResponse.id.in_(ids)
        )
    )
    for survey_id, day in sorted({(row.survey_id, row.answered_at.date()) for row in answers}):
        mark_day_stale(connection, site_id, survey_id, day)


def give_history_to_customer(site_id: uuid.UUID, visitor_id: uuid.UUID, customer_id: uuid.UUID) -> int:
    """Make a visitor's anonymous answers the customer's; return their number."""
    given = db.session.scalars(
        update(SurveyResponse)
        .where(
            SurveyResponse.site_id == site_id,
            SurveyResponse.visitor_id == visitor_id,
            SurveyResponse.customer_id.is_(None),
        )
        .values(customer_id=customer_id)
        .returning(SurveyResponse.id)
    )
    return len(given.all())
