"""What other rules would change for points and tiers that customers have already; nothing is written."""

import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cache
from itertools import groupby

from sqlalchemy import select

from widget.core.db import db
from widget.loyalty.models import Lot, LoyaltyAccount
from widget.loyalty.order_models import QualifyingDay
from widget.loyalty.program import Program
from widget.loyalty.rules import day_in, tier_on, window_start

_BATCH = 2_000


@dataclass
class Affected:
    """How many points of how many customers."""

    points: int = 0
    customers: set[uuid.UUID] = field(default_factory=set)

    def add(self, customer_id: uuid.UUID, points: int) -> None:
        self.points += points
        self.customers.add(customer_id)

    @property
    def customer_count(self) -> int:
        return len(self.customers)


@dataclass(frozen=True)
class ExpiryPreview:
    """What the expiry of rules would do to points there are: gone at once, or good for a shorter or a longer time."""

    lost: Affected = field(default_factory=Affected)
    sooner: Affected = field(default_factory=Affected)
    later: Affected = field(default_factory=Affected)

    @property
    def figures(self) -> dict[str, int]:
        """Return the figures by which a preview is confirmed."""
        parts = {"lost": self.lost, "sooner": self.sooner, "later": self.later}
        counted = ((f"{name}_customers", part.customer_count) for name, part in parts.items())
        return dict(counted) | {f"{name}_points": part.points for name, part in parts.items()}

    @property
    def changes_something(self) -> bool:
        return bool(self.lost.points or self.sooner.points or self.later.points)


@dataclass(frozen=True)
class TierPreview:
    """Who would be in a higher and who in a lower tier."""

    up: list[uuid.UUID] = field(default_factory=list)
    down: list[uuid.UUID] = field(default_factory=list)


def preview_expiry(site_id: uuid.UUID, rules: Program, now: datetime) -> ExpiryPreview:
    """Return what would be different if the expiry of rules applied to points already given.

    What time alone has taken by now, whether it is written down yet or not, is no change.
    """
    preview = ExpiryPreview()
    inactive_at = rules.inactive_at(now)
    # Lots of one day end together, so each day is reckoned once.
    end_of = cache(rules.expires_at)
    for customer_id, remaining, available_at, expires_at, ends_at in _list_lots(site_id, now):
        is_available = available_at <= now
        before = _earliest(expires_at, ends_at)
        after = _earliest(end_of(available_at), inactive_at)
        if after is not None and after <= now and is_available:
            preview.lost.add(customer_id, remaining)
        elif before != after:
            is_sooner = before is None or (after is not None and after < before)
            (preview.sooner if is_sooner else preview.later).add(customer_id, remaining)
    return preview


def preview_tiers(site_id: uuid.UUID, current: Program, rules: Program, now: datetime) -> TierPreview:
    """Return whose tier would be another by other rules; a tier that an owner pinned stays."""
    preview = TierPreview()
    today = day_in(now, rules.zone)
    amounts_by_customer = _read_amounts(site_id, rules, today)
    before = {tier.key: tier.threshold for tier in current.tiers}
    after = {tier.key: tier.threshold for tier in rules.tiers}
    for customer_id, tier in _list_accounts(site_id):
        wanted = tier_on(amounts_by_customer.get(customer_id, {}), today, rules.window, rules.steps)
        if wanted == tier:
            continue
        old = after.get(tier, before.get(tier, 0)) if tier else 0
        new = after.get(wanted, 0) if wanted else 0
        (preview.up if new > old else preview.down).append(customer_id)
    return preview


def _list_lots(
    site_id: uuid.UUID, now: datetime
) -> Iterator[tuple[uuid.UUID, int, datetime, datetime | None, datetime | None]]:
    """Yield the lots that have points left now, with the end of their account by inactivity."""
    is_same = (LoyaltyAccount.site_id == Lot.site_id) & (LoyaltyAccount.customer_id == Lot.customer_id)
    statement = (
        select(Lot.customer_id, Lot.remaining, Lot.available_at, Lot.expires_at, LoyaltyAccount.inactive_at)
        .join(LoyaltyAccount, is_same)
        .where(Lot.site_id == site_id, Lot.is_live)
    )
    for row in db.session.execute(statement.execution_options(yield_per=_BATCH)).tuples():
        _, _, available_at, expires_at, inactive_at = row
        is_gone = any(end is not None and end <= now for end in (expires_at, inactive_at))
        if not (is_gone and available_at <= now):
            yield row


def _list_accounts(site_id: uuid.UUID) -> Iterator[tuple[uuid.UUID, str | None]]:
    """Yield the accounts whose tier follows the rules, with the tier they have."""
    statement = select(LoyaltyAccount.customer_id, LoyaltyAccount.tier).where(
        LoyaltyAccount.site_id == site_id, LoyaltyAccount.merged_into_id.is_(None), ~LoyaltyAccount.is_tier_pinned
    )
    yield from db.session.execute(statement.order_by(LoyaltyAccount.customer_id)).tuples()


def _read_amounts(site_id: uuid.UUID, rules: Program, today: date) -> Mapping[uuid.UUID, Mapping[date, int]]:
    """Return what may count for tiers, by customer and day."""
    if not rules.tiers:
        return {}
    measures = {"points": QualifyingDay.points, "spend": QualifyingDay.spend_minor, "orders": QualifyingDay.orders}
    measure = measures[rules.measure]
    first = window_start(today - timedelta(days=rules.window.grace_days), rules.window)
    statement = (
        select(QualifyingDay.customer_id, QualifyingDay.day, measure)
        .where(QualifyingDay.site_id == site_id, QualifyingDay.day >= first, measure != 0)
        .order_by(QualifyingDay.customer_id)
    )
    rows = db.session.execute(statement).tuples()
    return {key: {day: amount for _, day, amount in of_one} for key, of_one in groupby(rows, lambda row: row[0])}


def _earliest(*moments: datetime | None) -> datetime | None:
    return min((moment for moment in moments if moment is not None), default=None)
