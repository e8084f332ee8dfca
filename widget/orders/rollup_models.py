"""What is kept of the orders by customer, day and cohort, in the transaction that changes them.

Every figure is a sum over these rows, so that it is exact at once and costs no more with a million orders.
"""

import uuid
from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, ForeignKeyConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from widget.core.db import Model


class CustomerOrderTotals(Model):
    """The counted orders of one customer; revenue is net, in the reporting currency.

    `second_on` is the day of the second order, `buying_days` how many different days there are, `coupon_orders`
    the orders with a coupon.
    """

    __tablename__ = "customer_order_totals"
    __table_args__ = (
        ForeignKeyConstraint(["site_id", "customer_id"], ["customers.site_id", "customers.id"], ondelete="CASCADE"),
        CheckConstraint("orders >= 1 AND buying_days BETWEEN 1 AND orders", name="orders"),
        CheckConstraint("coupon_orders BETWEEN 0 AND orders", name="coupon_orders"),
        Index(None, "site_id", "last_order_at"),
        Index(None, "site_id", "revenue_minor"),
    )

    site_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    customer_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    orders: Mapped[int]
    buying_days: Mapped[int]
    coupon_orders: Mapped[int]
    revenue_minor: Mapped[int] = mapped_column(BigInteger)
    first_order_at: Mapped[datetime]
    last_order_at: Mapped[datetime]
    second_on: Mapped[date | None]


class OrderDay(Model):
    """One UTC day: its orders, and how many customers bought for the first or the second time.

    A customer is active for 365 days from each order: `became_active` and `lapsed` count who begins and ends
    to be, so their running difference is the number of customers of the last 365 days. `customer_revenue_minor`
    is the part of the revenue whose orders are a customer's.
    """

    __tablename__ = "order_days"
    __table_args__ = (
        CheckConstraint("guest_orders BETWEEN 0 AND orders", name="guest_orders"),
        CheckConstraint("unpriced_orders BETWEEN 0 AND orders", name="unpriced_orders"),
    )

    site_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("sites.id", ondelete="CASCADE"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    orders: Mapped[int]
    guest_orders: Mapped[int]
    customer_orders: Mapped[int]
    unpriced_orders: Mapped[int]
    revenue_minor: Mapped[int] = mapped_column(BigInteger)
    customer_revenue_minor: Mapped[int] = mapped_column(BigInteger)
    first_orders: Mapped[int]
    second_orders: Mapped[int]
    became_active: Mapped[int]
    lapsed: Mapped[int]


class OrderCohort(Model):
    """How many customers whose first order was in one month bought in another; months by their first day."""

    __tablename__ = "order_cohorts"
    __table_args__ = (CheckConstraint("customers >= 0", name="customers"),)

    site_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("sites.id", ondelete="CASCADE"), primary_key=True)
    first_month: Mapped[date] = mapped_column(primary_key=True)
    month: Mapped[date] = mapped_column(primary_key=True)
    customers: Mapped[int]


class CartDay(Model):
    """The carts made on one UTC day, how many of them were bought, and how many after they were abandoned."""

    __tablename__ = "cart_days"
    __table_args__ = (
        CheckConstraint("bought BETWEEN 0 AND carts", name="bought"),
        CheckConstraint("recovered BETWEEN 0 AND bought", name="recovered"),
    )

    site_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("sites.id", ondelete="CASCADE"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    carts: Mapped[int]
    bought: Mapped[int]
    recovered: Mapped[int]
