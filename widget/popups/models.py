"""Campaign and its variants, their pictures, and what visitors were shown."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from widget.core.db import JSONDocument, Model

GOALS = ("subscribe", "coupon", "free_shipping", "download", "message", "survey")


class Campaign(Model):
    """A campaign as it stands now: its goal, when and to whom it opens, and what it gives.

    `triggers` and `rules` hold only what is set (`campaign_checks.py` says what they may); `fields` are what its form
    asks for beyond the address. `consents` are the owner's lines of consent by language, the same for every variant.
    `version` counts the changes of what visitors see. `holdout_basis_points` is the share of
    visitors who see nothing, so that the others can be compared with somebody.
    """

    __tablename__ = "popup_campaigns"
    __table_args__ = (
        ForeignKeyConstraint(["site_id", "pool_id"], ["coupon_pools.site_id", "coupon_pools.id"]),
        CheckConstraint("state IN ('draft', 'live', 'paused', 'archived')", name="state"),
        CheckConstraint(
            "goal IN ('subscribe', 'coupon', 'free_shipping', 'download', 'message', 'survey')", name="goal"
        ),
        CheckConstraint("display IN ('modal', 'sheet', 'inline')", name="display"),
        CheckConstraint("holdout_basis_points BETWEEN 0 AND 5000", name="holdout"),
        CheckConstraint("every_days BETWEEN 0 AND 3650 AND per_session BETWEEN 1 AND 10", name="frequency"),
        CheckConstraint("fixed_code IS NULL OR pool_id IS NULL", name="one_source"),
        CheckConstraint("version >= 1", name="version"),
        Index(None, "site_id", "created_at"),
    )

    site_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("sites.id", ondelete="CASCADE"), primary_key=True)
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    state: Mapped[str] = mapped_column(String(10))
    goal: Mapped[str] = mapped_column(String(20))
    display: Mapped[str] = mapped_column(String(10), default="modal")
    triggers: Mapped[dict[str, Any]] = mapped_column(JSONDocument, default=dict)
    rules: Mapped[dict[str, Any]] = mapped_column(JSONDocument, default=dict)
    fields: Mapped[list[Any]] = mapped_column(JSONDocument, default=list)
    consents: Mapped[dict[str, Any]] = mapped_column(JSONDocument, default=dict)
    every_days: Mapped[int] = mapped_column(default=30)
    per_session: Mapped[int] = mapped_column(default=1)
    is_search_safe: Mapped[bool] = mapped_column(default=True)
    holdout_basis_points: Mapped[int] = mapped_column(default=0)
    is_double_opt_in: Mapped[bool] = mapped_column(default=True)
    pool_id: Mapped[uuid.UUID | None]
    fixed_code: Mapped[str | None] = mapped_column(String(64))
    survey_id: Mapped[uuid.UUID | None]
    download_url: Mapped[str | None] = mapped_column(String(2000))
    default_language: Mapped[str] = mapped_column(String(10), default="en")
    languages: Mapped[list[Any]] = mapped_column(JSONDocument, default=lambda: ["en"])
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    live_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]


class CampaignVersion(Model):
    """The lines of consent, by language, that a campaign's form showed in a version: what a lead agreed to."""

    __tablename__ = "popup_versions"
    __table_args__ = (
        ForeignKeyConstraint(
            ["site_id", "campaign_id"], ["popup_campaigns.site_id", "popup_campaigns.id"], ondelete="CASCADE"
        ),
        CheckConstraint("version >= 1", name="version"),
    )

    site_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    campaign_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    consents: Mapped[dict[str, Any]] = mapped_column(JSONDocument)
    created_at: Mapped[datetime]


class CampaignVariant(Model):
    """One of the contents a campaign tries: `texts` by language, the picture, and its share of the visitors."""

    __tablename__ = "popup_variants"
    __table_args__ = (
        ForeignKeyConstraint(
            ["site_id", "campaign_id"], ["popup_campaigns.site_id", "popup_campaigns.id"], ondelete="CASCADE"
        ),
        ForeignKeyConstraint(["site_id", "picture_id"], ["popup_pictures.site_id", "popup_pictures.id"]),
        CheckConstraint("weight BETWEEN 1 AND 100", name="weight"),
    )

    site_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    campaign_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(1), primary_key=True)
    name: Mapped[str] = mapped_column(String(100))
    weight: Mapped[int] = mapped_column(default=1)
    texts: Mapped[dict[str, Any]] = mapped_column(JSONDocument, default=dict)
    picture_id: Mapped[uuid.UUID | None]


class PopupPicture(Model):
    """A picture of campaigns, encoded anew by us; its files lie in the site's storage."""

    __tablename__ = "popup_pictures"

    site_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("sites.id", ondelete="CASCADE"), primary_key=True)
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    sizes: Mapped[list[Any]] = mapped_column(JSONDocument)
    content_hash: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime]


class PopupImpression(Model):
    """One time a campaign was due for a visitor: shown in a variant, or withheld from the hold-out group."""

    __tablename__ = "popup_impressions"
    __table_args__ = (
        ForeignKeyConstraint(
            ["site_id", "campaign_id"], ["popup_campaigns.site_id", "popup_campaigns.id"], ondelete="CASCADE"
        ),
        ForeignKeyConstraint(["site_id", "visitor_id"], ["visitors.site_id", "visitors.id"]),
        Index(None, "site_id", "visitor_id"),
    )

    site_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    campaign_id: Mapped[uuid.UUID]
    visitor_id: Mapped[uuid.UUID]
    arm: Mapped[str] = mapped_column(String(7))
    trigger: Mapped[str | None] = mapped_column(String(20))
    page_url: Mapped[str | None] = mapped_column(String(2000))
    shown_at: Mapped[datetime]
    dismissed_at: Mapped[datetime | None]


class PopupExposure(Model):
    """The arm of a campaign a visitor is in, from the first time it was due: what results are counted by."""

    __tablename__ = "popup_exposures"
    __table_args__ = (
        ForeignKeyConstraint(
            ["site_id", "campaign_id"], ["popup_campaigns.site_id", "popup_campaigns.id"], ondelete="CASCADE"
        ),
        ForeignKeyConstraint(["site_id", "visitor_id"], ["visitors.site_id", "visitors.id"]),
        Index(None, "site_id", "campaign_id", "first_at"),
        Index(None, "site_id", "visitor_id"),
    )

    site_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    campaign_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    visitor_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    arm: Mapped[str] = mapped_column(String(7))
    first_at: Mapped[datetime]
    converted_at: Mapped[datetime | None]
