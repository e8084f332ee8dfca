"""The owner's log-in, account and list of sites, and the files every dashboard page loads."""

import re
from typing import Any

from flask import Response, flash, redirect, render_template, request, session, url_for
from flask_login import current_user
from werkzeug.wrappers import Response as BaseResponse

from widget.core.db import db
from widget.dashboard.files import answer_file, file_url
from widget.dashboard.formats import FILTERS
from widget.dashboard.forms import LoginForm, PasswordForm
from widget.sites import owners
from widget.sites.doors import account_blueprint, without_login
from widget.sites.errors import TooManyLogins
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
def log_in() -> Any:
    """Start a session for the right e-mail and password; anything else gets one and the same answer."""
    form = LoginForm()
    if not form.validate():
        return render_template("dashboard/login.html", form=form), 422
    try:
        token = owners.log_in(_read_email(form), form.password.data, request.remote_addr or "")
    except TooManyLogins as problem:
        page = render_template("dashboard/login.html", form=form, message=f"{problem.title}.")
        return page, problem.status, problem.headers
    # A failed attempt is counted although the answer is a refusal.
    db.session.commit()
    if token is None:
        message = "This e-mail and password do not belong together. Check both and try again."
        return render_template("dashboard/login.html", form=form, message=message), 401
    start_browser_session(token)
    return redirect(_next_address())


@account.route("/logout", methods=["POST"])
def log_out() -> BaseResponse:
    """End this session here and in the database."""
    owners.log_out(current_user.token)
    session.clear()
    flash("You are logged out.")
    return redirect(url_for(".show_login"))


@account.route("/")
def show_home() -> Any:
    """Show the owner's sites; who has only one goes straight there."""
    memberships = list_memberships_of(current_owner())
    if len(memberships) == 1 and "all" not in request.args:
        return redirect(url_for("surveys_pages.show_surveys", site_key=memberships[0].site.key))
    return render_template("dashboard/home.html", memberships=memberships)


@account.route("/account")
def show_account() -> str:
    """Show who is logged in and the form for a new password."""
    return render_template("dashboard/account.html", form=PasswordForm())


@account.route("/account", methods=["POST"])
def change_password() -> Any:
    """Set a new password, which ends every other session of the owner."""
    form = PasswordForm()
    if not form.validate():
        return render_template("dashboard/account.html", form=form), 422
    owner = current_owner()
    try:
        # The current password is asked for as a log-in is, so that guesses count against the same limits.
        confirmed = owners.log_in(owner.email, form.current.data, request.remote_addr or "")
    except TooManyLogins as problem:
        form.current.errors = [f"{problem.title}."]
        return render_template("dashboard/account.html", form=form), problem.status, problem.headers
    if confirmed is None:
        db.session.commit()
        form.current.errors = ["This is not your current password."]
        return render_template("dashboard/account.html", form=form), 422
    start_browser_session(owners.change_password(owner, form.new.data))
    flash("Your password is changed. You are logged out everywhere else.")
    return redirect(url_for(".show_account"))


def _read_email(form: LoginForm) -> str:
    """Return the e-mail in the form owners are found by; one that is none finds nobody."""
    try:
        return normalise_email(form.email.data)
    except ValueError:
        return ""


def _next_address() -> str:
    wanted = request.args.get("next", "")
    return wanted if NEXT_PATTERN.fullmatch(wanted) else url_for(".show_home")
