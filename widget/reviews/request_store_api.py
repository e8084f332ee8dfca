"""The store's door to requests for reviews: a link for one buyer, mailed or not."""

from typing import Any
from urllib.parse import urlencode

from flask import request

from widget.core.paging import Cursor
from widget.core.parsing import PageQuery, load_body
from widget.customers.queries import map_customers
from widget.reviews.emails import request_url
from widget.reviews.request_schemas import RequestedOut, RequestIn, RequestsOut
from widget.reviews.requesting import Requested, list_requests, request_reviews
from widget.reviews.rules import RATINGS
from widget.sites.doors import current_site, store_blueprint

blueprint = store_blueprint("review_requests", __name__, "Requests to review what was bought, by a link")

_request_in = RequestIn()


@blueprint.route("/reviews/requests", methods=["POST"])
@blueprint.doc(requestBody={"required": True, "content": {"application/json": {"schema": RequestIn}}})
@blueprint.response(201, RequestedOut)
def post_request() -> dict[str, Any]:
    """Ask one buyer to review what they bought; what is left out is named with its reason."""
    return _describe_requested(request_reviews(current_site(), load_body(_request_in, request)))


@blueprint.route("/reviews/requests")
@blueprint.arguments(PageQuery, location="query")
@blueprint.response(200, RequestsOut)
def show_requests(page: dict[str, Any]) -> dict[str, Any]:
    """Return the site's requests, newest first, without their links."""
    site_id = current_site().id
    cursor = Cursor.decode(page["cursor"]) if "cursor" in page else None
    found = list_requests(site_id, cursor, page["limit"])
    customers = map_customers(site_id, {row.customer_id for row in found.items if row.customer_id})
    names = ("id", "email", "language", "products", "created_at", "expires_at")
    items = [
        {name: getattr(row, name) for name in names}
        | {"customer": customers[row.customer_id].external_id if row.customer_id else None}
        for row in found.items
    ]
    return {"items": items, "next_cursor": found.next_cursor}


def _describe_requested(requested: Requested) -> dict[str, Any]:
    asked = requested.request
    skipped = [{"id": product_id, "reason": reason} for product_id, reason in requested.skipped]
    if asked is None:
        return {"id": None, "url": None, "products": [], "skipped": skipped, "expires_at": None, "mail": None}
    url = request_url(asked)
    return {
        "id": asked.id,
        "url": url,
        "products": [_describe_product(url, product) for product in asked.products],
        "skipped": skipped,
        "expires_at": asked.expires_at,
        "mail": requested.mail,
    }


def _describe_product(url: str, product: dict[str, str]) -> dict[str, Any]:
    chosen = f"{url}?{urlencode({'product': product['id']})}"
    return {**product, "url": chosen, "scale_urls": {str(stars): f"{chosen}&rating={stars}" for stars in RATINGS}}
