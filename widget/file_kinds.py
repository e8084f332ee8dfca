"""Every kind of row that comes from a file, and every kind that goes into one."""

from widget.insights.commands import export_metrics
from widget.insights.segment_commands import export_segment
from widget.intake.import_commands import import_orders
from widget.loyalty.file_commands import export_ledger, export_points, export_redemptions, import_points
from widget.orders.commands import export_customers, export_orders, import_rates
from widget.popups.commands import export_leads, export_unsubscribes, import_leads, import_unsubscribes
from widget.referrals.commands import export_referrals
from widget.reviews.commands import export_reviews, import_reviews
from widget.surveys.commands import export_responses, import_responses

IMPORTS = (
    import_responses,
    import_orders,
    import_rates,
    import_reviews,
    import_points,
    import_leads,
    import_unsubscribes,
)

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
    export_referrals,
    export_leads,
    export_unsubscribes,
)
