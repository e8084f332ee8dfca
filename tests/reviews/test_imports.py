"""Whatever a file of reviews is like, it comes in once, what is wrong is said, and nothing is guessed."""

import json
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from tests.cast import Cast
from tests.orders.builders import make_line, make_order, take
from tests.reviews.builders import count_summaries, read_summaries, store
from tests.reviews.import_files import list_reviews, map_replies, run, run_import, write
from widget.core.db import begin_writing, db
from widget.customers.models import Customer
from widget.reviews.authors import key_of_email
from widget.reviews.media_fetching import FetchedPhotos
from widget.reviews.reader_models import ReviewSettings

HEADER = "product,rating,title,body,author,email,written_at"
ROW = "POT-03,5,{title},Pours well,Anna M.,{email},{at}"


def make_row(title: str = "Good", email: str = "", at: str = "2024-03-01") -> str:
    return ROW.format(title=title, email=email, at=at)


@pytest.mark.parametrize("delimiter", [",", ";", "\t"], ids=["comma", "semicolon", "tab"])
def test_any_delimiter_with_byte_order_mark_and_windows_lines(
    app: Flask, cast: Cast, tmp_path: Path, delimiter: str
) -> None:
    lines = [
        HEADER.split(","),
        ["POT-03", "4,0" if delimiter != "," else "4.0", "Good", '"Line\r\nline"', "", "", "2024-03-01"],
    ]
    content = "\r\n".join(delimiter.join(line) for line in lines)
    (tmp_path / "r.csv").write_bytes(b"\xef\xbb\xbf" + content.encode())
    run_import(app, tmp_path / "r.csv", cast.maple)
    (review,) = list_reviews(app, cast.maple)
    assert (review.rating, review.body, review.author_name, review.email) == (4, "Line\nline", "", None)


def test_refused_rows_go_to_a_file_and_the_terminal_repeats_nothing_personal(
    app: Flask, cast: Cast, tmp_path: Path
) -> None:
    path = write(
        tmp_path,
        HEADER,
        make_row(),
        "POT-03,4.6,Half,Text,Anna,anna@x.example,2024-03-01",
        "POT-03,6,Six,Text,Anna,anna@x.example,2024-03-01",
        ",5,None,Text,Anna,anna@x.example,2024-03-01",
        "POT-03,5,When,Text,Anna,anna@x.example,on Anna's birthday",
        "POT-03,5,Soon,Text,Anna,anna@x.example,2999-01-01",
        "POT-03,5,Mail,Text,Anna,anna at x,2024-03-01",
        "POT-03,5,Undated,Text,Anna,anna@x.example,",
        f"POT-03,5,{'x' * 151},Text,Anna,anna@x.example,2024-03-01",
        "POT-03,5,Short,Text",
    )
    said = run_import(app, path, cast.maple, exit_code=3)
    assert "10 rows: 1 new, 0 known already, 9 refused." in said
    assert "row 3, rating: A rating is a whole number of stars" in said
    assert "row 5, product: The product is missing." in said
    assert "row 6, written_at: This is no time: write it like" in said
    assert "row 10, title: The text has 151 characters; at most 150 are kept." in said
    assert "Anna" not in said
    assert "anna" not in said
    errors = (tmp_path / "reviews.csv.errors.csv").read_text()
    assert errors.count("anna@x.example") == 7
    # The corrected error file is a file like any other.
    corrected = write(tmp_path, errors.replace("4.6", "4"), name="corrected.csv")
    assert "9 rows: 1 new, 0 known already, 8 refused." in run_import(app, corrected, cast.maple, exit_code=3)


def test_days_nobody_can_tell_are_asked_for(app: Flask, cast: Cast, tmp_path: Path) -> None:
    path = write(tmp_path, HEADER, make_row("A", at="03/04/2024"), make_row("B", at="05-04-2024 10:00"))
    refused = run(app, "import", "reviews", path, "--site", cast.maple.key)
    assert refused.exit_code == 1
    assert "Is 03/04/2024 the third of April or the fourth of March? Say it with --dates day-first" in refused.output
    assert not list_reviews(app, cast.maple)
    run_import(app, path, cast.maple, "--dates", "dmy")
    assert [review.written_at.isoformat() for review in list_reviews(app, cast.maple)] == [
        "2024-04-03T00:00:00+00:00",
        "2024-04-05T10:00:00+00:00",
    ]
    assert "2 known already" in run_import(app, path, cast.maple, "--dates", "month-first")


