"""Orders are stored once, as the newest document says, in whatever order documents arrive."""

import random
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from tests.applications import wipe
from tests.cast import Cast, make_cast
from tests.long_run import at_length
from tests.orders.builders import (
    NOON,
    count_active,
    count_figures,
    make_line,
    make_order,
    make_refund,
    read_figures,
    take,
)
from widget.core.db import begin_writing_anew, db
from widget.customers.models import Customer
from widget.customers.rules import Buyer
from widget.orders.documents import OrderDocument
from widget.orders.models import Order, OrderLine, Refund
from widget.orders.refunds import record_refunds
from widget.orders.rollup_models import OrderDay


@pytest.fixture
def site(app: Flask, cast: Cast) -> Any:
    with app.app_context():
        yield cast.maple
        db.session.rollback()


def get_order(site: Any, external_id: str = "1") -> Order:
    return db.session.scalars(
        select(Order)
        .where(Order.site_id == site.id, Order.external_id == external_id)
        .execution_options(populate_existing=True)
    ).one()


def test_the_same_order_twice_is_one(site: Any) -> None:
    (first,) = take(site.id, make_order(lines=[make_line()]))
    (again,) = take(site.id, make_order(lines=[make_line()]))
    assert (first.outcome, again.outcome) == ("new", "known")
    assert first.id == again.id
    assert db.session.scalar(select(func.count()).select_from(OrderLine)) == 1


def test_a_later_document_wins_and_an_older_one_changes_nothing(site: Any) -> None:
    take(site.id, make_order(state="placed"))
    (paid,) = take(site.id, make_order(state="paid", updated_at=NOON + timedelta(hours=1), total_minor=2500))
    (late,) = take(site.id, make_order(state="placed", updated_at=NOON + timedelta(minutes=5)))
    assert (paid.outcome, late.outcome) == ("changed", "older")
    order = get_order(site)
    assert (order.state, order.total_minor) == ("paid", 2500)


def test_a_cancelled_order_counts_nowhere(site: Any) -> None:
    take(site.id, make_order())
    take(site.id, make_order(updated_at=NOON + timedelta(hours=1), cancelled_at=NOON + timedelta(hours=1)))
    order = get_order(site)
    assert (order.state, order.net_minor, order.is_counted) == ("cancelled", 0, False)
    assert read_figures(site.id) == {"days": {}, "cohorts": {}, "totals": {}}


def test_cancelling_wins_over_a_document_of_the_same_second(site: Any) -> None:
    cancelled = make_order(cancelled_at=NOON)
    for documents in ((make_order(), cancelled), (cancelled, make_order())):
        for document in documents:
            take(site.id, document)
        assert get_order(site).state == "cancelled"


def test_a_test_order_is_stored_and_not_counted(site: Any) -> None:
    take(site.id, make_order(is_test=True))
    assert not get_order(site).is_counted
    assert read_figures(site.id)["days"] == {}


def test_a_refund_before_its_order_counts_once_the_order_is_there(site: Any) -> None:
    begin_writing_anew()
    record_refunds(site.id, [("1", make_refund(amount_minor=700))])
    db.session.commit()
    take(site.id, make_order())
    order = get_order(site)
    assert (order.refunded_minor, order.net_minor, order.reporting_minor) == (700, 1300, 1300)


def test_a_refund_by_itself_and_in_the_order_is_one(site: Any) -> None:
    take(site.id, make_order(refunds=[make_refund(amount_minor=500)]))
    for _ in range(2):
        begin_writing_anew()
        record_refunds(site.id, [("1", make_refund(amount_minor=500, reason="too small"))])
        db.session.commit()
    assert get_order(site).refunded_minor == 500
    assert db.session.scalars(select(Refund)).one().reason == "too small"


def test_a_refund_the_newest_document_no_longer_lists_is_gone(site: Any) -> None:
    take(site.id, make_order(refunds=[make_refund()]))
    assert get_order(site).net_minor == 1500
    take(site.id, make_order(updated_at=NOON + timedelta(hours=1)))
    assert get_order(site).net_minor == 2000


def test_more_given_back_than_paid_is_worth_nothing_and_never_less(site: Any) -> None:
    take(site.id, make_order(refunds=[make_refund(amount_minor=9000)]))
    order = get_order(site)
    assert (order.refunded_minor, order.net_minor) == (9000, 0)


def test_a_guest_is_joined_to_an_account_by_a_verified_email_only(site: Any) -> None:
    guest = Buyer(email="Dora@Shoppers.example")
    take(site.id, make_order(1, buyer=guest))
    take(site.id, make_order(2, buyer=Buyer("dora", "dora@shoppers.example")))
    assert get_order(site, "1").customer_id != get_order(site, "2").customer_id
    later = NOON + timedelta(days=1)
    take(site.id, make_order(3, updated_at=later, buyer=Buyer("dora", "dora@shoppers.example", is_email_verified=True)))
    assert get_order(site, "1").customer_id == get_order(site, "2").customer_id
    take(site.id, make_order(4, buyer=guest))
    assert get_order(site, "4").customer_id == get_order(site, "2").customer_id
    assert count_figures(site.id) == read_figures(site.id)


