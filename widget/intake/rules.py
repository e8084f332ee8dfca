"""What is reckoned of what a store tells, and what has happened to an order. Pure."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from widget.orders.documents import OrderDocument

# What happened longer ago asks nobody any more; events are kept much longer, so none is made twice.
EVENTS_WITHIN = timedelta(days=14)


def line_total(line: Mapping[str, Any]) -> int:
    """Return what was paid for a line, where it is not said.

    >>> line_total({"quantity": 3, "unit_price_minor": 500, "discount_minor": 200})
    1300
    """
    total: int = line["quantity"] * line["unit_price_minor"] - line["discount_minor"]
    return total


def find_repeated(names: Sequence[str]) -> list[int]:
    """Return the places of names that stood there before.

    >>> find_repeated(["1", "2", "1"])
    [2]
    """
    return [place for place, name in enumerate(names) if name in names[:place]]


def list_moments(order: OrderDocument, now: datetime) -> dict[str, datetime]:
    """Return what has happened to an order of late, by the name of the event; of a cancelled one only its end.

    A state whose time nobody said began when the order was updated, but not that of an order placed long ago.

    >>> now, noon, spring = datetime(2026, 5, 5), datetime(2026, 5, 4, 12), datetime(2026, 3, 1)
    >>> list(list_moments(OrderDocument("7", noon, noon, "paid", "EUR", 2000, fulfilled_at=noon), now))
    ['order_placed', 'order_paid', 'order_fulfilled']
    >>> list_moments(OrderDocument("7", noon, spring, "paid", "EUR", 2000), now)
    {}
    """
    changed_at = order.updated_at if order.placed_at > now - EVENTS_WITHIN else order.placed_at
    if order.cancelled_at is not None or order.state == "cancelled":
        moments = {"order_cancelled": order.cancelled_at or changed_at}
    else:
        moments = {"order_placed": order.placed_at}
        said = {"paid": order.paid_at, "fulfilled": order.fulfilled_at, "delivered": order.delivered_at}
        for state, at in said.items():
            if at is not None or order.state == state:
                moments[f"order_{state}"] = at or changed_at
    return {name: at for name, at in moments.items() if at > now - EVENTS_WITHIN}


def event_id(order_id: UUID, name: str) -> UUID:
    """Return the id of an order's event: there is one of each name.

    >>> event_id(UUID(int=1), "order_paid") == event_id(UUID(int=1), "order_paid")
    True
    """
    return uuid5(order_id, name)
