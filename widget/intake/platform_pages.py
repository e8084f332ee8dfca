"""The page "Platforms": connecting Shopify or WooCommerce, and what they sent."""

import uuid

from flask import current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response as BaseResponse
from wtforms import StringField, ValidationError
from wtforms.validators import Length, Regexp

from widget.core.problems import NotFound
from widget.intake import platform_events, platforms
from widget.intake.bodies import PLATFORMS
from widget.sites.audit import note_action
from widget.sites.doors import current_site, pages_blueprint

NAMES = {"shopify": "Shopify", "woocommerce": "WooCommerce"}
REPLAYED_AT_ONCE = 200
NO_SPACES = Regexp(r"[!-~]*\Z", message=_l("A secret has no spaces and no letters with accents."))

pages = pages_blueprint("platforms", __name__, reading="owner", writing="owner")


def _strip(text: str | None) -> str:
    return (text or "").strip()


class ShopifyForm(FlaskForm):
    """The secrets with which Shopify signs."""

    secret = StringField(
        _l("The secret that Shopify shows below its webhooks"),
        [Length(max=200), NO_SPACES],
        filters=[_strip],
    )
    app_secret = StringField(
        _l("The client secret of your app, if you have one"), [Length(max=200), NO_SPACES], filters=[_strip]
    )
    is_known = False

    def validate_secret(self, field: StringField) -> None:
        if not field.data and not self.is_known:
            raise ValidationError(_l("Paste the secret."))


@pages.route("/settings/platforms")
def show_platforms() -> str:
    """Show both platforms with the steps that come next, and what arrived."""
    return _render(ShopifyForm(formdata=None))


@pages.route("/settings/platforms/<platform>", methods=["POST"])
def connect(platform: str) -> BaseResponse | tuple[str, int]:
    """Connect a platform, or give a connection other secrets."""
    _require(platform)
    site = current_site()
    if platform == "shopify":
        known = platforms.find_connection(site.id, platform)
        form = ShopifyForm()
        form.is_known = known is not None
        if not form.validate():
            return _render(form), 422
        secret, app_secret = form.secret.data, form.app_secret.data
        if known is not None:
            secret, app_secret = secret or known.secret, app_secret or known.app_secret or ""
        platforms.connect(site.id, platform, secret, app_secret)
    else:
        platforms.connect(site.id, platform)
    note_action("platform.connected", NAMES[platform])
    flash(_("%(platform)s is connected. Its next event shows up below.", platform=NAMES[platform]))
    return _back(platform)


@pages.route("/settings/platforms/<platform>/disconnect", methods=["POST"])
def disconnect(platform: str) -> BaseResponse:
    """End a connection; what was told stays."""
    _require(platform)
    connection = platforms.find_connection(current_site().id, platform)
    if connection is not None:
        platforms.disconnect(connection)
        note_action("platform.disconnected", NAMES[platform])
    flash(_("%(platform)s is disconnected. What it sends is refused; what it told stays.", platform=NAMES[platform]))
    return _back(platform)


@pages.route("/settings/platforms/events/<uuid:event_id>/replay", methods=["POST"])
def replay_event(event_id: uuid.UUID) -> BaseResponse:
    """Take in one event anew."""
    event = platforms.get_event(current_site().id, event_id)
    platform_events.take_again(event)
    note_action("platform.replayed", event.topic)
    if event.outcome == "failed":
        flash(_("The event could not be taken in."), "error")
    else:
        flash(_("The event was taken in again."))
    return _back("events")


@pages.route("/settings/platforms/replay", methods=["POST"])
def replay_failed() -> BaseResponse:
    """Take in anew what failed, the oldest first."""
    site_id = current_site().id
    ids = platform_events.list_event_ids(site_id, only_failed=True, limit=REPLAYED_AT_ONCE)
    for event_id in ids:
        platform_events.take_again(platforms.get_event(site_id, event_id))
    if ids:
        note_action("platform.replayed", ngettext("%(num)s event", "%(num)s events", len(ids)))
    count = platforms.count_failed(site_id)
    flash(ngettext("%(num)s event still fails.", "%(num)s events still fail.", count), "error" if count else "message")
    return _back("events")


def _require(platform: str) -> None:
    if platform not in PLATFORMS:
        raise NotFound()


def _back(anchor: str) -> BaseResponse:
    return redirect(url_for(".show_platforms", _anchor=anchor))


def _render(form: ShopifyForm) -> str:
    site = current_site()
    cursor = request.args.get("cursor", "")
    base_url = current_app.config["BASE_URL"]
    return render_template(
        "intake/platforms.html",
        form=form,
        addresses={name: f"{base_url}/api/v1/webhooks/{name}/{site.key}" for name in PLATFORMS},
        names=NAMES,
        connections=platforms.list_connections(site.id),
        page=platforms.list_events(site.id, cursor),
        failed=platforms.count_failed(site.id),
        is_continued=bool(cursor),
    )
