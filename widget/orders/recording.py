"""Storing what documents say of orders: the newest of each order wins, whatever order they arrive in."""

import uuid
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC
from typing import Any

from sqlalchemy import delete, insert, select

from widget.core.clock import utc_now
from widget.core.db import db, insert_unless_known
from widget.core.ids import new_id
from widget.customers.buyers import Told, resolve_buyers
from widget.orders import carts, ledger, refunds, worth
from widget.orders.documents import OrderDocument, Version
from widget.orders.joining import join_guests
from widget.orders.models import Order, OrderLine
from widget.orders.rates import RateTable, read_rates
from widget.orders.rules import OrderFacts

OUTCOMES = ("new", "changed", "known", "older")
_order: Any = Order.__table__


@dataclass(frozen=True)
class Recorded:
    """What became of a document: the order's id, and whether it is new, changed, known already, or older."""

    id: uuid.UUID
    external_id: str
    outcome: str


def record_orders(site_id: uuid.UUID, documents: Sequence[OrderDocument], source: str) -> list[Recorded]:
    """Store a batch of documents, one of each order at least as new as what is known; return what became of each.

    Takes the site's turn, so call it in a writing transaction that ends soon.
    """
    if not documents:
        return []
    ledger.take_turn(site_id)
    known = _read_known(site_id, [document.external_id for document in documents])
    buyers = resolve_buyers(site_id, [Told(document.buyer, document.updated_at) for document in documents])
    winners, outcomes = _choose_winners(documents, known)
    if winners:
        rates = read_rates(site_id, documents[0].currency)
        customers = {place: buyers.ids[place] for place in winners.values()}
        _Writer(site_id, source, rates, known).write(
            {external_id: (documents[place], customers[place]) for external_id, place in winners.items()}
        )
    join_guests(site_id, buyers.joins)
    ids = {name: row.id for name, row in known.items()} | _read_ids(site_id, winners.keys() - known.keys())
    return [
        Recorded(ids[document.external_id], document.external_id, outcome)
        for document, outcome in zip(documents, outcomes, strict=True)
    ]


def foresee_orders(site_id: uuid.UUID, documents: Sequence[OrderDocument]) -> list[str]:
    """Return what would become of each document of a batch, and store nothing."""
    known = _read_known(site_id, [document.external_id for document in documents])
    return _choose_winners(documents, known)[1]


def _read_known(site_id: uuid.UUID, external_ids: Collection[str]) -> dict[str, Any]:
    columns = (_order.c[name] for name in ("id", "external_id", "customer_id", "created_at", "cart_external_id"))
    version = (_order.c[name] for name in ("version_at", "version_rank", "version_digest"))
    rows = db.session.execute(
        select(*columns, *version).where(_order.c.site_id == site_id, _order.c.external_id.in_(set(external_ids)))
    )
    return {row.external_id: row for row in rows}


def _choose_winners(documents: Sequence[OrderDocument], known: Mapping[str, Any]) -> tuple[dict[str, int], list[str]]:
    """Return the place of each order's newest document if it is news, and what each document turned out to be."""
    newest = {name: Version(row.version_at, row.version_rank, row.version_digest) for name, row in known.items()}
    winners: dict[str, int] = {}
    outcomes = []
    for place, document in enumerate(documents):
        name, version = document.external_id, document.version
        standing = newest.get(name)
        if standing is None or version > standing:
            newest[name], winners[name] = version, place
            outcomes.append("changed" if name in known or standing is not None else "new")
        else:
            outcomes.append("known" if version == standing else "older")
    return winners, outcomes


def _read_ids(site_id: uuid.UUID, external_ids: Collection[str]) -> dict[str, uuid.UUID]:
    rows = db.session.execute(
        select(_order.c.external_id, _order.c.id).where(
            _order.c.site_id == site_id, _order.c.external_id.in_(external_ids)
        )
    )
    return dict(rows.tuples().all()) if external_ids else {}


