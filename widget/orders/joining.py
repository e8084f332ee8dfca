"""Making customers' orders and carts another's: a guest who turned out to have an account, or two accounts."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import bindparam, update

from widget.core.db import db
from widget.customers.merging import merge_customer
from widget.orders import ledger
from widget.orders.models import Cart, Order


def join_guests(site_id: uuid.UUID, joins: Sequence[tuple[uuid.UUID, uuid.UUID]]) -> None:
    """Make guests one with the accounts that have their e-mail; call it in the site's turn."""
    if not joins:
        return
    give_orders(site_id, dict(joins))
    for guest_id, account_id in joins:
        merge_customer(site_id, guest_id, account_id)


def give_orders(site_id: uuid.UUID, survivors: Mapping[uuid.UUID, uuid.UUID]) -> None:
    """Give the orders and carts of customers to those they are merged into; call it in the site's turn."""
    before = ledger.read_facts(site_id, {*survivors, *survivors.values()})
    changes = [{"of_id": old, "to_id": new} for old, new in survivors.items()]
    for model in (Order, Cart):
        table: Any = model.__table__
        db.session.connection().execute(
            update(table)
            .where(table.c.site_id == site_id, table.c.customer_id == bindparam("of_id"))
            .values(customer_id=bindparam("to_id")),
            changes,
        )
    after = {
        order_id: replace(facts, customer_id=survivors.get(facts.customer_id, facts.customer_id))
        for order_id, facts in before.items()
        if facts.customer_id is not None
    }
    ledger.post_difference(site_id, before, after)
