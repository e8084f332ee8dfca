"""The live preview: the real widget in a frame, fed by the page around it; nothing is stored and nothing is sent."""

from typing import Any

from flask import Response, render_template, url_for

from widget.core.static_files import SCRIPTS
from widget.sites.doors import current_site, pages_blueprint
from widget.sites.frames import as_preview
from widget.surveys import queries
from widget.surveys.unsaved import preview_content, publish_unsaved

preview = pages_blueprint("survey_preview", __name__, reading="editor", writing="editor")


@preview.route("/surveys/preview")
def show_preview() -> Response:
    """Show the page inside the frame; it waits for a survey from the page around it."""
    module = url_for("embed_files.show_module", version=SCRIPTS.version, path="surveys/survey-element.js")
    return as_preview(render_template("surveys/preview_frame.html", module=module))


@preview.route("/surveys/preview/sample.json")
def show_sample() -> dict[str, Any]:
    """Return a survey to show a look with: the newest of the site, or one with the texts that come with us."""
    site = current_site()
    surveys = queries.list_surveys(site)
    settings = {} if surveys else {"name": "Sample"}
    shown = publish_unsaved(surveys[0].kind if surveys else "nps", settings, surveys[0] if surveys else None)
    return {"content": preview_content(site, shown, shown.default_language), "display": "sheet"}
