"""The daily rollups kept from answers and impressions."""

import uuid
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, SmallInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from widget.core.db import Model


class SurveyRollup(Model):
    """How far a survey's answers and impressions are counted into its daily rows."""

    __tablename__ = "survey_rollups"
    __table_args__ = (
        ForeignKeyConstraint(["site_id", "survey_id"], ["surveys.site_id", "surveys.id"], ondelete="CASCADE"),
    )

    site_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    survey_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    counted_until: Mapped[datetime]


class SurveyDailyScore(Model):
    """The answers of one UTC day with one score from one source; -1: without a score, -2: flagged."""

    __tablename__ = "survey_daily_scores"
    __table_args__ = (
        ForeignKeyConstraint(["site_id", "survey_id"], ["surveys.site_id", "surveys.id"], ondelete="CASCADE"),
        CheckConstraint("score BETWEEN -2 AND 10", name="score"),
        CheckConstraint("completed BETWEEN 0 AND responses", name="completed"),
    )

    site_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    survey_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    source: Mapped[str] = mapped_column(String(10), primary_key=True)
    score: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    responses: Mapped[int]
    completed: Mapped[int]


class SurveyDailyAsk(Model):
    """How often a survey was shown and dismissed on one UTC day."""

    __tablename__ = "survey_daily_asks"
    __table_args__ = (
        ForeignKeyConstraint(["site_id", "survey_id"], ["surveys.site_id", "surveys.id"], ondelete="CASCADE"),
        CheckConstraint("shown >= 0 AND dismissed >= 0", name="counts"),
    )

    site_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    survey_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    shown: Mapped[int]
    dismissed: Mapped[int]


class SurveyStaleDay(Model):
    """A day whose answers changed after they were counted; it is counted live until counted anew.

    `touches` only serves to lock the row against the worker that clears it.
    """

    __tablename__ = "survey_stale_days"
    __table_args__ = (
        ForeignKeyConstraint(["site_id", "survey_id"], ["surveys.site_id", "surveys.id"], ondelete="CASCADE"),
    )

    site_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    survey_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    touches: Mapped[int] = mapped_column(default=1)
