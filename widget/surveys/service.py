"""Making and changing surveys, and noting whom they were shown to."""

import copy
import uuid
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, func, select, update

from widget.core.clock import utc_now
from widget.core.db import db, insert_unless_known
from widget.core.ids import new_id
from widget.core.page_addresses import strip_page_url
from widget.core.problems import FieldError, InvalidFields
from widget.customers.models import Visitor
from widget.customers.segment_queries import find_unknown_segments
from widget.sites.models import Site
from widget.sites.service import publish_change
from widget.surveys.catalogue.template import Template
from widget.surveys.models import Survey, SurveyImpression, SurveyResponse
from widget.surveys.recording import mark_day_stale
from widget.surveys.settings import ASKING, NEW_LANGUAGES, VERSIONED, require_sound
from widget.surveys.versions import keep_version, require_lasting_keys
from widget.surveys.wording import keep_texts_of

# What a copy of a survey takes over: everything an owner may set but the name and the state.
COPIED = (*ASKING, *VERSIONED)


def create_survey(site: Site, *, kind: str, name: str, **settings: Any) -> Survey:
    """Make a survey, live from now on unless its state says otherwise; raise InvalidFields.

    `settings` are columns of Survey that schemas have checked.
    """
    require_known_segments(site.id, settings)
    return _keep_survey(site, kind, name, settings)


def _keep_survey(site: Site, kind: str, name: str, settings: Mapping[str, Any]) -> Survey:
    values: dict[str, Any] = {"state": "live", "default_language": "en", "definition": {}, "texts": {}, **settings}
    values.setdefault("languages", list(dict.fromkeys([*NEW_LANGUAGES, values["default_language"]])))
    require_sound(kind, values)
    now = utc_now()
    survey = Survey(
        site_id=site.id,
        id=new_id(),
        kind=kind,
        name=name,
        created_at=now,
        published_at=now if values["state"] == "live" else None,
        **values,
    )
    db.session.add(survey)
    db.session.flush()
    keep_version(survey)
    publish_change(site)
    return survey


def change_survey(site: Site, survey: Survey, **settings: Any) -> None:
    """Change what the owner may set; store pages notice within a minute; raise InvalidFields.

    A change of what is asked or how it is worded makes a new version; the old one is kept for its answers.
    """
    require_known_segments(site.id, settings)
    # Two owners who save at once save one after the other, each a version of its own.
    db.session.refresh(survey, with_for_update=True)
    values = {**{name: getattr(survey, name) for name in (*VERSIONED, "state")}, **settings}
    if "texts" not in settings:
        values["texts"] = keep_texts_of(values["definition"], survey.texts)
    if "languages" not in settings and values["default_language"] not in survey.languages:
        values["languages"] = [*survey.languages, values["default_language"]]
    require_sound(survey.kind, values)
    require_lasting_keys(survey, values["definition"])
    changed = {name: value for name, value in values.items() if getattr(survey, name) != value}
    is_new_version = not changed.keys().isdisjoint(VERSIONED)
    if is_new_version:
        keep_version(survey)
    for name, value in changed.items():
        setattr(survey, name, value)
    if survey.state == "live" and survey.published_at is None:
        survey.published_at = utc_now()
    if is_new_version:
        survey.version += 1
        keep_version(survey)
    publish_change(site)


def duplicate_survey(site: Site, survey: Survey, name: str | None = None) -> Survey:
    """Make a draft that is as a survey is now, without its answers."""
    copied = {column: copy.deepcopy(getattr(survey, column)) for column in COPIED}
    title = name or f"{survey.name[:190]} (copy)"
    # A segment it was for may be gone by now: then the copy asks nobody either, until it is changed.
    return _keep_survey(site, survey.kind, title, {**copied, "state": "draft"})


def require_known_segments(site_id: uuid.UUID, settings: Mapping[str, Any]) -> None:
    """Raise InvalidFields where a survey would be for a segment that there is not."""
    ids = settings.get("gates", {}).get("segments", [])
    if find_unknown_segments(site_id, {uuid.UUID(segment_id) for segment_id in ids}):
        raise InvalidFields(errors=[FieldError("#/gates/segments", "There is no such segment.")])


def create_from_template(site: Site, template: Template, *, name: str | None = None, **settings: Any) -> Survey:
    """Make a survey from a template; `settings` go over the template's own."""
    values = {**copy.deepcopy(dict(template.settings)), **settings}
    return create_survey(site, kind=template.kind, name=name or template.names["en"], **values)


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


def give_answers(site_id: uuid.UUID, old_id: uuid.UUID, new_id: uuid.UUID) -> None:
    """Make a customer's answers those of the one they are merged into."""
    is_old = (SurveyResponse.site_id == site_id, SurveyResponse.customer_id == old_id)
    db.session.execute(update(SurveyResponse).where(*is_old).values(customer_id=new_id))


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
