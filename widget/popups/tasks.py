"""The popups' periodic work."""

from widget.core.background import pause
from widget.core.clock import utc_now
from widget.core.db import begin_writing_anew, db
from widget.core.storage import current_storage
from widget.popups.asking import forget_old_requests
from widget.popups.confirming import purge_unconfirmed
from widget.popups.pictures import forget_unused


def purge_unconfirmed_leads() -> None:
    """Delete the leads that nobody confirmed within 30 days, and what was counted of old requests."""
    is_any_left = True
    while is_any_left:
        begin_writing_anew()
        forget_old_requests()
        is_any_left = purge_unconfirmed(utc_now()) > 0
        db.session.commit()
        if pause():
            return


def forget_unused_pictures() -> None:
    """Delete pictures that no variant has shown since a day."""
    while True:
        begin_writing_anew()
        files = forget_unused(utc_now())
        db.session.commit()
        # After the commit: a crash leaves a file too many, never one too few.
        for name in files:
            current_storage().delete(name)
        if not files or pause():
            return
