"""Reviews go out whole, safe to open in a spreadsheet, and come in again as they were."""

import csv
import io
import json
import uuid
from datetime import timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from flask import Flask
from sqlalchemy import select

from tests.cast import Cast, SiteOfCast
from tests.dashboard.owner import OwnerBrowser
from tests.reviews.builders import NOON, count_summaries, read_summaries, store
from tests.reviews.import_files import run, run_export, run_import
from widget.core import export_rows
from widget.core.db import begin_writing_anew, db
from widget.core.ids import new_id
from widget.customers.service import save_customers
from widget.reviews.authors import key_of_customer, key_of_email
from widget.reviews.media_models import ReviewMedia
from widget.reviews.models import Review, ReviewReply

# What a file does not carry, for it begins anew where it comes in.
OWN = {"site_id", "customer_id", "author_key", "created_at", "source", "photos", "submission_digest", "verified_by"}


@pytest.fixture
def site(app: Flask, cast: Cast) -> SiteOfCast:
    """Maple with a review in every state there is, the first with everything a review can have."""
    site_id = cast.maple.id
    with app.app_context():
        begin_writing_anew()
        carol = save_customers(site_id, {"carol"})["carol"]
        db.session.commit()
        everything, *_ = store(
            site_id,
            {
                "author_key": key_of_customer(carol), "customer_id": carol, "email": "carol@shoppers.example",
                "title": '=HYPERLINK("x")', "body": 'Two "lines",\nand -1+1', "author_name": "Carol Ann Winter",
                "attributes": {"fit": 3, "size": "38", "note": "@soft"}, "language": "de", "country": "DE",
                "verified_by": "import", "is_incentivized": True, "incentive": "10 % off", "is_featured": True,
                "helpful": 7, "provider": "Judge.me", "photos": 2, "edited_at": NOON + timedelta(days=2),
                "published_at": NOON + timedelta(hours=1, microseconds=7),
            },
            {"title": "Held", "body": "", "rating": 1, "state": "pending", "hold_reason": "moderation",
             "language": None, "author_key": key_of_email(site_id, "ben@x.example"), "email": "Ben@x.example"},
            {"title": "Suspicious", "state": "pending", "hold_reason": "suspicious", "flags": ["links", "too fast"]},
            {"title": "Spam", "state": "rejected", "reject_reason": "spam", "product_id": "CUP"},
            {"title": "Abuse", "state": "rejected", "reject_reason": "abusive", "author_name": "",
             "published_at": NOON},
            {"title": "Taken back", "state": "rejected", "reject_reason": "author", "written_at": NOON - timedelta(7)},
        )  # fmt: skip
        add_reply_and_photos(site_id, everything)
    return cast.maple


def add_reply_and_photos(site_id: uuid.UUID, review_id: uuid.UUID) -> None:
    begin_writing_anew()
    row: dict[str, Any] = {"site_id": site_id, "review_id": review_id}
    times = {"replied_at": NOON + timedelta(days=1), "edited_at": NOON + timedelta(days=2)}
    db.session.add(ReviewReply(**row, **times, body="+1, thank you\n'Maple", author_name="Alice"))
    row |= {"kind": "photo", "bytes": 9, "created_at": NOON}
    row["sizes"] = [{"name": "large", "type": "image/jpeg", "width": 9, "height": 9, "bytes": 9}]
    for position, name in enumerate(("a", "b")):
        db.session.add(ReviewMedia(**row, id=new_id(), position=position, content_hash=name, holder=name))
    db.session.commit()


def list_stored(app: Flask, site: SiteOfCast) -> list[dict[str, Any]]:
    """Return everything stored of a site's reviews but what begins anew."""
    with app.app_context():
        rows = db.session.execute(select(Review.__table__).where(Review.site_id == site.id).order_by(Review.id))
        replies = db.session.execute(select(ReviewReply.__table__).where(ReviewReply.site_id == site.id)).mappings()
        answers = {row["review_id"]: {**row, "site_id": None} for row in replies}
        return [
            {name: value for name, value in row.items() if name not in OWN}
            | {"is_verified": row["verified_by"] is not None, "reply": answers.get(row["id"])}
            for row in rows.mappings()
        ]


def read_csv(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode(), newline=""), strict=True))


