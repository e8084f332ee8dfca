"""Unsigned reviews: the mail that asks an address to confirm, the confirmation, and those that never are."""

import hashlib
import hmac
import uuid
from datetime import timedelta

from flask import current_app
from sqlalchemy import delete, func, select, update

from widget.core.clock import utc_now
from widget.core.db import db, wait_for_turn
from widget.core.ids import new_id
from widget.core.problems import TooManyRequests
from widget.customers.rules import email_key
from widget.reviews.emails import queue_confirmation
from widget.reviews.history import AUTHOR
from widget.reviews.media_models import ReviewMedia
from widget.reviews.models import Review
from widget.reviews.reader_models import ConfirmationMail
from widget.reviews.recording import changing, get_for_change
from widget.reviews.service import decide_confirmed
from widget.reviews.writers import Author, find_review_of, take_turns
from widget.sites.models import Site

COUNTED = timedelta(days=1)
# Nobody confirms more in a day; an office or a school may share a network.
MAX_PER_ADDRESS, MAX_PER_NETWORK = 3, 30
KEPT_UNCONFIRMED = timedelta(days=30)
PURGED_AT_ONCE = 500


def ask_to_confirm(site: Site, review: Review, email: str, network: str) -> None:
    """Mail the author of an unsigned review the link that confirms it; raise TooManyRequests beyond a few a day."""
    hashes = {
        "address_hash": _hash(f"{site.id.hex} {email_key(email) or email}"),
        "network_hash": _hash(f"{site.id.hex} {network}"),
    }
    wait_for_turn(*(f"confirmation mails {value}" for value in hashes.values()))
    now = utc_now()
    for name, limit in (("address_hash", MAX_PER_ADDRESS), ("network_hash", MAX_PER_NETWORK)):
        is_counted = (ConfirmationMail.site_id == site.id, getattr(ConfirmationMail, name) == hashes[name])
        sent = select(func.count()).where(*is_counted, ConfirmationMail.created_at > now - COUNTED)
        if (db.session.scalar(sent) or 0) >= limit:
            detail = "This address, or this network, was asked to confirm reviews often enough today."
            raise TooManyRequests(detail, headers={"Retry-After": str(int(COUNTED.total_seconds()))})
    db.session.add(ConfirmationMail(site_id=site.id, id=new_id(), created_at=now, **hashes))
    queue_confirmation(site, review, email)


def confirm_review(site_id: uuid.UUID, review_id: uuid.UUID) -> tuple[Review, Review | None]:
    """Make an unsigned review its author's, and let it go the way of all; return it and the earlier one in its way.

    Where the reader of the address has reviewed the product before, nothing changes. A repeat changes nothing.
    """
    review = get_for_change(site_id, review_id)
    if review.hold_reason != "unconfirmed":
        return review, None
    key = Author(email=review.email).key(site_id)
    take_turns(site_id, (review.product_id, key))
    earlier = find_review_of(site_id, review.product_id, key)
    if earlier is None:
        with changing(review, "confirmed", AUTHOR):
            review.author_key = key
            decide_confirmed(review)
    return review, earlier


def purge_unconfirmed() -> int:
    """Delete some of the reviews nobody confirmed in time, and what was counted of old mails; return how many."""
    now = utc_now()
    db.session.execute(delete(ConfirmationMail).where(ConfirmationMail.created_at < now - COUNTED))
    old = db.session.execute(
        select(Review.site_id, Review.id)
        .where(
            Review.state == "pending", Review.hold_reason == "unconfirmed", Review.created_at < now - KEPT_UNCONFIRMED
        )
        .order_by(Review.id)
        .limit(PURGED_AT_ONCE)
        .with_for_update(skip_locked=True)
    ).all()
    for site_id, review_id in old:
        # Its photos are staged again, and go the way of those nobody sent.
        is_of_review = (ReviewMedia.site_id == site_id, ReviewMedia.review_id == review_id)
        db.session.execute(update(ReviewMedia).where(*is_of_review).values(review_id=None, position=0))
        db.session.execute(delete(Review).where(Review.site_id == site_id, Review.id == review_id))
    return len(old)


def _hash(text: str) -> str:
    """Return what stands for an address or a network: without our secret nobody can try which it is."""
    return hmac.new(current_app.config["SECRET_KEY"].encode(), text.encode(), hashlib.sha256).hexdigest()
