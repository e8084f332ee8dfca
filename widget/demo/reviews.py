"""Storing the made-up reviews, with all that an owner meets: praise, complaints, spam, decisions."""

import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from io import BytesIO

from sqlalchemy import select

from widget.core.db import db, insert_unless_known
from widget.core.ids import new_id
from widget.customers.models import Customer
from widget.demo.accounts import OWNER_EMAIL
from widget.demo.catalogue import PRODUCTS
from widget.demo.photos import take_photo
from widget.demo.review_texts import ATTRIBUTES, MadeUpReview, list_reviews
from widget.orders.models import Order, OrderLine
from widget.reviews.answering import name_of_store, save_reply
from widget.reviews.history import AUTHOR
from widget.reviews.media import Claims
from widget.reviews.media_files import recognise_upload
from widget.reviews.media_uploads import stage_upload
from widget.reviews.models import Review
from widget.reviews.moderation import feature_review, mark_incentivized, reject_review
from widget.reviews.products import save_product
from widget.reviews.queries import find_reply
from widget.reviews.reader_models import HelpfulVote
from widget.reviews.recording import add_review
from widget.reviews.rules import name_shown
from widget.reviews.settings import change_settings
from widget.sites.models import Site

# The photos of reviews by the reviews' titles.
Photos = Mapping[str, Claims]


def has_reviews(site_id: uuid.UUID) -> bool:
    """Tell whether a site has any review."""
    return db.session.scalar(select(Review.id).where(Review.site_id == site_id).limit(1)) is not None


def tell_products(site: Site, shop_origin: str) -> None:
    """Tell of the shop's products, as its server would, and ask for their size and quality."""
    for product in PRODUCTS:
        facts = {
            "title": product.name,
            "url": f"{shop_origin}/shop/products/{product.slug}",
            "image_url": f"{shop_origin}/shop/pictures/{product.slug}.jpg",
            "brand": site.name,
            "sku": product.sku,
        }
        save_product(site.id, product.sku, facts)
    change_settings(site.id, {"attributes": ATTRIBUTES})


def send_photos(site_id: uuid.UUID) -> Iterator[tuple[str, tuple[uuid.UUID, str]]]:
    """Upload the photos of the made-up reviews one by one; yield the review's title and the claim of its author.

    Each begins a transaction of its own, which the caller ends before the next.
    """
    slugs = {product.sku: product.slug for product in PRODUCTS}
    for text in list_reviews():
        for number in range(text.photos):
            photo = take_photo(slugs[text.product], len(text.title) + number)
            row, secret = stage_upload(site_id, recognise_upload(BytesIO(photo).read, len(photo)))
            yield text.title, (row.id, secret)


def make_reviews(site: Site, photos: Photos, now: datetime) -> None:
    """Store the made-up reviews with their photos, and what the owner has done about them."""
    buyers = _find_buyers(site.id)
    for text in list_reviews():
        # Nobody writes by the clock: minutes differ with the words.
        written_at = now - timedelta(days=text.days, hours=3, minutes=len(text.text))
        buyer = _take_buyer(buyers[text.product], written_at) if text.order else None
        review = _make_review(site.id, text, buyer, written_at)
        add_review(review, "submitted", AUTHOR, media=photos.get(text.title, ()))
        _decide(site, review, text)


@dataclass(frozen=True)
class _Buyer:
    customer_id: uuid.UUID
    name: str
    order_id: uuid.UUID
    delivered_at: datetime


def _find_buyers(site_id: uuid.UUID) -> dict[str, dict[uuid.UUID, _Buyer]]:
    """Return, by product, who had it delivered, the latest first, each customer once."""
    rows = db.session.execute(
        select(OrderLine.product_id, Customer.id, Customer.name, Order.id, Order.delivered_at)
        .join(Order, (Order.site_id == OrderLine.site_id) & (Order.id == OrderLine.order_id))
        .join(Customer, (Customer.site_id == Order.site_id) & (Customer.id == Order.customer_id))
        .where(OrderLine.site_id == site_id, Order.state == "delivered", Customer.name.is_not(None))
        .order_by(Order.delivered_at.desc(), Order.id)
    )
    found: dict[str, dict[uuid.UUID, _Buyer]] = {product.sku: {} for product in PRODUCTS}
    for product_id, *buyer in rows:
        found[product_id].setdefault(buyer[0], _Buyer(*buyer))
    return found


def _take_buyer(buyers: dict[uuid.UUID, _Buyer], written_at: datetime) -> _Buyer | None:
    """Return somebody who had the product by then, once; a shop that has just opened may have nobody."""
    found = next((buyer for buyer in buyers.values() if buyer.delivered_at < written_at), None)
    return buyers.pop(found.customer_id) if found else None


def _make_review(site_id: uuid.UUID, text: MadeUpReview, buyer: _Buyer | None, written_at: datetime) -> Review:
    is_pending = text.state is not None or text.rejected is not None
    return Review(
        site_id=site_id,
        id=new_id(),
        product_id=text.product,
        author_key=f"c:{buyer.customer_id.hex}" if buyer else None,
        customer_id=buyer.customer_id if buyer else None,
        author_name=name_shown(buyer.name if buyer else text.name, "initial"),
        rating=text.stars,
        title=text.title,
        body=text.text,
        attributes=text.attributes,
        language=text.language,
        state="pending" if is_pending else "published",
        hold_reason=(text.state or "moderation") if is_pending else None,
        flags=list(text.flags),
        verified_by="order" if buyer else None,
        verified_order_id=buyer.order_id if buyer else None,
        source="widget",
        photos=0,
        videos=0,
        submission_digest="0" * 64,
        written_at=written_at,
        published_at=None if is_pending else written_at,
        created_at=written_at,
    )


def _decide(site: Site, review: Review, text: MadeUpReview) -> None:
    if text.rejected:
        reject_review(site.id, review.id, OWNER_EMAIL, text.rejected)
    if text.incentive:
        mark_incentivized(site.id, review.id, text.incentive)
    if text.featured:
        feature_review(site.id, review.id, OWNER_EMAIL)
    if text.reply:
        words = text.reply.format(name=review.author_name.split()[0])
        save_reply(site.id, review.id, OWNER_EMAIL, words, name_of_store(site))
        reply = find_reply(review)
        if reply is not None:
            reply.replied_at = review.written_at + timedelta(days=1)
    readers = [uuid.uuid5(review.id, str(number)) for number in range(text.helpful)]
    votes = [{"site_id": site.id, "review_id": review.id, "reader_key": f"v:{reader.hex}"} for reader in readers]
    if votes:
        made = {"created_at": review.written_at}
        db.session.execute(insert_unless_known(HelpfulVote), [vote | made for vote in votes])
        review.helpful = len(votes)
        db.session.flush()
