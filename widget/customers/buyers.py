"""Who bought: the customers that orders and carts name, found or made, many at once.

What a document tells of a customer is kept field by field, each as the latest document told it. So the order
in which documents arrive makes no difference.
"""

import uuid
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NamedTuple

from sqlalchemy import bindparam, select, update

from widget.core.clock import utc_now
from widget.core.db import db, insert_unless_known
from widget.core.ids import new_id
from widget.customers.models import Customer
from widget.customers.rules import Buyer, email_key

TOLD_FIELDS = ("email", "name", "is_email_verified", "accepts_marketing")
_table: Any = Customer.__table__
_COLUMNS = (
    *(_table.c[name] for name in ("id", "external_id", "email_key", "told_times", "merged_into_id")),
    *(_table.c[name] for name in TOLD_FIELDS),
)


class Told(NamedTuple):
    """What a document says of a buyer, and when it was true."""

    buyer: Buyer
    at: datetime


@dataclass(frozen=True)
class Buyers:
    """The customer of each document, None where it names nobody; and guests who turned out to have an account."""

    ids: Sequence[uuid.UUID | None]
    joins: Sequence[tuple[uuid.UUID, uuid.UUID]]


def resolve_buyers(site_id: uuid.UUID, told: Sequence[Told]) -> Buyers:
    """Find or make the customers that documents name, and keep what they tell of them.

    A guest is taken for an account by a verified e-mail only. The caller moves what belongs to the guests of
    `joins` and then calls `service.merge_customers`.
    """
    accounts = _save_accounts(site_id, [one for one in told if one.buyer.external_id])
    guests = _save_guests(site_id, [one for one in told if not one.buyer.external_id])
    ids = [
        accounts.get(one.buyer.external_id) if one.buyer.external_id else guests.get(email_key(one.buyer.email) or "")
        for one in told
    ]
    return Buyers(ids, _find_joins(site_id, set(accounts.values())))


def _save_accounts(site_id: uuid.UUID, told: Sequence[Told]) -> dict[str | None, uuid.UUID]:
    by_id = _group(told, [one.buyer.external_id for one in told])
    known = _read(site_id, _table.c.external_id, by_id)
    new = [{"external_id": external_id} for external_id in by_id if external_id not in known]
    if new:
        _insert(site_id, new)
        known |= _read(site_id, _table.c.external_id, [row["external_id"] for row in new])
    _tell(site_id, [(known[external_id], told) for external_id, told in by_id.items()])
    return {external_id: row.merged_into_id or row.id for external_id, row in known.items()}


def _save_guests(site_id: uuid.UUID, told: Sequence[Told]) -> dict[str, uuid.UUID]:
    by_key = _group(told, [email_key(one.buyer.email) for one in told])
    accounts = find_verified_accounts(site_id, by_key)
    keys = {key: told for key, told in by_key.items() if key not in accounts}
    is_guest = _table.c.external_id.is_(None)
    known = _read(site_id, _table.c.email_key, keys, is_guest)
    new = [{"email_key": key} for key in keys if key not in known]
    if new:
        _insert(site_id, new)
        known |= _read(site_id, _table.c.email_key, [row["email_key"] for row in new], is_guest)
    _tell(site_id, [(known[key], told) for key, told in keys.items()])
    return accounts | {key: row.merged_into_id or row.id for key, row in known.items()}


def find_verified_accounts(site_id: uuid.UUID, keys: Iterable[str]) -> dict[str, uuid.UUID]:
    """Return the accounts whose verified e-mail has one of these keys; of several the oldest."""
    rows = db.session.execute(
        select(Customer.email_key, Customer.id)
        .where(
            Customer.site_id == site_id,
            Customer.email_key.in_(list(keys)),
            Customer.external_id.is_not(None),
            Customer.is_email_verified,
            Customer.merged_into_id.is_(None),
        )
        .order_by(Customer.created_at.desc(), Customer.id.desc())
    )
    return {row.email_key: row.id for row in rows}


def _find_joins(site_id: uuid.UUID, account_ids: Collection[uuid.UUID]) -> list[tuple[uuid.UUID, uuid.UUID]]:
    """Return the guests whose e-mail is the verified one of an account, with the account."""
    keys = select(Customer.email_key).where(
        Customer.site_id == site_id, Customer.id.in_(account_ids), Customer.is_email_verified
    )
    guests = db.session.execute(
        select(Customer.id, Customer.email_key).where(
            Customer.site_id == site_id,
            Customer.external_id.is_(None),
            Customer.merged_into_id.is_(None),
            Customer.email_key.in_(keys),
        )
    ).all()
    accounts = find_verified_accounts(site_id, {guest.email_key for guest in guests})
    return [(guest.id, accounts[guest.email_key]) for guest in guests]


def _group(told: Sequence[Told], names: Sequence[str | None]) -> dict[str, list[Told]]:
    groups: dict[str, list[Told]] = {}
    for one, name in zip(told, names, strict=True):
        if name is not None:
            groups.setdefault(name, []).append(one)
    return groups


def _read(site_id: uuid.UUID, column: Any, names: Collection[str], *conditions: Any) -> dict[str, Any]:
    if not names:
        return {}
    rows = db.session.execute(
        select(*_COLUMNS).where(_table.c.site_id == site_id, column.in_(list(names)), *conditions)
    )
    return {getattr(row, column.key): row for row in rows}


def _insert(site_id: uuid.UUID, rows: Sequence[dict[str, Any]]) -> None:
    """Make customers; a browser that arrives at this moment may have made one already."""
    now = utc_now()
    usual = {"external_id": None, "email_key": None, "is_email_verified": False, "accepts_marketing": False}
    db.session.connection().execute(
        insert_unless_known(Customer).on_conflict_do_nothing(),
        [{"site_id": site_id, "id": new_id(), "created_at": now, "told_times": {}} | usual | row for row in rows],
    )


def _tell(site_id: uuid.UUID, customers: Iterable[tuple[Any, Sequence[Told]]]) -> None:
    """Keep what documents tell of customers, each field as the latest of them has it."""
    changes = []
    for row, told in customers:
        values, told_times = {name: getattr(row, name) for name in TOLD_FIELDS}, dict(row.told_times)
        for one in told:
            _take_newer(values, told_times, one)
        if told_times != row.told_times:
            key = row.email_key if row.external_id is None else email_key(values["email"])
            changes.append({"of_id": row.id, **values, "told_times": told_times, "email_key": key})
    if changes:
        db.session.connection().execute(
            update(_table)
            .where(_table.c.site_id == site_id, _table.c.id == bindparam("of_id"))
            .values({name: bindparam(name) for name in (*TOLD_FIELDS, "told_times", "email_key")}),
            changes,
        )


def _take_newer(values: dict[str, Any], told_times: dict[str, str], told: Told) -> None:
    at = told.at.astimezone(UTC).isoformat(timespec="microseconds")
    for name in TOLD_FIELDS:
        value = getattr(told.buyer, name)
        if value is None:
            continue
        # At one and the same time the greater value stays, whichever comes first.
        if (at, value) > (told_times.get(name, ""), values[name] if name in told_times else type(value)()):
            values[name], told_times[name] = value, at
