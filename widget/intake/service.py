"""Everything that follows from what a store, a platform or a file tells, in one place and in order."""

import uuid
from collections.abc import Sequence

from widget.orders.carts import record_carts
from widget.orders.documents import CartDocument, OrderDocument, RefundDocument
from widget.orders.recording import Recorded, record_orders
from widget.orders.refunds import record_refunds


def take_orders(site_id: uuid.UUID, documents: Sequence[OrderDocument], source: str) -> list[Recorded]:
    """Store orders, with everything that follows from them; call it in a writing transaction."""
    return record_orders(site_id, documents, source)


def take_refunds(site_id: uuid.UUID, refunds: Sequence[tuple[str, RefundDocument]]) -> None:
    """Store refunds that come by themselves, by the store's id of their order."""
    record_refunds(site_id, refunds)


def take_carts(site_id: uuid.UUID, documents: Sequence[CartDocument]) -> list[str]:
    """Store carts and checkouts; return of each whether it was new, changed, known already, or older."""
    return record_carts(site_id, documents)
