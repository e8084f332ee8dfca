"""Orders and customers go out whole, safe to open in a spreadsheet, and orders come in again as they were."""

import csv
import io
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from flask import Flask
from sqlalchemy import select

from tests.cast import Cast, SiteOfCast
from tests.intake.files import run, run_import
from tests.orders.builders import NOON, make_line, make_order, make_refund, read_figures, take
from widget.core import export_rows
from widget.core.db import begin_writing_anew, db
from widget.core.exporting import unmark_formula
from widget.customers.models import Customer, CustomerAttribute
from widget.customers.rules import Buyer
from widget.orders.customer_exports import stream_customers
from widget.orders.exports import COLUMNS, stream_orders
from widget.orders.filters import OrderFilter
from widget.orders.models import Order, OrderLine, Refund
from widget.orders.refunds import record_refunds

OWN = ("site_id", "id", "customer_id", "created_at", "order_id", "source", "version_digest", "is_standalone")


@pytest.fixture
def site(app: Flask, cast: Cast) -> SiteOfCast:
    with app.app_context():
        lines = [
            make_line(1, title='Teapot, "blue"\nlarge', sku="=POT", discount_minor=100, tax_minor=19),
            make_line(2, quantity=3, variant_id="v", is_gift_card=True),
        ]
        take(
            cast.maple.id,
            make_order(1, number="=1+1", lines=lines, refunds=[make_refund(reason="late")], coupon_codes=["A", "B"]),
            make_order(2, currency="JPY", placed_at=NOON + timedelta(days=1), buyer=Buyer(email="Frank@x.example")),
            make_order(
                3, placed_at=NOON + timedelta(days=2, microseconds=7), state="cancelled", is_test=True,
                buyer=Buyer("carol", is_guest=True), cart_external_id="c9", coupon_codes=["a, b"],
                cancelled_at=NOON + timedelta(days=3),
            ),
        )  # fmt: skip
        take(cast.maple.id, make_order(4, buyer=Buyer("00042"), placed_at=NOON - timedelta(days=400)))
        begin_writing_anew()
        lines = [{"line": "1", "quantity": 1, "amount_minor": 300}]
        record_refunds(cast.maple.id, [("2", make_refund(9, 300, lines=lines))])
        db.session.commit()
    return cast.maple


def export(app: Flask, site: SiteOfCast, file_format: str = "csv", wanted: OrderFilter = OrderFilter()) -> bytes:  # noqa: B008
    with app.app_context():
        return b"".join(stream_orders(site.id, wanted, file_format))


def read_csv(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode(), newline=""), strict=True))


def list_stored(app: Flask, site: SiteOfCast) -> list[dict[str, Any]]:
    """Return everything stored of a site's orders but what a store gives anew."""
    rows = []
    with app.app_context():
        numbers = dict(db.session.execute(select(Order.id, Order.external_id)).tuples().all())
        for model in (Order, OrderLine, Refund):
            for row in db.session.execute(
                select(model.__table__).where(model.__table__.c.site_id == site.id)
            ).mappings():
                values = {name: value for name, value in row.items() if name not in OWN}
                if model is Refund:
                    # A refund that came by itself is one that its order lists, once it comes from a file.
                    values.pop("is_listed")
                buyer = db.session.get(Customer, (site.id, row.get("customer_id"))) if row.get("customer_id") else None
                rows.append(
                    values
                    | {"of": numbers.get(row.get("order_id")), "buyer": buyer and (buyer.external_id, buyer.email_key)}
                )
    return sorted(rows, key=repr)


@pytest.mark.parametrize("file_format", ["csv", "jsonl"])
def test_an_export_comes_in_again_as_the_same_orders(
    app: Flask, cast: Cast, site: SiteOfCast, tmp_path: Path, file_format: str
) -> None:
    path = tmp_path / f"orders.{file_format}"
    result = run(app, "export", "orders", "--site", site.key, "--format", file_format, "--output", path)
    assert result.exit_code == 0, result.output
    assert "4 rows: 4 new, 0 known already, 0 refused." in run_import(app, path, cast.bobs)
    assert list_stored(app, cast.bobs) == list_stored(app, site)
    assert "0 new, 4 known already" in run_import(app, path, cast.bobs)
    with app.app_context():
        ours, theirs = read_figures(site.id), read_figures(cast.bobs.id)
    assert (ours["days"], ours["cohorts"]) == (theirs["days"], theirs["cohorts"])


