"""Use cases of a site's currency and its rates; orders already stored are reckoned anew by the worker."""

import uuid
from collections.abc import Mapping
from datetime import date

from sqlalchemy import delete

from widget.core.clock import utc_now
from widget.core.db import db, insert_unless_known
from widget.orders import ledger
from widget.orders.models import ExchangeRate, RateRestatement
from widget.sites.models import Site

# A currency and the day from which a rate holds.
RateKey = tuple[str, date]


def choose_reporting_currency(site: Site, currency: str) -> bool:
    """Count a site's money in another currency; return whether it is another.

    The rates there are say what currencies are worth in the old one, so they are forgotten.
    """
    ledger.take_turn(site.id)
    db.session.refresh(site, ["reporting_currency"])
    if site.reporting_currency == currency:
        return False
    site.reporting_currency = currency
    db.session.execute(delete(ExchangeRate).where(ExchangeRate.site_id == site.id))
    begin_restatement(site.id)
    return True


def save_rates(site_id: uuid.UUID, rates: Mapping[RateKey, int]) -> None:
    """Keep rates, times a billion, in place of those of the same currency and day."""
    if not rates:
        return
    ledger.take_turn(site_id)
    statement = insert_unless_known(ExchangeRate)
    changes = {"rate_billionths": statement.excluded.rate_billionths}
    db.session.execute(
        statement.on_conflict_do_update(index_elements=["site_id", "currency", "valid_on"], set_=changes),
        [
            {"site_id": site_id, "currency": currency, "valid_on": day, "rate_billionths": rate}
            for (currency, day), rate in rates.items()
        ],
    )
    begin_restatement(site_id)


def delete_rate(site_id: uuid.UUID, currency: str, valid_on: date) -> None:
    """Forget a rate; the one before it holds until the next."""
    ledger.take_turn(site_id)
    db.session.execute(
        delete(ExchangeRate).where(
            ExchangeRate.site_id == site_id, ExchangeRate.currency == currency, ExchangeRate.valid_on == valid_on
        )
    )
    begin_restatement(site_id)


def begin_restatement(site_id: uuid.UUID) -> None:
    """Have all orders reckoned anew from the first, also where that was under way; call it in the site's turn."""
    anew = {"done_until_id": None, "started_at": utc_now()}
    statement = insert_unless_known(RateRestatement).values(site_id=site_id, **anew)
    db.session.execute(statement.on_conflict_do_update(index_elements=["site_id"], set_=anew))
