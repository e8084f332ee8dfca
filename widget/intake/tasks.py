"""The intake's periodic work."""

from widget.core.background import pause
from widget.core.db import begin_writing, db
from widget.intake.platform_events import forget_old_events


def forget_old_platform_events() -> None:
    """Delete the raw events of platforms from more than thirty days ago."""
    is_any_left = True
    while is_any_left:
        begin_writing()
        is_any_left = forget_old_events() > 0
        db.session.commit()
        if pause():
            return
