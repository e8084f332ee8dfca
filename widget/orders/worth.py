"""What orders are worth: less their refunds, and in the site's reporting currency."""

import uuid
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import UTC
from typing import Any

from sqlalchemy import bindparam, func, or_, select, update

from widget.core.db import db
from widget.orders import ledger
from widget.orders.models import Order, Refund
from widget.orders.rates import RateTable, read_rates
from widget.orders.rules import net_of

WORTH = ("refunded_minor", "net_minor", "reporting_minor")
_order: Any = Order.__table__


def sum_refunds(site_id: uuid.UUID, external_ids: Collection[str]) -> dict[str, int]:
    """Return what was given back, by the store's id of the order."""
    rows = db.session.execute(
        select(Refund.order_external_id, func.sum(Refund.amount_minor))
        .where(
            Refund.site_id == site_id,
            Refund.order_external_id.in_(list(external_ids)),
            or_(Refund.is_listed, Refund.is_standalone),
        )
        .group_by(Refund.order_external_id)
    )
    return {order: int(amount) for order, amount in rows}


def reckon_worth(order: Mapping[str, Any], refunded_minor: int, rates: RateTable) -> dict[str, int | None]:
    """Return the columns of an order that say what it is worth."""
    net_minor = net_of(order["total_minor"], refunded_minor, order["state"])
    day = order["placed_at"].astimezone(UTC).date()
    reporting_minor = rates.convert(net_minor, order["currency"], day)
    return {"refunded_minor": refunded_minor, "net_minor": net_minor, "reporting_minor": reporting_minor}


def restate_orders(site_id: uuid.UUID, order_ids: Collection[uuid.UUID]) -> None:
    """Reckon anew what orders are worth, after refunds or rates changed; call it in the site's turn."""
    rows = db.session.execute(select(_order).where(_order.c.site_id == site_id, _order.c.id.in_(list(order_ids))))
    orders = [dict(row._mapping) for row in rows]
    if not orders:
        return
    rates = read_rates(site_id, orders[0]["currency"])
    customer_ids = {order["customer_id"] for order in orders if order["customer_id"]}
    before = ledger.read_facts(site_id, customer_ids, order_ids)
    refunded = sum_refunds(site_id, [order["external_id"] for order in orders])
    after, changes = dict(before), []
    for order in orders:
        worth = reckon_worth(order, refunded.get(order["external_id"], 0), rates)
        changes.append({"of_id": order["id"], **worth})
        if order["id"] in before:
            after[order["id"]] = replace(before[order["id"]], reporting_minor=worth["reporting_minor"])
    db.session.connection().execute(
        update(_order)
        .where(_order.c.site_id == site_id, _order.c.id == bindparam("of_id"))
        .values({name: bindparam(name) for name in WORTH}),
        changes,
    )
    ledger.post_difference(site_id, before, after)
