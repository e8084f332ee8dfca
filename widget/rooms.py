"""The map of the house: every blueprint, periodic task and command there is."""

from widget.core.background import PeriodicTask
from widget.core.commands import make_group, make_worker_command
from widget.core.mail_delivery import forget_old_mails, send_due_mails
from widget.coupons import models as coupon_models  # noqa: F401 - declares its tables
from widget.coupons.pages import editing as coupon_form_pages
from widget.coupons.pages import reading as coupon_pages
from widget.coupons.store_api import blueprint as coupons_store
from widget.coupons.tasks import expire_due_coupons
from widget.customers import segment_models  # noqa: F401 - declares its tables
from widget.customers.store_api import blueprint as customers_store
from widget.customers.tasks import forget_expired
from widget.dashboard.account_pages import account as profile_pages
from widget.dashboard.home_pages import blueprint as home_pages
from widget.dashboard.invitation_pages import account as invitation_pages
from widget.dashboard.pages import account as dashboard_account
from widget.dashboard.password_pages import passwords as password_pages
from widget.demo.commands import demo
from widget.demo.public import blueprint as demo_public
from widget.editor.pages import editing as survey_form_pages
from widget.editor.preview_pages import preview as survey_preview_pages
from widget.embed.embed_api import blueprint as embed_blueprint
from widget.embed.embed_api import files as embed_files
from widget.insights import models as insight_models  # noqa: F401 - declares its tables
from widget.insights.commands import export_metrics
from widget.insights.customer_pages import reading as customer_pages
from widget.insights.embed_api import blueprint as insights_embed
from widget.insights.pages import blueprint as insight_pages
from widget.insights.segment_api import blueprint as segments_store
from widget.insights.segment_commands import export_segment
from widget.insights.segment_pages import editing as segment_form_pages
from widget.insights.segment_pages import reading as segment_pages
from widget.insights.segment_tasks import refresh_stale_segments
from widget.insights.store_api import blueprint as insights_store
from widget.insights.tasks import fit_due_lifetimes
from widget.intake import models as intake_models  # noqa: F401 - declares its tables
from widget.intake.commands import intake_commands
from widget.intake.customer_store_api import blueprint as accounts_store
from widget.intake.import_commands import import_orders
from widget.intake.platform_pages import pages as platform_pages
from widget.intake.store_api import blueprint as orders_store
from widget.intake.tasks import forget_old_platform_events, restate_due_orders
from widget.intake.webhooks import shopify as shopify_webhooks
from widget.intake.webhooks import woocommerce as woocommerce_webhooks
from widget.invitations.links import blueprint as survey_links
from widget.invitations.pages import sending as survey_sending_pages
from widget.invitations.store_api import blueprint as invitations_store
from widget.loyalty import models as loyalty_models  # noqa: F401 - declares its tables
from widget.loyalty import order_models as loyalty_order_models  # noqa: F401 - declares its tables
from widget.loyalty import reward_models as loyalty_reward_models  # noqa: F401 - declares its tables
from widget.loyalty.account_pages import blueprint as loyalty_account_pages
from widget.loyalty.account_step_pages import blueprint as loyalty_account_step_pages
from widget.loyalty.actions_embed_api import blueprint as loyalty_actions_embed
from widget.loyalty.commands import loyalty_commands
from widget.loyalty.embed_api import LEAN_VIEWS as LOYALTY_LEAN_VIEWS
from widget.loyalty.embed_api import blueprint as loyalty_embed
from widget.loyalty.export_pages import blueprint as loyalty_export_pages
from widget.loyalty.file_commands import export_ledger, export_points, export_redemptions, import_points
from widget.loyalty.program_pages import editing as loyalty_form_pages
from widget.loyalty.program_pages import reading as loyalty_pages
from widget.loyalty.program_store_api import blueprint as loyalty_program_store
from widget.loyalty.report_api import blueprint as loyalty_report_store
from widget.loyalty.report_pages import blueprint as loyalty_report_pages
from widget.loyalty.reward_pages import editing as reward_form_pages
from widget.loyalty.reward_pages import reading as reward_pages
from widget.loyalty.store_api import blueprint as loyalty_store
from widget.loyalty.tasks import (
    award_due_occasions,
    lower_due_tiers,
    release_overdue_redemptions,
    settle_due_accounts,
)
from widget.operations.api_docs import blueprint as api_docs
from widget.operations.public import blueprint as operations_public
from widget.orders import models as order_models  # noqa: F401 - declares its tables
from widget.orders import rollup_models as order_rollup_models  # noqa: F401 - declares its tables
from widget.orders.commands import export_customers, export_orders, import_rates
from widget.orders.pages import blueprint as order_pages
from widget.orders.rate_pages import pages as rate_pages
from widget.reports.links import blueprint as report_links
from widget.reports.pages import blueprint as report_pages
from widget.reports.store_api import blueprint as reports_store
from widget.reports.tasks import send_due_digests
from widget.reviews import media_models as review_media_models  # noqa: F401 - declares its tables
from widget.reviews import product_models as review_product_models  # noqa: F401 - declares its tables
from widget.reviews import reader_models as review_reader_models  # noqa: F401 - declares its tables
from widget.reviews.commands import export_reviews, import_reviews
from widget.reviews.content_api import blueprint as review_content_embed
from widget.reviews.embed_api import blueprint as reviews_embed
from widget.reviews.embed_writing_api import blueprint as reviews_writing_embed
from widget.reviews.export_pages import blueprint as review_export_pages
from widget.reviews.forms_embed_api import blueprint as review_forms_embed
from widget.reviews.links import blueprint as review_links
from widget.reviews.media_embed_api import blueprint as review_media_embed
from widget.reviews.media_pages import blueprint as review_media_pages
from widget.reviews.product_pages import blueprint as reviewed_product_pages
from widget.reviews.queue_pages import blueprint as review_queue_pages
from widget.reviews.request_store_api import blueprint as review_requests_store
from widget.reviews.review_pages import blueprint as review_pages
from widget.reviews.settings_pages import blueprint as review_settings_pages
from widget.reviews.store_api import blueprint as reviews_store
from widget.reviews.tasks import forget_staged_media, purge_unconfirmed_reviews, sweep_media_files
from widget.sites.activity_pages import pages as activity_pages
from widget.sites.commands import owner_commands, site_commands
from widget.sites.links import blueprint as site_links
from widget.sites.member_pages import members as member_pages
from widget.sites.pages import install as install_pages
from widget.sites.pages import settings as settings_pages
from widget.sites.tasks import forget_old
from widget.sites.theme_pages import files as logo_files
from widget.sites.theme_pages import look as look_pages
from widget.surveys import desk_models, rollup_models  # noqa: F401 - declare their tables
from widget.surveys.commands import export_responses, import_responses
from widget.surveys.desk_pages import blueprint as survey_desk_pages
from widget.surveys.embed_api import blueprint as surveys_embed
from widget.surveys.pages import reading as survey_pages
from widget.surveys.store_api import blueprint as surveys_store
from widget.surveys.tasks import bring_rollups_forward

