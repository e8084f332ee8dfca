"""Contest and its entries: pictures shared with a hashtag, looked at by the owner, one of them drawn."""

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from widget.core.db import Model


class Contest(Model):
    """A contest; `seed_hash` is published at its start, `seed` with the winner, so that anybody can draw again."""

    __tablename__ = "contests"
    __table_args__ = (CheckConstraint("ends_at > starts_at", name="days"),)

    site_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("sites.id", ondelete="CASCADE"), primary_key=True)
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(100))
    hashtag: Mapped[str] = mapped_column(String(50))
    prize: Mapped[str] = mapped_column(String(200))
    seed: Mapped[str] = mapped_column(String(64))
    seed_hash: Mapped[str] = mapped_column(String(64))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    drawn_at: Mapped[datetime | None]
    created_at: Mapped[datetime]


class ContestEntry(Model):
    """One customer's entry: where their picture is; it counts once the owner has approved it."""

    __tablename__ = "contest_entries"
    __table_args__ = (
        ForeignKeyConstraint(["site_id", "contest_id"], ["contests.site_id", "contests.id"], ondelete="CASCADE"),
        ForeignKeyConstraint(["site_id", "customer_id"], ["customers.site_id", "customers.id"]),
        UniqueConstraint("site_id", "contest_id", "customer_id"),
        CheckConstraint("state IN ('pending', 'approved', 'rejected')", name="state"),
        CheckConstraint("won_at IS NULL OR state = 'approved'", name="won"),
        Index(None, "site_id", "contest_id", "state"),
        Index(
            "uq_contest_entries_winner",
            "site_id",
            "contest_id",
            unique=True,
            sqlite_where=text("won_at IS NOT NULL"),
            postgresql_where=text("won_at IS NOT NULL"),
        ),
    )

    site_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("sites.id", ondelete="CASCADE"), primary_key=True)
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    contest_id: Mapped[uuid.UUID]
    customer_id: Mapped[uuid.UUID]
    link: Mapped[str] = mapped_column(String(500))
    state: Mapped[str] = mapped_column(String(10))
    created_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    won_at: Mapped[datetime | None]
