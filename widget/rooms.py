"""The map of the house: every blueprint and command there is."""

import widget.tables  # noqa: F401 - declares every table
from widget.core.commands import make_group, make_worker_command
from widget.coupons.pages import editing as coupon_form_pages
from widget.coupons.pages import reading as coupon_pages
from widget.coupons.store_api import blueprint as coupons_store
from widget.customers.store_api import blueprint as customers_store
from widget.dashboard.account_pages import account as profile_pages
from widget.dashboard.home_pages import blueprint as home_pages
from widget.dashboard.invitation_pages import account as invitation_pages
from widget.dashboard.pages import account as dashboard_account
from widget.dashboard.password_pages import passwords as password_pages
from widget.demo.commands import demo
from widget.demo.public import blueprint as demo_public
from widget.editor.campaign_pages import editing as popup_form_pages
from widget.editor.campaign_preview_pages import preview as popup_preview_pages
from widget.editor.pages import editing as survey_form_pages
from widget.editor.preview_pages import preview as survey_preview_pages
from widget.embed.embed_api import blueprint as embed_blueprint
from widget.embed.embed_api import files as embed_files
from widget.file_kinds import EXPORTS, IMPORTS
from widget.insights.customer_pages import reading as customer_pages
from widget.insights.embed_api import blueprint as insights_embed
from widget.insights.pages import blueprint as insight_pages
from widget.insights.segment_api import blueprint as segments_store
from widget.insights.segment_pages import editing as segment_form_pages
from widget.insights.segment_pages import reading as segment_pages
from widget.insights.store_api import blueprint as insights_store
from widget.intake.commands import intake_commands
from widget.intake.customer_store_api import blueprint as accounts_store
from widget.intake.platform_pages import pages as platform_pages
from widget.intake.store_api import blueprint as orders_store
from widget.intake.webhooks import shopify as shopify_webhooks
from widget.intake.webhooks import woocommerce as woocommerce_webhooks
from widget.invitations.links import blueprint as survey_links
from widget.invitations.pages import sending as survey_sending_pages
from widget.invitations.store_api import blueprint as invitations_store
from widget.loyalty.account_pages import blueprint as loyalty_account_pages
from widget.loyalty.account_step_pages import blueprint as loyalty_account_step_pages
from widget.loyalty.actions_embed_api import blueprint as loyalty_actions_embed
from widget.loyalty.commands import loyalty_commands
from widget.loyalty.embed_api import blueprint as loyalty_embed
from widget.loyalty.export_pages import blueprint as loyalty_export_pages
from widget.loyalty.program_pages import editing as loyalty_form_pages
from widget.loyalty.program_pages import reading as loyalty_pages
from widget.loyalty.program_store_api import blueprint as loyalty_program_store
from widget.loyalty.report_api import blueprint as loyalty_report_store
from widget.loyalty.report_pages import blueprint as loyalty_report_pages
from widget.loyalty.reward_pages import editing as reward_form_pages
from widget.loyalty.reward_pages import reading as reward_pages
from widget.loyalty.store_api import blueprint as loyalty_store
from widget.operations.api_docs import blueprint as api_docs
from widget.operations.public import blueprint as operations_public
from widget.orders.pages import blueprint as order_pages
from widget.orders.rate_pages import pages as rate_pages
from widget.periodic_tasks import TASKS
from widget.popups.embed_api import blueprint as popups_embed
from widget.popups.lead_pages import blueprint as lead_pages
from widget.popups.links import blueprint as popup_links
from widget.popups.pages import reading as popup_pages
from widget.popups.picture_embed_api import blueprint as popup_pictures_embed
from widget.popups.result_api import blueprint as popup_results_store
from widget.popups.store_api import blueprint as popups_store
from widget.referrals.advocate_pages import blueprint as advocate_pages
from widget.referrals.contest_embed_api import blueprint as contests_embed
from widget.referrals.contest_pages import blueprint as contest_pages
from widget.referrals.embed_api import blueprint as referrals_embed
from widget.referrals.links import blueprint as referral_links
from widget.referrals.pages import blueprint as referral_list_pages
from widget.referrals.program_pages import editing as referral_form_pages
from widget.referrals.program_pages import reading as referral_pages
from widget.referrals.store_api import blueprint as referrals_store
from widget.reports.links import blueprint as report_links
from widget.reports.pages import blueprint as report_pages
from widget.reports.store_api import blueprint as reports_store
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
from widget.sites.activity_pages import pages as activity_pages
from widget.sites.commands import owner_commands, site_commands
from widget.sites.links import blueprint as site_links
from widget.sites.member_pages import members as member_pages
from widget.sites.pages import install as install_pages
from widget.sites.pages import settings as settings_pages
from widget.sites.theme_pages import files as logo_files
from widget.sites.theme_pages import look as look_pages
from widget.surveys.desk_pages import blueprint as survey_desk_pages
from widget.surveys.embed_api import blueprint as surveys_embed
from widget.surveys.pages import reading as survey_pages
from widget.surveys.store_api import blueprint as surveys_store

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
    referrals_embed,
    contests_embed,
    referrals_store,
    popup_results_store,
    popup_pictures_embed,
    popups_embed,
    popups_store,
)

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
    referral_pages,
    referral_form_pages,
    referral_list_pages,
    advocate_pages,
    contest_pages,
    popup_pages,
    lead_pages,
    popup_form_pages,
    popup_preview_pages,
    report_links,
    survey_sending_pages,
    survey_links,
    site_links,
    review_links,
    popup_links,
    referral_links,
    survey_preview_pages,
    look_pages,
    operations_public,
    api_docs,
)

DEMO_BLUEPRINTS = (demo_public,)

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
