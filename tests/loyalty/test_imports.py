"""Balances come over from other programs once, and go out as files."""

import csv
import io
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import select

from tests.cast import Cast
from tests.dashboard.owner import OwnerBrowser, logged_in
from tests.loyalty.builders import find_customer, give_points, make_reward, read_account, start_program
from tests.loyalty.test_account_pages import TIERS
from widget.core.clock import utc_now
from widget.core.db import db
from widget.core.hot import hot_transaction
from widget.core.ids import new_id
from widget.customers.models import Customer
from widget.loyalty.models import LedgerEntry, LoyaltyAccount
from widget.loyalty.redeeming import redeem_reward
from widget.loyalty.verifying import find_faults

SMILE = 'First name,Email,Points balance,VIP tier\nAda,ada@x.example,"1,250",Silver\nBen,ben@x.example,-30,\n'
YOTPO = "Full Name,Email,Points Balance,Points Spent\nAda Byron,ada@x.example,1250,10\nBen,ben@x.example,-30,0\n"
LION = "merchant_id,email,points_approved,points_pending\nada-7,ada@x.example,1250,3\n,ben@x.example,-30,0\n"
PLAIN = "email,points\nada@x.example,1250\nben@x.example,-30\n"


def run(app: Flask, cast: Cast, path: Path, text: str | None = None, *options: str) -> Result:
    if text is not None:
        path.write_text(text)
    return app.test_cli_runner().invoke(args=["import", "points", str(path), "--site", cast.maple.key, *options])


def read_balances(app: Flask, cast: Cast) -> dict[str, int]:
    with app.app_context():
        is_customer = (Customer.site_id == LoyaltyAccount.site_id) & (Customer.id == LoyaltyAccount.customer_id)
        rows = db.session.execute(
            select(Customer.email, LoyaltyAccount.balance)
            .join(Customer, is_customer)
            .where(LoyaltyAccount.site_id == cast.maple.id)
        )
        return dict(rows.tuples().all())


@pytest.mark.parametrize(
    ("text", "title"),
    [(SMILE, "Smile.io"), (YOTPO, "Yotpo"), (LION, "LoyaltyLion"), (PLAIN, "plain columns")],
    ids=["Smile.io", "Yotpo", "LoyaltyLion", "plain"],
)
def test_balances_come_over_once(app: Flask, cast: Cast, tmp_path: Path, text: str, title: str) -> None:
    with app.app_context():
        start_program(cast.maple.id, tiers=TIERS)
    file = tmp_path / "balances.csv"
    preview = run(app, cast, file, text, "--dry-run")
    assert "2 rows: 2 would be new, 0 known already, 0 refused." in preview.output
    assert "1220 points would come with them." in preview.output
    assert read_balances(app, cast) == {}
    first, again = run(app, cast, file), run(app, cast, file)
    assert title in first.output
    assert "2 new" in first.output
    assert "0 new, 2 known already" in again.output
    assert read_balances(app, cast) == {"ada@x.example": 1250, "ben@x.example": -30}
    with app.app_context():
        entries = db.session.scalars(select(LedgerEntry)).all()
        assert {(entry.kind, entry.rule) for entry in entries} == {("adjust", "import")}
        assert len(entries) == 2
        assert list(find_faults(cast.maple.id)) == []


def test_tier_that_comes_over_stays_until_it_is_let_go(
    app: Flask, cast: Cast, alice: OwnerBrowser, tmp_path: Path
) -> None:
    with app.app_context():
        start_program(cast.maple.id, tiers=TIERS)
    run(app, cast, tmp_path / "balances.csv", SMILE)
    with app.app_context():
        account = db.session.scalars(select(LoyaltyAccount).where(LoyaltyAccount.balance > 0)).one()
        assert (account.tier, account.is_tier_pinned) == ("silver", True)
        page = f"/dashboard/{cast.maple.key}/loyalty/customers/{account.customer_id}"
    text = alice.get(page).text
    assert "Brought over from Smile.io" in text


def test_another_balance_of_the_same_customer_is_refused_unless_it_is_from_elsewhere(
    app: Flask, cast: Cast, tmp_path: Path
) -> None:
    file = tmp_path / "balances.csv"
    run(app, cast, file, PLAIN)
    changed = PLAIN.replace("1250", "1300")
    refused = run(app, cast, file, changed)
    assert refused.exit_code == 3
    assert "0 new, 1 known already, 1 refused" in refused.output
    assert "--source" in (tmp_path / "balances.csv.errors.csv").read_text()
    bonus = run(app, cast, file, "email,points\nada@x.example,100\n", "--source", "Spring bonus")
    assert "1 new" in bonus.output
    assert read_balances(app, cast)["ada@x.example"] == 1350


