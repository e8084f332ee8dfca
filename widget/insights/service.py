"""Counting how long shoppers stay on pages, without knowing who they are."""

import uuid
from datetime import date

from widget.core.hot import HotCursor, HotStatement
from widget.insights.rules import ENGAGED_SECONDS

_COUNT_PAGE_VIEW = HotStatement("""
    INSERT INTO page_days (site_id, day, views, engaged) VALUES (:site_id, :day, 1, :engaged)
    ON CONFLICT (site_id, day) DO UPDATE
    SET views = page_days.views + 1, engaged = page_days.engaged + excluded.engaged
""")


def count_page_view(cursor: HotCursor, site_id: uuid.UUID, day: date, seconds: int) -> None:
    """Count one page view of a day, and whether it lasted long enough to have been read."""
    engaged = int(seconds >= ENGAGED_SECONDS)
    cursor.execute(_COUNT_PAGE_VIEW, {"site_id": site_id, "day": day.isoformat(), "engaged": engaged})
