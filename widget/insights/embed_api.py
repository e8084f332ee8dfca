"""The shopper's door to the numbers: how long a page was looked at."""

from typing import Any

from widget.core.clock import utc_now
from widget.core.hot import hot_cursor
from widget.insights import service
from widget.insights.schemas import PageViewIn, PageViewOut
from widget.sites.doors import embed_blueprint
from widget.sites.embed_guard import current_published_site

blueprint = embed_blueprint("insights", __name__, "How long pages are looked at")


@blueprint.route("/page-views", methods=["POST"])
@blueprint.arguments(PageViewIn)
@blueprint.response(200, PageViewOut)
def post_page_view(view: dict[str, Any]) -> dict[str, bool]:
    """Count a page view by how long it was visible; nothing of the shopper or the page is kept."""
    site = current_published_site()
    if site.measures_page_time:
        with hot_cursor() as cursor:
            service.count_page_view(cursor, site.id, utc_now().date(), view["seconds"])
    return {"counted": site.measures_page_time}
