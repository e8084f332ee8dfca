"""Every periodic task of the worker."""

from widget.core.background import PeriodicTask
from widget.core.mail_delivery import forget_old_mails, send_due_mails
from widget.coupons.tasks import expire_due_coupons
from widget.customers.tasks import forget_expired
from widget.insights.segment_tasks import refresh_stale_segments
from widget.insights.tasks import fit_due_lifetimes
from widget.intake.tasks import forget_old_platform_events, restate_due_orders
from widget.loyalty.tasks import award_due_occasions, lower_due_tiers, release_overdue_redemptions, settle_due_accounts
from widget.popups.tasks import forget_unused_pictures, purge_unconfirmed_leads
from widget.referrals.tasks import bring_missed_rewards, expire_old_claims, reward_due_referrals
from widget.reports.tasks import send_due_digests
from widget.reviews.tasks import forget_staged_media, purge_unconfirmed_reviews, sweep_media_files
from widget.sites.tasks import forget_old
from widget.surveys.tasks import bring_rollups_forward

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
    PeriodicTask("reward_due_referrals", reward_due_referrals),
    PeriodicTask("expire_old_claims", expire_old_claims, is_hourly=True),
    PeriodicTask("bring_missed_rewards", bring_missed_rewards, is_hourly=True),
    PeriodicTask("send_due_digests", send_due_digests, is_hourly=True),
    PeriodicTask("fit_due_lifetimes", fit_due_lifetimes, is_hourly=True),
    PeriodicTask("forget_old_mails", forget_old_mails, is_hourly=True),
    PeriodicTask("forget_old_of_sites", forget_old, is_hourly=True),
    PeriodicTask("forget_expired_of_customers", forget_expired, is_hourly=True),
    PeriodicTask("purge_unconfirmed_reviews", purge_unconfirmed_reviews, is_hourly=True),
    PeriodicTask("purge_unconfirmed_leads", purge_unconfirmed_leads, is_hourly=True),
    PeriodicTask("forget_old_platform_events", forget_old_platform_events, is_hourly=True),
    PeriodicTask("forget_staged_media", forget_staged_media, is_hourly=True),
    PeriodicTask("sweep_media_files", sweep_media_files, is_hourly=True),
    PeriodicTask("forget_unused_pictures", forget_unused_pictures, is_hourly=True),
)
