"""The files of other providers are known by their headers, and mean what the providers mean."""

from pathlib import Path

import pytest
from flask import Flask

from tests.cast import Cast
from tests.reviews.builders import count_summaries, read_summaries
from tests.reviews.import_files import FILES, list_reviews, map_replies, run_import, write
from widget.reviews.history import list_events
from widget.reviews.models import Review

JUDGE_ME_IMPORT = (
    "title,body,rating,review_date,reviewer_name,reviewer_email,product_id,product_handle,reply,picture_urls"
)
JUDGE_ME_NEWER = (
    "title,body,rating,review_date,reviewer_name,reviewer_email,product_url,picture_urls,product_id,product_handle"
)
LOOX_IMPORT = (
    "product_handle,product_Id,rating,author,email,body,created_at,photo_url,reply,replied_at,verified_purchase,"
    "incentivized"
)
LOOX_EXPORT = "id,status,rating,email,nickname,full_name,review,date,productId,handle,img,variant,verified_purchase"
STAMPED = (
    "product_id,product_handle,productUrl,productImageUrl,productTitle,photoFilenames,rating,title,author,email,body,"
    "created_at,published"
)
YOTPO_IMPORT = (
    "Shopify Product Handle,Review Creation Date,Review Content,Review Score,Review Title,Reviewer Display Name,"
    "Reviewer Email,Publish Review,Comment Content,Comment Date,Review Image URLs"
)


def outcome_of(review: Review) -> tuple[str, str | None]:
    return review.state, review.hold_reason or review.reject_reason


def day_of(review: Review) -> str:
    return review.written_at.isoformat()


def test_judge_me_export_keeps_what_was_hidden_hidden(app: Flask, cast: Cast) -> None:
    said = run_import(app, FILES / "judgeme-export.csv", cast.maple)
    assert "judgeme-export.csv is read as Judge.me's export." in said
    assert "4 rows: 4 new, 0 known already, 0 refused." in said
    assert "Left out: source, ip_address, metaobject_handle." in said
    assert "Addresses of pictures, passed over: 2; --photos fetches them." in said
    first, second, spam, blank = list_reviews(app, cast.maple)
    assert (first.title, first.body) == ("Lovely", 'Holds "a litre",\nand more')
    assert (outcome_of(first), first.provider, first.source) == (("published", None), "Judge.me", "import")
    assert (day_of(first), first.product_id) == ("2024-03-05T10:11:12+00:00", "8001")
    assert (first.author_name, first.email, first.country) == ("Anna M.", "anna@x.example", "DE")
    assert outcome_of(second) == ("pending", "moderation")
    assert outcome_of(spam) == ("rejected", "spam")
    assert outcome_of(blank) == ("pending", "moderation")
    # The tail of a handle is a number, and no product's id.
    assert (second.product_id, second.country) == ("teapot-42", None)
    reply = map_replies(app, cast.maple)["Lovely"]
    assert (reply.body, reply.author_name, reply.replied_at.isoformat()) == (
        "Thank you!", "Maple Store", "2024-03-06T09:00:00+00:00"
    )  # fmt: skip
    assert [review.verified_by for review in (first, second, spam, blank)] == [None] * 4
    with app.app_context():
        assert read_summaries(cast.maple.id) == count_summaries(cast.maple.id)
        (event,) = list_events(cast.maple.id, first.id)
        assert (event.kind, event.actor, event.after["rating"]) == ("imported", "system", 5)
    assert "0 new, 4 known already" in run_import(app, FILES / "judgeme-export.csv", cast.maple)


