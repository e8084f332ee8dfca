"""Storing what a platform tells of customers without an order, and that two accounts are one."""

import uuid
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from widget.core.db import db
from widget.customers.buyers import Told, resolve_buyers
from widget.customers.merging import merge_customer
from widget.customers.models import Customer
from widget.customers.rules import Buyer
from widget.customers.service import save_customers
from widget.orders import ledger
from widget.orders.joining import give_orders, join_guests


def take_customers(site_id: uuid.UUID, told: Sequence[tuple[Buyer, datetime]]) -> None:
    """Keep what is told of accounts, and join the guests who turn out to be one of them."""
    ledger.take_turn(site_id)
    buyers = resolve_buyers(site_id, [Told(buyer, at) for buyer, at in told])
    join_guests(site_id, buyers.joins)


def take_merge(site_id: uuid.UUID, gone: str, kept: str) -> bool:
    """Give all of an account to the one the platform kept; return whether this was news."""
    ledger.take_turn(site_id)
    save_customers(site_id, {gone, kept})
    rows = db.session.execute(
        select(Customer.external_id, Customer.id, Customer.merged_into_id).where(
            Customer.site_id == site_id, Customer.external_id.in_({gone, kept})
        )
    )
    known = {row.external_id: row for row in rows}
    survivor_id = known[kept].merged_into_id or known[kept].id
    if known[gone].merged_into_id is not None or survivor_id == known[gone].id:
        return False
    give_orders(site_id, {known[gone].id: survivor_id})
    merge_customer(site_id, known[gone].id, survivor_id)
    return True