def test_csv_shows_amounts_as_people_read_them_and_no_formula(app: Flask, site: SiteOfCast) -> None:
    oldest, order, yen, cancelled = read_csv(export(app, site))
    assert list(order) == list(COLUMNS)
    assert oldest["customer"] == "00042"
    assert (order["total"], order["refunded"], order["net"], order["currency"]) == ("20.00", "5.00", "15.00", "EUR")
    assert order["number"] == "'=1+1"
    assert unmark_formula(order["number"]) == "=1+1"
    assert (order["coupon_codes"], json.loads(cancelled["coupon_codes"])) == ("A, B", ["a, b"])
    assert [line["line_total"] for line in json.loads(order["lines"])] == ["20.00", "20.00"]
    assert (yen["total"], yen["net"], yen["guest"], yen["email"]) == ("2000", "1700", "yes", "frank@x.example")
    # Nobody knows what yen are worth here: no figure, and not 0.
    assert (yen["reporting_net"], order["reporting_net"]) == ("", "15.00")
    assert (cancelled["state"], cancelled["test"], cancelled["net"]) == ("cancelled", "yes", "0.00")


def test_xlsx_holds_amounts_as_numbers(app: Flask, site: SiteOfCast) -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(export(app, site, "xlsx"))).active
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[0] == COLUMNS
    assert rows[2][COLUMNS.index("total")] == 20
    assert rows[2][COLUMNS.index("number")] == "'=1+1"


def test_pages_of_an_export_meet_without_gap_or_repeat(
    app: Flask, site: SiteOfCast, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = export(app, site)
    for rows in (1, 2, 3):
        monkeypatch.setattr(export_rows, "BATCH_ROWS", rows)
        assert export(app, site) == whole


@pytest.mark.parametrize(
    ("options", "numbers"),
    [
        (["--state", "cancelled"], ["3"]),
        (["--customer", "carol"], ["1", "3"]),
        (["--customer", "FRANK@X.example"], ["2"]),
        (["--customer", "nobody"], []),
        (["--from", "2026-05-05"], ["2", "3"]),
        (["--from", "2026-05-04", "--until", "2026-05-05"], ["1", "2"]),
    ],
)
def test_command_takes_a_part(app: Flask, site: SiteOfCast, options: list[str], numbers: list[str]) -> None:
    result = run(app, "export", "orders", "--site", site.key, *options)
    assert [row["id"] for row in read_csv(result.stdout_bytes)] == numbers


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--from", "soon"], "--from: Not a valid date."),
        (["--from", "2026-05-05", "--until", "2026-05-04"], "--until: Must not lie before the first day."),
        (["--state", "lost"], "--state: Must be one of: placed"),
    ],
)
def test_command_says_what_is_wrong(app: Flask, cast: Cast, options: list[str], said: str) -> None:
    result = run(app, "export", "orders", "--site", cast.maple.key, *options)
    assert result.exit_code == 2
    assert said in result.output


def test_no_order_is_a_file_of_names_alone(app: Flask, cast: Cast) -> None:
    assert export(app, cast.bobs).decode().splitlines() == [",".join(COLUMNS)]
    assert export(app, cast.bobs, "jsonl") == b""


def test_customers_go_out_with_what_they_bought_and_told(app: Flask, site: SiteOfCast) -> None:
    with app.app_context():
        carol = db.session.scalars(select(Customer).where(Customer.external_id == "carol")).one()
        frank = db.session.scalars(select(Customer).where(Customer.email == "frank@x.example")).one()
        for name, value in (("area", "=Como"), ("interests", ["tea", "wool"])):
            db.session.add(
                CustomerAttribute(
                    site_id=site.id, customer_id=carol.id, name=name, value=value, consent_text="May we?",
                    given_at=datetime(2026, 5, 1, tzinfo=UTC), source="api",
                )
            )  # fmt: skip
        frank.merged_into_id = carol.id
        db.session.commit()
        rows = read_csv(b"".join(stream_customers(site.id, "csv")))
    assert {row["customer"] for row in rows} == {"carol", "00042"}
    row = next(row for row in rows if row["customer"] == "carol")
    assert (row["orders"], row["revenue"], row["currency"], row["coupon_orders"]) == ("1", "15.00", "EUR", "1")
    assert (row["attribute.area"], row["attribute.interests"]) == ("'=Como", "tea, wool")
    assert row["first_order_at"] == "2026-05-04T12:00:00Z"