@pytest.mark.parametrize(
    ("other", "day"),
    [("25/04/2024", "2024-04-03"), ("04/25/2024", "2024-03-04")],
    ids=["day first", "month first"],
)
def test_one_day_after_the_twelfth_tells_for_the_whole_file(
    app: Flask, cast: Cast, tmp_path: Path, other: str, day: str
) -> None:
    run_import(app, write(tmp_path, HEADER, make_row("A", at="03/04/2024"), make_row("B", at=other)), cast.maple)
    assert {review.title: review.written_at.date().isoformat() for review in list_reviews(app, cast.maple)}["A"] == day


def test_days_that_contradict_each_other_are_asked_for(app: Flask, cast: Cast, tmp_path: Path) -> None:
    days = ("03/04/2024", "25/04/2024", "04/25/2024")
    path = write(tmp_path, HEADER, *(make_row(day, at=day) for day in days))
    assert run(app, "import", "reviews", path, "--site", cast.maple.key).exit_code == 1
    assert "3 rows: 2 new, 0 known already, 1 refused." in run_import(
        app, path, cast.maple, "--dates", "dmy", exit_code=3
    )


def test_equal_rows_stay_and_come_in_once(app: Flask, cast: Cast, tmp_path: Path) -> None:
    path = write(tmp_path, HEADER, make_row(), make_row(), make_row("Other"))
    assert "3 rows: 3 would be new" in run_import(app, path, cast.maple, "--dry-run")
    assert not list_reviews(app, cast.maple)
    assert "3 rows: 3 new" in run_import(app, path, cast.maple)
    assert "0 would be new, 3 known already" in run_import(app, path, cast.maple, "--dry-run")
    assert "0 new, 3 known already" in run_import(app, path, cast.maple)
    assert "1 new, 3 known already" in run_import(
        app, write(tmp_path, HEADER, make_row(), make_row(), make_row("Other"), make_row("New")), cast.maple
    )


def test_ids_of_the_file_are_of_one_site(app: Flask, cast: Cast, tmp_path: Path) -> None:
    path = write(tmp_path, f"id,{HEADER}", f"7,{make_row('A')}", f"7,{make_row('B')}", f"8,{make_row('A')}")
    assert "3 rows: 2 new, 1 known already" in run_import(app, path, cast.maple)
    assert "3 rows: 2 new, 1 known already" in run_import(app, path, cast.bobs)


def test_first_review_of_an_author_is_theirs_and_further_ones_are_not_lost(
    app: Flask, cast: Cast, tmp_path: Path
) -> None:
    taken = key_of_email(cast.maple.id, "ben@x.example")
    with app.app_context():
        store(cast.maple.id, {"author_key": taken, "title": "Ben's own"})
    path = write(
        tmp_path,
        HEADER,
        make_row("1", "Anna@x.example", "2024-03-01"),
        make_row("2", "anna@X.example", "2024-03-02"),
        make_row("3", "ben@x.example", "2024-03-03"),
        make_row("4", "", "2024-03-04"),
    )
    assert "4 new" in run_import(app, path, cast.maple)
    keys = {review.title: review.author_key for review in list_reviews(app, cast.maple)}
    anna = key_of_email(cast.maple.id, "anna@x.example")
    assert keys == {"1": anna, "2": None, "3": None, "4": None, "Ben's own": taken}


def test_customer_of_a_row_is_its_author(app: Flask, cast: Cast, tmp_path: Path) -> None:
    path = write(tmp_path, f"{HEADER},customer", f"{make_row()},carol")
    run_import(app, path, cast.maple)
    with app.app_context():
        carol = db.session.scalars(select(Customer).where(Customer.external_id == "carol")).one()
        (review,) = list_reviews(app, cast.maple)
    assert (review.customer_id, review.author_key) == (carol.id, f"c:{carol.id.hex}")


