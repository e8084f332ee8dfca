"""The owner's pages that make and change surveys; every button works without a script."""

import uuid
from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from widget.core.problems import FieldError, InvalidFields, NotFound
from widget.customers.segment_queries import list_segments
from widget.editor import revisions
from widget.editor.forms import SurveyForm
from widget.editor.unsaved import publish_unsaved
from widget.sites.audit import note_action
from widget.sites.doors import current_site, pages_blueprint
from widget.sites.frames import holding_preview
from widget.surveys import queries, service
from widget.surveys.costs import estimate_cost
from widget.surveys.models import Survey
from widget.surveys.rules import SCORES
from widget.surveys.settings import STATES, VERSIONED
from widget.surveys.templates_catalogue import TEMPLATES

SAVING = ("", "save", "publish", "overwrite")

editing = pages_blueprint("survey_forms", __name__, reading="editor", writing="editor")


@editing.route("/surveys/new")
def show_new_survey() -> Any:
    """Show the form for a new survey, or first what there is to start from."""
    kind = request.args.get("kind")
    if kind not in SCORES:
        return render_template("editor/choose_kind.html", templates=TEMPLATES.values())
    return _show(None, SurveyForm.empty(kind))


@editing.route("/surveys/new", methods=["POST"])
def create_survey() -> BaseResponse:
    """Make a survey; a live one is asked within a minute."""
    form = _read_form(_require_kind(request.form.get("kind", "")), None)
    if request.form.get("do", "") not in SAVING:
        return _show(None, form)
    survey = None
    if form.validate():
        try:
            survey = service.create_survey(current_site(), kind=form.kind, **form.settings)
        except InvalidFields as problem:
            form.add_problem(problem)
    if survey is None:
        return _show(None, form, 422)
    note_action("survey.created", survey.name, kind=survey.kind)
    flash(_say_state(survey.name, survey.state))
    return _go_to_editor(survey)


@editing.route("/surveys/new/from-template", methods=["POST"])
def create_from_template() -> BaseResponse:
    """Make a draft from a template and open it."""
    template = TEMPLATES.get(request.form.get("template", ""))
    if template is None:
        raise InvalidFields(errors=[FieldError("#/template", "There is no such template.")])
    survey = service.create_from_template(current_site(), template, state="draft")
    note_action("survey.created", survey.name, kind=survey.kind)
    flash(_("“%(name)s” is a draft now. Change what you like, then publish it.", name=survey.name))
    return _go_to_editor(survey)


@editing.route("/surveys/<uuid:survey_id>/edit")
def show_edit_survey(survey_id: uuid.UUID) -> Response:
    """Show the form with the survey as it is."""
    survey = _get_survey(survey_id)
    return _show(survey, SurveyForm.of(survey))


@editing.route("/surveys/<uuid:survey_id>/edit", methods=["POST"])
def change_survey(survey_id: uuid.UUID) -> BaseResponse:
    """Change a survey; its kind stays. A form older than the survey is shown again, with what others changed."""
    survey = _get_survey(survey_id)
    form = _read_form(survey.kind, survey)
    if request.form.get("do", "") not in SAVING:
        return _show(survey, form)
    opened = request.form.get("seen" if request.form.get("do") == "overwrite" else "opened", "")
    if changes := revisions.list_changes(survey, opened):
        return _show(survey, form, 409, changes)
    is_saved = form.validate()
    if is_saved:
        form.keep_unchanged(survey)
        try:
            service.change_survey(current_site(), survey, **form.settings)
        except InvalidFields as problem:
            form.add_problem(problem)
            is_saved = False
    if not is_saved:
        return _show(survey, form, 422)
    note_action("survey.changed", survey.name, version=survey.version)
    flash(_say_state(survey.name, survey.state))
    return _go_to_editor(survey)


@editing.route("/surveys/<uuid:survey_id>/state", methods=["POST"])
def change_state(survey_id: uuid.UUID) -> BaseResponse:
    """Publish, pause or archive a survey."""
    survey = _get_survey(survey_id)
    state = request.form.get("state", "")
    if state not in STATES:
        raise InvalidFields(errors=[FieldError("#/state", f"Must be one of: {', '.join(STATES)}.")])
    try:
        service.change_survey(current_site(), survey, state=state)
    except InvalidFields as problem:
        form = SurveyForm.of(survey)
        form.draft["state"] = state
        form.add_problem(problem)
        return _show(survey, form, 422)
    note_action(f"survey.{state}", survey.name)
    flash(_say_state(survey.name, state))
    return redirect(url_for("surveys_pages.show_surveys"))


