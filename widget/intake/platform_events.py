"""Keeping what a platform sent, and taking in what it says: at once, and again when it is asked for."""

import uuid
from collections import Counter
from datetime import datetime, timedelta
from typing import Any

import orjson
from sqlalchemy import delete, select, tuple_, update
from sqlalchemy.exc import DataError, IntegrityError

from widget.core.clock import utc_now
from widget.core.db import db, insert_unless_known
from widget.core.ids import new_id
from widget.intake.bodies import read_body
from widget.intake.deleted_orders import take_deletion
from widget.intake.models import PlatformConnection, PlatformEvent
from widget.intake.reading import BodyNotUnderstood, Reading
from widget.intake.service import take_carts, take_orders, take_refunds
from widget.intake.told_customers import take_customers, take_merge
from widget.intake.woocommerce import restore
from widget.sites.models import Site

EVENTS_KEPT = timedelta(days=30)
FORGOTTEN_AT_ONCE = 500
NEWS = ("new", "changed")
ORDER_SENTENCES = {
    "new": "Order {} is new.",
    "changed": "Order {} has changed.",
    "known": "Order {} was known already.",
    "older": "An older state of order {}; the newer one stays.",
}


def take_event(
    site_id: uuid.UUID, platform: str, topic: str, event_id: str | None, body: bytes
) -> PlatformEvent | None:
    """Keep an event and take in what it says; return None for one that was delivered before."""
    now = utc_now()
    kept_id = db.session.scalar(
        insert_unless_known(PlatformEvent)
        .values(
            site_id=site_id,
            id=new_id(),
            platform=platform,
            topic=topic,
            event_id=event_id and f"{topic} {event_id}",
            body=body,
            outcome="failed",
            received_at=now,
        )
        .on_conflict_do_nothing()
        .returning(PlatformEvent.id)
    )
    is_here = (PlatformConnection.site_id == site_id, PlatformConnection.platform == platform)
    db.session.execute(update(PlatformConnection).where(*is_here).values(last_event_at=now))
    if kept_id is None:
        return None
    event = db.session.get_one(PlatformEvent, (site_id, kept_id))
    take_again(event)
    return event


def take_again(event: PlatformEvent) -> None:
    """Take in what an event says, and note what came of it; call it in a writing transaction.

    What cannot be understood or stored leaves nothing behind but the event itself.
    """
    try:
        reading = read_body(event.platform, event.topic, orjson.loads(event.body), _find_currency(event.site_id))
        with db.session.begin_nested():
            event.outcome, event.detail = _take(event, reading)
    except (BodyNotUnderstood, orjson.JSONDecodeError) as error:
        event.outcome, event.detail = "failed", str(error)
    except (DataError, IntegrityError):
        event.outcome, event.detail = "failed", "The body holds values that cannot be stored."
    event.taken_at = utc_now()
    db.session.flush()


def _find_currency(site_id: uuid.UUID) -> str | None:
    return db.session.scalar(select(Site.reporting_currency).where(Site.id == site_id))


def _take(event: PlatformEvent, reading: Reading) -> tuple[str, str | None]:
    if reading.reason is not None:
        return "ignored", reading.reason
    site_id = event.site_id
    outcomes, sentences = _take_orders(event, reading)
    for name in reading.deleted:
        outcome = take_deletion(site_id, name, event.received_at)
        if outcome is None:
            return "ignored", f"Order {name} was deleted before anything else was told of it."
        outcomes[outcome] += 1
        sentences.append(f"Order {name} was deleted and counts no more.")
    if reading.refunds:
        take_refunds(site_id, reading.refunds)
        outcomes["changed"] += len(reading.refunds)
        sentences += [f"A refund of order {order}." for order, _ in reading.refunds]
    if reading.carts:
        outcomes.update(take_carts(site_id, reading.carts))
        sentences.append("A cart.")
    if reading.customers:
        take_customers(site_id, reading.customers)
        outcomes["changed"] += len(reading.customers)
        sentences += [f"Customer {buyer.external_id}." for buyer, _ in reading.customers]
    for gone, kept in reading.merged:
        outcomes["changed" if take_merge(site_id, gone, kept) else "known"] += 1
        sentences.append(f"Customers {gone} and {kept} became one.")
    detail = sentences[0] if len(sentences) == 1 else f"{len(sentences)} things in one body."
    return ("taken" if any(outcomes[name] for name in NEWS) else "known"), detail


def _take_orders(event: PlatformEvent, reading: Reading) -> tuple[Counter[str], list[str]]:
    orders = list(reading.orders)
    if event.topic == "order.restored":
        orders = [restore(order, event.received_at) for order in orders]
    recorded = take_orders(event.site_id, orders, event.platform)
    numbers = [order.number or order.external_id for order in orders]
    sentences = [ORDER_SENTENCES[one.outcome].format(name) for one, name in zip(recorded, numbers, strict=True)]
    return Counter(one.outcome for one in recorded), sentences


def list_event_ids(
    site_id: uuid.UUID, *, since: datetime | None = None, only_failed: bool = False, limit: int | None = None
) -> list[uuid.UUID]:
    """Return the events of a site that are still kept, oldest first."""
    statement = select(PlatformEvent.id).where(PlatformEvent.site_id == site_id)
    if since is not None:
        statement = statement.where(PlatformEvent.received_at >= since)
    if only_failed:
        statement = statement.where(PlatformEvent.outcome == "failed")
    return list(db.session.scalars(statement.order_by(PlatformEvent.received_at, PlatformEvent.id).limit(limit)))


def forget_old_events() -> int:
    """Delete some of the events older than they are kept; return how many, 0 when none is left."""
    old: list[Any] = list(
        db.session.execute(
            select(PlatformEvent.site_id, PlatformEvent.id)
            .where(PlatformEvent.received_at < utc_now() - EVENTS_KEPT)
            .limit(FORGOTTEN_AT_ONCE)
        )
    )
    if old:
        keys = tuple_(PlatformEvent.site_id, PlatformEvent.id)
        db.session.execute(delete(PlatformEvent).where(keys.in_([tuple(key) for key in old])))
    return len(old)
