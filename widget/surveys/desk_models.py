"""What owners put on answers while they work through them: tags and notes, and filters under a name."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from widget.core.db import JSONDocument, Model


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


class SavedFilter(Model):
    """A filter of a survey's answers under a name; `query` holds the names and values of its address."""

    __tablename__ = "saved_filters"
    __table_args__ = (
        ForeignKeyConstraint(["site_id", "survey_id"], ["surveys.site_id", "surveys.id"], ondelete="CASCADE"),
        UniqueConstraint("site_id", "survey_id", "name"),
    )

    site_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    survey_id: Mapped[uuid.UUID]
    name: Mapped[str] = mapped_column(String(100))
    query: Mapped[dict[str, Any]] = mapped_column(JSONDocument)
    created_at: Mapped[datetime]
