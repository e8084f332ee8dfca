"""Real orders of an online music shop (CDNOW), and the figures that are published of them."""

import csv
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import delete, select

from tests.applications import wipe
from tests.cast import SiteOfCast, make_cast
from tests.house.source import REPOSITORY
from tests.insights.sales import get_site, measure, tell_orders
from tests.orders.builders import make_order
from widget.core.db import begin_writing, db
from widget.core.money import to_minor
from widget.customers.rules import Buyer
from widget.insights import tasks
from widget.insights.lifetime import fit_purchases, log_likelihood
from widget.insights.lifetime_fitting import read_buyers
from widget.insights.lifetime_spend import fit_spend
from widget.insights.models import CustomerLifetime, LifetimeAttempt, LifetimeModel
from widget.insights.periods import Period
from widget.insights.queries import describe_lifetime, find_customer_lifetime
from widget.orders.documents import OrderDocument

AS_OF = date(1998, 6, 30)
CALIBRATED_ON = date(1997, 9, 30)
JUNE = Period(date(1998, 6, 1), AS_OF, AS_OF)

pytestmark = pytest.mark.timeout(300)


def read_rows(folder: Path) -> list[dict[str, str]]:
    with (folder / "cdnow_sample_orders.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def describe_order(number: int, row: dict[str, str]) -> OrderDocument:
    placed_at = datetime.fromisoformat(row["date"]).replace(hour=12, tzinfo=UTC)
    total = to_minor(row["amount"], "USD")
    return make_order(
        number, placed_at=placed_at, currency="USD", total_minor=total, buyer=Buyer(row["customer"]), state="delivered"
    )


@pytest.fixture(scope="module", params=["sqlite_app", "postgresql_app"])
def told_app(request: pytest.FixtureRequest, shared_data: Path) -> tuple[Flask, SiteOfCast]:
    """The application that was told all orders, once for the tests of this file: they only reckon with them."""
    app: Flask = request.getfixturevalue(request.param)
    wipe(app)
    maple = make_cast(app).maple
    with app.app_context():
        orders = [describe_order(number, row) for number, row in enumerate(read_rows(shared_data))]
        tell_orders(maple.id, *orders)
    return app, maple


@pytest.fixture
def shop(told_app: tuple[Flask, SiteOfCast]) -> Iterator[SiteOfCast]:
    """The shop with its orders, of which nothing was fitted yet."""
    app, maple = told_app
    with app.app_context():
        yield maple
        db.session.rollback()
        begin_writing()
        for model in (CustomerLifetime, LifetimeModel, LifetimeAttempt):
            db.session.execute(delete(model))
        db.session.commit()


def test_figures_of_the_music_shop(shop: SiteOfCast, shared_data: Path) -> None:
    again = measure(shop.id, "repeat_purchase_rate", JUNE)
    assert (again.numerator, again.denominator) == (1152, 2357)
    assert round(100 * float(again.value or 0), 3) == 48.876

    rows = read_rows(shared_data)
    first_day = (AS_OF - timedelta(days=364)).isoformat()
    year = [row for row in rows if first_day <= row["date"] <= AS_OF.isoformat()]
    customers = {row["customer"] for row in year}
    spent = sum(to_minor(row["amount"], "USD") for row in year)
    assert measure(shop.id, "purchase_frequency", JUNE).value == Fraction(len(year), len(customers))
    assert measure(shop.id, "average_order_value", JUNE).value == Fraction(spent, len(year))
    assert measure(shop.id, "customers", JUNE).figure == len({r["customer"] for r in rows if r["date"] >= "1998-06-01"})
    everything = sum(to_minor(row["amount"], "USD") for row in rows)
    assert measure(shop.id, "lifetime_value", JUNE).value == Fraction(everything, 2357)


def test_the_published_fit_comes_out(shop: SiteOfCast) -> None:
    buyers = read_buyers(shop.id, CALIBRATED_ON)
    fit = fit_purchases(buyers.histories)
    assert fit.values == pytest.approx((0.243, 4.414, 0.793, 2.426), rel=0.01)
    assert log_likelihood(fit.values, buyers.histories) == pytest.approx(-9582.4, abs=0.1)
    p, above_one, gamma = fit_spend(buyers.spending).values
    # Fader and Hardie's note of 2013 has 6.25, 3.74 and 15.44, in dollars.
    assert (p, 1 + above_one, gamma / 100) == pytest.approx((6.25, 3.74, 15.44), rel=0.01)
    assert buyers.repeat_customers == 946


def test_the_worker_fits_once_a_day_and_each_customer_gets_a_value(
    shop: SiteOfCast, shared_data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("widget.insights.lifetime_writing.last_whole_day", lambda: CALIBRATED_ON)
    tasks.fit_due_lifetimes()
    model = db.session.scalars(select(LifetimeModel)).one()
    rows = db.session.scalars(select(CustomerLifetime).where(CustomerLifetime.site_id == shop.id)).all()
    assert (model.customers, len(rows), model.calibrated_on) == (2357, 2357, CALIBRATED_ON)
    assert model.low_minor < model.expected_minor < model.high_minor
    assert model.expected_minor == pytest.approx(sum(row.expected_minor for row in rows) / 2357, abs=1)
    assert all(row.low_minor <= row.expected_minor * 1.001 + 1 and 0 <= row.alive_ratio <= 1 for row in rows)
    assert set(model.parameters["standard_errors"]) == {"r", "alpha", "a", "b", "p", "q", "gamma"}
    best = max(rows, key=lambda row: row.expected_minor)
    assert find_customer_lifetime(get_site(shop.id), best.customer_id) is not None
    assert measure(shop.id, "expected_lifetime_value", JUNE).figure == model.expected_minor

    # What they did spend in the nine months after lies where a year's forecast leaves room for it.
    spent = sum(to_minor(row["amount"], "USD") for row in read_rows(shared_data) if row["date"] > "1997-09-30")
    assert 0.7 * spent / 2357 < model.expected_minor < 2 * spent / 2357

    fitted_at = model.fitted_at
    tasks.fit_due_lifetimes()
    db.session.expire_all()
    assert db.session.scalars(select(LifetimeModel)).one().fitted_at == fitted_at


def test_a_fit_that_fails_is_said_and_leaves_the_one_before(shop: SiteOfCast, monkeypatch: pytest.MonkeyPatch) -> None:
    assert tasks.fit_site(shop.id, CALIBRATED_ON)
    before = db.session.scalars(select(LifetimeModel)).one()
    known = (before.fitted_at, before.expected_minor)
    monkeypatch.setattr("widget.insights.lifetime.MAX_LOGARITHM_ERROR", 0.0)
    assert tasks.fit_site(shop.id, CALIBRATED_ON + timedelta(days=1))
    db.session.expire_all()
    state = describe_lifetime(get_site(shop.id))
    assert state.attempt is not None
    assert state.model is not None
    assert (state.attempt.outcome, state.attempt.calibrated_on) == ("failed", CALIBRATED_ON + timedelta(days=1))
    assert (state.model.fitted_at, state.model.expected_minor) == known


def test_told_to_end_the_worker_leaves_the_rest_for_the_next_run(
    shop: SiteOfCast, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr("widget.insights.tasks.pause", lambda: True)
        assert not tasks.fit_site(shop.id, CALIBRATED_ON)
    assert db.session.scalars(select(LifetimeModel)).all() == []
    assert db.session.scalars(select(LifetimeAttempt)).all() == []
    assert tasks.fit_site(shop.id, CALIBRATED_ON)
    assert db.session.scalars(select(LifetimeAttempt)).one().outcome == "fitted"


def test_processes_that_serve_load_neither_numpy_nor_scipy() -> None:
    script = "import sys, widget.rooms; print(sorted({'numpy', 'scipy'} & set(sys.modules)))"
    result = subprocess.run([sys.executable, "-c", script], cwd=REPOSITORY, capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "[]"
