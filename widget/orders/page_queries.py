"""Reading what the owners' pages of orders show."""

import uuid
from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import func, or_, select

from widget.core.db import db, get_in_site
from widget.core.paging import Cursor, Page, list_page
from widget.orders.filters import OrderFilter, list_conditions
from widget.orders.models import ExchangeRate, Order, OrderLine, RateRestatement, Refund
from widget.orders.rollup_models import OrderDay


class Progress(NamedTuple):
    """How many of a site's orders are reckoned anew already."""

    done: int
    orders: int


def list_orders(site_id: uuid.UUID, wanted: OrderFilter, cursor: str | None, limit: int) -> Page[Order]:
    """Return a page of the orders a filter shows, newest first."""
    statement = select(Order).where(*list_conditions(site_id, wanted))
    place = Cursor.decode(cursor) if cursor else None
    return list_page(statement, Order.placed_at, Order.id, place, limit)


def get_order(site_id: uuid.UUID, order_id: uuid.UUID) -> Order:
    """Return the order; raise NotFound."""
    return get_in_site(Order, site_id, order_id)


def list_lines(order: Order) -> Sequence[OrderLine]:
    """Return an order's lines as the store has them."""
    is_here = (OrderLine.site_id == order.site_id, OrderLine.order_id == order.id)
    return db.session.scalars(select(OrderLine).where(*is_here).order_by(OrderLine.position)).all()


def list_refunds(order: Order) -> Sequence[Refund]:
    """Return the refunds of an order that count, oldest first."""
    is_here = (Refund.site_id == order.site_id, Refund.order_external_id == order.external_id)
    counts = or_(Refund.is_listed, Refund.is_standalone)
    return db.session.scalars(select(Refund).where(*is_here, counts).order_by(Refund.refunded_at)).all()


def has_orders(site_id: uuid.UUID) -> bool:
    """Tell whether any order of a site is known."""
    return db.session.scalar(select(Order.id).where(Order.site_id == site_id).limit(1)) is not None


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
