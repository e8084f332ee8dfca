"""The store's door: surveys, their numbers and their answers."""

import uuid
from dataclasses import asdict
from typing import Any

from flask import request

from widget.core.paging import Cursor
from widget.core.parsing import PageQuery
from widget.customers.models import Customer
from widget.customers.queries import map_customers
from widget.sites.doors import current_site, store_blueprint
from widget.surveys import queries, service
from widget.surveys.filters import ResponseFilter, parse_filter
from widget.surveys.models import Survey, SurveyResponse
from widget.surveys.rules import bucket_of
from widget.surveys.settings import NewSurvey, SurveySettings, describe_settings, require_right_content
from widget.surveys.store_schemas import (
    CopyIn,
    DocumentedFilter,
    StoredResponsesOut,
    SummaryOut,
    SurveyOut,
    SurveysOut,
    TemplatesOut,
    TrendOut,
    TrendQuery,
    VersionsOut,
)
from widget.surveys.summaries import count_asks, list_trend, summarise
from widget.surveys.templates_catalogue import TEMPLATES

blueprint = store_blueprint("surveys", __name__, "Surveys, their numbers and their answers")


@blueprint.route("/surveys")
@blueprint.arguments(PageQuery, location="query")
@blueprint.response(200, SurveysOut)
def list_surveys(page: dict[str, Any]) -> dict[str, Any]:
    """Return the site's surveys, newest first, archived ones too."""
    found = queries.list_surveys_page(current_site(), _read_cursor(page), page["limit"])
    return {"items": [describe_settings(survey) for survey in found.items], "next_cursor": found.next_cursor}


@blueprint.route("/surveys", methods=["POST"])
@blueprint.arguments(NewSurvey)
@blueprint.response(201, SurveyOut)
def post_survey(settings: dict[str, Any]) -> dict[str, Any]:
    """Make a survey, of a kind or from a template; it is live at once unless its state says otherwise."""
    if "template" in settings:
        template = TEMPLATES[settings.pop("template")]
        return describe_settings(service.create_from_template(current_site(), template, **settings))
    return describe_settings(service.create_survey(current_site(), **settings))


@blueprint.route("/surveys/<uuid:survey_id>")
@blueprint.response(200, SurveyOut)
def show_survey(survey_id: uuid.UUID) -> dict[str, Any]:
    """Return one survey."""
    return describe_settings(_get_survey(survey_id))


@blueprint.route("/surveys/<uuid:survey_id>", methods=["PATCH"])
@blueprint.arguments(SurveySettings(partial=True))
@blueprint.response(200, SurveyOut)
def patch_survey(settings: dict[str, Any], survey_id: uuid.UUID) -> dict[str, Any]:
    """Change some of a survey's settings; store pages notice within a minute.

    A change of `definition`, `texts`, `languages` or `default_language` makes a new version. Texts of questions
    that a new definition no longer has go with them.
    """
    survey = _get_survey(survey_id)
    require_right_content(survey.kind, settings)
    service.change_survey(current_site(), survey, **settings)
    return describe_settings(survey)


@blueprint.route("/surveys/<uuid:survey_id>/duplicate", methods=["POST"])
@blueprint.arguments(CopyIn)
@blueprint.response(201, SurveyOut)
def duplicate_survey(copy: dict[str, Any], survey_id: uuid.UUID) -> dict[str, Any]:
    """Make a draft that is as this survey is now, without its answers."""
    return describe_settings(service.duplicate_survey(current_site(), _get_survey(survey_id), copy.get("name")))


@blueprint.route("/surveys/<uuid:survey_id>/versions")
@blueprint.response(200, VersionsOut)
def list_versions(survey_id: uuid.UUID) -> dict[str, Any]:
    """Return what was asked in every version of a survey, newest first; answers name theirs."""
    return {"items": queries.list_versions(_get_survey(survey_id))}


@blueprint.route("/survey-templates")
@blueprint.response(200, TemplatesOut)
def list_templates() -> dict[str, Any]:
    """Return the surveys to start from; their `key` is the `template` of a new survey."""
    return {"items": [vars(template) for template in TEMPLATES.values()]}


@blueprint.route("/surveys/<uuid:survey_id>/summary")
@blueprint.arguments(DocumentedFilter, location="query")
@blueprint.response(200, SummaryOut)
def show_summary(_documented: dict[str, Any], survey_id: uuid.UUID) -> dict[str, Any]:
    """Return the score with its 95 % interval and what it rests on.

    `asks` is null where a filter picks answers by more than their day: impressions have nothing else.
    """
    survey, chosen = _read_filter(survey_id)
    asks = count_asks(survey, chosen.from_on, chosen.until_on) if chosen.is_dates_only else None
    return {**asdict(summarise(survey, chosen)), "asks": asks}


@blueprint.route("/surveys/<uuid:survey_id>/trend")
@blueprint.arguments(DocumentedFilter, location="query")
@blueprint.arguments(TrendQuery, location="query")
@blueprint.response(200, TrendOut)
def show_trend(_documented: dict[str, Any], trend: dict[str, Any], survey_id: uuid.UUID) -> dict[str, Any]:
    """Return the score by day, week (from Monday) or month, in UTC."""
    survey, chosen = _read_filter(survey_id)
    return {"items": list_trend(survey, chosen, trend["by"])}


@blueprint.route("/surveys/<uuid:survey_id>/responses")
@blueprint.arguments(DocumentedFilter, location="query")
@blueprint.arguments(PageQuery, location="query")
@blueprint.response(200, StoredResponsesOut)
def list_responses(_documented: dict[str, Any], page: dict[str, Any], survey_id: uuid.UUID) -> dict[str, Any]:
    """Return the answers, newest first."""
    survey, chosen = _read_filter(survey_id)
    found = queries.list_responses(survey, chosen, _read_cursor(page), page["limit"])
    customers = map_customers(survey.site_id, {row.customer_id for row in found.items if row.customer_id})
    return {
        "items": [_describe_response(row, customers) for row in found.items],
        "next_cursor": found.next_cursor,
    }


def _get_survey(survey_id: uuid.UUID) -> Survey:
    return queries.get_survey(current_site().id, survey_id)


def _read_filter(survey_id: uuid.UUID) -> tuple[Survey, ResponseFilter]:
    survey = _get_survey(survey_id)
    return survey, parse_filter(survey, request.args)


def _read_cursor(page: dict[str, Any]) -> Cursor | None:
    return Cursor.decode(page["cursor"]) if "cursor" in page else None


def _describe_response(row: SurveyResponse, customers: dict[uuid.UUID, Customer]) -> dict[str, Any]:
    return {
        "id": row.id if row.completed_at else None,
        "answered_at": row.answered_at,
        "completed_at": row.completed_at,
        "score": row.score,
        "bucket": None if row.score is None else bucket_of(row.kind, row.score),
        "comment": row.comment,
        "answers": row.answers,
        "survey_version": row.survey_version,
        "hidden": row.hidden,
        "language": row.language,
        "page_url": row.page_url,
        "customer": customers[row.customer_id].external_id if row.customer_id else None,
        "flag": row.flag,
        "elapsed_ms": row.elapsed_ms,
        "source": row.source,
    }
