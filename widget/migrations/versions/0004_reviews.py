"""Reviews: what shoppers say of products, its history, its media, and what is counted of it."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

DOCUMENT = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
TABLES = (
    "review_confirmation_mails",
    "review_reports",
    "review_replies",
    "review_media",
    "review_events",
    "helpful_votes",
    "reviews",
    "review_requests",
    "reviewed_products",
    "review_tallies",
    "review_settings",
    "review_facets",
)


def upgrade() -> None:
    op.create_table(
        "review_facets",
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("product_id", sa.String(length=200), nullable=False),
        sa.Column("facet", sa.String(length=60), nullable=False),
        sa.Column("value", sa.String(length=60), nullable=False),
        sa.Column("reviews", sa.Integer(), nullable=False),
        sa.CheckConstraint("reviews >= 0", name=op.f("ck_review_facets_reviews")),
        sa.ForeignKeyConstraint(
            ["site_id"], ["sites.id"], name=op.f("fk_review_facets_site_id_sites"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("site_id", "product_id", "facet", "value", name=op.f("pk_review_facets")),
    )
    op.create_table(
        "review_settings",
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("moderation", sa.String(length=10), nullable=False),
        sa.Column("allows_unsigned", sa.Boolean(), nullable=False),
        sa.Column("allows_photos", sa.Boolean(), nullable=False),
        sa.Column("allows_video", sa.Boolean(), nullable=False),
        sa.Column("name_form", sa.String(length=10), nullable=False),
        sa.Column("default_sort", sa.String(length=10), nullable=False),
        sa.Column("attributes", DOCUMENT, nullable=False),
        sa.CheckConstraint("default_sort IN ('newest', 'helpful')", name=op.f("ck_review_settings_default_sort")),
        sa.CheckConstraint("moderation IN ('publish', 'hold')", name=op.f("ck_review_settings_moderation")),
        sa.CheckConstraint("name_form IN ('full', 'initial', 'initials')", name=op.f("ck_review_settings_name_form")),
        sa.ForeignKeyConstraint(
            ["site_id"], ["sites.id"], name=op.f("fk_review_settings_site_id_sites"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("site_id", name=op.f("pk_review_settings")),
    )
    op.create_table(
        "review_tallies",
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.String(length=20), nullable=False),
        sa.Column("rating", sa.Integer(), nullable=False),
        sa.Column("reviews", sa.Integer(), nullable=False),
        sa.CheckConstraint("reviews >= 0", name=op.f("ck_review_tallies_reviews")),
        sa.ForeignKeyConstraint(
            ["site_id"], ["sites.id"], name=op.f("fk_review_tallies_site_id_sites"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("site_id", "state", "reason", "rating", name=op.f("pk_review_tallies")),
    )
    op.create_table(
        "reviewed_products",
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("product_id", sa.String(length=200), nullable=False),
        sa.Column("title", sa.String(length=500), nullable=True),
        sa.Column("url", sa.String(length=2000), nullable=True),
        sa.Column("image_url", sa.String(length=2000), nullable=True),
        sa.Column("brand", sa.String(length=200), nullable=True),
        sa.Column("sku", sa.String(length=200), nullable=True),
        sa.Column("gtin", sa.String(length=14), nullable=True),
        sa.Column("mpn", sa.String(length=100), nullable=True),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reviews", sa.Integer(), nullable=False),
        sa.Column("rating_sum", sa.BigInteger(), nullable=False),
        sa.Column("stars_1", sa.Integer(), nullable=False),
        sa.Column("stars_2", sa.Integer(), nullable=False),
        sa.Column("stars_3", sa.Integer(), nullable=False),
        sa.Column("stars_4", sa.Integer(), nullable=False),
        sa.Column("stars_5", sa.Integer(), nullable=False),
        sa.Column("with_photos", sa.Integer(), nullable=False),
        sa.Column("verified", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "rating_sum = stars_1 + 2 * stars_2 + 3 * stars_3 + 4 * stars_4 + 5 * stars_5",
            name=op.f("ck_reviewed_products_rating_sum"),
        ),
        sa.CheckConstraint(
            "reviews = stars_1 + stars_2 + stars_3 + stars_4 + stars_5 AND stars_1 >= 0 AND stars_2 >= 0 AND stars_3 >= 0 AND stars_4 >= 0 AND stars_5 >= 0",
            name=op.f("ck_reviewed_products_reviews"),
        ),
        sa.CheckConstraint(
            "with_photos BETWEEN 0 AND reviews AND verified BETWEEN 0 AND reviews",
            name=op.f("ck_reviewed_products_parts"),
        ),
        sa.ForeignKeyConstraint(
            ["site_id"], ["sites.id"], name=op.f("fk_reviewed_products_site_id_sites"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("site_id", "product_id", name=op.f("pk_reviewed_products")),
    )
    op.create_table(
        "review_requests",
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=True),
        sa.Column("email", sa.String(length=320), nullable=True),
        sa.Column("language", sa.String(length=35), nullable=True),
        sa.Column("products", DOCUMENT, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["site_id", "customer_id"],
            ["customers.site_id", "customers.id"],
            name=op.f("fk_review_requests_site_id_customer_id_customers"),
        ),
        sa.ForeignKeyConstraint(
            ["site_id"], ["sites.id"], name=op.f("fk_review_requests_site_id_sites"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("site_id", "id", name=op.f("pk_review_requests")),
    )
    op.create_index(
        op.f("ix_review_requests_site_id_created_at_id"),
        "review_requests",
        ["site_id", "created_at", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_review_requests_site_id_customer_id"), "review_requests", ["site_id", "customer_id"], unique=False
    )
    op.create_table(
        "reviews",
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("product_id", sa.String(length=200), nullable=False),
        sa.Column("author_key", sa.String(length=70), nullable=True),
        sa.Column("customer_id", sa.Uuid(), nullable=True),
        sa.Column("author_name", sa.String(length=100), nullable=False),
        sa.Column("email", sa.String(length=320), nullable=True),
        sa.Column("rating", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=150), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("attributes", DOCUMENT, nullable=False),
        sa.Column("language", sa.String(length=35), nullable=True),
        sa.Column("country", sa.String(length=2), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("hold_reason", sa.String(length=20), nullable=True),
        sa.Column("reject_reason", sa.String(length=20), nullable=True),
        sa.Column("flags", DOCUMENT, nullable=False),
        sa.Column("verified_by", sa.String(length=10), nullable=True),
        sa.Column("verified_order_id", sa.Uuid(), nullable=True),
        sa.Column("is_incentivized", sa.Boolean(), nullable=False),
        sa.Column("incentive", sa.String(length=200), nullable=True),
        sa.Column("is_featured", sa.Boolean(), nullable=False),
        sa.Column("source", sa.String(length=10), nullable=False),
        sa.Column("provider", sa.String(length=40), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("photos", sa.Integer(), nullable=False),
        sa.Column("videos", sa.Integer(), nullable=False),
        sa.Column("helpful", sa.Integer(), nullable=False),
        sa.Column("reports", sa.Integer(), nullable=False),
        sa.Column("elapsed_ms", sa.Integer(), nullable=True),
        sa.Column("submission_digest", sa.String(length=64), nullable=False),
        sa.Column("edits", DOCUMENT, nullable=False),
        sa.Column("text_digest", sa.String(length=64), nullable=True),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(state = 'pending') = (hold_reason IS NOT NULL) AND (hold_reason IS NULL OR hold_reason IN ('moderation', 'suspicious', 'unconfirmed', 'edit'))",
            name=op.f("ck_reviews_hold_reason"),
        ),
        sa.CheckConstraint(
            "(state = 'rejected') = (reject_reason IS NOT NULL) AND (reject_reason IS NULL OR reject_reason IN ('spam', 'fake', 'abusive', 'personal_data', 'off_topic', 'illegal', 'duplicate', 'author', 'imported'))",
            name=op.f("ck_reviews_reject_reason"),
        ),
        sa.CheckConstraint("source IN ('widget', 'link', 'api', 'import')", name=op.f("ck_reviews_source")),
        sa.CheckConstraint("state <> 'published' OR published_at IS NOT NULL", name=op.f("ck_reviews_published_at")),
        sa.CheckConstraint("state IN ('pending', 'published', 'rejected')", name=op.f("ck_reviews_state")),
        sa.CheckConstraint(
            "verified_by IS NULL OR verified_by IN ('order', 'import')", name=op.f("ck_reviews_verified_by")
        ),
        sa.CheckConstraint(
            "verified_order_id IS NULL OR verified_by = 'order'", name=op.f("ck_reviews_verified_order")
        ),
        sa.CheckConstraint("helpful >= 0 AND reports >= 0", name=op.f("ck_reviews_votes")),
        sa.CheckConstraint("rating BETWEEN 1 AND 5", name=op.f("ck_reviews_rating")),
        sa.CheckConstraint(
            "revision >= 1 AND photos BETWEEN 0 AND 5 AND videos BETWEEN 0 AND 1", name=op.f("ck_reviews_counts")
        ),
        sa.ForeignKeyConstraint(
            ["site_id", "customer_id"],
            ["customers.site_id", "customers.id"],
            name=op.f("fk_reviews_site_id_customer_id_customers"),
        ),
        sa.ForeignKeyConstraint(
            ["site_id", "verified_order_id"],
            ["orders.site_id", "orders.id"],
            name=op.f("fk_reviews_site_id_verified_order_id_orders"),
        ),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_reviews_site_id_sites"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("site_id", "id", name=op.f("pk_reviews")),
        sa.UniqueConstraint(
            "site_id", "product_id", "author_key", name=op.f("uq_reviews_site_id_product_id_author_key")
        ),
    )
    op.create_index(op.f("ix_reviews_site_id_customer_id"), "reviews", ["site_id", "customer_id"], unique=False)
    op.create_index(op.f("ix_reviews_site_id_text_digest"), "reviews", ["site_id", "text_digest"], unique=False)
    op.create_index(
        op.f("ix_reviews_site_id_is_featured_written_at_id"),
        "reviews",
        ["site_id", "is_featured", "written_at", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_reviews_site_id_product_id_state_helpful_written_at_id"),
        "reviews",
        ["site_id", "product_id", "state", "helpful", "written_at", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_reviews_site_id_product_id_state_photos_written_at_id"),
        "reviews",
        ["site_id", "product_id", "state", "photos", "written_at", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_reviews_site_id_product_id_state_rating_written_at_id"),
        "reviews",
        ["site_id", "product_id", "state", "rating", "written_at", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_reviews_site_id_product_id_state_written_at_id"),
        "reviews",
        ["site_id", "product_id", "state", "written_at", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_reviews_site_id_state_written_at_id"),
        "reviews",
        ["site_id", "state", "written_at", "id"],
        unique=False,
    )
    op.create_index(op.f("ix_reviews_site_id_written_at_id"), "reviews", ["site_id", "written_at", "id"], unique=False)
    op.create_table(
        "helpful_votes",
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("review_id", sa.Uuid(), nullable=False),
        sa.Column("reader_key", sa.String(length=40), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["site_id", "review_id"],
            ["reviews.site_id", "reviews.id"],
            name=op.f("fk_helpful_votes_site_id_review_id_reviews"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("site_id", "review_id", "reader_key", name=op.f("pk_helpful_votes")),
    )
    op.create_index(
        op.f("ix_helpful_votes_site_id_reader_key"), "helpful_votes", ["site_id", "reader_key"], unique=False
    )
    op.create_table(
        "review_events",
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("review_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("actor", sa.String(length=330), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=True),
        sa.Column("before", DOCUMENT, nullable=False),
        sa.Column("after", DOCUMENT, nullable=False),
        sa.Column("happened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.CheckConstraint("number >= 1", name=op.f("ck_review_events_number")),
        sa.ForeignKeyConstraint(
            ["site_id", "review_id"],
            ["reviews.site_id", "reviews.id"],
            name=op.f("fk_review_events_site_id_review_id_reviews"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("site_id", "review_id", "number", name=op.f("pk_review_events")),
    )
    op.create_index(
        op.f("ix_review_events_site_id_happened_at"), "review_events", ["site_id", "happened_at"], unique=False
    )
    op.create_table(
        "review_media",
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("review_id", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.String(length=5), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("sizes", DOCUMENT, nullable=False),
        sa.Column("bytes", sa.BigInteger(), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("holder", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('photo', 'video')", name=op.f("ck_review_media_kind")),
        sa.CheckConstraint("bytes >= 0 AND position >= 0", name=op.f("ck_review_media_numbers")),
        sa.ForeignKeyConstraint(
            ["site_id", "review_id"],
            ["reviews.site_id", "reviews.id"],
            name=op.f("fk_review_media_site_id_review_id_reviews"),
        ),
        sa.ForeignKeyConstraint(
            ["site_id"], ["sites.id"], name=op.f("fk_review_media_site_id_sites"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("site_id", "id", name=op.f("pk_review_media")),
    )
    op.create_index(op.f("ix_review_media_site_id_review_id"), "review_media", ["site_id", "review_id"], unique=False)
    op.create_index(
        "ix_review_media_staged",
        "review_media",
        ["created_at"],
        unique=False,
        sqlite_where=sa.text("review_id IS NULL"),
        postgresql_where=sa.text("review_id IS NULL"),
    )
    op.create_table(
        "review_replies",
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("review_id", sa.Uuid(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("author_name", sa.String(length=100), nullable=False),
        sa.Column("replied_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["site_id", "review_id"],
            ["reviews.site_id", "reviews.id"],
            name=op.f("fk_review_replies_site_id_review_id_reviews"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("site_id", "review_id", name=op.f("pk_review_replies")),
    )
    op.create_table(
        "review_reports",
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("review_id", sa.Uuid(), nullable=False),
        sa.Column("reader_key", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.String(length=20), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "reason IN ('spam', 'fake', 'abusive', 'personal_data', 'off_topic', 'illegal')",
            name=op.f("ck_review_reports_reason"),
        ),
        sa.ForeignKeyConstraint(
            ["site_id", "review_id"],
            ["reviews.site_id", "reviews.id"],
            name=op.f("fk_review_reports_site_id_review_id_reviews"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("site_id", "review_id", "reader_key", name=op.f("pk_review_reports")),
    )
    op.create_table(
        "review_confirmation_mails",
        sa.Column("site_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("address_hash", sa.String(length=64), nullable=False),
        sa.Column("network_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["site_id"], ["sites.id"], name=op.f("fk_review_confirmation_mails_site_id_sites"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("site_id", "id", name=op.f("pk_review_confirmation_mails")),
    )
    for name in ("address_hash", "network_hash"):
        op.create_index(
            op.f(f"ix_review_confirmation_mails_site_id_{name}_created_at"),
            "review_confirmation_mails",
            ["site_id", name, "created_at"],
            unique=False,
        )
    op.create_index(
        op.f("ix_review_confirmation_mails_created_at"), "review_confirmation_mails", ["created_at"], unique=False
    )


def downgrade() -> None:
    for table in TABLES:
        op.drop_table(table)