def test_unknown_products_are_named_or_refused(app: Flask, cast: Cast, tmp_path: Path) -> None:
    with app.app_context():
        take(cast.maple.id, make_order(1, lines=[make_line(1, product_id="8001", sku="POT-03", variant_id=None)]))
    path = write(
        tmp_path,
        "product,sku,rating,title",
        "9,POT-03,5,By its SKU",
        "8001,,5,By its id",
        "teapot-8001,,5,No numeric tail",
    )
    said = run_import(app, path, cast.maple, "--dry-run", "--known-products", exit_code=3)
    assert "row 4, product: Neither orders nor the store know a product called teapot-8001." in said
    said = run_import(app, path, cast.maple)
    assert "Reviews of products that neither orders nor the store told of: 1; the products: teapot-8001." in said
    products = {review.title: review.product_id for review in list_reviews(app, cast.maple)}
    assert products == {"By its SKU": "POT-03", "By its id": "8001", "No numeric tail": "teapot-8001"}


def test_map_names_columns_and_a_wrong_one_is_told_what_there_is(app: Flask, cast: Cast, tmp_path: Path) -> None:
    path = write(tmp_path, "Item,Stars,Text,Kind,Fit", "POT-03,5,Pours well,x,4")
    refused = run(app, "import", "reviews", path, "--site", cast.maple.key)
    assert "The file is no export known here" in refused.output
    assert "Ours are: id, product, handle" in refused.output
    map_file = write(tmp_path, json.dumps({"Item": "produkt"}), name="wrong.json")
    refused = run(app, "import", "reviews", path, "--site", cast.maple.key, "--map", map_file)
    assert "The map names produkt, which is no column of ours. Ours are: id, product" in refused.output
    mapping = {"Item": "product", "Stars": "rating", "Text": "body", "Fit": "attribute.fit"}
    map_file = write(tmp_path, json.dumps(mapping), name="map.json")
    said = run_import(app, path, cast.maple, "--map", map_file)
    assert "Left out: Kind." in said
    (review,) = list_reviews(app, cast.maple)
    assert (review.product_id, review.body, review.attributes) == ("POT-03", "Pours well", {"fit": 4})


def test_map_says_that_pages_name_products_by_handle(app: Flask, cast: Cast, tmp_path: Path) -> None:
    header = "title,body,rating,review_date,reviewer_name,reviewer_email,product_id,product_handle,reply,picture_urls"
    path = write(tmp_path, header, "Good,Solid,4,2024-03-01,Anna,anna@x.example,8001,teapot,,")
    map_file = write(tmp_path, json.dumps({"product_id": ""}), name="map.json")
    said = run_import(app, path, cast.maple, "--map", map_file)
    assert "is read as a file made for Judge.me's import." in said
    assert [review.product_id for review in list_reviews(app, cast.maple)] == ["teapot"]


def test_attributes_are_read_by_the_owners_definitions(app: Flask, cast: Cast, tmp_path: Path) -> None:
    choices = [{"id": "s", "labels": {"en": "Small"}}, {"id": "38", "labels": {"en": "Thirty-eight"}}]
    asked = [
        {"key": "fit", "type": "scale", "labels": {"en": "How does it fit?"}},
        {"key": "size", "type": "choice", "labels": {"en": "Size"}, "choices": choices},
    ]
    with app.app_context():
        begin_writing()
        usual = {"moderation": "publish", "name_form": "full", "default_sort": "newest"}
        db.session.add(ReviewSettings(site_id=cast.maple.id, attributes=asked, **usual))
        db.session.commit()
    path = write(
        tmp_path,
        "product,rating,title,author,attribute.fit,attribute.size,attribute.note",
        "POT-03,5,A,Anna Maria,3,Small,Soft",
        "POT-03,5,B,Anna Maria,,38," + "x" * 61,
        "POT-03,5,C,Anna Maria,7,,",
        "POT-03,5,D,Anna Maria,,XL,",
    )
    said = run_import(app, path, cast.maple, exit_code=3)
    assert "row 4, attribute.fit: The attribute must be a whole number from 1 to 5." in said
    assert "row 5, attribute.size: The attribute has no such choice." in said
    assert "Attributes that the settings do not define: note." in said
    assert "Answers too long for an attribute, left out: 1." in said
    first, second = list_reviews(app, cast.maple)
    assert (first.attributes, first.author_name) == ({"fit": 3, "size": "s", "note": "Soft"}, "Anna Maria")
    assert second.attributes == {"size": "38"}
    with app.app_context():
        assert read_summaries(cast.maple.id) == count_summaries(cast.maple.id)


