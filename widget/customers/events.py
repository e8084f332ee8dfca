"""What the store's server says has happened to its customers."""

import uuid
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select, tuple_

from widget.core.clock import utc_now
from widget.core.db import db, insert_unless_known
from widget.core.ids import new_id
from widget.customers.errors import EventIdTaken
from widget.customers.models import CustomerEvent
from widget.customers.service import save_customers

EVENTS_KEPT = timedelta(days=180)
FORGOTTEN_AT_ONCE = 1000


def record_events(site_id: uuid.UUID, events: Sequence[dict[str, Any]]) -> tuple[list[dict[str, Any]], bool]:
    """Store a batch of events once; return them as they are stored and whether any is new.

    Customers nobody has heard of are made known. Raise EventIdTaken for an id that belongs to another event.
    """
    now = utc_now()
    customers = save_customers(site_id, {event["customer"] for event in events})
    rows = [
        {
            "site_id": site_id,
            "id": event["id"] or new_id(),
            "customer_id": customers[event["customer"]],
            "name": event["name"],
            "properties": event["properties"],
            "happened_at": event["happened_at"] or now,
            "created_at": now,
        }
        for event in events
    ]
    # In the order of their ids, so that two batches with the same ones wait for each other and do not lock.
    inserted = db.session.scalars(
        insert_unless_known(CustomerEvent)
        .values(sorted(rows, key=lambda row: row["id"]))
        .on_conflict_do_nothing()
        .returning(CustomerEvent.id)
    ).all()
    stored = {row.id: row for row in _list_by_ids(site_id, [row["id"] for row in rows])}
    for event, row in zip(events, rows, strict=True):
        _require_the_same(stored[row["id"]], row, is_time_given=event["happened_at"] is not None)
    answers = [_describe(stored[row["id"]], event["customer"]) for event, row in zip(events, rows, strict=True)]
    return answers, bool(inserted)


@dataclass(frozen=True)
class NewEvent:
    """Something that has happened to a customer, by our own id of them."""

    id: uuid.UUID
    customer_id: uuid.UUID
    name: str
    properties: dict[str, str]
    happened_at: datetime


def note_events(site_id: uuid.UUID, events: Sequence[NewEvent]) -> None:
    """Store events that follow from something else; what is there under an id stays as it is."""
    if events:
        db.session.execute(
            insert_unless_known(CustomerEvent).on_conflict_do_nothing(),
            [
                {"site_id": site_id, **asdict(event), "created_at": utc_now()}
                for event in sorted(events, key=lambda event: event.id)
            ],
        )


def list_events(
    site_id: uuid.UUID, customer_id: uuid.UUID, names: Collection[str], since: datetime
) -> Sequence[CustomerEvent]:
    """Return a customer's events of these names since a moment, oldest first."""
    return db.session.scalars(
        select(CustomerEvent)
        .where(
            CustomerEvent.site_id == site_id,
            CustomerEvent.customer_id == customer_id,
            CustomerEvent.happened_at >= since,
            CustomerEvent.name.in_(names),
        )
        .order_by(CustomerEvent.happened_at, CustomerEvent.id)
    ).all()


def forget_old_events() -> int:
    """Delete some of the events older than they are kept; return how many, 0 when none is left."""
    old = db.session.execute(
        select(CustomerEvent.site_id, CustomerEvent.id)
        .where(CustomerEvent.happened_at < utc_now() - EVENTS_KEPT)
        .limit(FORGOTTEN_AT_ONCE)
    ).all()
    if old:
        keys = tuple_(CustomerEvent.site_id, CustomerEvent.id)
        db.session.execute(delete(CustomerEvent).where(keys.in_([tuple(key) for key in old])))
    return len(old)


def _list_by_ids(site_id: uuid.UUID, ids: Collection[uuid.UUID]) -> Sequence[CustomerEvent]:
    return db.session.scalars(
        select(CustomerEvent)
        .where(CustomerEvent.site_id == site_id, CustomerEvent.id.in_(ids))
        .execution_options(populate_existing=True)
    ).all()


def _require_the_same(stored: CustomerEvent, given: dict[str, Any], *, is_time_given: bool) -> None:
    names = ("customer_id", "name", "properties", *(["happened_at"] if is_time_given else []))
    if any(getattr(stored, name) != given[name] for name in names):
        raise EventIdTaken(str(stored.id))


def _describe(event: CustomerEvent, customer: str) -> dict[str, Any]:
    return {
        "id": event.id,
        "name": event.name,
        "customer": customer,
        "properties": event.properties,
        "happened_at": event.happened_at,
    }
