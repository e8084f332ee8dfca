"""Customers of a store with everything that can happen to them, and segments of them."""

import uuid
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select

from tests.orders.builders import make_cart, make_order, make_refund
from tests.surveys.builders import make_response
from widget.core.clock import utc_now
from widget.core.db import db
from widget.customers.events import record_events
from widget.customers.models import Customer, CustomerAttribute
from widget.customers.rules import Buyer
from widget.insights.models import CustomerLifetime
from widget.insights.segments import create_segment
from widget.orders.carts import record_carts
from widget.orders.recording import record_orders
from widget.surveys.models import Survey

LOYAL = [{"field": "orders", "comparison": "at_least", "value": 3}]
ADA = Buyer("ada-1815", "ada.lovelace@a-rather-long-domain.example", "Ada Lovelace", accepts_marketing=True)
EVERYBODY = 60


@dataclass(frozen=True)
class Buyers:
    """Who is who among them."""

    ada_id: uuid.UUID
    guest_id: uuid.UUID
    segment_id: uuid.UUID


def find_customer(site_id: uuid.UUID, email: str | None) -> uuid.UUID:
    return db.session.scalars(select(Customer.id).where(Customer.site_id == site_id, Customer.email == email)).one()


def make_buyers(site_id: uuid.UUID, survey: Survey) -> Buyers:
    """Make sixty customers, one of them with a long story, and a segment; the caller commits."""
    now = utc_now()
    orders = [
        make_order(
            f"M-{1000 + number}",
            placed_at=now - timedelta(days=12 * number, hours=2),
            buyer=ADA,
            total_minor=4990 + 1000 * number,
            coupon_codes=["WELCOME-SPRING"] if number % 3 == 0 else [],
            refunds=[make_refund(1, 1500, reason="One cup was broken", refunded_at=now)] if number == 1 else [],
            state="cancelled" if number == 4 else "paid",
        )
        for number in range(30)
    ]
    orders += [
        make_order(
            f"G-{number}",
            placed_at=now - timedelta(days=3 * number, hours=5),
            buyer=Buyer(None, f"guest.{number}@x.example", None if number % 2 else f"Guest {number}", is_guest=True),
        )
        for number in range(EVERYBODY - 1)
    ]
    record_orders(site_id, orders, "api")
    ada_id, guest_id = (find_customer(site_id, email) for email in (ADA.email, "guest.0@x.example"))
    record_carts(site_id, [make_cart("C-1", buyer=ADA, created_at=now, updated_at=now, abandoned_at=now)])
    event = {"id": None, "name": "order_delivered", "customer": "ada-1815", "happened_at": now - timedelta(days=1)}
    record_events(site_id, [{**event, "properties": {"carrier": "post"}}])
    make_response(survey, 4, comment="The lid was broken.", customer_id=ada_id, answered_at=now - timedelta(hours=3))
    make_response(survey, None, comment=None, customer_id=ada_id, completed_at=None, flag="burst")
    for name, value in (("birthday", "--12-10"), ("interests", ["tea", "engines"]), ("area", "Marylebone")):
        consent = {"consent_text": "You may keep it to surprise me.", "language": "en", "given_at": now}
        told = CustomerAttribute(site_id=site_id, customer_id=ada_id, name=name, value=value, source="api", **consent)
        db.session.add(told)
    amounts = {"expected_minor": 31_400, "low_minor": 12_000, "high_minor": 58_000, "alive_ratio": 0.9}
    db.session.add(CustomerLifetime(site_id=site_id, customer_id=ada_id, **amounts))
    db.session.flush()
    return Buyers(ada_id, guest_id, create_segment(site_id, "Loyal customers", "all", LOYAL).id)
