"""The periodic work of segments."""

from datetime import timedelta

from sqlalchemy import or_, select

from widget.core.background import pause
from widget.core.clock import utc_now
from widget.core.db import begin_writing_anew, db, find_in_site
from widget.customers.segment_models import Segment
from widget.insights.segments import refresh_members

# Days pass and orders come: what was counted longer ago than this is counted anew.
COUNTED_EVERY = timedelta(hours=1)


def refresh_stale_segments() -> None:
    """Find the members anew of every segment that was last counted an hour ago, each in a transaction of its own."""
    with db.engine.connect() as connection:
        stale = connection.execute(
            select(Segment.site_id, Segment.id)
            .where(or_(Segment.counted_at.is_(None), Segment.counted_at <= utc_now() - COUNTED_EVERY))
            .order_by(Segment.counted_at, Segment.site_id, Segment.id)
        ).all()
    for site_id, segment_id in stale:
        begin_writing_anew()
        segment = find_in_site(Segment, site_id, segment_id)
        if segment is not None:
            refresh_members(segment)
        db.session.commit()
        if pause():
            return
