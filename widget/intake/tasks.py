"""The intake's periodic work."""

from widget.core.background import pause
from widget.core.clock import utc_now
from widget.core.db import begin_writing, begin_writing_anew, db
from widget.intake.platform_events import forget_old_events
from widget.loyalty.order_earning import earn_orders
from widget.orders.restating import list_restating_sites, restate_next_batch


def forget_old_platform_events() -> None:
    """Delete the raw events of platforms from more than thirty days ago."""
    is_any_left = True
    while is_any_left:
        begin_writing()
        is_any_left = forget_old_events() > 0
        db.session.commit()
        if pause():
            return


def restate_due_orders() -> None:
    """Reckon orders anew where rates changed, with all that follows; told to end, it stops between two transactions.

    1. What they are worth (`restate_next_batch`).
    2. Points of those that could not be converted before (`earn_orders`); what has earned keeps the rate it earned by.
    """
    for site_id in list_restating_sites():
        has_more = True
        while has_more:
            begin_writing_anew()
            restated = restate_next_batch(site_id)
            earn_orders(site_id, restated.order_ids, utc_now())
            has_more = restated.has_more
            db.session.commit()
            if pause():
                return
    db.session.rollback()
