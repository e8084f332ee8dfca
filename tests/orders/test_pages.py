"""Owners read their orders and keep their rates; nobody else does."""

import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from tests.cast import Cast
from tests.dashboard.owner import OwnerBrowser
from tests.orders.builders import NOON, make_line, make_order, make_refund, take
from widget.core.db import begin_writing_anew, db
from widget.customers.rules import Buyer
from widget.intake import tasks
from widget.orders import pages, rate_queries
from widget.sites.models import AuditEntry, Membership


@pytest.fixture
def home(app: Flask, cast: Cast) -> str:
    with app.app_context():
        take(
            cast.maple.id,
            make_order(1, number="#1001", lines=[make_line(title="<b>Pot</b>")], refunds=[make_refund(reason="late")]),
            make_order(2, currency="CHF", placed_at=NOON + timedelta(days=1), buyer=Buyer(email="frank@x.example")),
            make_order(
                3, state="cancelled", placed_at=NOON + timedelta(days=2), buyer=Buyer(), coupon_codes=["SPRING"]
            ),
        )
    return f"/dashboard/{cast.maple.key}"


def list_names(body: str) -> list[str]:
    return re.findall(r"<strong>(#?\d+)</strong></a>", body)


def test_list_shows_the_newest_first_with_who_and_how_much(alice: OwnerBrowser, home: str) -> None:
    body = alice.get(f"{home}/orders").text
    assert list_names(body) == ["3", "2", "#1001"]
    assert "€20.00" in body
    assert "CHF" in body
    assert "€5.00 refunded" in body
    assert "Carol Winter" in body
    assert "nobody known" in body


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("state=cancelled", ["3"]),
        ("customer=carol", ["#1001"]),
        ("customer=FRANK@x.example", ["2"]),
        ("from=2026-05-05&until=2026-05-05", ["2"]),
        ("customer=nobody", []),
    ],
)
def test_filter_and_file_hold_the_same(alice: OwnerBrowser, home: str, query: str, names: list[str]) -> None:
    assert list_names(alice.get(f"{home}/orders?{query}").text) == names
    file = alice.get(f"{home}/orders/export?{query}&format=csv")
    assert file.headers["Content-Disposition"].startswith('attachment; filename="orders-')
    assert len(file.text.splitlines()) == 1 + len(names)


@pytest.mark.parametrize(
    "query", ["state=lost", "from=soon", "from=2026-02-02&until=2026-02-01", "cursor=x", "customer=%00"]
)
def test_bad_filter_shows_nothing(alice: OwnerBrowser, home: str, query: str) -> None:
    answer = alice.get(f"{home}/orders?{query}")
    assert answer.status_code == 422
    assert list_names(answer.text) == []
    assert alice.get(f"{home}/orders/export?format=exe").status_code == 422


def test_long_list_pages_by_cursor(alice: OwnerBrowser, home: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "ORDERS_A_PAGE", 2)
    body = alice.get(f"{home}/orders").text
    assert list_names(body) == ["3", "2"]
    older = re.search(r'rel="next" href="([^"]+)"', body)
    assert older is not None
    assert list_names(alice.get(older[1].replace("&amp;", "&")).text) == ["#1001"]


def test_one_order_is_shown_whole(alice: OwnerBrowser, home: str) -> None:
    links = re.findall(r'href="([^"]+/orders/[0-9a-f-]{36})"', alice.get(f"{home}/orders").text)
    cancelled, francs, refunded = (alice.get(link).text for link in links)
    assert "Order #1001" in refunded
    assert "&lt;b&gt;Pot&lt;/b&gt;" in refunded
    assert "late" in refunded
    assert "€15.00" in refunded
    assert "no rate is known for its day" in francs
    assert "n/a" in francs
    assert "SPRING" in cancelled
    assert "The store did not say who bought." in cancelled


def test_site_without_orders_says_where_they_come_from(bob: OwnerBrowser, cast: Cast) -> None:
    body = bob.get(f"/dashboard/{cast.bobs.key}/orders").text
    assert "Settings, Platforms" in body


def test_other_owners_find_nothing(bob: OwnerBrowser, alice: OwnerBrowser, home: str, cast: Cast) -> None:
    link = re.findall(r'href="([^"]+/orders/[0-9a-f-]{36})"', alice.get(f"{home}/orders").text)[0]
    for address in (f"{home}/orders", f"{home}/orders/export", f"{home}/settings/rates", link):
        assert bob.get(address).status_code == 404
    assert bob.get(link.replace(cast.maple.key, cast.bobs.key)).status_code == 404


