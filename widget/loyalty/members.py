"""Who takes part in a program that everybody is in, and what guests bring along who turn out to have an account."""

import uuid
from collections.abc import Collection
from datetime import datetime

from sqlalchemy import exists, or_, select

from widget.core.db import db, session_cursor
from widget.customers.models import Customer
from widget.loyalty.accounts import join_program, merge_accounts
from widget.loyalty.models import LoyaltyAccount
from widget.loyalty.order_models import EarnedOrder
from widget.loyalty.programs import find_current


def enrol_customers(site_id: uuid.UUID, customer_ids: Collection[uuid.UUID], now: datetime) -> None:
    """Let customers with an account of the store join a program that everybody is in; call it in a writing transaction.

    Guests are not asked: their points come when they have an account.
    """
    if not customer_ids:
        return
    cursor = session_cursor()
    current = find_current(cursor, site_id)
    if current is None or not current.is_live or not current.rules.is_automatic:
        return
    is_same = (LoyaltyAccount.site_id == Customer.site_id) & (LoyaltyAccount.customer_id == Customer.id)
    is_account = (Customer.external_id.is_not(None), Customer.merged_into_id.is_(None))
    strangers = db.session.scalars(
        select(Customer.id)
        .outerjoin(LoyaltyAccount, is_same)
        .where(Customer.site_id == site_id, Customer.id.in_(list(customer_ids)), *is_account)
        .where(LoyaltyAccount.joined_at.is_(None))
        .order_by(Customer.id)
    ).all()
    for customer_id in strangers:
        join_program(cursor, site_id, customer_id, now)


def follow_merges(site_id: uuid.UUID, survivor_ids: Collection[uuid.UUID], now: datetime) -> None:
    """Give to these customers the points of others who were merged into them; call it in the site's turn."""
    if not survivor_ids:
        return
    is_same = (LoyaltyAccount.site_id == Customer.site_id) & (LoyaltyAccount.customer_id == Customer.id)
    is_left = or_(
        LoyaltyAccount.merged_into_id.is_(None),
        LoyaltyAccount.balance != 0,
        LoyaltyAccount.pending != 0,
        LoyaltyAccount.held != 0,
        exists().where(EarnedOrder.site_id == Customer.site_id, EarnedOrder.customer_id == Customer.id),
    )
    merged = db.session.execute(
        select(Customer.id, Customer.merged_into_id)
        .join(LoyaltyAccount, is_same)
        .where(Customer.site_id == site_id, Customer.merged_into_id.in_(list(survivor_ids)), is_left)
        .order_by(Customer.id)
    ).all()
    for old_id, survivor_id in merged:
        if survivor_id is not None:
            merge_accounts(session_cursor(), site_id, old_id, survivor_id, now)
