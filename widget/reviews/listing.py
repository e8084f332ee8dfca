"""Pages of published reviews: sorted, filtered, each after the last review of the one before."""

import base64
import binascii
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import orjson
from sqlalchemy import Connection, Row, Select, String, cast, tuple_

from widget.core.problems import FieldError, InvalidFields
from widget.reviews.rules import RATINGS
from widget.reviews.shown import review, select_shown

# What comes before the time in each order; the index of the same columns gives the rows in it.
_FIRST_COLUMNS = {"highest": review.c.rating, "helpful": review.c.helpful, "photos": review.c.photos}
SORTS = ("newest", "highest", "lowest", "helpful", "photos")
MAX_COUNT = 2**31 - 1
Fetch = Callable[[Select[Any]], Sequence[Row[Any]]]


@dataclass(frozen=True)
class Place:
    """The place after one review in an order: what is sorted by, its time and its id."""

    value: int
    at: datetime
    id: uuid.UUID

    def encode(self, sort: str) -> str:
        """Return the place as a cursor of a list in this order."""
        text = orjson.dumps([sort, self.value, self.at.isoformat(), self.id.hex])
        return base64.urlsafe_b64encode(text).decode().rstrip("=")

    @classmethod
    def decode(cls, cursor: str, sort: str) -> "Place":
        """Read the cursor of a list in this order; raise InvalidFields for anything else.

        >>> place = Place(4, datetime(2026, 5, 4, tzinfo=UTC), uuid.UUID(int=1))
        >>> Place.decode(place.encode("highest"), "highest") == place
        True
        """
        try:
            document = orjson.loads(base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True))
            cursor_sort, value, at, review_id = document
            moment = datetime.fromisoformat(at).astimezone(UTC)
            place = cls(value, moment, uuid.UUID(review_id))
            if cursor_sort != sort or type(value) is not int or not 0 <= value <= MAX_COUNT:
                raise ValueError("this is no place in this order")
        except (ValueError, TypeError, AttributeError, OverflowError, binascii.Error) as error:
            raise InvalidFields(errors=[FieldError("#/cursor", "Is not a cursor of this list.")]) from error
        return place


@dataclass(frozen=True)
class Wanted:
    """Which published reviews are wanted, in which order, and how many at once."""

    sort: str = "newest"
    stars: tuple[int, ...] = ()
    language: str | None = None
    with_photos: bool = False
    verified: bool = False
    attributes: Mapping[str, str] = field(default_factory=dict)
    cursor: str | None = None
    limit: int = 10


def list_shown(
    connection: Connection, site_id: uuid.UUID, product_id: str | None, wanted: Wanted
) -> tuple[Sequence[Row[Any]], str | None]:
    """Return a page of a product's published reviews, or of the featured ones of a site, and the cursor of the next."""
    is_of_list = review.c.is_featured.is_(True) if product_id is None else review.c.product_id == product_id
    statement = select_shown(site_id).where(is_of_list)
    for condition in _list_conditions(wanted):
        statement = statement.where(condition)
    place = Place.decode(wanted.cursor, wanted.sort) if wanted.cursor is not None else None
    list_rows = _list_lowest if wanted.sort == "lowest" else _list_ordered

    def fetch(limited: Select[Any]) -> Sequence[Row[Any]]:
        return connection.execute(limited).all()

    rows = list_rows(fetch, statement, wanted, place)
    if len(rows) <= wanted.limit:
        return rows, None
    last = rows[wanted.limit - 1]
    return rows[: wanted.limit], _place_of(last, wanted.sort).encode(wanted.sort)


def _list_conditions(wanted: Wanted) -> list[Any]:
    conditions: list[Any] = []
    if wanted.stars:
        conditions.append(review.c.rating.in_(wanted.stars))
    if wanted.language is not None:
        conditions.append(review.c.language == wanted.language)
    if wanted.with_photos:
        conditions.append(review.c.photos > 0)
    if wanted.verified:
        conditions.append(review.c.verified_by.is_not(None))
    for name, value in wanted.attributes.items():
        # SQLite takes a number out of a document as a number.
        conditions.append(cast(review.c.attributes[name].as_string(), String) == value)
    return conditions


def _list_ordered(fetch: Fetch, statement: Select[Any], wanted: Wanted, place: Place | None) -> Sequence[Row[Any]]:
    """Return the rows of an order that an index gives, one more than wanted."""
    first = _FIRST_COLUMNS.get(wanted.sort)
    columns = [review.c.written_at, review.c.id] if first is None else [first, review.c.written_at, review.c.id]
    if place is not None:
        values = (place.at, place.id) if first is None else (place.value, place.at, place.id)
        statement = statement.where(tuple_(*columns) < values)
    return fetch(statement.order_by(*(column.desc() for column in columns)).limit(wanted.limit + 1))


def _list_lowest(fetch: Fetch, statement: Select[Any], wanted: Wanted, place: Place | None) -> Sequence[Row[Any]]:
    """Return the rows with the fewest stars first, the newest of each first, one more than wanted.

    No index has stars upwards and time downwards, but each number of stars by itself is one piece of one.
    """
    rows: list[Row[Any]] = []
    newest_first = statement.order_by(review.c.written_at.desc(), review.c.id.desc())
    for stars in RATINGS:
        if (place is not None and stars < place.value) or (wanted.stars and stars not in wanted.stars):
            continue
        piece = newest_first.where(review.c.rating == stars).limit(wanted.limit + 1 - len(rows))
        if place is not None and stars == place.value:
            piece = piece.where(tuple_(review.c.written_at, review.c.id) < (place.at, place.id))
        rows += fetch(piece)
        if len(rows) > wanted.limit:
            break
    return rows


def _place_of(row: Row[Any], sort: str) -> Place:
    value = {"highest": row.rating, "lowest": row.rating, "helpful": row.helpful, "photos": row.photos}.get(sort, 0)
    return Place(value, row.written_at, row.id)
