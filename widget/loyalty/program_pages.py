"""The owner's pages of the program: what it is, changing it, what a change would do, and its history."""

from typing import Any

from flask import Response, flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from widget.core.clock import utc_now
from widget.core.problems import InvalidFields
from widget.coupons.queries import list_low_pools
from widget.loyalty import program_queries, program_service, program_view, redating
from widget.loyalty.errors import PreviewNeeded
from widget.loyalty.previewing import preview_expiry
from widget.loyalty.program import default_rules, read_program
from widget.loyalty.program_form import ProgramForm
from widget.loyalty.program_words import describe_rules
from widget.sites.audit import note_action
from widget.sites.doors import current_site, pages_blueprint
from widget.sites.web import current_owner

reading = pages_blueprint("loyalty", __name__)
editing = pages_blueprint("loyalty_forms", __name__, reading="editor")

VERSIONS_A_PAGE = 20
SAVING = ("save", "confirm")


@reading.route("/loyalty")
def show_program() -> str:
    """Show the program as it is, or what one would bring."""
    program = program_queries.find_program(current_site().id)
    if program is None:
        return render_template("loyalty/first.html", **program_view.list_beginnings(current_site()))
    version = program_queries.get_version(program)
    return render_template(
        "loyalty/program.html",
        program=program,
        version=version,
        sections=describe_rules(version.rules),
        examples=program_view.list_examples(version.rules, utc_now()),
        members=program_queries.count_members(program.site_id),
        low_pools=list_low_pools(program.site_id),
    )


@reading.route("/loyalty/history")
def show_history() -> str:
    """Show every version: who made it, when, and what it changed."""
    program = program_queries.get_program(current_site().id)
    before = request.args.get("before", "")
    place = int(before) if before.isascii() and before.isdecimal() and len(before) < 9 else None
    versions = program_queries.list_versions(program.site_id, place, VERSIONS_A_PAGE + 1)
    return render_template(
        "loyalty/history.html",
        program=program,
        changes=program_view.list_changes(versions, VERSIONS_A_PAGE),
        older=versions[VERSIONS_A_PAGE - 1].version if len(versions) > VERSIONS_A_PAGE else None,
        is_continued=place is not None,
    )


@editing.route("/loyalty/start", methods=["POST"])
def start_program() -> BaseResponse:
    """Make a draft with the usual rules, in the currency and the time zone that were chosen."""
    site = current_site()
    rules = default_rules(request.form.get("currency", ""), request.form.get("time_zone", ""))
    checked = program_service.check_rules(site.id, rules)
    program_service.change_program(site, checked, utc_now(), actor=current_owner().email)
    note_action("program.started", site.name)
    flash(_("Here is a program to start from. Nobody earns anything until you set it live."))
    return _back()


@editing.route("/loyalty/edit")
def show_edit() -> str:
    """Show the form with the rules as they are."""
    version = program_queries.get_version(program_queries.get_program(current_site().id))
    return _render(ProgramForm.of(version.rules))


@editing.route("/loyalty/edit", methods=["POST"])
def change_program() -> Any:
    """Save the rules, show first what they would take away, or do what another button of the form says."""
    form, action = ProgramForm.submitted(request.form), request.form.get("do", "")
    if action not in SAVING:
        form.act(action)
        return _render(form)
    rules = program_view.check_form(current_site().id, form)
    if rules is None:
        return _render(form), 422
    now, site = utc_now(), current_site()
    preview = program_service.preview_change(site.id, rules, now)
    if not preview.is_new:
        flash(_("Nothing has changed."))
        return _back()
    stored = program_queries.get_version(program_queries.get_program(site.id)).rules
    if action == "save" and program_view.needs_look(preview, stored, rules):
        return _render_preview(form, rules, preview)
    try:
        down = program_view.read_count(request.form.get("confirmed_down", "0"))
        version = program_service.change_program(site, rules, now, actor=current_owner().email, confirmed_down=down)
    except PreviewNeeded:
        return _render_preview(form, rules, preview, is_outdated=True), 409
    note_action("program.changed", site.name, version=version.version)
    flash(_("Saved as version %(number)s. It counts from now on.", number=version.version))
    return _back()


@editing.route("/loyalty/examples", methods=["POST"])
def show_examples() -> Response:
    """Say what the rules that stand in the form now would pay; nothing is stored."""
    form = ProgramForm.submitted(request.form)
    return jsonify(program_view.draft_examples(form))


@editing.route("/loyalty/state", methods=["POST"])
def set_state() -> BaseResponse:
    """Set the program live or pause it."""
    state = request.form.get("state", "")
    site = current_site()
    if state not in ("live", "paused") or not program_service.set_state(site, state, utc_now()):
        return _back()
    note_action(f"program.{state}", site.name)
    if state == "live":
        flash(_("The program is live. Orders placed from now on earn points."))
    else:
        flash(_("The program is paused. What customers have stays theirs; nothing new is earned."))
    return _back()


@editing.route("/loyalty/expiry")
def show_expiry() -> str:
    """Show what the present expiry would do to points that were given by other rules."""
    return _render_expiry()


@editing.route("/loyalty/expiry", methods=["POST"])
def apply_expiry() -> Any:
    """Give points there are the present expiry, if the figures are still those that were shown."""
    site, now = current_site(), utc_now()
    names = program_view.FIGURES
    confirmed = {name: program_view.read_count(request.form.get(name, "")) for name in names}
    try:
        preview, version = redating.apply_expiry(site.id, now, actor=current_owner().email, confirmed=confirmed)
    except PreviewNeeded:
        return _render_expiry(is_outdated=True), 409
    note_action("program.expiry_applied", site.name, version=version, **preview.figures)
    flash(_("Points that were given before have the present expiry now."))
    return _back()


def _back() -> BaseResponse:
    return redirect(url_for("loyalty_pages.show_program"))


def _render(form: ProgramForm) -> str:
    return render_template("loyalty/edit.html", **program_view.list_choices(current_site(), form))


def _render_preview(form: ProgramForm, rules: Any, preview: Any, *, is_outdated: bool = False) -> str:
    program = program_queries.get_program(current_site().id)
    return render_template(
        "loyalty/preview.html",
        form=form,
        preview=preview,
        changes=program_view.compare(program_queries.get_version(program).rules, rules),
        is_outdated=is_outdated,
    )


def _render_expiry(*, is_outdated: bool = False) -> str:
    program = program_queries.get_program(current_site().id)
    rules = program_queries.get_version(program).rules
    preview = preview_expiry(program.site_id, read_program(program.version, rules), utc_now())
    facts = dict(describe_rules(rules))
    return render_template(
        "loyalty/expiry.html",
        preview=preview,
        facts=program_view.facts_of_expiry(facts),
        is_outdated=is_outdated,
    )


@reading.errorhandler(InvalidFields)
@editing.errorhandler(InvalidFields)
def show_refusal(problem: InvalidFields) -> tuple[str, int]:
    """Say what was not done, and why."""
    return render_template("loyalty/refused.html", problem=problem), problem.status
