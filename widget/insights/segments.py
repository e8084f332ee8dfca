"""Use cases of segments: made and changed by owners, their members kept by the worker."""

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import delete, func, insert, literal, select

from widget.core.clock import utc_now
from widget.core.db import db
from widget.core.ids import new_id
from widget.core.problems import FieldError, InvalidFields
from widget.customers.segment_models import Segment, SegmentMember
from widget.insights.conditions import Condition
from widget.insights.errors import SegmentInUse
from widget.insights.segment_sql import select_customers, select_members
from widget.surveys.models import Survey

MAX_SEGMENTS = 200
MAX_NAME_LENGTH = 100


def create_segment(site_id: uuid.UUID, name: str, meets: str, conditions: Sequence[Condition]) -> Segment:
    """Make a segment and find its members at once; raise InvalidFields for a name that is taken."""
    count = db.session.scalar(select(func.count()).select_from(Segment).where(Segment.site_id == site_id))
    if (count or 0) >= MAX_SEGMENTS:
        raise InvalidFields(errors=[FieldError("#/name", f"A site keeps at most {MAX_SEGMENTS} segments.")])
    _require_free_name(site_id, name, None)
    segment = Segment(
        site_id=site_id, id=new_id(), name=name, meets=meets, conditions=list(conditions), created_at=utc_now()
    )
    db.session.add(segment)
    db.session.flush()
    refresh_members(segment)
    return segment


def change_segment(segment: Segment, changes: Mapping[str, Any]) -> None:
    """Change the name or the conditions of a segment and find its members anew; raise InvalidFields."""
    db.session.refresh(segment, with_for_update=True)
    if "name" in changes:
        _require_free_name(segment.site_id, changes["name"], segment.id)
    for name, value in changes.items():
        setattr(segment, name, value)
    db.session.flush()
    refresh_members(segment)


def duplicate_segment(segment: Segment) -> Segment:
    """Make a segment with the same conditions under a name of its own."""
    taken = set(db.session.scalars(select(Segment.name).where(Segment.site_id == segment.site_id)))
    names = (f"{segment.name[:85]} ({number})" for number in range(2, MAX_SEGMENTS + 3))
    name = next(name for name in names if name not in taken)
    return create_segment(segment.site_id, name, segment.meets, segment.conditions)


def delete_segment(segment: Segment) -> None:
    """Delete a segment; raise SegmentInUse while a survey is asked only of its customers."""
    users = list_surveys_for(segment)
    if users:
        raise SegmentInUse(", ".join(survey.name for survey in users))
    db.session.delete(segment)
    db.session.flush()


def list_surveys_for(segment: Segment) -> list[Survey]:
    """Return the surveys, but archived ones, that are asked only of a segment's customers."""
    surveys = db.session.scalars(
        select(Survey).where(Survey.site_id == segment.site_id, Survey.state != "archived").order_by(Survey.name)
    )
    return [survey for survey in surveys if str(segment.id) in survey.gates.get("segments", ())]


def count_customers(site_id: uuid.UUID) -> int:
    """Return how many customers the site has; those who became one with another are not counted twice."""
    return db.session.scalar(select(func.count()).select_from(select_customers(site_id).subquery())) or 0


def count_members(site_id: uuid.UUID, meets: str, conditions: Sequence[Condition]) -> tuple[int, int]:
    """Return how many customers meet the conditions now, and how many there are."""
    members = select_members(site_id, meets, conditions, utc_now()).subquery()
    everybody = select_customers(site_id).subquery()
    row = db.session.execute(
        select(
            select(func.count()).select_from(members).scalar_subquery(),
            select(func.count()).select_from(everybody).scalar_subquery(),
        )
    ).one()
    return row[0], row[1]


def refresh_members(segment: Segment) -> None:
    """Bring the kept members of a segment to who meets its conditions now; only the difference is written."""
    db.session.refresh(segment, with_for_update=True)
    now = utc_now()
    members = select_members(segment.site_id, segment.meets, segment.conditions, now)
    is_kept = (SegmentMember.site_id == segment.site_id, SegmentMember.segment_id == segment.id)
    kept = select(SegmentMember.customer_id).where(*is_kept)
    db.session.execute(
        delete(SegmentMember)
        .where(*is_kept, SegmentMember.customer_id.not_in(members))
        .execution_options(synchronize_session=False)
    )
    found = members.where(_column_of(members).not_in(kept)).subquery()
    db.session.execute(
        insert(SegmentMember).from_select(
            ["site_id", "segment_id", "customer_id"],
            select(literal(segment.site_id), literal(segment.id), found.c[0]),
        )
    )
    segment.members = db.session.scalar(select(func.count()).select_from(SegmentMember).where(*is_kept)) or 0
    segment.counted_at = now
    db.session.flush()


def _column_of(members: Any) -> Any:
    return next(iter(members.selected_columns))


def _require_free_name(site_id: uuid.UUID, name: str, own_id: uuid.UUID | None) -> None:
    other = db.session.scalar(select(Segment.id).where(Segment.site_id == site_id, Segment.name == name))
    if other not in (None, own_id):
        raise InvalidFields(errors=[FieldError("#/name", "Another segment has this name.")])
