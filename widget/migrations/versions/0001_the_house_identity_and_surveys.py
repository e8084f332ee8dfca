"""The house, identity and surveys."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "login_attempts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_hash", sa.String(length=64), nullable=False),
        sa.Column("address_hash", sa.String(length=64), nullable=False),
        sa.Column("attempted_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_login_attempts")),
    )
    op.create_index(
        op.f("ix_login_attempts_account_hash_attempted_at"),
        "login_attempts",
        ["account_hash", "attempted_at"],
        unique=False,
    )
    op.create_index(
        op.f("ix_login_attempts_address_hash_attempted_at"),
        "login_attempts",
        ["address_hash", "attempted_at"],
        unique=False,
    )
    op.create_table(
        "owners",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.String(length=320), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.Column("language", sa.String(length=10), nullable=True),
        sa.Column("totp_secret", sa.String(length=64), nullable=True),
        sa.Column("totp_confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("totp_last_step", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("email = lower(email)", name=op.f("ck_owners_email_lower")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_owners")),
        sa.UniqueConstraint("email", name=op.f("uq_owners_email")),
    )
    op.create_table(
        "sites",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("requires_consent", sa.Boolean(), nullable=False),
        sa.Column("ask_every_days", sa.Integer(), nullable=False),
        sa.Column("z_index", sa.Integer(), nullable=False),
        sa.Column("quiet_paths", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("theme", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("ask_every_days BETWEEN 0 AND 365", name=op.f("ck_sites_ask_every_days")),
        sa.CheckConstraint("z_index BETWEEN 0 AND 2147483647", name=op.f("ck_sites_z_index")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sites")),
        sa.UniqueConstraint("key", name=op.f("uq_sites_key")),
    )
    op.create_table(
        "allowed_origins",
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("origin", sa.String(length=300), nullable=False),
        sa.ForeignKeyConstraint(
            ["site_id"], ["sites.id"], name=op.f("fk_allowed_origins_site_id_sites"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("site_id", "origin", name=op.f("pk_allowed_origins")),
    )
    op.create_table(
        "api_keys",
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("hint", sa.String(length=12), nullable=False),
        sa.Column("key_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["site_id"], ["sites.id"], name=op.f("fk_api_keys_site_id_sites"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("site_id", "id", name=op.f("pk_api_keys")),
        sa.UniqueConstraint("key_hash", name=op.f("uq_api_keys_key_hash")),
    )
    op.create_table(
        "customers",
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("external_id", sa.String(length=200), nullable=False),
        sa.Column("email", sa.String(length=320), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["site_id"], ["sites.id"], name=op.f("fk_customers_site_id_sites"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("site_id", "id", name=op.f("pk_customers")),
        sa.UniqueConstraint("site_id", "external_id", name=op.f("uq_customers_site_id_external_id")),
    )
    op.create_index(op.f("ix_customers_site_id_email"), "customers", ["site_id", "email"], unique=False)
    op.create_table(
        "idempotency_keys",
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("request_hash", sa.String(length=64), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["site_id"], ["sites.id"], name=op.f("fk_idempotency_keys_site_id_sites"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("site_id", "key", name=op.f("pk_idempotency_keys")),
    )
    op.create_index(op.f("ix_idempotency_keys_created_at"), "idempotency_keys", ["created_at"], unique=False)
    op.create_table(
        "memberships",
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.String(length=10), nullable=False),
        sa.Column("gets_digest", sa.Boolean(), nullable=False),
        sa.CheckConstraint("role IN ('viewer', 'editor', 'owner')", name=op.f("ck_memberships_role")),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["owners.id"], name=op.f("fk_memberships_owner_id_owners"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["site_id"], ["sites.id"], name=op.f("fk_memberships_site_id_sites"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("site_id", "owner_id", name=op.f("pk_memberships")),
    )
    op.create_index(op.f("ix_memberships_owner_id"), "memberships", ["owner_id"], unique=False)
    op.create_table(
        "owner_sessions",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["owners.id"], name=op.f("fk_owner_sessions_owner_id_owners"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_owner_sessions")),
    )
    op.create_index(op.f("ix_owner_sessions_owner_id"), "owner_sessions", ["owner_id"], unique=False)
    op.create_table(
        "signing_keys",
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("slot", sa.Integer(), nullable=False),
        sa.Column("secret", sa.String(length=100), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("slot IN (1, 2)", name=op.f("ck_signing_keys_slot")),
        sa.ForeignKeyConstraint(
            ["site_id"], ["sites.id"], name=op.f("fk_signing_keys_site_id_sites"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("site_id", "id", name=op.f("pk_signing_keys")),
    )
    op.create_index(
        "uq_signing_keys_live_slot",
        "signing_keys",
        ["site_id", "slot"],
        unique=True,
        sqlite_where=sa.text("revoked_at IS NULL"),
        postgresql_where=sa.text("revoked_at IS NULL"),
    )
    op.create_table(
        "surveys",
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("display", sa.String(length=10), nullable=False),
        sa.Column("url_rules", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("after_seconds", sa.Integer(), nullable=False),
        sa.Column("scroll_percent", sa.Integer(), nullable=False),
        sa.Column("event_name", sa.String(length=100), nullable=True),
        sa.Column("sample_basis_points", sa.Integer(), nullable=False),
        sa.Column("repeat_days", sa.Integer(), nullable=True),
        sa.Column("asks_until_answered", sa.Boolean(), nullable=False),
        sa.Column("gates", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("default_language", sa.String(length=10), nullable=False),
        sa.Column("languages", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("definition", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("texts", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("display IN ('sheet', 'inline', 'tab')", name=op.f("ck_surveys_display")),
        sa.CheckConstraint("kind IN ('nps', 'csat', 'ces', 'form', 'quiz')", name=op.f("ck_surveys_kind")),
        sa.CheckConstraint("state IN ('draft', 'live', 'paused', 'archived')", name=op.f("ck_surveys_state")),
        sa.CheckConstraint("after_seconds BETWEEN 0 AND 3600", name=op.f("ck_surveys_after_seconds")),
        sa.CheckConstraint("repeat_days BETWEEN 1 AND 3650", name=op.f("ck_surveys_repeat_days")),
        sa.CheckConstraint(
            "sample_basis_points BETWEEN 0 AND 10000", name=op.f("ck_surveys_sample_basis_points")
        ),
        sa.CheckConstraint("scroll_percent BETWEEN 0 AND 100", name=op.f("ck_surveys_scroll_percent")),
        sa.ForeignKeyConstraint(
            ["site_id"], ["sites.id"], name=op.f("fk_surveys_site_id_sites"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("site_id", "id", name=op.f("pk_surveys")),
        sa.UniqueConstraint("site_id", "id", "kind", name=op.f("uq_surveys_site_id_id_kind")),
    )
    op.create_table(
        "survey_daily_asks",
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("survey_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("shown", sa.Integer(), nullable=False),
        sa.Column("dismissed", sa.Integer(), nullable=False),
        sa.CheckConstraint("shown >= 0 AND dismissed >= 0", name=op.f("ck_survey_daily_asks_counts")),
        sa.ForeignKeyConstraint(
            ["site_id", "survey_id"],
            ["surveys.site_id", "surveys.id"],
            name=op.f("fk_survey_daily_asks_site_id_survey_id_surveys"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("site_id", "survey_id", "day", name=op.f("pk_survey_daily_asks")),
    )
    op.create_table(
        "survey_daily_scores",
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("survey_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("source", sa.String(length=10), nullable=False),
        sa.Column("score", sa.SmallInteger(), nullable=False),
        sa.Column("responses", sa.Integer(), nullable=False),
        sa.Column("completed", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "completed BETWEEN 0 AND responses", name=op.f("ck_survey_daily_scores_completed")
        ),
        sa.CheckConstraint("score BETWEEN -2 AND 10", name=op.f("ck_survey_daily_scores_score")),
        sa.ForeignKeyConstraint(
            ["site_id", "survey_id"],
            ["surveys.site_id", "surveys.id"],
            name=op.f("fk_survey_daily_scores_site_id_survey_id_surveys"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "site_id", "survey_id", "day", "source", "score", name=op.f("pk_survey_daily_scores")
        ),
    )
    op.create_table(
        "survey_fields",
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("survey_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["site_id", "survey_id"],
            ["surveys.site_id", "surveys.id"],
            name=op.f("fk_survey_fields_site_id_survey_id_surveys"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("site_id", "survey_id", "name", name=op.f("pk_survey_fields")),
    )
    op.create_table(
        "survey_rollups",
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("survey_id", sa.Uuid(), nullable=False),
        sa.Column("counted_until", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["site_id", "survey_id"],
            ["surveys.site_id", "surveys.id"],
            name=op.f("fk_survey_rollups_site_id_survey_id_surveys"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("site_id", "survey_id", name=op.f("pk_survey_rollups")),
    )
    op.create_table(
        "survey_stale_days",
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("survey_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("touches", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["site_id", "survey_id"],
            ["surveys.site_id", "surveys.id"],
            name=op.f("fk_survey_stale_days_site_id_survey_id_surveys"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("site_id", "survey_id", "day", name=op.f("pk_survey_stale_days")),
    )
    op.create_table(
        "visitors",
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("merged_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["site_id", "customer_id"],
            ["customers.site_id", "customers.id"],
            name=op.f("fk_visitors_site_id_customer_id_customers"),
        ),
        sa.ForeignKeyConstraint(
            ["site_id"], ["sites.id"], name=op.f("fk_visitors_site_id_sites"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("site_id", "id", name=op.f("pk_visitors")),
    )
    op.create_index(
        op.f("ix_visitors_site_id_customer_id"), "visitors", ["site_id", "customer_id"], unique=False
    )
    op.create_table(
        "survey_impressions",
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("survey_id", sa.Uuid(), nullable=False),
        sa.Column("visitor_id", sa.Uuid(), nullable=True),
        sa.Column("bucket", sa.SmallInteger(), nullable=True),
        sa.Column("language", sa.String(length=35), nullable=True),
        sa.Column("page_url", sa.String(length=2000), nullable=True),
        sa.Column("shown_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("dismissed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("bucket BETWEEN 0 AND 9999", name=op.f("ck_survey_impressions_bucket")),
        sa.ForeignKeyConstraint(
            ["site_id", "survey_id"],
            ["surveys.site_id", "surveys.id"],
            name=op.f("fk_survey_impressions_site_id_survey_id_surveys"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["site_id", "visitor_id"],
            ["visitors.site_id", "visitors.id"],
            name=op.f("fk_survey_impressions_site_id_visitor_id_visitors"),
        ),
        sa.PrimaryKeyConstraint("site_id", "id", name=op.f("pk_survey_impressions")),
    )
    op.create_index(
        op.f("ix_survey_impressions_site_id_survey_id_dismissed_at"),
        "survey_impressions",
        ["site_id", "survey_id", "dismissed_at"],
        unique=False,
        sqlite_where=sa.text("dismissed_at IS NOT NULL"),
        postgresql_where=sa.text("dismissed_at IS NOT NULL"),
    )
    op.create_index(
        op.f("ix_survey_impressions_site_id_survey_id_shown_at"),
        "survey_impressions",
        ["site_id", "survey_id", "shown_at"],
        unique=False,
    )
    op.create_index(
        op.f("ix_survey_impressions_site_id_visitor_id"),
        "survey_impressions",
        ["site_id", "visitor_id"],
        unique=False,
    )
    op.create_table(
        "survey_responses",
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("survey_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("score", sa.SmallInteger(), nullable=True),
        sa.Column("comment", sa.Text(), nullable=True),
        sa.Column("answers", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("survey_version", sa.Integer(), nullable=False),
        sa.Column("hidden", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("language", sa.String(length=35), nullable=True),
        sa.Column("page_url", sa.String(length=2000), nullable=True),
        sa.Column("elapsed_ms", sa.Integer(), nullable=True),
        sa.Column("visitor_id", sa.Uuid(), nullable=True),
        sa.Column("customer_id", sa.Uuid(), nullable=True),
        sa.Column("source", sa.String(length=10), nullable=False),
        sa.Column("flag", sa.String(length=10), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("completed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(kind = 'nps' AND score BETWEEN 0 AND 10) OR (kind = 'csat' AND score BETWEEN 1 AND 5)"
            " OR (kind = 'ces' AND score BETWEEN 1 AND 7) OR score IS NULL",
            name=op.f("ck_survey_responses_score"),
        ),
        sa.CheckConstraint(
            "flag IN ('too_fast', 'honeypot', 'burst')", name=op.f("ck_survey_responses_flag")
        ),
        sa.CheckConstraint("source IN ('widget', 'link', 'import')", name=op.f("ck_survey_responses_source")),
        sa.CheckConstraint("elapsed_ms >= 0", name=op.f("ck_survey_responses_elapsed_ms")),
        sa.CheckConstraint("survey_version >= 1", name=op.f("ck_survey_responses_survey_version")),
        sa.CheckConstraint("length(comment) <= 5000", name=op.f("ck_survey_responses_comment_length")),
        sa.ForeignKeyConstraint(
            ["site_id", "customer_id"],
            ["customers.site_id", "customers.id"],
            name=op.f("fk_survey_responses_site_id_customer_id_customers"),
        ),
        sa.ForeignKeyConstraint(
            ["site_id", "survey_id", "kind"],
            ["surveys.site_id", "surveys.id", "surveys.kind"],
            name=op.f("fk_survey_responses_site_id_survey_id_kind_surveys"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["site_id", "visitor_id"],
            ["visitors.site_id", "visitors.id"],
            name=op.f("fk_survey_responses_site_id_visitor_id_visitors"),
        ),
        sa.PrimaryKeyConstraint("site_id", "id", name=op.f("pk_survey_responses")),
        sqlite_with_rowid=False,
    )
    op.create_index(
        op.f("ix_survey_responses_site_id_customer_id"),
        "survey_responses",
        ["site_id", "customer_id"],
        unique=False,
        sqlite_where=sa.text("customer_id IS NOT NULL"),
        postgresql_where=sa.text("customer_id IS NOT NULL"),
    )
    op.create_index(
        op.f("ix_survey_responses_site_id_survey_id_answered_at_id"),
        "survey_responses",
        ["site_id", "survey_id", "answered_at", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_survey_responses_site_id_visitor_id"),
        "survey_responses",
        ["site_id", "visitor_id"],
        unique=False,
        sqlite_where=sa.text("customer_id IS NULL"),
        postgresql_where=sa.text("customer_id IS NULL"),
    )
    op.create_table(
        "traded_tokens",
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("jti", sa.String(length=200), nullable=False),
        sa.Column("visitor_id", sa.Uuid(), nullable=False),
        sa.Column("presented_visitor_id", sa.Uuid(), nullable=True),
        sa.Column("nonce", sa.String(length=100), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["site_id", "visitor_id"],
            ["visitors.site_id", "visitors.id"],
            name=op.f("fk_traded_tokens_site_id_visitor_id_visitors"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["site_id"], ["sites.id"], name=op.f("fk_traded_tokens_site_id_sites"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("site_id", "jti", name=op.f("pk_traded_tokens")),
    )
    op.create_index(op.f("ix_traded_tokens_expires_at"), "traded_tokens", ["expires_at"], unique=False)
    op.create_index(
        op.f("ix_traded_tokens_site_id_visitor_id"), "traded_tokens", ["site_id", "visitor_id"], unique=False
    )


def downgrade() -> None:
    op.drop_table("traded_tokens")
    op.drop_table("survey_responses")
    op.drop_table("survey_impressions")
    op.drop_table("visitors")
    op.drop_table("survey_stale_days")
    op.drop_table("survey_rollups")
    op.drop_table("survey_fields")
    op.drop_table("survey_daily_scores")
    op.drop_table("survey_daily_asks")
    op.drop_table("surveys")
    op.drop_table("signing_keys")
    op.drop_table("owner_sessions")
    op.drop_table("memberships")
    op.drop_table("idempotency_keys")
    op.drop_table("customers")
    op.drop_table("api_keys")
    op.drop_table("allowed_origins")
    op.drop_table("sites")
    op.drop_table("owners")
    op.drop_table("login_attempts")