@pytest.mark.parametrize("header", [JUDGE_ME_IMPORT, JUDGE_ME_NEWER], ids=["older", "newer"])
def test_judge_me_import_template(app: Flask, cast: Cast, tmp_path: Path, header: str) -> None:
    cells = {
        "title": "Good", "body": "Solid", "rating": "4", "review_date": "25/03/2024", "reviewer_name": "Anna Maria",
        "reviewer_email": "anna@x.example", "product_id": "8001", "product_handle": "teapot",
    }  # fmt: skip
    columns = header.split(",")
    path = write(tmp_path, header, ",".join(cells.get(name, "") for name in columns))
    assert "is read as a file made for Judge.me's import." in run_import(app, path, cast.maple)
    (review,) = list_reviews(app, cast.maple)
    assert (review.product_id, day_of(review), outcome_of(review)) == (
        "8001", "2024-03-25T00:00:00+00:00", ("published", None)
    )  # fmt: skip


def test_loox_import_takes_verified_and_incentivized_from_an_explicit_yes(
    app: Flask, cast: Cast, tmp_path: Path
) -> None:
    path = write(
        tmp_path,
        LOOX_IMPORT,
        "teapot,8001,5,Anna M.,anna@x.example,Great,2024-03-01,,,,yes,true",
        "teapot,8001,4,Ben,ben@x.example,Fine,2024-03-02,,Thanks,2024-03-04,maybe,no",
        "teapot,,3,Cem,cem@x.example,So so,2024-03-03,,,,,",
    )
    assert "is read as a file made for Loox's import." in run_import(app, path, cast.maple)
    first, second, third = list_reviews(app, cast.maple)
    assert (first.verified_by, first.is_incentivized) == ("import", True)
    assert (second.verified_by, second.is_incentivized) == (None, False)
    assert (third.verified_by, third.product_id) == (None, "teapot")
    assert map_replies(app, cast.maple)[""].replied_at.date().isoformat() == "2024-03-04"


def test_loox_export_shows_the_nickname_and_hides_the_hidden(app: Flask, cast: Cast, tmp_path: Path) -> None:
    path = write(
        tmp_path,
        LOOX_EXPORT,
        "ab12,Active,5,anna@x.example,Annie,Anna Maria,Great,2024-03-01T10:00:00.000Z,8001,teapot,,blue,true",
        "ab13,Hidden,1,ben@x.example,,Ben Smith,Broken,2024-03-02T10:00:00.000Z,8001,teapot,,blue,false",
    )
    assert "is read as Loox's export." in run_import(app, path, cast.maple)
    shown, hidden = list_reviews(app, cast.maple)
    assert (shown.author_name, shown.verified_by, outcome_of(shown)) == ("Annie", "import", ("published", None))
    assert (hidden.author_name, hidden.verified_by, outcome_of(hidden)) == ("Ben S.", None, ("rejected", "imported"))


def test_shopify_product_reviews_name_products_by_handle(app: Flask, cast: Cast) -> None:
    said = run_import(app, FILES / "shopify-product-reviews.csv", cast.maple)
    assert "is read as Shopify's Product Reviews." in said
    first, second = list_reviews(app, cast.maple)
    assert (first.product_id, outcome_of(first), first.country) == ("teapot-42", ("published", None), None)
    assert (first.body, day_of(first)) == ("=it pours", "2014-07-14T12:10:25+00:00")
    assert outcome_of(second) == ("rejected", "imported")
    assert map_replies(app, cast.maple)["Nice"].replied_at.isoformat() == "2014-07-15T08:00:00+00:00"


def test_okendo_shows_neither_what_was_not_approved_nor_private_replies(app: Flask, cast: Cast) -> None:
    said = run_import(app, FILES / "okendo.csv", cast.maple)
    assert "is read as Okendo's reviews." in said
    # Pictures that were not approved are none.
    assert "Addresses of pictures, passed over: 2;" in said
    first, second, third = list_reviews(app, cast.maple)
    assert (first.verified_by, first.is_incentivized, first.country) == ("import", True, "GB")
    assert (outcome_of(first), outcome_of(second), outcome_of(third)) == (
        ("published", None), ("rejected", "imported"), ("pending", "moderation")
    )  # fmt: skip
    assert (first.product_id, second.product_id, third.product_id) == ("shop-8001", "teapot", "SKU-7")
    assert sorted(map_replies(app, cast.maple)) == ["Hidden", "Public"]


