"""Feeds have every published review in the order their schema wants, and no byte that would spoil the rest."""

import csv
import io
from pathlib import Path
from typing import Any

import orjson
import pytest
from flask import Flask
from flask.testing import FlaskClient
from lxml import etree

from tests.cast import Cast, SiteOfCast
from tests.reviews.builders import NOON, TEAPOT, store
from tests.reviews.products import ADDRESS, tell_product
from widget.core import export_rows
from widget.core.db import db
from widget.core.ids import new_id
from widget.reviews.feeds import clean
from widget.reviews.media_models import ReviewMedia

SCHEMA = Path(__file__).parent / "files" / "product_ratings_feed.xsd"
SPOILT = "A\x01\x0b\x1f\x7f\ufffe\uffff<b>&amp;]]>\U0001f600"


def read_google(client: FlaskClient, site: SiteOfCast) -> Any:
    response = client.get(f"/embed/v1/{site.key}/reviews/feeds/google.xml")
    assert (response.status_code, response.mimetype) == (200, "application/xml")
    feed = etree.fromstring(response.data)
    etree.XMLSchema(etree.parse(SCHEMA)).assertValid(feed)
    return feed


def read_meta(client: FlaskClient, site: SiteOfCast) -> list[dict[str, str]]:
    response = client.get(f"/embed/v1/{site.key}/reviews/feeds/meta.csv")
    assert (response.status_code, response.mimetype) == (200, "text/csv")
    return list(csv.DictReader(io.StringIO(response.text, newline="")))


def fill(app: Flask, cast: Cast) -> None:
    with app.app_context():
        ids = store(
            cast.maple.id,
            {"title": "Asked", "source": "link", "verified_by": "order", "country": "IT", "photos": 1},
            {"title": "Paid", "author_name": "", "is_incentivized": True, "language": None, "rating": 1, "body": ""},
            {"title": "Held back", "state": "pending", "hold_reason": "moderation"},
            {"title": "Hidden", "state": "rejected", "reject_reason": "spam"},
            {"title": "", "body": ""},
            {"title": "Nowhere", "product_id": "CUP"},
            {"title": "Script", "product_id": "JUG"},
        )
        store(cast.bobs.id, {"title": "At Bob's"})
        tell_product(cast.maple.id)
        tell_product(cast.maple.id, "JUG", url="javascript:alert(1)")
        tell_product(cast.bobs.id)
        photo = ReviewMedia(
            site_id=cast.maple.id, id=new_id(), review_id=ids[0], kind="photo", bytes=1, content_hash="", holder="",
            sizes=[{"name": "large", "width": 9, "height": 9}], created_at=NOON,
        )  # fmt: skip
        db.session.add(photo)
        db.session.commit()


def test_google_feed_has_what_is_published_of_products_with_an_address(
    app: Flask, client: FlaskClient, cast: Cast
) -> None:
    fill(app, cast)
    feed = read_google(client, cast.maple)
    assert feed.findtext("publisher/name") == "Maple Store"
    asked, paid = sorted(feed.iter("review"), key=lambda review: review.findtext("title"))
    assert asked.findtext("is_verified_purchase") == "true"
    assert asked.findtext("is_incentivized_review") == "false"
    assert asked.findtext("review_timestamp") == "2026-05-04T12:00:00Z"
    assert (asked.findtext("review_language"), asked.findtext("review_country")) == ("en", "IT")
    assert (asked.findtext("collection_method"), paid.findtext("collection_method")) == (
        "post_fulfillment", "unsolicited",
    )  # fmt: skip
    assert (asked.findtext("review_url"), asked.find("review_url").get("type")) == (ADDRESS, "group")
    assert "/reviews/media/" in asked.findtext("reviewer_images/reviewer_image/url")
    ids = asked.find("products/product/product_ids")
    assert {group.tag: group[0].text for group in ids} == {
        "gtins": "4006381333931", "skus": "POT-03-BLUE", "brands": "Maple",
    }  # fmt: skip
    assert (paid.findtext("content"), paid.findtext("ratings/overall")) == ("Paid", "1")
    assert paid.findtext("is_incentivized_review") == "true"
    assert (paid.find("reviewer/name").get("is_anonymous"), paid.findtext("reviewer/name")) == ("true", "Anonymous")


