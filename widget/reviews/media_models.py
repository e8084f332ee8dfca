"""Photos and videos of reviews; the files themselves lie in the site's storage."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from widget.core.db import JSONDocument, Model


class ReviewMedia(Model):
    """One photo or video; without a review it is staged, and purged when nobody submits it.

    `sizes` are the files it has: `{"name", "type", "width", "height", "bytes"}` each. `holder` is the hash of the
    secret with which its uploader may attach it.
    """

    __tablename__ = "review_media"
    __table_args__ = (
        ForeignKeyConstraint(["site_id", "review_id"], ["reviews.site_id", "reviews.id"]),
        CheckConstraint("kind IN ('photo', 'video')", name="kind"),
        CheckConstraint("bytes >= 0 AND position >= 0", name="numbers"),
        Index(None, "site_id", "review_id"),
        Index(
            "ix_review_media_staged",
            "created_at",
            sqlite_where=text("review_id IS NULL"),
            postgresql_where=text("review_id IS NULL"),
        ),
    )

    site_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("sites.id", ondelete="CASCADE"), primary_key=True)
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    review_id: Mapped[uuid.UUID | None]
    kind: Mapped[str] = mapped_column(String(5))
    position: Mapped[int] = mapped_column(default=0)
    sizes: Mapped[list[Any]] = mapped_column(JSONDocument)
    bytes: Mapped[int] = mapped_column(BigInteger)
    content_hash: Mapped[str] = mapped_column(String(64))
    holder: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime]