API_BLUEPRINTS = (
    embed_files,
    logo_files,
    embed_blueprint,
    customers_store,
    surveys_embed,
    review_content_embed,
    surveys_store,
    reviews_embed,
    review_forms_embed,
    review_media_embed,
    reports_store,
    segments_store,
    invitations_store,
    reviews_writing_embed,
    loyalty_embed,
    review_requests_store,
    insights_embed,
    insights_store,
    shopify_webhooks,
    woocommerce_webhooks,
    orders_store,
    accounts_store,
    loyalty_actions_embed,
    loyalty_store,
    reviews_store,
    coupons_store,
    loyalty_program_store,
    loyalty_report_store,
)

# What is answered without Flask, before the blueprints are asked.
LEAN_VIEWS = LOYALTY_LEAN_VIEWS
PAGE_BLUEPRINTS = (
    dashboard_account,
    profile_pages,
    password_pages,
    invitation_pages,
    home_pages,
    install_pages,
    settings_pages,
    member_pages,
    activity_pages,
    order_pages,
    rate_pages,
    loyalty_account_pages,
    loyalty_account_step_pages,
    loyalty_report_pages,
    loyalty_export_pages,
    review_export_pages,
    platform_pages,
    survey_pages,
    survey_form_pages,
    survey_desk_pages,
    report_pages,
    review_media_pages,
    review_queue_pages,
    review_pages,
    review_settings_pages,
    reviewed_product_pages,
    insight_pages,
    customer_pages,
    segment_pages,
    segment_form_pages,
    loyalty_pages,
    loyalty_form_pages,
    reward_pages,
    reward_form_pages,
    coupon_pages,
    coupon_form_pages,
    report_links,
    survey_sending_pages,
    survey_links,
    site_links,
    review_links,
    survey_preview_pages,
    look_pages,
    operations_public,
    api_docs,
)

DEMO_BLUEPRINTS = (demo_public,)

IMPORTS = (import_responses, import_orders, import_rates, import_reviews, import_points)

EXPORTS = (
    export_responses,
    export_orders,
    export_customers,
    export_segment,
    export_metrics,
    export_reviews,
    export_points,
    export_ledger,
    export_redemptions,
)

TASKS = (
    PeriodicTask("send_due_mails", send_due_mails),
    PeriodicTask("bring_rollups_forward", bring_rollups_forward),
    PeriodicTask("refresh_stale_segments", refresh_stale_segments),
    PeriodicTask("restate_due_orders", restate_due_orders),
    PeriodicTask("settle_due_accounts", settle_due_accounts),
    PeriodicTask("release_overdue_redemptions", release_overdue_redemptions),
    PeriodicTask("lower_due_tiers", lower_due_tiers, is_hourly=True),
    PeriodicTask("award_due_occasions", award_due_occasions, is_hourly=True),
    PeriodicTask("expire_due_coupons", expire_due_coupons),
    PeriodicTask("send_due_digests", send_due_digests, is_hourly=True),
    PeriodicTask("fit_due_lifetimes", fit_due_lifetimes, is_hourly=True),
    PeriodicTask("forget_old_mails", forget_old_mails, is_hourly=True),
    PeriodicTask("forget_old_of_sites", forget_old, is_hourly=True),
    PeriodicTask("forget_expired_of_customers", forget_expired, is_hourly=True),
    PeriodicTask("purge_unconfirmed_reviews", purge_unconfirmed_reviews, is_hourly=True),
    PeriodicTask("forget_old_platform_events", forget_old_platform_events, is_hourly=True),
    PeriodicTask("forget_staged_media", forget_staged_media, is_hourly=True),
    PeriodicTask("sweep_media_files", sweep_media_files, is_hourly=True),
)

COMMANDS = (
    site_commands,
    owner_commands,
    intake_commands,
    loyalty_commands,
    demo,
    make_group("import", "Import rows of a kind from a file.", IMPORTS),
    make_group("export", "Export rows of a kind as a file.", EXPORTS),
    make_worker_command(TASKS),
)
