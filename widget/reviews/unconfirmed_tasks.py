"""The reviews' periodic work."""

from widget.core.background import pause
from widget.core.db import begin_writing, db
from widget.reviews.confirming import purge_unconfirmed


def purge_unconfirmed_reviews() -> None:
    """Delete the unsigned reviews whose address never confirmed them."""
    is_any_left = True
    while is_any_left:
        begin_writing()
        is_any_left = purge_unconfirmed() > 0
        db.session.commit()
        if pause():
            return