def test_wrong_rows_are_set_aside_and_the_others_stored(app: Flask, cast: Cast, tmp_path: Path) -> None:
    rows = [
        "ada@x.example,1.250,,", "nobody,5,,", ",5,,", "ben@x.example,,,", "cat@x.example,7,gold,",
        "dan@x.example,7,,2020-01-01", "eve@x.example,8,,2099-12-31", "eve@x.example,9,,", "fay@x.example,9e99,,",
    ]  # fmt: skip
    file = tmp_path / "balances.csv"
    result = run(app, cast, file, "email,points,tier,expires_at\n" + "\n".join(rows) + "\n")
    assert result.exit_code == 3
    assert "9 rows: 1 new, 0 known already, 8 refused." in result.output
    errors = list(csv.DictReader(io.StringIO((tmp_path / "balances.csv.errors.csv").read_text())))
    assert [row["error.column"] for row in errors] == [
        "points", "email", "email", "points", "tier", "expires_at", "", "points",
    ]  # fmt: skip
    assert read_balances(app, cast) == {"eve@x.example": 8}


def test_points_expire_as_the_file_says_and_else_as_the_program_does(app: Flask, cast: Cast, tmp_path: Path) -> None:
    lots = {"kind": "lot", "months": 12, "to_month_end": False, "purchases_only": False}
    with app.app_context():
        start_program(cast.maple.id, expiry=lots, time_zone="Europe/Rome")
    text = "customer,points,expires_at\nada,5,2099-12-31\nben,5,2099-12-31T10:00:00Z\ncat,5,\n"
    assert run(app, cast, tmp_path / "balances.csv", text).exit_code == 0
    with app.app_context():
        gone = {
            row.external_id: read_account(cast.maple.id, row.id).next_change_at
            for row in db.session.scalars(select(Customer)).all()
        }
    assert gone["ada"].isoformat() == "2099-12-31T23:00:00+00:00"
    assert gone["ben"].isoformat() == "2099-12-31T10:00:00+00:00"
    assert timedelta(days=364) < gone["cat"] - utc_now() < timedelta(days=368)


@pytest.mark.parametrize(
    ("text", "mapping", "words"),
    [
        ("email,score\na@x.example,1\n", None, "no column is called points"),
        ("points\n1\n", None, "or none email or customer"),
        ("email,score\na@x.example,1\n", {"score": "shoes"}, "no column of ours"),
        ("email,points\na@x.example,1\n", {"x": "points"}, "does not have: x"),
        ("email,points,balance\na@x.example,1,2\n", None, "Two columns would be points"),
    ],
)
def test_file_that_names_nothing_is_refused_whole(
    app: Flask, cast: Cast, tmp_path: Path, text: str, mapping: Any, words: str
) -> None:
    options = []
    if mapping:
        (tmp_path / "map.json").write_text(json.dumps(mapping))
        options = ["--map", str(tmp_path / "map.json")]
    result = run(app, cast, tmp_path / "balances.csv", text, *options)
    assert result.exit_code == 1
    assert words in result.output


def test_store_knows_names_better_than_a_file(app: Flask, cast: Cast, tmp_path: Path) -> None:
    with app.app_context():
        carol = find_customer(cast.maple.id)
    run(app, cast, tmp_path / "balances.csv", "customer,email,name,points\ncarol,old@x.example,Somebody,5\n")
    with app.app_context():
        known = db.session.get(Customer, (cast.maple.id, carol))
        assert (known.name, known.email) == ("Carol", "carol@shoppers.example")
        assert read_account(cast.maple.id, carol).balance == 5


def test_everything_goes_out_as_files_from_page_and_command(app: Flask, cast: Cast, alice: OwnerBrowser) -> None:
    with app.app_context():
        carol = find_customer(cast.maple.id)
        start_program(cast.maple.id)
        give_points(cast.maple.id, carol, 150)
        reward = make_reward(cast.maple.id, 100, texts={"en": {"name": "=1+1"}})
        with hot_transaction() as cursor:
            code = redeem_reward(cursor, cast.maple.id, carol, new_id(), reward, utc_now()).code
    home = f"/dashboard/{cast.maple.key}/loyalty"
    paths = {"points": "customers", "ledger": "ledger", "redemptions": "redemptions"}
    files = {}
    for kind, path in paths.items():
        told = app.test_cli_runner().invoke(args=["export", kind, "--site", cast.maple.key])
        page = alice.get(f"{home}/{path}/export.csv")
        assert told.stdout_bytes == page.data
        assert alice.get(f"{home}/{path}/export.xlsx").data[:2] == b"PK"
        assert json.loads(alice.get(f"{home}/{path}/export.jsonl").text.splitlines()[0])["customer"] == "carol"
        assert alice.get(f"{home}/{path}/export.pdf").status_code == 404
        files[kind] = list(csv.DictReader(io.StringIO(page.text)))
    assert [(row["customer"], row["points"]) for row in files["points"]] == [("carol", "50")]
    assert [(row["kind"], row["points"]) for row in files["ledger"]] == [("adjust", "150"), ("redeem", "-100")]
    assert json.loads(files["ledger"][1]["reason"])["price"] == 100
    (redemption,) = files["redemptions"]
    assert (redemption["reward"], redemption["code"], redemption["amount"]) == ("'=1+1", code, "5.00")
    bob = logged_in(app, "bob@bobs.example")
    for path in paths.values():
        assert bob.get(f"{home}/{path}/export.csv").status_code == 404
        assert "carol" not in bob.get(f"/dashboard/{cast.bobs.key}/loyalty/{path}/export.csv").text
