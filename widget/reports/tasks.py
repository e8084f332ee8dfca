"""The reports' periodic work."""

from widget.core.background import pause
from widget.core.clock import utc_now
from widget.core.db import begin_writing, db
from widget.reports import digest


def send_due_digests() -> None:
    """Queue the digest of the week before for every site, once; each site is a transaction of its own."""
    week_on = digest.find_due_week(utc_now())
    if week_on is None:
        return
    sites = digest.list_sites_without_digest(week_on)
    db.session.rollback()
    for site_id in sites:
        begin_writing()
        digest.send_digest(site_id, week_on)
        db.session.commit()
        if pause():
            return
