"""What orders are worth in figures follows the site's own rates, exactly, whatever changes when."""

import random
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from tests.applications import wipe
from tests.cast import Cast, make_cast
from tests.intake.files import run, write
from tests.long_run import at_length
from tests.orders.builders import NOON, count_figures, make_order, make_refund, read_figures, take
from widget.core.db import begin_writing_anew, db
from widget.core.money import convert_minor
from widget.orders import rate_queries, restating, service, tasks
from widget.orders.models import ExchangeRate, Order, RateRestatement
from widget.orders.rollup_models import OrderDay
from widget.sites.models import Site

DAY = NOON.date()


@pytest.fixture
def site(app: Flask, cast: Cast) -> Any:
    with app.app_context():
        yield cast.maple
        db.session.rollback()


def set_rate(site: Any, currency: str, day: date, billionths: int) -> None:
    begin_writing_anew()
    service.save_rates(site.id, {(currency, day): billionths})
    db.session.commit()


def choose_currency(site: Any, currency: str) -> None:
    begin_writing_anew()
    service.choose_reporting_currency(db.session.get_one(Site, site.id), currency)
    db.session.commit()


def list_worths(site: Any) -> list[int | None]:
    orders = select(Order.reporting_minor).where(Order.site_id == site.id).order_by(Order.external_id)
    return list(db.session.scalars(orders))


def count_by_hand(site: Any) -> dict[str, int | None]:
    """Return what every order is worth by the plainest means, by the store's id."""
    currency = db.session.scalar(select(Site.reporting_currency).where(Site.id == site.id))
    rates = db.session.scalars(select(ExchangeRate).where(ExchangeRate.site_id == site.id)).all()
    worths: dict[str, int | None] = {}
    for order in db.session.scalars(select(Order).where(Order.site_id == site.id)):
        day = order.placed_at.date()
        known = [rate for rate in rates if rate.currency == order.currency and rate.valid_on <= day]
        if order.currency == currency:
            worths[order.external_id] = order.net_minor
        elif known:
            rate = max(known, key=lambda rate: rate.valid_on)
            worths[order.external_id] = convert_minor(order.net_minor, order.currency, currency, rate.rate_billionths)
        else:
            worths[order.external_id] = None
    return worths


def sum_unpriced(site: Any) -> int:
    return int(db.session.scalar(select(func.sum(OrderDay.unpriced_orders)).where(OrderDay.site_id == site.id)) or 0)


def test_an_order_without_a_rate_is_counted_and_said_and_gets_its_worth_later(site: Any) -> None:
    take(site.id, make_order(1), make_order(2, currency="CHF", total_minor=10_000))
    assert list_worths(site) == [2000, None]
    assert (sum_unpriced(site), rate_queries.count_unpriced_by_currency(site.id)) == (1, [("CHF", 1)])
    set_rate(site, "CHF", DAY, 1_052_300_000)
    assert list_worths(site) == [2000, None]
    tasks.restate_due_orders()
    assert list_worths(site) == [2000, 10_523]
    assert (sum_unpriced(site), rate_queries.count_unpriced_by_currency(site.id)) == (0, [])
    assert rate_queries.find_progress(site.id) is None
    assert read_figures(site.id) == count_figures(site.id)


def test_the_latest_rate_up_to_the_day_counts(site: Any) -> None:
    choose_currency(site, "EUR")
    for days, billionths in ((0, 900_000_000), (2, 800_000_000)):
        set_rate(site, "USD", DAY + timedelta(days=days), billionths)
    take(site.id, *(make_order(n, currency="USD", placed_at=NOON + timedelta(days=n - 2)) for n in range(1, 6)))
    assert list_worths(site) == [None, 1800, 1800, 1600, 1600]
    begin_writing_anew()
    service.delete_rate(site.id, "USD", DAY + timedelta(days=2))
    db.session.commit()
    tasks.restate_due_orders()
    assert list_worths(site) == [None, 1800, 1800, 1800, 1800]


def test_another_currency_forgets_the_rates_into_the_old_one(site: Any) -> None:
    take(site.id, make_order(1, currency="EUR"), make_order(2, currency="USD"))
    set_rate(site, "USD", DAY, 900_000_000)
    tasks.restate_due_orders()
    assert list_worths(site) == [2000, 1800]
    choose_currency(site, "USD")
    assert rate_queries.list_rates(site.id) == []
    tasks.restate_due_orders()
    assert list_worths(site) == [None, 2000]
    choose_currency(site, "USD")
    assert rate_queries.find_progress(site.id) is None


