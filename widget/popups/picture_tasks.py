"""Forgetting pictures that no campaign shows."""

from widget.core.background import pause
from widget.core.clock import utc_now
from widget.core.db import begin_writing, db
from widget.core.storage import current_storage
from widget.popups.pictures import forget_unused


def forget_unused_pictures() -> None:
    """Delete pictures that no variant has shown since a day."""
    while True:
        begin_writing()
        files = forget_unused(utc_now())
        db.session.commit()
        # After the commit: a crash leaves a file too many, never one too few.
        for name in files:
            current_storage().delete(name)
        if not files or pause():
            return
