"""The models of lifetime value find again what data were made from, and say when they cannot."""

from datetime import date, timedelta

import numpy as np
import pytest
from flask import Flask
from sqlalchemy import select

from tests.cast import Cast
from tests.insights.sales import buy, get_site, tell_orders
from widget.core.db import db
from widget.insights import tasks
from widget.insights.lifetime import FitFailed, Histories, alive_ratios, expected_purchases, fit_purchases
from widget.insights.lifetime_fitting import read_buyers
from widget.insights.lifetime_spend import Spending, fit_spend, forecast_spend
from widget.insights.models import LifetimeModel
from widget.insights.queries import describe_lifetime

TRUE = (0.8, 6.0, 0.9, 3.0)


def simulate(customers: int, values: tuple[float, ...] = TRUE, weeks: float = 60.0) -> Histories:
    """Return histories of customers who buy and leave just as the model says."""
    random = np.random.default_rng(7)
    r, alpha, a, b = values
    rates, leaving = random.gamma(r, size=customers) / alpha, random.beta(a, b, size=customers)
    repeats, last = np.zeros(customers), np.zeros(customers)
    for number in range(customers):
        at = random.exponential(1 / rates[number])
        while at < weeks:
            repeats[number] += 1
            last[number] = at
            if random.random() < leaving[number]:
                break
            at += random.exponential(1 / rates[number])
    return Histories(repeats, last, np.full(customers, weeks))


def test_the_fit_finds_what_the_data_were_made_from() -> None:
    fit = fit_purchases(simulate(6_000))
    for found, true, error in zip(fit.values, TRUE, fit.standard_errors(), strict=True):
        assert abs(found - true) < 3 * error
        assert error < true


def test_expected_purchases_are_the_mean_of_simulated_ones() -> None:
    new = Histories(np.zeros(1), np.zeros(1), np.zeros(1))
    mean = simulate(40_000, weeks=52.0).repeats.mean()
    assert expected_purchases(TRUE, new, 52.0)[0] == pytest.approx(mean, rel=0.03)


@pytest.mark.parametrize("a", [0.9999999, 1.0, 1.0000001])
def test_the_formula_has_no_hole_where_a_is_one(a: float) -> None:
    one = Histories(np.array([2.0]), np.array([30.43]), np.array([38.86]))
    near = expected_purchases((0.243, 4.414, 1.001, 2.426), one, 39.0)[0]
    assert expected_purchases((0.243, 4.414, a, 2.426), one, 39.0)[0] == pytest.approx(near, rel=0.01)


def test_a_frequent_buyer_long_silent_is_likely_gone() -> None:
    both = Histories(np.array([30.0, 30.0]), np.array([30.0, 59.0]), np.array([60.0, 60.0]))
    silent, recent = alive_ratios(TRUE, both)
    assert silent < 0.01 < 0.8 < recent


def test_a_forecast_is_the_same_every_time_and_its_interval_holds_it() -> None:
    histories = simulate(800)
    random = np.random.default_rng(3)
    means = np.where(histories.repeats > 0, random.gamma(6.0, size=800) * 600, 0.0)
    spending = Spending(histories.repeats, means)
    fits = fit_purchases(histories), fit_spend(spending)
    first, again = (forecast_spend(*fits, histories, spending, 52) for _ in range(2))
    assert (first.mean_low, first.mean_high) == (again.mean_low, again.mean_high)
    assert first.mean_low < first.mean < first.mean_high
    assert (first.low <= first.high).all()


@pytest.mark.parametrize(
    "histories",
    [
        Histories(np.zeros(0), np.zeros(0), np.zeros(0)),
        Histories(np.zeros(9), np.zeros(9), np.full(9, 12.0)),
        Histories(np.full(60, 1.0), np.full(60, 1.0), np.full(60, 1.0)),
    ],
)
def test_data_that_tell_nothing_are_refused(histories: Histories) -> None:
    with pytest.raises(FitFailed):
        fit_purchases(histories)


def test_orders_of_one_day_are_one_purchase(app: Flask, cast: Cast) -> None:
    day = date(2026, 3, 2)
    orders = [
        buy(1, "ann", day, total_minor=500),
        buy(2, "ann", day + timedelta(days=14), total_minor=1000),
        buy(3, "ann", day + timedelta(days=14), total_minor=2000),
        buy(4, "ann", day + timedelta(days=21), currency="SEK"),
        buy(5, "ann", day + timedelta(days=90)),
        buy(6, "ben", day, state="cancelled"),
        buy(7, None, day),
    ]
    with app.app_context():
        tell_orders(cast.maple.id, *orders)
        buyers = read_buyers(cast.maple.id, day + timedelta(days=28))
    assert len(buyers.customer_ids) == 1
    described = buyers.histories, buyers.spending
    assert [float(described[0].repeats[0]), float(described[0].last_weeks[0]), float(described[0].weeks[0])] == [
        2,
        3,
        4,
    ]
    assert [float(described[1].purchases[0]), float(described[1].means[0])] == [1, 3000]


def test_with_few_repeat_customers_nothing_is_fitted_and_the_page_says_how_many_miss(app: Flask, cast: Cast) -> None:
    day = date(2026, 3, 2)
    orders = [buy(f"{n}-{again}", f"c{n}", day + timedelta(days=7 * again)) for n in range(3) for again in range(2)]
    with app.app_context():
        tell_orders(cast.maple.id, *orders)
        tasks.fit_due_lifetimes()
        state = describe_lifetime(get_site(cast.maple.id))
        assert db.session.scalars(select(LifetimeModel)).all() == []
        assert state.attempt is not None
        assert (state.attempt.outcome, state.missing) == ("too_few", 47)
