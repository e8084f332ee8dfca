"""The owner's pages of a survey: score cards, results, comments and export."""

import re
import uuid
from typing import cast, get_args

from flask import Response, render_template, request

from widget.core.clock import utc_now
from widget.core.downloads import answer_download, read_format
from widget.core.paging import Cursor
from widget.core.problems import FieldError, InvalidFields
from widget.customers.queries import map_customers
from widget.sites.doors import current_site, pages_blueprint
from widget.surveys import charts, desk_queries, exports, queries, question_report, summaries
from widget.surveys.asked import list_versions
from widget.surveys.filter_context import filter_context
from widget.surveys.filters import ResponseFilter, parse_filter
from widget.surveys.models import Survey

COMMENTS_A_PAGE = 25

reading = pages_blueprint("surveys", __name__)


@reading.route("/surveys")
def show_surveys() -> str:
    """Show a score card for every survey."""
    is_archive_shown = "archived" in request.args
    surveys = queries.list_surveys(current_site(), include_archived=is_archive_shown)
    cards = [
        (survey, summaries.summarise(survey, ResponseFilter()), summaries.count_asks(survey, None, None))
        for survey in surveys
    ]
    return render_template("surveys/surveys.html", cards=cards, is_archive_shown=is_archive_shown)


@reading.route("/surveys/<uuid:survey_id>")
def show_survey(survey_id: uuid.UUID) -> str:
    """Show one survey's score with its interval, how often it was asked, its distribution and its trend."""
    survey = _get_survey(survey_id)
    wanted = parse_filter(survey, request.args)
    by = _read_period() or charts.choose_period(wanted.from_on, wanted.until_on, utc_now().date())
    summary = summaries.summarise(survey, wanted)
    points = summaries.list_trend(survey, wanted, by)
    bars = charts.list_bars(summary)
    return render_template(
        "surveys/results.html",
        summary=summary,
        asks=summaries.count_asks(survey, wanted.from_on, wanted.until_on),
        points=points,
        bars=bars,
        by=by,
        report=None if summary.buckets else question_report.report_questions(survey, wanted),
        documents={
            "distribution": charts.distribution_document(bars),
            "trend": charts.trend_document(survey.kind, points, by),
        },
        **filter_context(survey, wanted),
    )


@reading.route("/surveys/<uuid:survey_id>/questions")
def show_questions(survey_id: uuid.UUID) -> str:
    """Show what was answered to each question, and where people left."""
    survey = _get_survey(survey_id)
    wanted = parse_filter(survey, request.args)
    return render_template(
        "surveys/questions.html",
        report=question_report.report_questions(survey, wanted),
        **filter_context(survey, wanted),
    )


@reading.route("/surveys/<uuid:survey_id>/comments")
def show_comments(survey_id: uuid.UUID) -> str:
    """Show the answers a filter selects, newest first."""
    survey = _get_survey(survey_id)
    wanted = parse_filter(survey, request.args)
    cursor = request.args.get("cursor")
    page = queries.list_responses(survey, wanted, Cursor.decode(cursor) if cursor else None, COMMENTS_A_PAGE)
    customer_ids = [response.customer_id for response in page.items if response.customer_id]
    response_ids = [response.id for response in page.items]
    versions = {version.number: version for version in list_versions(survey)}
    return render_template(
        "surveys/comments.html",
        page=page,
        is_first_page=cursor is None,
        cursor=cursor,
        tags=desk_queries.map_tags(survey.site_id, response_ids),
        notes=desk_queries.map_notes(survey.site_id, response_ids),
        said={response.id: question_report.describe_answers(response, versions) for response in page.items},
        customers=map_customers(survey.site_id, customer_ids),
        count=_count_shown(summaries.summarise(survey, wanted), wanted),
        **filter_context(survey, wanted),
    )


@reading.route("/surveys/<uuid:survey_id>/export")
def export_responses(survey_id: uuid.UUID) -> Response:
    """Stream the answers a filter selects as a file."""
    survey = _get_survey(survey_id)
    wanted = parse_filter(survey, request.args)
    file_format = read_format(request.args)
    chunks = exports.stream_responses(survey, wanted, file_format, bom=request.args.get("bom") == "1")
    name = re.sub(r"[^a-z0-9]+", "-", survey.name.lower()).strip("-") or "survey"
    return answer_download(chunks, f"{name}-{utc_now():%Y-%m-%d}", file_format)


@reading.errorhandler(InvalidFields)
def show_bad_filter(problem: InvalidFields) -> tuple[str, int]:
    """Say what is wrong with a filter, and show no number that it would seem to describe."""
    survey = _get_survey((request.view_args or {})["survey_id"])
    return render_template("surveys/bad_filter.html", survey=survey, problem=problem), problem.status


def _get_survey(survey_id: uuid.UUID) -> Survey:
    return queries.get_survey(current_site().id, survey_id)


def _read_period() -> summaries.Period | None:
    """Return by what the trend is grouped, None for the usual; raise InvalidFields."""
    wanted = request.args.get("by", "")
    for period in get_args(summaries.Period):
        if period == wanted:
            return cast(summaries.Period, period)
    if wanted:
        raise InvalidFields(errors=[FieldError("#/by", "Must be day, week or month.")])
    return None


def _count_shown(summary: summaries.Summary, wanted: ResponseFilter) -> int:
    """Return how many answers the list and the export of a filter hold."""
    if wanted.flagged is None:
        return summary.responses + summary.flagged
    return summary.flagged if wanted.flagged else summary.responses
