"""The coupons' periodic work."""

from widget.core.background import pause
from widget.core.clock import utc_now
from widget.core.db import begin_writing_anew, db
from widget.coupons.expiring import expire_some


def expire_coupons() -> None:
    """Mark the coupons whose time is over; told to end, it stops between two transactions."""
    is_any_left = True
    while is_any_left:
        begin_writing_anew()
        is_any_left = expire_some(utc_now()) > 0
        db.session.commit()
        if pause():
            return
