"""Review with its reply and its history."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from widget.core.db import JSONDocument, Model

MAX_TITLE_LENGTH, MAX_BODY_LENGTH, MAX_NAME_LENGTH, MAX_NOTE_LENGTH = 150, 5000, 100, 500
MAX_PRODUCT_LENGTH = 200


class Review(Model):
    """One shopper's word on one product, by the store's own id of it.

    `author_key` is who wrote it, as far as it is proven: two reviews of a product by one author cannot be.
    `flags` are what made it suspicious. `verified_by` says how the purchase is known: from an order here, or
    from what another provider's export stated. `written_at` is when it was written, also at another provider.
    `submission_digest` tells a repeat of the request that made it from another under the same id; `edits` does so
    for edits, by their ids. `text_digest` finds the same words by others.
    """

    __tablename__ = "reviews"
    __table_args__ = (
        ForeignKeyConstraint(["site_id", "customer_id"], ["customers.site_id", "customers.id"]),
        ForeignKeyConstraint(["site_id", "verified_order_id"], ["orders.site_id", "orders.id"]),
        UniqueConstraint("site_id", "product_id", "author_key"),
        CheckConstraint("rating BETWEEN 1 AND 5", name="rating"),
        CheckConstraint("state IN ('pending', 'published', 'rejected')", name="state"),
        CheckConstraint(
            "(state = 'pending') = (hold_reason IS NOT NULL)"
            " AND (hold_reason IS NULL OR hold_reason IN ('moderation', 'suspicious', 'unconfirmed', 'edit'))",
            name="hold_reason",
        ),
        CheckConstraint(
            "(state = 'rejected') = (reject_reason IS NOT NULL) AND (reject_reason IS NULL OR reject_reason IN"
            " ('spam', 'fake', 'abusive', 'personal_data', 'off_topic', 'illegal', 'duplicate', 'author', 'imported'))",
            name="reject_reason",
        ),
        CheckConstraint("state <> 'published' OR published_at IS NOT NULL", name="published_at"),
        CheckConstraint("verified_by IS NULL OR verified_by IN ('order', 'import')", name="verified_by"),
        CheckConstraint("verified_order_id IS NULL OR verified_by = 'order'", name="verified_order"),
        CheckConstraint("source IN ('widget', 'link', 'api', 'import')", name="source"),
        CheckConstraint("revision >= 1 AND photos BETWEEN 0 AND 5 AND videos BETWEEN 0 AND 1", name="counts"),
        CheckConstraint("helpful >= 0 AND reports >= 0", name="votes"),
        # One for each way of sorting what a product page shows.
        Index(None, "site_id", "product_id", "state", "written_at", "id"),
        Index(None, "site_id", "product_id", "state", "rating", "written_at", "id"),
        Index(None, "site_id", "product_id", "state", "helpful", "written_at", "id"),
        Index(None, "site_id", "product_id", "state", "photos", "written_at", "id"),
        # The owner's list, and the wall of testimonials.
        Index(None, "site_id", "written_at", "id"),
        Index(None, "site_id", "state", "written_at", "id"),
        Index(None, "site_id", "is_featured", "written_at", "id"),
        Index(None, "site_id", "customer_id"),
        Index(None, "site_id", "text_digest"),
    )

    site_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("sites.id", ondelete="CASCADE"), primary_key=True)
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    product_id: Mapped[str] = mapped_column(String(MAX_PRODUCT_LENGTH))
    author_key: Mapped[str | None] = mapped_column(String(70))
    customer_id: Mapped[uuid.UUID | None]
    author_name: Mapped[str] = mapped_column(String(MAX_NAME_LENGTH))
    email: Mapped[str | None] = mapped_column(String(320))
    rating: Mapped[int]
    title: Mapped[str] = mapped_column(String(MAX_TITLE_LENGTH))
    body: Mapped[str] = mapped_column(Text)
    attributes: Mapped[dict[str, Any]] = mapped_column(JSONDocument)
    language: Mapped[str | None] = mapped_column(String(35))
    country: Mapped[str | None] = mapped_column(String(2))
    state: Mapped[str] = mapped_column(String(10))
    hold_reason: Mapped[str | None] = mapped_column(String(20))
    reject_reason: Mapped[str | None] = mapped_column(String(20))
    flags: Mapped[list[Any]] = mapped_column(JSONDocument)
    verified_by: Mapped[str | None] = mapped_column(String(10))
    verified_order_id: Mapped[uuid.UUID | None]
    is_incentivized: Mapped[bool] = mapped_column(default=False)
    incentive: Mapped[str | None] = mapped_column(String(200))
    is_featured: Mapped[bool] = mapped_column(default=False)
    source: Mapped[str] = mapped_column(String(10))
    provider: Mapped[str | None] = mapped_column(String(40))
    revision: Mapped[int] = mapped_column(default=1)
    photos: Mapped[int] = mapped_column(default=0)
    videos: Mapped[int] = mapped_column(default=0)
    helpful: Mapped[int] = mapped_column(default=0)
    reports: Mapped[int] = mapped_column(default=0)
    elapsed_ms: Mapped[int | None]
    submission_digest: Mapped[str] = mapped_column(String(64))
    edits: Mapped[dict[str, Any]] = mapped_column(JSONDocument, default=dict)
    text_digest: Mapped[str | None] = mapped_column(String(64))
    written_at: Mapped[datetime]
    published_at: Mapped[datetime | None]
    edited_at: Mapped[datetime | None]
    created_at: Mapped[datetime]

    @property
    def is_verified(self) -> bool:
        return self.verified_by is not None


class ReviewReply(Model):
    """The store's public answer to a review."""

    __tablename__ = "review_replies"
    __table_args__ = (
        ForeignKeyConstraint(["site_id", "review_id"], ["reviews.site_id", "reviews.id"], ondelete="CASCADE"),
    )

    site_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    review_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    body: Mapped[str] = mapped_column(Text)
    author_name: Mapped[str] = mapped_column(String(MAX_NAME_LENGTH))
    replied_at: Mapped[datetime]
    edited_at: Mapped[datetime | None]


class ReviewEvent(Model):
    """One step in a review's life; rows are only ever added.

    `before` and `after` hold what the step changed. `digest` is the SHA-256 of the step with the digest of the
    one before it, so that a step altered later shows.
    """

    __tablename__ = "review_events"
    __table_args__ = (
        ForeignKeyConstraint(["site_id", "review_id"], ["reviews.site_id", "reviews.id"], ondelete="CASCADE"),
        CheckConstraint("number >= 1", name="number"),
        Index(None, "site_id", "happened_at"),
    )

    site_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    review_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    actor: Mapped[str] = mapped_column(String(330))
    reason: Mapped[str | None] = mapped_column(String(500))
    before: Mapped[dict[str, Any]] = mapped_column(JSONDocument)
    after: Mapped[dict[str, Any]] = mapped_column(JSONDocument)
    happened_at: Mapped[datetime]
    digest: Mapped[str] = mapped_column(String(64))
