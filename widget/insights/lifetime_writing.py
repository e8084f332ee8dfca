"""Writing what was fitted: customers in small batches, and the site's own row last, which says that all is there."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import delete, exists, select

from widget.core.clock import utc_now
from widget.core.db import Model, db, insert_unless_known
from widget.customers.models import Customer
from widget.insights.models import CustomerLifetime, LifetimeAttempt, LifetimeModel
from widget.orders.rollup_models import CustomerOrderTotals, OrderDay
from widget.sites.models import Site

BATCH_ROWS = 500


def list_due_sites(calibrated_on: date) -> Sequence[uuid.UUID]:
    """Return the sites with orders whose models were not yet to be fitted to this day."""
    was_tried = exists().where(LifetimeAttempt.site_id == Site.id, LifetimeAttempt.calibrated_on >= calibrated_on)
    has_orders = exists().where(OrderDay.site_id == Site.id, OrderDay.day <= calibrated_on, OrderDay.orders > 0)
    return db.session.scalars(select(Site.id).where(has_orders, ~was_tried).order_by(Site.id)).all()


def write_customers(site_id: uuid.UUID, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write what some customers are expected to spend; who is gone in the meantime is left out."""
    wanted = [row["customer_id"] for row in rows]
    is_there = (Customer.site_id == site_id, Customer.id.in_(wanted), Customer.merged_into_id.is_(None))
    known = set(db.session.scalars(select(Customer.id).where(*is_there).with_for_update(key_share=True)))
    _upsert(CustomerLifetime, [{"site_id": site_id, **row} for row in rows if row["customer_id"] in known])


def write_model(site_id: uuid.UUID, model: Mapping[str, Any]) -> None:
    """Write a site's model, and take out customers who have no orders any more."""
    has_orders = exists().where(
        CustomerOrderTotals.site_id == site_id, CustomerOrderTotals.customer_id == CustomerLifetime.customer_id
    )
    db.session.execute(delete(CustomerLifetime).where(CustomerLifetime.site_id == site_id, ~has_orders))
    _upsert(LifetimeModel, [{"site_id": site_id, "fitted_at": utc_now(), **model}])


def note_attempt(site_id: uuid.UUID, calibrated_on: date, repeat_customers: int, outcome: str) -> None:
    """Remember what came of fitting a site's models to the orders until a day."""
    row = {"calibrated_on": calibrated_on, "repeat_customers": repeat_customers, "outcome": outcome}
    _upsert(LifetimeAttempt, [{"site_id": site_id, **row}])


def last_whole_day() -> date:
    """Return yesterday, in UTC: today's orders are not all there yet."""
    return utc_now().date() - timedelta(days=1)


def _upsert(model: type[Model], rows: Sequence[Mapping[str, Any]]) -> None:
    if not rows:
        return
    key = [column.name for column in model.__table__.primary_key]
    statement = insert_unless_known(model)
    changes = {name: statement.excluded[name] for name in rows[0] if name not in key}
    db.session.execute(statement.on_conflict_do_update(index_elements=key, set_=changes), list(rows))
