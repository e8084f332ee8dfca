"""Reading visitors and customers."""

import uuid
from collections.abc import Iterable

from sqlalchemy import ColumnElement, or_, select

from widget.core.db import db
from widget.customers.models import Customer, TradedToken


def find_customer_by_external_id(site_id: uuid.UUID, external_id: str) -> Customer | None:
    """Return the customer with the store's own id."""
    return db.session.scalar(select(Customer).where(Customer.site_id == site_id, Customer.external_id == external_id))


def find_traded_token(site_id: uuid.UUID, jti: str) -> TradedToken | None:
    """Return the trade of a customer token."""
    return db.session.get(TradedToken, (site_id, jti))


def map_customers(site_id: uuid.UUID, ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, Customer]:
    """Return the customers with these ids by id."""
    rows = db.session.scalars(select(Customer).where(Customer.site_id == site_id, Customer.id.in_(set(ids))))
    return {row.id: row for row in rows}


def is_customer_called(
    customer_id: ColumnElement[uuid.UUID | None], site_id: uuid.UUID, text: str
) -> ColumnElement[bool]:
    """Return the condition that a column holds a customer with this id at the store, or this e-mail."""
    return customer_id.in_(
        select(Customer.id).where(
            Customer.site_id == site_id,
            or_(Customer.external_id == text, Customer.email == text.strip().lower()),
        )
    )
