"""Lists page by cursor: newest first, stable while rows are added."""

import base64
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement, Select, and_, or_
from sqlalchemy.orm import InstrumentedAttribute

from widget.core.db import db
from widget.core.problems import FieldError, InvalidFields

Item = TypeVar("Item")
MAX_PAGE_SIZE = 200


@dataclass(frozen=True)
class Cursor:
    """The place after one row: its time and its id."""

    at: datetime
    id: uuid.UUID | str

    def encode(self) -> str:
        """Return the cursor as an opaque string."""
        row_id = self.id.hex if isinstance(self.id, uuid.UUID) else self.id
        return base64.urlsafe_b64encode(f"{self.at.isoformat()}|{row_id}".encode()).decode().rstrip("=")

    @classmethod
    def decode(cls, text: str, read_id: Callable[[str], uuid.UUID | str] = uuid.UUID) -> "Cursor":
        """Read a cursor; raise InvalidFields for a string that is none.

        `read_id` reads ids that are no UUIDs and raises ValueError.
        """
        try:
            at, _, row_id = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode().partition("|")
            moment = datetime.fromisoformat(at)
            if moment.tzinfo is None:
                raise ValueError("a cursor's time is aware")
            # Near the ends of the calendar a time has no place in UTC.
            return cls(moment.astimezone(UTC), read_id(row_id))
        except (ValueError, OverflowError) as error:
            raise InvalidFields(errors=[FieldError("#/cursor", "Is not a cursor of this list.")]) from error


def read_name(text: str) -> str:
    """Return the id of a row that has a name for one; raise ValueError for what no database can look up."""
    if not text or "\x00" in text:
        raise ValueError("this is no name")
    return text


@dataclass(frozen=True)
class Page(Generic[Item]):
    """One page of a list and where the next begins, or None at the end."""

    items: Sequence[Item]
    next_cursor: str | None


def comes_after(cursor: Cursor, at: Any, row_id: Any) -> ColumnElement[bool]:
    """Return the condition for the rows after the cursor in a list ordered by time and id, descending."""
    return or_(at < cursor.at, and_(at == cursor.at, row_id < cursor.id))


def list_page(
    statement: Select[tuple[Item]],
    at: InstrumentedAttribute[datetime],
    row_id: InstrumentedAttribute[uuid.UUID] | InstrumentedAttribute[str],
    cursor: Cursor | None,
    limit: int,
) -> Page[Item]:
    """Return one page of a statement's rows, newest first by these two of their columns."""
    if cursor is not None:
        statement = statement.where(comes_after(cursor, at, row_id))
    rows = db.session.scalars(statement.order_by(at.desc(), row_id.desc()).limit(limit + 1)).all()
    last = rows[limit - 1] if len(rows) > limit else None
    place = Cursor(getattr(last, at.key), getattr(last, row_id.key)) if last else None
    return Page(rows[:limit], place.encode() if place else None)
