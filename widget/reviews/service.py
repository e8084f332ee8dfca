"""Writing reviews: a new one, its edits, its withdrawal, and what follows when two customers are one.

Everything goes through `recording.py`, so that history and figures follow. Nothing here looks at the stars.
"""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from widget.core.clock import utc_now
from widget.core.db import find_in_site
from widget.reviews.attributes import check_values
from widget.reviews.errors import (
    AlreadyReviewed,
    ReviewIdTaken,
    ReviewNotFound,
    ReviewStepRefused,
    UnsignedReviewsRefused,
)
from widget.reviews.history import AUTHOR, list_events
from widget.reviews.media import attach_media
from widget.reviews.models import Review
from widget.reviews.queries import has_twin, read_settings
from widget.reviews.reader_models import ReviewSettings
from widget.reviews.recording import add_review, changing, get_for_change, lock_products
from widget.reviews.rules import choose_name, state_when_written
from widget.reviews.spam import digest_text, find_flags
from widget.reviews.verifying import find_purchase
from widget.reviews.words import digest_submission
from widget.reviews.writers import Author, find_review_of, take_turns

WIDGET, LINK = "widget", "link"
MAX_EDITS = 100
# What `schemas.WritingIn` has read.
Said = Mapping[str, Any]


@dataclass(frozen=True)
class Written:
    """A review as it is stored, and whether this request stored it."""

    review: Review
    is_new: bool


def write_review(
    site_id: uuid.UUID, product_id: str, said: Said, author: Author, *, source: str = WIDGET, is_burst: bool = False
) -> Written:
    """Store an author's review of a product once; call it in a writing transaction.

    Who is not proven waits, unconfirmed, for the mail that `confirming.py` sends. Raise ReviewIdTaken,
    AlreadyReviewed, UnsignedReviewsRefused or InvalidFields.
    """
    settings = read_settings(site_id)
    key, digest = author.key(site_id), digest_submission(product_id, said)
    take_turns(site_id, (str(said["id"]), None), (product_id, author.possible_key(site_id)))
    known = find_in_site(Review, site_id, said["id"])
    if known is not None:
        return Written(_require_repeat(known, author, digest), is_new=False)
    if not author.is_proven and not settings.allows_unsigned:
        raise UnsignedReviewsRefused("Sign the customer in, and send the session token.")
    if earlier := find_review_of(site_id, product_id, key):
        raise AlreadyReviewed(f"Change it instead: POST .../reviews/{earlier.id}/edits.")
    review = _make_review(site_id, product_id, said, author, settings, digest)
    review.source, review.author_key = source, key
    review.flags = _find_flags(review, said, is_burst=is_burst)
    _decide(review, settings, is_owners=False)
    if not author.is_proven:
        review.state, review.hold_reason, review.published_at = "pending", "unconfirmed", None
    claims = [(media["id"], media["secret"]) for media in said.get("media") or ()]
    add_review(review, "submitted", AUTHOR, media=claims)
    return Written(review, is_new=True)


def write_reviews(site_id: uuid.UUID, said: Sequence[tuple[str, Said]], author: Author, *, source: str) -> list[Review]:
    """Store an author's reviews of several products, in one order whoever else writes."""
    products = sorted({product_id for product_id, _ in said})
    take_turns(site_id, *((product_id, author.possible_key(site_id)) for product_id in products))
    lock_products(site_id, products)
    return [write_review(site_id, product_id, one, author, source=source).review for product_id, one in said]


