"""The sites' periodic work."""

from widget.core.db import begin_writing, db
from widget.sites.logins import forget_old_logins
from widget.sites.service import forget_old_idempotency_keys


def forget_old() -> None:
    """Delete ended log-ins, failed ones that no longer count, and answers kept for repeats."""
    begin_writing()
    forget_old_logins()
    forget_old_idempotency_keys()
    db.session.commit()
