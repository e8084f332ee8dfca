"""The owner's desk: the forms that put tags and notes on answers, and keep filters."""

import uuid
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as BaseResponse

from widget.core.db import db
from widget.core.problems import FieldError, InvalidFields
from widget.sites.audit import note_action
from widget.sites.doors import current_site, pages_blueprint
from widget.sites.web import current_owner
from widget.surveys import desk, desk_queries, queries
from widget.surveys.filters import parse_filter, to_query
from widget.surveys.models import Survey, SurveyResponse

FILTER_FIELD = "filter."
# Where a form may lead back to; anything else leads to the comments.
FILTERED_PAGES = ("surveys_pages.show_survey", "surveys_pages.show_questions", "surveys_pages.show_comments")
COMMENTS = "surveys_pages.show_comments"

blueprint = pages_blueprint("survey_desk", __name__)


@blueprint.route("/surveys/<uuid:survey_id>/answers/<uuid:response_id>/tags", methods=["POST"])
def add_tag(survey_id: uuid.UUID, response_id: uuid.UUID) -> BaseResponse:
    """Put a tag on an answer."""
    survey, response = _get_answer(survey_id, response_id)
    tag = desk.add_tag(response, request.form.get("tag", ""))
    note_action("response.tagged", survey.name, tag=tag)
    return _back_to_answer(survey, response)


@blueprint.route("/surveys/<uuid:survey_id>/answers/<uuid:response_id>/tags/delete", methods=["POST"])
def remove_tag(survey_id: uuid.UUID, response_id: uuid.UUID) -> BaseResponse:
    """Take a tag off an answer."""
    survey, response = _get_answer(survey_id, response_id)
    tag = request.form.get("tag", "")[: desk.MAX_TAG_LENGTH]
    desk.remove_tag(response, tag)
    note_action("response.untagged", survey.name, tag=tag)
    return _back_to_answer(survey, response)


@blueprint.route("/surveys/<uuid:survey_id>/answers/<uuid:response_id>/notes", methods=["POST"])
def add_note(survey_id: uuid.UUID, response_id: uuid.UUID) -> BaseResponse:
    """Write a note on an answer, for the other owners of the site."""
    survey, response = _get_answer(survey_id, response_id)
    desk.add_note(response, request.form.get("text", ""), current_owner().email)
    note_action("response.noted", survey.name)
    return _back_to_answer(survey, response)


@blueprint.route("/surveys/<uuid:survey_id>/answers/<uuid:response_id>/notes/<uuid:note_id>/delete", methods=["POST"])
def delete_note(survey_id: uuid.UUID, response_id: uuid.UUID, note_id: uuid.UUID) -> BaseResponse:
    """Delete a note; one that is gone is no mistake."""
    survey, response = _get_answer(survey_id, response_id)
    note = desk_queries.find_note(survey, response_id, note_id)
    if note is not None:
        db.session.delete(note)
        note_action("response.note_deleted", survey.name, author=note.author_email)
    return _back_to_answer(survey, response)


@blueprint.route("/surveys/<uuid:survey_id>/filters", methods=["POST"])
def save_filter(survey_id: uuid.UUID) -> BaseResponse:
    """Keep the filter that is shown under a name."""
    survey = _get_survey(survey_id)
    query: dict[str, Any] = to_query(parse_filter(survey, _read_filter()))
    saved = desk.save_filter(survey, request.form.get("name", ""), query)
    note_action("filter.saved", survey.name, name=saved.name)
    flash(_("The filter “%(name)s” is kept.", name=saved.name))
    back = request.form.get("back", "")
    page = back if back in FILTERED_PAGES else COMMENTS
    return redirect(url_for(page, survey_id=survey.id, **query))


@blueprint.route("/surveys/<uuid:survey_id>/filters/<uuid:filter_id>/delete", methods=["POST"])
def delete_filter(survey_id: uuid.UUID, filter_id: uuid.UUID) -> BaseResponse:
    """Forget a filter; one that is gone is no mistake."""
    survey = _get_survey(survey_id)
    saved = desk.find_saved_filter(survey, filter_id)
    if saved is not None:
        db.session.delete(saved)
        note_action("filter.deleted", survey.name, name=saved.name)
        flash(_("The filter “%(name)s” is deleted.", name=saved.name))
    return redirect(url_for(COMMENTS, survey_id=survey.id))


@blueprint.errorhandler(InvalidFields)
def show_refusal(problem: InvalidFields) -> tuple[str, int]:
    """Say what is wrong with a tag, a note or a filter."""
    db.session.rollback()
    survey = _get_survey((request.view_args or {})["survey_id"])
    return render_template("surveys/refused.html", survey=survey, problem=problem), problem.status


def _get_survey(survey_id: uuid.UUID) -> Survey:
    return queries.get_survey(current_site().id, survey_id)


def _get_answer(survey_id: uuid.UUID, response_id: uuid.UUID) -> tuple[Survey, SurveyResponse]:
    survey = _get_survey(survey_id)
    return survey, desk_queries.get_response(survey, response_id)


def _read_filter() -> MultiDict[str, str]:
    """Return the filter that the form carries, under the names it has in an address."""
    given: Any = [
        (name.removeprefix(FILTER_FIELD), value)
        for name, value in request.form.items(multi=True)
        if name.startswith(FILTER_FIELD)
    ]
    if not given:
        raise InvalidFields(errors=[FieldError("#/filter", "There is no condition to keep.")])
    return MultiDict(given)


def _back_to_answer(survey: Survey, response: SurveyResponse) -> BaseResponse:
    """Lead back to the list as it was shown, at the answer."""
    try:
        query: dict[str, Any] = to_query(parse_filter(survey, _read_filter()))
    except InvalidFields:
        query = {}
    cursor = request.form.get("cursor", "")
    options = {**query, "cursor": cursor} if cursor else query
    return redirect(url_for(COMMENTS, survey_id=survey.id, _anchor=f"answer-{response.id}", **options))
