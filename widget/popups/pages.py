"""The owner's pages that read campaigns: the list with its figures, and what one has brought."""

import uuid

from flask import Response, render_template, request

from widget.core.clock import utc_now
from widget.core.downloads import answer_download, read_format
from widget.popups import queries, result_words
from widget.popups.experiments import MIN_EVENTS, MIN_VISITORS
from widget.popups.figures import count_campaigns
from widget.popups.result_rows import stream_results
from widget.popups.results import Results, read_results
from widget.sites.doors import current_site, pages_blueprint

reading = pages_blueprint("popups", __name__)


@reading.route("/popups")
def show_campaigns() -> str:
    """Show the campaigns with how many visitors met them and what those did."""
    site_id, is_archive_shown = current_site().id, request.args.get("archived") == "1"
    return render_template(
        "popups/campaigns.html",
        campaigns=queries.list_campaigns(site_id, with_archived=is_archive_shown),
        counts=count_campaigns(site_id),
        is_archive_shown=is_archive_shown,
    )


@reading.route("/popups/<uuid:campaign_id>")
def show_results(campaign_id: uuid.UUID) -> str:
    """Show what a campaign brought, arm by arm, and how sure that is."""
    results = _read(campaign_id)
    return render_template(
        "popups/results.html",
        campaign=results.campaign,
        results=results,
        words=result_words,
        min_visitors=MIN_VISITORS,
        min_events=MIN_EVENTS,
    )


@reading.route("/popups/<uuid:campaign_id>/export")
def export_results(campaign_id: uuid.UUID) -> Response:
    """Download the figures, an arm a row."""
    results, file_format = _read(campaign_id), read_format(request.args)
    chunks = stream_results(results, file_format, bom=request.args.get("bom") == "1")
    return answer_download(chunks, f"campaign-{utc_now():%Y-%m-%d}", file_format)


def _read(campaign_id: uuid.UUID) -> Results:
    site = current_site()
    return read_results(queries.get_campaign(site.id, campaign_id), site.reporting_currency)
