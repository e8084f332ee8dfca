"""Survey and its versions, impressions, responses, and the invitations to answer."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    SmallInteger,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from widget.core.db import JSONDocument, Model

MAX_COMMENT_LENGTH = 5000


class Survey(Model):
    """A survey as it stands now: its questions, their texts, and when and where it is asked.

    `definition` holds what is asked beyond the score and its comment; `texts` the wording by language;
    `url_rules` holds [match, text] pairs; `gates` holds the rarer conditions, each only where it is set.
    `version` counts the changes of questions and texts; every one of them is kept as a SurveyVersion.
    """

    __tablename__ = "surveys"
    __table_args__ = (
        # The target of the responses' foreign key, which keeps their kind the survey's.
        UniqueConstraint("site_id", "id", "kind"),
        CheckConstraint("kind IN ('nps', 'csat', 'ces', 'form', 'quiz')", name="kind"),
        CheckConstraint("state IN ('draft', 'live', 'paused', 'archived')", name="state"),
        CheckConstraint("display IN ('sheet', 'inline', 'tab')", name="display"),
        CheckConstraint("after_seconds BETWEEN 0 AND 3600", name="after_seconds"),
        CheckConstraint("scroll_percent BETWEEN 0 AND 100", name="scroll_percent"),
        CheckConstraint("sample_basis_points BETWEEN 0 AND 10000", name="sample_basis_points"),
        CheckConstraint("repeat_days BETWEEN 1 AND 3650", name="repeat_days"),
    )

    site_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("sites.id", ondelete="CASCADE"), primary_key=True)
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(10))
    name: Mapped[str] = mapped_column(String(200))
    state: Mapped[str] = mapped_column(String(10), default="live")
    display: Mapped[str] = mapped_column(String(10), default="sheet")
    url_rules: Mapped[list[Any]] = mapped_column(JSONDocument, default=list)
    after_seconds: Mapped[int] = mapped_column(default=0)
    scroll_percent: Mapped[int] = mapped_column(default=0)
    event_name: Mapped[str | None] = mapped_column(String(100))
    sample_basis_points: Mapped[int] = mapped_column(default=10_000)
    repeat_days: Mapped[int | None]
    asks_until_answered: Mapped[bool] = mapped_column(default=False)
    gates: Mapped[dict[str, Any]] = mapped_column(JSONDocument, default=dict)
    default_language: Mapped[str] = mapped_column(String(10), default="en")
    languages: Mapped[list[Any]] = mapped_column(JSONDocument, default=lambda: ["en", "it", "id"])
    definition: Mapped[dict[str, Any]] = mapped_column(JSONDocument, default=dict)
    texts: Mapped[dict[str, Any]] = mapped_column(JSONDocument, default=dict)
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    published_at: Mapped[datetime | None]


class SurveyVersion(Model):
    """The questions and texts of one version of a survey, as the answers that name it were given to."""

    __tablename__ = "survey_versions"
    __table_args__ = (
        ForeignKeyConstraint(["site_id", "survey_id"], ["surveys.site_id", "surveys.id"], ondelete="CASCADE"),
        CheckConstraint("version >= 1", name="version"),
    )

    site_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    survey_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    default_language: Mapped[str] = mapped_column(String(10))
    languages: Mapped[list[Any]] = mapped_column(JSONDocument)
    definition: Mapped[dict[str, Any]] = mapped_column(JSONDocument)
    texts: Mapped[dict[str, Any]] = mapped_column(JSONDocument)
    created_at: Mapped[datetime]


class SurveyField(Model):
    """The name of a hidden field that answers of a survey carry."""

    __tablename__ = "survey_fields"
    __table_args__ = (
        ForeignKeyConstraint(["site_id", "survey_id"], ["surveys.site_id", "surveys.id"], ondelete="CASCADE"),
    )

    site_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    survey_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(64), primary_key=True)


class SurveyImpression(Model):
    """One time a survey was shown; a response to it carries the same id."""

    __tablename__ = "survey_impressions"
    __table_args__ = (
        ForeignKeyConstraint(["site_id", "survey_id"], ["surveys.site_id", "surveys.id"], ondelete="CASCADE"),
        ForeignKeyConstraint(["site_id", "visitor_id"], ["visitors.site_id", "visitors.id"]),
        CheckConstraint("bucket BETWEEN 0 AND 9999", name="bucket"),
        Index(None, "site_id", "survey_id", "shown_at"),
        Index(
            None,
            "site_id",
            "survey_id",
            "dismissed_at",
            sqlite_where=text("dismissed_at IS NOT NULL"),
            postgresql_where=text("dismissed_at IS NOT NULL"),
        ),
        Index(None, "site_id", "visitor_id"),
    )

    site_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    survey_id: Mapped[uuid.UUID]
    visitor_id: Mapped[uuid.UUID | None]
    bucket: Mapped[int | None] = mapped_column(SmallInteger)
    language: Mapped[str | None] = mapped_column(String(35))
    page_url: Mapped[str | None] = mapped_column(String(2000))
    shown_at: Mapped[datetime]
    dismissed_at: Mapped[datetime | None]


class SurveyResponse(Model):
    """One answer. It may be continued while `completed_at` is empty and never changes afterwards.

    `answers` holds what was said to the questions beyond score and comment, by the question's key.
    """

    __tablename__ = "survey_responses"
    __table_args__ = (
        ForeignKeyConstraint(
            ["site_id", "survey_id", "kind"],
            ["surveys.site_id", "surveys.id", "surveys.kind"],
            ondelete="CASCADE",
        ),
        ForeignKeyConstraint(["site_id", "visitor_id"], ["visitors.site_id", "visitors.id"]),
        ForeignKeyConstraint(["site_id", "customer_id"], ["customers.site_id", "customers.id"]),
        CheckConstraint(
            "(kind = 'nps' AND score BETWEEN 0 AND 10) OR (kind = 'csat' AND score BETWEEN 1 AND 5)"
            " OR (kind = 'ces' AND score BETWEEN 1 AND 7) OR score IS NULL",
            name="score",
        ),
        CheckConstraint(f"length(comment) <= {MAX_COMMENT_LENGTH}", name="comment_length"),
        CheckConstraint("source IN ('widget', 'link', 'import')", name="source"),
        CheckConstraint("flag IN ('too_fast', 'honeypot', 'burst')", name="flag"),
        CheckConstraint("elapsed_ms >= 0", name="elapsed_ms"),
        CheckConstraint("survey_version >= 1", name="survey_version"),
        Index(None, "site_id", "survey_id", "answered_at", "id"),
        # Anonymous answers are looked up by visitor, the others by customer: each row is in one of the two.
        Index(
            None,
            "site_id",
            "visitor_id",
            sqlite_where=text("customer_id IS NULL"),
            postgresql_where=text("customer_id IS NULL"),
        ),
        Index(
            None,
            "site_id",
            "customer_id",
            sqlite_where=text("customer_id IS NOT NULL"),
            postgresql_where=text("customer_id IS NOT NULL"),
        ),
        # One tree less to write for every answer.
        {"sqlite_with_rowid": False},
    )

    site_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    survey_id: Mapped[uuid.UUID]
    kind: Mapped[str] = mapped_column(String(10))
    score: Mapped[int | None] = mapped_column(SmallInteger)
    comment: Mapped[str | None] = mapped_column(Text)
    answers: Mapped[dict[str, Any]] = mapped_column(JSONDocument, default=dict)
    survey_version: Mapped[int] = mapped_column(default=1)
    hidden: Mapped[dict[str, Any]] = mapped_column(JSONDocument)
    language: Mapped[str | None] = mapped_column(String(35))
    page_url: Mapped[str | None] = mapped_column(String(2000))
    elapsed_ms: Mapped[int | None]
    visitor_id: Mapped[uuid.UUID | None]
    customer_id: Mapped[uuid.UUID | None]
    source: Mapped[str] = mapped_column(String(10))
    flag: Mapped[str | None] = mapped_column(String(10))
    answered_at: Mapped[datetime]
    completed_at: Mapped[datetime | None]
