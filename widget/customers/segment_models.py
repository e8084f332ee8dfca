"""Segments: conditions an owner put together, and who meets them. Written from above, read by any room."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from widget.core.db import JSONDocument, Model


class Segment(Model):
    """Customers who meet all or any of the conditions; `members` is how many there were at `counted_at`."""

    __tablename__ = "segments"
    __table_args__ = (
        UniqueConstraint("site_id", "name"),
        CheckConstraint("meets IN ('all', 'any')", name="meets"),
        CheckConstraint("members >= 0", name="members"),
    )

    site_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("sites.id", ondelete="CASCADE"), primary_key=True)
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(100))
    meets: Mapped[str] = mapped_column(String(3), default="all")
    conditions: Mapped[list[Any]] = mapped_column(JSONDocument)
    members: Mapped[int] = mapped_column(default=0)
    counted_at: Mapped[datetime | None]
    created_at: Mapped[datetime]


class SegmentMember(Model):
    """One customer in one segment, as it was last counted."""

    __tablename__ = "segment_members"
    __table_args__ = (
        ForeignKeyConstraint(["site_id", "segment_id"], ["segments.site_id", "segments.id"], ondelete="CASCADE"),
        ForeignKeyConstraint(["site_id", "customer_id"], ["customers.site_id", "customers.id"], ondelete="CASCADE"),
        Index(None, "site_id", "customer_id"),
    )

    site_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    segment_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    customer_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
