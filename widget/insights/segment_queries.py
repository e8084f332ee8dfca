"""Reading segments for pages and for the store's server."""

import uuid
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, and_, select

from widget.core.db import get_in_site
from widget.core.paging import Cursor, Page, list_page
from widget.customers.models import Customer
from widget.customers.segment_models import Segment, SegmentMember


def get_segment(site_id: uuid.UUID, segment_id: uuid.UUID) -> Segment:
    """Return a segment of the site; raise NotFound."""
    return get_in_site(Segment, site_id, segment_id)


def list_segments_page(site_id: uuid.UUID, cursor: Cursor | None, limit: int) -> Page[Segment]:
    """Return one page of the site's segments, newest first."""
    statement = select(Segment).where(Segment.site_id == site_id)
    return list_page(statement, Segment.created_at, Segment.id, cursor, limit)


def list_members(segment: Segment, cursor: Cursor | None, limit: int) -> Page[Customer]:
    """Return one page of a segment's customers, the newest customers first."""
    return list_page(select_of_members(segment, Customer), Customer.created_at, Customer.id, cursor, limit)


def select_of_members(segment: Segment, *columns: Any) -> Select[Any]:
    """Return the statement of what is wanted of a segment's customers."""
    is_member = and_(SegmentMember.site_id == Customer.site_id, SegmentMember.customer_id == Customer.id)
    return (
        select(*columns)
        .select_from(Customer)
        .join(SegmentMember, is_member)
        .where(
            Customer.site_id == segment.site_id,
            Customer.merged_into_id.is_(None),
            SegmentMember.segment_id == segment.id,
        )
    )


def list_names(segments: Sequence[Segment]) -> list[tuple[str, str]]:
    """Return segments as the choices of a form."""
    return [(str(segment.id), segment.name) for segment in segments]
