"""The owner's account: password, second step, language, and which weekly mails come."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response as BaseResponse

from widget.core.db import begin_writing_anew, db
from widget.dashboard.forms import (
    LANGUAGE_CHOICES,
    CodeForm,
    ConfirmForm,
    ConfirmWithCodeForm,
    LanguageForm,
    PasswordForm,
)
from widget.dashboard.pages import explain_too_many
from widget.sites import logins, owners, two_step
from widget.sites.audit import note_own_action
from widget.sites.doors import account_blueprint, reads_first
from widget.sites.errors import TooManyLogins
from widget.sites.models import Owner
from widget.sites.queries import list_memberships_of
from widget.sites.web import current_owner, speak_language, start_browser_session

account = account_blueprint("profile", __name__)


@account.route("/account")
def show_account() -> str:
    """Show who is logged in, and what can be changed about it."""
    return _render_account()


@account.route("/account", methods=["POST"])
@reads_first
def change_password() -> Any:
    """Set a new password, which ends every other session of the owner."""
    form = PasswordForm()
    form.email = current_owner().email
    if not form.validate():
        return _render_account(password=form), 422
    # The slow part comes before the writer is taken.
    new_hash = owners.hash_password(form.new.data)
    owner, status = _confirm(form)
    if owner is None:
        return _render_account(password=form), status
    owners.change_password(owner, new_hash)
    start_browser_session(owners.start_session(owner))
    note_own_action(owner, "owner.password_changed")
    flash(_("Your password is changed. You are logged out everywhere else."))
    return redirect(url_for(".show_account"))


@account.route("/account/language", methods=["POST"])
def change_language() -> Any:
    """Set the language of the dashboard and of mails."""
    form = LanguageForm()
    if not form.validate():
        return _render_account(language=form), 422
    current_owner().language = form.language.data or None
    speak_language(current_owner().language)
    flash(_("The language is saved."))
    return redirect(url_for(".show_account", _anchor="language"))


@account.route("/account/digests", methods=["POST"])
def change_digests() -> BaseResponse:
    """Set of which sites the weekly mail comes."""
    wanted = set(request.form.getlist("site"))
    for membership in list_memberships_of(current_owner()):
        membership.gets_digest = membership.site.key in wanted
    flash(_("Your weekly mails are saved."))
    return redirect(url_for(".show_account", _anchor="digests"))


@account.route("/account/two-step")
def show_two_step() -> Any:
    """Show the secret to put into an authenticator, while it waits for its first code."""
    owner = current_owner()
    if owner.totp_secret is None or two_step.is_on(owner):
        return redirect(url_for(".show_account", _anchor="two-step"))
    return _render_setup(CodeForm(formdata=None))


@account.route("/account/two-step", methods=["POST"])
@reads_first
def begin_two_step() -> Any:
    """Make a secret for an authenticator; it counts once a code confirmed it."""
    form = ConfirmForm()
    if not form.validate():
        return _render_account(begin=form), 422
    owner, status = _confirm(form)
    if owner is None:
        return _render_account(begin=form), status
    if not two_step.is_on(owner):
        two_step.begin_setup(owner)
    return redirect(url_for(".show_two_step"))


@account.route("/account/two-step/confirm", methods=["POST"])
def confirm_two_step() -> Any:
    """Turn the second step on with a first code, and show the recovery codes this once."""
    owner = current_owner()
    if owner.totp_secret is None or two_step.is_on(owner):
        return redirect(url_for(".show_account", _anchor="two-step"))
    form = CodeForm()
    codes = two_step.confirm_setup(owner, form.code.data) if form.validate() else None
    if codes is None:
        if not form.code.errors:
            form.code.errors = [_("This code is wrong. Check that the clock of your phone is right.")]
        return _render_setup(form), 422
    note_own_action(owner, "owner.two_step_on")
    return render_template("dashboard/recovery_codes.html", codes=codes)


@account.route("/account/two-step/codes", methods=["POST"])
@reads_first
def renew_codes() -> Any:
    """Make new recovery codes and show them this once; the old ones end."""
    form = ConfirmWithCodeForm()
    owner, status = _confirm_with_code(form)
    if owner is None:
        return _render_account(renew=form), status
    note_own_action(owner, "owner.recovery_codes_renewed")
    return render_template("dashboard/recovery_codes.html", codes=two_step.renew_recovery_codes(owner))


@account.route("/account/two-step/off", methods=["POST"])
@reads_first
def turn_two_step_off() -> Any:
    """Turn the second step off, with the password and a code."""
    form = ConfirmWithCodeForm()
    owner, status = _confirm_with_code(form)
    if owner is None:
        return _render_account(turn_off=form), status
    two_step.turn_off(owner)
    note_own_action(owner, "owner.two_step_off")
    flash(_("Two-step log-in is off."))
    return redirect(url_for(".show_account", _anchor="two-step"))


def _confirm(form: FlaskForm) -> tuple[Owner | None, int]:
    """Return the owner whose password the form carries, or None and the status of the refusal.

    The password is asked for as a log-in is, so that guesses count against the same limits.
    """
    try:
        checked = logins.check_password(current_owner().email, form.current.data, request.remote_addr or "")
        begin_writing_anew()
        owner = logins.take_attempt(checked)
    except TooManyLogins as problem:
        form.current.errors = [explain_too_many()]
        return None, problem.status
    if owner is None:
        db.session.commit()
        form.current.errors = [_("This is not your current password.")]
    return owner, 422


def _confirm_with_code(form: ConfirmWithCodeForm) -> tuple[Owner | None, int]:
    if not form.validate():
        return None, 422
    owner, status = _confirm(form)
    if owner is not None and not two_step.take_second_step(owner, form.code.data):
        logins.note_failure(owner.email, request.remote_addr or "")
        db.session.commit()
        form.code.errors = [_("This code is wrong, or it was used already. Wait for the next one and type it.")]
        return None, status
    return owner, status


def _render_setup(form: CodeForm) -> str:
    owner = current_owner()
    secret = owner.totp_secret or ""
    return render_template(
        "dashboard/two_step.html",
        form=form,
        picture=two_step.make_picture(owner),
        secret=" ".join(secret[at : at + 4] for at in range(0, len(secret), 4)),
    )


def _render_account(**submitted: FlaskForm) -> str:
    owner = current_owner()
    forms = {
        "password": PasswordForm(formdata=None),
        "language": LanguageForm(formdata=None, language=owner.language or ""),
        "begin": ConfirmForm(formdata=None),
        "renew": ConfirmWithCodeForm(formdata=None),
        "turn_off": ConfirmWithCodeForm(formdata=None),
    }
    return render_template(
        "dashboard/account.html",
        forms=forms | submitted,
        language_choices=LANGUAGE_CHOICES,
        has_two_step=two_step.is_on(owner),
        codes_left=two_step.count_recovery_codes(owner),
        memberships=list_memberships_of(owner),
    )
