"""The owner's page of what the store owes in points, and the same as a file."""

from datetime import date, timedelta
from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from widget.core.clock import utc_now
from widget.core.downloads import answer_download
from widget.core.exporting import CONTENT_TYPES
from widget.core.money import to_decimal
from widget.core.problems import InvalidFields, NotFound
from widget.loyalty import report_words
from widget.loyalty.account_forms import PointCostForm
from widget.loyalty.account_view import find_site_program
from widget.loyalty.liability import Report
from widget.loyalty.point_costs import find_point_cost, set_point_cost
from widget.loyalty.report_queries import read_report
from widget.loyalty.report_rows import stream_report
from widget.sites.audit import note_action
from widget.sites.doors import current_site, pages_blueprint

PRESET_DAYS = (28, 90, 365)

blueprint = pages_blueprint("loyalty_report", __name__)


@blueprint.route("/loyalty/report")
def show_report() -> str:
    """Show what is owed, what expires when, and whether it adds up."""
    return _render(None)


@blueprint.route("/loyalty/report/cost", methods=["POST"])
def change_cost() -> Any:
    """Keep what points cost, as the owner reckons."""
    program = find_site_program()
    form = PointCostForm()
    form.currency = program.rules.currency if program else form.currency
    if not form.validate():
        return _render(form), 422
    set_point_cost(current_site().id, form.thousand_minor)
    note_action("point_cost.changed", form.thousand.data or "-")
    flash(_("The cost of points is saved.") if form.thousand.data else _("The cost is reckoned from your rewards."))
    return redirect(url_for(".show_report", _anchor="cost"))


@blueprint.route("/loyalty/report/export.<file_format>")
def export_report(file_format: str) -> Response:
    """Download the report, a figure a row."""
    if file_format not in CONTENT_TYPES:
        raise NotFound()
    report = _read()
    chunks = stream_report(report, file_format, bom=request.args.get("bom") == "1")
    return answer_download(chunks, f"points-report-{report.days.from_on}-{report.days.until_on}", file_format)


@blueprint.errorhandler(InvalidFields)
def show_bad_days(problem: InvalidFields) -> tuple[str, int]:
    """Say what is wrong with the days, and show no figure that would seem to be about them."""
    return render_template(
        "loyalty/accounts_refused.html",
        title=_("What you owe in points"),
        problem=problem,
        part="report",
        address=url_for("loyalty_report_pages.show_report"),
        back=_("Show the last 365 days"),
    ), problem.status


def _read() -> Report:
    return read_report(current_site().id, request.args, utc_now())


def _render(form: PointCostForm | None) -> str:
    report, program = _read(), find_site_program()
    if form is None:
        form = PointCostForm(formdata=None, thousand=_spell_cost(program.rules.currency) if program else "")
    query = {"from": report.days.from_on.isoformat(), "until": report.days.until_on.isoformat()}
    return render_template(
        "loyalty/report.html",
        report=report,
        program=program,
        query=query,
        presets=_list_presets(report, utc_now().date()),
        cost_form=form,
        expiring_chart=report_words.draw_expiring(report.expiring),
        flows_chart=report_words.draw_flows(report),
        words=report_words,
    )


def _spell_cost(currency: str) -> str:
    minor = find_point_cost(current_site().id)
    return "" if minor is None else str(to_decimal(minor, currency))


def _list_presets(report: Report, today: date) -> list[tuple[int, dict[str, str], bool]]:
    """Return the usual numbers of days until the last day shown as today, with their addresses."""
    presets = []
    for count in PRESET_DAYS:
        from_on = today - timedelta(days=count - 1)
        is_shown = (report.days.from_on, report.days.until_on) == (from_on, today)
        presets.append((count, {"from": from_on.isoformat()}, is_shown))
    return presets
