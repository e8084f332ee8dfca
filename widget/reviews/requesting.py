"""Requests: a signed link by which one buyer reviews what they bought, and the mail that may carry it.

One request names all products of an order. When such mails are due is decided above this room; whom they ask,
never what anybody will say.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select

from widget.core.clock import utc_now
from widget.core.db import db, find_in_site
from widget.core.ids import new_id
from widget.core.paging import Cursor, Page, list_page
from widget.core.problems import FieldError, InvalidFields, NotFound
from widget.customers.buyers import find_verified_accounts
from widget.customers.models import Customer
from widget.customers.rules import email_key
from widget.customers.schemas import is_address
from widget.customers.service import save_customers
from widget.customers.suppressions import find_suppressed
from widget.orders.models import Order, OrderLine
from widget.reviews.emails import queue_review_request
from widget.reviews.product_names import name_products
from widget.reviews.reader_models import ReviewRequest
from widget.reviews.writers import Author, find_review_of, identify_customer
from widget.sites.models import Site

DEFAULT_DAYS, MAX_DAYS = 60, 365
MAX_PRODUCTS = 20
# What became of a mail that was asked for.
QUEUED, SUPPRESSED = "queued", "suppressed"
# Why a product is not asked for.
ALREADY_REVIEWED, CANCELLED, REFUNDED = "already_reviewed", "order_cancelled", "order_refunded"


@dataclass(frozen=True)
class Wanted:
    """Whom to ask, and for what: the products given, else those of the order."""

    customer: str | None = None
    email: str | None = None
    order: str | None = None
    products: Sequence[str] = ()
    language: str | None = None
    expires_days: int = DEFAULT_DAYS
    is_sent: bool = False


@dataclass(frozen=True)
class Requested:
    """A request, None where nothing is left to ask; what was left out and why; what became of the mail."""

    request: ReviewRequest | None
    skipped: Sequence[tuple[str, str]]
    mail: str | None


def request_reviews(site: Site, wanted: Wanted) -> Requested:
    """Make a link for one buyer, and mail it where that is wanted; raise NotFound or InvalidFields."""
    order = _get_order(site.id, wanted.order) if wanted.order else None
    customer = _find_customer(site.id, wanted, order)
    email = wanted.email or (customer.email if customer and customer.email and is_address(customer.email) else None)
    _require_somebody(customer, email, wanted)
    products = list(dict.fromkeys(wanted.products or (_list_bought(order) if order else ())))[:MAX_PRODUCTS]
    if not products:
        raise InvalidFields(errors=[FieldError("#/products", "Name an order with products, or the products.")])
    author = Author(customer.id) if customer else Author(email=email)
    skipped = _list_skipped(site.id, products, author, order)
    left = [product_id for product_id in products if product_id not in dict(skipped)]
    if not left:
        return Requested(None, skipped, None)
    asked = _make_request(site.id, wanted, customer, email, left)
    mail = None
    if wanted.is_sent and email:
        mail = SUPPRESSED if find_suppressed(site.id, [email]) else QUEUED
        if mail == QUEUED:
            queue_review_request(site, asked, email, customer.name if customer else None)
    return Requested(asked, skipped, mail)


def list_requests(site_id: uuid.UUID, cursor: Cursor | None, limit: int) -> Page[ReviewRequest]:
    """Return one page of a site's requests, newest first."""
    statement = select(ReviewRequest).where(ReviewRequest.site_id == site_id)
    return list_page(statement, ReviewRequest.created_at, ReviewRequest.id, cursor, limit)


def author_of(asked: ReviewRequest) -> Author:
    """Return whom a request asked: its customer, else the reader of its address."""
    return Author(asked.customer_id) if asked.customer_id else Author(email=asked.email)


def author_who_writes(asked: ReviewRequest) -> Author:
    """Return the same in a transaction that writes: a merge of the customer waits until it has ended."""
    author = author_of(asked)
    return identify_customer(asked.site_id, author.customer_id) if author.customer_id else author


def list_open_products(asked: ReviewRequest, author: Author) -> set[int]:
    """Return the places of the products of a request that its author has not reviewed yet."""
    key = author.key(asked.site_id)
    return {
        place
        for place, product in enumerate(asked.products)
        if find_review_of(asked.site_id, product["id"], key) is None
    }


def _get_order(site_id: uuid.UUID, external_id: str) -> Order:
    order = db.session.scalar(select(Order).where(Order.site_id == site_id, Order.external_id == external_id))
    if order is None:
        raise NotFound("The site has no such order.")
    return order


def _find_customer(site_id: uuid.UUID, wanted: Wanted, order: Order | None) -> Customer | None:
    customer_id = order.customer_id if order else None
    if wanted.customer:
        customer_id = save_customers(site_id, {wanted.customer})[wanted.customer]
    elif customer_id is None and (key := email_key(wanted.email)):
        guest = select(Customer.id).where(
            Customer.site_id == site_id,
            Customer.email_key == key,
            Customer.external_id.is_(None),
            Customer.merged_into_id.is_(None),
        )
        customer_id = find_verified_accounts(site_id, [key]).get(key) or db.session.scalar(guest)
    return find_in_site(Customer, site_id, customer_id) if customer_id else None


def _require_somebody(customer: Customer | None, email: str | None, wanted: Wanted) -> None:
    if customer is None and email is None:
        raise InvalidFields(errors=[FieldError("#/customer", "Say who: a customer, an e-mail address or an order.")])
    if wanted.is_sent and email is None:
        raise InvalidFields(errors=[FieldError("#/email", "A mail needs an address.")])


def _list_bought(order: Order) -> list[str]:
    rows = db.session.execute(
        select(OrderLine.product_id, OrderLine.sku)
        .where(
            OrderLine.site_id == order.site_id,
            OrderLine.order_id == order.id,
            OrderLine.quantity > 0,
            OrderLine.is_gift_card.is_(False),
        )
        .order_by(OrderLine.position)
    )
    return [row.product_id or row.sku for row in rows if row.product_id or row.sku]


def _list_skipped(
    site_id: uuid.UUID, products: Sequence[str], author: Author, order: Order | None
) -> list[tuple[str, str]]:
    if order is not None and order.state == "cancelled":
        return [(product_id, CANCELLED) for product_id in products]
    if order is not None and order.refunded_minor > 0 and order.net_minor == 0:
        return [(product_id, REFUNDED) for product_id in products]
    key = author.key(site_id)
    return [(product_id, ALREADY_REVIEWED) for product_id in products if find_review_of(site_id, product_id, key)]


def _make_request(
    site_id: uuid.UUID, wanted: Wanted, customer: Customer | None, email: str | None, products: Sequence[str]
) -> ReviewRequest:
    now, names = utc_now(), name_products(site_id, products)
    asked = ReviewRequest(
        site_id=site_id,
        id=new_id(),
        customer_id=customer.id if customer else None,
        email=email,
        language=wanted.language,
        products=[{"id": product_id, "title": names[product_id]} for product_id in products],
        created_at=now,
        expires_at=now + timedelta(days=wanted.expires_days),
    )
    db.session.add(asked)
    db.session.flush()
    return asked