@editing.route("/surveys/<uuid:survey_id>/duplicate", methods=["POST"])
def duplicate_survey(survey_id: uuid.UUID) -> BaseResponse:
    """Make a draft that is as the survey is, and open it."""
    survey = _get_survey(survey_id)
    copy = service.duplicate_survey(current_site(), survey, _("%(name)s (copy)", name=survey.name[:180]))
    note_action("survey.duplicated", copy.name, of=survey.name)
    flash(_("“%(name)s” is a draft now. The answers stay with the original.", name=copy.name))
    return _go_to_editor(copy)


@editing.route("/surveys/<uuid:survey_id>/versions/<int:version>/use", methods=["POST"])
def use_version(survey_id: uuid.UUID, version: int) -> BaseResponse:
    """Ask again as an earlier version asked: what it said becomes a new version."""
    survey = _get_survey(survey_id)
    kept = next((kept for kept in queries.list_versions(survey) if kept.version == version), None)
    if kept is None:
        raise NotFound()
    try:
        service.change_survey(current_site(), survey, **{name: getattr(kept, name) for name in VERSIONED})
    except InvalidFields as problem:
        form = SurveyForm.of(survey)
        form.add_problem(problem)
        return _show(survey, form, 422)
    note_action("survey.restored", survey.name, version=version)
    flash(_("Version %(version)s is in use again.", version=version))
    return _go_to_editor(survey)


def _show(survey: Survey | None, form: SurveyForm, status: int = 200, changes: list[str] | None = None) -> Response:
    html = render_template(
        "editor/edit.html",
        survey=survey,
        form=form,
        opened=_find_opened(survey),
        changes=changes,
        revision=revisions.sign_revision(survey) if survey else "",
        versions=revisions.list_earlier_versions(survey) if survey else [],
        answers=sum(revisions.count_answers_by_version(survey).values()) if survey else 0,
        cost=_estimate(survey, form),
        segments=list_segments(current_site().id),
    )
    return holding_preview(html, status)


def _find_opened(survey: Survey | None) -> str:
    """Return the revision the owner's form began with: it stays while buttons render the form anew."""
    if survey is None:
        return ""
    return request.form.get("opened") or revisions.sign_revision(survey)


def _estimate(survey: Survey | None, form: SurveyForm) -> Any:
    """Return what the draft costs a shopper, None while it is not yet one that could be asked."""
    checked = SurveyForm(form.kind, dict(form.draft))
    return estimate_cost(publish_unsaved(form.kind, checked.settings, survey)) if checked.validate() else None


def _read_form(kind: str, survey: Survey | None) -> SurveyForm:
    """Return the form as it was sent, with what its button did to it."""
    form = SurveyForm.submitted(kind, request.form)
    action = request.form.get("do", "")
    if action == "publish":
        form.draft["state"] = "live"
    elif action not in SAVING:
        form.act(action, queries.list_question_keys(survey) if survey else set())
    return form


def _require_kind(kind: str) -> str:
    if kind not in SCORES:
        raise InvalidFields(errors=[FieldError("#/kind", f"Must be one of: {', '.join(SCORES)}.")])
    return kind


def _get_survey(survey_id: uuid.UUID) -> Survey:
    return queries.get_survey(current_site().id, survey_id)


def _say_state(name: str, state: str) -> str:
    sentences: dict[str, str] = {
        "draft": _("“%(name)s” is saved as a draft. Only you see it.", name=name),
        "live": _("“%(name)s” is live. Store pages follow within a minute.", name=name),
        "paused": _("“%(name)s” is paused: nobody is asked until you publish it again.", name=name),
        "archived": _("“%(name)s” is archived. Its answers stay.", name=name),
    }
    return sentences[state]


def _go_to_editor(survey: Survey) -> BaseResponse:
    return redirect(url_for("survey_forms_pages.show_edit_survey", survey_id=survey.id))
