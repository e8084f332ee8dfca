"""Reading a site's rates, and what they leave open."""

import uuid
from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import func, select

from widget.core.db import db
from widget.orders.filters import OrderFilter, list_conditions
from widget.orders.models import ExchangeRate, Order, RateRestatement
from widget.orders.rollup_models import OrderDay


class Progress(NamedTuple):
    """How many of a site's orders are reckoned anew already."""

    done: int
    orders: int


def list_rates(site_id: uuid.UUID) -> Sequence[ExchangeRate]:
    """Return a site's rates by currency, the latest first."""
    return db.session.scalars(
        select(ExchangeRate)
        .where(ExchangeRate.site_id == site_id)
        .order_by(ExchangeRate.currency, ExchangeRate.valid_on.desc())
    ).all()


def count_unpriced_by_currency(site_id: uuid.UUID) -> list[tuple[str, int]]:
    """Return the currencies without a known rate, each with how many counted orders are in it.

    The days tell where to look, so that a site whose orders all have a rate pays nothing.
    """
    is_day = (OrderDay.site_id == site_id, OrderDay.unpriced_orders > 0)
    first, last = db.session.execute(select(func.min(OrderDay.day), func.max(OrderDay.day)).where(*is_day)).one()
    if first is None:
        return []
    days = list_conditions(site_id, OrderFilter(from_on=first, until_on=last))
    rows: Any = db.session.execute(
        select(Order.currency, func.count())
        .where(*days, Order.is_counted, Order.reporting_minor.is_(None))
        .group_by(Order.currency)
        .order_by(Order.currency)
    )
    return [(currency, count) for currency, count in rows]


def find_progress(site_id: uuid.UUID) -> Progress | None:
    """Return how far a site's orders are reckoned anew, or None where nothing is under way."""
    row = db.session.get(RateRestatement, site_id)
    if row is None:
        return None
    orders = select(func.count()).select_from(Order).where(Order.site_id == site_id)
    done = orders.where(Order.id <= row.done_until_id) if row.done_until_id else None
    return Progress(
        (db.session.scalar(done) or 0) if done is not None else 0,
        db.session.scalar(orders) or 0,
    )
