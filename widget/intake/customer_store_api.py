"""The store's door for its customers."""

from collections.abc import Sequence
from typing import Any

from flask import request

from widget.core.paging import Cursor
from widget.core.parsing import PageQuery, load_body
from widget.customers.models import Customer
from widget.customers.queries import get_customer, list_attributes, list_customers, list_other_ids
from widget.intake.customer_schemas import CustomerIn, CustomerOut, CustomersOut, MergeIn
from widget.intake.customer_service import get_account, merge_customers, save_customer
from widget.orders.queries import map_totals
from widget.orders.rollup_models import CustomerOrderTotals
from widget.sites.doors import current_site, store_blueprint

blueprint = store_blueprint("accounts", __name__, "Customers of the store")

_customer_in = CustomerIn()
_merge_in = MergeIn()


@blueprint.route("/customers")
@blueprint.arguments(PageQuery, location="query")
@blueprint.response(200, CustomersOut)
def show_customers(page: dict[str, Any]) -> dict[str, Any]:
    """Return the customers, newest first, guests too; who was merged into another is not there."""
    cursor = Cursor.decode(page["cursor"]) if "cursor" in page else None
    found = list_customers(current_site().id, cursor, page["limit"])
    return {"items": _with_totals(found.items), "next_cursor": found.next_cursor}


@blueprint.route("/customers/<store_id:external_id>")
@blueprint.response(200, CustomerOut)
def show_customer(external_id: str) -> dict[str, Any]:
    """Return one customer with what they told and have bought; by the id of a merged one the survivor."""
    return _describe(external_id)


@blueprint.route("/customers/<store_id:external_id>", methods=["PUT"])
@blueprint.doc(requestBody={"required": True, "content": {"application/json": {"schema": CustomerIn}}})
@blueprint.response(200, CustomerOut, description="They were known")
@blueprint.alt_response(201, schema=CustomerOut, description="They are new")
def put_customer(external_id: str) -> tuple[dict[str, Any], int]:
    """Tell of a customer; what is left out stays as it is.

    A verified address makes the guests who gave it one with this customer.
    """
    said = load_body(_customer_in, request)
    is_new = save_customer(current_site().id, external_id, said["buyer"], said["attributes"])
    return _describe(external_id), 201 if is_new else 200


@blueprint.route("/customers/<store_id:external_id>/merge", methods=["POST"])
@blueprint.doc(requestBody={"required": True, "content": {"application/json": {"schema": MergeIn}}})
@blueprint.response(200, CustomerOut)
def post_merge(external_id: str) -> dict[str, Any]:
    """Make this customer one with another, who gets everything; this id leads to them from now on."""
    into = load_body(_merge_in, request)["into"]
    merge_customers(current_site().id, get_account(current_site().id, external_id), into)
    return _describe(external_id)


def _describe(external_id: str) -> dict[str, Any]:
    site_id = current_site().id
    customer = get_customer(site_id, external_id)
    return {
        **_with_totals([customer])[0],
        "merged_ids": list_other_ids(site_id, customer.id),
        "attributes": {row.name: row for row in list_attributes(site_id, customer.id)},
    }


def _with_totals(customers: Sequence[Customer]) -> list[dict[str, Any]]:
    site = current_site()
    totals = map_totals(site.id, [customer.id for customer in customers])
    return [
        {
            **{column.key: getattr(customer, column.key) for column in customer.__table__.columns},
            "orders": _describe_totals(totals.get(customer.id)),
        }
        for customer in customers
    ]


def _describe_totals(totals: CustomerOrderTotals | None) -> dict[str, Any]:
    """Return what was bought; who has bought nothing has spent 0, at no time."""
    bought: dict[str, Any] = {"orders": 0, "revenue_minor": 0, "first_order_at": None, "last_order_at": None}
    if totals is not None:
        bought = {name: getattr(totals, name) for name in bought}
    return {**bought, "currency": current_site().reporting_currency}
