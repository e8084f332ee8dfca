"""Reviews as they lie in the database, and their summaries counted from the rows by other means."""

import uuid
from collections import Counter
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select

from widget.core.db import begin_writing_anew, db
from widget.core.ids import new_id
from widget.reviews.counting import PRODUCT_COUNTS
from widget.reviews.models import Review
from widget.reviews.product_models import ReviewedProduct, ReviewFacet, ReviewTally
from widget.reviews.recording import add_review

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
TEAPOT = "POT-03"


def make_review(site_id: uuid.UUID, **changes: Any) -> Review:
    """Return a published review of the teapot with four stars by Carol, written at noon unless it says otherwise."""
    usual: dict[str, Any] = {
        "site_id": site_id,
        "id": new_id(),
        "product_id": TEAPOT,
        "author_name": "Carol W.",
        "rating": 4,
        "title": "Pours well",
        "body": "No drips, and it keeps the tea warm for an hour.",
        "attributes": {},
        "language": "en",
        "state": "published",
        "flags": [],
        "source": "widget",
        "photos": 0,
        "videos": 0,
        "submission_digest": "0" * 64,
        "written_at": NOON,
        "created_at": NOON,
    }
    review = Review(**usual | changes)
    if review.state == "published" and review.published_at is None:
        review.published_at = review.written_at
    return review


def store(site_id: uuid.UUID, *reviews: dict[str, Any]) -> list[uuid.UUID]:
    """Store reviews, each given by what is different about it, and return their ids."""
    begin_writing_anew()
    made = [make_review(site_id, **changes) for changes in reviews or ({},)]
    for review in made:
        add_review(review, "submitted", "author")
    ids = [review.id for review in made]
    db.session.commit()
    return ids


def count_summaries(site_id: uuid.UUID) -> dict[str, Any]:
    """Return what is kept of reviews, counted from the rows by the plainest means there are."""
    products: dict[str, Counter[str]] = {}
    facets: Counter[tuple[str, str, str]] = Counter()
    tallies: Counter[tuple[str, str, int]] = Counter()
    for row in db.session.scalars(select(Review).where(Review.site_id == site_id)):
        if row.hold_reason != "unconfirmed":
            tallies[row.state, row.hold_reason or row.reject_reason or "", row.rating] += 1
        if row.state != "published":
            continue
        counts = products.setdefault(row.product_id, Counter())
        counts.update(["reviews", f"stars_{row.rating}"])
        counts["rating_sum"] += row.rating
        counts["with_photos"] += row.photos > 0
        counts["verified"] += row.verified_by is not None
        if row.language:
            facets[row.product_id, "language", row.language] += 1
        for name, value in row.attributes.items():
            facets[row.product_id, f"attribute.{name}", str(value)] += 1
    return {"products": {key: +counts for key, counts in products.items()}, "facets": facets, "tallies": tallies}


def read_summaries(site_id: uuid.UUID) -> dict[str, Any]:
    """Return the same as it is kept."""
    products = db.session.scalars(select(ReviewedProduct).where(ReviewedProduct.site_id == site_id))
    facets = db.session.scalars(select(ReviewFacet).where(ReviewFacet.site_id == site_id))
    tallies = db.session.scalars(select(ReviewTally).where(ReviewTally.site_id == site_id))
    counted = {row.product_id: Counter({name: getattr(row, name) for name in PRODUCT_COUNTS}) for row in products}
    return {
        "products": {key: +counts for key, counts in counted.items() if +counts},
        "facets": Counter({(row.product_id, row.facet, row.value): row.reviews for row in facets if row.reviews}),
        "tallies": Counter({(row.state, row.reason, row.rating): row.reviews for row in tallies if row.reviews}),
    }
