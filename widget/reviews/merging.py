"""When two customers turn out to be one: whose their reviews and votes are."""

import uuid
from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, or_, select, update

from widget.core.db import db
from widget.customers.models import Customer
from widget.reviews.authors import key_of_customer
from widget.reviews.history import SYSTEM, add_event
from widget.reviews.models import Review
from widget.reviews.reader_models import ReviewRequest
from widget.reviews.readers import give_votes
from widget.reviews.recording import get_all_for_change
from widget.reviews.writers import take_turns


def give_reviews(site_id: uuid.UUID, old_id: uuid.UUID, new_id: uuid.UUID) -> None:
    """Give what a customer wrote, voted and was asked to the one they are merged into.

    1. Their reviews. Where both have reviewed a product, the later one stays the author's; the other keeps its text
       and its place, and is nobody's to change.
    2. Their votes: two for one review become one.
    3. The store's requests, whose links go on working.
    """
    # Whoever writes as the old one at this moment has ended before, or writes as the new one after.
    db.session.scalar(select(Customer.id).where(Customer.site_id == site_id, Customer.id == old_id).with_for_update())
    old_key, new_key = key_of_customer(old_id), key_of_customer(new_id)
    written = db.session.execute(_select_reviews(site_id, Review.customer_id == old_id)).all()
    products = sorted({row.product_id for row in written})
    take_turns(site_id, *((product_id, new_key) for product_id in products))
    rivals = db.session.execute(
        _select_reviews(site_id, Review.author_key == new_key, Review.product_id.in_(products))
    ).all()
    newest = {row.product_id: row for row in sorted(written, key=_by_time) if row.author_key == old_key}
    for rival in rivals:
        if rival.product_id in newest:
            newest[rival.product_id] = max(newest[rival.product_id], rival, key=_by_time)
    kept = {row.id for row in newest.values()}
    reviews = get_all_for_change(site_id, [row.id for row in (*written, *rivals)])
    for review in reviews:
        if review.product_id in newest and review.id not in kept and review.author_key in (old_key, new_key):
            review.author_key = None
            add_event(review, "author_merged", SYSTEM)
    db.session.flush()
    for review in reviews:
        if review.customer_id == old_id:
            review.customer_id = new_id
            review.author_key = new_key if review.author_key == old_key else review.author_key
    db.session.flush()
    give_votes(site_id, old_id, new_id)
    is_old = (ReviewRequest.site_id == site_id, ReviewRequest.customer_id == old_id)
    db.session.execute(update(ReviewRequest).where(*is_old).values(customer_id=new_id))


def follow_merges(site_id: uuid.UUID, survivor_ids: Collection[uuid.UUID]) -> None:
    """Give to these customers what others wrote who were merged into them, guests who turned out to have an account."""
    if not survivor_ids:
        return
    has_left = or_(
        exists().where(Review.site_id == Customer.site_id, Review.customer_id == Customer.id),
        exists().where(ReviewRequest.site_id == Customer.site_id, ReviewRequest.customer_id == Customer.id),
    )
    merged = db.session.execute(
        select(Customer.id, Customer.merged_into_id)
        .where(Customer.site_id == site_id, Customer.merged_into_id.in_(list(survivor_ids)), has_left)
        .order_by(Customer.id)
    ).all()
    for old_id, survivor_id in merged:
        if survivor_id is not None:
            give_reviews(site_id, old_id, survivor_id)


def _select_reviews(site_id: uuid.UUID, *conditions: ColumnElement[bool]) -> Select[Any]:
    columns = (Review.id, Review.product_id, Review.author_key, Review.written_at, Review.edited_at)
    return select(*columns).where(Review.site_id == site_id, *conditions).order_by(Review.id)


def _by_time(row: Any) -> tuple[Any, uuid.UUID]:
    return row.edited_at or row.written_at, row.id
