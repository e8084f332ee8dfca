"""Orders of a file come in whole and once; what is wrong with them is said row by row."""

import csv
import json
import uuid
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from tests.cast import Cast
from tests.intake.files import HEADER, list_lines, list_orders, list_refunds, run, run_import, write
from tests.orders.builders import count_figures, read_figures
from widget.core.db import db
from widget.customers.models import Customer
from widget.orders.models import Order
from widget.orders.rollup_models import CustomerOrderTotals
from widget.sites.models import Site


@pytest.mark.timeout(300)
def test_the_real_shop_comes_in_once_with_its_customers(
    app: Flask, cast: Cast, shared_data: Path, tmp_path: Path
) -> None:
    path = shared_data / "cdnow_sample_orders.csv"
    mapping = write(tmp_path, json.dumps({"date": "placed_at", "amount": "total", "quantity": ""}), name="map.json")
    options = ("--currency", "USD", "--map", mapping)
    start = write(tmp_path, *path.read_text(encoding="utf-8").splitlines()[:501], name="start.csv")
    said = run_import(app, start, cast.maple, *options, "--dry-run")
    assert "500 rows: 500 would be new, 0 known already, 0 refused." in said
    said = run_import(app, path, cast.maple, *options)
    assert "6919 rows: 6919 new, 0 known already, 0 refused." in said
    with app.app_context():
        figures = read_figures(cast.maple.id)
        assert figures == count_figures(cast.maple.id)
    said = run_import(app, path, cast.maple, *options)
    assert "6919 rows: 0 new, 6919 known already, 0 refused." in said
    # The columns are known without a map too, and name the same orders.
    said = run_import(app, start, cast.maple, "--currency", "USD")
    assert "0 new, 500 known already" in said
    assert "Left out: quantity." in said
    with app.app_context():
        totals = select(func.count(), func.sum(CustomerOrderTotals.orders)).where(
            CustomerOrderTotals.site_id == cast.maple.id
        )
        assert db.session.execute(totals).one() == (2357, 6919)
        assert db.session.execute(totals.where(CustomerOrderTotals.orders > 1)).one()[0] == 1152
        assert db.session.scalar(select(func.count()).select_from(Customer)) == 2357
        assert db.session.scalar(select(func.min(Customer.external_id))) == "0001"
        assert read_figures(cast.maple.id) == figures


def test_two_rows_that_say_the_same_are_two_orders_however_often_the_file_comes(
    app: Flask, cast: Cast, tmp_path: Path
) -> None:
    path = write(tmp_path, "customer,date,amount", "0042,2024-01-02,9.50", "0042,2024-01-02,9.50", "7,2024-01-02,9.50")
    for said in ("3 rows: 3 new", "3 rows: 0 new, 3 known already"):
        assert said in run_import(app, path, cast.maple, "--currency", "EUR")
    orders = list_orders(app, cast.maple)
    assert [order.total_minor for order in orders] == [950, 950, 950]
    assert {order.state for order in orders} == {"paid"}


def test_rows_of_one_id_are_the_lines_of_one_order(app: Flask, cast: Cast, tmp_path: Path) -> None:
    path = write(
        tmp_path,
        f"{HEADER},email,coupon_codes,refunded,title,sku,quantity,unit_price",
        '1,2024-01-02T10:00:00Z,30.00,EUR,carol@shoppers.example,"SPRING10, FREE",5,Teapot,POT-03,1,20.00',
        "1,2024-01-02T10:00:00Z,30.00,EUR,carol@shoppers.example,,,Mug,MUG-01,2,5.00",
        "2,2024-01-03,7,EUR,,,,Spoon,,,",
    )
    said = run_import(app, path, cast.maple)
    assert "3 rows with 2 orders: 2 new, 0 known already, 0 refused." in said
    order, other = list_orders(app, cast.maple)
    assert (order.external_id, order.total_minor, order.net_minor, order.coupon_codes) == (
        "1", 3000, 2500, ["SPRING10", "FREE"]
    )  # fmt: skip
    assert [(line.title, line.sku, line.quantity, line.total_minor) for line in list_lines(app, cast.maple, "1")] == [
        ("Teapot", "POT-03", 1, 2000),
        ("Mug", "MUG-01", 2, 1000),
    ]
    assert (other.is_guest, other.customer_id) == (True, None)
    (refund,) = list_refunds(app, cast.maple)
    assert (refund.amount_minor, refund.is_listed) == (500, True)


