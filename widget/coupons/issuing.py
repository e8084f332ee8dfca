"""Giving out coupons: each once, whoever asks at the same time."""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from widget.core.hot import HotCursor, HotStatement, Write, read_id
from widget.core.ids import new_id
from widget.coupons.codes import make_code
from widget.coupons.errors import PoolEmpty
from widget.coupons.models import CouponPool
from widget.coupons.rules import code_key

_ADD_COUPON = HotStatement(
    """
    INSERT INTO coupons (site_id, id, pool_id, code, code_key, state, customer_id, purpose, issued_at, expires_at,
        created_at)
    VALUES (:site_id, :id, :pool_id, :code, :code_key, 'issued', :customer_id, :purpose, :now, :expires_at, :now)
    """
)
_CLAIM_COUPON = HotStatement(
    """
    UPDATE coupons SET state = 'issued', customer_id = :customer_id, purpose = :purpose, issued_at = :now,
        expires_at = :expires_at
    WHERE site_id = :site_id AND id = (
        SELECT id FROM coupons WHERE site_id = :site_id AND pool_id = :pool_id AND state = 'available'
        ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED)
    RETURNING id, code
    """
)
_COUNT_CLAIM = HotStatement(
    "UPDATE coupon_pools SET available = available - 1 WHERE site_id = :site_id AND id = :pool_id"
)
_CANCEL = HotStatement(
    "UPDATE coupons SET state = 'cancelled' WHERE site_id = :site_id AND id = :coupon_id AND state = 'issued'"
)


@dataclass(frozen=True)
class Source:
    """Where a pool's codes come from and how long they are good."""

    pool_id: uuid.UUID
    is_made: bool
    prefix: str
    valid_days: int | None


@dataclass(frozen=True)
class Issued:
    """A coupon somebody has got."""

    id: uuid.UUID
    code: str
    expires_at: datetime | None


def issue_coupon(
    cursor: HotCursor, site_id: uuid.UUID, source: Source, customer_id: uuid.UUID | None, purpose: str, now: datetime
) -> Issued:
    """Make a code or claim one that nobody has, in the caller's transaction; raise PoolEmpty."""
    if source.is_made:
        issued, write = make_coupon(site_id, source, customer_id, purpose, now)
        cursor.execute(*write)
        return issued
    values = _describe(site_id, source, customer_id, purpose, now)
    rows = cursor.fetch(_CLAIM_COUPON, values)
    if not rows:
        raise PoolEmpty()
    cursor.execute(_COUNT_CLAIM, {"site_id": site_id, "pool_id": source.pool_id})
    return Issued(read_id(rows[0][0]), rows[0][1], values["expires_at"])


def make_coupon(
    site_id: uuid.UUID, source: Source, customer_id: uuid.UUID | None, purpose: str, now: datetime
) -> tuple[Issued, Write]:
    """Return a coupon with a new code, and how it is written down: until it is, nobody has it."""
    values = _describe(site_id, source, customer_id, purpose, now)
    code = make_code(source.prefix)
    issued = Issued(new_id(), code, values["expires_at"])
    return issued, (_ADD_COUPON, {**values, "id": issued.id, "code": code, "code_key": code_key(code)})


def _describe(
    site_id: uuid.UUID, source: Source, customer_id: uuid.UUID | None, purpose: str, now: datetime
) -> dict[str, Any]:
    return {
        "site_id": site_id,
        "pool_id": source.pool_id,
        "customer_id": customer_id,
        "purpose": purpose,
        "now": now,
        "expires_at": None if source.valid_days is None else now + timedelta(days=source.valid_days),
    }


def source_of(pool: CouponPool) -> Source:
    """Return where a pool's codes come from."""
    return Source(pool.id, pool.codes == "made", pool.prefix, pool.valid_days)


def cancel_coupon(cursor: HotCursor, site_id: uuid.UUID, coupon_id: uuid.UUID) -> bool:
    """Take back a coupon that no order has used; return whether that was so."""
    return cursor.execute(_CANCEL, {"site_id": site_id, "coupon_id": coupon_id}) == 1
