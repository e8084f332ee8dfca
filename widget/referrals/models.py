"""ReferralProgram with its versions, Advocate, ReferralClick, Referral with its history, and what was given for it."""

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from widget.core.db import JSONDocument, Model

MAX_CODE_LENGTH = 30
STATES = ("claimed", "qualified", "held", "rewarded", "rejected", "reversed", "expired")
CHANNELS = ("link", "copy", "share", "whatsapp", "email", "sms", "facebook", "x", "telegram", "qr")
# The channel of a friend who brought the advocate's own code to the checkout, and no claim before.
CHECKOUT = "checkout"


class ReferralProgram(Model):
    """A site's program; what it gives is said by its present version. Nothing from before `live_at` counts."""

    __tablename__ = "referral_programs"
    __table_args__ = (
        CheckConstraint("state IN ('draft', 'live', 'paused')", name="state"),
        CheckConstraint("state = 'draft' OR live_at IS NOT NULL", name="live_at"),
    )

    site_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("sites.id", ondelete="CASCADE"), primary_key=True)
    state: Mapped[str] = mapped_column(String(10))
    version: Mapped[int]
    live_at: Mapped[datetime | None]
    created_at: Mapped[datetime]


class ReferralVersion(Model):
    """The rules of a program from one moment on; they never change, a change is a new version."""

    __tablename__ = "referral_versions"
    __table_args__ = (
        ForeignKeyConstraint(["site_id"], ["referral_programs.site_id"], ondelete="CASCADE"),
        CheckConstraint("version >= 1", name="version"),
    )

    site_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    rules: Mapped[dict[str, Any]] = mapped_column(JSONDocument)
    actor: Mapped[str] = mapped_column(String(330))
    created_at: Mapped[datetime]


class Advocate(Model):
    """A customer with a code to share.

    `code_key` is how a code is compared; no two sites have the same, since a share link names no site. An advocate who
    is blocked keeps what they have and earns nothing more. `network_hash` stands for the address prefix they were last
    seen from.
    """

    __tablename__ = "referral_advocates"
    __table_args__ = (
        ForeignKeyConstraint(["site_id", "customer_id"], ["customers.site_id", "customers.id"]),
        Index(None, "code_key", unique=True),
    )

    site_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("sites.id", ondelete="CASCADE"), primary_key=True)
    customer_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(MAX_CODE_LENGTH))
    code_key: Mapped[str] = mapped_column(String(MAX_CODE_LENGTH))
    network_hash: Mapped[str | None] = mapped_column(String(64))
    blocked_at: Mapped[datetime | None]
    created_at: Mapped[datetime]