def test_a_wrong_line_refuses_its_whole_order_and_no_other(app: Flask, cast: Cast, tmp_path: Path) -> None:
    path = write(
        tmp_path,
        f"{HEADER},title,quantity",
        "1,2024-01-02,30,EUR,Teapot,1",
        "1,2024-01-02,30,EUR,Mug,some",
        "1,2024-01-02,31,EUR,Mug,1",
        "2,2024-01-03,7,EUR,Spoon,1",
        "1,2024-01-02,30,EUR,Late,1",
    )
    said = run_import(app, path, cast.maple, exit_code=3)
    assert "5 rows with 3 orders: 2 new, 0 known already, 1 refused." in said
    assert "row 4, total: The rows of one order differ here" in said
    with (tmp_path / "orders.csv.errors.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["error.row"], row["error.column"]) for row in rows] == [("2", ""), ("3", ""), ("4", "total")]
    assert rows[0]["error.message"] == "The row belongs to row 4, which was refused."


def test_an_order_that_stands_apart_and_says_something_else_is_refused(app: Flask, cast: Cast, tmp_path: Path) -> None:
    path = write(tmp_path, HEADER, "1,2024-01-02,30,EUR", "2,2024-01-02,30,EUR", "1,2024-01-02,99,EUR")
    said = run_import(app, path, cast.maple, exit_code=3)
    assert "2 new, 0 known already, 1 refused" in said
    assert "row 4: The order 1 stands further up in the file, and says something else there." in said
    assert [order.total_minor for order in list_orders(app, cast.maple)] == [3000, 3000]


def test_the_row_that_changed_later_wins_whatever_the_order_of_rows(app: Flask, cast: Cast, tmp_path: Path) -> None:
    path = write(
        tmp_path,
        f"{HEADER},updated_at,state",
        "1,2024-01-02,30,EUR,2024-01-05,shipped",
        "1,2024-01-02,30,EUR,2024-01-03,paid",
    )
    assert "1 new, 0 known already, 1 older than what is known, 0 refused" in run_import(app, path, cast.maple)
    assert [order.state for order in list_orders(app, cast.maple)] == ["fulfilled"]


def test_a_corrected_file_counts_as_newer_when_it_says_when_it_was_made(app: Flask, cast: Cast, tmp_path: Path) -> None:
    run_import(app, write(tmp_path, HEADER, "1,2024-01-02,30,EUR"), cast.maple)
    said = run_import(app, write(tmp_path, HEADER, "1,2024-01-02,35,EUR"), cast.maple, "--as-of", "2024-02-01")
    assert "0 new, 1 changed, 0 known already" in said
    assert [order.total_minor for order in list_orders(app, cast.maple)] == [3500]


@pytest.mark.parametrize(
    ("line", "column", "message"),
    [
        ("1,2024-01-02,12a,EUR", "total", "12a is no amount"),
        ("1,2024-01-02,-5,EUR", "total", "below zero"),
        ("1,2024-01-02,1e30,EUR", "total", "no amount"),
        ('1,2024-01-02,"1,234",EUR', "total", "Is 1,234 more than a thousand, or a little more than 1?"),
        ("1,2024-01-02,1.234,EUR", "total", "Write 1234, or 1.2340."),
        ("1,2024-01-02,,EUR", "total", "The total is missing."),
        ("1,2024-01-02,10,EURO", "currency", "not a currency code"),
        ("1,2024-01-02,10,", "currency", "--currency EUR"),
        ("1,,10,EUR", "placed_at", "missing"),
        ("1,03/04/2024,10,EUR", "placed_at", "Is 03/04/2024 the third of April or the fourth of March?"),
        ("1,2024-13-02,10,EUR", "placed_at", "is no time"),
        ("1,2924-01-02,10,EUR", "placed_at", "future"),
        ("1,1869-01-02,10,EUR", "placed_at", "before 1970"),
        ("x" * 201 + ",2024-01-02,10,EUR", "id", "201 characters"),
        ("a\x00b,2024-01-02,10,EUR", "id", "NUL"),
        ("1,2024-01-02,10", "", "3 values for 4 columns"),
    ],
)
def test_wrong_row_goes_to_the_error_file_and_the_others_come_in(
    app: Flask, cast: Cast, tmp_path: Path, line: str, column: str, message: str
) -> None:
    path = write(tmp_path, HEADER, "good,2024-01-02,10,EUR", line)
    assert "1 new, 0 known already, 1 refused." in run_import(app, path, cast.maple, exit_code=3)
    assert [order.external_id for order in list_orders(app, cast.maple)] == ["good"]
    with (tmp_path / "orders.csv.errors.csv").open(encoding="utf-8", newline="") as file:
        header, refused = csv.reader(file)
    assert header == ["error.row", "error.column", "error.message", *HEADER.split(",")]
    assert (refused[0], refused[1]) == ("3", column)
    assert message in refused[2]


def test_corrected_error_file_can_be_imported(app: Flask, cast: Cast, tmp_path: Path) -> None:
    path = write(tmp_path, f"{HEADER},number", "1,2024-01-02,oops,EUR,=7")
    run_import(app, path, cast.maple, exit_code=3)
    errors = tmp_path / "orders.csv.errors.csv"
    errors.write_text(errors.read_text(encoding="utf-8").replace("oops", "12.50"), encoding="utf-8")
    run_import(app, errors, cast.maple)
    assert [(order.total_minor, order.number) for order in list_orders(app, cast.maple)] == [(1250, "=7")]


def test_days_are_read_the_way_the_owner_says(app: Flask, cast: Cast, tmp_path: Path) -> None:
    path = write(tmp_path, HEADER, "1,03/04/2024,10,EUR")
    run_import(app, path, cast.maple, "--dates", "day-first")
    assert [order.placed_at.date().isoformat() for order in list_orders(app, cast.maple)] == ["2024-04-03"]


@pytest.mark.parametrize("separator", [";", "\t"])
def test_spreadsheets_of_other_countries_are_understood(app: Flask, cast: Cast, tmp_path: Path, separator: str) -> None:
    lines = [HEADER, '"a\nb",5.1.2024 9:30,"1.234,50",EUR', "2,06.01.2024,12,CHF"]
    path = write(tmp_path, *(separator.join(csv_cells(line)) for line in lines), encoding="utf-8-sig")
    run_import(app, path, cast.maple)
    assert [(order.external_id, order.total_minor, order.currency) for order in list_orders(app, cast.maple)] == [
        ("a\nb", 123450, "EUR"),
        ("2", 1200, "CHF"),
    ]


def csv_cells(line: str) -> list[str]:
    (cells,) = csv.reader([line], strict=False) if "\n" not in line else [next(csv.reader(line.splitlines(True)))]
    return [f'"{cell}"' if "\n" in cell else cell for cell in cells]


def test_utf16_is_refused_in_plain_words(app: Flask, cast: Cast, tmp_path: Path) -> None:
    path = write(tmp_path, HEADER, "1,2024-01-02,10,EUR", encoding="utf-16")
    assert "The file is UTF-16. Save it as UTF-8" in run_import(app, path, cast.maple, exit_code=1)


def test_a_currency_that_nothing_tells_is_asked_for(app: Flask, cast: Cast, tmp_path: Path) -> None:
    path = write(tmp_path, "id,placed_at,total", "1,2024-01-02,10")
    assert "say --currency EUR" in run_import(app, path, cast.maple, exit_code=1)
    with app.app_context():
        db.session.get_one(Site, cast.maple.id).reporting_currency = "SEK"
        db.session.commit()
    run_import(app, path, cast.maple)
    assert [order.currency for order in list_orders(app, cast.maple)] == ["SEK"]


@pytest.mark.parametrize(
    ("header", "mapping", "message"),
    [
        ("id,total,currency", None, "No column is called placed_at"),
        ("id,placed_at,currency", None, "No column is called total"),
        ("id,date,order_date,total,currency", None, "Two columns would be placed_at"),
        ("id,date,total,currency", {"sum": "total"}, "does not have: sum"),
        ("id,date,total,currency", {"id": "name of the order"}, "no column of ours"),
    ],
)
def test_columns_that_do_not_fit_are_refused(
    app: Flask, cast: Cast, tmp_path: Path, header: str, mapping: dict[str, str] | None, message: str
) -> None:
    path = write(tmp_path, header, "1,2,3,4,5")
    options = ["--map", write(tmp_path, json.dumps(mapping), name="map.json")] if mapping else []
    assert message in run_import(app, path, cast.maple, *options, exit_code=1)


def test_a_site_that_is_none_is_refused(app: Flask, tmp_path: Path) -> None:
    result = run(app, "import", "orders", write(tmp_path, HEADER), "--site", "st_nobody")
    assert result.exit_code == 2
    assert "there is no site with this key" in result.output


def test_dry_run_writes_nothing(app: Flask, cast: Cast, tmp_path: Path) -> None:
    path = write(tmp_path, HEADER, "1,2024-01-02,10,EUR", "2,2024-01-02,ten,EUR")
    assert "1 would be new, 0 known already, 1 refused" in run_import(app, path, cast.maple, "--dry-run", exit_code=3)
    assert list_orders(app, cast.maple) == []
    assert list(tmp_path.iterdir()) == [path]


def test_orders_belong_to_the_site_named_alone(app: Flask, cast: Cast, tmp_path: Path) -> None:
    path = write(tmp_path, f"{HEADER},customer", "1,2024-01-02,10,EUR,carol")
    run_import(app, path, cast.maple)
    run_import(app, path, cast.bobs)
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Order)) == 2
        assert db.session.scalar(select(func.count()).select_from(Customer)) == 2


def test_json_lines_hold_lines_and_refunds_inside(app: Flask, cast: Cast, tmp_path: Path) -> None:
    order = {
        "id": 7,
        "placed_at": "2024-01-02T10:00:00+01:00",
        "total": 30.5,
        "currency": "eur",
        "customer": "carol",
        "guest": False,
        "lines": [{"title": "Teapot", "quantity": 1, "line_total": "30.50"}],
        "refunds": [{"id": "r1", "amount": "0.50", "reason": "late", "lines": [{"line": "1", "amount": "0.50"}]}],
        "note": {"unknown": True},
    }
    said = run_import(app, write(tmp_path, json.dumps(order), name="orders.jsonl"), cast.maple)
    assert "1 rows: 1 new" in said
    (stored,) = list_orders(app, cast.maple)
    assert (stored.external_id, stored.total_minor, stored.net_minor, stored.is_guest) == ("7", 3050, 3000, False)
    assert stored.placed_at.hour == 9
    assert isinstance(stored.customer_id, uuid.UUID)
    assert list_refunds(app, cast.maple)[0].lines == [{"line": "1", "quantity": 0, "amount_minor": 50}]
