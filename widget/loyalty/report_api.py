"""The store's door to the report of points."""

from typing import Any

from widget.core.clock import utc_now
from widget.loyalty.report_queries import read_report
from widget.loyalty.report_rows import describe_report
from widget.loyalty.report_schemas import PointsReportOut, ReportQuery
from widget.sites.doors import current_site, store_blueprint

blueprint = store_blueprint("loyalty_report", __name__, "What a store owes its customers in points")


@blueprint.route("/loyalty/report")
@blueprint.arguments(ReportQuery, location="query")
@blueprint.response(200, PointsReportOut)
def show_report(days: dict[str, Any]) -> dict[str, Any]:
    """Return what is owed in points now, what expires when, what happened in a period, and whether it adds up."""
    query = {"from": days.get("from_on", ""), "until": days.get("until_on", "")}
    return describe_report(read_report(current_site().id, query, utc_now()))
