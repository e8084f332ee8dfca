"""The site's own exchange rates, and what amounts are in its reporting currency."""

import uuid
from bisect import bisect_right
from collections.abc import Collection
from datetime import date
from fractions import Fraction

from sqlalchemy import select, update

from widget.core.db import db
from widget.core.money import MAX_RATE_BILLIONTHS, RATE_UNIT, convert_minor
from widget.orders.models import ExchangeRate
from widget.sites.models import Site


class RateTable:
    """The rates of one site: what an amount of a day is in the reporting currency."""

    def __init__(self, reporting_currency: str, rates: Collection[ExchangeRate]) -> None:
        self._into = reporting_currency
        self._rates: dict[str, list[tuple[date, int]]] = {}
        for rate in sorted(rates, key=lambda rate: rate.valid_on):
            self._rates.setdefault(rate.currency, []).append((rate.valid_on, rate.rate_billionths))

    def convert(self, minor: int, currency: str, day: date) -> int | None:
        """Return an amount in the reporting currency by the latest rate up to its day, None without one."""
        if currency == self._into:
            return minor
        rate = self._find(currency, day)
        return None if rate is None else convert_minor(minor, currency, self._into, rate)

    def find_rate(self, currency: str, into: str, day: date) -> int | None:
        """Return what one unit of a currency is worth in another on a day, times a billion, None where nobody said."""
        if currency == into:
            return RATE_UNIT
        rate, other = self._find(currency, day), self._find(into, day)
        if rate is None or other is None:
            return None
        between = round(Fraction(rate * RATE_UNIT, other))
        return between if 0 < between <= MAX_RATE_BILLIONTHS else None

    def _find(self, currency: str, day: date) -> int | None:
        if currency == self._into:
            return RATE_UNIT
        rates = self._rates.get(currency, [])
        place = bisect_right(rates, day, key=lambda rate: rate[0])
        return rates[place - 1][1] if place else None


def read_rates(site_id: uuid.UUID, currency_of_first_order: str) -> RateTable:
    """Return the site's rates; a site that has no reporting currency yet takes that of its first order."""
    adopted = (
        update(Site)
        .where(Site.id == site_id, Site.reporting_currency.is_(None))
        .values(reporting_currency=currency_of_first_order)
    )
    currency = db.session.scalar(select(Site.reporting_currency).where(Site.id == site_id))
    if currency is None:
        db.session.execute(adopted)
        currency = currency_of_first_order
    return RateTable(currency, db.session.scalars(select(ExchangeRate).where(ExchangeRate.site_id == site_id)).all())
