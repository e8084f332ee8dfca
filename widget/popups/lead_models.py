"""Lead and the consents it rests on."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from widget.core.db import JSONDocument, Model


class Lead(Model):
    """An address somebody left, with what they told; it is theirs for certain once `confirmed_at` is set.

    `email_key` is the address as providers compare it: one of a site is one lead. `coupon_id` is the code it got.
    """

    __tablename__ = "leads"
    __table_args__ = (
        ForeignKeyConstraint(["site_id", "campaign_id"], ["popup_campaigns.site_id", "popup_campaigns.id"]),
        ForeignKeyConstraint(["site_id", "visitor_id"], ["visitors.site_id", "visitors.id"]),
        ForeignKeyConstraint(["site_id", "customer_id"], ["customers.site_id", "customers.id"]),
        ForeignKeyConstraint(["site_id", "coupon_id"], ["coupons.site_id", "coupons.id"]),
        CheckConstraint("state IN ('unconfirmed', 'confirmed', 'unsubscribed')", name="state"),
        CheckConstraint("state <> 'unconfirmed' OR confirmed_at IS NULL", name="confirmed"),
        CheckConstraint("(state = 'unsubscribed') = (unsubscribed_at IS NOT NULL)", name="unsubscribed"),
        CheckConstraint("source IN ('popup', 'inline', 'import', 'api')", name="source"),
        Index("uq_leads_email_key", "site_id", "email_key", unique=True),
        Index(None, "site_id", "created_at", "id"),
        Index(None, "site_id", "visitor_id"),
        Index(None, "site_id", "customer_id"),
        Index(None, "site_id", "campaign_id"),
        Index(
            "ix_leads_unconfirmed",
            "created_at",
            sqlite_where=text("state = 'unconfirmed'"),
            postgresql_where=text("state = 'unconfirmed'"),
        ),
    )

    site_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("sites.id", ondelete="CASCADE"), primary_key=True)
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(320))
    email_key: Mapped[str] = mapped_column(String(320))
    name: Mapped[str | None] = mapped_column(String(200))
    fields: Mapped[dict[str, Any]] = mapped_column(JSONDocument, default=dict)
    state: Mapped[str] = mapped_column(String(12))
    source: Mapped[str] = mapped_column(String(10))
    campaign_id: Mapped[uuid.UUID | None]
    arm: Mapped[str | None] = mapped_column(String(7))
    visitor_id: Mapped[uuid.UUID | None]
    customer_id: Mapped[uuid.UUID | None]
    coupon_id: Mapped[uuid.UUID | None]
    language: Mapped[str | None] = mapped_column(String(35))
    created_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    unsubscribed_at: Mapped[datetime | None]


class LeadConsent(Model):
    """What a lead agreed to, word for word, and when; nothing in it ever changes."""

    __tablename__ = "lead_consents"
    __table_args__ = (
        ForeignKeyConstraint(["site_id", "lead_id"], ["leads.site_id", "leads.id"], ondelete="CASCADE"),
        CheckConstraint("kind IN ('given', 'confirmed', 'withdrawn')", name="kind"),
        CheckConstraint("number >= 1", name="number"),
    )

    site_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    lead_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(10))
    text: Mapped[str | None] = mapped_column(String(1000))
    text_hash: Mapped[str | None] = mapped_column(String(64))
    campaign_id: Mapped[uuid.UUID | None]
    campaign_version: Mapped[int | None]
    language: Mapped[str | None] = mapped_column(String(35))
    page_url: Mapped[str | None] = mapped_column(String(2000))
    happened_at: Mapped[datetime]


class LeadMail(Model):
    """A request of an address by its own id, and by hashes the address and the network it came from.

    Kept for a day, so that a repeat is known for one and nobody gets many mails.
    """

    __tablename__ = "lead_mails"
    __table_args__ = (
        Index(None, "site_id", "address_hash", "created_at"),
        Index(None, "site_id", "network_hash", "created_at"),
        Index(None, "created_at"),
    )

    site_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("sites.id", ondelete="CASCADE"), primary_key=True)
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    address_hash: Mapped[str] = mapped_column(String(64))
    network_hash: Mapped[str] = mapped_column(String(64))
    request_hash: Mapped[str] = mapped_column(String(64))
    answer: Mapped[dict[str, Any]] = mapped_column(JSONDocument)
    created_at: Mapped[datetime]
