"""Referrals as a file: one state of the database, read page by page."""

import uuid
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import and_, select

from widget.core.db import db
from widget.core.export_rows import Document, open_snapshot, read_pages, spell_time, stream_documents
from widget.core.money import to_decimal
from widget.customers.models import Customer
from widget.orders.models import Order
from widget.referrals.models import Advocate, Referral

COLUMNS = (
    "id", "advocate", "code", "friend", "friend_email", "state", "channel", "order", "amount", "currency", "flags",
    "version", "claimed_at", "qualifies_at", "rewarded_at",
)  # fmt: skip
_referral: Any = Referral.__table__
_advocate: Any = Advocate.__table__
_order: Any = Order.__table__
_bringer: Any = Customer.__table__.alias("bringer")
_friend: Any = Customer.__table__.alias("friend")


def stream_referrals(site_id: uuid.UUID, file_format: str, *, bom: bool = False) -> Iterator[bytes]:
    """Yield every referral as a file, the first claimed first."""

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
    statement = select(_referral, *more).select_from(source).where(_referral.c.site_id == site_id)
    engine = db.engine

    def read() -> Iterator[Sequence[Document]]:
        keys = (_referral.c.claimed_at, _referral.c.id)
        with open_snapshot(engine) as connection:
            for rows in read_pages(connection, statement, keys, lambda row: (row.claimed_at, row.id)):
                yield [_describe(row) for row in rows]

    return stream_documents(COLUMNS, read(), file_format, bom=bom)


def _describe(row: Any) -> Document:
    names = ("advocate", "code", "friend", "friend_email", "state", "channel", "order", "currency", "version")
    return {
        "id": str(row.id),
        **{name: getattr(row, name) for name in names},
        "amount": None if row.net_minor is None else to_decimal(row.net_minor, row.currency),
        "flags": [flag["rule"] for flag in row.flags],
        **{name: spell_time(getattr(row, name)) for name in ("claimed_at", "qualifies_at", "rewarded_at")},
    }
