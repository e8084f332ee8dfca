"""Referrals, advocates and entries of contests as files: one state of the database, read page by page."""

import uuid
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import and_, select

from widget.core.db import db
from widget.core.export_rows import Document, open_snapshot, read_pages, spell_time, stream_documents
from widget.core.money import to_decimal
from widget.customers.models import Customer
from widget.orders.models import Order
from widget.referrals.contest_models import Contest, ContestEntry
from widget.referrals.models import Advocate, Referral
from widget.referrals.owner_queries import select_advocates
from widget.referrals.queries import ReferralFilter, list_conditions
from widget.referrals.rules import ticket

COLUMNS = (
    "id", "advocate", "code", "friend", "friend_email", "state", "channel", "order", "amount", "currency", "flags",
    "version", "claimed_at", "qualifies_at", "rewarded_at",
)  # fmt: skip
ADVOCATE_COLUMNS = (
    "customer", "name", "email", "code", "claims", "held", "rewarded", "orders", "revenue", "currency",
    "orders_without_rate", "is_blocked", "created_at",
)  # fmt: skip
ENTRY_COLUMNS = ("id", "customer", "name", "link", "state", "ticket", "has_won", "created_at")
_entry: Any = ContestEntry.__table__
_referral: Any = Referral.__table__
_advocate: Any = Advocate.__table__
_order: Any = Order.__table__
_bringer: Any = Customer.__table__.alias("bringer")
_friend: Any = Customer.__table__.alias("friend")


def stream_referrals(
    site_id: uuid.UUID, file_format: str, *, bom: bool = False, wanted: ReferralFilter | None = None
) -> Iterator[bytes]:
    """Yield the referrals a filter means as a file, all without one, the first claimed first."""

    def is_same(table: Any, own: Any, other: Any) -> Any:
        return and_(table.c.site_id == _referral.c.site_id, own == other)

    source = (
        _referral.join(_advocate, is_same(_advocate, _advocate.c.customer_id, _referral.c.advocate_id))
        .join(_bringer, is_same(_bringer, _bringer.c.id, _referral.c.advocate_id))
        .outerjoin(_friend, is_same(_friend, _friend.c.id, _referral.c.friend_id))
        .outerjoin(_order, is_same(_order, _order.c.id, _referral.c.order_id))
    )
    more = (
        _advocate.c.code,
        _bringer.c.external_id.label("advocate"),
        _friend.c.external_id.label("friend"),
        _order.c.external_id.label("order"),
        _order.c.net_minor,
        _order.c.currency,
    )
    statement = select(_referral, *more).select_from(source)
    statement = statement.where(*list_conditions(site_id, wanted or ReferralFilter()))
    engine = db.engine

    def read() -> Iterator[Sequence[Document]]:
        keys = (_referral.c.claimed_at, _referral.c.id)
        with open_snapshot(engine) as connection:
            for rows in read_pages(connection, statement, keys, lambda row: (row.claimed_at, row.id)):
                yield [_describe(row) for row in rows]

    return stream_documents(COLUMNS, read(), file_format, bom=bom)


def stream_advocates(
    site_id: uuid.UUID, currency: str | None, file_format: str, *, bom: bool = False
) -> Iterator[bytes]:
    """Yield every advocate with what they have brought as a file, the first one first."""
    statement, engine = select_advocates(site_id), db.engine

    def read() -> Iterator[Sequence[Document]]:
        keys = (_advocate.c.created_at, _advocate.c.customer_id)
        with open_snapshot(engine) as connection:
            for rows in read_pages(connection, statement, keys, lambda row: (row.created_at, row.customer_id)):
                yield [_describe_advocate(row, currency) for row in rows]

    return stream_documents(ADVOCATE_COLUMNS, read(), file_format, bom=bom)


def stream_entries(contest: Contest, file_format: str, *, bom: bool = False) -> Iterator[bytes]:
    """Yield the entries of a contest as a file, the first one first; each has its ticket once the winner is drawn."""
    is_same = and_(_bringer.c.site_id == _entry.c.site_id, _bringer.c.id == _entry.c.customer_id)
    more = (_bringer.c.external_id, _bringer.c.name)
    statement = select(_entry, *more).select_from(_entry.join(_bringer, is_same))
    statement = statement.where(_entry.c.site_id == contest.site_id, _entry.c.contest_id == contest.id)
    seed, engine = contest.seed if contest.drawn_at else None, db.engine

    def read() -> Iterator[Sequence[Document]]:
        keys = (_entry.c.created_at, _entry.c.id)
        with open_snapshot(engine) as connection:
            for rows in read_pages(connection, statement, keys, lambda row: (row.created_at, row.id)):
                yield [_describe_entry(row, seed) for row in rows]

    return stream_documents(ENTRY_COLUMNS, read(), file_format, bom=bom)


def _describe_entry(row: Any, seed: str | None) -> Document:
    return {
        "id": str(row.id),
        "customer": row.external_id,
        **{name: getattr(row, name) for name in ("name", "link", "state")},
        "ticket": ticket(seed, str(row.id)) if seed and row.state == "approved" else None,
        "has_won": row.won_at is not None,
        "created_at": spell_time(row.created_at),
    }


def _describe_advocate(row: Any, currency: str | None) -> Document:
    has_revenue = currency is not None and row.orders > row.unrated
    return {
        "customer": row.external_id,
        **{name: getattr(row, name) for name in ("name", "email", "code", "claims", "held", "rewarded", "orders")},
        "revenue": to_decimal(int(row.revenue_minor), currency) if has_revenue and currency else None,
        "currency": currency,
        "orders_without_rate": row.unrated,
        "is_blocked": row.blocked_at is not None,
        "created_at": spell_time(row.created_at),
    }


def _describe(row: Any) -> Document:
    names = ("advocate", "code", "friend", "friend_email", "state", "channel", "order", "currency", "version")
    return {
        "id": str(row.id),
        **{name: getattr(row, name) for name in names},
        "amount": None if row.net_minor is None else to_decimal(row.net_minor, row.currency),
        "flags": [flag["rule"] for flag in row.flags],
        **{name: spell_time(getattr(row, name)) for name in ("claimed_at", "qualifies_at", "rewarded_at")},
    }
