"""Links to reports, and the weeks whose digest was sent."""

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from widget.core.db import JSONDocument, Model


class ReportLink(Model):
    """A read-only report of a survey for somebody without a log-in, until it expires or is revoked."""

    __tablename__ = "report_links"
    __table_args__ = (
        ForeignKeyConstraint(["site_id", "survey_id"], ["surveys.site_id", "surveys.id"], ondelete="CASCADE"),
        CheckConstraint("expires_at > created_at", name="expires_at"),
        Index(None, "site_id", "survey_id"),
    )

    site_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    survey_id: Mapped[uuid.UUID]
    name: Mapped[str] = mapped_column(String(100))
    query: Mapped[dict[str, Any]] = mapped_column(JSONDocument)
    shows_comments: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


class SurveyDigest(Model):
    """The week (by its Monday) whose digest a site's owners have been sent."""

    __tablename__ = "survey_digests"

    site_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("sites.id", ondelete="CASCADE"), primary_key=True)
    week_on: Mapped[date] = mapped_column(primary_key=True)
    sent_at: Mapped[datetime]
