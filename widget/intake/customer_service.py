"""What the store tells of its customers, and everything that follows when two of them are one."""

import uuid
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import delete

from widget.core.clock import utc_now
from widget.core.db import db, session_cursor
from widget.core.problems import NotFound
from widget.customers.buyers import Told, find_joins, resolve_buyers
from widget.customers.merging import merge_customer
from widget.customers.models import Customer
from widget.customers.queries import find_customer_by_external_id, get_customer
from widget.customers.rules import Buyer
from widget.customers.service import forget_attributes, save_attribute
from widget.insights.models import CustomerLifetime
from widget.intake.errors import MergeRefused
from widget.invitations.service import give_invitations
from widget.loyalty.accounts import merge_accounts
from widget.loyalty.earning import award_profile
from widget.loyalty.service import follow_customers
from widget.orders.joining import give_orders, join_guests
from widget.orders.ledger import take_turn
from widget.popups.joining import follow_leads, give_leads
from widget.reviews.merging import follow_merges, give_reviews
from widget.reviews.verifying import verify_reviews
from widget.surveys.service import give_answers


def save_customer(site_id: uuid.UUID, external_id: str, told: Buyer, attributes: Mapping[str, Any]) -> bool:
    """Keep what the store tells of a customer, by its own id; return whether they were unknown.

    An attribute that is None is forgotten.
    """
    take_turn(site_id)
    is_new = find_customer_by_external_id(site_id, external_id) is None
    buyers = resolve_buyers(site_id, [Told(replace(told, external_id=external_id), utc_now())])
    join_guests(site_id, buyers.joins)
    follow_merges(site_id, {account_id for _, account_id in buyers.joins})
    (customer_id,) = buyers.ids
    assert customer_id is not None  # noqa: S101 - the address names an account.
    follow_leads(site_id, {customer_id})
    follow_customers(site_id, {customer_id})
    forget_attributes(site_id, customer_id, [name for name, attribute in attributes.items() if attribute is None])
    for name, attribute in attributes.items():
        if attribute is not None:
            save_attribute(
                db.session.connection(),
                site_id,
                customer_id,
                name,
                attribute["value"],
                consent_text=attribute["consent_text"],
                language=attribute["language"],
                source="api",
                given_at=attribute["given_at"] or utc_now(),
            )
    award_profile(session_cursor(), site_id, customer_id, utc_now())
    return is_new


def merge_customers(site_id: uuid.UUID, old: Customer, into: str) -> Customer:
    """Make two customers one and return the survivor; raise NotFound or MergeRefused.

    Everything that refers to a customer is listed here. A repeat takes along what came in between.
    """
    take_turn(site_id)
    # Another merge may have come first: what counts is what is there now.
    db.session.refresh(old)
    new = get_customer(site_id, into)
    _require_two(old, new, into)
    give_orders(site_id, {old.id: new.id})
    give_answers(site_id, old.id, new.id)
    give_invitations(site_id, old.id, new.id)
    give_reviews(site_id, old.id, new.id)
    give_leads(site_id, old.id, new.id)
    _forget_lifetime(site_id, old.id)
    merge_customer(site_id, old.id, new.id)
    join_guests(site_id, find_joins(site_id, {new.id}))
    follow_merges(site_id, {new.id})
    follow_leads(site_id, {new.id})
    verify_reviews(site_id, {new.id})
    merge_accounts(session_cursor(), site_id, old.id, new.id, utc_now())
    follow_customers(site_id, {new.id})
    return new


def get_account(site_id: uuid.UUID, external_id: str) -> Customer:
    """Return the customer with the store's own id, also one who was merged into another; raise NotFound."""
    account = find_customer_by_external_id(site_id, external_id)
    if account is None:
        raise NotFound("The site has no such customer.")
    return account


def _require_two(old: Customer, new: Customer, into: str) -> None:
    if old.id == new.id or old.external_id == into:
        raise MergeRefused("A customer cannot be merged into themselves, nor into one who was merged into them.")
    if old.merged_into_id not in (None, new.id):
        raise MergeRefused("This customer was merged into another already: merge that one.")


def _forget_lifetime(site_id: uuid.UUID, customer_id: uuid.UUID) -> None:
    """Forget what a customer was expected to spend; the survivor's is reckoned anew by the worker."""
    is_old = (CustomerLifetime.site_id == site_id, CustomerLifetime.customer_id == customer_id)
    db.session.execute(delete(CustomerLifetime).where(*is_old))
