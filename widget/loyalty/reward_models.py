"""Reward, Redemption, and the gifts of tiers."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from widget.core.db import JSONDocument, Model

_IS_HELD = text("held_until_at IS NOT NULL")


class Reward(Model):
    """What points can be had for; its coupon pool says what the code is worth.

    `tier_prices` are other prices by tier, None for a tier that cannot have it. `texts` are names and terms by
    language.
    """

    __tablename__ = "loyalty_rewards"
    __table_args__ = (
        ForeignKeyConstraint(["site_id", "pool_id"], ["coupon_pools.site_id", "coupon_pools.id"]),
        CheckConstraint("price >= 1", name="price"),
        CheckConstraint("stock IS NULL OR stock >= 0", name="stock"),
        CheckConstraint("customer_limit IS NULL OR customer_limit >= 1", name="customer_limit"),
        CheckConstraint("state IN ('draft', 'live', 'archived')", name="state"),
        Index(None, "site_id", "position"),
    )

    site_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("sites.id", ondelete="CASCADE"), primary_key=True)
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    pool_id: Mapped[uuid.UUID]
    state: Mapped[str] = mapped_column(String(10))
    position: Mapped[int] = mapped_column(default=0)
    texts: Mapped[dict[str, Any]] = mapped_column(JSONDocument)
    price: Mapped[int] = mapped_column(BigInteger)
    tier_prices: Mapped[dict[str, Any]] = mapped_column(JSONDocument)
    stock: Mapped[int | None]
    customer_limit: Mapped[int | None]
    starts_at: Mapped[datetime | None]
    ends_at: Mapped[datetime | None]
    created_at: Mapped[datetime]


class Redemption(Model):
    """A reward a customer took; `id` is the browser's own, so that a repeat is the same one.

    `entry_number` is in the ledger of `entry_customer_id`, who may have been merged into `customer_id` since.
    """

    __tablename__ = "loyalty_redemptions"
    __table_args__ = (
        ForeignKeyConstraint(["site_id", "customer_id"], ["loyalty_accounts.site_id", "loyalty_accounts.customer_id"]),
        ForeignKeyConstraint(
            ["site_id", "entry_customer_id", "entry_number"],
            ["loyalty_entries.site_id", "loyalty_entries.customer_id", "loyalty_entries.number"],
        ),
        ForeignKeyConstraint(["site_id", "reward_id"], ["loyalty_rewards.site_id", "loyalty_rewards.id"]),
        ForeignKeyConstraint(["site_id", "coupon_id"], ["coupons.site_id", "coupons.id"]),
        CheckConstraint("points >= 1", name="points"),
        CheckConstraint("state IN ('held', 'issued', 'used', 'cancelled')", name="state"),
        CheckConstraint("(state = 'held') = (held_until_at IS NOT NULL)", name="held"),
        Index(None, "site_id", "customer_id", "created_at"),
        Index(None, "held_until_at", sqlite_where=_IS_HELD, postgresql_where=_IS_HELD),
        Index(None, "site_id", "created_at", "id"),
        Index(None, "site_id", "coupon_id"),
        # One tree less to write for every redemption.
        {"sqlite_with_rowid": False},
    )

    site_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("sites.id", ondelete="CASCADE"), primary_key=True)
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    customer_id: Mapped[uuid.UUID]
    reward_id: Mapped[uuid.UUID]
    coupon_id: Mapped[uuid.UUID | None]
    points: Mapped[int] = mapped_column(BigInteger)
    state: Mapped[str] = mapped_column(String(10))
    entry_customer_id: Mapped[uuid.UUID]
    entry_number: Mapped[int]
    held_until_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]


class TierGift(Model):
    """A customer got what a tier gives on entry; once for each tier."""

    __tablename__ = "loyalty_tier_gifts"
    __table_args__ = (
        ForeignKeyConstraint(["site_id", "customer_id"], ["loyalty_accounts.site_id", "loyalty_accounts.customer_id"]),
    )

    site_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("sites.id", ondelete="CASCADE"), primary_key=True)
    customer_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    tier: Mapped[str] = mapped_column(String(40), primary_key=True)
    given_at: Mapped[datetime]
