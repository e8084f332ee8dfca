"""Everything that follows from what a store, a platform or a file tells, in one place and in order."""

import uuid
from collections.abc import Mapping, Sequence

from widget.core.clock import utc_now
from widget.customers.events import NewEvent, note_events
from widget.intake.rules import event_id, list_moments
from widget.loyalty.service import follow_orders
from widget.orders.carts import record_carts
from widget.orders.documents import CartDocument, OrderDocument, RefundDocument
from widget.orders.queries import list_order_ids, map_buyers
from widget.orders.recording import Recorded, record_orders
from widget.orders.refunds import record_refunds
from widget.popups.joining import follow_leads
from widget.reviews.merging import follow_merges
from widget.reviews.verifying import verify_reviews

IMPORT = "import"
NEWS = ("new", "changed")


def take_orders(site_id: uuid.UUID, documents: Sequence[OrderDocument], source: str) -> list[Recorded]:
    """Store orders, with everything that follows from them; call it in a writing transaction.

    1. The order, its buyer, and the figures (`record_orders`).
    2. Surveys that wait for the store's server (`note_order_events`), but for a file of old orders.
    3. Reviews of guests who turn out to have an account (`follow_merges`), and those whose purchase shows now
       (`verify_reviews`).
    4. Leads whose customer these buyers turn out to be (`follow_leads`).
    5. Points and coupons (`follow_orders`), those of old orders too: only what is from before the program pays nothing.
    """
    recorded = record_orders(site_id, documents, source)
    news = [one.id for one in recorded if one.outcome in NEWS]
    known = map_buyers(site_id, [one.id for one in recorded])
    buyers = {order_id: known[order_id] for order_id in news if order_id in known}
    if source != IMPORT:
        note_order_events(site_id, documents, recorded, buyers)
    follow_merges(site_id, set(buyers.values()))
    verify_reviews(site_id, set(buyers.values()))
    follow_leads(site_id, set(buyers.values()))
    follow_orders(site_id, news, set(known.values()))
    return recorded


def note_order_events(
    site_id: uuid.UUID,
    documents: Sequence[OrderDocument],
    recorded: Sequence[Recorded],
    buyers: Mapping[uuid.UUID, uuid.UUID],
) -> None:
    """Note what has happened to customers' orders: order_placed, order_paid and so on, once of each order."""
    now = utc_now()
    news = [
        (document, one.id)
        for document, one in zip(documents, recorded, strict=True)
        if one.outcome in NEWS and not document.is_test
    ]
    note_events(
        site_id,
        [
            NewEvent(
                id=event_id(order_id, name),
                customer_id=buyers[order_id],
                name=name,
                properties={"order_id": document.external_id},
                happened_at=min(moment, now),
            )
            for document, order_id in news
            if order_id in buyers
            for name, moment in list_moments(document, now).items()
        ],
    )


def take_refunds(site_id: uuid.UUID, refunds: Sequence[tuple[str, RefundDocument]]) -> list[str]:
    """Store refunds that come by themselves, by the store's id of their order.

    Return of each whether it was new, changed, known already, or older. What their orders earn follows at once, where
    the orders are known.
    """
    outcomes = record_refunds(site_id, refunds)
    news = [order for (order, _), outcome in zip(refunds, outcomes, strict=True) if outcome in NEWS]
    follow_orders(site_id, list_order_ids(site_id, news), set())
    return outcomes


def take_carts(site_id: uuid.UUID, documents: Sequence[CartDocument]) -> list[str]:
    """Store carts and checkouts; return of each whether it was new, changed, known already, or older."""
    return record_carts(site_id, documents)
