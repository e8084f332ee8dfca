"""What a program pays: the rules of one version, read from their document. Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

from widget.loyalty.basis import Basis, Bought, basis_of
from widget.loyalty.rules import THOUSAND, Step, Window, expiry_of, points_for_amount

EXPIRIES = ("none", "lot", "inactivity")
EARNING_STATES = ("paid", "fulfilled", "delivered")
LIMIT_PERIODS = ("day", "week", "month", "year", "ever")
# What may earn points beside orders; events of the store and social actions have names of their own.
ACTIONS = ("signup", "birthday", "anniversary", "review", "survey", "profile")
NAMED_ACTION = re.compile(r"(?:event|social)\.[a-z0-9_-]{1,40}")
MAX_POINTS = 1_000_000
ONE = Fraction(1)


@dataclass(frozen=True)
class Spending:
    """So many points for each whole block of money."""

    points: int
    per_minor: int
    earns_on: str
    basis: Basis


@dataclass(frozen=True)
class Action:
    """Points for something done; with `extra_points` for more of it, such as a photo with a review."""

    key: str
    points: int
    extra_points: int = 0
    limit: int | None = None
    per: str = "ever"
    url: str | None = None


@dataclass(frozen=True)
class Tier:
    """One tier with what it gives."""

    key: str
    names: Mapping[str, str]
    threshold: int
    multiplier_thousandths: int = THOUSAND
    percent_off_basis_points: int = 0
    free_shipping_from_minor: int | None = None
    has_early_access: bool = False
    gift_points: int = 0
    gift_pool: str | None = None


@dataclass(frozen=True)
class Campaign:
    """More points for a while, for everybody or for a segment or a tier."""

    key: str
    name: str
    multiplier_thousandths: int
    starts_at: datetime
    ends_at: datetime
    segment: str | None = None
    tier: str | None = None

    def runs(self, now: datetime, tier: str | None, segments: frozenset[str]) -> bool:
        """Return whether it counts now for a customer of a tier and of segments."""
        if not self.starts_at <= now < self.ends_at:
            return False
        return (self.segment is None or self.segment in segments) and (self.tier is None or self.tier == tier)


@dataclass(frozen=True)
class Program:
    """The rules of one version."""

    version: int
    currency: str
    zone: ZoneInfo
    is_automatic: bool
    spending: Spending | None
    actions: Mapping[str, Action]
    pending_days: int
    expiry: str
    expiry_months: int
    expires_at_month_end: bool
    is_kept_alive_by_purchases_only: bool
    debt_limit: int | None
    measure: str
    window: Window
    tiers: Sequence[Tier] = ()
    campaigns: Sequence[Campaign] = ()
    names: Mapping[str, Sequence[str]] = field(default_factory=dict)

    @property
    def steps(self) -> list[Step]:
        """Return the tiers as their thresholds."""
        return [Step(tier.key, tier.threshold) for tier in self.tiers]

    def find_tier(self, key: str | None) -> Tier | None:
        """Return a tier by its key."""
        return next((tier for tier in self.tiers if tier.key == key), None)

    def multiplier(self, now: datetime, tier_key: str | None, segments: frozenset[str]) -> int:
        """Return what a customer's points are multiplied with, in thousandths: tier times the best campaign."""
        tier = self.find_tier(tier_key)
        best = max(
            (campaign.multiplier_thousandths for campaign in self.campaigns if campaign.runs(now, tier_key, segments)),
            default=THOUSAND,
        )
        return (tier.multiplier_thousandths if tier else THOUSAND) * best // THOUSAND

    def points_for(self, order: Bought, multiplier_thousandths: int, unit: Fraction = ONE) -> int:
        """Return what an order earns as it stands; its minor unit is so much of the program's currency."""
        if self.spending is None:
            return 0
        amount = self.amount_of(order, unit)
        return points_for_amount(amount, self.spending.per_minor, self.spending.points, multiplier_thousandths)

    def amount_of(self, order: Bought, unit: Fraction = ONE) -> Fraction:
        """Return what of an order earns points, in minor units of the program's currency."""
        return basis_of(order, self.spending.basis) * unit if self.spending else Fraction(0)

    def available_at(self, earned_at: datetime) -> datetime:
        """Return when points can be spent."""
        return earned_at + timedelta(days=self.pending_days)

    def expires_at(self, available_at: datetime) -> datetime | None:
        """Return when points are gone, None where lots do not expire by themselves."""
        if self.expiry != "lot":
            return None
        return expiry_of(available_at, self.expiry_months, self.zone, to_month_end=self.expires_at_month_end)

    def inactive_at(self, active_at: datetime) -> datetime | None:
        """Return when everything is gone unless something happens, None where inactivity costs nothing."""
        if self.expiry != "inactivity":
            return None
        return expiry_of(active_at, self.expiry_months, self.zone, to_month_end=self.expires_at_month_end)


def default_rules(currency: str, time_zone: str) -> dict[str, Any]:
    """Return the document of a program to start from.

    >>> read_program(1, default_rules("EUR", "Europe/Rome")).actions["review"].points
    20
    """
    return {
        "currency": currency,
        "time_zone": time_zone,
        "names": {},
        "enrolment": "automatic",
        "spend": {
            "points": 1,
            "per_minor": 100,
            "earns_on": "paid",
            "with_tax": False,
            "with_shipping": False,
            "excluded_products": [],
        },
        "actions": [
            {"key": "signup", "points": 50, "limit": 1, "per": "ever"},
            {"key": "review", "points": 20, "extra_points": 10, "limit": 5, "per": "month"},
            {"key": "survey", "points": 10, "limit": 2, "per": "month"},
        ],
        "pending_days": 14,
        "expiry": {"kind": "lot", "months": 12, "to_month_end": True, "purchases_only": False},
        "debt_limit": None,
        "tiers": {"measure": "points", "window": {"kind": "rolling", "months": 12, "grace_days": 30}, "steps": []},
        "campaigns": [],
    }


def read_program(version: int, rules: Mapping[str, Any]) -> Program:
    """Return a program from a document that `program_checks.py` has let through."""
    spend, expiry, tiers = rules["spend"], rules["expiry"], rules["tiers"]
    window = tiers["window"]
    return Program(
        version=version,
        currency=rules["currency"],
        zone=ZoneInfo(rules["time_zone"]),
        is_automatic=rules["enrolment"] == "automatic",
        spending=_read_spending(spend) if spend else None,
        actions={action["key"]: Action(**action) for action in rules["actions"]},
        pending_days=rules["pending_days"],
        expiry=expiry["kind"],
        expiry_months=expiry["months"],
        expires_at_month_end=expiry["to_month_end"],
        is_kept_alive_by_purchases_only=expiry["purchases_only"],
        debt_limit=rules["debt_limit"],
        measure=tiers["measure"],
        window=Window(window["kind"], window["months"], window["grace_days"]),
        tiers=sorted((Tier(**step) for step in tiers["steps"]), key=lambda tier: tier.threshold),
        campaigns=[_read_campaign(campaign) for campaign in rules["campaigns"]],
        names=rules["names"],
    )


def _read_spending(spend: Mapping[str, Any]) -> Spending:
    basis = Basis(spend["with_tax"], spend["with_shipping"], frozenset(spend["excluded_products"]))
    return Spending(spend["points"], spend["per_minor"], spend["earns_on"], basis)


def _read_campaign(campaign: Mapping[str, Any]) -> Campaign:
    times = {name: datetime.fromisoformat(campaign[name]) for name in ("starts_at", "ends_at")}
    return Campaign(**{**campaign, **times})
