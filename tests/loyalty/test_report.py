"""The report of what a store owes is one figure on the page, in the file and at the interface."""

import csv
import io
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from sqlalchemy import event, update

from tests.cast import Cast
from tests.dashboard.owner import OwnerBrowser, logged_in
from tests.loyalty.builders import find_customer, give_points, make_reward, start_program, take_orders
from tests.loyalty.tampering import unguarded
from tests.orders.builders import make_order
from widget.core.clock import utc_now
from widget.core.db import db
from widget.core.hot import hot_transaction
from widget.core.ids import new_id
from widget.loyalty.models import LedgerEntry, Lot
from widget.loyalty.redeeming import redeem_reward
from widget.loyalty.report_queries import group_by_month

API = "/api/v1/loyalty/report"
ROME = ZoneInfo("Europe/Rome")


def earn_and_spend(cast: Cast) -> None:
    """Give carol 587 points for an order and let her spend 100 of them."""
    now = utc_now()
    start_program(cast.maple.id)
    order = make_order(1, total_minor=58700, placed_at=now, paid_at=now, updated_at=now)
    carol = find_customer(cast.maple.id)
    take_orders(cast.maple.id, order, now=now)
    reward = make_reward(cast.maple.id, 100)
    with hot_transaction() as cursor:
        redeem_reward(cursor, cast.maple.id, carol, new_id(), reward, now)


def test_page_file_and_interface_say_the_same(app: Flask, cast: Cast, alice: OwnerBrowser) -> None:
    with app.app_context():
        earn_and_spend(cast)
    told = app.test_client().get(API, headers=cast.maple.store_headers).json
    assert told["points"] == {"outstanding": 487, "pending": 0, "held": 0, "debt": 0, "owed": 487}
    assert (told["ever"]["issued"], told["ever"]["redeemed"], told["adds_up"]) == (587, 100, True)
    assert told["ever"]["redemption_ratio"] == pytest.approx(100 / 587)
    assert told["cost"] == {"thousand_minor": 5000, "currency": "EUR", "source": "rewards", "owed_minor": 2435}
    home = f"/dashboard/{cast.maple.key}/loyalty/report"
    text = alice.get(home).text
    for words in ("It adds up, to the point.", ">487<", "17.0", "€24.35"):
        assert words in text, words
    rows = list(csv.DictReader(io.StringIO(alice.get(f"{home}/export.csv").text)))
    said = {(row["part"], row["figure"]): row["points"] for row in rows}
    assert said["now", "owed"] == "487"
    assert said["period", "redeemed"] == "100"
    assert said["check", "difference"] == "0"
    assert alice.get(f"{home}/export.xlsx").data[:2] == b"PK"
    assert alice.get(f"{home}/export.pdf").status_code == 404


def test_altered_entry_or_lot_does_not_add_up(app: Flask, cast: Cast, alice: OwnerBrowser) -> None:
    home = f"/dashboard/{cast.maple.key}/loyalty/report"
    for change, words in (
        (update(LedgerEntry).where(LedgerEntry.kind == "earn").values(delta=600), "13 points too many"),
        (update(Lot).values(remaining=480), "differ by 7"),
    ):
        with app.app_context():
            if "too many" in words:
                earn_and_spend(cast)
            with unguarded():
                db.session.execute(change)
                db.session.commit()
        assert words in alice.get(home).text
        with app.app_context(), unguarded():
            db.session.execute(update(LedgerEntry).where(LedgerEntry.kind == "earn").values(delta=587))
            db.session.commit()


def test_nothing_is_na_and_never_nought_percent(app: Flask, cast: Cast, alice: OwnerBrowser) -> None:
    told = app.test_client().get(API, headers=cast.maple.store_headers).json
    assert (told["ever"]["redemption_ratio"], told["ever"]["breakage_ratio"], told["cost"]) == (None, None, None)
    with app.app_context():
        start_program(cast.maple.id)
        find_customer(cast.maple.id)
        give_points(cast.maple.id, find_customer(cast.maple.id), 5)
    text = alice.get(f"/dashboard/{cast.maple.key}/loyalty/report").text
    assert "not known" in text
    assert "n/a" in text


