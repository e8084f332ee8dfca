"""What owners put on answers while they work through them: tags and notes."""

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from widget.core.db import Model


class ResponseTag(Model):
    """A word an owner has put on an answer."""

    __tablename__ = "response_tags"
    __table_args__ = (
        ForeignKeyConstraint(
            ["site_id", "response_id"], ["survey_responses.site_id", "survey_responses.id"], ondelete="CASCADE"
        ),
        CheckConstraint("tag = lower(tag) AND length(tag) >= 1", name="tag"),
        Index(None, "site_id", "tag"),
    )

    site_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    response_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    tag: Mapped[str] = mapped_column(String(40), primary_key=True)


class ResponseNote(Model):
    """What an owner has written about an answer, for the other owners of the site."""

    __tablename__ = "response_notes"
    __table_args__ = (
        ForeignKeyConstraint(
            ["site_id", "response_id"], ["survey_responses.site_id", "survey_responses.id"], ondelete="CASCADE"
        ),
        Index(None, "site_id", "response_id"),
    )

    site_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    response_id: Mapped[uuid.UUID]
    text: Mapped[str] = mapped_column(String(2000))
    author_email: Mapped[str] = mapped_column(String(320))
    created_at: Mapped[datetime]
