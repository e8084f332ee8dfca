"""The orders' periodic work."""

from widget.core.background import pause
from widget.core.db import begin_writing_anew, db
from widget.orders.restating import list_restating_sites, restate_next_batch


def restate_due_orders() -> None:
    """Reckon orders anew where rates changed; told to end, it stops between two transactions."""
    site_ids = list_restating_sites()
    for site_id in site_ids:
        has_more = True
        while has_more:
            begin_writing_anew()
            has_more = restate_next_batch(site_id)
            db.session.commit()
            if pause():
                return
    db.session.rollback()
