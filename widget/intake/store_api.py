"""The store's door for orders, refunds and carts."""

import uuid
from collections.abc import Iterable
from typing import Any

from flask import request

from widget.core.paging import Cursor, read_name
from widget.core.parsing import load_body, load_one_or_many
from widget.customers.models import Customer
from widget.customers.queries import map_customers
from widget.intake.cart_schemas import CartIn, CartsIn
from widget.intake.out_schemas import (
    CartsOut,
    CartsQuery,
    FullOrderOut,
    OrdersOut,
    OrdersQuery,
    TakenListOut,
    TakenOrdersOut,
)
from widget.intake.schemas import OrderIn, OrdersIn, RefundIn
from widget.intake.service import take_carts, take_orders, take_refunds
from widget.orders import queries
from widget.orders.models import Cart, Order
from widget.sites.doors import current_site, store_blueprint

blueprint = store_blueprint("orders", __name__, "Orders, refunds and carts of the store")

_order_in, _orders_in = OrderIn(), OrdersIn()
_cart_in, _carts_in = CartIn(), CartsIn()
_refund_in = RefundIn()


def _takes(*schemas: Any) -> dict[str, Any]:
    """Return the description of a body that is one of these."""
    schema = {"oneOf": list(schemas)} if len(schemas) > 1 else schemas[0]
    return {"required": True, "content": {"application/json": {"schema": schema}}}


@blueprint.route("/orders", methods=["POST"])
@blueprint.doc(requestBody=_takes(OrderIn, OrdersIn))
@blueprint.response(201, TakenOrdersOut, description="Taken, and at least one is new")
@blueprint.alt_response(200, schema=TakenOrdersOut, description="Taken; all of them were known")
def post_orders() -> tuple[dict[str, Any], int]:
    """Tell of an order as it stands, or of up to a hundred in `orders`: all are taken or, where one is wrong, none.

    Send it anew whenever it changes. Of two documents the later by `updated_at` counts, whichever comes first.
    """
    documents = load_one_or_many(_order_in, _orders_in, "orders", request)
    recorded = take_orders(current_site().id, documents, "api")
    return {"items": recorded}, _status(one.outcome for one in recorded)


@blueprint.route("/orders")
@blueprint.arguments(OrdersQuery, location="query")
@blueprint.response(200, OrdersOut)
def list_orders(query: dict[str, Any]) -> dict[str, Any]:
    """Return orders, the last placed first, without their lines."""
    cursor = Cursor.decode(query["cursor"]) if "cursor" in query else None
    page = queries.list_orders(current_site().id, query["chosen"], cursor, query["limit"])
    return {"items": _with_buyers(page.items), "next_cursor": page.next_cursor}


@blueprint.route("/orders/<store_id:external_id>")
@blueprint.response(200, FullOrderOut)
def show_order(external_id: str) -> dict[str, Any]:
    """Return one order with its lines and refunds."""
    order = queries.get_order(current_site().id, external_id)
    (described,) = _with_buyers([order])
    return {**described, "lines": queries.list_lines(order), "refunds": queries.list_refunds(order)}


@blueprint.route("/orders/<store_id:external_id>/refunds", methods=["POST"])
@blueprint.doc(requestBody=_takes(RefundIn))
@blueprint.response(201, TakenListOut, description="The refund is new")
@blueprint.alt_response(200, schema=TakenListOut, description="It was known")
def post_refund(external_id: str) -> tuple[dict[str, Any], int]:
    """Tell of a refund that comes by itself, also before its order."""
    refund = load_body(_refund_in, request)
    outcomes = take_refunds(current_site().id, [(external_id, refund)])
    return {"items": [{"external_id": refund.external_id, "outcome": outcomes[0]}]}, _status(outcomes)


@blueprint.route("/carts", methods=["POST"])
@blueprint.doc(requestBody=_takes(CartIn, CartsIn))
@blueprint.response(201, TakenListOut, description="Taken, and at least one is new")
@blueprint.alt_response(200, schema=TakenListOut, description="Taken; all of them were known")
def post_carts() -> tuple[dict[str, Any], int]:
    """Tell of a cart or checkout as it stands, or of up to a hundred in `carts`: all are taken or none.

    It counts as bought once an order names it in `cart`.
    """
    documents = load_one_or_many(_cart_in, _carts_in, "carts", request)
    outcomes = take_carts(current_site().id, documents)
    items = [{"external_id": one.external_id, "outcome": was} for one, was in zip(documents, outcomes, strict=True)]
    return {"items": items}, _status(outcomes)


@blueprint.route("/carts")
@blueprint.arguments(CartsQuery, location="query")
@blueprint.response(200, CartsOut)
def list_carts(query: dict[str, Any]) -> dict[str, Any]:
    """Return carts, the last made first."""
    cursor = Cursor.decode(query["cursor"], read_name) if "cursor" in query else None
    page = queries.list_carts(current_site().id, query["chosen"], cursor, query["limit"])
    return {"items": _with_buyers(page.items), "next_cursor": page.next_cursor}


def _status(outcomes: Iterable[str]) -> int:
    return 201 if "new" in outcomes else 200


def _with_buyers(rows: Iterable[Order | Cart]) -> list[dict[str, Any]]:
    rows = list(rows)
    customers = map_customers(current_site().id, {row.customer_id for row in rows if row.customer_id})
    return [{**_columns_of(row), "customer": _name(row.customer_id, customers)} for row in rows]


def _columns_of(row: Order | Cart) -> dict[str, Any]:
    return {column.key: getattr(row, column.key) for column in row.__table__.columns}


def _name(customer_id: uuid.UUID | None, customers: dict[uuid.UUID, Customer]) -> dict[str, Any] | None:
    if customer_id is None:
        return None
    customer = customers[customer_id]
    return {"id": customer.external_id, "email": customer.email, "name": customer.name}
