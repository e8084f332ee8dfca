"""The style sheet of the pages behind links, in a site's colours."""

from flask import Response

from widget.core.problems import NotFound
from widget.sites.doors import links_blueprint
from widget.sites.link_frame import add_link_headers, build_style_sheet
from widget.sites.queries import find_published_site

blueprint = links_blueprint("sites", __name__)
blueprint.after_request(add_link_headers)


@blueprint.route("/theme/<site_key>.css")
def show_theme(site_key: str) -> Response:
    """Return a site's colours as custom properties."""
    site = find_published_site(site_key)
    if site is None:
        raise NotFound()
    response = Response(build_style_sheet(site.theme), content_type="text/css; charset=utf-8")
    response.headers["Cache-Control"] = "public, max-age=60"
    return response
