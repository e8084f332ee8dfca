"""Order with its lines, refunds, carts, and the site's exchange rates."""

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from widget.core.db import JSONDocument, Model

STATES = ("placed", "paid", "fulfilled", "delivered", "cancelled")
SOURCES = ("api", "shopify", "woocommerce", "import")


class Order(Model):
    """One order by the store's own id, as the newest of its documents describes it.

    `version_at`, `version_rank` and `version_digest` decide which document is newest. Money is in the order's
    currency; `total_minor` is what the buyer paid, tax and shipping included. `net_minor` is the total less
    refunds, 0 once it is cancelled; `reporting_minor` is that in the site's reporting currency, empty
    where no rate is known. `is_counted` says whether figures count it: neither cancelled nor a test.
    """

    __tablename__ = "orders"
    __table_args__ = (
        ForeignKeyConstraint(["site_id", "customer_id"], ["customers.site_id", "customers.id"]),
        UniqueConstraint("site_id", "external_id"),
        CheckConstraint("state IN ('placed', 'paid', 'fulfilled', 'delivered', 'cancelled')", name="state"),
        CheckConstraint("source IN ('api', 'shopify', 'woocommerce', 'import')", name="source"),
        CheckConstraint("length(currency) = 3", name="currency"),
        CheckConstraint(
            "total_minor >= 0 AND tax_minor >= 0 AND shipping_minor >= 0 AND discount_minor >= 0", name="amounts"
        ),
        CheckConstraint("refunded_minor >= 0", name="refunded"),
        CheckConstraint("net_minor BETWEEN 0 AND total_minor", name="net"),
        CheckConstraint("NOT is_counted OR state <> 'cancelled'", name="cancelled_is_not_counted"),
        Index(None, "site_id", "placed_at", "id"),
        # Holds all that counting the customers of a period reads.
        Index(None, "site_id", "placed_at", "is_counted", "customer_id"),
        Index(None, "site_id", "customer_id", "placed_at"),
        Index(None, "site_id", "cart_external_id"),
    )

    site_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("sites.id", ondelete="CASCADE"), primary_key=True)
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    external_id: Mapped[str] = mapped_column(String(200))
    number: Mapped[str | None] = mapped_column(String(100))
    source: Mapped[str] = mapped_column(String(20))
    customer_id: Mapped[uuid.UUID | None]
    is_guest: Mapped[bool]
    state: Mapped[str] = mapped_column(String(10))
    is_test: Mapped[bool] = mapped_column(default=False)
    is_counted: Mapped[bool]
    currency: Mapped[str] = mapped_column(String(3))
    total_minor: Mapped[int] = mapped_column(BigInteger)
    tax_minor: Mapped[int] = mapped_column(BigInteger)
    shipping_minor: Mapped[int] = mapped_column(BigInteger)
    discount_minor: Mapped[int] = mapped_column(BigInteger)
    refunded_minor: Mapped[int] = mapped_column(BigInteger)
    net_minor: Mapped[int] = mapped_column(BigInteger)
    reporting_minor: Mapped[int | None] = mapped_column(BigInteger)
    coupon_codes: Mapped[list[Any]] = mapped_column(JSONDocument)
    has_coupon: Mapped[bool]
    cart_external_id: Mapped[str | None] = mapped_column(String(200))
    placed_at: Mapped[datetime]
    paid_at: Mapped[datetime | None]
    fulfilled_at: Mapped[datetime | None]
    delivered_at: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]
    version_at: Mapped[datetime]
    version_rank: Mapped[int]
    version_digest: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime]