def test_rates_are_added_pasted_deleted_and_noted(app: Flask, alice: OwnerBrowser, home: str, cast: Cast) -> None:
    address = f"{home}/settings/rates"
    assert "1 order in CHF has no rate" in alice.get(address).text
    alice.post(address, currency="chf", valid_on="2026-01-01", rate="1,0523")
    body = alice.get(address).text
    assert "1 CHF = 1.0523 EUR" in body
    assert "0 of 3 orders reckoned anew." in body
    with app.app_context():
        tasks.restate_due_orders()
    assert "reckoned anew." not in alice.get(f"{home}/orders").text
    assert "has no rate:" not in alice.get(address).text
    alice.post(f"{address}/many", lines="currency,valid_on,rate\nUSD,2026-01-01,0.92\nJPY,2026-01-01,0.0061")
    alice.post(f"{address}/CHF/2026-01-01/delete")
    with app.app_context():
        rates = [(rate.currency, rate.rate_billionths) for rate in rate_queries.list_rates(cast.maple.id)]
        assert rates == [("JPY", 6_100_000), ("USD", 920_000_000)]
        actions = [entry.action for entry in db.session.scalars(db.select(AuditEntry).order_by(AuditEntry.id))]
        assert actions == ["rates.added", "rates.added", "rates.deleted"]
    assert "set exchange rates of JPY, USD" in alice.get(f"{home}/settings/activity").text


def test_currency_is_chosen_and_noted(app: Flask, alice: OwnerBrowser, home: str) -> None:
    address = f"{home}/settings/rates"
    alice.post(address, currency="CHF", valid_on="2026-01-01", rate="2")
    alice.post(f"{address}/currency", currency="CHF")
    body = alice.get(address).text
    assert "There is no rate." in body
    with app.app_context():
        tasks.restate_due_orders()
    assert "2 orders in EUR" not in alice.get(address).text
    assert "1 order in EUR has no rate" in alice.get(address).text
    assert "changed the reporting currency to CHF" in alice.get(f"{home}/settings/activity").text


@pytest.mark.parametrize(
    ("path", "form", "said"),
    [
        ("", {"currency": "francs", "valid_on": "2026-01-01", "rate": "1"}, "Must be a currency code such as EUR."),
        ("", {"currency": "EUR", "valid_on": "2026-01-01", "rate": "1"}, "its rate is always 1"),
        ("", {"currency": "CHF", "valid_on": "soon", "rate": "1"}, "Not a valid date."),
        ("", {"currency": "CHF", "valid_on": "2026-01-01", "rate": "0"}, "Must be a number above 0"),
        ("", {"currency": "CHF", "valid_on": "2026-01-01", "rate": "1e99"}, "Must be a number above 0"),
        ("", {"currency": "CHF", "valid_on": "2026-01-01", "rate": "NaN"}, "Must be a number above 0"),
        ("", {"currency": "C\x00F", "valid_on": "2026-01-01", "rate": "1"}, "Must be a currency code"),
        ("", {}, "Choose a day."),
        ("/many", {"lines": "CHF,2026-01-01,1.05\nUSD,2026-01-01"}, "Line 2:"),
        ("/many", {"lines": "currency,valid_on,rate"}, "Paste at least one line."),
        ("/currency", {"currency": "XXXX"}, "Not a valid choice."),
    ],
)
def test_bad_rates_are_refused_whole(
    app: Flask, alice: OwnerBrowser, home: str, cast: Cast, path: str, form: dict[str, Any], said: str
) -> None:
    answer = alice.post(f"{home}/settings/rates{path}", **form)
    assert answer.status_code == 422
    assert said in answer.text
    with app.app_context():
        assert rate_queries.list_rates(cast.maple.id) == []
        assert rate_queries.find_progress(cast.maple.id) is None


def test_only_owners_touch_rates_and_a_rate_that_is_none_is_not_found(
    app: Flask, alice: OwnerBrowser, bob: OwnerBrowser, home: str, cast: Cast
) -> None:
    address = f"{home}/settings/rates"
    assert alice.post(f"{address}/CHF/2026-01-01/delete").status_code == 404
    assert alice.post(f"{address}/CHF/never/delete").status_code == 404
    assert bob.post(address, currency="CHF", valid_on="2026-01-01", rate="1").status_code == 404
    with app.app_context():
        begin_writing_anew()
        for membership in db.session.scalars(db.select(Membership).where(Membership.site_id == cast.maple.id)):
            membership.role = "editor"
        db.session.commit()
    assert alice.get(address).status_code == 403
    assert alice.get(f"{home}/orders").status_code == 200
