"""The customers' periodic work."""

from widget.core.background import pause
from widget.core.db import begin_writing, db
from widget.customers.events import forget_old_events
from widget.customers.service import forget_expired_trades


def forget_expired() -> None:
    """Delete the trades of customer tokens that have expired, and events from long ago."""
    begin_writing()
    forget_expired_trades()
    db.session.commit()
    is_any_left = True
    while is_any_left:
        begin_writing()
        is_any_left = forget_old_events() > 0
        db.session.commit()
        if pause():
            return
