"""Checking a ledger from its first entry: whatever was altered, left out or added by hand shows."""

import uuid
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from widget.core.db import db
from widget.loyalty.chain import digest_of
from widget.loyalty.entries import Cause, NewEntry
from widget.loyalty.models import LedgerEntry, Lot, LotUse, LoyaltyAccount

BATCH = 500


@dataclass(frozen=True)
class Fault:
    """The first row of an account that is not as it was written; `number` is its entry's, 0 for the account itself."""

    customer_id: uuid.UUID
    number: int
    what: str


def find_faults(site_id: uuid.UUID) -> Iterator[Fault]:
    """Yield of each account of a site that does not verify the first thing that is wrong."""
    statement = select(LoyaltyAccount).where(LoyaltyAccount.site_id == site_id).order_by(LoyaltyAccount.customer_id)
    for account in db.session.scalars(statement.execution_options(yield_per=BATCH)):
        fault = find_fault(account)
        if fault is not None:
            yield fault


def find_fault(account: LoyaltyAccount) -> Fault | None:
    """Return the first thing of an account that is wrong, None where everything agrees."""
    digest, number, sums = "", 0, Counter[str]()
    for row in db.session.scalars(_rows_of(LedgerEntry, account).order_by(LedgerEntry.number)):
        number += 1
        digest = digest_of(digest, _entry_of(row), account.customer_id)
        if row.number != number or row.digest != digest:
            return Fault(account.customer_id, number, "The entry was altered, left out or added.")
        sums["pending" if row.available_at > account.settled_at else "balance"] += row.delta
        if row.kind in ("hold", "release"):
            sums["held"] -= row.delta
    if (account.last_number, account.last_digest) != (number, digest):
        return Fault(account.customer_id, number + 1, "Entries at the end are missing, or were added.")
    return _check_lots(account) or _check_sums(account, sums)


def _check_lots(account: LoyaltyAccount) -> Fault | None:
    used = Counter[int]()
    for use in db.session.scalars(_rows_of(LotUse, account)):
        used[use.lot_number] += use.points
    left = Counter[str]()
    for lot in db.session.scalars(_rows_of(Lot, account).order_by(Lot.number)):
        if lot.granted - lot.remaining != used[lot.number] or lot.is_live != (lot.remaining > 0):
            return Fault(account.customer_id, lot.number, "What is left of these points is not what their uses leave.")
        left["pending" if lot.available_at > account.settled_at else "balance"] += lot.remaining
    if (left["balance"] - account.debt, left["pending"]) != (account.balance, account.pending):
        return Fault(account.customer_id, 0, "The balance is not what is left of the points.")
    return None


def _check_sums(account: LoyaltyAccount, sums: Counter[str]) -> Fault | None:
    for name in ("balance", "pending", "held"):
        if getattr(account, name) != sums[name]:
            return Fault(account.customer_id, 0, f"The account's {name} is not what its entries add up to.")
    return None


def _entry_of(row: LedgerEntry) -> NewEntry:
    cause = Cause(row.source, row.actor, row.rule, row.rule_version, row.reason, row.key)
    return NewEntry(row.number, row.delta, row.kind, cause, row.available_at, row.occurred_at)


def _rows_of(model: type[LedgerEntry] | type[Lot] | type[LotUse], account: LoyaltyAccount) -> Any:
    return select(model).where(model.site_id == account.site_id, model.customer_id == account.customer_id)
