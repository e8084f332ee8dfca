"""Carts and checkouts: what was put together, whether it was left, and whether it was bought in the end."""

import uuid
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import bindparam, func, select, update

from widget.core.db import db, insert_unless_known
from widget.customers.buyers import Told, resolve_buyers
from widget.orders import ledger
from widget.orders.documents import CartDocument, Version
from widget.orders.joining import join_guests
from widget.orders.models import Cart, Order

_cart: Any = Cart.__table__


def record_carts(site_id: uuid.UUID, documents: Sequence[CartDocument]) -> list[str]:
    """Store a batch of documents; return of each whether it was new, changed, known already, or older."""
    if not documents:
        return []
    ledger.take_turn(site_id)
    known = _read_carts(site_id, {document.external_id for document in documents})
    buyers = resolve_buyers(site_id, [Told(document.buyer, document.updated_at) for document in documents])
    bought = _find_purchases(site_id, {document.external_id for document in documents})
    standing: dict[str, Any] = dict(known)
    outcomes = []
    for document, customer_id in zip(documents, buyers.ids, strict=True):
        before = standing.get(document.external_id)
        version = document.version
        newest = before and Version(before["version_at"], 0, before["version_digest"])
        if newest is None or version > newest:
            outcomes.append("changed" if before else "new")
            row = _describe(site_id, document, version, customer_id)
            standing[document.external_id] = row | {"bought_at": bought.get(document.external_id)}
        else:
            outcomes.append("known" if version == newest else "older")
    changed = [row for name, row in standing.items() if row is not known.get(name)]
    if changed:
        _write(changed)
        _post(site_id, known, {row["external_id"]: row for row in changed})
    join_guests(site_id, buyers.joins)
    return outcomes


def mark_bought(site_id: uuid.UUID, orders: Sequence[Mapping[str, Any]]) -> None:
    """Note for the carts that orders name when they were bought; call it in the site's turn."""
    bought: dict[str, datetime] = {}
    for order in orders:
        name, placed_at = order["cart_external_id"], order["placed_at"]
        bought[name] = min(placed_at, bought.get(name, placed_at))
    known = {
        name: row
        for name, row in _read_carts(site_id, bought).items()
        if row["bought_at"] is None or row["bought_at"] > bought[name]
    }
    if not known:
        return
    db.session.connection().execute(
        update(_cart)
        .where(_cart.c.site_id == site_id, _cart.c.external_id == bindparam("of_id"))
        .values(bought_at=bindparam("at")),
        [{"of_id": name, "at": bought[name]} for name in known],
    )
    _post(site_id, known, {name: {**row, "bought_at": bought[name]} for name, row in known.items()})


def _read_carts(site_id: uuid.UUID, external_ids: Collection[str]) -> dict[str, Any]:
    if not external_ids:
        return {}
    rows = db.session.execute(
        select(_cart).where(_cart.c.site_id == site_id, _cart.c.external_id.in_(list(external_ids)))
    )
    return {row.external_id: dict(row._mapping) for row in rows}


def _find_purchases(site_id: uuid.UUID, external_ids: Collection[str]) -> dict[str, datetime]:
    """Return when carts were bought, by the orders that name them."""
    rows = db.session.execute(
        select(Order.cart_external_id, func.min(Order.placed_at))
        .where(Order.site_id == site_id, Order.cart_external_id.in_(list(external_ids)))
        .group_by(Order.cart_external_id)
    )
    return {cart: placed_at for cart, placed_at in rows if cart is not None}


def _describe(
    site_id: uuid.UUID, document: CartDocument, version: Version, customer_id: uuid.UUID | None
) -> dict[str, Any]:
    names = ("external_id", "currency", "value_minor", "created_at", "abandoned_at", "recovered_at")
    return {
        "site_id": site_id,
        **{name: getattr(document, name) for name in names},
        "items": list(document.items),
        "customer_id": customer_id,
        "version_at": version.at,
        "version_digest": version.digest,
    }


def _write(rows: Sequence[dict[str, Any]]) -> None:
    statement = insert_unless_known(Cart)
    key = ("site_id", "external_id")
    changes = {name: statement.excluded[name] for name in rows[0] if name not in key}
    db.session.execute(statement.on_conflict_do_update(index_elements=key, set_=changes), list(rows))


def _post(site_id: uuid.UUID, before: Mapping[str, Any], after: Mapping[str, Any]) -> None:
    counts: Counter[tuple[date, str]] = Counter()
    for name, row in after.items():
        counts.update(_count(row))
        if name in before:
            counts.subtract(_count(before[name]))
    ledger.add_carts(site_id, counts)


def _count(cart: Mapping[str, Any]) -> dict[tuple[date, str], int]:
    day = cart["created_at"].astimezone(UTC).date()
    is_bought = (cart["bought_at"] or cart["recovered_at"]) is not None
    return {
        (day, "carts"): 1,
        (day, "bought"): int(is_bought),
        (day, "recovered"): int(is_bought and cart["abandoned_at"] is not None),
    }