def test_yotpo_import_passes_reviews_of_the_shop_over(app: Flask, cast: Cast, tmp_path: Path) -> None:
    path = write(
        tmp_path,
        YOTPO_IMPORT,
        "teapot,2024-03-01,Great,5,Yes,Anna M,anna@x.example,true,Thanks,2024-03-02,https://a.example/1.jpg;https://a.example/2.jpg",
        "teapot,2024-03-02,Bad,1,No,Ben,ben@x.example,false,,,",
        ",2024-03-03,Nice shop,5,Shop,Cem,cem@x.example,true,,,",
    )
    said = run_import(app, path, cast.maple)
    assert "is read as a file made for Yotpo's import." in said
    assert "Rows that are no reviews of products, passed over: 1." in said
    assert "Addresses of pictures, passed over: 2;" in said
    shown, hidden = list_reviews(app, cast.maple)
    assert (outcome_of(shown), outcome_of(hidden)) == (("published", None), ("rejected", "imported"))


def test_yotpo_export_makes_questions_attributes(app: Flask, cast: Cast) -> None:
    said = run_import(app, FILES / "yotpo-export.csv", cast.maple)
    assert "is read as Yotpo's export." in said
    assert "Attributes that the settings do not define: how_does_it_fit, your_size." in said
    first, second = list_reviews(app, cast.maple)
    assert first.attributes == {"how_does_it_fit": 3, "your_size": "M"}
    assert (first.verified_by, outcome_of(first)) == ("import", ("published", None))
    assert (second.verified_by, outcome_of(second), second.attributes) == (None, ("rejected", "imported"), {})
    # An answer that was not public stays with the shop.
    assert list(map_replies(app, cast.maple)) == ["Lovely"]
    with app.app_context():
        assert read_summaries(cast.maple.id) == count_summaries(cast.maple.id)


def test_stamped(app: Flask, cast: Cast, tmp_path: Path) -> None:
    path = write(
        tmp_path,
        STAMPED.replace(",", ";"),
        "8001;teapot;https://s.example/p;;Teapot;a.jpg;5;Top;Anna M;anna@x.example;Great;2024-03-01 10:00:00;true",
        "8001;teapot;https://s.example/p;;Teapot;;2;Meh;Ben;ben@x.example;Leaks;2024-03-02 10:00:00;false",
    )
    assert "is read as Stamped's reviews." in run_import(app, path, cast.maple)
    shown, hidden = list_reviews(app, cast.maple)
    assert (shown.product_id, outcome_of(shown), outcome_of(hidden)) == (
        "8001", ("published", None), ("rejected", "imported")
    )  # fmt: skip


def test_woocommerce_answers_are_rows_of_their_own_and_other_comments_no_reviews(app: Flask, cast: Cast) -> None:
    said = run_import(app, FILES / "woocommerce.csv", cast.maple)
    assert "is read as WooCommerce's reviews, as WebToffee writes them." in said
    assert "4 rows: 4 new, 0 known already, 0 refused." in said
    assert "Rows that are no reviews of products, passed over: 1." in said
    assert "Rows that answer others: 3; the store's, put to their reviews: 1." in said
    first, pending, spam, trash = list_reviews(app, cast.maple)
    assert (first.product_id, first.verified_by, outcome_of(first)) == ("93", "import", ("published", None))
    assert (outcome_of(pending), day_of(pending)) == (("pending", "moderation"), "2024-03-02T11:00:00+00:00")
    assert (outcome_of(spam), outcome_of(trash)) == (("rejected", "spam"), ("rejected", "imported"))
    replies = map_replies(app, cast.maple)
    assert {title: reply.body for title, reply in replies.items()} == {"Great": "Thank you, Anna."}
    assert "0 new, 4 known already" in run_import(app, FILES / "woocommerce.csv", cast.maple)
