"""The demo's reviews: of every kind an owner meets, tied to orders, and made once."""

from collections import Counter
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from tests.reviews.builders import count_summaries, read_summaries
from widget.core.db import db
from widget.demo import reviews, service
from widget.demo.catalogue import PRODUCTS
from widget.demo.photos import take_photo
from widget.demo.review_texts import ATTRIBUTES, list_reviews
from widget.demo.service import stock_shop
from widget.orders.models import Order
from widget.reviews.attributes import check_definitions, check_values
from widget.reviews.models import Review, ReviewReply
from widget.reviews.rules import is_suppressing, publish_rates
from widget.sites.queries import find_site_by_key

# Enough to have one of each kind.
SHOWN = 8


@pytest.fixture
def few_reviews(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take the newest reviews, which the orders of a short history can show, and the last, which are decided."""
    monkeypatch.setattr(service, "HISTORY_DAYS", 20)
    monkeypatch.setattr(service, "SOLD_DAYS_BEFORE", 0)
    by_days = sorted(list_reviews()[:-SHOWN], key=lambda text: text.days)
    newest = [text for text in by_days if text.order and text.days > 6][: SHOWN - 1]
    newest.append(next(text for text in by_days if text.reply))
    monkeypatch.setattr(reviews, "list_reviews", lambda: [*newest, *list_reviews()[-SHOWN:]])


def test_every_product_is_reviewed_in_several_languages() -> None:
    texts = list_reviews()
    assert Counter(text.product for text in texts).keys() == {product.sku for product in PRODUCTS}
    assert {text.language for text in texts} == {"en", "it", "id"}
    for text in texts:
        assert check_values(check_definitions(ATTRIBUTES), dict(text.attributes)) == text.attributes
    assert any(text.state for text in texts)
    assert any(text.rejected for text in texts)


def test_made_up_owner_hides_praise_and_complaint_alike() -> None:
    states = Counter(
        ("rejected" if text.rejected else "pending" if text.state else "published", text.rejected or "", text.stars)
        for text in list_reviews()
    )
    assert not is_suppressing(publish_rates(states))


@pytest.mark.usefixtures("few_reviews")
def test_reviews_are_tied_to_orders_and_made_once(app: Flask, tmp_path: Path) -> None:
    with app.app_context():
        account = stock_shop(tmp_path, "http://localhost:8000")
        stock_shop(tmp_path, "http://localhost:8000")
        site = find_site_by_key(account.site_key)
        assert site is not None
        rows = db.session.scalars(select(Review).where(Review.site_id == site.id)).all()
        assert len(rows) == 2 * SHOWN
        assert Counter(row.reject_reason for row in rows if row.state == "rejected").total() == 4
        assert sum(row.photos for row in rows) == sum(text.photos for text in reviews.list_reviews())
        verified = [row for row in rows if row.verified_by]
        assert verified
        for row in verified:
            order = db.session.get_one(Order, (site.id, row.verified_order_id))
            assert (order.customer_id, order.state) == (row.customer_id, "delivered")
            assert order.delivered_at is not None
            assert order.delivered_at < row.written_at
        assert db.session.scalars(select(ReviewReply).where(ReviewReply.site_id == site.id)).all()
        assert read_summaries(site.id) == count_summaries(site.id)


def test_photos_are_the_same_each_time_and_differ_from_each_other() -> None:
    first = take_photo("teapot", 1)
    take_photo.cache_clear()
    assert take_photo("teapot", 1) == first
    assert take_photo("teapot", 2) != first
