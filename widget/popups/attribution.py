"""Which orders a campaign brought, and what each arm's visitors bought. Pure."""

import uuid
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from widget.popups.experiments import Sample

ATTRIBUTION_DAYS = 30
# An order that came in several ways counts once, by the first of them.
WAYS = ("coupon", "claim", "known")


@dataclass(frozen=True)
class OrderFound:
    """An order that a campaign may have brought, and how it was found.

    `coupon` says that it used the code the campaign gave; `claim`, that its buyer left a confirmed address;
    `known`, that a session of the buyer's account was seen in the visitor's browser, which is as likely in every arm.
    """

    way: str
    arm: str
    person: uuid.UUID
    since: datetime
    order_id: uuid.UUID
    placed_at: datetime
    currency: str
    net_minor: int
    reporting_minor: int | None


@dataclass
class Bought:
    """What the visitors of one arm bought; revenue is in the reporting currency, but for `by_currency`."""

    orders: int = 0
    left_out: int = 0
    by_way: Counter[str] = field(default_factory=Counter)
    by_currency: Counter[str] = field(default_factory=Counter)
    people: set[uuid.UUID] = field(default_factory=set)
    spent: Counter[uuid.UUID] = field(default_factory=Counter)

    @property
    def revenue_minor(self) -> int:
        return sum(self.spent.values())

    def purchases(self, visitors: int) -> Sample:
        """Return who bought, among so many visitors."""
        return Sample.of_events(visitors, len(self.people))

    def revenue(self, visitors: int) -> Sample:
        """Return what visitors spent, among so many."""
        squares = sum(float(spent) ** 2 for spent in self.spent.values())
        return Sample(visitors, len(self.spent), self.revenue_minor, squares)

    def add(self, found: OrderFound) -> None:
        """Count an order."""
        self.orders += 1
        self.people.add(found.person)
        self.by_currency[found.currency] += found.net_minor
        if found.reporting_minor is None:
            self.left_out += 1
            return
        self.by_way[found.way] += found.reporting_minor
        self.spent[found.person] += found.reporting_minor


def attribute(found: Iterable[OrderFound], ways: Sequence[str] = WAYS) -> Mapping[str, Bought]:
    """Return what each arm brought by some of the ways, each order once and within thirty days.

    >>> carol, day = uuid.UUID(int=1), datetime(2026, 5, 4)
    >>> order = OrderFound("known", "a", carol, day, uuid.UUID(int=9), day + timedelta(days=2), "EUR", 2000, 2000)
    >>> by_code = OrderFound("coupon", "a", carol, day, uuid.UUID(int=9), day + timedelta(days=2), "EUR", 2000, 2000)
    >>> late = OrderFound("known", "a", carol, day, uuid.UUID(int=8), day + timedelta(days=30), "EUR", 900, 900)
    >>> brought = attribute([order, by_code, late])["a"]
    >>> brought.orders, brought.revenue_minor, dict(brought.by_way)
    (1, 2000, {'coupon': 2000})
    """
    best: dict[uuid.UUID, OrderFound] = {}
    for one in found:
        if one.way not in ways or not one.since <= one.placed_at < one.since + timedelta(days=ATTRIBUTION_DAYS):
            continue
        other = best.get(one.order_id)
        if other is None or _rank(one) < _rank(other):
            best[one.order_id] = one
    brought: dict[str, Bought] = defaultdict(Bought)
    for order_id in sorted(best):
        brought[best[order_id].arm].add(best[order_id])
    return brought


def _rank(one: OrderFound) -> tuple[int, datetime, uuid.UUID]:
    """Return what decides between two ways to one order: the surer way, then who saw the campaign first."""
    return WAYS.index(one.way), one.since, one.person
