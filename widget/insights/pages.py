"""The owner's page of numbers: metrics against the days before, their trend, cohorts, lifetime value."""

from datetime import date
from typing import cast, get_args

from flask import Response, render_template, request

from widget.core.clock import utc_now
from widget.core.downloads import answer_download, read_format
from widget.core.problems import FieldError, InvalidFields
from widget.insights import charts, queries, sentences
from widget.insights.exports import stream_metrics
from widget.insights.metrics import METRICS
from widget.insights.period_query import list_presets, parse_period, to_query
from widget.insights.periods import PartLength, choose_parts
from widget.sites.doors import current_site, pages_blueprint

COHORTS_SHOWN = 12
GROUPS = {
    "sales": ("revenue", "orders", "average_order_value", "new_customers", "customers"),
    "loyalty": ("repeat_purchase_rate", "purchase_frequency", "customer_retention_rate", "lifetime_value"),
    "checkout": ("cart_abandonment_rate", "guest_checkout_rate", "engagement_share"),
    "opinion": ("nps", "csat", "answers"),
}
TRENDS = tuple(name for name in METRICS if name != "expected_lifetime_value")

blueprint = pages_blueprint("insights", __name__)


@blueprint.route("/numbers")
def show_numbers() -> str:
    """Show every metric of a period beside the one before."""
    site, today = current_site(), _today()
    period = parse_period(request.args, today)
    by = _choose(request.args.get("by"), get_args(PartLength), "by") or choose_parts(period)
    metric = _choose(request.args.get("metric"), TRENDS, "metric") or "revenue"
    points = queries.list_trend(site, metric, period, cast(PartLength, by))
    compared = queries.compare_metrics(site, period)
    return render_template(
        "insights/numbers.html",
        period=period,
        query=to_query(period),
        presets=list_presets(period, today),
        compared=compared,
        groups=GROUPS,
        has_data=any(comparison.now.n for comparison in compared.values()),
        left_out=compared["lifetime_value"].now.left_out,
        points=points,
        metric=metric,
        by=by,
        trends=TRENDS,
        document=charts.trend_document(points, cast(PartLength, by), site.reporting_currency),
        label_part=charts.label_part,
        cohorts=queries.list_cohorts(site, period.as_of)[-COHORTS_SHOWN:],
        lifetime=queries.describe_lifetime(site),
        sentences=sentences,
    )


@blueprint.route("/numbers/export")
def export_metrics() -> Response:
    """Download every metric of a period beside the one before."""
    period = parse_period(request.args, _today())
    file_format = read_format(request.args)
    chunks = stream_metrics(current_site(), period, file_format, bom=request.args.get("bom") == "1")
    return answer_download(chunks, f"numbers-{period.from_on}-{period.until_on}", file_format)


@blueprint.errorhandler(InvalidFields)
def show_bad_period(problem: InvalidFields) -> tuple[str, int]:
    """Say what is wrong with a period, and show no number that it would seem to describe."""
    return render_template("insights/bad_period.html", problem=problem), problem.status


def _today() -> date:
    return utc_now().date()


def _choose(wanted: str | None, choices: tuple[str, ...], name: str) -> str | None:
    """Return what was chosen, None for the usual; raise InvalidFields."""
    if wanted and wanted not in choices:
        detail = "Must be day, week or month." if name == "by" else f"Must be one of: {', '.join(choices)}."
        raise InvalidFields(errors=[FieldError(f"#/{name}", detail)])
    return wanted or None