def test_google_feed_says_how_many_reviews_it_leaves_out(app: Flask, client: FlaskClient, cast: Cast) -> None:
    fill(app, cast)
    (comment,) = read_google(client, cast.maple).xpath("//comment()")
    assert comment.text == " Left out: 2 of products whose address is not known, 1 without a text. "
    (empty,) = (read_google(client, cast.bobs).xpath("count(//review)"),)
    assert empty == 1


def test_store_without_reviews_has_a_valid_feed(client: FlaskClient, cast: Cast) -> None:
    assert not list(read_google(client, cast.maple).iter("review"))
    assert read_meta(client, cast.maple) == []


def test_byte_that_would_spoil_a_feed_never_reaches_it(app: Flask, client: FlaskClient, cast: Cast) -> None:
    with app.app_context():
        store(
            cast.maple.id,
            {"title": SPOILT, "body": SPOILT, "author_name": SPOILT, "language": "en; x", "country": "it"},
            {"title": "\x01", "body": " \x0b "},
        )
        tell_product(cast.maple.id, title=SPOILT, brand="\x01")
    (review,) = read_google(client, cast.maple).iter("review")
    expected = "A\x7f<b>&amp;]]>\U0001f600"
    names = ("title", "content", "reviewer/name", "products/product/product_name")
    assert {review.findtext(name) for name in names} == {expected}
    assert review.find("products/product/product_ids/brands") is None
    assert read_meta(client, cast.maple)[0]["title"] == expected


def test_lone_surrogate_is_no_text() -> None:
    assert clean("a\ud800b\udfff\x00c") == "abc"


def test_meta_feed_has_the_same_reviews(app: Flask, client: FlaskClient, cast: Cast) -> None:
    fill(app, cast)
    asked, paid = sorted(read_meta(client, cast.maple), key=lambda row: row["title"])
    assert (asked["store.name"], orjson.loads(asked["store.storeUrls"])) == ("Maple Store", ["maple.example"])
    assert (asked["rating"], asked["created_at"], asked["country"]) == ("4", "2026-05-04T12:00:00Z", "IT")
    assert (asked["incentivized"], asked["has_verified_purchase"]) == ("false", "true")
    assert (paid["incentivized"], paid["has_verified_purchase"], paid["content"]) == ("true", "false", "Paid")
    assert (asked["reviewer.isAnonymous"], paid["reviewer.isAnonymous"]) == ("false", "true")
    assert orjson.loads(asked["product.productIdentifiers.skus"]) == ["POT-03-BLUE"]
    assert (asked["product.url"], asked["product.productIdentifiers.mpns"]) == (ADDRESS, "")
    assert len(orjson.loads(asked["review_image_urls"])) == 1


def test_meta_feed_holds_no_formula(app: Flask, client: FlaskClient, cast: Cast) -> None:
    with app.app_context():
        store(cast.maple.id, {"title": "=cmd()", "body": ' +1,\n"2"', "author_name": "@SUM(A1)"})
        tell_product(cast.maple.id)
    (row,) = read_meta(client, cast.maple)
    assert (row["title"], row["content"], row["reviewer.name"]) == ("'=cmd()", '\'+1,\n"2"', "'@SUM(A1)")


def test_feed_of_many_reviews_has_each_once(
    app: Flask, client: FlaskClient, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export_rows, "BATCH_ROWS", 4)
    with app.app_context():
        ids = store(cast.maple.id, *({} for _ in range(9)))
        tell_product(cast.maple.id, TEAPOT)
    told = [review.findtext("review_id") for review in read_google(client, cast.maple).iter("review")]
    assert sorted(told) == sorted(map(str, ids))


@pytest.mark.usefixtures("still_clock")
def test_feed_is_not_read_again_and_again(client: FlaskClient, cast: Cast) -> None:
    address = f"/embed/v1/{cast.maple.key}/reviews/feeds/google.xml"
    statuses = [client.get(address).status_code for _ in range(11)]
    assert statuses == [200] * 10 + [429]
