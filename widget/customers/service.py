"""Making visitors, and trading the store's customer token for a session."""

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, select, update

from widget.core.clock import utc_now
from widget.core.db import db, find_in_site, get_in_site, insert_unless_known
from widget.core.ids import new_id
from widget.customers import queries
from widget.customers.buyers import Told, resolve_buyers
from widget.customers.errors import CustomerTokenRefused
from widget.customers.models import Customer, CustomerAttribute, TradedToken, Visitor
from widget.customers.tokens import CLOCK_SKEW, CustomerClaims


@dataclass(frozen=True)
class Trade:
    """The outcome of a trade; `is_first_merge` says that the visitor's history now becomes the customer's.

    `joins` are guests who turned out to have this account: the caller joins them in the turn of the site's orders.
    """

    customer_id: uuid.UUID
    visitor_id: uuid.UUID
    is_first_merge: bool
    joins: Sequence[tuple[uuid.UUID, uuid.UUID]] = ()


def create_visitor(site_id: uuid.UUID) -> Visitor:
    """Make a visitor for a browser that has none."""
    visitor = Visitor(site_id=site_id, id=new_id(), created_at=utc_now())
    db.session.add(visitor)
    db.session.flush()
    return visitor


def recognise_visitor(site_id: uuid.UUID, visitor_id: uuid.UUID | None) -> Visitor:
    """Return the visitor behind a valid token, or a new one where it has been erased or never was."""
    known = None if visitor_id is None else find_in_site(Visitor, site_id, visitor_id)
    return known or create_visitor(site_id)


def trade_customer_token(
    site_id: uuid.UUID, claims: CustomerClaims, presented_visitor_id: uuid.UUID | None, nonce: str | None
) -> Trade:
    """Make visitor and customer one; raise CustomerTokenRefused when another browser traded it before."""
    customer, joins = _save_customer(site_id, claims)
    trade = _trade(site_id, customer, claims, presented_visitor_id, nonce)
    return replace(trade, joins=joins)


def _trade(
    site_id: uuid.UUID,
    customer: Customer,
    claims: CustomerClaims,
    presented_visitor_id: uuid.UUID | None,
    nonce: str | None,
) -> Trade:
    known = queries.find_traded_token(site_id, claims.jti)
    if known is not None:
        return _repeat_trade(known, customer, presented_visitor_id, nonce)
    visitor = recognise_visitor(site_id, presented_visitor_id)
    # When two customers arrive from one browser at once, the second waits here and sees whose it became.
    db.session.refresh(visitor, with_for_update=True)
    if visitor.customer_id not in (None, customer.id):
        # Another customer used this browser before: the history of one is not the other's.
        visitor = create_visitor(site_id)
    claimed = db.session.scalar(
        insert_unless_known(TradedToken)
        .values(
            site_id=site_id,
            jti=claims.jti,
            visitor_id=visitor.id,
            presented_visitor_id=presented_visitor_id,
            nonce=nonce,
            expires_at=claims.expires_at,
        )
        .on_conflict_do_nothing()
        .returning(TradedToken.jti)
    )
    if claimed is None:
        # Another request traded it in this moment and has committed by now.
        return _repeat_trade(
            db.session.get_one(TradedToken, (site_id, claims.jti)), customer, presented_visitor_id, nonce
        )
    return Trade(customer.id, visitor.id, is_first_merge=_bind_visitor(visitor, customer))


def _repeat_trade(
    known: TradedToken, customer: Customer, presented_visitor_id: uuid.UUID | None, nonce: str | None
) -> Trade:
    is_same_visitor = presented_visitor_id is not None and presented_visitor_id in (
        known.visitor_id,
        known.presented_visitor_id,
    )
    is_same_nonce = nonce is not None and nonce == known.nonce
    if not (is_same_visitor or is_same_nonce):
        raise CustomerTokenRefused("Another browser has traded this token already.")
    if db.session.get_one(Visitor, (known.site_id, known.visitor_id)).customer_id != customer.id:
        raise CustomerTokenRefused("Its jti was used for another customer.")
    return Trade(customer.id, known.visitor_id, is_first_merge=False)


