"""A site's install page and its settings: general, origins, keys and members."""

import secrets
import uuid
from typing import Any

from flask import current_app, flash, redirect, render_template, url_for
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response as BaseResponse

from widget.core.problems import NotFound, Problem
from widget.sites import owners, queries, service
from widget.sites.doors import current_site, pages_blueprint
from widget.sites.forms import (
    ROLE_CHOICES,
    SHORT_ROLE_CHOICES,
    ApiKeyForm,
    GeneralForm,
    MemberForm,
    OriginsForm,
    RoleForm,
)
from widget.sites.models import Membership
from widget.sites.web import current_owner

TEMPORARY_PASSWORD_BYTES = 12

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
    return _render_settings()


@settings.route("/settings/general", methods=["POST"])
def change_general() -> Any:
    """Change name, consent, the cap across surveys and the layer of the sheet."""
    form = GeneralForm()
    if not form.validate():
        return _render_settings(general=form), 422
    service.change_settings(
        current_site(),
        name=form.name.data,
        requires_consent=form.requires_consent.data,
        ask_every_days=form.ask_every_days.data,
        z_index=form.z_index.data,
    )
    return _back_to_settings("The settings are saved. Store pages follow within a minute.", "general")


@settings.route("/settings/origins", methods=["POST"])
def change_origins() -> Any:
    """Set the origins whose pages may carry the widgets."""
    form = OriginsForm()
    if not form.validate():
        return _render_settings(origins=form), 422
    service.replace_origins(current_site(), form.lines)
    return _back_to_settings("The allowed origins are saved.", "origins")


@settings.route("/settings/keys", methods=["POST"])
def create_key() -> Any:
    """Make a secret key and show it this once."""
    form = ApiKeyForm()
    if not form.validate():
        return _render_settings(api_key=form), 422
    _, secret = service.create_api_key(current_site(), form.name.data)
    return render_template("sites/new_secret.html", kind="api_key", name=form.name.data, secret=secret)


@settings.route("/settings/keys/<uuid:key_id>/revoke", methods=["POST"])
def revoke_key(key_id: uuid.UUID) -> BaseResponse:
    """End a secret key at once."""
    key = next((key for key in queries.list_api_keys(current_site()) if key.id == key_id), None)
    if key is None:
        raise NotFound()
    service.revoke_api_key(key)
    return _back_to_settings(f"The key “{key.name}” is revoked.", "keys")


@settings.route("/settings/signing-keys", methods=["POST"])
def create_signing_key() -> Any:
    """Make a signing key in a free slot and show it this once."""
    try:
        key = service.create_signing_key(current_site())
    except Problem as problem:
        return _back_to_settings(f"{problem.title}.", "signing-keys", "error")
    return render_template("sites/new_secret.html", kind="signing_key", name=key.id, secret=key.secret)


@settings.route("/settings/signing-keys/<key_id>/revoke", methods=["POST"])
def revoke_signing_key(key_id: str) -> BaseResponse:
    """End a signing key at once."""
    key = next((key for key in queries.list_signing_keys(current_site()) if key.id == key_id), None)
    if key is None:
        raise NotFound()
    service.revoke_signing_key(key)
    return _back_to_settings(f"The signing key {key.id} is revoked.", "signing-keys")


@settings.route("/settings/members", methods=["POST"])
def add_member() -> Any:
    """Let an owner in by e-mail; who is new gets a temporary password, shown this once."""
    form = MemberForm()
    if not form.validate():
        return _render_settings(member=form), 422
    owner = queries.find_owner_by_email(form.email.data)
    password = None
    if owner is None:
        password = secrets.token_urlsafe(TEMPORARY_PASSWORD_BYTES)
        owner = owners.create_owner(form.email.data, password)
    try:
        owners.add_member(current_site(), owner, form.role.data)
    except Problem as problem:
        return _back_to_settings(f"{problem.title}.", "members", "error")
    if password is not None:
        return render_template("sites/new_secret.html", kind="member", name=owner.email, secret=password)
    return _back_to_settings(f"{owner.email} is now {form.role.data} of this site.", "members")


@settings.route("/settings/members/<uuid:owner_id>", methods=["POST"])
def change_role(owner_id: uuid.UUID) -> Any:
    """Give a member another role; the last owner stays one."""
    member = _get_member(owner_id)
    form = RoleForm()
    if not form.validate():
        return _back_to_settings("Choose one of the roles.", "members", "error")
    try:
        owners.add_member(current_site(), member.owner, form.role.data)
    except Problem as problem:
        return _back_to_settings(f"{problem.title}.", "members", "error")
    return _after_own_change(member, f"{member.owner.email} is now {form.role.data} of this site.")


@settings.route("/settings/members/<uuid:owner_id>/remove", methods=["POST"])
def remove_member(owner_id: uuid.UUID) -> BaseResponse:
    """Take a member out of the site; the last owner stays."""
    member = _get_member(owner_id)
    email = member.owner.email
    try:
        owners.remove_member(current_site(), member)
    except Problem as problem:
        return _back_to_settings(f"{problem.title}.", "members", "error")
    return _after_own_change(member, f"{email} is no longer a member of this site.")


def _get_member(owner_id: uuid.UUID) -> Membership:
    member = next((m for m in queries.list_memberships(current_site()) if m.owner_id == owner_id), None)
    if member is None:
        raise NotFound()
    return member


def _after_own_change(member: Membership, message: str) -> BaseResponse:
    """Go back to the settings, or home for who gave up the right to see them."""
    if member.owner_id != current_owner().id:
        return _back_to_settings(message, "members")
    flash(message)
    return redirect(url_for("dashboard_account.show_home"))


def _back_to_settings(message: str, section: str, category: str = "message") -> BaseResponse:
    flash(message, category)
    return redirect(url_for("settings_pages.show_settings", _anchor=section))


def _render_settings(**submitted: FlaskForm) -> str:
    site = current_site()
    forms = {
        "general": GeneralForm(formdata=None, obj=site),
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
    )