def edit_review(site_id: uuid.UUID, review_id: uuid.UUID, said: Said, author: Author) -> Written:
    """Change an author's own review, once for each edit's id; raise ReviewNotFound, ReviewIdTaken or InvalidFields."""
    review = get_own_review(site_id, review_id, author)
    edit_id, digest = str(said["id"]), digest_submission(review.product_id, said)
    edits = review.edits or {}
    if edit_id in edits:
        if edits[edit_id] != digest:
            raise ReviewIdTaken("This id belongs to another edit of the review.")
        return Written(review, is_new=False)
    if len(edits) >= MAX_EDITS:
        raise ReviewStepRefused(f"A review is changed at most {MAX_EDITS} times.")
    settings = read_settings(site_id)
    is_owners = _is_in_owners_hands(review)
    with changing(review, "edited", AUTHOR):
        for name in ("rating", "title", "body"):
            setattr(review, name, said[name])
        review.language = said["language"] or review.language
        review.attributes = check_values(settings.attributes, said["attributes"])
        review.author_name = choose_name(said["name"], review.author_name, settings.name_form)
        if said.get("media") is not None:
            attach_media(review, [(media["id"], media["secret"]) for media in said["media"]])
        review.flags = _find_flags(review, said, is_burst=False)
        review.revision, review.edited_at = review.revision + 1, utc_now()
        review.edits = {**edits, edit_id: digest}
        _decide(review, settings, is_owners=is_owners)
    return Written(review, is_new=True)


def withdraw_review(site_id: uuid.UUID, review_id: uuid.UUID, author: Author) -> Review:
    """Take back an author's own review, until they write it again; what an owner has hidden stays so."""
    review = get_own_review(site_id, review_id, author)
    if review.state != "rejected":
        with changing(review, "withdrawn", AUTHOR):
            review.state, review.hold_reason, review.reject_reason = "rejected", None, "author"
            review.is_featured = False
    return review


def get_own_review(site_id: uuid.UUID, review_id: uuid.UUID, author: Author) -> Review:
    """Return an author's own review, which nobody else changes meanwhile; raise ReviewNotFound, also for others'."""
    review = get_for_change(site_id, review_id)
    if review.author_key is None or review.author_key != author.key(site_id):
        raise ReviewNotFound()
    return review


def decide_confirmed(review: Review) -> None:
    """Let a review whose author is proven now go the way of all: published or held, by the site's rule."""
    if has_twin(review) and "twin" not in review.flags:
        review.flags = [*review.flags, "twin"]
    _decide(review, read_settings(review.site_id), is_owners=False)


def _require_repeat(known: Review, author: Author, digest: str) -> Review:
    is_own = known.customer_id == author.customer_id and known.email == author.email
    if not is_own or known.submission_digest != digest:
        raise ReviewIdTaken("Make a new id, or send the review as it was.")
    return known


def _make_review(
    site_id: uuid.UUID, product_id: str, said: Said, author: Author, settings: ReviewSettings, digest: str
) -> Review:
    now = utc_now()
    order_id = find_purchase(site_id, author.customer_id, product_id) if author.customer_id else None
    return Review(
        site_id=site_id,
        id=said["id"],
        product_id=product_id,
        customer_id=author.customer_id,
        email=author.email,
        author_name=choose_name(said["name"], author.name, settings.name_form),
        rating=said["rating"],
        title=said["title"],
        body=said["body"],
        attributes=check_values(settings.attributes, said["attributes"]),
        language=said["language"],
        verified_by="order" if order_id else None,
        verified_order_id=order_id,
        revision=1,
        photos=0,
        videos=0,
        helpful=0,
        reports=0,
        elapsed_ms=said["elapsed_ms"],
        submission_digest=digest,
        written_at=now,
        created_at=now,
    )


def _find_flags(review: Review, said: Said, *, is_burst: bool) -> list[str]:
    review.text_digest = digest_text(review.title, review.body)
    return find_flags(
        review.title,
        review.body,
        said["elapsed_ms"],
        is_trap_filled=bool(said["website"]),
        has_twin=has_twin(review),
        is_burst=is_burst,
    )


def _decide(review: Review, settings: ReviewSettings, *, is_owners: bool) -> None:
    review.state, review.hold_reason = state_when_written(settings.moderation, review.flags, is_owners=is_owners)
    review.reject_reason = None
    if review.state == "published":
        review.published_at = review.published_at or utc_now()


def _is_in_owners_hands(review: Review) -> bool:
    """Tell whether an owner has held or hidden a review, or is to look at it, also before its author took it back."""
    state = review.state
    if review.reject_reason == AUTHOR:
        withdrawn = [event for event in list_events(review.site_id, review.id) if event.kind == "withdrawn"]
        state = withdrawn[-1].before["state"] if withdrawn else "pending"
    return state != "published"