@pytest.mark.parametrize("cell", ["A\x00B", "=1+1"], ids=["nul", "formula"])
def test_hostile_texts_are_texts_or_refused(app: Flask, cast: Cast, tmp_path: Path, cell: str) -> None:
    path = write(tmp_path, "product,rating,body", f"POT-03,5,{cell}")
    run_import(app, path, cast.maple, exit_code=3 if "\x00" in cell else 0)
    assert [review.body for review in list_reviews(app, cast.maple)] == ([] if "\x00" in cell else ["=1+1"])


def test_attribute_with_a_key_that_is_none_is_refused(app: Flask, cast: Cast, tmp_path: Path) -> None:
    path = write(tmp_path, f"product,rating,attribute.{'x' * 60}", "POT-03,5,3")
    refused = run(app, "import", "reviews", path, "--site", cast.maple.key)
    assert "is no attribute: its key is made of small letters" in refused.output
    rows = [
        {"product": "POT-03", "rating": 5, "attribute.Much too Long" * 9: 3},
        {"product": "POT-03", "rating": 5, "attribute.fit": {"a": 1}},
        {"product": {"a": 1}, "rating": 5},
        {"product": "POT-03", "rating": True},
        {"product": "POT-03", "rating": 5.0, "attribute.fit": 3, "verified": True, "incentivized": False},
    ]
    path = write(tmp_path, *map(json.dumps, rows), name="reviews.jsonl")
    assert "5 rows: 1 new, 0 known already, 4 refused." in run_import(app, path, cast.maple, exit_code=3)
    (review,) = list_reviews(app, cast.maple)
    assert (review.attributes, review.verified_by, review.is_incentivized) == ({"fit": 3}, "import", False)


def test_pictures_are_fetched_on_request_and_once(
    app: Flask, cast: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[object, ...]] = []

    def fetch(*what: object) -> FetchedPhotos:
        asked.append(what)
        return FetchedPhotos(stored=["https://a.example/1.jpg"], failed={"https://a.example/2.jpg": "not_a_photo"})

    monkeypatch.setattr("widget.reviews.commands.fetch_photos", fetch)
    path = write(
        tmp_path,
        "product,rating,title,photos",
        'POT-03,5,A,"https://a.example/1.jpg, https://a.example/2.jpg"',
        "POT-03,5,B,",
    )
    assert "Addresses of pictures, passed over: 2; --photos fetches them." in run_import(app, path, cast.maple)
    assert not asked
    said = run_import(app, path, cast.maple, "--photos")
    assert "Pictures fetched: 1 of 2." in said
    assert "Pictures that could not be fetched: 1 not a photo." in said
    (review, _) = list_reviews(app, cast.maple)
    assert asked == [(cast.maple.id, review.id, ("https://a.example/1.jpg", "https://a.example/2.jpg"))]


def test_reply_without_a_date_is_as_old_as_its_review(app: Flask, cast: Cast, tmp_path: Path) -> None:
    run_import(app, write(tmp_path, f"{HEADER},reply", f"{make_row()},Thanks"), cast.maple)
    reply = map_replies(app, cast.maple)["Good"]
    assert (reply.body, reply.replied_at.date().isoformat()) == ("Thanks", "2024-03-01")
