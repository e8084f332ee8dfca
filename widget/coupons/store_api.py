"""The store's door for coupons: pools, their codes, and what became of each."""

import uuid
from collections.abc import Sequence
from typing import Any

from widget.core.clock import utc_now
from widget.core.paging import Cursor
from widget.core.parsing import PageQuery
from widget.coupons import queries, service
from widget.coupons.code_lists import read_codes
from widget.coupons.models import Coupon
from widget.coupons.schemas import (
    CodesIn,
    CouponOut,
    CouponsOut,
    CouponsQuery,
    PoolChanges,
    PoolIn,
    PoolOut,
    PoolsOut,
    UploadedOut,
    describe_coupon,
    describe_pool,
)
from widget.customers.queries import map_customers
from widget.sites.doors import current_site, store_blueprint

blueprint = store_blueprint("coupons", __name__, "Coupons: pools of codes, and what became of each")


@blueprint.route("/coupon-pools")
@blueprint.arguments(PageQuery, location="query")
@blueprint.response(200, PoolsOut)
def list_pools(page: dict[str, Any]) -> dict[str, Any]:
    """Return the pools of coupons, newest first, archived ones too."""
    found = queries.list_pools_page(current_site().id, _read_cursor(page), page["limit"])
    return {"items": [describe_pool(pool) for pool in found.items], "next_cursor": found.next_cursor}


@blueprint.route("/coupon-pools", methods=["POST"])
@blueprint.arguments(PoolIn)
@blueprint.response(201, PoolOut)
def post_pool(document: dict[str, Any]) -> dict[str, Any]:
    """Make a pool: what its coupons are worth, and whether codes are made on the fly or uploaded."""
    return describe_pool(service.create_pool(current_site().id, document, utc_now()))


@blueprint.route("/coupon-pools/<uuid:pool_id>")
@blueprint.response(200, PoolOut)
def show_pool(pool_id: uuid.UUID) -> dict[str, Any]:
    """Return one pool."""
    return describe_pool(queries.get_pool(current_site().id, pool_id))


@blueprint.route("/coupon-pools/<uuid:pool_id>", methods=["PATCH"])
@blueprint.arguments(PoolChanges)
@blueprint.response(200, PoolOut)
def patch_pool(changes: dict[str, Any], pool_id: uuid.UUID) -> dict[str, Any]:
    """Change how a pool's coupons are given out; what they are worth stays as it was made."""
    pool = queries.get_pool(current_site().id, pool_id)
    service.change_pool(pool, changes)
    return describe_pool(pool)


@blueprint.route("/coupon-pools/<uuid:pool_id>", methods=["DELETE"])
@blueprint.response(204)
def archive_pool(pool_id: uuid.UUID) -> None:
    """Archive a pool: nobody gets a code from it any more, and codes that are out stay good."""
    service.archive_pool(queries.get_pool(current_site().id, pool_id), utc_now())


@blueprint.route("/coupon-pools/<uuid:pool_id>/codes", methods=["POST"])
@blueprint.arguments(CodesIn)
@blueprint.response(200, UploadedOut)
def post_codes(document: dict[str, Any], pool_id: uuid.UUID) -> dict[str, Any]:
    """Add up to 10,000 codes to a pool of uploaded ones; each that is not taken is named with its reason.

    Sending the same list again adds nothing.
    """
    pool = queries.get_pool(current_site().id, pool_id)
    uploaded = service.add_codes(pool, read_codes(document["codes"]), utc_now())
    return {"added": uploaded.added, "refused": uploaded.refused, "available": pool.available}


@blueprint.route("/coupons")
@blueprint.arguments(CouponsQuery, location="query")
@blueprint.response(200, CouponsOut)
def list_coupons(query: dict[str, Any]) -> dict[str, Any]:
    """Return coupons, the newest first."""
    found = queries.list_coupons(current_site().id, query["chosen"], _read_cursor(query), query["limit"])
    return {"items": _describe(found.items), "next_cursor": found.next_cursor}


@blueprint.route("/coupons/<store_id:code>")
@blueprint.response(200, CouponOut)
def show_coupon(code: str) -> dict[str, Any]:
    """Return one coupon by its code, in capitals or not."""
    return _describe([queries.get_coupon(current_site().id, code)])[0]


def _read_cursor(page: dict[str, Any]) -> Cursor | None:
    return Cursor.decode(page["cursor"]) if "cursor" in page else None


def _describe(coupons: Sequence[Coupon]) -> list[dict[str, Any]]:
    site_id = current_site().id
    pools = queries.map_pools(site_id, {coupon.pool_id for coupon in coupons})
    customers = map_customers(site_id, {coupon.customer_id for coupon in coupons if coupon.customer_id})
    names = {key: customer.external_id for key, customer in customers.items()}
    return [
        describe_coupon(coupon, pools[coupon.pool_id], names.get(coupon.customer_id) if coupon.customer_id else None)
        for coupon in coupons
    ]
