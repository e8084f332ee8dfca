"""Writing reviews: whatever changes one goes through here, so that history and figures follow."""

import uuid
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import select, update

from widget.core.db import db, insert_unless_known
from widget.reviews.counting import facts_of, make_products, post_difference
from widget.reviews.errors import ReviewNotFound
from widget.reviews.history import add_event, add_first_events
from widget.reviews.media import Claims, attach_media
from widget.reviews.models import Review
from widget.reviews.product_models import ReviewedProduct
from widget.reviews.rewarding import revise_reward, reward_publication
from widget.reviews.rules import list_changes
from widget.reviews.spam import digest_text

# What of a review its history repeats when it changes.
RECORDED = (
    "product_id",
    "author_name",
    "rating",
    "title",
    "body",
    "attributes",
    "language",
    "state",
    "hold_reason",
    "reject_reason",
    "flags",
    "verified_by",
    "is_incentivized",
    "incentive",
    "is_featured",
    "photos",
    "videos",
)


def add_review(review: Review, kind: str, actor: str, *, reason: str | None = None, media: Claims = ()) -> None:
    """Store a new review with its photos and the first step of its history; call it in a writing transaction.

    Raise IntegrityError where its id is taken, or its author has reviewed the product, and InvalidFields for media
    that are not there.
    """
    review.text_digest = digest_text(review.title, review.body)
    db.session.add(review)
    db.session.flush()
    if media:
        attach_media(review, media)
        db.session.flush()
    if review.state == "published":
        reward_publication(review)
    add_event(review, kind, actor, reason=reason, after=describe(review))
    post_difference(review.site_id, [], [facts_of(review)])


def add_reviews(
    site_id: uuid.UUID, reviews: Sequence[Review], kind: str, actor: str, *, reason: str | None = None
) -> set[uuid.UUID]:
    """Store many new reviews, in no session yet, with the first steps of their histories; return the ids stored.

    A review whose id is taken, or whose author has reviewed the product, is passed over.
    """
    if not reviews:
        return set()
    for review in reviews:
        review.text_digest, review.edits = digest_text(review.title, review.body), {}
    columns = [column.key for column in Review.__table__.columns]
    rows = [{name: getattr(review, name) for name in columns} for review in reviews]
    stored = set(
        db.session.execute(insert_unless_known(Review).on_conflict_do_nothing().returning(Review.id), rows).scalars()
    )
    new = [review for review in reviews if review.id in stored]
    add_first_events([(review, describe(review)) for review in new], kind, actor, reason=reason)
    post_difference(site_id, [], map(facts_of, new))
    return stored


def get_for_change(site_id: uuid.UUID, review_id: uuid.UUID) -> Review:
    """Return a review whose row nobody else changes until this transaction ends; raise ReviewNotFound."""
    review = db.session.scalar(
        select(Review)
        .where(Review.site_id == site_id, Review.id == review_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if review is None:
        raise ReviewNotFound()
    return review


def get_all_for_change(site_id: uuid.UUID, review_ids: Collection[uuid.UUID]) -> list[Review]:
    """Return those reviews of a site there are, locked together with the figures of their products.

    Whoever changes several reviews in one transaction begins with this, so that two such never wait for each other:
    reviews by their ids, then products by theirs, then what is counted of the whole site.
    """
    reviews = db.session.scalars(
        select(Review)
        .where(Review.site_id == site_id, Review.id.in_(list(review_ids)))
        .order_by(Review.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()
    lock_products(site_id, {review.product_id for review in reviews})
    return list(reviews)


def lock_products(site_id: uuid.UUID, product_ids: Collection[str]) -> None:
    """Keep others from these products' figures until the transaction ends; products not known yet are made."""
    if product_ids:
        make_products(site_id, product_ids)
        db.session.execute(
            select(ReviewedProduct.product_id)
            .where(ReviewedProduct.site_id == site_id, ReviewedProduct.product_id.in_(list(product_ids)))
            .order_by(ReviewedProduct.product_id)
            .with_for_update()
        )


@contextmanager
def changing(review: Review, kind: str, actor: str, *, reason: str | None = None) -> Iterator[Review]:
    """Note what the block changes of a review that `get_for_change` returned; nothing changed is no step."""
    before, facts, was_public = describe(review), facts_of(review), review.published_at is not None
    yield review
    review.text_digest = digest_text(review.title, review.body)
    db.session.flush()
    if (review.state, review.reject_reason) != (before["state"], before["reject_reason"]):
        if was_public:
            revise_reward(review)
        elif review.state == "published":
            reward_publication(review)
        db.session.flush()
    old, new = list_changes(before, describe(review))
    if old or new:
        add_event(review, kind, actor, reason=reason, before=old, after=new)
        post_difference(review.site_id, [facts], [facts_of(review)])


def touch_products(site_id: uuid.UUID, product_ids: Collection[str]) -> None:
    """Have pages show products' reviews anew where something that is not counted has changed: a vote, a reply."""
    for product_id in sorted(set(product_ids)):
        db.session.execute(
            update(ReviewedProduct)
            .where(ReviewedProduct.site_id == site_id, ReviewedProduct.product_id == product_id)
            .values(version=ReviewedProduct.version + 1)
        )


def describe(review: Review) -> Mapping[str, Any]:
    """Return what the history repeats of a review."""
    return {name: getattr(review, name) for name in RECORDED}
