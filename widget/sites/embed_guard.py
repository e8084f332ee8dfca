"""The guard of the embed door: which site, which page origin, how often."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from flask import Response, current_app, g, request

from widget.core.problems import NotFound
from widget.core.rate_limits import address_prefix, require_within_limits
from widget.sites.errors import OriginNotAllowed
from widget.sites.queries import PublishedSite, find_published_site

PREFLIGHT_SECONDS = "86400"
VISITOR_HEADER = "X-Regulars-Visitor"
_VISITOR = "HTTP_" + VISITOR_HEADER.upper().replace("-", "_")
# Nothing at this door depends on cookies, so no origin is special to the browser.
CORS_HEADERS = {
    "Access-Control-Allow-Origin": "*",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "X-Content-Type-Options": "nosniff",
}

# Where the lean door leaves how many requests there were, so that none is counted twice.
COUNTED = "regulars.hits_of_prefix"

View = TypeVar("View", bound=Callable[..., Any])


def open_to_any_origin(view: View) -> View:
    """Mark a view that browsers fetch without an Origin header and that holds nothing personal."""
    view.is_open_to_any_origin = True  # type: ignore[attr-defined]
    return view


def guard_embed() -> Response | None:
    """Let the request in, answer a preflight, or raise a problem."""
    if request.method == "OPTIONS":
        return _answer_preflight()
    site = find_published_site(g.site_key)
    if site is None:
        raise NotFound("There is no site with this key.")
    view = current_app.view_functions.get(request.endpoint or "")
    if not getattr(view, "is_open_to_any_origin", False):
        site = _require_allowed_origin(site)
        g.hits_of_prefix = request.environ.get(COUNTED) or count_request(site, request.environ)
    g.site = site
    return None


def add_cors_headers(response: Response) -> Response:
    """Let the page read the answer."""
    response.headers.update(CORS_HEADERS)
    return response


def _answer_preflight() -> Response:
    response = Response(status=204)
    response.headers["Access-Control-Allow-Methods"] = "GET, POST"
    response.headers["Access-Control-Allow-Headers"] = f"Authorization, Content-Type, {VISITOR_HEADER}"
    response.headers["Access-Control-Max-Age"] = PREFLIGHT_SECONDS
    return response


def _require_allowed_origin(site: PublishedSite) -> PublishedSite:
    origin = request.headers.get("Origin")
    if origin in site.origins:
        return site
    # The owner may have added the origin a moment ago: refuse only on what the database says now.
    fresh = find_published_site(site.key, fresh=True)
    if fresh is None or origin not in fresh.origins:
        shown = origin or "no Origin header"
        raise OriginNotAllowed(f"{shown} is not among the site's allowed origins (Dashboard, Settings).")
    return fresh


def count_request(site: PublishedSite, environ: Mapping[str, Any]) -> int:
    """Count a request and return how many its network has sent this minute; raise TooManyRequests."""
    config, prefix = current_app.config, address_prefix(environ.get("REMOTE_ADDR"))
    limits = {f"site {site.key}": config["SITE_LIMIT"], f"prefix {site.key} {prefix}": config["PREFIX_LIMIT"]}
    visitor = environ.get(_VISITOR)
    if visitor:
        limits[f"visitor {site.key} {visitor[:200]}"] = config["VISITOR_LIMIT"]
    return require_within_limits(limits)[1]


def current_published_site() -> PublishedSite:
    """Return the site the guard let this request into."""
    site: PublishedSite = g.site
    return site
