"""Who writes a review: a customer by session or request, or the reader of an address."""

import uuid
from dataclasses import dataclass

from sqlalchemy import select

from widget.core.db import db, find_in_site, get_in_site, wait_for_turn
from widget.core.problems import NotAuthenticated
from widget.customers.models import Customer
from widget.customers.queries import find_survivor
from widget.reviews.authors import key_of_customer, key_of_email
from widget.reviews.models import Review


@dataclass(frozen=True)
class Author:
    """Who writes, as far as it is known; `is_proven` says that the address, or the customer, is not just claimed."""

    customer_id: uuid.UUID | None = None
    email: str | None = None
    name: str = ""
    is_proven: bool = True

    def key(self, site_id: uuid.UUID) -> str | None:
        """Return who this is among a site's authors; None for nobody proven."""
        return self.possible_key(site_id) if self.is_proven else None

    def possible_key(self, site_id: uuid.UUID) -> str | None:
        """Return who this would be, were it proven."""
        if self.customer_id is not None:
            return key_of_customer(self.customer_id)
        return key_of_email(site_id, self.email)


def identify_customer(site_id: uuid.UUID, customer_id: uuid.UUID) -> Author:
    """Return a customer as an author, or whom they were merged into; raise NotAuthenticated for one erased.

    A merge of this customer waits until the transaction has ended.
    """
    survivor_id = find_survivor(db.session.connection(), site_id, customer_id)
    if survivor_id is None:
        raise NotAuthenticated("The session's customer is no longer known.")
    return Author(survivor_id, name=get_in_site(Customer, site_id, survivor_id).name or "")


def find_review_of(site_id: uuid.UUID, product_id: str, author_key: str | None) -> Review | None:
    """Return an author's review of a product."""
    if author_key is None:
        return None
    return db.session.scalar(
        select(Review).where(
            Review.site_id == site_id, Review.product_id == product_id, Review.author_key == author_key
        )
    )


def find_customers_review(site_id: uuid.UUID, product_id: str, customer_id: uuid.UUID) -> Review | None:
    """Return the review of a product by a customer, or by whom they were merged into."""
    customer = find_in_site(Customer, site_id, customer_id)
    if customer is None:
        return None
    return find_review_of(site_id, product_id, key_of_customer(customer.merged_into_id or customer.id))


def take_turns(site_id: uuid.UUID, *reviews: tuple[str, str | None]) -> None:
    """Let whoever writes of the same product as the same author, or under the same id, pass one after another.

    Each is a product with an author's key, or an id with None.
    """
    wait_for_turn(*(f"review {site_id} {name} {key or ''}" for name, key in reviews))
