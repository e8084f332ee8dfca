"""The live preview of a campaign: the real element in a frame, fed by the form around it; nothing is stored or sent."""

from typing import Any

from flask import Response, render_template, request, url_for
from flask_babel import ngettext

from widget.core.static_files import SCRIPTS
from widget.editor.campaign_form import CampaignForm
from widget.editor.campaign_unsaved import preview_campaign
from widget.sites.doors import current_site, pages_blueprint
from widget.sites.frames import as_preview

UNNAMED = "-"

preview = pages_blueprint("popup_preview", __name__, reading="editor", writing="editor")


@preview.route("/popups/preview")
def show_preview() -> Response:
    """Show the page inside the frame; it waits for a campaign from the page around it."""
    module = url_for("embed_files.show_module", version=SCRIPTS.version, path="popups/popup-element.js")
    return as_preview(render_template("popups/preview_frame.html", module=module))


@preview.route("/popups/preview.json", methods=["POST"])
def preview_unsaved() -> dict[str, Any]:
    """Return what an unsaved campaign shows, or how much of it is wrong; nothing is stored."""
    site = current_site()
    given = {**request.form, "name": request.form.get("name", "").strip() or UNNAMED}
    form = CampaignForm(given, site.reporting_currency)
    document = form.read()
    if document is None:
        note = ngettext("One field needs your attention.", "%(num)s fields need your attention.", len(form.errors))
        return {"errors": len(form.errors), "note": note, "languages": form.languages}
    wanted, key = request.form.get("preview_language", ""), request.form.get("preview_variant", "")
    language = wanted if wanted in document["languages"] else document["default_language"]
    return {
        "errors": 0,
        "languages": form.languages,
        "content": preview_campaign(site, document, language, key),
        "display": document["display"],
    }