def _bind_visitor(visitor: Visitor, customer: Customer) -> bool:
    """Tie a visitor to a customer unless it is tied; return whether this call did it."""
    bound = db.session.scalar(
        update(Visitor)
        .where(Visitor.site_id == visitor.site_id, Visitor.id == visitor.id, Visitor.customer_id.is_(None))
        .values(customer_id=customer.id, merged_at=utc_now())
        .returning(Visitor.id)
    )
    return bound is not None


def _save_customer(
    site_id: uuid.UUID, claims: CustomerClaims
) -> tuple[Customer, Sequence[tuple[uuid.UUID, uuid.UUID]]]:
    """Find or make the customer, with what the store's token tells of them; two browsers may do so at once."""
    buyers = resolve_buyers(site_id, [Told(claims.buyer, utc_now())])
    (customer_id,) = buyers.ids
    assert customer_id is not None  # noqa: S101 - the token names an account.
    # A merge waits until the visitor is theirs; one that came first has made them another by now.
    survivor_id = queries.find_survivor(db.session.connection(), site_id, customer_id)
    return get_in_site(Customer, site_id, survivor_id or customer_id), buyers.joins


def save_customers(site_id: uuid.UUID, external_ids: Collection[str]) -> dict[str, uuid.UUID]:
    """Make customers known by the store's own ids; return our ids of all of them by the store's.

    Who was merged into another is the other; a merge of these customers waits for the transaction's end.
    """
    if not external_ids:
        return {}
    now = utc_now()
    db.session.execute(
        insert_unless_known(Customer).on_conflict_do_nothing(index_elements=["site_id", "external_id"]),
        [
            {"site_id": site_id, "id": new_id(), "external_id": external_id, "created_at": now}
            for external_id in sorted(external_ids)
        ],
    )
    rows = db.session.execute(
        select(Customer.external_id, queries.SURVIVOR_ID)
        .where(Customer.site_id == site_id, Customer.external_id.in_(external_ids))
        .with_for_update(read=True, key_share=True)
    )
    return {external_id: customer_id for external_id, customer_id in rows.tuples() if external_id is not None}


def save_attribute(
    connection: Connection,
    site_id: uuid.UUID,
    customer_id: uuid.UUID,
    name: str,
    value: Any,
    *,
    consent_text: str,
    language: str | None,
    source: str,
    given_at: datetime,
) -> None:
    """Keep what a customer has told with their consent, over what they told before; an erased one keeps nothing."""
    survivor_id = queries.find_survivor(connection, site_id, customer_id)
    if survivor_id is None:
        return
    statement = insert_unless_known(CustomerAttribute).values(
        site_id=site_id,
        customer_id=survivor_id,
        name=name,
        value=value,
        consent_text=consent_text,
        language=language,
        given_at=given_at,
        source=source,
    )
    told = ("value", "consent_text", "language", "given_at", "source")
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=["site_id", "customer_id", "name"],
            set_={column: statement.excluded[column] for column in told},
            where=CustomerAttribute.given_at < statement.excluded.given_at,
        )
    )


def forget_attributes(site_id: uuid.UUID, customer_id: uuid.UUID, names: Collection[str]) -> None:
    """Forget what a customer has told of themselves, after they took their consent back."""
    is_meant = (CustomerAttribute.site_id == site_id, CustomerAttribute.customer_id == customer_id)
    db.session.execute(delete(CustomerAttribute).where(*is_meant, CustomerAttribute.name.in_(names)))


def forget_expired_trades() -> None:
    """Delete the trades of tokens that have expired and could not be traded again anyway."""
    db.session.execute(delete(TradedToken).where(TradedToken.expires_at < utc_now() - CLOCK_SKEW))
