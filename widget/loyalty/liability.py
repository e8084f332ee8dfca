"""What a store owes its customers in points, and whether its books add up. Pure.

Every point that was ever issued, or given or taken by hand, is still there, was redeemed, expired, or was taken back
with a refund: that is checked against what the accounts and their lots hold.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from widget.loyalty.report_days import Days

# What entries of each kind add up to.
Sums = Mapping[str, int]


@dataclass(frozen=True)
class Flows:
    """What happened to points: all of them numbers of points, those that went as well.

    `adjusted` is what owners gave by hand or brought over, less what they took.
    """

    earned: int = 0
    gifts: int = 0
    adjusted: int = 0
    redeemed: int = 0
    expired: int = 0
    clawed_back: int = 0

    @property
    def by_rules(self) -> int:
        """Return what was earned and given by the rules."""
        return self.earned + self.gifts

    @property
    def issued(self) -> int:
        """Return what was earned and given, by the rules and by hand."""
        return self.by_rules + self.adjusted

    @property
    def kept(self) -> int:
        """Return what was issued and not taken back with a refund."""
        return self.issued - self.clawed_back

    @property
    def is_empty(self) -> bool:
        return self == Flows()

    @property
    def redemption_ratio(self) -> float | None:
        """Return which share of what was issued and kept was redeemed, None where nothing was.

        >>> Flows(earned=200, redeemed=50).redemption_ratio, Flows().redemption_ratio
        (0.25, None)
        """
        return self.redeemed / self.kept if self.kept > 0 else None

    @property
    def breakage_ratio(self) -> float | None:
        """Return which share of what was issued and kept expired unspent, None where nothing was.

        >>> Flows(earned=200, clawed_back=100, expired=25).breakage_ratio
        0.25
        """
        return self.expired / self.kept if self.kept > 0 else None


def read_flows(sums: Sums) -> Flows:
    """Return what happened, from what the entries of each kind add up to.

    Points that are held are neither spent nor free; what merges move from one account to another comes and goes.

    >>> read_flows({"earn": 10, "redeem": -6, "give_back": 2}).redeemed
    4
    """

    def total(*kinds: str) -> int:
        return sum(sums.get(kind, 0) for kind in kinds)

    return Flows(
        earned=total("earn"),
        gifts=total("gift"),
        adjusted=total("adjust"),
        redeemed=-total("redeem", "give_back"),
        expired=-total("expire", "unexpire"),
        clawed_back=-total("claw"),
    )


@dataclass(frozen=True)
class Standing:
    """What the accounts hold: points that can be spent, those to come, those held, and what customers owe."""

    members: int = 0
    outstanding: int = 0
    pending: int = 0
    held: int = 0
    debt: int = 0
    in_debt: int = 0

    @property
    def owed(self) -> int:
        """Return what a store owes: the points customers have or will have, less what they owe."""
        return self.outstanding + self.pending + self.held - self.debt


@dataclass(frozen=True)
class PointCost:
    """What a thousand points cost, as an owner reckons (`set`) or as the rewards show (`rewards`)."""

    thousand_minor: int
    currency: str
    source: str

    def of(self, points: int) -> int:
        """Return what points cost in minor units, rounded half up.

        >>> PointCost(1000, "EUR", "set").of(1550), PointCost(5, "EUR", "set").of(100)
        (1550, 1)
        """
        return (points * self.thousand_minor + 500) // 1000


@dataclass(frozen=True)
class Expiring:
    """How many points are good until the end of a month, or for longer than the others: `month` is None."""

    month: date | None
    points: int
    is_never: bool = False


@dataclass(frozen=True)
class Report:
    """What a store owes as of now, and what happened in a period."""

    days: Days
    zone: str
    standing: Standing
    ever: Flows
    period: Flows
    parts: Sequence[tuple[Days, Flows]] = ()
    expiring: Sequence[Expiring] = ()
    cost: PointCost | None = None
    in_lots: int = 0

    @property
    def accounted(self) -> int:
        """Return where every point is that was ever issued, as accounts and entries say."""
        ever = self.ever
        return self.standing.owed + ever.redeemed + ever.expired + ever.clawed_back

    @property
    def difference(self) -> int:
        """Return by how much the entries and the accounts disagree: 0 unless somebody altered a row."""
        return self.ever.issued - self.accounted

    @property
    def lots_difference(self) -> int:
        """Return by how much the accounts and their lots disagree."""
        return self.in_lots - self.standing.outstanding - self.standing.pending

    @property
    def adds_up(self) -> bool:
        return not self.difference and not self.lots_difference

    def cost_of(self, points: int) -> int | None:
        """Return what points cost in minor units, None where nobody knows."""
        return self.cost.of(points) if self.cost else None
