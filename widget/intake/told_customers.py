"""Storing what a platform tells of customers without an order, and that two accounts are one."""

import uuid
from collections.abc import Sequence
from datetime import datetime

from widget.customers.buyers import Told, resolve_buyers
from widget.customers.rules import Buyer
from widget.customers.service import save_customers
from widget.intake.customer_service import get_account, merge_customers
from widget.intake.errors import MergeRefused
from widget.loyalty.service import follow_customers
from widget.orders import ledger
from widget.orders.joining import join_guests
from widget.referrals.service import follow_customers as follow_referrals


def take_customers(site_id: uuid.UUID, told: Sequence[tuple[Buyer, datetime]]) -> None:
    """Keep what is told of accounts, and join the guests who turn out to be one of them."""
    ledger.take_turn(site_id)
    buyers = resolve_buyers(site_id, [Told(buyer, at) for buyer, at in told])
    join_guests(site_id, buyers.joins)
    customer_ids = {customer_id for customer_id in buyers.ids if customer_id is not None}
    follow_customers(site_id, customer_ids)
    follow_referrals(site_id, customer_ids)


def take_merge(site_id: uuid.UUID, gone: str, kept: str) -> bool:
    """Merge an account into the one the platform kept; return whether this was news."""
    ledger.take_turn(site_id)
    save_customers(site_id, {gone, kept})
    account = get_account(site_id, gone)
    if account.merged_into_id is not None:
        return False
    try:
        merge_customers(site_id, account, kept)
    except MergeRefused:
        # The kept one was merged into this one before: they are one already.
        return False
    return True
