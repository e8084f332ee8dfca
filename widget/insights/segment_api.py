"""The store's door: segments and who is in them."""

import uuid
from typing import Any

from widget.core.paging import Cursor
from widget.core.parsing import PageQuery
from widget.customers.models import Customer
from widget.customers.segment_models import Segment
from widget.insights import segment_queries, segments
from widget.insights.segment_schemas import (
    MembersOut,
    SegmentChanges,
    SegmentIn,
    SegmentOut,
    SegmentsOut,
    describe_segment,
)
from widget.sites.doors import current_site, store_blueprint

blueprint = store_blueprint("segments", __name__, "Segments of customers, and who is in them")


@blueprint.route("/segments")
@blueprint.arguments(PageQuery, location="query")
@blueprint.response(200, SegmentsOut)
def list_segments(page: dict[str, Any]) -> dict[str, Any]:
    """Return the site's segments, newest first."""
    found = segment_queries.list_segments_page(current_site().id, _read_cursor(page), page["limit"])
    return {"items": [describe_segment(segment) for segment in found.items], "next_cursor": found.next_cursor}


@blueprint.route("/segments", methods=["POST"])
@blueprint.arguments(SegmentIn)
@blueprint.response(201, SegmentOut)
def post_segment(document: dict[str, Any]) -> dict[str, Any]:
    """Make a segment of the customers who meet all or any of its conditions; they are found at once.

    The worker counts anew every hour. Amounts are in minor units of the site's reporting currency.
    """
    return describe_segment(segments.create_segment(current_site().id, **document))


@blueprint.route("/segments/<uuid:segment_id>")
@blueprint.response(200, SegmentOut)
def show_segment(segment_id: uuid.UUID) -> dict[str, Any]:
    """Return one segment."""
    return describe_segment(_get_segment(segment_id))


@blueprint.route("/segments/<uuid:segment_id>", methods=["PATCH"])
@blueprint.arguments(SegmentChanges)
@blueprint.response(200, SegmentOut)
def patch_segment(changes: dict[str, Any], segment_id: uuid.UUID) -> dict[str, Any]:
    """Change a segment; its members are found anew."""
    segment = _get_segment(segment_id)
    segments.change_segment(segment, changes)
    return describe_segment(segment)


@blueprint.route("/segments/<uuid:segment_id>", methods=["DELETE"])
@blueprint.response(204)
def delete_segment(segment_id: uuid.UUID) -> None:
    """Delete a segment, unless a survey that is not archived is asked only of its customers."""
    segments.delete_segment(_get_segment(segment_id))


@blueprint.route("/segments/<uuid:segment_id>/members")
@blueprint.arguments(PageQuery, location="query")
@blueprint.response(200, MembersOut)
def list_members(page: dict[str, Any], segment_id: uuid.UUID) -> dict[str, Any]:
    """Return the customers in a segment as it was last counted, the newest customers first."""
    found = segment_queries.list_members(_get_segment(segment_id), _read_cursor(page), page["limit"])
    return {"items": [_describe_member(customer) for customer in found.items], "next_cursor": found.next_cursor}


def _get_segment(segment_id: uuid.UUID) -> Segment:
    return segment_queries.get_segment(current_site().id, segment_id)


def _read_cursor(page: dict[str, Any]) -> Cursor | None:
    return Cursor.decode(page["cursor"]) if "cursor" in page else None


def _describe_member(customer: Customer) -> dict[str, Any]:
    return {
        "id": customer.id,
        "customer": customer.external_id,
        "email": customer.email,
        "name": customer.name,
    }
