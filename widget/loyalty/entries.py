"""What a ledger is made of: lots of points, why entries are made, and entries that are not written yet. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

# How long a history can be: an entry's number is an integer of four bytes in the database.
MAX_NUMBER = 2**31 - 1
NEVER = datetime.max.replace(tzinfo=UTC)


class InsufficientPoints(Exception):
    """More points are asked for than can be spent."""


@dataclass
class LotState:
    """Points that came together: how many came, are left, and went unspent."""

    number: int
    source: str
    granted: int
    remaining: int
    available_at: datetime
    expires_at: datetime | None
    expired: int = 0

    @property
    def spending_order(self) -> tuple[datetime, datetime, int]:
        """Return what lots are spent by: those first that expire first."""
        return self.expires_at or NEVER, self.available_at, self.number


@dataclass(frozen=True)
class Cause:
    """Why an entry is made; `key` makes a repeat of it known."""

    source: str
    actor: str = "system"
    rule: str | None = None
    rule_version: int | None = None
    reason: Mapping[str, Any] = field(default_factory=dict)
    key: str | None = None


@dataclass(frozen=True)
class NewEntry:
    """An entry that is not written yet."""

    number: int
    delta: int
    kind: str
    cause: Cause
    available_at: datetime
    occurred_at: datetime
