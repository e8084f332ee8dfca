"""A forgotten password: ask for a link, then choose a new password."""

from typing import Any

from flask import flash, redirect, render_template, request, session, url_for
from flask_babel import gettext as _

from widget.core.db import begin_writing_anew
from widget.dashboard.forms import ForgottenForm, NewPasswordForm
from widget.sites import owners, password_resets
from widget.sites.audit import note_own_action
from widget.sites.doors import account_blueprint, reads_first, without_login
from widget.sites.errors import TooManyLogins
from widget.sites.rules import normalise_email

passwords = account_blueprint("passwords", __name__)


@passwords.route("/forgotten")
@without_login
def show_forgotten() -> str:
    """Show the form for the address the link goes to."""
    return render_template("dashboard/forgotten.html", form=ForgottenForm(formdata=None))


@passwords.route("/forgotten", methods=["POST"])
@without_login
def send_link() -> Any:
    """Send the link if somebody has this address; the answer is the same if nobody has."""
    form = ForgottenForm()
    if form.validate():
        try:
            email = normalise_email(form.email.data)
        except ValueError:
            form.email.errors = [_("This is not an e-mail address.")]
    if form.errors:
        return render_template("dashboard/forgotten.html", form=form), 422
    try:
        password_resets.request_reset(email, request.remote_addr or "")
    except TooManyLogins as problem:
        form.email.errors = [_("Too many requests; try again in a quarter of an hour.")]
        return render_template("dashboard/forgotten.html", form=form), problem.status, problem.headers
    return render_template("dashboard/link_sent.html", email=email)


@passwords.route("/new-password/<token>")
@without_login
def show_new_password(token: str) -> Any:
    """Show the form for a new password to whoever holds the link."""
    owner = password_resets.find_owner_of_link(token)
    if owner is None:
        return render_template("dashboard/link_ended.html"), 410
    return render_template("dashboard/new_password.html", form=NewPasswordForm(formdata=None), owner=owner, token=token)


@passwords.route("/new-password/<token>", methods=["POST"])
@without_login
@reads_first
def set_new_password(token: str) -> Any:
    """Set the new password, which uses the link up and ends every session of the owner."""
    owner = password_resets.find_owner_of_link(token)
    if owner is None:
        return render_template("dashboard/link_ended.html"), 410
    form = NewPasswordForm()
    form.email = owner.email
    if not form.validate():
        return render_template("dashboard/new_password.html", form=form, owner=owner, token=token), 422
    new_hash = owners.hash_password(form.new.data)
    begin_writing_anew()
    owner = password_resets.find_owner_of_link(token, locked=True)
    if owner is None:
        return render_template("dashboard/link_ended.html"), 410
    owners.change_password(owner, new_hash)
    note_own_action(owner, "owner.password_reset")
    session.clear()
    flash(_("Your new password is set. Log in with it."))
    return redirect(url_for("dashboard_account.show_login"))
