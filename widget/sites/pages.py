"""A site's install page and its settings: general, origins and keys."""

import uuid
from typing import Any

from flask import current_app, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response as BaseResponse

from widget.core.clock import utc_now
from widget.core.problems import NotFound
from widget.sites import invitations, queries, service
from widget.sites.audit import note_action
from widget.sites.doors import current_site, pages_blueprint
from widget.sites.errors import TooManySigningKeys
from widget.sites.forms import ROLE_CHOICES, SHORT_ROLE_CHOICES, ApiKeyForm, GeneralForm, MemberForm, OriginsForm

install = pages_blueprint("sites", __name__)
settings = pages_blueprint("settings", __name__, reading="owner", writing="owner")


@install.route("/install")
def show_install() -> str:
    """Show the line to paste, and whether a store page has loaded it yet."""
    site = current_site()
    return render_template(
        "sites/install.html",
        script_line=f'<script async src="{current_app.config["BASE_URL"]}/embed/v1/{site.key}.js"></script>',
        origins=queries.list_origins(site),
        seen_at=site.last_seen_at,
    )


@install.route("/install/status.json")
def show_install_status() -> dict[str, Any]:
    """Tell whether a store page has ever loaded the site's script, and when last."""
    seen_at = current_site().last_seen_at
    return {
        "is_installed": seen_at is not None,
        "last_seen_at": seen_at.isoformat() if seen_at else None,
        "message": render_template("sites/install_status.txt", seen_at=seen_at).strip(),
    }


@settings.route("/settings")
def show_settings() -> str:
    """Show everything an owner may set for the site."""
    return render_settings()


@settings.route("/settings/general", methods=["POST"])
def change_general() -> Any:
    """Change name, consent, the cap across surveys, the layer of the sheet, and whether time on pages is measured."""
    form = GeneralForm()
    if not form.validate():
        return render_settings(general=form), 422
    service.change_settings(
        current_site(),
        name=form.name.data,
        requires_consent=form.requires_consent.data,
        ask_every_days=form.ask_every_days.data,
        z_index=form.z_index.data,
        quiet_paths=form.paths,
        measures_page_time=form.measures_page_time.data,
    )
    note_action("settings.changed", form.name.data)
    return back_to_settings(_("The settings are saved. Store pages follow within a minute."), "general")


@settings.route("/settings/origins", methods=["POST"])
def change_origins() -> Any:
    """Set the origins whose pages may carry the widgets."""
    form = OriginsForm()
    if not form.validate():
        return render_settings(origins=form), 422
    service.replace_origins(current_site(), form.lines)
    note_action("origins.changed", ", ".join(queries.list_origins(current_site())))
    return back_to_settings(_("The allowed origins are saved."), "origins")


@settings.route("/settings/keys", methods=["POST"])
def create_key() -> Any:
    """Make a secret key and show it this once."""
    form = ApiKeyForm()
    if not form.validate():
        return render_settings(api_key=form), 422
    key, secret = service.create_api_key(current_site(), form.name.data)
    note_action("key.made", key.name)
    return render_template("sites/new_secret.html", kind="api_key", name=form.name.data, secret=secret)


@settings.route("/settings/keys/<uuid:key_id>/revoke", methods=["POST"])
def revoke_key(key_id: uuid.UUID) -> BaseResponse:
    """End a secret key at once."""
    key = next((key for key in queries.list_api_keys(current_site()) if key.id == key_id), None)
    if key is None:
        raise NotFound()
    service.revoke_api_key(key)
    note_action("key.revoked", key.name)
    return back_to_settings(_("The key “%(name)s” is revoked.", name=key.name), "keys")


@settings.route("/settings/signing-keys", methods=["POST"])
def create_signing_key() -> Any:
    """Make a signing key in a free slot and show it this once."""
    try:
        key = service.create_signing_key(current_site())
    except TooManySigningKeys:
        return back_to_settings(_("Two signing keys are live already; revoke one first."), "signing-keys", "error")
    note_action("signing_key.made", key.id)
    return render_template("sites/new_secret.html", kind="signing_key", name=key.id, secret=key.secret)


@settings.route("/settings/signing-keys/<key_id>/revoke", methods=["POST"])
def revoke_signing_key(key_id: str) -> BaseResponse:
    """End a signing key at once."""
    key = next((key for key in queries.list_signing_keys(current_site()) if key.id == key_id), None)
    if key is None:
        raise NotFound()
    service.revoke_signing_key(key)
    note_action("signing_key.revoked", key.id)
    return back_to_settings(_("The signing key %(key)s is revoked.", key=key.id), "signing-keys")


def back_to_settings(message: str, section: str, category: str = "message") -> BaseResponse:
    """Say what happened and go back to a section of the settings."""
    flash(message, category)
    return redirect(url_for("settings_pages.show_settings", _anchor=section))


def render_settings(**submitted: FlaskForm) -> str:
    """Return the settings page; a form that was refused takes the place of its own."""
    site = current_site()
    forms = {
        "general": GeneralForm(formdata=None, data=vars(site) | {"quiet_paths": "\n".join(site.quiet_paths)}),
        "origins": OriginsForm(formdata=None, origins="\n".join(queries.list_origins(site))),
        "api_key": ApiKeyForm(formdata=None),
        "member": MemberForm(formdata=None),
    }
    return render_template(
        "sites/settings.html",
        forms=forms | submitted,
        role_choices=ROLE_CHOICES,
        short_role_choices=SHORT_ROLE_CHOICES,
        api_keys=queries.list_api_keys(site),
        signing_keys=queries.list_signing_keys(site),
        memberships=queries.list_memberships(site),
        invitations=invitations.list_open_invitations(site),
        now=utc_now(),
    )
