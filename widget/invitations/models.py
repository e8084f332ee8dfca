"""Personal links and the codes of printed cards."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from widget.core.db import JSONDocument, Model


class SurveyInvitation(Model):
    """A signed link by which one person may answer once; `used_at` is set by the answer alone."""

    __tablename__ = "survey_invitations"
    __table_args__ = (
        ForeignKeyConstraint(["site_id", "survey_id"], ["surveys.site_id", "surveys.id"], ondelete="CASCADE"),
        ForeignKeyConstraint(["site_id", "customer_id"], ["customers.site_id", "customers.id"]),
        CheckConstraint("expires_at > created_at", name="expires_at"),
        CheckConstraint("(used_at IS NULL) = (response_id IS NULL)", name="used"),
        Index(None, "site_id", "survey_id", "created_at"),
        Index(None, "site_id", "customer_id"),
    )

    site_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    survey_id: Mapped[uuid.UUID]
    customer_id: Mapped[uuid.UUID | None]
    email: Mapped[str | None] = mapped_column(String(320))
    language: Mapped[str | None] = mapped_column(String(35))
    hidden: Mapped[dict[str, Any]] = mapped_column(JSONDocument, default=dict)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    response_id: Mapped[uuid.UUID | None]


class SurveyPrintLink(Model):
    """The short code by which anybody who reads a printed card may answer, until it is closed."""

    __tablename__ = "survey_print_links"
    __table_args__ = (
        ForeignKeyConstraint(["site_id", "survey_id"], ["surveys.site_id", "surveys.id"], ondelete="CASCADE"),
        Index(
            "uq_survey_print_links_open",
            "site_id",
            "survey_id",
            unique=True,
            sqlite_where=text("closed_at IS NULL"),
            postgresql_where=text("closed_at IS NULL"),
        ),
    )

    site_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(20), primary_key=True)
    survey_id: Mapped[uuid.UUID]
    created_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
