"""Visitor, Customer, and the customer tokens already traded."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from widget.core.db import JSONDocument, Model


class Customer(Model):
    """A buyer the store knows: an account by the store's own id, or a guest, who has none, by the e-mail.

    `email_key` is the address as providers compare it (`rules.email_key`). A customer merged into another
    stays as a sign to it: `merged_into_id`. `told_times` holds when the store told each field, so that what it
    told later stays whatever arrives first.
    """

    __tablename__ = "customers"
    __table_args__ = (
        ForeignKeyConstraint(["site_id", "merged_into_id"], ["customers.site_id", "customers.id"]),
        UniqueConstraint("site_id", "external_id"),
        CheckConstraint("external_id IS NOT NULL OR email_key IS NOT NULL", name="is_somebody"),
        CheckConstraint("merged_into_id IS NULL OR merged_into_id <> id", name="merged_into_another"),
        Index(None, "site_id", "email"),
        Index(None, "site_id", "email_key"),
        Index(None, "site_id", "merged_into_id"),
        Index(None, "site_id", "created_at", "id"),
        Index(
            "uq_customers_guest_email_key",
            "site_id",
            "email_key",
            unique=True,
            sqlite_where=text("external_id IS NULL"),
            postgresql_where=text("external_id IS NULL"),
        ),
    )

    site_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("sites.id", ondelete="CASCADE"), primary_key=True)
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    external_id: Mapped[str | None] = mapped_column(String(200))
    email: Mapped[str | None] = mapped_column(String(320))
    email_key: Mapped[str | None] = mapped_column(String(320))
    is_email_verified: Mapped[bool] = mapped_column(default=False)
    name: Mapped[str | None] = mapped_column(String(200))
    accepts_marketing: Mapped[bool] = mapped_column(default=False)
    told_times: Mapped[dict[str, Any]] = mapped_column(JSONDocument, default=dict)
    merged_into_id: Mapped[uuid.UUID | None]
    created_at: Mapped[datetime]


class Visitor(Model):
    """One anonymous browser; it becomes one with at most one customer, once."""

    __tablename__ = "visitors"
    __table_args__ = (
        ForeignKeyConstraint(["site_id", "customer_id"], ["customers.site_id", "customers.id"]),
        Index(None, "site_id", "customer_id"),
    )

    site_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("sites.id", ondelete="CASCADE"), primary_key=True)
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    customer_id: Mapped[uuid.UUID | None]
    created_at: Mapped[datetime]
    merged_at: Mapped[datetime | None]


class TradedToken(Model):
    """A customer token (by its `jti`) and the one browser it belongs to."""

    __tablename__ = "traded_tokens"
    __table_args__ = (
        ForeignKeyConstraint(["site_id", "visitor_id"], ["visitors.site_id", "visitors.id"], ondelete="CASCADE"),
        Index(None, "expires_at"),
        Index(None, "site_id", "visitor_id"),
    )

    site_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("sites.id", ondelete="CASCADE"), primary_key=True)
    jti: Mapped[str] = mapped_column(String(200), primary_key=True)
    visitor_id: Mapped[uuid.UUID]
    presented_visitor_id: Mapped[uuid.UUID | None]
    nonce: Mapped[str | None] = mapped_column(String(100))
    expires_at: Mapped[datetime]


class CustomerAsk(Model):
    """The last time a customer was asked by something, such as survey:<id>, on any device."""

    __tablename__ = "customer_asks"
    __table_args__ = (
        ForeignKeyConstraint(["site_id", "customer_id"], ["customers.site_id", "customers.id"], ondelete="CASCADE"),
    )

    site_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    customer_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(String(60), primary_key=True)
    asked_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]


class CustomerEvent(Model):
    """Something the store's server said has happened to a customer, such as delivered."""

    __tablename__ = "customer_events"
    __table_args__ = (
        ForeignKeyConstraint(["site_id", "customer_id"], ["customers.site_id", "customers.id"], ondelete="CASCADE"),
        Index(None, "site_id", "customer_id", "happened_at"),
        Index(None, "happened_at"),
    )

    site_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    customer_id: Mapped[uuid.UUID]
    name: Mapped[str] = mapped_column(String(100))
    properties: Mapped[dict[str, Any]] = mapped_column(JSONDocument, default=dict)
    happened_at: Mapped[datetime]
    created_at: Mapped[datetime]


class CustomerAttribute(Model):
    """Something a customer has told about themselves, with the consent they gave to keep it."""

    __tablename__ = "customer_attributes"
    __table_args__ = (
        ForeignKeyConstraint(["site_id", "customer_id"], ["customers.site_id", "customers.id"], ondelete="CASCADE"),
    )

    site_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    customer_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    value: Mapped[Any] = mapped_column(JSONDocument)
    consent_text: Mapped[str] = mapped_column(String(500))
    language: Mapped[str | None] = mapped_column(String(35))
    given_at: Mapped[datetime]
    source: Mapped[str] = mapped_column(String(60))


class MailSuppression(Model):
    """An address, stored as a hash, whose reader wants no more invitations from this site."""

    __tablename__ = "mail_suppressions"

    site_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("sites.id", ondelete="CASCADE"), primary_key=True)
    email_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    created_at: Mapped[datetime]
