"""Reading visitors and customers."""

import uuid
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, or_, select

from widget.core.db import db, get_in_site
from widget.core.paging import Cursor, Page, list_page
from widget.core.problems import NotFound
from widget.customers.models import Customer, CustomerAttribute, TradedToken
from widget.customers.rules import email_key

# Who was merged into another is the other.
SURVIVOR_ID: Any = func.coalesce(Customer.merged_into_id, Customer.id)


def find_customer_by_external_id(site_id: uuid.UUID, external_id: str) -> Customer | None:
    """Return the customer with the store's own id, also one who was merged into another."""
    return db.session.scalar(select(Customer).where(Customer.site_id == site_id, Customer.external_id == external_id))


def get_customer(site_id: uuid.UUID, external_id: str) -> Customer:
    """Return the customer with the store's own id, or whom they were merged into; raise NotFound."""
    account = find_customer_by_external_id(site_id, external_id)
    if account is None:
        raise NotFound("The site has no such customer.")
    return get_in_site(Customer, site_id, account.merged_into_id or account.id)


def list_customers(site_id: uuid.UUID, cursor: Cursor | None, limit: int) -> Page[Customer]:
    """Return one page of the site's customers, newest first, guests too; who was merged is not there."""
    statement = select(Customer).where(Customer.site_id == site_id, Customer.merged_into_id.is_(None))
    return list_page(statement, Customer.created_at, Customer.id, cursor, limit)


def list_other_ids(site_id: uuid.UUID, customer_id: uuid.UUID) -> Sequence[str]:
    """Return the store's ids of those who were merged into a customer."""
    return [
        external_id
        for external_id in db.session.scalars(
            select(Customer.external_id)
            .where(Customer.site_id == site_id, Customer.merged_into_id == customer_id)
            .order_by(Customer.external_id)
        )
        if external_id is not None
    ]


def list_attributes(site_id: uuid.UUID, customer_id: uuid.UUID) -> Sequence[CustomerAttribute]:
    """Return what a customer has told of themselves, by name."""
    return db.session.scalars(
        select(CustomerAttribute)
        .where(CustomerAttribute.site_id == site_id, CustomerAttribute.customer_id == customer_id)
        .order_by(CustomerAttribute.name)
        .execution_options(populate_existing=True)
    ).all()


def find_survivor(connection: Connection, site_id: uuid.UUID, customer_id: uuid.UUID) -> uuid.UUID | None:
    """Return whom a customer was merged into, or the customer; None for one who has been erased.

    A merge of this customer waits until the connection's transaction has ended.
    """
    return connection.scalar(
        select(SURVIVOR_ID)
        .where(Customer.site_id == site_id, Customer.id == customer_id)
        .with_for_update(read=True, key_share=True)
    )


def find_traded_token(site_id: uuid.UUID, jti: str) -> TradedToken | None:
    """Return the trade of a customer token."""
    return db.session.get(TradedToken, (site_id, jti))


def map_customers(site_id: uuid.UUID, ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, Customer]:
    """Return the customers with these ids by id."""
    rows = db.session.scalars(select(Customer).where(Customer.site_id == site_id, Customer.id.in_(set(ids))))
    return {row.id: row for row in rows}


def is_customer_called(
    customer_id: ColumnElement[uuid.UUID] | ColumnElement[uuid.UUID | None], site_id: uuid.UUID, text: str
) -> ColumnElement[bool]:
    """Return the condition that a column holds a customer with this id at the store, or this e-mail."""
    is_called = [Customer.external_id == text, Customer.email == text.strip().lower()]
    # A text that is no address must not find everybody who has none.
    if key := email_key(text):
        is_called.append(Customer.email_key == key)
    return customer_id.in_(select(SURVIVOR_ID).where(Customer.site_id == site_id, or_(*is_called)))
