"""Search engines, and pages that a store renders itself, show the same as widgets do, and nothing more."""

import re
from typing import Any

import extruct
import orjson
import pytest
from flask import Flask
from flask.testing import FlaskClient
from lxml import html as html_reader

from tests.cast import Cast, SiteOfCast
from tests.embed.shopper import assert_problem, read_json
from tests.reviews.builders import NOON, TEAPOT, store
from tests.reviews.products import ADDRESS, tell_product
from widget.core.db import begin_writing_anew, db
from widget.reviews.models import ReviewReply
from widget.reviews.reader_models import ReviewSettings
from widget.reviews.structured_data import spell_inert

HOSTILE = "</script><script>alert(1)</script><img src=x onerror=alert(2)>&\"'\u2028{{7*7}}"


def read_html(client: FlaskClient, site: SiteOfCast, lang: str = "en") -> str:
    response = client.get(f"/embed/v1/{site.key}/reviews.html", query_string={"product": TEAPOT, "lang": lang})
    assert (response.status_code, response.mimetype) == (200, "text/html")
    return response.text


def read_structured(client: FlaskClient, site: SiteOfCast) -> tuple[str, Any]:
    response = client.get(f"/embed/v1/{site.key}/reviews/jsonld", query_string={"product": TEAPOT})
    assert (response.status_code, response.mimetype) == (200, "application/ld+json")
    return response.text, orjson.loads(response.data)


def test_search_engine_reads_the_product_with_its_ratings(app: Flask, client: FlaskClient, cast: Cast) -> None:
    with app.app_context():
        store(cast.maple.id, {"rating": 5, "author_name": "C" * 100}, {"rating": 4, "author_name": "", "title": ""})
        tell_product(cast.maple.id)
    page = f"<html><body>{read_html(client, cast.maple)}</body></html>"
    (said,) = extruct.extract(page, syntaxes=["json-ld"])["json-ld"]
    assert said == read_structured(client, cast.maple)[1]
    assert (said["@context"], said["@type"], said["name"]) == ("https://schema.org", "Product", "Teapot & lid")
    assert (said["url"], said["sku"], said["gtin"]) == (ADDRESS, "POT-03-BLUE", "4006381333931")
    assert said["brand"] == {"@type": "Brand", "name": "Maple"}
    assert "mpn" not in said
    assert said["aggregateRating"] == {
        "@type": "AggregateRating", "ratingValue": 4.5, "reviewCount": 2, "bestRating": 5, "worstRating": 1,
    }  # fmt: skip
    names = {review["author"]["name"] for review in said["review"]}
    assert names == {"C" * 99, "Anonymous"}
    assert {review["datePublished"] for review in said["review"]} == {"2026-05-04"}
    assert {review["reviewRating"]["ratingValue"] for review in said["review"]} == {4, 5}
    assert not set(re.findall(r'"@type":"(\w+)"', spell_inert(said))) & {"Organization", "LocalBusiness", "Store"}


@pytest.mark.parametrize("is_told", [True, False])
def test_nothing_is_said_without_a_published_review_or_a_name(
    app: Flask, client: FlaskClient, cast: Cast, *, is_told: bool
) -> None:
    with app.app_context():
        if is_told:
            store(cast.maple.id, {"state": "pending", "hold_reason": "moderation"})
            tell_product(cast.maple.id)
        else:
            store(cast.maple.id)
    assert read_structured(client, cast.maple)[0] == "{}"
    assert "<script" not in read_html(client, cast.maple)


def test_pages_show_the_reviews_that_widgets_show(app: Flask, client: FlaskClient, cast: Cast) -> None:
    with app.app_context():
        store(
            cast.maple.id,
            *({"title": f"Review {number}", "helpful": number} for number in range(12)),
            {"title": "Held back", "state": "pending", "hold_reason": "moderation"},
            {"title": "Hidden", "state": "rejected", "reject_reason": "spam"},
        )
        tell_product(cast.maple.id)
        db.session.add(ReviewSettings(site_id=cast.maple.id, default_sort="helpful"))
        db.session.commit()
    shown = read_json(client.get(f"/embed/v1/{cast.maple.key}/reviews", query_string={"product": TEAPOT}))
    titles = [review["title"] for review in shown["reviews"]]
    assert titles == [f"Review {number}" for number in range(11, 1, -1)]
    section = html_reader.fromstring(read_html(client, cast.maple))
    assert [heading.text for heading in section.iter("h3")] == titles
    assert [review["name"] for review in read_structured(client, cast.maple)[1]["review"]] == titles
    assert "4 out of 5 (12 reviews)" in section.text_content()


