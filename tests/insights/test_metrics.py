"""Every metric equals what one counts by hand, through real orders and carts."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask

from tests.cast import Cast, SiteOfCast
from tests.insights.sales import MAY, buy, counts_of, figures, fill_carts, get_site, measure, tell_orders
from tests.orders.builders import make_refund
from tests.surveys.builders import make_response, make_survey
from widget.core.db import begin_writing_anew, db
from widget.insights.periods import Period, last_days
from widget.insights.queries import compare_metrics, describe_week, list_trend
from widget.orders.documents import OrderDocument
from widget.orders.refunds import record_refunds

FIRST = MAY.from_on


@pytest.fixture
def site(app: Flask, cast: Cast) -> Iterator[SiteOfCast]:
    with app.app_context():
        yield cast.maple
        db.session.rollback()


def test_of_a_hundred_carts_fifty_bought_is_half_abandoned(site: SiteOfCast) -> None:
    fill_carts(site.id, carts=100, bought=50, day=date(2026, 5, 4))
    metric = measure(site.id, "cart_abandonment_rate")
    assert (metric.numerator, metric.denominator, metric.figure) == (50, 100, 0.5)


def test_a_cart_counts_on_the_day_it_was_made(site: SiteOfCast) -> None:
    fill_carts(site.id, carts=4, bought=1, day=date(2026, 4, 30))
    assert measure(site.id, "cart_abandonment_rate").figure is None
    assert measure(site.id, "cart_abandonment_rate", last_days(date(2026, 4, 30), 1)).figure == 0.75


def test_of_a_hundred_customers_seventy_kept_is_seventy_percent(site: SiteOfCast) -> None:
    # Thirty of the hundred lapse in May: their only order is a year old by then. Twenty are new: E is 90.
    lapsing = [buy(f"l{n}", f"l{n}", date(2025, 5, 10)) for n in range(30)]
    staying = [buy(f"s{n}", f"s{n}", date(2025, 11, 5)) for n in range(70)]
    new = [buy(f"n{n}", f"n{n}", date(2026, 5, 12)) for n in range(20)]
    tell_orders(site.id, *lapsing, *staying, *new)
    counts = counts_of(site.id)
    assert counts.count_active(FIRST - timedelta(days=1)) == 100
    assert counts.count_active(MAY.until_on) == 90
    metric = measure(site.id, "customer_retention_rate")
    assert (metric.numerator, metric.denominator, metric.figure) == (70, 100, 0.7)


def test_who_lapses_and_comes_back_within_the_days_was_not_kept(site: SiteOfCast) -> None:
    tell_orders(site.id, buy(1, "ann", date(2025, 5, 10)), buy(2, "ann", date(2026, 5, 20)))
    metric = measure(site.id, "customer_retention_rate")
    assert (metric.numerator, metric.denominator) == (0, 1)


def test_retention_over_more_than_a_year_is_not_available(site: SiteOfCast) -> None:
    tell_orders(site.id, buy(1, "ann", date(2024, 12, 1)), buy(2, "ann", date(2026, 5, 20)))
    long = Period(date(2025, 1, 1), date(2026, 5, 31), date(2026, 5, 31))
    assert measure(site.id, "customer_retention_rate", long).figure is None


def test_guests_are_counted_by_the_order(site: SiteOfCast) -> None:
    orders = [buy(n, "ann", FIRST) for n in range(3)]
    tell_orders(site.id, *orders, buy("g", None, FIRST))
    assert measure(site.id, "guest_checkout_rate").figure == 0.25


def test_orders_of_nobody_are_no_ones_frequency(site: SiteOfCast) -> None:
    tell_orders(site.id, buy(1, "ann", FIRST), buy(2, "ann", FIRST), buy(3, "ben", FIRST), buy(4, None, FIRST))
    now = figures(site.id)
    assert (now["orders"], now["customers"], now["purchase_frequency"]) == (4, 2, 1.5)
    assert now["lifetime_value"] == 3000
    assert now["revenue"] == 8000


def test_the_year_of_averages_has_365_days(site: SiteOfCast) -> None:
    inside, outside = MAY.as_of - timedelta(days=364), MAY.as_of - timedelta(days=365)
    tell_orders(site.id, buy(1, "ann", inside, total_minor=1000), buy(2, "ann", outside, total_minor=9000))
    now = figures(site.id)
    assert (now["average_order_value"], now["purchase_frequency"]) == (1000, 1.0)
    assert now["repeat_purchase_rate"] == 1.0


def test_an_average_is_exact_and_rounded_once(site: SiteOfCast) -> None:
    tell_orders(site.id, *(buy(n, "ann", FIRST, total_minor=total) for n, total in enumerate((1000, 1000, 1001))))
    metric = measure(site.id, "average_order_value")
    assert (metric.numerator, metric.denominator, metric.figure) == (3001, 3, 1000)


def test_without_any_order_nothing_is_known(site: SiteOfCast) -> None:
    assert set(figures(site.id).values()) == {None}


def test_days_without_orders_of_a_store_that_has_some_are_nothing(site: SiteOfCast) -> None:
    tell_orders(site.id, buy(1, "ann", date(2026, 4, 1)))
    now = figures(site.id)
    assert (now["orders"], now["revenue"], now["customers"], now["guest_checkout_rate"]) == (0, 0, 0, None)


def test_a_store_is_compared_with_nothing_before_its_first_order(site: SiteOfCast) -> None:
    tell_orders(site.id, buy(1, "ann", FIRST))
    orders = compare_metrics(get_site(site.id), MAY)["orders"]
    assert (orders.now.figure, orders.before.figure, orders.change) == (1, None, None)


def test_orders_without_a_rate_are_said_apart(site: SiteOfCast) -> None:
    tell_orders(site.id, buy(1, "ann", FIRST), buy(2, "ann", FIRST, currency="SEK"))
    now = compare_metrics(get_site(site.id), MAY)
    assert (now["orders"].now.figure, now["revenue"].now.figure, now["average_order_value"].now.figure) == (
        2,
        2000,
        2000,
    )
    assert now["revenue"].now.left_out == now["average_order_value"].now.left_out == 1


def test_amounts_of_which_none_has_a_rate_are_not_available(site: SiteOfCast) -> None:
    tell_orders(site.id, buy(1, "ann", date(2026, 1, 1), state="cancelled"), buy(2, "ann", FIRST, currency="SEK"))
    now = figures(site.id)
    assert (now["orders"], now["revenue"], now["average_order_value"], now["lifetime_value"]) == (1, None, None, None)


Change = Callable[[OrderDocument], OrderDocument]


def _base() -> list[OrderDocument]:
    return [buy(1, "ann", FIRST), buy(2, "ann", date(2026, 5, 3)), buy(3, "ben", date(2026, 5, 4))]


ALL = {
    "orders": 3,
    "revenue": 6000,
    "customers": 2,
    "new_customers": 2,
    "average_order_value": 2000,
    "guest_checkout_rate": 0.0,
    "purchase_frequency": 1.5,
    "repeat_purchase_rate": 0.5,
    "lifetime_value": 3000,
}
WITHOUT_ONE = {
    **ALL,
    "orders": 2,
    "revenue": 4000,
    "purchase_frequency": 1.0,
    "repeat_purchase_rate": 0.0,
    "lifetime_value": 2000,
}
LATER = {"updated_at": buy(0, "ann", date(2026, 5, 20)).placed_at}


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, ALL),
        ({"state": "cancelled", **LATER}, WITHOUT_ONE),
        ({"cancelled_at": LATER["updated_at"], **LATER}, WITHOUT_ONE),
        ({"is_test": True, **LATER}, WITHOUT_ONE),
        (
            {"refunds": [make_refund(1, 500)], **LATER},
            {**ALL, "revenue": 5500, "average_order_value": 1833, "lifetime_value": 2750},
        ),
        (
            {"refunds": [make_refund(1, 2000)], **LATER},
            {**ALL, "revenue": 4000, "average_order_value": 1333, "lifetime_value": 2000},
        ),
        ({"refunds": [make_refund(1, 500)], "state": "cancelled", **LATER}, WITHOUT_ONE),
    ],
)
def test_refunds_and_cancellations_count_as_stated_in_every_figure(
    site: SiteOfCast, change: dict[str, Any], expected: dict[str, Any]
) -> None:
    tell_orders(site.id, *_base())
    if change:
        tell_orders(site.id, buy(2, "ann", date(2026, 5, 3), **change))
    now = figures(site.id)
    assert {name: now[name] for name in expected} == expected


def test_a_refund_by_itself_counts_alike(site: SiteOfCast) -> None:
    tell_orders(site.id, *_base())
    begin_writing_anew()
    record_refunds(site.id, [("2", make_refund(9, 700))])
    db.session.commit()
    now = figures(site.id)
    assert (now["revenue"], now["lifetime_value"], now["orders"]) == (5300, 2650, 3)


def test_cancelling_a_customers_only_order_takes_them_out_of_everything(site: SiteOfCast) -> None:
    tell_orders(site.id, *_base())
    tell_orders(site.id, buy(3, "ben", date(2026, 5, 4), state="cancelled", **LATER))
    now = figures(site.id)
    assert (now["customers"], now["new_customers"], now["repeat_purchase_rate"]) == (1, 1, 1.0)


def test_answers_of_live_surveys_are_put_together(site: SiteOfCast) -> None:
    begin_writing_anew()
    surveys = [make_survey(site.id, "nps"), make_survey(site.id, "nps"), make_survey(site.id, "csat")]
    archived = make_survey(site.id, "nps", state="archived")
    db.session.flush()
    at = buy(0, "ann", date(2026, 5, 9)).placed_at
    for survey, score in ((0, 10), (0, 9), (1, 3), (1, 7), (2, 5), (2, 1)):
        make_response(surveys[survey], score, answered_at=at)
    make_response(surveys[0], 0, answered_at=at, flag="burst")
    make_response(archived, 0, answered_at=at)
    db.session.commit()
    now = compare_metrics(get_site(site.id), MAY)
    assert (now["nps"].now.figure, now["nps"].now.n) == (25.0, 4)
    assert (now["csat"].now.figure, now["answers"].now.figure) == (0.5, 6)
    assert now["nps"].now.low is not None
    assert now["nps"].before.figure is None


def test_a_week_is_told_with_its_days_and_the_week_before(site: SiteOfCast) -> None:
    today = date(2026, 5, 14)
    tell_orders(site.id, buy(1, "ann", today), buy(2, "ben", date(2026, 5, 8)), buy(3, "cid", date(2026, 5, 7)))
    week = describe_week(get_site(site.id), today)
    orders = week["orders"]
    assert (orders.comparison.now.figure, orders.comparison.before.figure, orders.comparison.change) == (2, 1, 1)
    assert [point.metric.figure for point in orders.days] == [1, 0, 0, 0, 0, 0, 1]
    assert week["nps"].comparison.now.figure is None


@pytest.mark.parametrize("by", ["day", "week", "month"])
def test_the_parts_of_a_trend_add_up_to_the_period(site: SiteOfCast, by: Any) -> None:
    tell_orders(site.id, *(buy(n, f"c{n % 5}", date(2026, 4, 28) + timedelta(days=n)) for n in range(40)))
    points = list_trend(get_site(site.id), "orders", MAY, by)
    assert points[0].part.from_on == MAY.from_on
    assert points[-1].part.until_on == MAY.until_on
    assert sum(point.metric.numerator or 0 for point in points) == measure(site.id, "orders").figure == 31


def test_another_sites_orders_are_not_counted(site: SiteOfCast, cast: Cast) -> None:
    tell_orders(cast.bobs.id, *_base())
    assert set(figures(site.id).values()) == {None}
