"""The owner's settings of reviews: how they are taken and shown, what is asked beside stars, and what shoppers read."""

from typing import Any

from flask import current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from widget.core.formats import current_locale
from widget.core.parsing import load_document
from widget.core.problems import InvalidFields, NotFound
from widget.core.shopper_languages import LANGUAGE_NAMES
from widget.reviews import owner_queries
from widget.reviews.attribute_forms import AttributeForm, begin_form, move, open_form, read_form
from widget.reviews.attributes import label_of
from widget.reviews.authenticity import describe_authenticity
from widget.reviews.queries import read_settings
from widget.reviews.settings import ReviewSettingsIn, change_settings
from widget.sites.audit import note_action
from widget.sites.doors import current_site, pages_blueprint

blueprint = pages_blueprint("review_settings", __name__, reading="editor")

FLAGS = ("allows_unsigned", "allows_photos", "allows_video")
CHOICES = ("moderation", "name_form", "default_sort")
# The languages in which the widgets have words of their own.
SHOPPER_LANGUAGES = ("en", "it", "id", "es", "fr", "de", "ar")


@blueprint.route("/reviews/settings")
def show_settings() -> str:
    """Show the settings, beside what shoppers read because of them."""
    return _render([])


@blueprint.route("/reviews/settings", methods=["POST"])
def save_settings() -> Any:
    """Change how reviews are taken and shown."""
    given = {name: request.form.get(name) == "1" for name in FLAGS}
    chosen = {name: request.form[name] for name in CHOICES if name in request.form}
    try:
        change_settings(current_site().id, load_document(ReviewSettingsIn(), {**given, **chosen}))
    except InvalidFields as problem:
        return _render(problem.errors), problem.status
    note_action("review_settings.changed", current_site().name)
    flash(_("Saved. Store pages notice within a minute."))
    return redirect(url_for(".show_settings"))


@blueprint.route("/reviews/settings/attributes/new")
def show_new_attribute() -> str:
    """Show the form of an attribute that is new."""
    return _render_attribute(begin_form(request.args.get("type", ""), current_locale().language), "")


@blueprint.route("/reviews/settings/attributes", methods=["POST"])
def create_attribute() -> Any:
    """Ask for one more thing beside stars."""
    return _save_attribute("")


@blueprint.route("/reviews/settings/attributes/<key>")
def show_attribute(key: str) -> str:
    """Show the form of an attribute there is."""
    return _render_attribute(open_form(_get_definition(key)), key)


@blueprint.route("/reviews/settings/attributes/<key>", methods=["POST"])
def save_attribute(key: str) -> Any:
    """Change how an attribute is asked."""
    _get_definition(key)
    return _save_attribute(key)


@blueprint.route("/reviews/settings/attributes/<key>/move", methods=["POST"])
def move_attribute(key: str) -> BaseResponse:
    """Ask for an attribute earlier or later."""
    _get_definition(key)
    by = -1 if request.form.get("by") == "up" else 1
    return _change_attributes(move(_list_definitions(), key, by), key, _("The order is changed."))


@blueprint.route("/reviews/settings/attributes/<key>/delete", methods=["POST"])
def delete_attribute(key: str) -> BaseResponse:
    """Ask for an attribute no more; what was said of it stays with its reviews."""
    definition = _get_definition(key)
    rest = [other for other in _list_definitions() if other["key"] != key]
    words = _("“%(name)s” is asked no more.", name=label_of(definition["labels"], current_locale().language))
    return _change_attributes(rest, key, words)


def _save_attribute(key: str) -> Any:
    definitions = _list_definitions()
    typed = read_form(request.form, key, [definition["key"] for definition in definitions])
    if request.form.get("do") == "language":
        return _render_attribute(typed, key)
    if key:
        changed = [typed.definition if other["key"] == key else other for other in definitions]
    else:
        changed = [*definitions, typed.definition]
    try:
        return _change_attributes(changed, typed.definition["key"], _("Saved. Store pages notice within a minute."))
    except InvalidFields as problem:
        return _render_attribute(typed, key, problem.errors), problem.status


def _change_attributes(definitions: Any, key: str, words: str) -> BaseResponse:
    change_settings(current_site().id, {"attributes": definitions})
    note_action("review_settings.attributes_changed", key)
    flash(words)
    return redirect(url_for(".show_settings", _anchor="attributes"))


def _list_definitions() -> list[Any]:
    return read_settings(current_site().id).attributes


def _get_definition(key: str) -> Any:
    definition = next((one for one in _list_definitions() if one["key"] == key), None)
    if definition is None:
        raise NotFound()
    return definition


def _render(errors: Any) -> str:
    site = current_site()
    settings, counts = read_settings(site.id), owner_queries.count_outcomes(site.id)
    wanted = request.args.get("lang") or current_locale().language
    language = wanted if wanted in SHOPPER_LANGUAGES else "en"
    lacking, products = owner_queries.count_products_without_address(site.id)
    base = f"{current_app.config['BASE_URL']}/embed/v1/{site.key}/reviews"
    return render_template(
        "reviews/settings.html",
        settings=settings,
        errors=errors,
        attributes=[(one, label_of(one["labels"], current_locale().language)) for one in settings.attributes],
        authenticity=describe_authenticity(settings, counts, language),
        language=language,
        languages=[(code, LANGUAGE_NAMES[code]) for code in SHOPPER_LANGUAGES],
        feeds={"google": f"{base}/feeds/google.xml", "meta": f"{base}/feeds/meta.csv"},
        lacking=lacking,
        products=products,
    )


def _render_attribute(form: AttributeForm, key: str, errors: Any = ()) -> str:
    return render_template(
        "reviews/attribute.html",
        form=form,
        key=key,
        errors=errors,
        name=label_of(form.definition["labels"], current_locale().language),
        language_names=LANGUAGE_NAMES,
    )
