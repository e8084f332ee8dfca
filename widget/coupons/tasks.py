"""The coupons' periodic work."""

from widget.core.background import pause
from widget.core.clock import utc_now
from widget.core.db import begin_writing_anew, db
from widget.coupons.service import expire_next_batch


def expire_due_coupons() -> None:
    """Write down which coupons' time is over; told to end, it stops between two transactions."""
    has_more = True
    while has_more:
        begin_writing_anew()
        has_more = expire_next_batch(utc_now()) > 0
        db.session.commit()
        if pause():
            return
