"""The owner's log-in and list of sites, and the files every dashboard page loads."""

import re
from typing import Any

from flask import Response, flash, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response as BaseResponse

from widget.core.db import begin_writing_anew, db
from widget.dashboard.files import answer_file, file_url
from widget.dashboard.formats import FILTERS
from widget.dashboard.forms import LoginForm, SecondStepForm
from widget.sites import logins, owners, two_step
from widget.sites.audit import note_own_action
from widget.sites.doors import account_blueprint, reads_first, without_login
from widget.sites.errors import TooManyLogins
from widget.sites.models import Owner
from widget.sites.queries import list_memberships_of
from widget.sites.rules import normalise_email
from widget.sites.web import current_owner, start_browser_session

# Where a log-in may lead: a page of the dashboard, never another site.
NEXT_PATTERN = re.compile(r"/dashboard(?:/[\x21-\x5b\x5d-\x7e]*)?")

account = account_blueprint("dashboard", __name__)
account.add_app_template_global(file_url)
for _name, _filter in FILTERS.items():
    account.add_app_template_filter(_filter, _name)


@account.route("/files/<version>/<path:address>")
@without_login
def show_file(version: str, address: str) -> Response:
    """Return a style sheet, script or font."""
    return answer_file(version, address)


@account.route("/login")
@without_login
def show_login() -> Any:
    """Show the log-in form, or the home of who is logged in already."""
    if current_user.is_authenticated:
        return redirect(_next_address())
    return render_template("dashboard/login.html", form=LoginForm())


@account.route("/login", methods=["POST"])
@without_login
@reads_first
def log_in() -> Any:
    """Log the right e-mail and password in, or ask for the code; anything else gets one and the same answer."""
    form = LoginForm()
    if not form.validate():
        return render_template("dashboard/login.html", form=form), 422
    try:
        checked = logins.check_password(_read_email(form), form.password.data, request.remote_addr or "")
        begin_writing_anew()
        owner = logins.take_attempt(checked)
    except TooManyLogins as problem:
        page = render_template("dashboard/login.html", form=form, message=explain_too_many())
        return page, problem.status, problem.headers
    if owner is None:
        # A failed attempt is counted although the answer is a refusal.
        db.session.commit()
        message = _("This e-mail and password do not belong together. Check both and try again.")
        return render_template("dashboard/login.html", form=form, message=message), 401
    if two_step.is_on(owner):
        form = SecondStepForm(formdata=None, pending=two_step.sign_pending(owner))
        return render_template("dashboard/second_step.html", form=form)
    return _enter(owner)


@account.route("/login/code")
@without_login
def show_second_step() -> BaseResponse:
    """Lead back to the password: the form for the code is the answer to it."""
    return redirect(url_for(".show_login"))


@account.route("/login/code", methods=["POST"])
@without_login
def take_second_step() -> Any:
    """Log in with the code that follows the password."""
    form = SecondStepForm()
    owner = two_step.find_pending(form.pending.data or "")
    if owner is None:
        flash(_("That took too long. Log in again."), "error")
        return redirect(url_for(".show_login", next=request.args.get("next")))
    if not form.validate():
        return render_template("dashboard/second_step.html", form=form), 422
    address = request.remote_addr or ""
    logins.queue_attempt(owner.email, address)
    try:
        logins.require_attempts_left(owner.email, address)
    except TooManyLogins as problem:
        form.code.errors = [explain_too_many()]
        return render_template("dashboard/second_step.html", form=form), problem.status, problem.headers
    if not two_step.take_second_step(owner, form.code.data):
        logins.note_failure(owner.email, address)
        db.session.commit()
        form.code.errors = [_("This code is wrong, or it was used already. Wait for the next one and type it.")]
        return render_template("dashboard/second_step.html", form=form), 401
    return _enter(owner)


@account.route("/logout", methods=["POST"])
def log_out() -> BaseResponse:
    """End this session here and in the database."""
    note_own_action(current_owner(), "owner.logged_out")
    owners.log_out(current_user.token)
    session.clear()
    flash(_("You are logged out."))
    return redirect(url_for(".show_login"))


@account.route("/")
def show_home() -> Any:
    """Show the owner's sites; who has only one goes straight there."""
    memberships = list_memberships_of(current_owner())
    if len(memberships) == 1 and "all" not in request.args:
        return redirect(url_for("home_pages.show_home", site_key=memberships[0].site.key))
    return render_template("dashboard/home.html", memberships=memberships)


def explain_too_many() -> str:
    """Return why even the right password is refused for now."""
    text: str = _("Too many failed log-ins; try again in a quarter of an hour.")
    return text


def _enter(owner: Owner) -> BaseResponse:
    start_browser_session(owners.start_session(owner))
    note_own_action(owner, "owner.logged_in")
    return redirect(_next_address())


def _read_email(form: LoginForm) -> str:
    """Return the e-mail in the form owners are found by; one that is none finds nobody."""
    try:
        return normalise_email(form.email.data)
    except ValueError:
        return ""


def _next_address() -> str:
    wanted = request.args.get("next", "")
    return wanted if NEXT_PATTERN.fullmatch(wanted) else url_for(".show_home")