@pytest.mark.parametrize("file_format", ["csv", "jsonl"])
@pytest.mark.parametrize("batch", [1000, 2], ids=["one page", "pages"])
def test_export_comes_in_on_another_site_as_it_was(
    app: Flask, cast: Cast, site: SiteOfCast, tmp_path: Path, file_format: str, batch: int, monkeypatch: Any
) -> None:
    monkeypatch.setattr(export_rows, "BATCH_ROWS", batch)
    path = run_export(app, site, tmp_path / f"reviews.{file_format}", "--format", file_format)
    said = run_import(app, path, cast.bobs)
    assert "6 rows: 6 new, 0 known already, 0 refused." in said
    assert list_stored(app, cast.bobs) == list_stored(app, site)
    with app.app_context():
        assert read_summaries(cast.bobs.id) == count_summaries(cast.bobs.id)
        assert read_summaries(cast.bobs.id)["tallies"] == read_summaries(site.id)["tallies"]
        is_bobs = (Review.site_id == cast.bobs.id, Review.author_key.is_not(None))
        keys = set(db.session.scalars(select(Review.author_key).where(*is_bobs)))
        carol = save_customers(cast.bobs.id, {"carol"})["carol"]
        assert keys == {key_of_customer(carol), key_of_email(cast.bobs.id, "ben@x.example")}
        db.session.rollback()
    assert "0 new, 6 known already" in run_import(app, path, cast.bobs)
    assert "0 new, 6 known already" in run_import(app, path, site)


def test_csv_holds_everything_and_no_formula(app: Flask, site: SiteOfCast, tmp_path: Path) -> None:
    content = run_export(app, site, tmp_path / "reviews.csv").read_bytes()
    rows = {row["title"]: row for row in read_csv(content)}
    row = rows['\'=HYPERLINK("x")']
    assert (row["customer"], row["email"], row["author"]) == ("carol", "carol@shoppers.example", "Carol Ann Winter")
    assert (row["reply"], row["reply_author"]) == ("'+1, thank you\n'Maple", "Alice")
    assert (row["verified"], row["incentivized"], row["featured"], row["helpful"]) == ("import", "yes", "yes", "7")
    assert (row["attribute.fit"], row["attribute.size"], row["attribute.note"]) == ("3", "38", "'@soft")
    first, second = row["photos"].split(", ")
    assert first.endswith("/large")
    assert f"/embed/v1/{site.key}/reviews/media/" in second
    assert (rows["Suspicious"]["state"], rows["Suspicious"]["reason"], rows["Suspicious"]["flags"]) == (
        "pending", "suspicious", "links, too fast"
    )  # fmt: skip
    assert (rows["Abuse"]["state"], rows["Abuse"]["reason"]) == ("rejected", "abusive")
    assert next(iter(rows)) == "Taken back"


def test_xlsx_and_json_lines_hold_the_same(app: Flask, site: SiteOfCast, tmp_path: Path) -> None:
    path = run_export(app, site, tmp_path / "reviews.xlsx", "--format", "xlsx")
    header, *rows = openpyxl.load_workbook(path).active.iter_rows(values_only=True)
    titles = {row[header.index("title")] for row in rows}
    lines = run_export(app, site, tmp_path / "reviews.jsonl", "--format", "jsonl").read_text().splitlines()
    documents = [json.loads(line) for line in lines]
    assert titles == {"'" + one["title"] if one["title"].startswith("=") else one["title"] for one in documents}
    assert next(one for one in documents if one["title"].startswith("="))["attribute.fit"] == 3


def test_filter_takes_a_part(app: Flask, site: SiteOfCast, tmp_path: Path) -> None:
    path = run_export(app, site, tmp_path / "spam.csv", "--filter", "state=rejected", "--filter", "product=CUP")
    assert [row["title"] for row in read_csv(path.read_bytes())] == ["Spam"]
    refused = run(app, "export", "reviews", "--site", site.key, "--filter", "state=negative")
    assert refused.exit_code == 2
    assert "Must be one of" in refused.output


def test_owner_downloads_what_the_command_writes(
    app: Flask, site: SiteOfCast, alice: OwnerBrowser, tmp_path: Path
) -> None:
    answer = alice.get(f"/dashboard/{site.key}/reviews/export.csv")
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="reviews-')
    assert answer.data == run_export(app, site, tmp_path / "reviews.csv").read_bytes()
    part = alice.get(f"/dashboard/{site.key}/reviews/export.jsonl?state=pending")
    assert len(part.data.splitlines()) == 2


def test_download_refuses_strangers_bad_filters_and_unknown_formats(
    site: SiteOfCast, alice: OwnerBrowser, bob: OwnerBrowser
) -> None:
    address = f"/dashboard/{site.key}/reviews/export"
    assert bob.get(f"{address}.csv").status_code == 404
    assert alice.get(f"{address}.pdf").status_code == 404
    answer = alice.get(f"{address}.csv?state=negative")
    assert answer.status_code == 422
    assert "this filter cannot be used" in answer.get_data(as_text=True)
