"""The fitted lifetime value of customers, and how long shoppers stay on pages."""

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, Float, ForeignKey, ForeignKeyConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from widget.core.db import JSONDocument, Model


class LifetimeModel(Model):
    """The models of how often customers buy (BG/NBD) and how much they spend (Gamma-Gamma), fitted to a site.

    `parameters` holds what was fitted and its uncertainty; `expected_minor` with its bounds is the mean over
    customers of what they will spend in the next twelve months.
    """

    __tablename__ = "lifetime_models"
    __table_args__ = (CheckConstraint("customers >= 1", name="customers"),)

    site_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("sites.id", ondelete="CASCADE"), primary_key=True)
    fitted_at: Mapped[datetime]
    calibrated_on: Mapped[date]
    customers: Mapped[int]
    parameters: Mapped[dict[str, Any]] = mapped_column(JSONDocument)
    expected_minor: Mapped[int] = mapped_column(BigInteger)
    low_minor: Mapped[int] = mapped_column(BigInteger)
    high_minor: Mapped[int] = mapped_column(BigInteger)


class LifetimeAttempt(Model):
    """The last time a site's models were to be fitted: to the orders until which day, and what came of it."""

    __tablename__ = "lifetime_attempts"
    __table_args__ = (CheckConstraint("outcome IN ('fitted', 'too_few', 'failed')", name="outcome"),)

    site_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("sites.id", ondelete="CASCADE"), primary_key=True)
    calibrated_on: Mapped[date]
    repeat_customers: Mapped[int]
    outcome: Mapped[str] = mapped_column(String(10))


class CustomerLifetime(Model):
    """What one customer is expected to spend in the next twelve months, in the reporting currency."""

    __tablename__ = "customer_lifetimes"
    __table_args__ = (
        ForeignKeyConstraint(["site_id", "customer_id"], ["customers.site_id", "customers.id"], ondelete="CASCADE"),
        CheckConstraint("alive_ratio BETWEEN 0 AND 1", name="alive_ratio"),
        Index(None, "site_id", "expected_minor"),
    )

    site_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    customer_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    expected_minor: Mapped[int] = mapped_column(BigInteger)
    low_minor: Mapped[int] = mapped_column(BigInteger)
    high_minor: Mapped[int] = mapped_column(BigInteger)
    alive_ratio: Mapped[float] = mapped_column(Float)


class PageDay(Model):
    """The page views of one UTC day whose time was measured, and how many of them lasted 45 seconds."""

    __tablename__ = "page_days"
    __table_args__ = (CheckConstraint("engaged BETWEEN 0 AND views", name="engaged"),)

    site_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("sites.id", ondelete="CASCADE"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    views: Mapped[int]
    engaged: Mapped[int]