def test_page_says_in_the_shoppers_language_what_a_review_is(app: Flask, client: FlaskClient, cast: Cast) -> None:
    fit = {"key": "fit", "type": "scale", "labels": {"en": "Fit"}, "low": {"en": "Small"}, "high": {"en": "Large"}}
    with app.app_context():
        verified, _ = store(
            cast.maple.id,
            {"verified_by": "order", "attributes": {"fit": 2}, "helpful": 1},
            {"verified_by": "import", "provider": "Judge.me", "is_incentivized": True, "incentive": "10% off"},
        )
        begin_writing_anew()
        db.session.add(ReviewSettings(site_id=cast.maple.id, attributes=[fit]))
        reply = {"body": "Thanks!", "author_name": "Maple", "replied_at": NOON}
        db.session.add(ReviewReply(site_id=cast.maple.id, review_id=verified, **reply))
        db.session.commit()
    text = html_reader.fromstring(read_html(client, cast.maple)).text_content()
    for said in (
        "Verified purchase", "Verified by Judge.me", "reward for this review: 10% off",
        "Fit: 2 / 5 (1: Small, 5: Large)",
        "1 person found this helpful", "Reply from Maple", "Thanks!", "May 4, 2026",
        "2 received, 2 published",
    ):  # fmt: skip
        assert said in text
    arabic = html_reader.fromstring(read_html(client, cast.maple, "ar"))
    assert (arabic.get("lang"), arabic.get("dir")) == ("ar", "rtl")
    assert "تقييمان" in arabic.text_content()


def test_hostile_texts_are_inert_in_pages(app: Flask, client: FlaskClient, cast: Cast) -> None:
    with app.app_context():
        (review_id,) = store(
            cast.maple.id,
            {"title": HOSTILE[:150], "body": HOSTILE, "author_name": HOSTILE[:100], "incentive": HOSTILE,
             "is_incentivized": True, "provider": "<b onclick=x>", "language": "x\" onload=\"y"},
        )  # fmt: skip
        tell_product(cast.maple.id, title=HOSTILE, url="javascript:alert(1)", image_url="data:text/html,x")
        reply = {"body": HOSTILE, "author_name": HOSTILE[:100], "replied_at": NOON}
        db.session.add(ReviewReply(site_id=cast.maple.id, review_id=review_id, **reply))
        db.session.commit()
    raw, said = read_structured(client, cast.maple)
    assert not set(raw) & set("<>&\u2028\u2029")
    assert (said["name"], said["review"][0]["reviewBody"]) == (HOSTILE, HOSTILE)
    assert "url" not in said
    assert "image" not in said
    section = html_reader.fromstring(read_html(client, cast.maple))
    assert [script.get("type") for script in section.iter("script")] == ["application/ld+json"]
    assert not list(section.iter("img", "b"))
    for element in section.iter():
        assert not [name for name in element.attrib if name.startswith("on") or name == "style"]
    assert HOSTILE.replace("\u2028", "") in section.text_content().replace("\u2028", "")


def test_page_that_has_not_changed_is_not_sent_again(app: Flask, client: FlaskClient, cast: Cast) -> None:
    with app.app_context():
        store(cast.maple.id)
    for path in ("reviews.html", "reviews/jsonld"):
        address = f"/embed/v1/{cast.maple.key}/{path}?product={TEAPOT}"
        first = client.get(address)
        again = client.get(address, headers={"If-None-Match": first.headers["ETag"]})
        assert (again.status_code, again.data) == (304, b"")
        assert "Set-Cookie" not in first.headers


def test_page_needs_a_product_and_shows_no_other_sites(app: Flask, client: FlaskClient, cast: Cast) -> None:
    with app.app_context():
        store(cast.bobs.id, {"title": "At Bob's"})
        tell_product(cast.bobs.id)
    assert "At Bob" not in read_html(client, cast.maple)
    assert read_structured(client, cast.maple)[0] == "{}"
    for path in ("reviews.html", "reviews/jsonld"):
        for query in ("", "?product=", "?product=%00", f"?product={TEAPOT}&lang={'x' * 201}"):
            assert_problem(client.get(f"/embed/v1/{cast.maple.key}/{path}{query}"), 422)
