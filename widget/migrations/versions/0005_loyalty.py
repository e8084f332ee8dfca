"""Loyalty: programs, accounts with their ledger, rewards, and coupons."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

DOCUMENT = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
TABLES = (
    "loyalty_lot_uses",
    "loyalty_redemptions",
    "loyalty_lots",
    "loyalty_tier_gifts",
    "loyalty_qualifying_days",
    "loyalty_orders",
    "loyalty_entries",
    "loyalty_versions",
    "loyalty_rewards",
    "loyalty_accounts",
    "coupons",
    "loyalty_programs",
    "coupon_pools",
)

REFUSAL = "entries of the ledger are only ever added"
# Entries go with their whole site alone; by then the site's row is gone.
GUARDS = {
    "sqlite": (
        f"CREATE TRIGGER loyalty_entries_stay BEFORE UPDATE ON loyalty_entries"
        f" BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END",
        f"CREATE TRIGGER loyalty_entries_last BEFORE DELETE ON loyalty_entries"
        f" WHEN EXISTS (SELECT 1 FROM sites WHERE id = OLD.site_id) BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END",
    ),
    "postgresql": (
        "CREATE FUNCTION guard_loyalty_entries() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        " IF TG_OP = 'DELETE' AND NOT EXISTS (SELECT 1 FROM sites WHERE id = OLD.site_id) THEN RETURN OLD; END IF;"
        f" RAISE EXCEPTION '{REFUSAL}'; END $$",
        "CREATE TRIGGER loyalty_entries_stay BEFORE UPDATE OR DELETE ON loyalty_entries"
        " FOR EACH ROW EXECUTE FUNCTION guard_loyalty_entries()",
    ),
}


def upgrade() -> None:
    op.create_table(
        "coupon_pools",
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("codes", sa.String(length=10), nullable=False),
        sa.Column("prefix", sa.String(length=10), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=True),
        sa.Column("percent_basis_points", sa.Integer(), nullable=True),
        sa.Column("product_id", sa.String(length=200), nullable=True),
        sa.Column("minimum_minor", sa.BigInteger(), nullable=False),
        sa.Column("valid_days", sa.Integer(), nullable=True),
        sa.Column("low_stock", sa.Integer(), nullable=False),
        sa.Column("available", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(amount_minor IS NOT NULL AND currency IS NOT NULL AND amount_minor > 0) = (kind IN ('amount_off', 'gift_card'))",
            name=op.f("ck_coupon_pools_amount"),
        ),
        sa.CheckConstraint(
            "(percent_basis_points IS NOT NULL AND percent_basis_points BETWEEN 1 AND 10000) = (kind = 'percent_off')",
            name=op.f("ck_coupon_pools_percent"),
        ),
        sa.CheckConstraint("(product_id IS NOT NULL) = (kind = 'free_product')", name=op.f("ck_coupon_pools_product")),
        sa.CheckConstraint("codes IN ('made', 'uploaded')", name=op.f("ck_coupon_pools_codes")),
        sa.CheckConstraint(
            "kind IN ('amount_off', 'percent_off', 'free_shipping', 'free_product', 'gift_card', 'custom')",
            name=op.f("ck_coupon_pools_kind"),
        ),
        sa.CheckConstraint("available >= 0", name=op.f("ck_coupon_pools_available")),
        sa.CheckConstraint("minimum_minor >= 0 AND low_stock >= 0", name=op.f("ck_coupon_pools_numbers")),
        sa.CheckConstraint("valid_days IS NULL OR valid_days >= 1", name=op.f("ck_coupon_pools_valid_days")),
        sa.ForeignKeyConstraint(
            ["site_id"], ["sites.id"], name=op.f("fk_coupon_pools_site_id_sites"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("site_id", "id", name=op.f("pk_coupon_pools")),
    )
    op.create_table(
        "loyalty_programs",
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("live_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("thousand_cost_minor", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("state = 'draft' OR live_at IS NOT NULL", name=op.f("ck_loyalty_programs_live_at")),
        sa.CheckConstraint("state IN ('draft', 'live', 'paused')", name=op.f("ck_loyalty_programs_state")),
        sa.CheckConstraint(
            "thousand_cost_minor IS NULL OR thousand_cost_minor >= 0", name=op.f("ck_loyalty_programs_thousand_cost")
        ),
        sa.ForeignKeyConstraint(
            ["site_id"], ["sites.id"], name=op.f("fk_loyalty_programs_site_id_sites"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("site_id", name=op.f("pk_loyalty_programs")),
    )
    op.create_table(
        "coupons",
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("pool_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("code_key", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=True),
        sa.Column("purpose", sa.String(length=100), nullable=True),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("redeemed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("redeemed_by", sa.String(length=200), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(state = 'available') = (issued_at IS NULL)", name=op.f("ck_coupons_issued_at")),
        sa.CheckConstraint("(state = 'redeemed') = (redeemed_at IS NOT NULL)", name=op.f("ck_coupons_redeemed_at")),
        sa.CheckConstraint(
            "state IN ('available', 'issued', 'redeemed', 'expired', 'cancelled')", name=op.f("ck_coupons_state")
        ),
        sa.ForeignKeyConstraint(
            ["site_id", "customer_id"],
            ["customers.site_id", "customers.id"],
            name=op.f("fk_coupons_site_id_customer_id_customers"),
        ),
        sa.ForeignKeyConstraint(
            ["site_id", "pool_id"],
            ["coupon_pools.site_id", "coupon_pools.id"],
            name=op.f("fk_coupons_site_id_pool_id_coupon_pools"),
        ),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_coupons_site_id_sites"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("site_id", "id", name=op.f("pk_coupons")),
        sa.UniqueConstraint("site_id", "code_key", name=op.f("uq_coupons_site_id_code_key")),
        sa.UniqueConstraint("site_id", "purpose", name=op.f("uq_coupons_site_id_purpose")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_coupons_site_id_customer_id"), "coupons", ["site_id", "customer_id"], unique=False)
    op.create_index(
        op.f("ix_coupons_site_id_pool_id_state_id"), "coupons", ["site_id", "pool_id", "state", "id"], unique=False
    )
    op.create_index(
        op.f("ix_coupons_site_id_redeemed_by"),
        "coupons",
        ["site_id", "redeemed_by"],
        unique=False,
        sqlite_where=sa.text("redeemed_by IS NOT NULL"),
        postgresql_where=sa.text("redeemed_by IS NOT NULL"),
    )
    op.create_index(
        op.f("ix_coupons_state_expires_at"),
        "coupons",
        ["state", "expires_at"],
        unique=False,
        sqlite_where=sa.text("expires_at IS NOT NULL"),
        postgresql_where=sa.text("expires_at IS NOT NULL"),
    )
    op.create_table(
        "loyalty_accounts",
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("balance", sa.BigInteger(), nullable=False),
        sa.Column("pending", sa.BigInteger(), nullable=False),
        sa.Column("held", sa.BigInteger(), nullable=False),
        sa.Column("debt", sa.BigInteger(), nullable=False),
        sa.Column("lifetime", sa.BigInteger(), nullable=False),
        sa.Column("last_number", sa.Integer(), nullable=False),
        sa.Column("last_digest", sa.String(length=64), nullable=False),
        sa.Column("next_change_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("inactive_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tier", sa.String(length=40), nullable=True),
        sa.Column("tier_until_on", sa.Date(), nullable=True),
        sa.Column("is_tier_pinned", sa.Boolean(), nullable=False),
        sa.Column("pinned_by", sa.String(length=330), nullable=True),
        sa.Column("pin_reason", sa.String(length=300), nullable=True),
        sa.Column("merged_into_id", sa.Uuid(), nullable=True),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("debt = 0 OR balance <= 0", name=op.f("ck_loyalty_accounts_debt")),
        sa.CheckConstraint(
            "pending >= 0 AND held >= 0 AND lifetime >= 0 AND debt >= 0", name=op.f("ck_loyalty_accounts_amounts")
        ),
        sa.ForeignKeyConstraint(
            ["site_id", "customer_id"],
            ["customers.site_id", "customers.id"],
            name=op.f("fk_loyalty_accounts_site_id_customer_id_customers"),
        ),
        sa.ForeignKeyConstraint(
            ["site_id"], ["sites.id"], name=op.f("fk_loyalty_accounts_site_id_sites"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("site_id", "customer_id", name=op.f("pk_loyalty_accounts")),
    )
    op.create_index(
        op.f("ix_loyalty_accounts_next_change_at"),
        "loyalty_accounts",
        ["next_change_at"],
        unique=False,
        sqlite_where=sa.text("next_change_at IS NOT NULL"),
        postgresql_where=sa.text("next_change_at IS NOT NULL"),
    )
    op.create_index(
        op.f("ix_loyalty_accounts_site_id_balance"), "loyalty_accounts", ["site_id", "balance"], unique=False
    )
    op.create_index(op.f("ix_loyalty_accounts_tier_until_on"), "loyalty_accounts", ["tier_until_on"], unique=False)
    op.create_table(
        "loyalty_rewards",
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("pool_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("texts", DOCUMENT, nullable=False),
        sa.Column("price", sa.BigInteger(), nullable=False),
        sa.Column("tier_prices", DOCUMENT, nullable=False),
        sa.Column("stock", sa.Integer(), nullable=True),
        sa.Column("customer_limit", sa.Integer(), nullable=True),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("state IN ('draft', 'live', 'archived')", name=op.f("ck_loyalty_rewards_state")),
        sa.CheckConstraint(
            "customer_limit IS NULL OR customer_limit >= 1", name=op.f("ck_loyalty_rewards_customer_limit")
        ),
        sa.CheckConstraint("price >= 1", name=op.f("ck_loyalty_rewards_price")),
        sa.CheckConstraint("stock IS NULL OR stock >= 0", name=op.f("ck_loyalty_rewards_stock")),
        sa.ForeignKeyConstraint(
            ["site_id", "pool_id"],
            ["coupon_pools.site_id", "coupon_pools.id"],
            name=op.f("fk_loyalty_rewards_site_id_pool_id_coupon_pools"),
        ),
        sa.ForeignKeyConstraint(
            ["site_id"], ["sites.id"], name=op.f("fk_loyalty_rewards_site_id_sites"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("site_id", "id", name=op.f("pk_loyalty_rewards")),
    )
    op.create_index(
        op.f("ix_loyalty_rewards_site_id_position"), "loyalty_rewards", ["site_id", "position"], unique=False
    )
    op.create_table(
        "loyalty_versions",
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("rules", DOCUMENT, nullable=False),
        sa.Column("actor", sa.String(length=330), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("version >= 1", name=op.f("ck_loyalty_versions_version")),
        sa.ForeignKeyConstraint(
            ["site_id"],
            ["loyalty_programs.site_id"],
            name=op.f("fk_loyalty_versions_site_id_loyalty_programs"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("site_id", "version", name=op.f("pk_loyalty_versions")),
    )
    op.create_table(
        "loyalty_entries",
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("delta", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("source", sa.String(length=150), nullable=False),
        sa.Column("rule", sa.String(length=60), nullable=True),
        sa.Column("rule_version", sa.Integer(), nullable=True),
        sa.Column("reason", DOCUMENT, nullable=False),
        sa.Column("actor", sa.String(length=330), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=True),
        sa.Column("available_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.CheckConstraint(
            "kind IN ('earn', 'gift', 'adjust', 'hold', 'release', 'redeem', 'give_back', 'expire', 'unexpire', 'claw', 'merge_in', 'merge_out')",
            name=op.f("ck_loyalty_entries_kind"),
        ),
        sa.CheckConstraint("delta <> 0", name=op.f("ck_loyalty_entries_delta")),
        sa.CheckConstraint("number >= 1", name=op.f("ck_loyalty_entries_number")),
        sa.ForeignKeyConstraint(
            ["site_id", "customer_id"],
            ["loyalty_accounts.site_id", "loyalty_accounts.customer_id"],
            name=op.f("fk_loyalty_entries_site_id_customer_id_loyalty_accounts"),
        ),
        sa.ForeignKeyConstraint(
            ["site_id"], ["sites.id"], name=op.f("fk_loyalty_entries_site_id_sites"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("site_id", "customer_id", "number", name=op.f("pk_loyalty_entries")),
        sqlite_with_rowid=False,
    )
    op.create_index(
        op.f("ix_loyalty_entries_site_id_key"),
        "loyalty_entries",
        ["site_id", "key"],
        unique=True,
        sqlite_where=sa.text("key IS NOT NULL"),
        postgresql_where=sa.text("key IS NOT NULL"),
    )
    op.create_index(
        op.f("ix_loyalty_entries_site_id_customer_id_source"),
        "loyalty_entries",
        ["site_id", "customer_id", "source"],
        unique=False,
    )
    op.create_index(
        op.f("ix_loyalty_entries_site_id_occurred_at_kind_delta"),
        "loyalty_entries",
        ["site_id", "occurred_at", "kind", "delta"],
        unique=False,
    )
    op.create_table(
        "loyalty_orders",
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("rule_version", sa.Integer(), nullable=False),
        sa.Column("multiplier_thousandths", sa.Integer(), nullable=False),
        sa.Column("rate_billionths", sa.BigInteger(), nullable=False),
        sa.Column("points", sa.BigInteger(), nullable=False),
        sa.Column("forgiven", sa.BigInteger(), nullable=False),
        sa.Column("spend_minor", sa.BigInteger(), nullable=False),
        sa.Column("counts_as_order", sa.Boolean(), nullable=False),
        sa.Column("earned_on", sa.Date(), nullable=False),
        sa.Column("available_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("multiplier_thousandths >= 0", name=op.f("ck_loyalty_orders_multiplier")),
        sa.CheckConstraint("rate_billionths > 0", name=op.f("ck_loyalty_orders_rate")),
        sa.CheckConstraint("points >= 0 AND forgiven >= 0 AND spend_minor >= 0", name=op.f("ck_loyalty_orders_points")),
        sa.ForeignKeyConstraint(
            ["site_id", "customer_id"],
            ["loyalty_accounts.site_id", "loyalty_accounts.customer_id"],
            name=op.f("fk_loyalty_orders_site_id_customer_id_loyalty_accounts"),
        ),
        sa.ForeignKeyConstraint(
            ["site_id", "order_id"],
            ["orders.site_id", "orders.id"],
            name=op.f("fk_loyalty_orders_site_id_order_id_orders"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["site_id"], ["sites.id"], name=op.f("fk_loyalty_orders_site_id_sites"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("site_id", "order_id", name=op.f("pk_loyalty_orders")),
    )
    op.create_index(
        op.f("ix_loyalty_orders_site_id_customer_id"), "loyalty_orders", ["site_id", "customer_id"], unique=False
    )
    op.create_table(
        "loyalty_qualifying_days",
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("points", sa.BigInteger(), nullable=False),
        sa.Column("spend_minor", sa.BigInteger(), nullable=False),
        sa.Column("orders", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "points >= 0 AND spend_minor >= 0 AND orders >= 0", name=op.f("ck_loyalty_qualifying_days_amounts")
        ),
        sa.ForeignKeyConstraint(
            ["site_id", "customer_id"],
            ["loyalty_accounts.site_id", "loyalty_accounts.customer_id"],
            name=op.f("fk_loyalty_qualifying_days_site_id_customer_id_loyalty_accounts"),
        ),
        sa.ForeignKeyConstraint(
            ["site_id"], ["sites.id"], name=op.f("fk_loyalty_qualifying_days_site_id_sites"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("site_id", "customer_id", "day", name=op.f("pk_loyalty_qualifying_days")),
    )
    op.create_table(
        "loyalty_tier_gifts",
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("tier", sa.String(length=40), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["site_id", "customer_id"],
            ["loyalty_accounts.site_id", "loyalty_accounts.customer_id"],
            name=op.f("fk_loyalty_tier_gifts_site_id_customer_id_loyalty_accounts"),
        ),
        sa.ForeignKeyConstraint(
            ["site_id"], ["sites.id"], name=op.f("fk_loyalty_tier_gifts_site_id_sites"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("site_id", "customer_id", "tier", name=op.f("pk_loyalty_tier_gifts")),
    )
    op.create_table(
        "loyalty_lots",
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=150), nullable=False),
        sa.Column("granted", sa.BigInteger(), nullable=False),
        sa.Column("remaining", sa.BigInteger(), nullable=False),
        sa.Column("expired", sa.BigInteger(), nullable=False),
        sa.Column("is_live", sa.Boolean(), nullable=False),
        sa.Column("available_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("expired BETWEEN 0 AND granted - remaining", name=op.f("ck_loyalty_lots_expired")),
        sa.CheckConstraint("expires_at IS NULL OR expires_at >= available_at", name=op.f("ck_loyalty_lots_times")),
        sa.CheckConstraint("granted >= 1 AND remaining BETWEEN 0 AND granted", name=op.f("ck_loyalty_lots_remaining")),
        sa.ForeignKeyConstraint(
            ["site_id", "customer_id", "number"],
            ["loyalty_entries.site_id", "loyalty_entries.customer_id", "loyalty_entries.number"],
            name=op.f("fk_loyalty_lots_site_id_customer_id_number_loyalty_entries"),
        ),
        sa.ForeignKeyConstraint(
            ["site_id"], ["sites.id"], name=op.f("fk_loyalty_lots_site_id_sites"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("site_id", "customer_id", "number", name=op.f("pk_loyalty_lots")),
    )
    op.create_index(
        op.f("ix_loyalty_lots_site_id_customer_id"),
        "loyalty_lots",
        ["site_id", "customer_id"],
        unique=False,
        sqlite_where=sa.text("is_live"),
        postgresql_where=sa.text("is_live"),
    )
    op.create_index(
        op.f("ix_loyalty_lots_site_id_customer_id_source"),
        "loyalty_lots",
        ["site_id", "customer_id", "source"],
        unique=False,
    )
    op.create_table(
        "loyalty_redemptions",
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("reward_id", sa.Uuid(), nullable=False),
        sa.Column("coupon_id", sa.Uuid(), nullable=True),
        sa.Column("points", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("entry_customer_id", sa.Uuid(), nullable=False),
        sa.Column("entry_number", sa.Integer(), nullable=False),
        sa.Column("held_until_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(state = 'held') = (held_until_at IS NOT NULL)", name=op.f("ck_loyalty_redemptions_held")),
        sa.CheckConstraint(
            "state IN ('held', 'issued', 'used', 'cancelled')", name=op.f("ck_loyalty_redemptions_state")
        ),
        sa.CheckConstraint("points >= 1", name=op.f("ck_loyalty_redemptions_points")),
        sa.ForeignKeyConstraint(
            ["site_id", "coupon_id"],
            ["coupons.site_id", "coupons.id"],
            name=op.f("fk_loyalty_redemptions_site_id_coupon_id_coupons"),
        ),
        sa.ForeignKeyConstraint(
            ["site_id", "customer_id"],
            ["loyalty_accounts.site_id", "loyalty_accounts.customer_id"],
            name=op.f("fk_loyalty_redemptions_site_id_customer_id_loyalty_accounts"),
        ),
        sa.ForeignKeyConstraint(
            ["site_id", "entry_customer_id", "entry_number"],
            ["loyalty_entries.site_id", "loyalty_entries.customer_id", "loyalty_entries.number"],
            name=op.f("fk_loyalty_redemptions_site_id_entry_customer_id_entry_number_loyalty_entries"),
        ),
        sa.ForeignKeyConstraint(
            ["site_id", "reward_id"],
            ["loyalty_rewards.site_id", "loyalty_rewards.id"],
            name=op.f("fk_loyalty_redemptions_site_id_reward_id_loyalty_rewards"),
        ),
        sa.ForeignKeyConstraint(
            ["site_id"], ["sites.id"], name=op.f("fk_loyalty_redemptions_site_id_sites"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("site_id", "id", name=op.f("pk_loyalty_redemptions")),
        sqlite_with_rowid=False,
    )
    op.create_index(
        op.f("ix_loyalty_redemptions_site_id_coupon_id"), "loyalty_redemptions", ["site_id", "coupon_id"], unique=False
    )
    op.create_index(
        op.f("ix_loyalty_redemptions_site_id_created_at_id"),
        "loyalty_redemptions",
        ["site_id", "created_at", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_loyalty_redemptions_site_id_customer_id_created_at"),
        "loyalty_redemptions",
        ["site_id", "customer_id", "created_at"],
        unique=False,
    )
    op.create_index(
        op.f("ix_loyalty_redemptions_held_until_at"),
        "loyalty_redemptions",
        ["held_until_at"],
        unique=False,
        sqlite_where=sa.text("held_until_at IS NOT NULL"),
        postgresql_where=sa.text("held_until_at IS NOT NULL"),
    )
    op.create_table(
        "loyalty_lot_uses",
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("lot_number", sa.Integer(), nullable=False),
        sa.Column("points", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["site_id", "customer_id", "lot_number"],
            ["loyalty_lots.site_id", "loyalty_lots.customer_id", "loyalty_lots.number"],
            name=op.f("fk_loyalty_lot_uses_site_id_customer_id_lot_number_loyalty_lots"),
        ),
        sa.ForeignKeyConstraint(
            ["site_id", "customer_id", "number"],
            ["loyalty_entries.site_id", "loyalty_entries.customer_id", "loyalty_entries.number"],
            name=op.f("fk_loyalty_lot_uses_site_id_customer_id_number_loyalty_entries"),
        ),
        sa.ForeignKeyConstraint(
            ["site_id"], ["sites.id"], name=op.f("fk_loyalty_lot_uses_site_id_sites"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("site_id", "customer_id", "number", "lot_number", name=op.f("pk_loyalty_lot_uses")),
        sqlite_with_rowid=False,
    )
    for statement in GUARDS[op.get_bind().dialect.name]:
        op.execute(statement)


def downgrade() -> None:
    for table in TABLES:
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION guard_loyalty_entries()")
