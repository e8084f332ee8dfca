"""The store's door to what is read beside the score: questions and comparisons."""

import uuid
from typing import Any

from flask import request

from widget.reports.comparing import Comparison, compare, parse_sides
from widget.reports.schemas import ComparedFilter, ComparisonOut, QuestionsOut
from widget.sites.doors import current_site, store_blueprint
from widget.surveys.filters import parse_filter
from widget.surveys.queries import get_survey
from widget.surveys.question_report import QuestionReport, report_questions

blueprint = store_blueprint("reports", __name__, "What is read beside a survey's score")


@blueprint.route("/surveys/<uuid:survey_id>/questions")
@blueprint.arguments(ComparedFilter, location="query")
@blueprint.response(200, QuestionsOut)
def show_questions(_documented: dict[str, Any], survey_id: uuid.UUID) -> QuestionReport:
    """Return what was answered to each question, under the wording of today, and how far people came."""
    survey = get_survey(current_site().id, survey_id)
    return report_questions(survey, parse_filter(survey, request.args))


@blueprint.route("/surveys/<uuid:survey_id>/comparison")
@blueprint.arguments(ComparedFilter, location="query")
@blueprint.response(200, ComparisonOut)
def show_comparison(_documented: dict[str, Any], survey_id: uuid.UUID) -> Comparison:
    """Compare the scores of two filters, such as a.from and b.from; a name without a side is for both."""
    survey = get_survey(current_site().id, survey_id)
    return compare(survey, *parse_sides(survey, request.args))
