"""The reviews' periodic work."""

from widget.core.background import pause
from widget.core.clock import utc_now
from widget.core.db import begin_writing, db
from widget.reviews.confirming import purge_unconfirmed
from widget.reviews.media_cleaning import forget_staged, list_unknown_files
from widget.reviews.media_files import delete_files
from widget.reviews.media_rules import shards_due


def forget_staged_media() -> None:
    """Delete photos and videos that nobody submitted within a day, or that an edit left out."""
    while True:
        begin_writing()
        files = forget_staged(utc_now())
        db.session.commit()
        # After the commit: a crash leaves a file too many, which the sweep finds, and never one too few.
        delete_files(files)
        if not files or pause():
            return


def sweep_media_files() -> None:
    """Delete files that no row knows: each hour a part of them, within a day all."""
    for shard in shards_due(utc_now().hour):
        files = list_unknown_files(shard)
        db.session.rollback()
        delete_files(files)
        if pause():
            return


def purge_unconfirmed_reviews() -> None:
    """Delete the unsigned reviews whose address never confirmed them."""
    is_any_left = True
    while is_any_left:
        begin_writing()
        is_any_left = purge_unconfirmed() > 0
        db.session.commit()
        if pause():
            return
