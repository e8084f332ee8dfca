"""Orders with what follows from them, segments, and customers known by their e-mail."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from widget.customers.rules import email_key

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

DOCUMENT = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
IS_GUEST = sa.text("external_id IS NULL")
TABLES = (
    "order_lines",
    "segment_members",
    "orders",
    "customer_order_totals",
    "customer_lifetimes",
    "carts",
    "segments",
    "refunds",
    "rate_restatements",
    "platform_events",
    "platform_connections",
    "page_days",
    "order_days",
    "order_cohorts",
    "lifetime_models",
    "lifetime_attempts",
    "exchange_rates",
    "cart_days",
)


def upgrade() -> None:
    op.create_table(
        "cart_days",
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("carts", sa.Integer(), nullable=False),
        sa.Column("bought", sa.Integer(), nullable=False),
        sa.Column("recovered", sa.Integer(), nullable=False),
        sa.CheckConstraint("bought BETWEEN 0 AND carts", name=op.f("ck_cart_days_bought")),
        sa.CheckConstraint("recovered BETWEEN 0 AND bought", name=op.f("ck_cart_days_recovered")),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_cart_days_site_id_sites"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("site_id", "day", name=op.f("pk_cart_days")),
    )
    op.create_table(
        "exchange_rates",
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("valid_on", sa.Date(), nullable=False),
        sa.Column("rate_billionths", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("length(currency) = 3", name=op.f("ck_exchange_rates_currency")),
        sa.CheckConstraint("rate_billionths > 0", name=op.f("ck_exchange_rates_rate")),
        sa.ForeignKeyConstraint(
            ["site_id"], ["sites.id"], name=op.f("fk_exchange_rates_site_id_sites"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("site_id", "currency", "valid_on", name=op.f("pk_exchange_rates")),
    )
    op.create_table(
        "lifetime_models",
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("fitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("calibrated_on", sa.Date(), nullable=False),
        sa.Column("customers", sa.Integer(), nullable=False),
        sa.Column("parameters", DOCUMENT, nullable=False),
        sa.Column("expected_minor", sa.BigInteger(), nullable=False),
        sa.Column("low_minor", sa.BigInteger(), nullable=False),
        sa.Column("high_minor", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("customers >= 1", name=op.f("ck_lifetime_models_customers")),
        sa.ForeignKeyConstraint(
            ["site_id"], ["sites.id"], name=op.f("fk_lifetime_models_site_id_sites"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("site_id", name=op.f("pk_lifetime_models")),
    )
    op.create_table(
        "lifetime_attempts",
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("calibrated_on", sa.Date(), nullable=False),
        sa.Column("repeat_customers", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(length=10), nullable=False),
        sa.CheckConstraint(
            "outcome IN ('fitted', 'too_few', 'failed')", name=op.f("ck_lifetime_attempts_outcome")
        ),
        sa.ForeignKeyConstraint(
            ["site_id"], ["sites.id"], name=op.f("fk_lifetime_attempts_site_id_sites"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("site_id", name=op.f("pk_lifetime_attempts")),
    )
    op.create_table(
        "order_cohorts",
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("first_month", sa.Date(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("customers", sa.Integer(), nullable=False),
        sa.CheckConstraint("customers >= 0", name=op.f("ck_order_cohorts_customers")),
        sa.ForeignKeyConstraint(
            ["site_id"], ["sites.id"], name=op.f("fk_order_cohorts_site_id_sites"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("site_id", "first_month", "month", name=op.f("pk_order_cohorts")),
    )
    op.create_table(
        "order_days",
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("orders", sa.Integer(), nullable=False),
        sa.Column("guest_orders", sa.Integer(), nullable=False),
        sa.Column("customer_orders", sa.Integer(), nullable=False),
        sa.Column("unpriced_orders", sa.Integer(), nullable=False),
        sa.Column("revenue_minor", sa.BigInteger(), nullable=False),
        sa.Column("customer_revenue_minor", sa.BigInteger(), nullable=False),
        sa.Column("first_orders", sa.Integer(), nullable=False),
        sa.Column("second_orders", sa.Integer(), nullable=False),
        sa.Column("became_active", sa.Integer(), nullable=False),
        sa.Column("lapsed", sa.Integer(), nullable=False),
        sa.CheckConstraint("guest_orders BETWEEN 0 AND orders", name=op.f("ck_order_days_guest_orders")),
        sa.CheckConstraint("unpriced_orders BETWEEN 0 AND orders", name=op.f("ck_order_days_unpriced_orders")),
        sa.ForeignKeyConstraint(
            ["site_id"], ["sites.id"], name=op.f("fk_order_days_site_id_sites"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("site_id", "day", name=op.f("pk_order_days")),
    )
    op.create_table(
        "page_days",
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("views", sa.Integer(), nullable=False),
        sa.Column("engaged", sa.Integer(), nullable=False),
        sa.CheckConstraint("engaged BETWEEN 0 AND views", name=op.f("ck_page_days_engaged")),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_page_days_site_id_sites"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("site_id", "day", name=op.f("pk_page_days")),
    )
    op.create_table(
        "platform_connections",
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("platform", sa.String(length=20), nullable=False),
        sa.Column("secret", sa.String(length=200), nullable=False),
        sa.Column("app_secret", sa.String(length=200), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_event_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("platform IN ('shopify', 'woocommerce')", name=op.f("ck_platform_connections_platform")),
        sa.ForeignKeyConstraint(
            ["site_id"], ["sites.id"], name=op.f("fk_platform_connections_site_id_sites"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("site_id", "platform", name=op.f("pk_platform_connections")),
    )
    op.create_table(
        "platform_events",
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("platform", sa.String(length=20), nullable=False),
        sa.Column("topic", sa.String(length=100), nullable=False),
        sa.Column("event_id", sa.String(length=300), nullable=True),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("outcome", sa.String(length=10), nullable=False),
        sa.Column("detail", sa.Text(), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "outcome IN ('taken', 'known', 'ignored', 'failed')", name=op.f("ck_platform_events_outcome")
        ),
        sa.CheckConstraint("platform IN ('shopify', 'woocommerce')", name=op.f("ck_platform_events_platform")),
        sa.ForeignKeyConstraint(
            ["site_id"], ["sites.id"], name=op.f("fk_platform_events_site_id_sites"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("site_id", "id", name=op.f("pk_platform_events")),
        sa.UniqueConstraint(
            "site_id", "platform", "event_id", name=op.f("uq_platform_events_site_id_platform_event_id")
        ),
    )
    op.create_index(op.f("ix_platform_events_received_at"), "platform_events", ["received_at"], unique=False)
    op.create_index(
        op.f("ix_platform_events_site_id_received_at_id"),
        "platform_events",
        ["site_id", "received_at", "id"],
        unique=False,
    )

    op.create_table(
        "rate_restatements",
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("done_until_id", sa.Uuid(), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["site_id"], ["sites.id"], name=op.f("fk_rate_restatements_site_id_sites"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("site_id", name=op.f("pk_rate_restatements")),
    )
    op.create_table(
        "refunds",
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("order_external_id", sa.String(length=200), nullable=False),
        sa.Column("external_id", sa.String(length=200), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("shipping_minor", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=True),
        sa.Column("lines", DOCUMENT, nullable=False),
        sa.Column("refunded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_listed", sa.Boolean(), nullable=False),
        sa.Column("is_standalone", sa.Boolean(), nullable=False),
        sa.Column("version_digest", sa.String(length=64), nullable=False),
        sa.CheckConstraint("amount_minor >= 0", name=op.f("ck_refunds_amount")),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_refunds_site_id_sites"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("site_id", "order_external_id", "external_id", name=op.f("pk_refunds")),
    )
    op.create_table(
        "segments",
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("meets", sa.String(length=3), nullable=False),
        sa.Column("conditions", DOCUMENT, nullable=False),
        sa.Column("members", sa.Integer(), nullable=False),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("meets IN ('all', 'any')", name=op.f("ck_segments_meets")),
        sa.CheckConstraint("members >= 0", name=op.f("ck_segments_members")),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_segments_site_id_sites"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("site_id", "id", name=op.f("pk_segments")),
        sa.UniqueConstraint("site_id", "name", name=op.f("uq_segments_site_id_name")),
    )
    op.create_table(
        "carts",
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("external_id", sa.String(length=200), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("value_minor", sa.BigInteger(), nullable=False),
        sa.Column("items", DOCUMENT, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("abandoned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("recovered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("bought_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version_digest", sa.String(length=64), nullable=False),
        sa.CheckConstraint("length(currency) = 3", name=op.f("ck_carts_currency")),
        sa.CheckConstraint("value_minor >= 0", name=op.f("ck_carts_value")),
        sa.ForeignKeyConstraint(
            ["site_id", "customer_id"],
            ["customers.site_id", "customers.id"],
            name=op.f("fk_carts_site_id_customer_id_customers"),
        ),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_carts_site_id_sites"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("site_id", "external_id", name=op.f("pk_carts")),
    )
    op.create_index(op.f("ix_carts_site_id_created_at"), "carts", ["site_id", "created_at"], unique=False)
    op.create_index(op.f("ix_carts_site_id_customer_id"), "carts", ["site_id", "customer_id"], unique=False)

    op.create_table(
        "customer_lifetimes",
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("expected_minor", sa.BigInteger(), nullable=False),
        sa.Column("low_minor", sa.BigInteger(), nullable=False),
        sa.Column("high_minor", sa.BigInteger(), nullable=False),
        sa.Column("alive_ratio", sa.Float(), nullable=False),
        sa.CheckConstraint("alive_ratio BETWEEN 0 AND 1", name=op.f("ck_customer_lifetimes_alive_ratio")),
        sa.ForeignKeyConstraint(
            ["site_id", "customer_id"],
            ["customers.site_id", "customers.id"],
            name=op.f("fk_customer_lifetimes_site_id_customer_id_customers"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("site_id", "customer_id", name=op.f("pk_customer_lifetimes")),
    )
    op.create_index(
        op.f("ix_customer_lifetimes_site_id_expected_minor"),
        "customer_lifetimes",
        ["site_id", "expected_minor"],
        unique=False,
    )

    op.create_table(
        "customer_order_totals",
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("orders", sa.Integer(), nullable=False),
        sa.Column("buying_days", sa.Integer(), nullable=False),
        sa.Column("coupon_orders", sa.Integer(), nullable=False),
        sa.Column("revenue_minor", sa.BigInteger(), nullable=False),
        sa.Column("first_order_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_order_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("second_on", sa.Date(), nullable=True),
        sa.CheckConstraint("coupon_orders BETWEEN 0 AND orders", name=op.f("ck_customer_order_totals_coupon_orders")),
        sa.CheckConstraint(
            "orders >= 1 AND buying_days BETWEEN 1 AND orders", name=op.f("ck_customer_order_totals_orders")
        ),
        sa.ForeignKeyConstraint(
            ["site_id", "customer_id"],
            ["customers.site_id", "customers.id"],
            name=op.f("fk_customer_order_totals_site_id_customer_id_customers"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("site_id", "customer_id", name=op.f("pk_customer_order_totals")),
    )
    op.create_index(
        op.f("ix_customer_order_totals_site_id_last_order_at"),
        "customer_order_totals",
        ["site_id", "last_order_at"],
        unique=False,
    )
    op.create_index(
        op.f("ix_customer_order_totals_site_id_revenue_minor"),
        "customer_order_totals",
        ["site_id", "revenue_minor"],
        unique=False,
    )

    op.create_table(
        "orders",
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("external_id", sa.String(length=200), nullable=False),
        sa.Column("number", sa.String(length=100), nullable=True),
        sa.Column("source", sa.String(length=20), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=True),
        sa.Column("is_guest", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("is_test", sa.Boolean(), nullable=False),
        sa.Column("is_counted", sa.Boolean(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("total_minor", sa.BigInteger(), nullable=False),
        sa.Column("tax_minor", sa.BigInteger(), nullable=False),
        sa.Column("shipping_minor", sa.BigInteger(), nullable=False),
        sa.Column("discount_minor", sa.BigInteger(), nullable=False),
        sa.Column("refunded_minor", sa.BigInteger(), nullable=False),
        sa.Column("net_minor", sa.BigInteger(), nullable=False),
        sa.Column("reporting_minor", sa.BigInteger(), nullable=True),
        sa.Column("coupon_codes", DOCUMENT, nullable=False),
        sa.Column("has_coupon", sa.Boolean(), nullable=False),
        sa.Column("cart_external_id", sa.String(length=200), nullable=True),
        sa.Column("placed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("paid_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("fulfilled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("delivered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version_rank", sa.Integer(), nullable=False),
        sa.Column("version_digest", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("NOT is_counted OR state <> 'cancelled'", name=op.f("ck_orders_cancelled_is_not_counted")),
        sa.CheckConstraint("source IN ('api', 'shopify', 'woocommerce', 'import')", name=op.f("ck_orders_source")),
        sa.CheckConstraint(
            "state IN ('placed', 'paid', 'fulfilled', 'delivered', 'cancelled')", name=op.f("ck_orders_state")
        ),
        sa.CheckConstraint("length(currency) = 3", name=op.f("ck_orders_currency")),
        sa.CheckConstraint("net_minor BETWEEN 0 AND total_minor", name=op.f("ck_orders_net")),
        sa.CheckConstraint("refunded_minor >= 0", name=op.f("ck_orders_refunded")),
        sa.CheckConstraint(
            "total_minor >= 0 AND tax_minor >= 0 AND shipping_minor >= 0 AND discount_minor >= 0",
            name=op.f("ck_orders_amounts"),
        ),
        sa.ForeignKeyConstraint(
            ["site_id", "customer_id"],
            ["customers.site_id", "customers.id"],
            name=op.f("fk_orders_site_id_customer_id_customers"),
        ),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_orders_site_id_sites"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("site_id", "id", name=op.f("pk_orders")),
        sa.UniqueConstraint("site_id", "external_id", name=op.f("uq_orders_site_id_external_id")),
    )
    op.create_index(op.f("ix_orders_site_id_cart_external_id"), "orders", ["site_id", "cart_external_id"], unique=False)
    op.create_index(
        op.f("ix_orders_site_id_customer_id_placed_at"), "orders", ["site_id", "customer_id", "placed_at"], unique=False
    )
    op.create_index(op.f("ix_orders_site_id_placed_at_id"), "orders", ["site_id", "placed_at", "id"], unique=False)
    op.create_index(
        op.f("ix_orders_site_id_placed_at_is_counted_customer_id"),
        "orders",
        ["site_id", "placed_at", "is_counted", "customer_id"],
        unique=False,
    )

    op.create_table(
        "segment_members",
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("segment_id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["site_id", "customer_id"],
            ["customers.site_id", "customers.id"],
            name=op.f("fk_segment_members_site_id_customer_id_customers"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["site_id", "segment_id"],
            ["segments.site_id", "segments.id"],
            name=op.f("fk_segment_members_site_id_segment_id_segments"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("site_id", "segment_id", "customer_id", name=op.f("pk_segment_members")),
    )
    op.create_index(
        op.f("ix_segment_members_site_id_customer_id"), "segment_members", ["site_id", "customer_id"], unique=False
    )

    op.create_table(
        "order_lines",
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("external_id", sa.String(length=200), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("product_id", sa.String(length=200), nullable=True),
        sa.Column("variant_id", sa.String(length=200), nullable=True),
        sa.Column("sku", sa.String(length=200), nullable=True),
        sa.Column("title", sa.String(length=500), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("unit_price_minor", sa.BigInteger(), nullable=False),
        sa.Column("discount_minor", sa.BigInteger(), nullable=False),
        sa.Column("tax_minor", sa.BigInteger(), nullable=False),
        sa.Column("total_minor", sa.BigInteger(), nullable=False),
        sa.Column("is_gift_card", sa.Boolean(), nullable=False),
        sa.CheckConstraint("quantity >= 0", name=op.f("ck_order_lines_quantity")),
        sa.ForeignKeyConstraint(
            ["site_id", "order_id"],
            ["orders.site_id", "orders.id"],
            name=op.f("fk_order_lines_site_id_order_id_orders"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("site_id", "order_id", "external_id", name=op.f("pk_order_lines")),
    )
    op.create_index(op.f("ix_order_lines_site_id_product_id"), "order_lines", ["site_id", "product_id"], unique=False)

    op.add_column("sites", sa.Column("reporting_currency", sa.String(length=3), nullable=True))
    op.add_column("sites", sa.Column("measures_page_time", sa.Boolean(), nullable=True))
    op.execute(sa.text("UPDATE sites SET measures_page_time = false"))
    with op.batch_alter_table("sites") as sites:
        sites.alter_column("measures_page_time", existing_type=sa.Boolean(), nullable=False)
    _grow_customers()


def _grow_customers() -> None:
    """Let customers be guests, and tell when what was told of them."""
    with op.batch_alter_table("customers") as customers:
        customers.add_column(sa.Column("email_key", sa.String(length=320), nullable=True))
        customers.add_column(sa.Column("is_email_verified", sa.Boolean(), nullable=True))
        customers.add_column(sa.Column("accepts_marketing", sa.Boolean(), nullable=True))
        customers.add_column(sa.Column("told_times", DOCUMENT, nullable=True))
        customers.add_column(sa.Column("merged_into_id", sa.Uuid(), nullable=True))
    _fill_customers()
    with op.batch_alter_table("customers") as customers:
        customers.alter_column("external_id", existing_type=sa.String(length=200), nullable=True)
        customers.alter_column("is_email_verified", existing_type=sa.Boolean(), nullable=False)
        customers.alter_column("accepts_marketing", existing_type=sa.Boolean(), nullable=False)
        customers.alter_column("told_times", existing_type=DOCUMENT, nullable=False)
        customers.create_check_constraint(
            op.f("ck_customers_is_somebody"), "external_id IS NOT NULL OR email_key IS NOT NULL"
        )
        customers.create_check_constraint(
            op.f("ck_customers_merged_into_another"), "merged_into_id IS NULL OR merged_into_id <> id"
        )
        customers.create_foreign_key(
            op.f("fk_customers_site_id_merged_into_id_customers"),
            "customers",
            ["site_id", "merged_into_id"],
            ["site_id", "id"],
        )
    for columns in (["email_key"], ["merged_into_id"], ["created_at", "id"]):
        op.create_index(op.f(f"ix_customers_site_id_{'_'.join(columns)}"), "customers", ["site_id", *columns])
    op.create_index(
        "uq_customers_guest_email_key",
        "customers",
        ["site_id", "email_key"],
        unique=True,
        sqlite_where=IS_GUEST,
        postgresql_where=IS_GUEST,
    )


def _fill_customers() -> None:
    customers = sa.table(
        "customers",
        sa.column("site_id", sa.Uuid()),
        sa.column("id", sa.Uuid()),
        sa.column("email", sa.String()),
        sa.column("email_key", sa.String()),
        sa.column("is_email_verified", sa.Boolean()),
        sa.column("accepts_marketing", sa.Boolean()),
        sa.column("told_times", DOCUMENT),
    )
    connection = op.get_bind()
    empty = {"is_email_verified": False, "accepts_marketing": False, "told_times": {}}
    connection.execute(sa.update(customers).values(empty))
    rows = connection.execute(
        sa.select(customers.c.site_id, customers.c.id, customers.c.email).where(customers.c.email.is_not(None))
    ).all()
    for row in rows:
        is_this = (customers.c.site_id == row.site_id, customers.c.id == row.id)
        connection.execute(sa.update(customers).where(*is_this).values(email_key=email_key(row.email)))


def downgrade() -> None:
    op.drop_index("uq_customers_guest_email_key", table_name="customers")
    for columns in (["email_key"], ["merged_into_id"], ["created_at", "id"]):
        op.drop_index(op.f(f"ix_customers_site_id_{'_'.join(columns)}"), table_name="customers")
    for table in TABLES:
        op.drop_table(table)
    # The version before knows no guests.
    op.execute(sa.text("DELETE FROM customers WHERE external_id IS NULL"))
    with op.batch_alter_table("customers") as customers:
        customers.drop_constraint(op.f("fk_customers_site_id_merged_into_id_customers"), type_="foreignkey")
        customers.drop_constraint(op.f("ck_customers_is_somebody"), type_="check")
        customers.drop_constraint(op.f("ck_customers_merged_into_another"), type_="check")
        customers.alter_column("external_id", existing_type=sa.String(length=200), nullable=False)
        for name in ("merged_into_id", "told_times", "accepts_marketing", "is_email_verified", "email_key"):
            customers.drop_column(name)
    with op.batch_alter_table("sites") as sites:
        sites.drop_column("measures_page_time")
        sites.drop_column("reporting_currency")
