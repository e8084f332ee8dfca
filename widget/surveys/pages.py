"""The owner's pages of a survey: score cards, results, comments, export, and the form that makes one."""

import re
import uuid
from collections.abc import Iterable
from datetime import date, timedelta
from functools import partial
from typing import Any, cast, get_args

from flask import Response, flash, redirect, render_template, request, url_for

from widget.core.clock import utc_now
from widget.core.exporting import CONTENT_TYPES
from widget.core.paging import Cursor
from widget.core.problems import FieldError, InvalidFields
from widget.customers.queries import map_customers
from widget.sites.doors import current_site, pages_blueprint
from widget.surveys import charts, exports, queries, service, summaries
from widget.surveys.filters import ResponseFilter, parse_filter, to_query
from widget.surveys.forms import SurveyForm
from widget.surveys.models import Survey
from widget.surveys.rules import BUCKETS, SCORES, bucket_of
from widget.surveys.texts import LANGUAGE_NAMES

COMMENTS_A_PAGE = 25
FILTER_FIELDS_SHOWN = 8
PRESETS = (("7 days", 7), ("30 days", 30), ("90 days", 90))

reading = pages_blueprint("surveys", __name__)
editing = pages_blueprint("survey_forms", __name__, reading="editor", writing="editor")


@reading.route("/")
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
        documents={
            "distribution": charts.distribution_document(bars),
            "trend": charts.trend_document(survey.kind, points, by),
        },
        **_filter_context(survey, wanted),
    )


@reading.route("/surveys/<uuid:survey_id>/comments")
def show_comments(survey_id: uuid.UUID) -> str:
    """Show the answers a filter selects, newest first."""
    survey = _get_survey(survey_id)
    wanted = parse_filter(survey, request.args)
    cursor = request.args.get("cursor")
    page = queries.list_responses(survey, wanted, Cursor.decode(cursor) if cursor else None, COMMENTS_A_PAGE)
    customer_ids = [response.customer_id for response in page.items if response.customer_id]
    return render_template(
        "surveys/comments.html",
        page=page,
        is_first_page=cursor is None,
        customers=map_customers(survey.site_id, customer_ids),
        count=_count_shown(summaries.summarise(survey, wanted), wanted),
        **_filter_context(survey, wanted),
    )


@reading.route("/surveys/<uuid:survey_id>/export")
def export_responses(survey_id: uuid.UUID) -> Response:
    """Stream the answers a filter selects as a file."""
    survey = _get_survey(survey_id)
    wanted = parse_filter(survey, request.args)
    file_format = request.args.get("format", "csv")
    if file_format not in CONTENT_TYPES:
        raise InvalidFields(errors=[FieldError("#/format", "Must be csv, jsonl or xlsx.")])
    chunks = exports.stream_responses(survey, wanted, file_format, bom=request.args.get("bom") == "1")
    name = re.sub(r"[^a-z0-9]+", "-", survey.name.lower()).strip("-") or "survey"
    response = Response(chunks, content_type=CONTENT_TYPES[file_format])
    file_name = f"{name}-{utc_now():%Y-%m-%d}.{file_format}"
    response.headers["Content-Disposition"] = f'attachment; filename="{file_name}"'
    return response


@editing.route("/surveys/new")
def show_new_survey() -> str:
    """Show the form for a new survey, or first the kinds there are."""
    kind = request.args.get("kind")
    if kind not in SCORES:
        return render_template("surveys/choose_kind.html")
    return render_template("surveys/edit.html", survey=None, form=SurveyForm.empty(kind))


@editing.route("/surveys/new", methods=["POST"])
def create_survey() -> Any:
    """Make a survey; store pages may ask it within a minute."""
    kind = request.form.get("kind", "")
    if kind not in SCORES:
        raise InvalidFields(errors=[FieldError("#/kind", "Must be nps or csat.")])
    form = SurveyForm.submitted(kind, request.form)
    if not form.validate():
        return render_template("surveys/edit.html", survey=None, form=form), 422
    survey = service.create_survey(current_site(), kind=kind, **form.settings)
    flash(f"“{survey.name}” is made. Store pages may ask it within a minute.")
    return redirect(url_for("surveys_pages.show_survey", survey_id=survey.id))


@editing.route("/surveys/<uuid:survey_id>/edit")
def show_edit_survey(survey_id: uuid.UUID) -> str:
    """Show the form with the survey as it is."""
    survey = _get_survey(survey_id)
    return render_template("surveys/edit.html", survey=survey, form=SurveyForm.of(survey))


@editing.route("/surveys/<uuid:survey_id>/edit", methods=["POST"])
def change_survey(survey_id: uuid.UUID) -> Any:
    """Change a survey; its kind stays."""
    survey = _get_survey(survey_id)
    form = SurveyForm.submitted(survey.kind, request.form)
    if not form.validate():
        return render_template("surveys/edit.html", survey=survey, form=form), 422
    service.change_survey(current_site(), survey, **form.settings)
    flash("The survey is saved. Store pages follow within a minute.")
    return redirect(url_for("survey_forms_pages.show_edit_survey", survey_id=survey.id))


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


def _filter_context(survey: Survey, wanted: ResponseFilter) -> dict[str, Any]:
    """Return what the pages that show answers by a filter have in common."""
    names = queries.list_field_names(survey)[:FILTER_FIELDS_SHOWN]
    # The filter takes a language with all its regions: it finds it-CH too.
    primary_tags = (tag.partition("-")[0].lower() for tag in queries.list_languages(survey))
    return {
        "survey": survey,
        "wanted": wanted,
        "query": to_query(wanted),
        "wanted_fields": dict(wanted.fields),
        "field_choices": {name: _as_choices(queries.list_field_values(survey, name)) for name in names},
        "language_choices": [(tag, _name_language(tag)) for tag in dict.fromkeys(primary_tags)],
        "name_language": _name_language,
        "score_choices": _as_choices(SCORES[survey.kind]),
        "bucket_choices": [
            (bucket, f"{bucket.title()}s" if survey.kind == "nps" else bucket.title())
            for bucket in BUCKETS[survey.kind]
        ],
        "bucket_of": partial(bucket_of, survey.kind),
        "presets": _list_presets(to_query(wanted), utc_now().date()),
    }


def _name_language(tag: str) -> str:
    return LANGUAGE_NAMES.get(tag.partition("-")[0].lower(), tag)


def _as_choices(values: Iterable[object]) -> list[tuple[str, str]]:
    return [(str(value), str(value)) for value in values]


def _list_presets(query: dict[str, str], today: date) -> list[tuple[str, dict[str, str], bool]]:
    """Return (label, query, whether it is the one shown) for the usual ranges of days."""
    others = {name: value for name, value in query.items() if name not in ("from", "until")}
    choices = [(label, {"from": (today - timedelta(days - 1)).isoformat()}) for label, days in PRESETS]
    shown = {name: value for name, value in query.items() if name in ("from", "until")}
    return [(label, others | dates, dates == shown) for label, dates in [*choices, ("All time", {})]]
