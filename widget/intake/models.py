"""The connection to a platform, and the raw events it sent."""

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from widget.core.db import Model


class PlatformConnection(Model):
    """The secrets with which a platform signs what it sends to a site.

    Shopify signs with two: webhooks made on its pages with the store's, an app proxy with the app's.
    """

    __tablename__ = "platform_connections"
    __table_args__ = (CheckConstraint("platform IN ('shopify', 'woocommerce')", name="platform"),)

    site_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("sites.id", ondelete="CASCADE"), primary_key=True)
    platform: Mapped[str] = mapped_column(String(20), primary_key=True)
    secret: Mapped[str] = mapped_column(String(200))
    app_secret: Mapped[str | None] = mapped_column(String(200))
    created_at: Mapped[datetime]
    last_event_at: Mapped[datetime | None]


class PlatformEvent(Model):
    """One event as the platform sent it, kept for a while so that it can be taken in anew.

    `event_id` is the topic with the platform's own id, where that can be trusted to name one event; a second
    delivery is not kept.
    """

    __tablename__ = "platform_events"
    __table_args__ = (
        UniqueConstraint("site_id", "platform", "event_id"),
        CheckConstraint("platform IN ('shopify', 'woocommerce')", name="platform"),
        CheckConstraint("outcome IN ('taken', 'known', 'ignored', 'failed')", name="outcome"),
        Index(None, "received_at"),
        Index(None, "site_id", "received_at", "id"),
    )

    site_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("sites.id", ondelete="CASCADE"), primary_key=True)
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    platform: Mapped[str] = mapped_column(String(20))
    topic: Mapped[str] = mapped_column(String(100))
    event_id: Mapped[str | None] = mapped_column(String(300))
    body: Mapped[bytes] = mapped_column(LargeBinary)
    outcome: Mapped[str] = mapped_column(String(10))
    detail: Mapped[str | None] = mapped_column(Text)
    received_at: Mapped[datetime]
    taken_at: Mapped[datetime | None]
