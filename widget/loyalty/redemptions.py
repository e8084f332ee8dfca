"""Reading and settling redemptions as the ledger sees them."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from widget.core.hot import HotCursor, HotStatement, read_id, read_time
from widget.loyalty.entries import Cause

_REDEMPTION = HotStatement(
    """
    SELECT r.customer_id, r.reward_id, r.points, r.state, r.entry_customer_id, r.entry_number, r.held_until_at, c.code,
        c.expires_at, c.id
    FROM loyalty_redemptions r LEFT JOIN coupons c ON c.site_id = r.site_id AND c.id = r.coupon_id
    WHERE r.site_id = :site_id AND r.id = :id
    """
)
_SETTLE = HotStatement(
    """
    UPDATE loyalty_redemptions SET state = :state, coupon_id = :coupon_id, held_until_at = NULL, settled_at = :now,
        entry_customer_id = :entry_customer_id, entry_number = :entry_number
    WHERE site_id = :site_id AND id = :id
    """
)


@dataclass(frozen=True)
class KnownRedemption:
    """A redemption as it is stored, with its coupon."""

    id: uuid.UUID
    customer_id: uuid.UUID
    reward_id: uuid.UUID
    points: int
    state: str
    entry_customer_id: uuid.UUID
    entry_number: int
    held_until_at: datetime | None
    code: str | None
    expires_at: datetime | None
    coupon_id: uuid.UUID | None

    def cause(self, actor: str) -> Cause:
        """Return why an entry that settles it is made."""
        return Cause(f"redemption:{self.id}", actor=actor, reason={"reward": str(self.reward_id), "price": self.points})


def find_redemption(cursor: HotCursor, site_id: uuid.UUID, redemption_id: uuid.UUID) -> KnownRedemption | None:
    """Return a redemption, None where there is none."""
    rows = cursor.fetch(_REDEMPTION, {"site_id": site_id, "id": redemption_id})
    if not rows:
        return None
    row = rows[0]
    return KnownRedemption(
        id=redemption_id,
        customer_id=read_id(row[0]),
        reward_id=read_id(row[1]),
        points=row[2],
        state=row[3],
        entry_customer_id=read_id(row[4]),
        entry_number=row[5],
        held_until_at=read_time(row[6]),
        code=row[7],
        expires_at=read_time(row[8]),
        coupon_id=read_id(row[9]) if row[9] else None,
    )


def settle_redemption(
    cursor: HotCursor,
    site_id: uuid.UUID,
    known: KnownRedemption,
    state: str,
    now: datetime,
    *,
    coupon_id: uuid.UUID | None = None,
    entry_number: int | None = None,
) -> None:
    """Write down what has become of a redemption."""
    cursor.execute(
        _SETTLE,
        {
            "site_id": site_id,
            "id": known.id,
            "state": state,
            "coupon_id": coupon_id or known.coupon_id,
            "now": now,
            "entry_customer_id": known.customer_id if entry_number else known.entry_customer_id,
            "entry_number": entry_number or known.entry_number,
        },
    )
