"""The numbers' periodic work: the lifetime value of customers, fitted once a day."""

import uuid
from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Any

import structlog

from widget.core.background import pause
from widget.core.db import begin_writing_anew, db
from widget.insights import lifetime_writing
from widget.insights.queries import count_repeat_customers
from widget.insights.rules import MIN_REPEAT_CUSTOMERS

if TYPE_CHECKING:
    from widget.insights.lifetime_fitting import Buyers, FittedLifetimes

log = structlog.get_logger()


def fit_due_lifetimes() -> None:
    """Fit the models of every site to the orders until yesterday, unless that was done; stop when told to end."""
    calibrated_on = lifetime_writing.last_whole_day()
    for site_id in lifetime_writing.list_due_sites(calibrated_on):
        if not fit_site(site_id, calibrated_on):
            return


def fit_site(site_id: uuid.UUID, calibrated_on: date) -> bool:
    """Fit a site's models and write what follows; return False where it was told to end before all was written.

    A fit that fails leaves the one before as it is.
    """
    repeat_customers = count_repeat_customers(site_id)
    if repeat_customers < MIN_REPEAT_CUSTOMERS:
        return _conclude(site_id, calibrated_on, repeat_customers, "too_few")
    # Not at the head of the file: these take tens of megabytes, which the processes that serve need not.
    from widget.insights.lifetime import FitFailed
    from widget.insights.lifetime_fitting import fit_lifetimes, read_buyers

    buyers = read_buyers(site_id, calibrated_on)
    db.session.rollback()
    if buyers.repeat_customers < MIN_REPEAT_CUSTOMERS:
        return _conclude(site_id, calibrated_on, buyers.repeat_customers, "too_few")
    try:
        fitted = fit_lifetimes(buyers)
    except FitFailed as failure:
        log.warning("lifetime_fit_failed", site=str(site_id), reason=str(failure))
        return _conclude(site_id, calibrated_on, buyers.repeat_customers, "failed")
    for rows in _list_batches(buyers, fitted):
        begin_writing_anew()
        lifetime_writing.write_customers(site_id, rows)
        db.session.commit()
        if pause():
            return False
    return _conclude(
        site_id, calibrated_on, buyers.repeat_customers, "fitted", _describe(buyers, fitted, calibrated_on)
    )  # fmt: skip


def _conclude(
    site_id: uuid.UUID, calibrated_on: date, repeat_customers: int, outcome: str, model: dict[str, Any] | None = None
) -> bool:
    begin_writing_anew()
    if model is not None:
        lifetime_writing.write_model(site_id, model)
    lifetime_writing.note_attempt(site_id, calibrated_on, repeat_customers, outcome)
    db.session.commit()
    return not pause()


def _list_batches(buyers: "Buyers", fitted: "FittedLifetimes") -> Iterator[list[dict[str, Any]]]:
    forecast, size = fitted.forecast, lifetime_writing.BATCH_ROWS
    for start in range(0, len(buyers.customer_ids), size):
        places = range(start, min(start + size, len(buyers.customer_ids)))
        yield [
            {
                "customer_id": buyers.customer_ids[place],
                "expected_minor": round(float(forecast.expected[place])),
                "low_minor": round(float(forecast.low[place])),
                "high_minor": round(float(forecast.high[place])),
                "alive_ratio": float(fitted.alive[place]),
            }
            for place in places
        ]


def _describe(buyers: "Buyers", fitted: "FittedLifetimes", calibrated_on: date) -> dict[str, Any]:
    purchases, spend = fitted.purchases, fitted.spend
    names = ("r", "alpha", "a", "b", "p", "q", "gamma")
    p, above_one, gamma = spend.values
    values = (*purchases.values, p, 1 + above_one, gamma)
    errors = (*purchases.standard_errors(), *spend.standard_errors())
    return {
        "calibrated_on": calibrated_on,
        "customers": len(buyers.customer_ids),
        "parameters": {
            "values": dict(zip(names, values, strict=True)),
            "standard_errors": dict(zip(names, errors, strict=True)),
            "repeat_customers": buyers.repeat_customers,
        },
        "expected_minor": round(fitted.forecast.mean),
        "low_minor": round(fitted.forecast.mean_low),
        "high_minor": round(fitted.forecast.mean_high),
    }
