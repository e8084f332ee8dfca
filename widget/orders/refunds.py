"""Storing refunds: those that an order lists, and those that come by themselves, in whatever order."""

import uuid
from collections.abc import Collection, Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import bindparam, or_, select, update

from widget.core.db import db, insert_unless_known
from widget.orders import ledger
from widget.orders.documents import OrderDocument, RefundDocument, digest_of
from widget.orders.models import Refund
from widget.orders.queries import list_order_ids
from widget.orders.worth import restate_orders

_KEY = ("site_id", "order_external_id", "external_id")
_TOLD = ("amount_minor", "shipping_minor", "reason", "lines", "refunded_at", "version_digest")
_refund: Any = Refund.__table__
_is_here = [_refund.c[name] == bindparam(f"of_{name}") for name in _KEY]


def record_refunds(site_id: uuid.UUID, refunds: Sequence[tuple[str, RefundDocument]]) -> list[str]:
    """Store refunds that came by themselves, by the store's id of their order, which may still be unknown.

    Return of each whether it was new, changed, known already, or older.
    """
    if not refunds:
        return []
    ledger.take_turn(site_id)
    outcomes = _find_outcomes(site_id, refunds)
    statement = insert_unless_known(Refund)
    is_newer = or_(
        ~_refund.c.is_standalone,
        _refund.c.refunded_at < statement.excluded.refunded_at,
        (_refund.c.refunded_at == statement.excluded.refunded_at)
        & (_refund.c.version_digest < statement.excluded.version_digest),
    )
    changes = {name: statement.excluded[name] for name in (*_TOLD, "is_standalone")}
    db.session.execute(
        statement.on_conflict_do_update(index_elements=_KEY, set_=changes, where=is_newer),
        [_describe(site_id, order, refund, is_standalone=True) for order, refund in refunds],
    )
    restate_orders(site_id, list_order_ids(site_id, {order for order, _ in refunds}))
    return outcomes


def _find_outcomes(site_id: uuid.UUID, refunds: Sequence[tuple[str, RefundDocument]]) -> list[str]:
    columns = (_refund.c[name] for name in (*_KEY[1:], "is_standalone", "refunded_at", "version_digest"))
    is_of_orders = _refund.c.order_external_id.in_({order for order, _ in refunds})
    rows = db.session.execute(select(*columns).where(_refund.c.site_id == site_id, is_of_orders))
    known = {(row.order_external_id, row.external_id): row for row in rows}
    outcomes = []
    for order, refund in refunds:
        row, version = known.get((order, refund.external_id)), (refund.refunded_at, digest_of(refund))
        if row is None:
            outcomes.append("new")
        elif (row.refunded_at, row.version_digest) == version:
            outcomes.append("known")
        else:
            is_older = row.is_standalone and (row.refunded_at, row.version_digest) > version
            outcomes.append("older" if is_older else "changed")
    return outcomes


def replace_listed(site_id: uuid.UUID, documents: Collection[OrderDocument]) -> None:
    """Let the refunds that orders list be those of these documents; one that came by itself says what it says."""
    connection = db.session.connection()
    is_of_orders = _refund.c.order_external_id.in_([document.external_id for document in documents])
    is_listed = (_refund.c.site_id == site_id, is_of_orders, _refund.c.is_listed)
    connection.execute(update(_refund).where(*is_listed).values(is_listed=False))
    rows = [
        _describe(site_id, document.external_id, refund, is_standalone=False)
        for document in documents
        for refund in document.refunds
    ]
    if not rows:
        return
    connection.execute(insert_unless_known(Refund).on_conflict_do_nothing(), rows)
    keys = [{f"of_{name}": row[name] for name in _KEY} for row in rows]
    connection.execute(update(_refund).where(*_is_here).values(is_listed=True), keys)
    connection.execute(
        update(_refund)
        .where(*_is_here, ~_refund.c.is_standalone)
        .values({name: bindparam(f"new_{name}") for name in _TOLD}),
        [key | {f"new_{name}": row[name] for name in _TOLD} for key, row in zip(keys, rows, strict=True)],
    )


def _describe(site_id: uuid.UUID, order: str, refund: RefundDocument, *, is_standalone: bool) -> dict[str, Any]:
    return {
        "site_id": site_id,
        "order_external_id": order,
        **asdict(refund),
        "lines": list(refund.lines),
        "is_listed": not is_standalone,
        "is_standalone": is_standalone,
        "version_digest": digest_of(refund),
    }
