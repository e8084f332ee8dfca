"""Reckoning a site's orders anew in small transactions, after its rates or its currency changed."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, or_, select, update

from widget.core.db import db
from widget.orders import ledger
from widget.orders.models import Order, RateRestatement
from widget.orders.worth import restate_orders
from widget.sites.models import Site

BATCH_ORDERS = 500


def list_restating_sites() -> Sequence[uuid.UUID]:
    """Return the sites whose orders are to be reckoned anew."""
    return db.session.scalars(select(RateRestatement.site_id).order_by(RateRestatement.started_at)).all()


@dataclass(frozen=True)
class Restated:
    """What one batch has done: the orders whose worth rates can change, and whether there are more to look at."""

    order_ids: Sequence[uuid.UUID] = ()
    has_more: bool = False


def restate_next_batch(site_id: uuid.UUID) -> Restated:
    """Reckon the next orders of a site anew; call it in a writing transaction.

    How far it has come is kept in the same transaction, so it may be killed at any time. A change of rates begins
    it anew; the site's turn keeps such a change out while a batch is reckoned.
    """
    ledger.take_turn(site_id)
    restatement: Any = RateRestatement.__table__
    is_here = restatement.c.site_id == site_id
    row = db.session.execute(select(restatement).where(is_here)).one_or_none()
    if row is None:
        return Restated()
    passed = [] if row.done_until_id is None else [Order.id > row.done_until_id]
    order_ids = db.session.scalars(
        select(Order.id).where(Order.site_id == site_id, *passed).order_by(Order.id).limit(BATCH_ORDERS)
    ).all()
    concerned = _list_concerned(site_id, order_ids)
    restate_orders(site_id, concerned)
    has_more = len(order_ids) == BATCH_ORDERS
    if has_more:
        db.session.execute(update(restatement).where(is_here).values(done_until_id=order_ids[-1]))
    else:
        db.session.execute(delete(restatement).where(is_here))
    return Restated(concerned, has_more)


def _list_concerned(site_id: uuid.UUID, order_ids: Sequence[uuid.UUID]) -> Sequence[uuid.UUID]:
    """Return the orders whose worth rates can change: an order in the reporting currency is worth what it says."""
    if not order_ids:
        return []
    currency = select(Site.reporting_currency).where(Site.id == site_id).scalar_subquery()
    is_right = (Order.currency == currency) & (Order.reporting_minor == Order.net_minor)
    return db.session.scalars(
        select(Order.id).where(
            Order.site_id == site_id,
            Order.id.in_(order_ids),
            or_(Order.currency != currency, Order.reporting_minor.is_(None), ~is_right),
        )
    ).all()
