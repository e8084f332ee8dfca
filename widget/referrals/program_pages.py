"""The owner's pages of the program: what it is, changing it, setting it live, and its versions."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from widget.core.clock import utc_now
from widget.core.problems import InvalidFields
from widget.referrals import program_service, program_view
from widget.referrals.owner_queries import count_states
from widget.referrals.owner_words import describe_rules
from widget.referrals.program_form import ProgramForm
from widget.sites.audit import note_action
from widget.sites.doors import current_site, pages_blueprint
from widget.sites.web import current_owner

reading = pages_blueprint("referrals", __name__)
editing = pages_blueprint("referral_forms", __name__, reading="editor")


@reading.route("/referrals")
def show_program() -> str:
    """Show the program as it is, or what one would bring."""
    site = current_site()
    program = program_service.find_program(site.id)
    if program is None:
        return _render("first", **program_view.list_beginnings(site))
    version = program_service.get_version(program)
    sections = describe_rules(version.rules, program_view.map_all_pools(site.id))
    return _render("program", program=program, version=version, sections=sections)


@reading.route("/referrals/history")
def show_history() -> str:
    """Show the latest versions: who made each, when, and what it changed."""
    program = program_service.get_program(current_site().id)
    return _render("history", changes=program_view.list_changes(program))


@editing.route("/referrals/start", methods=["POST"])
def start_program() -> BaseResponse:
    """Make a draft with the usual rules, in the currency that was chosen; one that is there stays."""
    site = current_site()
    if program_service.find_program(site.id) is None:
        rules = program_view.draft_rules(site.id, request.form.get("currency", ""))
        checked = program_service.check_rules(site, rules)
        program_service.change_program(site, checked, utc_now(), actor=current_owner().email)
        note_action("referral_program.started", site.name)
        flash(_("Here is a program to start from. Nobody takes part until you set it live."))
    return _back()


@editing.route("/referrals/edit")
def show_edit() -> str:
    """Show the form with the rules as they are."""
    version = program_service.get_version(program_service.get_program(current_site().id))
    return _render_form(ProgramForm.of(version.rules))


@editing.route("/referrals/edit", methods=["POST"])
def change_program() -> Any:
    """Save the rules as a new version, or do what another button of the form says."""
    site, form = current_site(), ProgramForm.submitted(request.form)
    program = program_service.get_program(site.id)
    if request.form.get("do") != "save":
        form.act(request.form.get("do", ""))
        return _render_form(form)
    rules = program_view.check_form(site, form)
    if rules is None:
        return _render_form(form), 422
    before = program.version
    version = program_service.change_program(site, rules, utc_now(), actor=current_owner().email)
    if version.version == before:
        flash(_("Nothing has changed."))
        return _back()
    note_action("referral_program.changed", site.name, version=version.version)
    flash(_("Saved as version %(number)s. It counts for claims from now on.", number=version.version))
    return _back()


@editing.route("/referrals/state", methods=["POST"])
def set_state() -> BaseResponse:
    """Set the program live or pause it; a repeat changes nothing."""
    state, site = request.form.get("state", ""), current_site()
    if state not in ("live", "paused") or not program_service.set_state(site, state, utc_now()):
        return _back()
    note_action(f"referral_program.{state}", site.name)
    if state == "live":
        flash(_("The program is live. Customers who sign in have a link to share."))
    else:
        flash(_("The program is paused. It takes no new claims; what was claimed before is kept as promised."))
    return _back()


@reading.errorhandler(InvalidFields)
@editing.errorhandler(InvalidFields)
def show_refusal(problem: InvalidFields) -> tuple[str, int]:
    """Say what was not done, and why."""
    back = url_for("referrals_pages.show_program")
    return render_template("referrals/refused.html", problem=problem, back=back), problem.status


def _back() -> BaseResponse:
    return redirect(url_for("referrals_pages.show_program"))


def _render_form(form: ProgramForm) -> str:
    return _render("edit", **program_view.list_choices(current_site(), form))


def _render(name: str, **values: Any) -> str:
    counts = count_states(current_site().id)
    return render_template(f"referrals/{name}.html", counts=counts, held=counts.get("held", 0), **values)
