"""Reading segments and who is in them, for any room: they are written by the insights room."""

import uuid
from collections.abc import Sequence

from sqlalchemy import ColumnElement, select

from widget.core.db import db
from widget.customers.segment_models import Segment, SegmentMember


def list_segments(site_id: uuid.UUID) -> Sequence[Segment]:
    """Return the site's segments by name."""
    return db.session.scalars(select(Segment).where(Segment.site_id == site_id).order_by(Segment.name)).all()


def find_unknown_segments(site_id: uuid.UUID, ids: set[uuid.UUID]) -> set[uuid.UUID]:
    """Return the ids that are no segment of the site."""
    if not ids:
        return set()
    known = db.session.scalars(select(Segment.id).where(Segment.site_id == site_id, Segment.id.in_(ids)))
    return ids - set(known)


def list_segments_of(site_id: uuid.UUID, customer_id: uuid.UUID) -> Sequence[Segment]:
    """Return the segments a customer is in, by name."""
    is_member = (SegmentMember.site_id == Segment.site_id, SegmentMember.segment_id == Segment.id)
    return db.session.scalars(
        select(Segment)
        .join(SegmentMember, (is_member[0]) & (is_member[1]))
        .where(Segment.site_id == site_id, SegmentMember.customer_id == customer_id)
        .order_by(Segment.name)
    ).all()


def is_in_segment(
    customer_id: ColumnElement[uuid.UUID | None], site_id: uuid.UUID, segment_id: uuid.UUID
) -> ColumnElement[bool]:
    """Return the condition that a column holds a customer of a segment."""
    return customer_id.in_(
        select(SegmentMember.customer_id).where(
            SegmentMember.site_id == site_id, SegmentMember.segment_id == segment_id
        )
    )