class OrderLine(Model):
    """One line of an order; `total_minor` is what was paid for it, after discounts and with its tax."""

    __tablename__ = "order_lines"
    __table_args__ = (
        ForeignKeyConstraint(["site_id", "order_id"], ["orders.site_id", "orders.id"], ondelete="CASCADE"),
        CheckConstraint("quantity >= 0", name="quantity"),
        Index(None, "site_id", "product_id"),
    )

    site_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    order_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    external_id: Mapped[str] = mapped_column(String(200), primary_key=True)
    position: Mapped[int]
    product_id: Mapped[str | None] = mapped_column(String(200))
    variant_id: Mapped[str | None] = mapped_column(String(200))
    sku: Mapped[str | None] = mapped_column(String(200))
    title: Mapped[str] = mapped_column(String(500))
    quantity: Mapped[int]
    unit_price_minor: Mapped[int] = mapped_column(BigInteger)
    discount_minor: Mapped[int] = mapped_column(BigInteger)
    tax_minor: Mapped[int] = mapped_column(BigInteger)
    total_minor: Mapped[int] = mapped_column(BigInteger)
    is_gift_card: Mapped[bool] = mapped_column(default=False)


class Refund(Model):
    """Money given back for an order, with or without lines; it may arrive before its order.

    A refund counts while the newest document of its order lists it (`is_listed`), or where it came by itself
    (`is_standalone`), which is then what it says. `lines` holds `{"line", "quantity", "amount_minor"}`.
    """

    __tablename__ = "refunds"
    __table_args__ = (CheckConstraint("amount_minor >= 0", name="amount"),)

    site_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("sites.id", ondelete="CASCADE"), primary_key=True)
    order_external_id: Mapped[str] = mapped_column(String(200), primary_key=True)
    external_id: Mapped[str] = mapped_column(String(200), primary_key=True)
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    shipping_minor: Mapped[int] = mapped_column(BigInteger, default=0)
    reason: Mapped[str | None] = mapped_column(String(500))
    lines: Mapped[list[Any]] = mapped_column(JSONDocument)
    refunded_at: Mapped[datetime]
    is_listed: Mapped[bool]
    is_standalone: Mapped[bool]
    version_digest: Mapped[str] = mapped_column(String(64))


class Cart(Model):
    """A cart or checkout by the store's own id; it is bought once an order names it."""

    __tablename__ = "carts"
    __table_args__ = (
        ForeignKeyConstraint(["site_id", "customer_id"], ["customers.site_id", "customers.id"]),
        CheckConstraint("length(currency) = 3", name="currency"),
        CheckConstraint("value_minor >= 0", name="value"),
        Index(None, "site_id", "customer_id"),
        Index(None, "site_id", "created_at"),
    )

    site_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("sites.id", ondelete="CASCADE"), primary_key=True)
    external_id: Mapped[str] = mapped_column(String(200), primary_key=True)
    customer_id: Mapped[uuid.UUID | None]
    currency: Mapped[str] = mapped_column(String(3))
    value_minor: Mapped[int] = mapped_column(BigInteger)
    items: Mapped[list[Any]] = mapped_column(JSONDocument)
    created_at: Mapped[datetime]
    abandoned_at: Mapped[datetime | None]
    recovered_at: Mapped[datetime | None]
    bought_at: Mapped[datetime | None]
    version_at: Mapped[datetime]
    version_digest: Mapped[str] = mapped_column(String(64))


class ExchangeRate(Model):
    """What one unit of a currency is worth in the reporting currency from a day on, times a billion."""

    __tablename__ = "exchange_rates"
    __table_args__ = (
        CheckConstraint("length(currency) = 3", name="currency"),
        CheckConstraint("rate_billionths > 0", name="rate"),
    )

    site_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("sites.id", ondelete="CASCADE"), primary_key=True)
    currency: Mapped[str] = mapped_column(String(3), primary_key=True)
    valid_on: Mapped[date] = mapped_column(primary_key=True)
    rate_billionths: Mapped[int] = mapped_column(BigInteger)


class RateRestatement(Model):
    """Orders are being reckoned anew, by id, because the site's rates or its reporting currency changed."""

    __tablename__ = "rate_restatements"

    site_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("sites.id", ondelete="CASCADE"), primary_key=True)
    done_until_id: Mapped[uuid.UUID | None]
    started_at: Mapped[datetime]