class ReferralShare(Model):
    """How often an advocate used a way of sharing on a day."""

    __tablename__ = "referral_shares"
    __table_args__ = (
        ForeignKeyConstraint(
            ["site_id", "advocate_id"],
            ["referral_advocates.site_id", "referral_advocates.customer_id"],
            ondelete="CASCADE",
        ),
        CheckConstraint("shares >= 1", name="shares"),
    )

    site_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    advocate_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    channel: Mapped[str] = mapped_column(String(10), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    shares: Mapped[int]


class ReferralClick(Model):
    """One visit by an advocate's link, counted once for each visitor; `network_hash` stands for its address prefix."""

    __tablename__ = "referral_clicks"
    __table_args__ = (
        ForeignKeyConstraint(
            ["site_id", "advocate_id"],
            ["referral_advocates.site_id", "referral_advocates.customer_id"],
            ondelete="CASCADE",
        ),
        Index(None, "site_id", "clicked_at"),
    )

    site_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    advocate_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    visitor_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    channel: Mapped[str] = mapped_column(String(10))
    network_hash: Mapped[str] = mapped_column(String(64))
    clicked_at: Mapped[datetime]


class Referral(Model):
    """A friend an advocate has brought: who, by which version of the rules, and how far it has come.

    `friend_key` is the friend's address as providers compare it, or stands for one who bought without one that is
    free: one friend is brought once. `qualifies_at` is when the return window of the friend's first order closes.
    `flags` are the reasons for which it waits for the owner, who may have let them pass (`flags_passed_at`), or refused
    it (`refused_at`). `device_hash` and `network_hash` stand for the browser and the address prefix it was claimed
    from; without our secret nobody can try which they are.
    """

    __tablename__ = "referrals"
    __table_args__ = (
        ForeignKeyConstraint(
            ["site_id", "advocate_id"], ["referral_advocates.site_id", "referral_advocates.customer_id"]
        ),
        ForeignKeyConstraint(["site_id", "friend_id"], ["customers.site_id", "customers.id"]),
        ForeignKeyConstraint(["site_id", "order_id"], ["orders.site_id", "orders.id"]),
        ForeignKeyConstraint(["site_id", "coupon_id"], ["coupons.site_id", "coupons.id"]),
        CheckConstraint(
            "state IN ('claimed', 'qualified', 'held', 'rewarded', 'rejected', 'reversed', 'expired')", name="state"
        ),
        CheckConstraint("friend_id IS NULL OR friend_id <> advocate_id", name="somebody_else"),
        CheckConstraint("friend_key IS NOT NULL OR friend_id IS NOT NULL", name="is_somebody"),
        CheckConstraint("state NOT IN ('qualified', 'rewarded') OR order_id IS NOT NULL", name="has_order"),
        Index("uq_referrals_friend_key", "site_id", "friend_key", unique=True),
        Index("uq_referrals_friend", "site_id", "friend_id", unique=True),
        Index("uq_referrals_order", "site_id", "order_id", unique=True),
        Index("uq_referrals_coupon", "site_id", "coupon_id", unique=True),
        Index(None, "site_id", "advocate_id", "claimed_at"),
        Index(None, "site_id", "state", "claimed_at"),
        Index(None, "site_id", "network_hash", "claimed_at"),
        Index(None, "site_id", "device_hash", "claimed_at"),
        Index(
            "ix_referrals_due",
            "qualifies_at",
            sqlite_where=text("state = 'qualified'"),
            postgresql_where=text("state = 'qualified'"),
        ),
    )

    site_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("sites.id", ondelete="CASCADE"), primary_key=True)
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    advocate_id: Mapped[uuid.UUID]
    version: Mapped[int]
    state: Mapped[str] = mapped_column(String(10))
    friend_email: Mapped[str | None] = mapped_column(String(320))
    friend_key: Mapped[str | None] = mapped_column(String(320))
    friend_id: Mapped[uuid.UUID | None]
    coupon_id: Mapped[uuid.UUID | None]
    order_id: Mapped[uuid.UUID | None]
    channel: Mapped[str] = mapped_column(String(10))
    language: Mapped[str | None] = mapped_column(String(35))
    device_hash: Mapped[str | None] = mapped_column(String(64))
    network_hash: Mapped[str | None] = mapped_column(String(64))
    flags: Mapped[list[Any]] = mapped_column(JSONDocument, default=list)
    flags_passed_at: Mapped[datetime | None]
    refused_at: Mapped[datetime | None]
    claimed_at: Mapped[datetime]
    qualifies_at: Mapped[datetime | None]
    rewarded_at: Mapped[datetime | None]


class ReferralEvent(Model):
    """One step of a referral's history; nothing in it ever changes."""

    __tablename__ = "referral_events"
    __table_args__ = (
        ForeignKeyConstraint(["site_id", "referral_id"], ["referrals.site_id", "referrals.id"], ondelete="CASCADE"),
        CheckConstraint("number >= 1", name="number"),
    )

    site_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    referral_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    actor: Mapped[str] = mapped_column(String(330))
    reason: Mapped[dict[str, Any]] = mapped_column(JSONDocument, default=dict)
    happened_at: Mapped[datetime]


class ReferralGrant(Model):
    """What one side of a referral got, or an advocate for so many friends; `side` is advocate, friend or step:<n>."""

    __tablename__ = "referral_grants"
    __table_args__ = (
        ForeignKeyConstraint(["site_id", "referral_id"], ["referrals.site_id", "referrals.id"]),
        ForeignKeyConstraint(["site_id", "customer_id"], ["customers.site_id", "customers.id"]),
        ForeignKeyConstraint(["site_id", "coupon_id"], ["coupons.site_id", "coupons.id"]),
        CheckConstraint("points >= 0", name="points"),
        Index(None, "site_id", "customer_id", "side"),
    )

    site_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    referral_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    side: Mapped[str] = mapped_column(String(12), primary_key=True)
    customer_id: Mapped[uuid.UUID]
    points: Mapped[int] = mapped_column(BigInteger, default=0)
    coupon_id: Mapped[uuid.UUID | None]
    granted_at: Mapped[datetime]
    reversed_at: Mapped[datetime | None]
