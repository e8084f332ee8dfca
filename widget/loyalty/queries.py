"""Reading accounts, their history, and redemptions."""

import uuid
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, select

from widget.core.db import db
from widget.core.paging import Cursor, Page, list_page
from widget.customers.queries import is_customer_called
from widget.loyalty.errors import RedemptionNotFound
from widget.loyalty.explaining import explain_entry
from widget.loyalty.models import LedgerEntry, LoyaltyAccount
from widget.loyalty.reward_models import Redemption


def find_account(site_id: uuid.UUID, customer_id: uuid.UUID) -> LoyaltyAccount | None:
    """Return a customer's account as it was last written; `standing.py` says how it stands now."""
    return db.session.get(LoyaltyAccount, (site_id, customer_id), populate_existing=True)


def list_entries(
    site_id: uuid.UUID, customer_id: uuid.UUID, before: int | None, limit: int
) -> tuple[Sequence[LedgerEntry], int | None]:
    """Return a page of an account's entries, the newest first, before a number; and what the next page is before."""
    statement = select(LedgerEntry).where(LedgerEntry.site_id == site_id, LedgerEntry.customer_id == customer_id)
    if before is not None:
        statement = statement.where(LedgerEntry.number < before)
    rows = db.session.scalars(statement.order_by(LedgerEntry.number.desc()).limit(limit + 1)).all()
    return rows[:limit], rows[limit - 1].number if len(rows) > limit else None


def describe_entry(entry: LedgerEntry) -> dict[str, Any]:
    """Return what is told of an entry, with why it has the number it has."""
    told = ("number", "kind", "source", "actor", "occurred_at", "available_at")
    why = explain_entry(entry.kind, entry.delta, entry.source, entry.rule, entry.rule_version, entry.reason)
    return {**{name: getattr(entry, name) for name in told}, "points": entry.delta, "why": why}


def list_redemptions(
    site_id: uuid.UUID, customer: str | None, state: str | None, cursor: Cursor | None, limit: int
) -> Page[Redemption]:
    """Return one page of a site's redemptions, newest first; a customer is meant by the store's id or the e-mail."""
    statement: Select[tuple[Redemption]] = select(Redemption).where(Redemption.site_id == site_id)
    if customer is not None:
        statement = statement.where(is_customer_called(Redemption.customer_id.expression, site_id, customer))
    if state is not None:
        statement = statement.where(Redemption.state == state)
    return list_page(statement, Redemption.created_at, Redemption.id, cursor, limit)


def get_redemption(site_id: uuid.UUID, redemption_id: uuid.UUID) -> Redemption:
    """Return a redemption of a site; raise RedemptionNotFound."""
    key = (site_id, redemption_id)
    redemption = db.session.get(Redemption, key, populate_existing=True)
    if redemption is None:
        raise RedemptionNotFound()
    return redemption