def test_reckoning_goes_on_where_it_was_killed(site: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(restating, "BATCH_ORDERS", 3)
    take(site.id, *(make_order(n, currency="CHF") for n in range(10)))
    choose_currency(site, "EUR")
    set_rate(site, "CHF", DAY, 2_000_000_000)
    kills = iter([False, True])
    monkeypatch.setattr(tasks, "pause", lambda: next(kills))
    tasks.restate_due_orders()
    assert rate_queries.find_progress(site.id) == (6, 10)
    assert sorted(map(str, list_worths(site))) == ["2000"] * 4 + ["4000"] * 6
    assert read_figures(site.id) == count_figures(site.id)
    # Killed inside a transaction: nothing of it stays.
    begin_writing_anew()
    restating.restate_next_batch(site.id)
    db.session.rollback()
    assert rate_queries.find_progress(site.id) == (6, 10)
    monkeypatch.setattr(tasks, "pause", lambda: False)
    tasks.restate_due_orders()
    assert list_worths(site) == [4000] * 10
    assert read_figures(site.id) == count_figures(site.id)


def test_a_change_in_the_middle_begins_anew(site: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(restating, "BATCH_ORDERS", 3)
    take(site.id, *(make_order(n, currency="CHF") for n in range(10)))
    choose_currency(site, "EUR")
    set_rate(site, "CHF", DAY, 2_000_000_000)
    monkeypatch.setattr(tasks, "pause", lambda: True)
    tasks.restate_due_orders()
    set_rate(site, "CHF", DAY, 3_000_000_000)
    assert rate_queries.find_progress(site.id) == (0, 10)
    monkeypatch.setattr(tasks, "pause", lambda: False)
    tasks.restate_due_orders()
    assert list_worths(site) == [6000] * 10


def test_refunds_cancellations_and_tests_keep_their_worth_right(site: Any) -> None:
    choose_currency(site, "EUR")
    take(
        site.id,
        make_order(1, currency="USD", refunds=[make_refund(amount_minor=500)]),
        make_order(2, currency="USD", state="cancelled"),
        make_order(3, currency="USD", is_test=True),
    )
    set_rate(site, "USD", DAY, 500_000_000)
    tasks.restate_due_orders()
    assert list_worths(site) == [750, 0, 1000]
    assert read_figures(site.id) == count_figures(site.id)
    assert db.session.scalar(select(func.sum(OrderDay.revenue_minor)).where(OrderDay.site_id == site.id)) == 750


@pytest.mark.parametrize("seed", range(at_length(12, otherwise=4)))
def test_figures_equal_the_count_after_any_sequence(app: Flask, seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Orders, rates, currencies and pieces of reckoning in any order: figures never leave the orders."""
    wipe(app)
    maple = make_cast(app).maple
    chance = random.Random(seed)
    monkeypatch.setattr(restating, "BATCH_ORDERS", chance.randint(1, 4))
    with app.app_context():
        for step in range(25):
            _do_anything(maple, chance, step)
            assert read_figures(maple.id) == count_figures(maple.id), step
        while rate_queries.find_progress(maple.id):
            tasks.restate_due_orders()
        orders = select(Order.external_id, Order.reporting_minor).where(Order.site_id == maple.id)
        assert dict(db.session.execute(orders).tuples().all()) == count_by_hand(maple)
        assert read_figures(maple.id) == count_figures(maple.id)
        unpriced = [worth for name, worth in count_by_hand(maple).items() if worth is None and is_counted(maple, name)]
        assert sum_unpriced(maple) == len(unpriced)
        db.session.rollback()


def is_counted(site: Any, external_id: str) -> bool:
    is_order = (Order.site_id == site.id, Order.external_id == external_id)
    return bool(db.session.scalar(select(Order.is_counted).where(*is_order)))


def _do_anything(site: Any, chance: random.Random, step: int) -> None:
    currencies = ("EUR", "USD", "JPY", "KWD")
    day = DAY + timedelta(days=chance.randint(-5, 5))
    act = chance.choice(("orders", "orders", "rate", "rate", "delete", "currency", "restate", "restate"))
    if act == "orders":
        orders = [
            make_order(
                chance.randint(1, 12),
                currency=chance.choice(currencies),
                total_minor=chance.randint(0, 99_999),
                placed_at=datetime.combine(day, datetime.min.time(), UTC),
                updated_at=NOON + timedelta(hours=step),
                state=chance.choice(("paid", "cancelled")),
            )
            for _ in range(4)
        ]
        take(site.id, *{order.external_id: order for order in orders}.values())
    elif act == "rate":
        set_rate(site, chance.choice(currencies), day, chance.randint(1, 3 * 10**9))
    elif act == "delete" and (rates := rate_queries.list_rates(site.id)):
        begin_writing_anew()
        service.delete_rate(site.id, rates[0].currency, rates[0].valid_on)
        db.session.commit()
    elif act == "currency":
        choose_currency(site, chance.choice(currencies))
    elif act == "restate" and rate_queries.find_progress(site.id):
        begin_writing_anew()
        restating.restate_next_batch(site.id)
        db.session.commit()


def test_command_takes_rates_of_a_file_once(app: Flask, site: Any, tmp_path: Path) -> None:
    path = write(
        tmp_path, "currency;valid_on;rate", "CHF;2026-01-01;1,05", "USD;2026-01-01;0.92", "usd;soon;1",
        "EUR;2026-01-01;1", "JPY;2026-01-01;0.0061234567891", "JPY;2026-01-01;0",
    )  # fmt: skip
    result = run(app, "import", "rates", path, "--site", site.key)
    assert "The site has no reporting currency yet" in result.output
    choose_currency(site, "EUR")
    tasks.restate_due_orders()
    result = run(app, "import", "rates", path, "--site", site.key, "--dry-run")
    assert "6 rows: 2 would be new, 0 known already, 4 refused." in result.output
    assert rate_queries.list_rates(site.id) == []
    result = run(app, "import", "rates", path, "--site", site.key)
    assert result.exit_code == 3
    assert "6 rows: 2 new, 0 known already, 4 refused." in result.output
    assert "row 4, valid_on: Not a valid date." in result.output
    assert "row 5, currency: This is the reporting currency: its rate is always 1." in result.output
    assert db.session.scalar(select(func.count()).select_from(RateRestatement)) == 1
    db.session.rollback()
    assert "0 new, 2 known already" in run(app, "import", "rates", path, "--site", site.key).output
    (tmp_path / "orders.csv").write_text("currency,valid_on,rate\nCHF,2026-01-01,1.06\n", encoding="utf-8")
    assert "0 new, 1 changed" in run(app, "import", "rates", path, "--site", site.key).output
