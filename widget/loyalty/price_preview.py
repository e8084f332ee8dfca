"""What a price would earn somebody who bought now."""

import uuid
from datetime import datetime
from fractions import Fraction

from widget.core.money import minor_unit_in
from widget.loyalty.basis import Bought, BoughtLine
from widget.loyalty.member_queries import find_reporting_currency
from widget.loyalty.program import ONE, Program
from widget.loyalty.rules import day_in
from widget.loyalty.standing import Standing
from widget.loyalty.ways import find_multiplier
from widget.orders.rates import read_rates


def preview_price(
    site_id: uuid.UUID,
    program: Program,
    standing: Standing | None,
    price_minor: int,
    currency: str,
    product: str | None,
    now: datetime,
) -> int | None:
    """Return the points of a price, None where nobody said what its currency is worth.

    The price is taken as what counts: tax and shipping are known only with an order.
    """
    unit = _find_unit(site_id, program, currency, now)
    if unit is None:
        return None
    line = BoughtLine("1", price_minor, products=frozenset({product} if product else ()))
    bought = Bought(is_earning=True, total_minor=price_minor, lines=[line])
    return program.points_for(bought, find_multiplier(site_id, program, standing, now), unit)


def _find_unit(site_id: uuid.UUID, program: Program, currency: str, now: datetime) -> Fraction | None:
    """Return what one minor unit of a currency is in the program's."""
    if currency == program.currency:
        return ONE
    reporting = find_reporting_currency(site_id)
    if reporting is None:
        return None
    rate = read_rates(site_id, reporting).find_rate(currency, program.currency, day_in(now, program.zone))
    return None if rate is None else minor_unit_in(currency, program.currency, rate)
