"""LoyaltyProgram with its versions, LoyaltyAccount, LedgerEntry and Lot."""

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from widget.core.db import JSONDocument, Model

KINDS = (
    "earn",
    "gift",
    "adjust",
    "hold",
    "release",
    "redeem",
    "give_back",
    "expire",
    "unexpire",
    "claw",
    "merge_in",
    "merge_out",
)
_CHANGES, _HAS_KEY, _IS_LIVE = text("next_change_at IS NOT NULL"), text("key IS NOT NULL"), text("is_live")


class LoyaltyProgram(Model):
    """A site's program; what it pays is said by its present version. It pays for nothing from before `live_at`.

    `thousand_cost_minor` is what an owner reckons a thousand points cost, in the currency of the rules.
    """

    __tablename__ = "loyalty_programs"
    __table_args__ = (
        CheckConstraint("state IN ('draft', 'live', 'paused')", name="state"),
        CheckConstraint("state = 'draft' OR live_at IS NOT NULL", name="live_at"),
        CheckConstraint("thousand_cost_minor IS NULL OR thousand_cost_minor >= 0", name="thousand_cost"),
    )

    site_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("sites.id", ondelete="CASCADE"), primary_key=True)
    state: Mapped[str] = mapped_column(String(10))
    version: Mapped[int]
    live_at: Mapped[datetime | None]
    thousand_cost_minor: Mapped[int | None] = mapped_column(BigInteger)
    created_at: Mapped[datetime]


class LoyaltyVersion(Model):
    """The rules of a program from one moment on; they never change, a change is a new version."""

    __tablename__ = "loyalty_versions"
    __table_args__ = (
        ForeignKeyConstraint(["site_id"], ["loyalty_programs.site_id"], ondelete="CASCADE"),
        CheckConstraint("version >= 1", name="version"),
    )

    site_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    rules: Mapped[dict[str, Any]] = mapped_column(JSONDocument)
    actor: Mapped[str] = mapped_column(String(330))
    created_at: Mapped[datetime]


class LoyaltyAccount(Model):
    """A customer's points as of `settled_at`, kept in the transaction of every entry.

    `balance` is what can be spent, below zero after a refund of points that were spent; `pending` cannot be spent yet;
    `held` is reserved by redemptions that are not final. `next_change_at` is when time alone changes something: points
    become available, or expire. `last_number` and `last_digest` are those of the newest entry. A tier that is pinned
    is the owner's choice, with who chose it and why; `tier_until_on` is when the tier would be lost without another
    purchase.
    """

    __tablename__ = "loyalty_accounts"
    __table_args__ = (
        ForeignKeyConstraint(["site_id", "customer_id"], ["customers.site_id", "customers.id"]),
        CheckConstraint("pending >= 0 AND held >= 0 AND lifetime >= 0 AND debt >= 0", name="amounts"),
        CheckConstraint("debt = 0 OR balance <= 0", name="debt"),
        Index(None, "next_change_at", sqlite_where=_CHANGES, postgresql_where=_CHANGES),
        Index(None, "tier_until_on"),
        Index(None, "site_id", "balance"),
    )

    site_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("sites.id", ondelete="CASCADE"), primary_key=True)
    customer_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    balance: Mapped[int] = mapped_column(BigInteger, default=0)
    pending: Mapped[int] = mapped_column(BigInteger, default=0)
    held: Mapped[int] = mapped_column(BigInteger, default=0)
    debt: Mapped[int] = mapped_column(BigInteger, default=0)
    lifetime: Mapped[int] = mapped_column(BigInteger, default=0)
    last_number: Mapped[int] = mapped_column(default=0)
    last_digest: Mapped[str] = mapped_column(String(64), default="")
    next_change_at: Mapped[datetime | None]
    inactive_at: Mapped[datetime | None]
    settled_at: Mapped[datetime]
    tier: Mapped[str | None] = mapped_column(String(40))
    tier_until_on: Mapped[date | None]
    is_tier_pinned: Mapped[bool] = mapped_column(default=False)
    pinned_by: Mapped[str | None] = mapped_column(String(330))
    pin_reason: Mapped[str | None] = mapped_column(String(300))
    merged_into_id: Mapped[uuid.UUID | None]
    joined_at: Mapped[datetime | None]
    created_at: Mapped[datetime]