class _Writer:
    """Writes the winning documents of one batch."""

    def __init__(self, site_id: uuid.UUID, source: str, rates: RateTable, known: Mapping[str, Any]) -> None:
        self._site_id, self._source, self._rates, self._known = site_id, source, rates, known

    def write(self, winners: Mapping[str, tuple[OrderDocument, uuid.UUID | None]]) -> None:
        """Store orders, lines and refunds, and bring the figures along."""
        known = [self._known[name] for name in winners if name in self._known]
        customer_ids = {row.customer_id for row in known} | {customer_id for _, customer_id in winners.values()}
        buyers = [customer_id for customer_id in customer_ids if customer_id is not None]
        before = ledger.read_facts(self._site_id, buyers, [row.id for row in known])
        refunds.replace_listed(self._site_id, [document for document, _ in winners.values()])
        refunded = worth.sum_refunds(self._site_id, winners.keys())
        rows = [
            self._describe(document, customer_id, refunded.get(name, 0))
            for name, (document, customer_id) in winners.items()
        ]
        self._write_orders(rows)
        self._write_lines({row["id"]: winners[row["external_id"]][0] for row in rows})
        after = dict(before)
        for row in rows:
            after.pop(row["id"], None)
            if row["is_counted"]:
                after[row["id"]] = _facts_of(row)
        ledger.post_difference(self._site_id, before, after)
        carts.mark_bought(self._site_id, [row for row in rows if row["cart_external_id"]])

    def _describe(self, document: OrderDocument, customer_id: uuid.UUID | None, refunded: int) -> dict[str, Any]:
        known = self._known.get(document.external_id)
        version, buyer = document.version, document.buyer
        state = "cancelled" if document.cancelled_at else document.state
        placed_at = document.placed_at.astimezone(UTC)
        copied = ("external_id", "number", "currency", "total_minor", "tax_minor", "shipping_minor", "discount_minor")
        more = ("is_test", "cart_external_id", "paid_at", "fulfilled_at", "delivered_at", "cancelled_at")
        order = {name: getattr(document, name) for name in (*copied, *more)}
        order |= {"state": state, "placed_at": placed_at}
        return {
            "site_id": self._site_id,
            "id": known.id if known else new_id(),
            "source": self._source,
            "customer_id": customer_id,
            "is_guest": not buyer.external_id if buyer.is_guest is None else buyer.is_guest,
            "is_counted": state != "cancelled" and not document.is_test,
            "coupon_codes": list(document.coupon_codes),
            "has_coupon": bool(document.coupon_codes),
            "version_at": version.at,
            "version_rank": version.rank,
            "version_digest": version.digest,
            "created_at": known.created_at if known else utc_now(),
            **order,
            **worth.reckon_worth(order, refunded, self._rates),
        }

    def _write_orders(self, rows: Sequence[dict[str, Any]]) -> None:
        statement = insert_unless_known(Order)
        kept = ("site_id", "id", "external_id", "created_at")
        changes = {name: statement.excluded[name] for name in rows[0] if name not in kept}
        db.session.connection().execute(
            statement.on_conflict_do_update(index_elements=["site_id", "external_id"], set_=changes), list(rows)
        )

    def _write_lines(self, documents: Mapping[uuid.UUID, OrderDocument]) -> None:
        known_ids = {row.id for row in self._known.values()}
        changed = [order_id for order_id in documents if order_id in known_ids]
        if changed:
            db.session.execute(
                delete(OrderLine).where(OrderLine.site_id == self._site_id, OrderLine.order_id.in_(changed))
            )
        rows = [
            {"site_id": self._site_id, "order_id": order_id, "position": position, **vars(line)}
            for order_id, document in documents.items()
            for position, line in enumerate(document.lines)
        ]
        if rows:
            db.session.connection().execute(insert(OrderLine), rows)


def _facts_of(row: Mapping[str, Any]) -> OrderFacts:
    names = ("id", "customer_id", "placed_at", "reporting_minor", "is_guest", "has_coupon")
    return OrderFacts(*(row[name] for name in names))


def count_outcomes(recorded: Iterable[Recorded]) -> Counter[str]:
    """Return how many documents were new, changed, known already, or older."""
    return Counter(one.outcome for one in recorded)
