"""Storing reviews that come from a file, whose authors and customers may be known here already."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import insert, select, tuple_

from widget.core.db import db
from widget.customers.service import save_customers
from widget.reviews.authors import key_of_customer, key_of_email
from widget.reviews.import_rows import ImportedReview
from widget.reviews.models import MAX_NAME_LENGTH, Review, ReviewReply
from widget.reviews.recording import add_reviews
from widget.sites.models import Site


class ReviewStoring:
    """Stores the reviews of one import into one site; all without a date are written when it began."""

    def __init__(self, site: Site, now: datetime, actor: str) -> None:
        self._site_id, self._site_name = site.id, site.name[:MAX_NAME_LENGTH]
        self._now, self._actor = now, actor

    def store(self, new: Mapping[uuid.UUID, ImportedReview], products: Mapping[uuid.UUID, str]) -> set[uuid.UUID]:
        """Store reviews under their ids and chosen products; return the ids of those that were new."""
        customers = save_customers(self._site_id, {row.customer for row in new.values() if row.customer})
        reviews = [self._build(review_id, row, products[review_id], customers) for review_id, row in new.items()]
        self._leave_taken_keys(reviews)
        stored = add_reviews(self._site_id, reviews, "imported", self._actor)
        # Somebody may have reviewed a product with this author's key just now.
        late = [review for review in reviews if review.id not in stored]
        for review in late:
            review.author_key = None
        stored |= add_reviews(self._site_id, late, "imported", self._actor)
        self._add_replies({review_id: new[review_id] for review_id in new if review_id in stored})
        return stored

    def _build(
        self, review_id: uuid.UUID, row: ImportedReview, product: str, customers: Mapping[str, uuid.UUID]
    ) -> Review:
        customer_id = customers[row.customer] if row.customer else None
        key = key_of_customer(customer_id) if customer_id else key_of_email(self._site_id, row.email)
        written_at = row.written_at or self._now
        return Review(
            site_id=self._site_id,
            id=review_id,
            product_id=product,
            author_key=key,
            customer_id=customer_id,
            email=row.email,
            state=row.outcome.state,
            hold_reason=row.outcome.hold_reason,
            reject_reason=row.outcome.reject_reason,
            source="import",
            revision=1,
            photos=0,
            videos=0,
            reports=0,
            submission_digest=row.content,
            written_at=written_at,
            published_at=row.published_at or (written_at if row.outcome.state == "published" else None),
            created_at=self._now,
            **row.values,
        )

    def _leave_taken_keys(self, reviews: Sequence[Review]) -> None:
        """Keep every review of an author who has several of one product: the first is the author's, as it was."""
        keys = {(review.product_id, review.author_key) for review in reviews if review.author_key}
        place = tuple_(Review.product_id, Review.author_key)
        is_taken = (Review.site_id == self._site_id, place.in_(sorted(keys)))
        taken = set(db.session.execute(select(Review.product_id, Review.author_key).where(*is_taken)).tuples())
        for review in reviews:
            key = (review.product_id, review.author_key)
            if key in taken:
                review.author_key = None
            taken.add(key)

    def _add_replies(self, stored: Mapping[uuid.UUID, ImportedReview]) -> None:
        rows = [
            {
                "site_id": self._site_id,
                "review_id": review_id,
                "body": row.reply.body,
                "author_name": row.reply.author or self._site_name,
                "replied_at": row.reply.replied_at or row.written_at or self._now,
                "edited_at": row.reply.edited_at,
            }
            for review_id, row in stored.items()
            if row.reply
        ]
        if rows:
            db.session.execute(insert(ReviewReply), rows)