class LedgerEntry(Model):
    """One change of an account; rows are only ever added, and each is bound to the one before by its digest.

    It counts for the balance from `available_at` on. `source` is what it is for, such as order:<id>; `reason` holds
    what explains the number. `key` makes a repeat the same entry.
    """

    __tablename__ = "loyalty_entries"
    __table_args__ = (
        ForeignKeyConstraint(["site_id", "customer_id"], ["loyalty_accounts.site_id", "loyalty_accounts.customer_id"]),
        CheckConstraint("delta <> 0", name="delta"),
        CheckConstraint("number >= 1", name="number"),
        CheckConstraint(
            "kind IN ('earn', 'gift', 'adjust', 'hold', 'release', 'redeem', 'give_back', 'expire', 'unexpire', 'claw',"
            " 'merge_in', 'merge_out')",
            name="kind",
        ),
        Index(None, "site_id", "key", unique=True, sqlite_where=_HAS_KEY, postgresql_where=_HAS_KEY),
        Index(None, "site_id", "customer_id", "source"),
        # The report adds entries up by kind and time, from this index alone.
        Index(None, "site_id", "occurred_at", "kind", "delta"),
        # One tree less to write for every redemption.
        {"sqlite_with_rowid": False},
    )

    site_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("sites.id", ondelete="CASCADE"), primary_key=True)
    customer_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    delta: Mapped[int] = mapped_column(BigInteger)
    kind: Mapped[str] = mapped_column(String(10))
    source: Mapped[str] = mapped_column(String(150))
    rule: Mapped[str | None] = mapped_column(String(60))
    rule_version: Mapped[int | None]
    reason: Mapped[dict[str, Any]] = mapped_column(JSONDocument)
    actor: Mapped[str] = mapped_column(String(330))
    key: Mapped[str | None] = mapped_column(String(200))
    available_at: Mapped[datetime]
    occurred_at: Mapped[datetime]
    recorded_at: Mapped[datetime]
    digest: Mapped[str] = mapped_column(String(64))


class Lot(Model):
    """Points that came together and expire together, by the number of the entry that brought them."""

    __tablename__ = "loyalty_lots"
    __table_args__ = (
        ForeignKeyConstraint(
            ["site_id", "customer_id", "number"],
            ["loyalty_entries.site_id", "loyalty_entries.customer_id", "loyalty_entries.number"],
        ),
        CheckConstraint("granted >= 1 AND remaining BETWEEN 0 AND granted", name="remaining"),
        CheckConstraint("expired BETWEEN 0 AND granted - remaining", name="expired"),
        CheckConstraint("expires_at IS NULL OR expires_at >= available_at", name="times"),
        Index(None, "site_id", "customer_id", sqlite_where=_IS_LIVE, postgresql_where=_IS_LIVE),
        Index(None, "site_id", "customer_id", "source"),
    )

    site_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("sites.id", ondelete="CASCADE"), primary_key=True)
    customer_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    source: Mapped[str] = mapped_column(String(150))
    granted: Mapped[int] = mapped_column(BigInteger)
    remaining: Mapped[int] = mapped_column(BigInteger)
    expired: Mapped[int] = mapped_column(BigInteger, default=0)
    is_live: Mapped[bool]
    available_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]


class LotUse(Model):
    """How much of a lot an entry took (or, below zero, gave back)."""

    __tablename__ = "loyalty_lot_uses"
    __table_args__ = (
        ForeignKeyConstraint(
            ["site_id", "customer_id", "number"],
            ["loyalty_entries.site_id", "loyalty_entries.customer_id", "loyalty_entries.number"],
        ),
        ForeignKeyConstraint(
            ["site_id", "customer_id", "lot_number"],
            ["loyalty_lots.site_id", "loyalty_lots.customer_id", "loyalty_lots.number"],
        ),
        # One tree less to write for every redemption.
        {"sqlite_with_rowid": False},
    )

    site_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("sites.id", ondelete="CASCADE"), primary_key=True)
    customer_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    lot_number: Mapped[int] = mapped_column(primary_key=True)
    points: Mapped[int] = mapped_column(BigInteger)
