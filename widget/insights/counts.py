"""What figures are counted from: the days that rooms below keep, each read once, and only when asked for.

The cost of a page does not grow with orders, but for customers of periods other than a year, who are counted anew.
"""

from collections.abc import Sequence
from datetime import date
from functools import cached_property
from typing import Any

from sqlalchemy import func, select

from widget.core.db import Model, db
from widget.insights.models import LifetimeModel, PageDay
from widget.insights.periods import YEAR_DAYS, Period
from widget.insights.rules import DaySums
from widget.orders.ledger import DAY_COLUMNS
from widget.orders.models import Order
from widget.orders.rollup_models import CartDay, OrderDay
from widget.sites.models import Site
from widget.surveys.conditions import is_within_days
from widget.surveys.filters import ResponseFilter
from widget.surveys.queries import list_surveys
from widget.surveys.summaries import DayCount, Summary, list_day_counts, summarise_counts


class Counts:
    """The counts of one site for figures of days within a range."""

    def __init__(self, site: Site, from_on: date, until_on: date) -> None:
        self.site = site
        self._from_on, self._until_on = from_on, until_on

    @cached_property
    def orders(self) -> DaySums:
        """Orders since the beginning: who is active and who bought again is a running sum."""
        return self._read(OrderDay, DAY_COLUMNS, None)

    @cached_property
    def carts(self) -> DaySums:
        return self._read(CartDay, ("carts", "bought"), self._from_on)

    @cached_property
    def page_views(self) -> DaySums:
        return self._read(PageDay, ("views", "engaged"), self._from_on)

    @cached_property
    def lifetime(self) -> LifetimeModel | None:
        return db.session.get(LifetimeModel, self.site.id)

    @property
    def has_live_surveys(self) -> bool:
        return bool(self._answers)

    def count_active(self, day: date) -> int:
        """Return how many customers bought within the 365 days that end with a day."""
        return self.orders.total("became_active", None, day) - self.orders.total("lapsed", None, day)

    def count_customers(self, period: Period) -> int:
        """Return how many different customers bought in a period."""
        if period.days == YEAR_DAYS:
            return self.count_active(period.until_on)
        if not self.orders.total("customer_orders", period.from_on, period.until_on):
            return 0
        counted = select(func.count(Order.customer_id.distinct())).where(
            Order.site_id == self.site.id,
            Order.is_counted,
            *is_within_days(Order.placed_at, period.from_on, period.until_on),
        )
        return db.session.scalar(counted) or 0

    def summarise(self, kind: str, period: Period) -> Summary:
        """Return the numbers of all live surveys of a kind together."""
        days = self._answers.get(kind, {})
        counts = [
            count for day, found in days.items() if period.from_on <= day <= period.until_on for count in found
        ]  # fmt: skip
        return summarise_counts(kind, counts)

    def count_answers(self, period: Period) -> int:
        """Return how many answers all live surveys had, without those that are flagged."""
        return sum(self.summarise(kind, period).responses for kind in self._answers)

    @cached_property
    def _answers(self) -> dict[str, dict[date, list[DayCount]]]:
        """The counts of answers to live surveys, by kind and day."""
        wanted = ResponseFilter(from_on=self._from_on, until_on=self._until_on)
        answers: dict[str, dict[date, list[DayCount]]] = {}
        for survey in list_surveys(self.site):
            if survey.state == "live":
                days = answers.setdefault(survey.kind, {})
                for count in list_day_counts(survey, wanted):
                    days.setdefault(count.day, []).append(count)
        return answers

    def _read(self, model: type[Model], columns: Sequence[str], from_on: date | None) -> DaySums:
        table: Any = model.__table__
        statement = (
            select(table.c.day, *(table.c[name] for name in columns))
            .where(table.c.site_id == self.site.id, table.c.day <= self._until_on)
            .order_by(table.c.day)
        )
        if from_on is not None:
            statement = statement.where(table.c.day >= from_on)
        return DaySums(columns, db.session.execute(statement).tuples())
