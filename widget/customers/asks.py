"""When a customer was last asked by what, on whatever device: what keeps every room from asking too often."""

import uuid
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection, select

from widget.core.db import db, insert_unless_known
from widget.customers.models import CustomerAsk
from widget.customers.queries import find_survivor


def note_asks(connection: Connection, site_id: uuid.UUID, customer_id: uuid.UUID, asks: Mapping[str, datetime]) -> None:
    """Note when a customer was asked by each subject, such as survey:<id>; only what is later changes anything.

    A customer who has been erased meanwhile is left alone.
    """
    survivor_id = find_survivor(connection, site_id, customer_id) if asks else None
    if survivor_id is None:
        return
    statement = insert_unless_known(CustomerAsk)
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=["site_id", "customer_id", "subject"],
            set_={"asked_at": statement.excluded.asked_at},
            where=CustomerAsk.asked_at < statement.excluded.asked_at,
        ),
        [
            {"site_id": site_id, "customer_id": survivor_id, "subject": subject, "asked_at": asked_at}
            for subject, asked_at in sorted(asks.items())
        ],
    )


def list_asks(site_id: uuid.UUID, customer_id: uuid.UUID) -> dict[str, datetime]:
    """Return when a customer was last asked, by subject."""
    rows = db.session.execute(
        select(CustomerAsk.subject, CustomerAsk.asked_at).where(
            CustomerAsk.site_id == site_id, CustomerAsk.customer_id == customer_id
        )
    )
    return {row.subject: row.asked_at for row in rows}
