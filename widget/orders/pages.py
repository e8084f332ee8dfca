"""The owner's pages of orders: the list, one order, and the list as a file."""

import uuid

from flask import Response, render_template, request
from flask_babel import lazy_gettext as _l

from widget.core.clock import utc_now
from widget.core.db import get_in_site
from widget.core.downloads import answer_download, read_format
from widget.core.paging import Cursor
from widget.core.problems import InvalidFields
from widget.customers.queries import map_customers
from widget.orders import queries
from widget.orders.exports import stream_orders
from widget.orders.filters import parse_filter
from widget.orders.models import Order
from widget.orders.rate_queries import find_progress
from widget.sites.doors import current_site, pages_blueprint

blueprint = pages_blueprint("orders", __name__)

ORDERS_A_PAGE = 50
STATE_WORDS = {
    "placed": _l("placed"),
    "paid": _l("paid"),
    "fulfilled": _l("fulfilled"),
    "delivered": _l("delivered"),
    "cancelled": _l("cancelled"),
}
SOURCE_WORDS = {
    "api": _l("your server"),
    "shopify": "Shopify",
    "woocommerce": "WooCommerce",
    "import": _l("a file"),
}


@blueprint.route("/orders")
def show_orders() -> str:
    """Show the orders a filter selects, newest first."""
    site = current_site()
    wanted = parse_filter(request.args)
    cursor = request.args.get("cursor")
    page = queries.list_orders(site.id, wanted, Cursor.decode(cursor) if cursor else None, ORDERS_A_PAGE)
    return render_template(
        "orders/orders.html",
        page=page,
        wanted=wanted,
        query=wanted.to_query(),
        is_continued=bool(cursor),
        customers=map_customers(site.id, [order.customer_id for order in page.items if order.customer_id]),
        has_orders=bool(page.items) or queries.has_orders(site.id),
        progress=find_progress(site.id),
        state_words=STATE_WORDS,
    )


@blueprint.route("/orders/<uuid:order_id>")
def show_order(order_id: uuid.UUID) -> str:
    """Show one order whole: lines, refunds, coupons, customer."""
    order = get_in_site(Order, current_site().id, order_id)
    customers = map_customers(order.site_id, [order.customer_id] if order.customer_id else [])
    return render_template(
        "orders/order.html",
        order=order,
        lines=queries.list_lines(order),
        refunds=queries.list_refunds(order),
        customer=customers.get(order.customer_id) if order.customer_id else None,
        state_words=STATE_WORDS,
        source_words=SOURCE_WORDS,
    )


@blueprint.route("/orders/export")
def export_orders() -> Response:
    """Stream the orders a filter selects as a file."""
    wanted = parse_filter(request.args)
    file_format = read_format(request.args)
    chunks = stream_orders(current_site().id, wanted, file_format, bom=request.args.get("bom") == "1")
    return answer_download(chunks, f"orders-{utc_now():%Y-%m-%d}", file_format)


@blueprint.errorhandler(InvalidFields)
def show_bad_filter(problem: InvalidFields) -> tuple[str, int]:
    """Say what is wrong with a filter, and show no order that it would seem to select."""
    return render_template("orders/bad_filter.html", problem=problem), problem.status
