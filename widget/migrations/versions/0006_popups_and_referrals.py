"""Popups and referrals: campaigns, leads and their consents, programs, advocates, friends, and contests."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

DOCUMENT = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
TABLES = (
    "referral_grants",
    "referral_events",
    "lead_consents",
    "referrals",
    "referral_shares",
    "referral_clicks",
    "lead_mails",
    "popup_versions",
    "popup_variants",
    "popup_impressions",
    "popup_exposures",
    "leads",
    "referral_versions",
    "referral_advocates",
    "popup_campaigns",
    "contest_entries",
    "referral_programs",
    "popup_pictures",
    "contests",
)


def upgrade() -> None:
    op.create_table(
        "contests",
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("hashtag", sa.String(length=50), nullable=False),
        sa.Column("prize", sa.String(length=200), nullable=False),
        sa.Column("seed", sa.String(length=64), nullable=False),
        sa.Column("seed_hash", sa.String(length=64), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("drawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_contests_days")),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_contests_site_id_sites"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("site_id", "id", name=op.f("pk_contests")),
    )
    op.create_table(
        "popup_pictures",
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("sizes", DOCUMENT, nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["site_id"], ["sites.id"], name=op.f("fk_popup_pictures_site_id_sites"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("site_id", "id", name=op.f("pk_popup_pictures")),
    )
    op.create_table(
        "referral_programs",
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("live_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("state = 'draft' OR live_at IS NOT NULL", name=op.f("ck_referral_programs_live_at")),
        sa.CheckConstraint("state IN ('draft', 'live', 'paused')", name=op.f("ck_referral_programs_state")),
        sa.ForeignKeyConstraint(
            ["site_id"], ["sites.id"], name=op.f("fk_referral_programs_site_id_sites"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("site_id", name=op.f("pk_referral_programs")),
    )
    op.create_table(
        "contest_entries",
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("contest_id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("link", sa.String(length=500), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("won_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("state IN ('pending', 'approved', 'rejected')", name=op.f("ck_contest_entries_state")),
        sa.CheckConstraint("won_at IS NULL OR state = 'approved'", name=op.f("ck_contest_entries_won")),
        sa.ForeignKeyConstraint(
            ["site_id", "contest_id"],
            ["contests.site_id", "contests.id"],
            name=op.f("fk_contest_entries_site_id_contest_id_contests"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["site_id", "customer_id"],
            ["customers.site_id", "customers.id"],
            name=op.f("fk_contest_entries_site_id_customer_id_customers"),
        ),
        sa.ForeignKeyConstraint(
            ["site_id"], ["sites.id"], name=op.f("fk_contest_entries_site_id_sites"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("site_id", "id", name=op.f("pk_contest_entries")),
        sa.UniqueConstraint(
            "site_id", "contest_id", "customer_id", name=op.f("uq_contest_entries_site_id_contest_id_customer_id")
        ),
    )
    op.create_index(
        op.f("ix_contest_entries_site_id_contest_id_state"),
        "contest_entries",
        ["site_id", "contest_id", "state"],
        unique=False,
    )
    op.create_index(
        "uq_contest_entries_winner",
        "contest_entries",
        ["site_id", "contest_id"],
        unique=True,
        sqlite_where=sa.text("won_at IS NOT NULL"),
        postgresql_where=sa.text("won_at IS NOT NULL"),
    )

    op.create_table(
        "popup_campaigns",
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("goal", sa.String(length=20), nullable=False),
        sa.Column("display", sa.String(length=10), nullable=False),
        sa.Column("triggers", DOCUMENT, nullable=False),
        sa.Column("rules", DOCUMENT, nullable=False),
        sa.Column("fields", DOCUMENT, nullable=False),
        sa.Column("consents", DOCUMENT, nullable=False),
        sa.Column("every_days", sa.Integer(), nullable=False),
        sa.Column("per_session", sa.Integer(), nullable=False),
        sa.Column("is_search_safe", sa.Boolean(), nullable=False),
        sa.Column("holdout_basis_points", sa.Integer(), nullable=False),
        sa.Column("is_double_opt_in", sa.Boolean(), nullable=False),
        sa.Column("pool_id", sa.Uuid(), nullable=True),
        sa.Column("fixed_code", sa.String(length=64), nullable=True),
        sa.Column("survey_id", sa.Uuid(), nullable=True),
        sa.Column("download_url", sa.String(length=2000), nullable=True),
        sa.Column("default_language", sa.String(length=10), nullable=False),
        sa.Column("languages", DOCUMENT, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("live_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("display IN ('modal', 'sheet', 'inline')", name=op.f("ck_popup_campaigns_display")),
        sa.CheckConstraint(
            "goal IN ('subscribe', 'coupon', 'free_shipping', 'download', 'message', 'survey')",
            name=op.f("ck_popup_campaigns_goal"),
        ),
        sa.CheckConstraint("state IN ('draft', 'live', 'paused', 'archived')", name=op.f("ck_popup_campaigns_state")),
        sa.CheckConstraint(
            "every_days BETWEEN 0 AND 3650 AND per_session BETWEEN 1 AND 10", name=op.f("ck_popup_campaigns_frequency")
        ),
        sa.CheckConstraint("fixed_code IS NULL OR pool_id IS NULL", name=op.f("ck_popup_campaigns_one_source")),
        sa.CheckConstraint("holdout_basis_points BETWEEN 0 AND 5000", name=op.f("ck_popup_campaigns_holdout")),
        sa.CheckConstraint("version >= 1", name=op.f("ck_popup_campaigns_version")),
        sa.ForeignKeyConstraint(
            ["site_id", "pool_id"],
            ["coupon_pools.site_id", "coupon_pools.id"],
            name=op.f("fk_popup_campaigns_site_id_pool_id_coupon_pools"),
        ),
        sa.ForeignKeyConstraint(
            ["site_id"], ["sites.id"], name=op.f("fk_popup_campaigns_site_id_sites"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("site_id", "id", name=op.f("pk_popup_campaigns")),
    )
    op.create_index(
        op.f("ix_popup_campaigns_site_id_created_at"), "popup_campaigns", ["site_id", "created_at"], unique=False
    )

    op.create_table(
        "lead_mails",
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("address_hash", sa.String(length=64), nullable=False),
        sa.Column("network_hash", sa.String(length=64), nullable=False),
        sa.Column("request_hash", sa.String(length=64), nullable=False),
        sa.Column("answer", DOCUMENT, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["site_id"], ["sites.id"], name=op.f("fk_lead_mails_site_id_sites"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("site_id", "id", name=op.f("pk_lead_mails")),
    )
    op.create_index(op.f("ix_lead_mails_created_at"), "lead_mails", ["created_at"], unique=False)
    op.create_index(
        op.f("ix_lead_mails_site_id_address_hash_created_at"),
        "lead_mails",
        ["site_id", "address_hash", "created_at"],
        unique=False,
    )
    op.create_index(
        op.f("ix_lead_mails_site_id_network_hash_created_at"),
        "lead_mails",
        ["site_id", "network_hash", "created_at"],
        unique=False,
    )

    op.create_table(
        "popup_versions",
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("consents", DOCUMENT, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("version >= 1", name=op.f("ck_popup_versions_version")),
        sa.ForeignKeyConstraint(
            ["site_id", "campaign_id"],
            ["popup_campaigns.site_id", "popup_campaigns.id"],
            name=op.f("fk_popup_versions_site_id_campaign_id_popup_campaigns"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("site_id", "campaign_id", "version", name=op.f("pk_popup_versions")),
    )

    op.create_table(
        "referral_advocates",
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=30), nullable=False),
        sa.Column("code_key", sa.String(length=30), nullable=False),
        sa.Column("network_hash", sa.String(length=64), nullable=True),
        sa.Column("blocked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["site_id", "customer_id"],
            ["customers.site_id", "customers.id"],
            name=op.f("fk_referral_advocates_site_id_customer_id_customers"),
        ),
        sa.ForeignKeyConstraint(
            ["site_id"], ["sites.id"], name=op.f("fk_referral_advocates_site_id_sites"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("site_id", "customer_id", name=op.f("pk_referral_advocates")),
    )
    op.create_index(op.f("ix_referral_advocates_code_key"), "referral_advocates", ["code_key"], unique=True)

    op.create_table(
        "referral_versions",
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("rules", DOCUMENT, nullable=False),
        sa.Column("actor", sa.String(length=330), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("version >= 1", name=op.f("ck_referral_versions_version")),
        sa.ForeignKeyConstraint(
            ["site_id"],
            ["referral_programs.site_id"],
            name=op.f("fk_referral_versions_site_id_referral_programs"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("site_id", "version", name=op.f("pk_referral_versions")),
    )
    op.create_table(
        "leads",
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.String(length=320), nullable=False),
        sa.Column("email_key", sa.String(length=320), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=True),
        sa.Column("fields", DOCUMENT, nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("source", sa.String(length=10), nullable=False),
        sa.Column("campaign_id", sa.Uuid(), nullable=True),
        sa.Column("arm", sa.String(length=7), nullable=True),
        sa.Column("visitor_id", sa.Uuid(), nullable=True),
        sa.Column("customer_id", sa.Uuid(), nullable=True),
        sa.Column("coupon_id", sa.Uuid(), nullable=True),
        sa.Column("language", sa.String(length=35), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("unsubscribed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(state = 'unsubscribed') = (unsubscribed_at IS NOT NULL)", name=op.f("ck_leads_unsubscribed")
        ),
        sa.CheckConstraint("source IN ('popup', 'inline', 'import', 'api')", name=op.f("ck_leads_source")),
        sa.CheckConstraint("state <> 'unconfirmed' OR confirmed_at IS NULL", name=op.f("ck_leads_confirmed")),
        sa.CheckConstraint("state IN ('unconfirmed', 'confirmed', 'unsubscribed')", name=op.f("ck_leads_state")),
        sa.ForeignKeyConstraint(
            ["site_id", "campaign_id"],
            ["popup_campaigns.site_id", "popup_campaigns.id"],
            name=op.f("fk_leads_site_id_campaign_id_popup_campaigns"),
        ),
        sa.ForeignKeyConstraint(
            ["site_id", "coupon_id"], ["coupons.site_id", "coupons.id"], name=op.f("fk_leads_site_id_coupon_id_coupons")
        ),
        sa.ForeignKeyConstraint(
            ["site_id", "customer_id"],
            ["customers.site_id", "customers.id"],
            name=op.f("fk_leads_site_id_customer_id_customers"),
        ),
        sa.ForeignKeyConstraint(
            ["site_id", "visitor_id"],
            ["visitors.site_id", "visitors.id"],
            name=op.f("fk_leads_site_id_visitor_id_visitors"),
        ),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_leads_site_id_sites"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("site_id", "id", name=op.f("pk_leads")),
    )
    op.create_index(op.f("ix_leads_site_id_campaign_id"), "leads", ["site_id", "campaign_id"], unique=False)
    op.create_index(op.f("ix_leads_site_id_created_at_id"), "leads", ["site_id", "created_at", "id"], unique=False)
    op.create_index(op.f("ix_leads_site_id_customer_id"), "leads", ["site_id", "customer_id"], unique=False)
    op.create_index(op.f("ix_leads_site_id_visitor_id"), "leads", ["site_id", "visitor_id"], unique=False)
    op.create_index(
        "ix_leads_unconfirmed",
        "leads",
        ["created_at"],
        unique=False,
        sqlite_where=sa.text("state = 'unconfirmed'"),
        postgresql_where=sa.text("state = 'unconfirmed'"),
    )
    op.create_index("uq_leads_email_key", "leads", ["site_id", "email_key"], unique=True)

    op.create_table(
        "popup_exposures",
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("visitor_id", sa.Uuid(), nullable=False),
        sa.Column("arm", sa.String(length=7), nullable=False),
        sa.Column("first_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("converted_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["site_id", "campaign_id"],
            ["popup_campaigns.site_id", "popup_campaigns.id"],
            name=op.f("fk_popup_exposures_site_id_campaign_id_popup_campaigns"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["site_id", "visitor_id"],
            ["visitors.site_id", "visitors.id"],
            name=op.f("fk_popup_exposures_site_id_visitor_id_visitors"),
        ),
        sa.PrimaryKeyConstraint("site_id", "campaign_id", "visitor_id", name=op.f("pk_popup_exposures")),
    )
    op.create_index(
        op.f("ix_popup_exposures_site_id_campaign_id_first_at"),
        "popup_exposures",
        ["site_id", "campaign_id", "first_at"],
        unique=False,
    )
    op.create_index(
        op.f("ix_popup_exposures_site_id_visitor_id"), "popup_exposures", ["site_id", "visitor_id"], unique=False
    )

    op.create_table(
        "popup_impressions",
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("visitor_id", sa.Uuid(), nullable=False),
        sa.Column("arm", sa.String(length=7), nullable=False),
        sa.Column("trigger", sa.String(length=20), nullable=True),
        sa.Column("page_url", sa.String(length=2000), nullable=True),
        sa.Column("shown_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("dismissed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["site_id", "campaign_id"],
            ["popup_campaigns.site_id", "popup_campaigns.id"],
            name=op.f("fk_popup_impressions_site_id_campaign_id_popup_campaigns"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["site_id", "visitor_id"],
            ["visitors.site_id", "visitors.id"],
            name=op.f("fk_popup_impressions_site_id_visitor_id_visitors"),
        ),
        sa.PrimaryKeyConstraint("site_id", "id", name=op.f("pk_popup_impressions")),
    )
    op.create_index(
        op.f("ix_popup_impressions_site_id_visitor_id"), "popup_impressions", ["site_id", "visitor_id"], unique=False
    )

    op.create_table(
        "popup_variants",
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(length=1), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("weight", sa.Integer(), nullable=False),
        sa.Column("texts", DOCUMENT, nullable=False),
        sa.Column("picture_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint("weight BETWEEN 1 AND 100", name=op.f("ck_popup_variants_weight")),
        sa.ForeignKeyConstraint(
            ["site_id", "campaign_id"],
            ["popup_campaigns.site_id", "popup_campaigns.id"],
            name=op.f("fk_popup_variants_site_id_campaign_id_popup_campaigns"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["site_id", "picture_id"],
            ["popup_pictures.site_id", "popup_pictures.id"],
            name=op.f("fk_popup_variants_site_id_picture_id_popup_pictures"),
        ),
        sa.PrimaryKeyConstraint("site_id", "campaign_id", "key", name=op.f("pk_popup_variants")),
    )
    op.create_table(
        "referral_clicks",
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("advocate_id", sa.Uuid(), nullable=False),
        sa.Column("visitor_id", sa.Uuid(), nullable=False),
        sa.Column("channel", sa.String(length=10), nullable=False),
        sa.Column("network_hash", sa.String(length=64), nullable=False),
        sa.Column("clicked_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["site_id", "advocate_id"],
            ["referral_advocates.site_id", "referral_advocates.customer_id"],
            name=op.f("fk_referral_clicks_site_id_advocate_id_referral_advocates"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("site_id", "advocate_id", "visitor_id", name=op.f("pk_referral_clicks")),
    )
    op.create_index(
        op.f("ix_referral_clicks_site_id_clicked_at"), "referral_clicks", ["site_id", "clicked_at"], unique=False
    )

    op.create_table(
        "referral_shares",
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("advocate_id", sa.Uuid(), nullable=False),
        sa.Column("channel", sa.String(length=10), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("shares", sa.Integer(), nullable=False),
        sa.CheckConstraint("shares >= 1", name=op.f("ck_referral_shares_shares")),
        sa.ForeignKeyConstraint(
            ["site_id", "advocate_id"],
            ["referral_advocates.site_id", "referral_advocates.customer_id"],
            name=op.f("fk_referral_shares_site_id_advocate_id_referral_advocates"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("site_id", "advocate_id", "channel", "day", name=op.f("pk_referral_shares")),
    )
    op.create_table(
        "referrals",
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("advocate_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("friend_email", sa.String(length=320), nullable=True),
        sa.Column("friend_key", sa.String(length=320), nullable=True),
        sa.Column("friend_id", sa.Uuid(), nullable=True),
        sa.Column("coupon_id", sa.Uuid(), nullable=True),
        sa.Column("order_id", sa.Uuid(), nullable=True),
        sa.Column("channel", sa.String(length=10), nullable=False),
        sa.Column("language", sa.String(length=35), nullable=True),
        sa.Column("device_hash", sa.String(length=64), nullable=True),
        sa.Column("network_hash", sa.String(length=64), nullable=True),
        sa.Column("flags", DOCUMENT, nullable=False),
        sa.Column("flags_passed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("refused_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("qualifies_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("rewarded_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('claimed', 'qualified', 'held', 'rewarded', 'rejected', 'reversed', 'expired')",
            name=op.f("ck_referrals_state"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('qualified', 'rewarded') OR order_id IS NOT NULL", name=op.f("ck_referrals_has_order")
        ),
        sa.CheckConstraint("friend_id IS NULL OR friend_id <> advocate_id", name=op.f("ck_referrals_somebody_else")),
        sa.CheckConstraint("friend_key IS NOT NULL OR friend_id IS NOT NULL", name=op.f("ck_referrals_is_somebody")),
        sa.ForeignKeyConstraint(
            ["site_id", "advocate_id"],
            ["referral_advocates.site_id", "referral_advocates.customer_id"],
            name=op.f("fk_referrals_site_id_advocate_id_referral_advocates"),
        ),
        sa.ForeignKeyConstraint(
            ["site_id", "coupon_id"],
            ["coupons.site_id", "coupons.id"],
            name=op.f("fk_referrals_site_id_coupon_id_coupons"),
        ),
        sa.ForeignKeyConstraint(
            ["site_id", "friend_id"],
            ["customers.site_id", "customers.id"],
            name=op.f("fk_referrals_site_id_friend_id_customers"),
        ),
        sa.ForeignKeyConstraint(
            ["site_id", "order_id"], ["orders.site_id", "orders.id"], name=op.f("fk_referrals_site_id_order_id_orders")
        ),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_referrals_site_id_sites"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("site_id", "id", name=op.f("pk_referrals")),
    )
    op.create_index(
        "ix_referrals_due",
        "referrals",
        ["qualifies_at"],
        unique=False,
        sqlite_where=sa.text("state = 'qualified'"),
        postgresql_where=sa.text("state = 'qualified'"),
    )
    op.create_index(
        op.f("ix_referrals_site_id_advocate_id_claimed_at"),
        "referrals",
        ["site_id", "advocate_id", "claimed_at"],
        unique=False,
    )
    op.create_index(
        op.f("ix_referrals_site_id_device_hash_claimed_at"),
        "referrals",
        ["site_id", "device_hash", "claimed_at"],
        unique=False,
    )
    op.create_index(
        op.f("ix_referrals_site_id_network_hash_claimed_at"),
        "referrals",
        ["site_id", "network_hash", "claimed_at"],
        unique=False,
    )
    op.create_index(
        op.f("ix_referrals_site_id_state_claimed_at"), "referrals", ["site_id", "state", "claimed_at"], unique=False
    )
    op.create_index("uq_referrals_coupon", "referrals", ["site_id", "coupon_id"], unique=True)
    op.create_index("uq_referrals_friend", "referrals", ["site_id", "friend_id"], unique=True)
    op.create_index("uq_referrals_friend_key", "referrals", ["site_id", "friend_key"], unique=True)
    op.create_index("uq_referrals_order", "referrals", ["site_id", "order_id"], unique=True)

    op.create_table(
        "lead_consents",
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("lead_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("text", sa.String(length=1000), nullable=True),
        sa.Column("text_hash", sa.String(length=64), nullable=True),
        sa.Column("campaign_id", sa.Uuid(), nullable=True),
        sa.Column("campaign_version", sa.Integer(), nullable=True),
        sa.Column("language", sa.String(length=35), nullable=True),
        sa.Column("page_url", sa.String(length=2000), nullable=True),
        sa.Column("happened_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('given', 'confirmed', 'withdrawn')", name=op.f("ck_lead_consents_kind")),
        sa.CheckConstraint("number >= 1", name=op.f("ck_lead_consents_number")),
        sa.ForeignKeyConstraint(
            ["site_id", "lead_id"],
            ["leads.site_id", "leads.id"],
            name=op.f("fk_lead_consents_site_id_lead_id_leads"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("site_id", "lead_id", "number", name=op.f("pk_lead_consents")),
    )
    op.create_table(
        "referral_events",
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("actor", sa.String(length=330), nullable=False),
        sa.Column("reason", DOCUMENT, nullable=False),
        sa.Column("happened_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("number >= 1", name=op.f("ck_referral_events_number")),
        sa.ForeignKeyConstraint(
            ["site_id", "referral_id"],
            ["referrals.site_id", "referrals.id"],
            name=op.f("fk_referral_events_site_id_referral_id_referrals"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("site_id", "referral_id", "number", name=op.f("pk_referral_events")),
    )
    op.create_table(
        "referral_grants",
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("side", sa.String(length=12), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("points", sa.BigInteger(), nullable=False),
        sa.Column("coupon_id", sa.Uuid(), nullable=True),
        sa.Column("granted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reversed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("points >= 0", name=op.f("ck_referral_grants_points")),
        sa.ForeignKeyConstraint(
            ["site_id", "coupon_id"],
            ["coupons.site_id", "coupons.id"],
            name=op.f("fk_referral_grants_site_id_coupon_id_coupons"),
        ),
        sa.ForeignKeyConstraint(
            ["site_id", "customer_id"],
            ["customers.site_id", "customers.id"],
            name=op.f("fk_referral_grants_site_id_customer_id_customers"),
        ),
        sa.ForeignKeyConstraint(
            ["site_id", "referral_id"],
            ["referrals.site_id", "referrals.id"],
            name=op.f("fk_referral_grants_site_id_referral_id_referrals"),
        ),
        sa.PrimaryKeyConstraint("site_id", "referral_id", "side", name=op.f("pk_referral_grants")),
    )
    op.create_index(
        op.f("ix_referral_grants_site_id_customer_id_side"),
        "referral_grants",
        ["site_id", "customer_id", "side"],
        unique=False,
    )


def downgrade() -> None:
    for table in TABLES:
        op.drop_table(table)
