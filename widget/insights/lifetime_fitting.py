"""Reading what a site's customers bought, and fitting the models of lifetime value to it.

Only the worker imports this, because only this and the models themselves need numpy and scipy.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

import numpy as np
from sqlalchemy import func, select

from widget.core.db import db
from widget.insights.lifetime import Array, Fit, Histories, alive_ratios, fit_purchases
from widget.insights.lifetime_spend import Forecast, Spending, fit_spend, forecast_spend
from widget.orders.models import Order
from widget.surveys.conditions import is_within_days, utc_day

WEEKS_AHEAD = 52
DAYS_A_WEEK = 7


@dataclass(frozen=True)
class Buyers:
    """The customers of a site with what they bought until a day, in one order everywhere."""

    customer_ids: Sequence[uuid.UUID]
    histories: Histories
    spending: Spending

    @property
    def repeat_customers(self) -> int:
        return int(np.count_nonzero(self.histories.repeats))


@dataclass(frozen=True)
class FittedLifetimes:
    """The fitted models and what follows from them for each customer."""

    purchases: Fit
    spend: Fit
    forecast: Forecast
    alive: Array


def read_buyers(site_id: uuid.UUID, calibrated_on: date) -> Buyers:
    """Return the customers who bought until a day; what one bought on one day is one purchase."""
    day = utc_day(Order.placed_at).label("day")
    rows = db.session.execute(
        select(Order.customer_id, day, func.sum(Order.reporting_minor))
        .where(
            Order.site_id == site_id,
            Order.is_counted,
            Order.customer_id.is_not(None),
            *is_within_days(Order.placed_at, None, calibrated_on),
        )
        .group_by(Order.customer_id, day)
        .order_by(Order.customer_id, day)
    ).all()
    customer_ids, described = [], []
    for customer_id, purchases in groupby(rows, key=lambda row: row[0]):
        customer_ids.append(customer_id)
        described.append(_describe([(row[1], row[2]) for row in purchases], calibrated_on))
    columns = np.array(described, dtype=np.float64).reshape(-1, 5).T
    return Buyers(customer_ids, Histories(*columns[:3]), Spending(*columns[3:]))


def _describe(purchases: Sequence[tuple[date, int | None]], calibrated_on: date) -> tuple[float, ...]:
    """Return repeats, the week of the last, the weeks since the first; repeats with a price and their mean."""
    first = purchases[0][0]
    prices = [int(spent) for _, spent in purchases[1:] if spent is not None]
    return (
        len(purchases) - 1,
        _count_weeks(purchases[-1][0] - first),
        _count_weeks(calibrated_on - first),
        len(prices),
        sum(prices) / len(prices) if prices else 0,
    )


def _count_weeks(time: timedelta) -> float:
    return time.days / DAYS_A_WEEK


def fit_lifetimes(buyers: Buyers) -> FittedLifetimes:
    """Fit both models and forecast the next twelve months; raise FitFailed."""
    purchases, spend = fit_purchases(buyers.histories), fit_spend(buyers.spending)
    forecast = forecast_spend(purchases, spend, buyers.histories, buyers.spending, WEEKS_AHEAD)
    return FittedLifetimes(purchases, spend, forecast, alive_ratios(purchases.values, buyers.histories))
