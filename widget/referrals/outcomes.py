"""What a referral is as everything stands: decided from the whole each time, so any order of news ends alike. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

# Why a referral that could not be right was rejected, or reversed after the reward.
NEVER_RIGHT = ("refused", "self", "brought_before", "customer_before")


@dataclass(frozen=True)
class Bought:
    """One order of the friend; `was_enough` says that it reached the minimum before anything came back of it."""

    id: Any
    placed_at: datetime
    paid_at: datetime | None
    is_counted: bool
    is_enough: bool
    was_enough: bool

    @property
    def is_good(self) -> bool:
        """Return whether it is paid and still worth enough."""
        return self.is_counted and self.paid_at is not None and self.is_enough

    @property
    def is_taken_back(self) -> bool:
        """Return whether it was worth enough and is no more: cancelled, or refunded."""
        return self.was_enough and (not self.is_counted or (self.paid_at is not None and not self.is_enough))


@dataclass(frozen=True)
class Facts:
    """What is known of a referral, and its state until now; `is_brought_before`: another claim came first."""

    state: str
    claimed_at: datetime
    orders: Sequence[Bought] = ()
    is_refused: bool = False
    is_self: bool = False
    is_brought_before: bool = False
    has_flags: bool = False
    is_passed: bool = False

    @property
    def is_held(self) -> bool:
        """Return whether it waits for the owner."""
        return self.has_flags and not self.is_passed


@dataclass(frozen=True)
class Outcome:
    """A state with why it is so, and the order that counts."""

    state: str
    because: str
    order_id: Any = None
    qualifies_at: datetime | None = None


def decide(facts: Facts, hold_days: int, claim_days: int, now: datetime) -> Outcome:
    """Return what a referral is now; it is rewarded by the one who gives the reward, never by this.

    >>> from datetime import UTC
    >>> noon = datetime(2026, 5, 4, 12, tzinfo=UTC)
    >>> order = Bought("o", noon, noon, is_counted=True, is_enough=True, was_enough=True)
    >>> decide(Facts("claimed", noon, [order]), 30, 90, noon).state
    'qualified'
    >>> decide(Facts("claimed", noon, [order], has_flags=True), 30, 90, noon).state
    'held'
    >>> decide(Facts("claimed", noon), 30, 90, noon + timedelta(days=91)).state
    'expired'
    >>> cancelled = Bought("o", noon, noon, is_counted=False, is_enough=False, was_enough=True)
    >>> decide(Facts("rewarded", noon, [cancelled]), 30, 90, noon).state
    'reversed'
    """
    ends_at = facts.claimed_at + timedelta(days=claim_days)
    lost = "reversed" if facts.state in ("rewarded", "reversed") else "rejected"
    reason = _find_refusal(facts)
    if reason is not None:
        return Outcome(lost, reason)
    orders = sorted(facts.orders, key=lambda order: (order.placed_at, str(order.id)))
    counting = [order for order in orders if facts.claimed_at <= order.placed_at <= ends_at]
    paid = [order for order in counting if order.is_good]
    good = min(paid, key=lambda order: (order.paid_at or now, order.placed_at, str(order.id)), default=None)
    if good is not None:
        return _wait_for_window(facts, good, hold_days, now)
    gone = next((order for order in counting if order.is_taken_back), None)
    if gone is not None:
        return Outcome(lost, "order_taken_back", gone.id)
    if now > ends_at:
        return Outcome("expired", "no_order")
    return Outcome("held", "flagged") if facts.is_held else Outcome("claimed", "waits_for_order")


def _find_refusal(facts: Facts) -> str | None:
    has_bought = any(order.paid_at is not None and order.placed_at < facts.claimed_at for order in facts.orders)
    answers = (facts.is_refused, facts.is_self, facts.is_brought_before, has_bought)
    return next((reason for reason, is_so in zip(NEVER_RIGHT, answers, strict=True) if is_so), None)


def _wait_for_window(facts: Facts, order: Bought, hold_days: int, now: datetime) -> Outcome:
    assert order.paid_at is not None  # noqa: S101 - a good order is paid.
    due = order.paid_at + timedelta(days=hold_days)
    # What was given stays, however suspicious it has become; the owner may take it back.
    if facts.state == "rewarded" and due <= now:
        return Outcome("rewarded", "window_closed", order.id, due)
    if facts.is_held:
        return Outcome("held", "flagged", order.id, due)
    return Outcome("qualified", "waits_for_window", order.id, due)
