"""Who bought: the customers that orders and carts name, found or made, many at once.

What a document tells of a customer is kept field by field, each as the latest document told it. So the order
in which documents arrive makes no difference.
"""

import uuid
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import bindparam, func, or_, select, update

from widget.core.clock import utc_now
from widget.core.db import db, insert_unless_known
from widget.core.ids import new_id
from widget.customers.models import Customer
from widget.customers.rules import (
    Buyer,
    Statements,
    describe_told,
    email_key,
    join_statements,
    list_statements,
    read_statements,
    weaken_statements,
)

_table: Any = Customer.__table__
_TOLD = ("email", "name", "is_email_verified", "accepts_marketing", "told_times", "email_key")
_COLUMNS = tuple(_table.c[name] for name in ("id", "external_id", "merged_into_id", *_TOLD))
_survivor_id: Any = func.coalesce(_table.c.merged_into_id, _table.c.id)


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
    `joins` and then calls `merging.merge_customer`. Who was merged into another is the other.
    """
    accounts = _save_accounts(site_id, [one for one in told if one.buyer.external_id])
    guests = _save_guests(site_id, [one for one in told if not one.buyer.external_id])
    ids = [
        accounts.get(one.buyer.external_id) if one.buyer.external_id else guests.get(email_key(one.buyer.email) or "")
        for one in told
    ]
    return Buyers(ids, find_joins(site_id, set(accounts.values())))


def _save_accounts(site_id: uuid.UUID, told: Sequence[Told]) -> dict[str | None, uuid.UUID]:
    by_id = _group(told, [one.buyer.external_id for one in told])
    known = _read(site_id, _table.c.external_id, by_id)
    # In one order everywhere, so that two requests with the same customers wait for each other and do not lock.
    new = [{"external_id": external_id} for external_id in sorted(by_id.keys() - known.keys())]
    if new:
        _insert(site_id, new)
        known |= _read(site_id, _table.c.external_id, [row["external_id"] for row in new])
    _tell(site_id, [one for external_id, told in by_id.items() for one in _address(known[external_id], told)])
    return {external_id: row.merged_into_id or row.id for external_id, row in known.items()}


def _save_guests(site_id: uuid.UUID, told: Sequence[Told]) -> dict[str, uuid.UUID]:
    by_key = _group(told, [email_key(one.buyer.email) for one in told])
    accounts = find_verified_accounts(site_id, by_key)
    keys = {key: told for key, told in by_key.items() if key not in accounts}
    is_guest = _table.c.external_id.is_(None)
    known = _read(site_id, _table.c.email_key, keys, is_guest)
    new = [{"email_key": key} for key in sorted(keys.keys() - known.keys())]
    if new:
        _insert(site_id, new)
        known |= _read(site_id, _table.c.email_key, [row["email_key"] for row in new], is_guest)
    of_guests = [one for key, told in keys.items() for one in _address(known[key], told)]
    of_accounts = [
        (accounts[key], weaken_statements(_join_told(told))) for key, told in by_key.items() if key in accounts
    ]
    _tell(site_id, of_guests + of_accounts)
    return accounts | {key: row.merged_into_id or row.id for key, row in known.items()}


def find_verified_accounts(site_id: uuid.UUID, keys: Iterable[str]) -> dict[str, uuid.UUID]:
    """Return the accounts whose verified e-mail has one of these keys; of several the oldest."""
    rows = db.session.execute(
        select(_table.c.email_key, _survivor_id.label("id"))
        .where(
            _table.c.site_id == site_id,
            _table.c.email_key.in_(list(keys)),
            _table.c.external_id.is_not(None),
            _table.c.is_email_verified,
        )
        .order_by(_table.c.created_at.desc(), _table.c.id.desc())
    )
    return {row.email_key: row.id for row in rows}


def find_joins(site_id: uuid.UUID, account_ids: Collection[uuid.UUID]) -> list[tuple[uuid.UUID, uuid.UUID]]:
    """Return the guests whose e-mail is the verified one of an account, with the account."""
    keys = select(Customer.email_key).where(
        Customer.site_id == site_id,
        or_(Customer.id.in_(account_ids), Customer.merged_into_id.in_(account_ids)),
        Customer.external_id.is_not(None),
        Customer.is_email_verified,
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


def may_join_guests(site_id: uuid.UUID, buyer: Buyer) -> bool:
    """Tell whether what is said of an account could make guests one with it.

    Whoever says it takes the turn of the site's orders before; for what is known already there is no need.
    """
    key = email_key(buyer.email) if buyer.is_email_verified else None
    if key is None:
        return False
    is_new = buyer.external_id not in _read(
        site_id, _table.c.external_id, [buyer.external_id], _table.c.email_key == key, _table.c.is_email_verified
    )
    is_guest = (_table.c.external_id.is_(None), _table.c.merged_into_id.is_(None))
    return is_new or bool(_read(site_id, _table.c.email_key, [key], *is_guest))


def _group(told: Sequence[Told], names: Sequence[str | None]) -> dict[str, list[Told]]:
    groups: dict[str, list[Told]] = {}
    for one, name in zip(told, names, strict=True):
        if name is not None:
            groups.setdefault(name, []).append(one)
    return groups


def _read(site_id: uuid.UUID, column: Any, names: Collection[Any], *conditions: Any) -> dict[Any, Any]:
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


def _join_told(told: Sequence[Told]) -> Statements:
    return join_statements(*(list_statements(one.buyer, one.at) for one in told))


def _address(row: Any, told: Sequence[Told]) -> list[tuple[uuid.UUID, Statements]]:
    """Return of which customers this is told: also of the one whom a merged one leads to."""
    statements = _join_told(told)
    if row.merged_into_id is None:
        return [(row.id, statements)]
    passed = weaken_statements(statements) if row.external_id is None else statements
    return [(row.id, statements), (row.merged_into_id, passed)]


def _tell(site_id: uuid.UUID, told: Iterable[tuple[uuid.UUID, Statements]]) -> None:
    """Keep what documents tell of customers, each field as the latest of them has it."""
    by_id: dict[uuid.UUID, Statements] = {}
    for customer_id, statements in told:
        by_id[customer_id] = join_statements(by_id.get(customer_id, {}), statements)
    changes = []
    for told_id, row in sorted(_read(site_id, _table.c.id, by_id).items()):
        before = read_statements(row)
        after = join_statements(before, by_id[told_id])
        if after != before:
            columns = describe_told(after)
            # A guest is found by the address it was made for.
            key = row.email_key if row.external_id is None else email_key(columns["email"])
            changes.append({"of_id": told_id, **columns, "email_key": key})
    if changes:
        db.session.connection().execute(
            update(_table)
            .where(_table.c.site_id == site_id, _table.c.id == bindparam("of_id"))
            .values({name: bindparam(name) for name in _TOLD}),
            changes,
        )
