"""The page "Look": colours, letters, corner and logo of the widgets, measured before shoppers see them."""

from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from widget.core.problems import InvalidFields, NotFound, flatten_messages
from widget.sites import logos, service
from widget.sites.audit import note_action
from widget.sites.doors import current_site, embed_files_blueprint, pages_blueprint
from widget.sites.frames import holding_preview
from widget.sites.theme import build_theme, given_colours
from widget.sites.theme_forms import ThemeForm
from widget.sites.theme_rules import contrast_ratio, list_corrections, measure_pairs

IMMUTABLE_CACHE = "public, max-age=31536000, immutable"
# Room for a picture that is too large to be told so in words.
LARGEST_LOGO_REQUEST = 8 * logos.MAX_UPLOAD_BYTES

look = pages_blueprint("look", __name__, reading="editor", writing="editor")
files = embed_files_blueprint("logos", __name__, "Pictures of sites")


@look.url_value_preprocessor
def allow_larger_logo(endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """Let a picture be sent where one is taken: the door reads the form before the view does."""
    if endpoint == "look_pages.change_logo":
        request.max_content_length = LARGEST_LOGO_REQUEST


@look.route("/look")
def show_look() -> Response:
    """Show the look of the site's widgets as it is."""
    return _show(ThemeForm.of(current_site().theme))


@look.route("/look", methods=["POST"])
def change_look() -> BaseResponse:
    """Save the look, or only measure it where the owner asked for that."""
    site = current_site()
    form = ThemeForm.submitted(request.form)
    if not form.validate():
        return _show(form, 422)
    if request.form.get("do") == "check":
        return _show(form)
    logo = site.theme.get("logo")
    site.theme = {**form.theme, **({"logo": logo} if logo else {})}
    service.publish_change(site)
    note_action("look.changed", site.name)
    return _back(_("The look is saved. Store pages follow within a minute."))


@look.route("/look/preview.json", methods=["POST"])
def measure_look() -> dict[str, Any]:
    """Return the theme that the fields would give, measured; nothing is stored."""
    form = ThemeForm.submitted(request.form)
    if not form.validate():
        raise InvalidFields(errors=flatten_messages(form.errors))
    theme = {**form.theme, "logo": current_site().theme.get("logo")}
    measures = render_template("sites/theme_measures.html", schemes=_measure(form.theme))
    return {"theme": build_theme(theme, current_site().key), "measures": measures}


@look.route("/look/logo", methods=["POST"])
def change_logo() -> BaseResponse:
    """Take a picture as the site's logo."""
    site = current_site()
    body = _read_upload()
    if not body:
        return _show(ThemeForm.of(site.theme), 422, _("Choose a picture first."))
    try:
        logos.store_logo(site, logos.draw_logo(body))
    except logos.BadLogo as error:
        return _show(ThemeForm.of(site.theme), 422, _explain(str(error)))
    service.publish_change(site)
    note_action("logo.changed", site.name)
    return _back(_("The logo is saved. Store pages follow within a minute."))


@look.route("/look/logo/remove", methods=["POST"])
def remove_logo() -> BaseResponse:
    """Take the logo away."""
    site = current_site()
    logos.remove_logo(site)
    service.publish_change(site)
    note_action("logo.removed", site.name)
    return _back(_("The logo is removed."))


@files.route("/logos/<site_key>/<name>")
@files.response(200, description="A site's logo", content_type="image/png")
def show_logo(site_key: str, name: str) -> Response:
    """Return a site's logo; its name is made from what it holds, so it never changes."""
    logo = logos.find_logo(site_key, name)
    if logo is None:
        raise NotFound()
    response = Response(logo.body, content_type=logo.content_type)
    response.headers["Cache-Control"] = IMMUTABLE_CACHE
    response.headers["Content-Security-Policy"] = "default-src 'none'"
    return response


def _read_upload() -> bytes:
    """Return the file that was sent, of a large one enough to see that it is too large."""
    upload = request.files.get("logo")
    if upload is None:
        return b""
    with upload.stream:
        return bytes(upload.read(logos.MAX_UPLOAD_BYTES + 1))


def _show(form: ThemeForm, status: int = 200, logo_error: str = "") -> Response:
    site = current_site()
    has_bad_colour = any("." in name for name in form.errors)
    html = render_template(
        "sites/theme.html",
        form=form,
        logo=site.theme.get("logo"),
        logo_url=build_theme(site.theme, site.key).get("logo", {}).get("url"),
        logo_error=logo_error,
        schemes=[] if has_bad_colour else _measure(form.theme or site.theme),
    )
    return holding_preview(html, status)


def _measure(theme: dict[str, Any]) -> list[dict[str, Any]]:
    """Return for light and dark what was given, what shoppers get, and every pair measured."""
    built = build_theme({**theme, "scheme": "auto"}, "")
    schemes = []
    for name, used in (("light", built), ("dark", built["dark"])):
        given = given_colours(theme, name)
        schemes.append(
            {
                "name": name,
                "given": given,
                "used": used,
                "pairs": measure_pairs(used),
                "corrections": list_corrections(given, used),
                "given_ratios": {part: contrast_ratio(given[part], used["background"]) for part in ("text", "accent")},
                "white_on_accent": contrast_ratio("#ffffff", used["accent"]),
            }
        )
    return schemes


def _explain(reason: str) -> str:
    words: dict[str, str] = {
        "too_large": _("This file is larger than 1 MB. Save the picture smaller and try again."),
        "too_many_pixels": _("This picture has too many pixels. Save it no larger than 4000 by 4000."),
        "not_a_picture": _("This file is no picture we can read. Take a PNG, JPEG or WebP."),
    }
    return words[reason]


def _back(message: str) -> BaseResponse:
    flash(message)
    return redirect(url_for("look_pages.show_look"))
