"""CouponPool and Coupon."""

import uuid
from datetime import datetime

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from widget.core.db import Model

MAX_CODE_LENGTH = 64
_HAS_END, _IS_USED = text("expires_at IS NOT NULL"), text("redeemed_by IS NOT NULL")


class CouponPool(Model):
    """What a kind of coupon is worth, and where its codes come from.

    `amount_minor` and `currency` go with amount_off and gift_card, `percent_basis_points` with percent_off,
    `product_id` with free_product. Codes are made on the fly with a prefix, or claimed from those an owner uploaded. A
    coupon is good for `valid_days` from when it was issued; empty, without end.
    """

    __tablename__ = "coupon_pools"
    __table_args__ = (
        CheckConstraint(
            "kind IN ('amount_off', 'percent_off', 'free_shipping', 'free_product', 'gift_card', 'custom')", name="kind"
        ),
        CheckConstraint("codes IN ('made', 'uploaded')", name="codes"),
        CheckConstraint(
            "(amount_minor IS NOT NULL AND currency IS NOT NULL AND amount_minor > 0)"
            " = (kind IN ('amount_off', 'gift_card'))",
            name="amount",
        ),
        CheckConstraint(
            "(percent_basis_points IS NOT NULL AND percent_basis_points BETWEEN 1 AND 10000) = (kind = 'percent_off')",
            name="percent",
        ),
        CheckConstraint("(product_id IS NOT NULL) = (kind = 'free_product')", name="product"),
        CheckConstraint("minimum_minor >= 0 AND low_stock >= 0", name="numbers"),
        CheckConstraint("valid_days IS NULL OR valid_days >= 1", name="valid_days"),
        CheckConstraint("available >= 0", name="available"),
    )

    site_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("sites.id", ondelete="CASCADE"), primary_key=True)
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(100))
    kind: Mapped[str] = mapped_column(String(20))
    codes: Mapped[str] = mapped_column(String(10))
    prefix: Mapped[str] = mapped_column(String(10), default="")
    amount_minor: Mapped[int | None] = mapped_column(BigInteger)
    currency: Mapped[str | None] = mapped_column(String(3))
    percent_basis_points: Mapped[int | None]
    product_id: Mapped[str | None] = mapped_column(String(200))
    minimum_minor: Mapped[int] = mapped_column(BigInteger, default=0)
    valid_days: Mapped[int | None]
    low_stock: Mapped[int] = mapped_column(default=20)
    available: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    archived_at: Mapped[datetime | None]


class Coupon(Model):
    """One code; `code_key` is how it is compared, so that no two differ in case alone.

    `purpose` says what it was issued for, such as redemption:<id>: nothing gets two.
    """

    __tablename__ = "coupons"
    __table_args__ = (
        ForeignKeyConstraint(["site_id", "pool_id"], ["coupon_pools.site_id", "coupon_pools.id"]),
        ForeignKeyConstraint(["site_id", "customer_id"], ["customers.site_id", "customers.id"]),
        UniqueConstraint("site_id", "code_key"),
        UniqueConstraint("site_id", "purpose"),
        CheckConstraint("state IN ('available', 'issued', 'redeemed', 'expired', 'cancelled')", name="state"),
        CheckConstraint("(state = 'available') = (issued_at IS NULL)", name="issued_at"),
        CheckConstraint("(state = 'redeemed') = (redeemed_at IS NOT NULL)", name="redeemed_at"),
        Index(None, "site_id", "pool_id", "state", "id"),
        Index(None, "site_id", "customer_id"),
        # Most coupons are in neither of these: what is not in a tree costs nothing to add.
        Index(None, "state", "expires_at", sqlite_where=_HAS_END, postgresql_where=_HAS_END),
        Index(None, "site_id", "redeemed_by", sqlite_where=_IS_USED, postgresql_where=_IS_USED),
        # One tree less to write for every redemption.
        {"sqlite_with_rowid": False},
    )

    site_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("sites.id", ondelete="CASCADE"), primary_key=True)
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    pool_id: Mapped[uuid.UUID]
    code: Mapped[str] = mapped_column(String(MAX_CODE_LENGTH))
    code_key: Mapped[str] = mapped_column(String(MAX_CODE_LENGTH))
    state: Mapped[str] = mapped_column(String(10))
    customer_id: Mapped[uuid.UUID | None]
    purpose: Mapped[str | None] = mapped_column(String(100))
    issued_at: Mapped[datetime | None]
    expires_at: Mapped[datetime | None]
    redeemed_at: Mapped[datetime | None]
    redeemed_by: Mapped[str | None] = mapped_column(String(200))
    created_at: Mapped[datetime]