def test_what_is_told_of_a_customer_last_stays(site: Any) -> None:
    take(site.id, make_order(1, updated_at=NOON + timedelta(days=2), buyer=Buyer("carol", name="Carol Winter")))
    take(site.id, make_order(2, buyer=Buyer("carol", "carol@shoppers.example", "C. Summer")))
    carol = db.session.scalars(select(Customer).where(Customer.external_id == "carol")).one()
    assert (carol.name, carol.email) == ("Carol Winter", "carol@shoppers.example")


def test_of_two_names_told_at_one_time_the_same_stays_whichever_came_first(site: Any) -> None:
    for number, names in enumerate((("Carol Summer", "Carol Winter"), ("Carol Winter", "Carol Summer"))):
        for name in names:
            take(site.id, make_order(f"{number} {name}", buyer=Buyer(f"carol {number}", name=name)))
    assert set(db.session.scalars(select(Customer.name))) == {"Carol Winter"}


def test_an_order_of_another_site_is_another_order(site: Any, cast: Cast) -> None:
    take(site.id, make_order())
    (other,) = take(cast.bobs.id, make_order(total_minor=1))
    assert other.outcome == "new"
    assert get_order(site).total_minor == 2000


def test_an_order_without_a_known_buyer_counts_as_an_order_of_nobody(site: Any) -> None:
    take(site.id, make_order(buyer=Buyer()))
    assert read_figures(site.id)["totals"] == {}
    assert read_figures(site.id)["days"][NOON.date()] == {"orders": 1, "guest_orders": 1, "revenue_minor": 2000}


def make_history(chance: random.Random) -> list[OrderDocument]:
    """Return documents of a dozen orders over three years, several of some, cancelled and refunded at times."""
    buyers = (Buyer("a"), Buyer("b", "b@x.example", is_email_verified=True), Buyer(email="B@x.example"), Buyer())
    documents = []
    for number in range(chance.randint(1, 12)):
        placed_at = NOON - timedelta(days=chance.choice([0, 1, 30, 364, 365, 366, 700, 1000]))
        for _ in range(chance.randint(1, 3)):
            updated_at = placed_at + timedelta(hours=chance.randint(0, 3))
            documents.append(
                make_order(
                    number,
                    placed_at=placed_at,
                    updated_at=updated_at,
                    total_minor=chance.randint(0, 5000),
                    buyer=chance.choice(buyers),
                    cancelled_at=chance.choice([None, None, updated_at]),
                    coupon_codes=chance.choice([(), ("TEN",)]),
                    refunds=[make_refund(n, chance.randint(1, 900)) for n in range(chance.randint(0, 2))],
                    lines=[make_line(n) for n in range(chance.randint(0, 2))],
                )
            )
    return documents


def describe(site_id: Any) -> Any:
    """Return everything that is kept of a site's orders, without our own ids."""
    names = ("external_id", "state", "net_minor", "refunded_minor", "is_guest", "version_digest", "placed_at")
    orders = db.session.execute(
        select(*(getattr(Order, name) for name in names), Customer.external_id, Customer.email_key)
        .outerjoin(Customer, (Customer.site_id == Order.site_id) & (Customer.id == Order.customer_id))
        .where(Order.site_id == site_id)
        .order_by(Order.external_id)
    ).all()
    days = db.session.scalars(select(OrderDay).where(OrderDay.site_id == site_id).order_by(OrderDay.day))
    columns = [column.key for column in OrderDay.__table__.columns if column.key != "site_id"]
    rows = [tuple(getattr(day, name) for name in columns) for day in days]
    return [tuple(row) for row in orders], [row for row in rows if any(row[1:])]


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_documents_in_any_order_and_twice_end_alike_and_figures_are_exact(
    database: str, request: pytest.FixtureRequest
) -> None:
    app: Flask = request.getfixturevalue(f"{database}_app")
    chance = random.Random(7)
    for _ in range(at_length(12, otherwise=4)):
        documents = make_history(chance)
        ends = []
        for attempt in range(3):
            wipe(app)
            site_id = make_cast(app).maple.id
            told = list(documents) if attempt == 0 else chance.sample(documents * 2, 2 * len(documents))
            with app.app_context():
                while told:
                    size = chance.randint(1, 6)
                    take(site_id, *told[:size])
                    del told[:size]
                assert count_figures(site_id) == read_figures(site_id)
                for day in (date(2023, 9, 1), date(2025, 5, 4), date(2026, 5, 3), NOON.date(), date(2027, 5, 4)):
                    rows = db.session.scalars(
                        select(OrderDay).where(OrderDay.site_id == site_id, OrderDay.day <= day)
                    ).all()
                    assert sum(row.became_active - row.lapsed for row in rows) == count_active(site_id, day)
                ends.append(describe(site_id))
        assert ends[0] == ends[1] == ends[2]
