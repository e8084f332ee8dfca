"""The owner's pages of contests: announcing one, looking at its entries, drawing the winner."""

import uuid
from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from widget.core.clock import utc_now
from widget.core.details import translate_detail
from widget.core.downloads import answer_download, read_format
from widget.core.paging import Cursor
from widget.core.problems import InvalidFields
from widget.customers.queries import map_customers
from widget.referrals import contest_queries, contests
from widget.referrals.contest_form import ContestForm
from widget.referrals.errors import ContestStepRefused
from widget.referrals.exports import stream_entries
from widget.referrals.owner_queries import count_states
from widget.sites.audit import note_action
from widget.sites.doors import current_site, pages_blueprint

ENTRIES_A_PAGE = 50

blueprint = pages_blueprint("contests", __name__)


@blueprint.route("/referrals/contests")
def show_contests() -> str:
    """Show the contests, and the form of a new one."""
    return _render_list(ContestForm.started(utc_now()))


@blueprint.route("/referrals/contests", methods=["POST"])
def announce() -> Any:
    """Announce a contest: from now on the hash of its seed is known."""
    form = ContestForm(request.form)
    said = form.read()
    if said is None:
        return _render_list(form), 422
    try:
        contest = contests.announce_contest(current_site().id, said, utc_now())
    except InvalidFields as problem:
        form.add_errors(problem.errors)
        return _render_list(form), 422
    note_action("contest.announced", contest.name)
    flash(_("The contest is announced. Publish the hash of its seed with it."))
    return redirect(url_for(".show_contest", contest_id=contest.id))


@blueprint.route("/referrals/contests/<uuid:contest_id>")
def show_contest(contest_id: uuid.UUID) -> str:
    """Show a contest with its entries in one state, those that wait first."""
    site_id, now = current_site().id, utc_now()
    contest = contest_queries.get_contest(site_id, contest_id)
    state = request.args.get("state", "pending" if contest.drawn_at is None else "approved")
    state = state if state in contest_queries.ENTRY_STATES else "pending"
    cursor = request.args.get("cursor")
    place = Cursor.decode(cursor) if cursor else None
    page = contest_queries.list_entries(site_id, contest_id, state, place, ENTRIES_A_PAGE)
    winner = contest_queries.find_winner(site_id, contest_id)
    people = {entry.customer_id for entry in page.items} | ({winner.customer_id} if winner else set())
    return _render(
        "referrals/contest.html",
        contest=contest,
        state=state,
        page=page,
        is_continued=bool(cursor),
        winner=winner,
        counts=contest_queries.count_entries(site_id, [contest_id])[contest_id],
        customers=map_customers(site_id, people),
        is_over=now >= contest.ends_at,
        now=now,
    )


@blueprint.route("/referrals/contests/<uuid:contest_id>/entries/<uuid:entry_id>", methods=["POST"])
def decide(contest_id: uuid.UUID, entry_id: uuid.UUID) -> BaseResponse:
    """Approve or reject an entry; a repeat changes nothing."""
    state = request.form.get("state", "")
    if state in contests.DECISIONS:
        try:
            contests.decide_entry(current_site().id, contest_id, entry_id, state, utc_now())
        except ContestStepRefused as refusal:
            flash(translate_detail(refusal.detail or ""), "error")
    shown = request.form.get("shown", "pending")
    return redirect(url_for(".show_contest", contest_id=contest_id, state=shown, _anchor="entries"))


@blueprint.route("/referrals/contests/<uuid:contest_id>/draw", methods=["POST"])
def draw(contest_id: uuid.UUID) -> BaseResponse:
    """Draw the winner by the seed, once; a repeat shows the same one."""
    site_id = current_site().id
    was_drawn = contests.hold_contest(site_id, contest_id).drawn_at is not None
    try:
        contests.draw_winner(site_id, contest_id, utc_now())
    except ContestStepRefused as refusal:
        flash(translate_detail(refusal.detail or ""), "error")
    else:
        if not was_drawn:
            note_action("contest.drawn", contest_queries.get_contest(site_id, contest_id).name)
            flash(_("The winner is drawn. Publish the seed, so that anybody can draw again."))
    return redirect(url_for(".show_contest", contest_id=contest_id))


@blueprint.route("/referrals/contests/<uuid:contest_id>/remove", methods=["POST"])
def remove(contest_id: uuid.UUID) -> BaseResponse:
    """Remove a contest that nobody has entered."""
    site_id = current_site().id
    name = contest_queries.get_contest(site_id, contest_id).name
    try:
        contests.remove_contest(site_id, contest_id)
    except ContestStepRefused as refusal:
        flash(translate_detail(refusal.detail or ""), "error")
        return redirect(url_for(".show_contest", contest_id=contest_id))
    note_action("contest.removed", name)
    flash(_("The contest is removed."))
    return redirect(url_for(".show_contests"))


@blueprint.route("/referrals/contests/<uuid:contest_id>/export")
def export_entries(contest_id: uuid.UUID) -> Response:
    """Stream the entries of a contest with the tickets they drew, once drawn."""
    file_format, site_id = read_format(request.args), current_site().id
    contest = contest_queries.get_contest(site_id, contest_id)
    chunks = stream_entries(contest, file_format, bom=request.args.get("bom") == "1")
    return answer_download(chunks, f"entries-{utc_now():%Y-%m-%d}", file_format)


@blueprint.errorhandler(InvalidFields)
def show_refusal(problem: InvalidFields) -> tuple[str, int]:
    """Say what is wrong with an address."""
    back = url_for("contests_pages.show_contests")
    return render_template("referrals/refused.html", problem=problem, back=back), problem.status


def _render_list(form: ContestForm) -> str:
    site_id = current_site().id
    found = contest_queries.list_contests(site_id)
    counts = contest_queries.count_entries(site_id, [contest.id for contest in found])
    return _render("referrals/contests.html", contests=found, counts=counts, form=form, now=utc_now())


def _render(template: str, **values: Any) -> str:
    return render_template(template, held=count_states(current_site().id).get("held", 0), **values)
