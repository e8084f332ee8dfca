"""Reading customers with what they bought: the list, and the head of one customer's page."""

import base64
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import BigInteger, and_, func, literal, or_, select

from widget.core.db import UTCDateTime, db, find_in_site, get_in_site
from widget.core.problems import FieldError, InvalidFields
from widget.customers.models import Customer, CustomerAttribute
from widget.customers.searching import is_called
from widget.customers.segment_models import SegmentMember
from widget.insights.models import CustomerLifetime
from widget.insights.segment_sql import quintile_of
from widget.orders.rollup_models import CustomerOrderTotals

Totals = CustomerOrderTotals
_LONG_AGO = datetime(1, 1, 2, tzinfo=UTC)


@dataclass(frozen=True)
class Sorting:
    """A way to order the list, greatest first; who has no such figure comes last."""

    column: Any
    read: Callable[[str], Any]


def _read_moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("a cursor's time is aware")
    return moment.astimezone(UTC)


def _read_number(bits: int) -> Callable[[str], int]:
    """Return what reads a number that a column of so many bits could hold."""

    def read(text: str) -> int:
        number = int(text)
        if abs(number) >= 2 ** (bits - 1):
            raise ValueError("no figure is so large")
        return number

    return read


SORTINGS = {
    "last_order": Sorting(func.coalesce(Totals.last_order_at, literal(_LONG_AGO, UTCDateTime())), _read_moment),
    "revenue": Sorting(func.coalesce(Totals.revenue_minor, literal(-1, BigInteger())), _read_number(64)),
    "orders": Sorting(func.coalesce(Totals.orders, 0), _read_number(32)),
    "newest": Sorting(Customer.created_at, _read_moment),
}


@dataclass(frozen=True)
class ListedCustomers:
    """One page of the list: customers with their totals, None who has not ordered, and where the next begins."""

    rows: Sequence[tuple[Customer, CustomerOrderTotals | None]]
    next_cursor: str | None
    count: int


def list_customers(
    site_id: uuid.UUID, text: str, segment_id: uuid.UUID | None, sort: str, cursor: str | None, limit: int
) -> ListedCustomers:
    """Return one page of the customers who are called so and are in a segment; raise InvalidFields for a bad cursor."""
    sorting = SORTINGS[sort]
    is_total = and_(Totals.site_id == Customer.site_id, Totals.customer_id == Customer.id)
    conditions = [Customer.site_id == site_id, Customer.merged_into_id.is_(None)]
    if text:
        conditions.append(is_called(site_id, text))
    if segment_id is not None:
        members = select(SegmentMember.customer_id).where(
            SegmentMember.site_id == site_id, SegmentMember.segment_id == segment_id
        )
        conditions.append(Customer.id.in_(members))
    count = db.session.scalar(select(func.count()).select_from(Customer).where(*conditions)) or 0
    statement = select(Customer, Totals, sorting.column.label("place")).outerjoin(Totals, is_total).where(*conditions)
    if cursor:
        value, row_id = _decode(sorting, cursor)
        statement = statement.where(or_(sorting.column < value, and_(sorting.column == value, Customer.id < row_id)))
    rows = db.session.execute(statement.order_by(sorting.column.desc(), Customer.id.desc()).limit(limit + 1)).all()
    last = rows[limit - 1] if len(rows) > limit else None
    return ListedCustomers(
        [(row[0], row[1]) for row in rows[:limit]], _encode(last.place, last[0].id) if last else None, count
    )


def find_survivor(site_id: uuid.UUID, customer_id: uuid.UUID) -> Customer:
    """Return a customer, or whom they became one with; raise NotFound, also for another site's."""
    customer = get_in_site(Customer, site_id, customer_id)
    if customer.merged_into_id is None:
        return customer
    return get_in_site(Customer, site_id, customer.merged_into_id)


@dataclass(frozen=True)
class Portrait:
    """What is known of one customer beside what happened; figures are None where there is nothing to count."""

    totals: CustomerOrderTotals | None
    lifetime: CustomerLifetime | None
    attributes: Sequence[CustomerAttribute]
    rfm: tuple[int, int, int] | None
    former: Sequence[Customer]


def draw_portrait(customer: Customer) -> Portrait:
    """Read what is known of a customer."""
    site_id = customer.site_id
    totals = find_in_site(Totals, site_id, customer.id)
    attributes = db.session.scalars(
        select(CustomerAttribute)
        .where(CustomerAttribute.site_id == site_id, CustomerAttribute.customer_id == customer.id)
        .order_by(CustomerAttribute.name)
    ).all()
    former = db.session.scalars(
        select(Customer)
        .where(Customer.site_id == site_id, Customer.merged_into_id == customer.id)
        .order_by(Customer.created_at, Customer.id)
    ).all()
    lifetime = find_in_site(CustomerLifetime, site_id, customer.id)
    return Portrait(totals, lifetime, attributes, _find_quintiles(totals) if totals else None, former)


def _find_quintiles(totals: CustomerOrderTotals) -> tuple[int, int, int]:
    """Return the customer's RFM scores, as the conditions of segments have them."""
    measures = (
        Totals.last_order_at < totals.last_order_at,
        Totals.orders < totals.orders,
        Totals.revenue_minor < totals.revenue_minor,
    )
    row = db.session.execute(
        select(
            *(quintile_of(func.count().filter(is_lower), func.count()) for is_lower in measures),
        )
        .select_from(Totals)
        .where(Totals.site_id == totals.site_id)
    ).one()
    return row[0], row[1], row[2]


def _encode(value: Any, row_id: uuid.UUID) -> str:
    text = value.isoformat() if isinstance(value, datetime) else str(value)
    return base64.urlsafe_b64encode(f"{text}|{row_id.hex}".encode()).decode().rstrip("=")


def _decode(sorting: Sorting, text: str) -> tuple[Any, uuid.UUID]:
    try:
        value, row_id = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode().split("|")
        return sorting.read(value), uuid.UUID(row_id)
    except (ValueError, OverflowError) as error:
        raise InvalidFields(errors=[FieldError("#/cursor", "Is not a cursor of this list.")]) from error
