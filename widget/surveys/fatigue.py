"""What keeps a known customer from being asked too often, on any device, and what they are due to be asked."""

import uuid
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, func, select

from widget.core.clock import utc_now
from widget.core.db import db
from widget.customers.asks import list_asks, note_asks
from widget.customers.events import list_events
from widget.customers.segment_queries import list_segments_of
from widget.sites.queries import PublishedSite
from widget.surveys.models import Survey, SurveyImpression, SurveyResponse
from widget.surveys.published import PublishedSurvey, list_published_surveys
from widget.surveys.triggers import LATEST_AFTER_DUE, event_delay, find_due_at, is_waiting_for_server

_PREFIX = "survey:"


def note_shown(
    connection: Connection,
    site_id: uuid.UUID,
    customer_id: uuid.UUID,
    surveys: Sequence[PublishedSurvey],
    impression_ids: Collection[uuid.UUID],
) -> None:
    """Note for a customer what their browser has just been shown; inline surveys ask nobody by themselves."""
    asking = [survey.id for survey in surveys if survey.display != "inline"]
    rows = connection.execute(
        select(SurveyImpression.survey_id, func.max(SurveyImpression.shown_at))
        .where(
            SurveyImpression.site_id == site_id,
            SurveyImpression.id.in_(impression_ids),
            SurveyImpression.survey_id.in_(asking),
        )
        .group_by(SurveyImpression.survey_id)
    )
    note_asks(connection, site_id, customer_id, {f"{_PREFIX}{survey_id}": shown_at for survey_id, shown_at in rows})


def give_asks_to_customer(site_id: uuid.UUID, visitor_id: uuid.UUID, customer_id: uuid.UUID) -> None:
    """Make what an anonymous visitor was asked the customer's."""
    rows = db.session.execute(
        select(SurveyImpression.survey_id, func.max(SurveyImpression.shown_at))
        .join(Survey, (Survey.site_id == SurveyImpression.site_id) & (Survey.id == SurveyImpression.survey_id))
        .where(
            SurveyImpression.site_id == site_id,
            SurveyImpression.visitor_id == visitor_id,
            Survey.display != "inline",
        )
        .group_by(SurveyImpression.survey_id)
    )
    asks = {f"{_PREFIX}{survey_id}": shown_at for survey_id, shown_at in rows}
    note_asks(db.session.connection(), site_id, customer_id, asks)


def describe_known(site: PublishedSite, customer_id: uuid.UUID) -> dict[str, Any]:
    """Return what a customer's browser needs to keep quiet, or to ask: times in ms since 1970, by survey.

    Of segments it learns only which surveys for some of them are `allowed` to ask this customer.
    Who has answered a survey elsewhere, in a mail say, counts as asked by it.
    """
    surveys = list_published_surveys(site)
    asks = list_asks(site.id, customer_id)
    answered = _find_answered(site.id, customer_id)
    asked = {}
    for survey in surveys:
        times = [time for time in (asks.get(f"{_PREFIX}{survey.id}"), answered.get(survey.id)) if time is not None]
        if times:
            asked[survey.id] = max(times)
    known = {
        "asked": _as_milliseconds(asked),
        "answered": _as_milliseconds({s.id: answered[s.id] for s in surveys if s.id in answered}),
        "events": _as_milliseconds(_find_due(site.id, customer_id, surveys, asked)),
        "asked_at": _milliseconds(max(asks.values())) if asks else None,
        "allowed": _list_allowed(site.id, customer_id, surveys),
    }
    return {name: value for name, value in known.items() if value}


def _list_allowed(site_id: uuid.UUID, customer_id: uuid.UUID, surveys: Sequence[PublishedSurvey]) -> list[str]:
    """Return the surveys for certain segments that the customer is in one of."""
    picky = [survey for survey in surveys if survey.state == "live" and "segments" in survey.gates]
    if not picky:
        return []
    own = {str(segment.id) for segment in list_segments_of(site_id, customer_id)}
    return [str(survey.id) for survey in picky if not own.isdisjoint(survey.gates["segments"])]


def _find_answered(site_id: uuid.UUID, customer_id: uuid.UUID) -> dict[uuid.UUID, datetime]:
    rows = db.session.execute(
        select(SurveyResponse.survey_id, func.max(SurveyResponse.answered_at))
        .where(SurveyResponse.site_id == site_id, SurveyResponse.customer_id == customer_id)
        .group_by(SurveyResponse.survey_id)
    )
    return dict(rows.tuples().all())


def _find_due(
    site_id: uuid.UUID,
    customer_id: uuid.UUID,
    surveys: Sequence[PublishedSurvey],
    asked: dict[uuid.UUID, datetime],
) -> dict[uuid.UUID, datetime]:
    """Return since when, or from when on, the store's events make each survey due."""
    waiting = [survey for survey in surveys if is_waiting_for_server(survey)]
    if not waiting:
        return {}
    now = utc_now()
    longest = max((event_delay(survey) for survey in waiting), default=timedelta())
    names = {survey.event_name for survey in waiting if survey.event_name}
    events = list_events(site_id, customer_id, names, now - longest - LATEST_AFTER_DUE)
    found = {survey.id: find_due_at(survey, events, asked.get(survey.id), now) for survey in waiting}
    return {survey_id: due_at for survey_id, due_at in found.items() if due_at is not None}


def _as_milliseconds(times: dict[uuid.UUID, datetime]) -> dict[str, int]:
    return {str(survey_id): _milliseconds(time) for survey_id, time in times.items()}


def _milliseconds(time: datetime) -> int:
    return int(time.timestamp() * 1000)
