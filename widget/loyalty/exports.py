"""Accounts, entries and redemptions as files, each one state of the database, read page by page."""

import uuid
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from sqlalchemy import Select, and_, select

from widget.core.db import db
from widget.core.export_rows import Document, open_snapshot, read_pages, spell_time, stream_documents
from widget.core.money import to_decimal
from widget.coupons.models import Coupon, CouponPool
from widget.customers.models import Customer
from widget.loyalty.models import LedgerEntry, LoyaltyAccount
from widget.loyalty.reward_models import Redemption, Reward

_account: Any = LoyaltyAccount.__table__
_entry: Any = LedgerEntry.__table__
_redemption: Any = Redemption.__table__
_reward: Any = Reward.__table__
_coupon: Any = Coupon.__table__
_pool: Any = CouponPool.__table__
_customer: Any = Customer.__table__

POINTS_COLUMNS = (
    "customer", "email", "name", "points", "pending", "held", "debt", "lifetime", "tier", "tier_by_hand",
    "tier_until", "joined_at", "created_at",
)  # fmt: skip
LEDGER_COLUMNS = (
    "customer", "email", "number", "points", "kind", "rule", "rule_version", "source", "reason", "actor",
    "available_at", "occurred_at", "recorded_at", "key", "digest",
)  # fmt: skip
REDEMPTION_COLUMNS = (
    "id", "customer", "email", "reward", "reward_id", "points", "state", "code", "amount", "currency",
    "created_at", "held_until_at", "settled_at",
)  # fmt: skip


def stream_points(site_id: uuid.UUID, file_format: str, *, bom: bool = False) -> Iterator[bytes]:
    """Yield every customer's account as a file, oldest first; `import points` takes it in at another site."""
    is_meant = (_account.c.site_id == site_id, _account.c.merged_into_id.is_(None))
    statement = _with_customer(_account, _account).where(*is_meant)
    keys = (_account.c.created_at, _account.c.customer_id)
    batches = _read(statement, keys, lambda row: (row.created_at, row.customer_id), _describe_account)
    return stream_documents(POINTS_COLUMNS, batches, file_format, bom=bom)


def stream_ledger(site_id: uuid.UUID, file_format: str, *, bom: bool = False) -> Iterator[bytes]:
    """Yield every entry as a file, account by account, each from its first."""
    statement = _with_customer(_entry, _entry).where(_entry.c.site_id == site_id)
    keys = (_entry.c.customer_id, _entry.c.number)
    batches = _read(statement, keys, lambda row: (row.customer_id, row.number), _describe_entry)
    return stream_documents(LEDGER_COLUMNS, batches, file_format, bom=bom)


def stream_redemptions(site_id: uuid.UUID, file_format: str, *, bom: bool = False) -> Iterator[bytes]:
    """Yield every redemption as a file, oldest first."""
    is_reward = and_(_reward.c.site_id == _redemption.c.site_id, _reward.c.id == _redemption.c.reward_id)
    is_coupon = and_(_coupon.c.site_id == _redemption.c.site_id, _coupon.c.id == _redemption.c.coupon_id)
    is_pool = and_(_pool.c.site_id == _reward.c.site_id, _pool.c.id == _reward.c.pool_id)
    source = _redemption.join(_reward, is_reward).join(_pool, is_pool).outerjoin(_coupon, is_coupon)
    more = (_reward.c.texts, _coupon.c.code, _pool.c.amount_minor, _pool.c.currency)
    statement = _with_customer(_redemption, source, *more).where(_redemption.c.site_id == site_id)
    keys = (_redemption.c.created_at, _redemption.c.id)
    batches = _read(statement, keys, lambda row: (row.created_at, row.id), _describe_redemption)
    return stream_documents(REDEMPTION_COLUMNS, batches, file_format, bom=bom)


def _with_customer(table: Any, source: Any, *more: Any) -> Select[Any]:
    is_customer = and_(_customer.c.site_id == table.c.site_id, _customer.c.id == table.c.customer_id)
    names = (_customer.c.external_id.label("customer"), _customer.c.email, _customer.c.name.label("customer_name"))
    return select(table, *names, *more).select_from(source.join(_customer, is_customer))


def _read(
    statement: Select[Any], keys: tuple[Any, Any], take_key: Callable[[Any], Any], describe: Callable[[Any], Document]
) -> Iterator[Sequence[Document]]:
    engine = db.engine

    def read() -> Iterator[Sequence[Document]]:
        with open_snapshot(engine) as connection:
            for rows in read_pages(connection, statement, keys, take_key):
                yield [describe(row) for row in rows]

    return read()


def _describe_account(row: Any) -> Document:
    return {
        "customer": row.customer,
        "email": row.email,
        "name": row.customer_name,
        "points": row.balance,
        **{name: getattr(row, name) for name in ("pending", "held", "debt", "lifetime", "tier")},
        "tier_by_hand": row.is_tier_pinned,
        "tier_until": row.tier_until_on.isoformat() if row.tier_until_on else None,
        "joined_at": spell_time(row.joined_at),
        "created_at": spell_time(row.created_at),
    }


def _describe_entry(row: Any) -> Document:
    names = ("number", "kind", "rule", "rule_version", "source", "reason", "actor", "key", "digest")
    return {
        "customer": row.customer,
        "email": row.email,
        "points": row.delta,
        **{name: getattr(row, name) for name in names},
        **{name: spell_time(getattr(row, name)) for name in ("available_at", "occurred_at", "recorded_at")},
    }


def _describe_redemption(row: Any) -> Document:
    texts = [row.texts.get("en"), *row.texts.values()]
    return {
        "id": str(row.id),
        "customer": row.customer,
        "email": row.email,
        "reward": next((text["name"] for text in texts if text and text.get("name")), None),
        "reward_id": str(row.reward_id),
        "points": row.points,
        "state": row.state,
        "code": row.code,
        "amount": None if row.amount_minor is None else to_decimal(row.amount_minor, row.currency),
        "currency": row.currency,
        **{name: spell_time(getattr(row, name)) for name in ("created_at", "held_until_at", "settled_at")},
    }
