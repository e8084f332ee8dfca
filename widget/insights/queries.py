"""Reading the numbers of a site: metrics against the period before, their trends, cohorts, the week at a glance."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from widget.core.db import db
from widget.insights.counts import Counts
from widget.insights.metrics import METRICS
from widget.insights.models import CustomerLifetime, LifetimeAttempt, LifetimeModel
from widget.insights.periods import PartLength, Period, last_days
from widget.insights.rules import MIN_REPEAT_CUSTOMERS, Cohort, Comparison, Metric, build_cohorts
from widget.orders.rollup_models import CustomerOrderTotals, OrderCohort
from widget.sites.models import Site

WEEK_METRICS = ("orders", "revenue", "new_customers", "answers", "nps")


@dataclass(frozen=True)
class TrendPoint:
    """A metric of one part of a period."""

    part: Period
    metric: Metric


@dataclass(frozen=True)
class WeekFigure:
    """A metric of a week beside the week before, and of each of its days."""

    comparison: Comparison
    days: Sequence[TrendPoint]


@dataclass(frozen=True)
class LifetimeState:
    """The fitted model, if there is one, and what became of the last attempt to fit it."""

    model: LifetimeModel | None
    attempt: LifetimeAttempt | None
    repeat_customers: int

    @property
    def missing(self) -> int:
        """Return how many repeat customers are still needed."""
        return max(0, MIN_REPEAT_CUSTOMERS - self.repeat_customers)


def compare_metrics(site: Site, period: Period) -> dict[str, Comparison]:
    """Return every metric of a period beside that of the period before, by name."""
    before = period.before()
    counts = Counts(site, before.from_on, period.as_of)
    return {name: Comparison(measure(counts, period), measure(counts, before)) for name, measure in METRICS.items()}


def list_trend(site: Site, name: str, period: Period, by: PartLength) -> list[TrendPoint]:
    """Return a metric of every day, week or month of a period; what looks back does so from each part's end."""
    counts = Counts(site, period.from_on, period.until_on)
    return [TrendPoint(part, METRICS[name](counts, part)) for part in period.list_parts(by)]


def describe_week(site: Site, today: date) -> dict[str, WeekFigure]:
    """Return what the owner's home shows of the seven days that end today, by the metric's name.

    All of it is summed over days that are kept; nothing here grows with orders.
    """
    week = last_days(today, 7)
    before = week.before()
    counts = Counts(site, before.from_on, today)
    return {
        name: WeekFigure(
            Comparison(METRICS[name](counts, week), METRICS[name](counts, before)),
            [TrendPoint(day, METRICS[name](counts, day)) for day in week.list_parts("day")],
        )
        for name in WEEK_METRICS
    }


def list_cohorts(site: Site, until_on: date) -> list[Cohort]:
    """Return which share of the customers of each first month bought in every month since, up to a day's."""
    rows = db.session.execute(
        select(OrderCohort.first_month, OrderCohort.month, OrderCohort.customers).where(OrderCohort.site_id == site.id)
    )
    return build_cohorts(rows.tuples(), until_on)


def describe_lifetime(site: Site) -> LifetimeState:
    """Return what is known of the site's lifetime value, and of what is missing."""
    model, attempt = find_lifetime_model(site), db.session.get(LifetimeAttempt, site.id)
    if attempt is not None and attempt.outcome != "too_few":
        return LifetimeState(model, attempt, attempt.repeat_customers)
    return LifetimeState(model, attempt, count_repeat_customers(site.id))


def find_lifetime_model(site: Site) -> LifetimeModel | None:
    """Return the model that was last fitted, if there is one."""
    return db.session.get(LifetimeModel, site.id)


def count_repeat_customers(site_id: uuid.UUID) -> int:
    """Return how many customers bought on more than one day."""
    counted = select(func.count()).where(CustomerOrderTotals.site_id == site_id, CustomerOrderTotals.buying_days > 1)
    return db.session.scalar(counted) or 0


def find_customer_lifetime(site: Site, customer_id: uuid.UUID) -> CustomerLifetime | None:
    """Return what one customer is expected to spend, None where no model knows them."""
    return db.session.get(CustomerLifetime, (site.id, customer_id))
