"""What readers do with reviews, and whom the store asked for one."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from widget.core.db import JSONDocument, Model


class HelpfulVote(Model):
    """One reader found a review helpful; a reader is a customer, else a visitor."""

    __tablename__ = "helpful_votes"
    __table_args__ = (
        ForeignKeyConstraint(["site_id", "review_id"], ["reviews.site_id", "reviews.id"], ondelete="CASCADE"),
        Index(None, "site_id", "reader_key"),
    )

    site_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    review_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    reader_key: Mapped[str] = mapped_column(String(40), primary_key=True)
    created_at: Mapped[datetime]


class ReviewReport(Model):
    """One reader says that a review should not be there; an owner looks and settles it."""

    __tablename__ = "review_reports"
    __table_args__ = (
        ForeignKeyConstraint(["site_id", "review_id"], ["reviews.site_id", "reviews.id"], ondelete="CASCADE"),
        CheckConstraint(
            "reason IN ('spam', 'fake', 'abusive', 'personal_data', 'off_topic', 'illegal')", name="reason"
        ),
    )

    site_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    review_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    reader_key: Mapped[str] = mapped_column(String(40), primary_key=True)
    reason: Mapped[str] = mapped_column(String(20))
    note: Mapped[str | None] = mapped_column(String(500))
    created_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]


class ReviewRequest(Model):
    """A link by which one buyer reviews what they bought; it opens a form and writes nothing by itself."""

    __tablename__ = "review_requests"
    __table_args__ = (
        ForeignKeyConstraint(["site_id", "customer_id"], ["customers.site_id", "customers.id"]),
        Index(None, "site_id", "created_at", "id"),
        Index(None, "site_id", "customer_id"),
    )

    site_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("sites.id", ondelete="CASCADE"), primary_key=True)
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    customer_id: Mapped[uuid.UUID | None]
    email: Mapped[str | None] = mapped_column(String(320))
    language: Mapped[str | None] = mapped_column(String(35))
    products: Mapped[list[Any]] = mapped_column(JSONDocument)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]


class ConfirmationMail(Model):
    """A mail that asked an address to confirm a review, by hashes; kept for a day, so that nobody gets many."""

    __tablename__ = "review_confirmation_mails"
    __table_args__ = (
        Index(None, "site_id", "address_hash", "created_at"),
        Index(None, "site_id", "network_hash", "created_at"),
        Index(None, "created_at"),
    )

    site_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("sites.id", ondelete="CASCADE"), primary_key=True)
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    address_hash: Mapped[str] = mapped_column(String(64))
    network_hash: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime]


class ReviewSettings(Model):
    """How a site takes and shows reviews; a site without a row has the defaults.

    `attributes` are what the owner asks beyond stars: `{"key", "type", "labels", ...}`, checked by `attributes.py`.
    Nothing here, or anywhere, can depend on how many stars a review has.
    """

    __tablename__ = "review_settings"
    __table_args__ = (
        CheckConstraint("moderation IN ('publish', 'hold')", name="moderation"),
        CheckConstraint("default_sort IN ('newest', 'helpful')", name="default_sort"),
        CheckConstraint("name_form IN ('full', 'initial', 'initials')", name="name_form"),
    )

    site_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("sites.id", ondelete="CASCADE"), primary_key=True)
    moderation: Mapped[str] = mapped_column(String(10), default="publish")
    allows_unsigned: Mapped[bool] = mapped_column(default=True)
    allows_photos: Mapped[bool] = mapped_column(default=True)
    allows_video: Mapped[bool] = mapped_column(default=True)
    name_form: Mapped[str] = mapped_column(String(10), default="initial")
    default_sort: Mapped[str] = mapped_column(String(10), default="newest")
    attributes: Mapped[list[Any]] = mapped_column(JSONDocument, default=list)
