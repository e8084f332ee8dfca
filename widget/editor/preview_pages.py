"""The live preview: the real widget in a frame, fed by the page around it; nothing is stored and nothing is sent."""

from typing import Any

from flask import Response, render_template, request, url_for
from flask_babel import ngettext

from widget.core.problems import FieldError, InvalidFields
from widget.core.static_files import SCRIPTS
from widget.editor.forms import SurveyForm
from widget.editor.unsaved import preview_content, publish_unsaved
from widget.sites.doors import current_site, pages_blueprint
from widget.sites.frames import as_preview
from widget.surveys import queries
from widget.surveys.costs import estimate_cost
from widget.surveys.rules import SCORES

preview = pages_blueprint("survey_preview", __name__, reading="editor", writing="editor")


@preview.route("/surveys/preview")
def show_preview() -> Response:
    """Show the page inside the frame; it waits for a survey from the page around it."""
    module = url_for("embed_files.show_module", version=SCRIPTS.version, path="surveys/survey-element.js")
    return as_preview(render_template("editor/preview_frame.html", module=module))


@preview.route("/surveys/preview/sample.json")
def show_sample() -> dict[str, Any]:
    """Return a survey to show a look with: the newest of the site, or one with the texts that come with us."""
    site = current_site()
    surveys = queries.list_surveys(site)
    settings = {} if surveys else {"name": "Sample"}
    shown = publish_unsaved(surveys[0].kind if surveys else "nps", settings, surveys[0] if surveys else None)
    return {"content": preview_content(site, shown, shown.default_language), "display": "sheet"}


@preview.route("/surveys/preview.json", methods=["POST"])
def preview_survey() -> dict[str, Any]:
    """Return what an unsaved survey shows and costs, and what it lacks; nothing is stored."""
    kind = request.form.get("kind", "")
    if kind not in SCORES:
        raise InvalidFields(errors=[FieldError("#/kind", f"Must be one of: {', '.join(SCORES)}.")])
    form = SurveyForm.submitted(kind, request.form)
    answer: dict[str, Any] = {
        "missing": {language: _say_missing(count) for language, count in form.count_missing().items()},
        "languages": form.preview_languages,
        "errors": 0,
    }
    if not form.validate():
        note = ngettext("One field needs your attention.", "%(num)s fields need your attention.", len(form.errors))
        return answer | {"errors": len(form.errors), "note": note}
    shown = publish_unsaved(kind, form.settings, None)
    language = request.form.get("preview_language", "")
    wanted = language if language in shown.languages else shown.default_language
    return answer | {
        "content": preview_content(current_site(), shown, wanted),
        "display": shown.display,
        "cost": render_template("editor/cost.html", cost=estimate_cost(shown)),
    }


def _say_missing(count: int) -> str:
    return ngettext("%(num)s text missing", "%(num)s texts missing", count) if count else ""