def test_days_are_those_of_the_store(app: Flask, cast: Cast) -> None:
    late = datetime(2026, 3, 31, 23, 30, tzinfo=ROME)
    with app.app_context():
        start_program(cast.maple.id, time_zone="Europe/Rome")
        give_points(cast.maple.id, find_customer(cast.maple.id), 5, now=late)
    for query, points in (("from=2026-03-31&until=2026-03-31", 5), ("from=2026-04-01&until=2026-04-01", 0)):
        told = app.test_client().get(f"{API}?{query}", headers=cast.maple.store_headers).json
        assert told["period"]["issued"] == points
        assert told["ever"]["issued"] == 5


def test_points_that_go_at_the_first_moment_of_august_are_good_until_july() -> None:
    gone = {datetime(2026, 8, 1, tzinfo=ROME): 7, datetime(2028, 1, 1, tzinfo=ROME): 3, None: 2}
    rows = group_by_month(gone, ROME, date(2026, 6, 15))
    said = {row.month: row.points for row in rows if row.points}
    assert said == {date(2026, 7, 1): 7, None: 2}
    assert [(row.points, row.is_never) for row in rows[-2:]] == [(3, False), (2, True)]


@pytest.mark.parametrize(
    "query",
    [
        "from=%00",
        "until=%ff%fe",
        "from=0001-01-01",
        "until=1e400",
        "from=soon",
        "from=2026-05-02&until=2026-05-01",
        "until=9999-12-31",
        "from=1900-01-01",
        "from=2026-13-01",
    ],
)
def test_report_refuses_days_that_are_none(app: Flask, cast: Cast, alice: OwnerBrowser, query: str) -> None:
    assert app.test_client().get(f"{API}?{query}", headers=cast.maple.store_headers).status_code == 422
    home = f"/dashboard/{cast.maple.key}/loyalty/report"
    assert alice.get(f"{home}?{query}").status_code == 422


def test_owner_sets_what_points_cost(app: Flask, cast: Cast, alice: OwnerBrowser) -> None:
    with app.app_context():
        earn_and_spend(cast)
    home = f"/dashboard/{cast.maple.key}/loyalty/report"
    for wrong in ("much", "-1", "1e30"):
        assert alice.post(f"{home}/cost", page=home, thousand=wrong).status_code == 422
    for said, thousand, source in (("10.00", 1000, "set"), ("", 5000, "rewards")):
        assert alice.post(f"{home}/cost", page=home, thousand=said).status_code == 302
        told = app.test_client().get(API, headers=cast.maple.store_headers).json["cost"]
        assert (told["thousand_minor"], told["source"]) == (thousand, source)
    bob = logged_in(app, "bob@bobs.example")
    assert bob.post(f"{home}/cost", thousand="1").status_code == 404
    assert bob.get(home).status_code == 404
    assert bob.post(f"/dashboard/{cast.bobs.key}/loyalty/report/cost", thousand="1").status_code == 404


def test_report_asks_the_same_number_of_questions_however_much_there_is(app: Flask, cast: Cast) -> None:
    def count() -> int:
        asked: list[str] = []
        with app.app_context():
            engine = db.engine
            listen = lambda *args: asked.append(args[2])  # noqa: E731
            event.listen(engine, "before_cursor_execute", listen)
        app.test_client().get(API, headers=cast.maple.store_headers)
        event.remove(engine, "before_cursor_execute", listen)
        return len(asked)

    with app.app_context():
        earn_and_spend(cast)
    first = count()
    with app.app_context():
        for number in range(5):
            give_points(
                cast.maple.id, find_customer(cast.maple.id, f"p{number}"), 9, expires_at=utc_now() + timedelta(9)
            )
    assert count() == first


def test_bob_reads_his_own_report(app: Flask, cast: Cast) -> None:
    with app.app_context():
        earn_and_spend(cast)
    told = app.test_client().get(API, headers=cast.bobs.store_headers).json
    assert (told["members"], told["ever"]["issued"]) == (0, 0)
