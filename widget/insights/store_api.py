"""The store's door to the numbers: metrics, their trends, and cohorts."""

from typing import Any

from flask import request

from widget.core.clock import utc_now
from widget.insights import queries
from widget.insights.descriptions import describe_comparison, describe_figure
from widget.insights.period_query import parse_period
from widget.insights.periods import Period
from widget.insights.schemas import CohortsOut, DocumentedPeriod, MetricsOut, MetricTrendOut, MetricTrendQuery
from widget.sites.doors import current_site, store_blueprint

blueprint = store_blueprint("insights", __name__, "The numbers an owner steers by")


@blueprint.route("/metrics")
@blueprint.arguments(DocumentedPeriod, location="query")
@blueprint.response(200, MetricsOut)
def show_metrics(_documented: dict[str, Any]) -> dict[str, Any]:
    """Return every metric of a period beside that of the period before."""
    site, period = current_site(), _read_period()
    compared = queries.compare_metrics(site, period)
    return {
        "period": period,
        "before": period.before(),
        "items": [describe_comparison(comparison, site.reporting_currency) for comparison in compared.values()],
        "lifetime_model": queries.find_lifetime_model(site),
    }


@blueprint.route("/metrics/trend")
@blueprint.arguments(DocumentedPeriod, location="query")
@blueprint.arguments(MetricTrendQuery, location="query")
@blueprint.response(200, MetricTrendOut)
def show_trend(_documented: dict[str, Any], trend: dict[str, Any]) -> dict[str, Any]:
    """Return one metric by day, week (from Monday) or month, in UTC."""
    site, period = current_site(), _read_period()
    points = queries.list_trend(site, trend["metric"], period, trend["by"])
    unit = points[0].metric.unit
    return {
        "name": trend["metric"],
        "unit": unit,
        "currency": site.reporting_currency if unit == "money" else None,
        "items": [
            {"from_on": point.part.from_on, "until_on": point.part.until_on, **describe_figure(point.metric)}
            for point in points
        ],
    }


@blueprint.route("/metrics/cohorts")
@blueprint.arguments(DocumentedPeriod, location="query")
@blueprint.response(200, CohortsOut)
def show_cohorts(_documented: dict[str, Any]) -> dict[str, Any]:
    """Return which share of the customers of each first month bought in every month since.

    Months are whole: that of the last day is counted to its end.
    """
    return {"items": queries.list_cohorts(current_site(), _read_period().as_of)}


def _read_period() -> Period:
    return parse_period(request.args, utc_now().date())
