"""The store's door to campaigns' results."""

import uuid
from typing import Any

from widget.popups.queries import get_campaign
from widget.popups.result_rows import describe_results
from widget.popups.result_schemas import ResultsOut
from widget.popups.results import read_results
from widget.sites.doors import current_site, store_blueprint

blueprint = store_blueprint("popup_results", __name__, "What became of campaigns")


@blueprint.route("/popup-campaigns/<uuid:campaign_id>/results")
@blueprint.response(200, ResultsOut)
def show_results(campaign_id: uuid.UUID) -> dict[str, Any]:
    """Return visitors, leads and revenue of each arm, and how sure it is that one is better than another."""
    site = current_site()
    campaign = get_campaign(site.id, campaign_id)
    return describe_results(read_results(campaign, site.reporting_currency))
