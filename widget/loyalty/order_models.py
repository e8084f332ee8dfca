"""What orders have earned, and what counts for tiers."""

import uuid
from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, ForeignKeyConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from widget.core.db import Model


class EarnedOrder(Model):
    """What an order has earned: by the rules and the multiplier it first earned by, whatever they are now.

    `points` is what the order is worth as it stands; `forgiven` is what could not be taken back within the limit of
    debt. `spend_minor` is what it counts for a tier by spend, in the program's currency, by the `rate_billionths` of
    the day it was placed.
    """

    __tablename__ = "loyalty_orders"
    __table_args__ = (
        ForeignKeyConstraint(["site_id", "order_id"], ["orders.site_id", "orders.id"], ondelete="CASCADE"),
        ForeignKeyConstraint(["site_id", "customer_id"], ["loyalty_accounts.site_id", "loyalty_accounts.customer_id"]),
        CheckConstraint("points >= 0 AND forgiven >= 0 AND spend_minor >= 0", name="points"),
        CheckConstraint("multiplier_thousandths >= 0", name="multiplier"),
        CheckConstraint("rate_billionths > 0", name="rate"),
        Index(None, "site_id", "customer_id"),
    )

    site_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("sites.id", ondelete="CASCADE"), primary_key=True)
    order_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    customer_id: Mapped[uuid.UUID]
    rule_version: Mapped[int]
    multiplier_thousandths: Mapped[int]
    rate_billionths: Mapped[int] = mapped_column(BigInteger)
    points: Mapped[int] = mapped_column(BigInteger)
    forgiven: Mapped[int] = mapped_column(BigInteger, default=0)
    spend_minor: Mapped[int] = mapped_column(BigInteger, default=0)
    counts_as_order: Mapped[bool] = mapped_column(default=True)
    earned_on: Mapped[date]
    available_at: Mapped[datetime]


class QualifyingDay(Model):
    """What one day's orders of a customer count for their tier, in the store's time zone."""

    __tablename__ = "loyalty_qualifying_days"
    __table_args__ = (
        CheckConstraint("points >= 0 AND spend_minor >= 0 AND orders >= 0", name="amounts"),
        ForeignKeyConstraint(["site_id", "customer_id"], ["loyalty_accounts.site_id", "loyalty_accounts.customer_id"]),
    )

    site_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("sites.id", ondelete="CASCADE"), primary_key=True)
    customer_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    points: Mapped[int] = mapped_column(BigInteger)
    spend_minor: Mapped[int] = mapped_column(BigInteger)
    orders: Mapped[int]
