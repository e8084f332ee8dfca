"""Stores with orders, carts and answers, and the numbers they make."""

import uuid
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import select

from tests.orders.builders import make_cart, make_order
from widget.core.db import begin_writing_anew, db
from widget.customers.rules import Buyer
from widget.insights.counts import Counts
from widget.insights.periods import Period
from widget.insights.queries import compare_metrics
from widget.insights.rules import Metric
from widget.orders.carts import record_carts
from widget.orders.documents import CartDocument, OrderDocument
from widget.orders.recording import record_orders
from widget.sites.models import Site

MAY = Period(date(2026, 5, 1), date(2026, 5, 31), date(2026, 5, 31))


def on(day: date, hour: int = 12) -> datetime:
    return datetime.combine(day, time(hour), UTC)


def buy(number: int | str, who: str | None, day: date, **changes: Any) -> OrderDocument:
    """Return an order of 20.00 EUR by somebody, None for nobody known, on a day."""
    buyer = Buyer(who, f"{who}@shoppers.example") if who else Buyer()
    return make_order(number, **{"placed_at": on(day), "buyer": buyer} | changes)


def tell_orders(site_id: uuid.UUID, *documents: OrderDocument) -> None:
    """Store orders in requests of five hundred."""
    for start in range(0, len(documents), 500):
        begin_writing_anew()
        record_orders(site_id, documents[start : start + 500], "api")
        db.session.commit()


def tell_carts(site_id: uuid.UUID, *documents: CartDocument) -> None:
    begin_writing_anew()
    record_carts(site_id, documents)
    db.session.commit()


def fill_carts(site_id: uuid.UUID, carts: int, bought: int, day: date) -> None:
    """Let carts be made on a day, and some of them be named by an order."""
    tell_carts(site_id, *(make_cart(f"c{number}", created_at=on(day), updated_at=on(day)) for number in range(carts)))
    tell_orders(
        site_id, *(buy(f"of-c{number}", f"b{number}", day, cart_external_id=f"c{number}") for number in range(bought))
    )


def get_site(site_id: uuid.UUID) -> Site:
    return db.session.scalars(
        select(Site).where(Site.id == site_id).execution_options(populate_existing=True)
    ).one()  # fmt: skip


def measure(site_id: uuid.UUID, name: str, period: Period = MAY) -> Metric:
    """Return one metric of a period as every door gets it."""
    return compare_metrics(get_site(site_id), period)[name].now


def figures(site_id: uuid.UUID, period: Period = MAY) -> dict[str, Any]:
    """Return the values of all metrics."""
    compared = compare_metrics(get_site(site_id), period)
    return {name: comparison.now.figure for name, comparison in compared.items()}


def counts_of(site_id: uuid.UUID) -> Counts:
    return Counts(get_site(site_id), MAY.before().from_on, MAY.until_on)


def days_before(day: date, days: int) -> date:
    return day - timedelta(days=days)
