"""The customers' periodic work."""

from widget.core.db import begin_writing, db
from widget.customers.service import forget_expired_trades


def forget_expired() -> None:
    """Delete the trades of customer tokens that have expired."""
    begin_writing()
    forget_expired_trades()
    db.session.commit()
