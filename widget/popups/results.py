"""What became of a campaign, arm by arm: the one place page, file and interface read it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, and_, func, literal, select

from widget.core.db import db
from widget.coupons.models import Coupon
from widget.customers.models import Visitor
from widget.orders.models import Order
from widget.popups.assignment import BUCKETS, HOLDOUT
from widget.popups.attribution import Bought, OrderFound, attribute
from widget.popups.experiments import Difference, RatioCheck, Sample, check_ratio, compare, find_winner, share_alpha
from widget.popups.lead_models import Lead
from widget.popups.models import Campaign, CampaignVariant, PopupExposure

MEASURES = ("conversion", "purchase", "revenue")


@dataclass(frozen=True)
class Arm:
    """One arm: who came into it, what they did, and what they bought within thirty days of it."""

    key: str
    name: str
    share: float
    visitors: int
    known: int
    conversions: int
    leads: int
    confirmed: int
    bought: Bought
    bought_known: Bought

    @property
    def is_holdout(self) -> bool:
        return self.key == HOLDOUT


@dataclass(frozen=True)
class Measure:
    """One figure compared: each arm's average, and how far it is from the control's.

    Arms of wrong sizes have lost visitors who may have been unlike the others: of them nothing `is_comparable`.
    """

    name: str
    control: str | None
    means: Mapping[str, float | None]
    differences: Mapping[str, Difference]
    is_comparable: bool = True

    @property
    def winner(self) -> str | None:
        return find_winner(self.control, self.differences) if self.control and self.is_comparable else None


@dataclass(frozen=True)
class Results:
    """A campaign's results; `currency` is that of all revenue, None before the first order."""

    campaign: Campaign
    currency: str | None
    arms: Sequence[Arm]
    measures: Mapping[str, Measure]
    ratio: RatioCheck | None
    confidence: float

    @property
    def has_holdout(self) -> bool:
        return any(arm.is_holdout for arm in self.arms)

    def total(self, count: str) -> int:
        """Return a count of all arms together."""
        return sum(getattr(arm, count) for arm in self.arms)

    @property
    def brought_minor(self) -> int:
        """What came by the campaign's codes and the addresses left in it."""
        return sum(arm.bought.by_way["coupon"] + arm.bought.by_way["claim"] for arm in self.arms)

    @property
    def left_out(self) -> int:
        return sum(arm.bought.left_out for arm in self.arms)


def read_results(campaign: Campaign, currency: str | None) -> Results:
    """Return a campaign's results as they are now."""
    arms = _read_arms(campaign)
    measured = [arm for arm in arms if not arm.is_holdout]
    compared = max(0, len(measured) - 1) + 2 * max(0, len(arms) - 1)
    alpha = share_alpha(compared)
    samples = _list_samples(arms)
    ratio = check_ratio({arm.key: arm.visitors for arm in arms}, {arm.key: arm.share for arm in arms if arm.share})
    is_comparable = ratio is None or not ratio.is_suspicious
    measures = {name: _measure(name, samples[name], alpha, is_comparable=is_comparable) for name in MEASURES}
    return Results(campaign, currency, arms, measures, ratio, 1 - alpha)


def _list_samples(arms: Sequence[Arm]) -> Mapping[str, Mapping[str, Sample]]:
    """Return what is compared, the control first.

    Nobody of a hold-out group can do what a popup asks for, so that is compared among the variants. What was bought is
    compared with a hold-out group by the orders of known visitors alone: who left an address is known in no other arm.
    """
    has_holdout = any(arm.is_holdout for arm in arms)
    bought = {arm.key: arm.bought_known if has_holdout else arm.bought for arm in arms}
    return {
        "conversion": {
            arm.key: Sample.of_events(arm.visitors, arm.conversions) for arm in arms if not arm.is_holdout
        },
        "purchase": {arm.key: bought[arm.key].purchases(arm.visitors) for arm in arms},
        "revenue": {arm.key: bought[arm.key].revenue(arm.visitors) for arm in arms},
    }  # fmt: skip


def _measure(name: str, samples: Mapping[str, Sample], alpha: float, *, is_comparable: bool) -> Measure:
    control, *others = samples
    differences = {key: compare(samples[control], samples[key], alpha) for key in others}
    means = {key: one.mean for key, one in samples.items()}
    return Measure(name, control if others else None, means, differences, is_comparable)


def _read_arms(campaign: Campaign) -> list[Arm]:
    """Return the hold-out group, where there is one, and the variants in the order of their keys."""
    of_campaign = (CampaignVariant.site_id == campaign.site_id, CampaignVariant.campaign_id == campaign.id)
    variants = db.session.scalars(select(CampaignVariant).where(*of_campaign).order_by(CampaignVariant.key)).all()
    exposed, leads = _count_exposed(campaign), _count_leads(campaign)
    found = _list_orders(campaign)
    bought, bought_known = attribute(found), attribute(found, ("known",))
    whole, withheld = sum(variant.weight for variant in variants), campaign.holdout_basis_points / BUCKETS
    shares = {variant.key: (variant.name, (1 - withheld) * variant.weight / whole) for variant in variants}
    if withheld or HOLDOUT in exposed:
        shares = {HOLDOUT: ("", withheld), **shares}
    return [
        Arm(
            key, name, share, *exposed.get(key, (0, 0, 0)), *leads.get(key, (0, 0)),
            bought.get(key, Bought()), bought_known.get(key, Bought()),
        )
        for key, (name, share) in shares.items()
    ]  # fmt: skip


def _count_exposed(campaign: Campaign) -> Mapping[str, tuple[int, int, int]]:
    statement = (
        select(PopupExposure.arm, func.count(), func.count(Visitor.customer_id), func.count(PopupExposure.converted_at))
        .join(Visitor, and_(Visitor.site_id == PopupExposure.site_id, Visitor.id == PopupExposure.visitor_id))
        .where(PopupExposure.site_id == campaign.site_id, PopupExposure.campaign_id == campaign.id)
        .group_by(PopupExposure.arm)
    )
    return {arm: (visitors, known, done) for arm, visitors, known, done in db.session.execute(statement).tuples()}


def _count_leads(campaign: Campaign) -> Mapping[str, tuple[int, int]]:
    statement = (
        select(Lead.arm, func.count(), func.count(Lead.confirmed_at))
        .where(Lead.site_id == campaign.site_id, Lead.campaign_id == campaign.id, Lead.arm.is_not(None))
        .group_by(Lead.arm)
    )
    return {str(arm): (leads, confirmed) for arm, leads, confirmed in db.session.execute(statement).tuples()}


def _list_orders(campaign: Campaign) -> list[OrderFound]:
    """Return every order that some way leads to, once for each way."""
    ways = (_known_orders(campaign), _claimed_orders(campaign), _coupon_orders(campaign))
    return [OrderFound(*row) for way in ways for row in db.session.execute(way).tuples()]


def _known_orders(campaign: Campaign) -> Select[Any]:
    exposure: Any = PopupExposure
    return (
        _select_orders("known", exposure.arm, exposure.visitor_id, exposure.first_at)
        .select_from(exposure)
        .join(Visitor, and_(Visitor.site_id == exposure.site_id, Visitor.id == exposure.visitor_id))
        .join(Order, and_(Order.site_id == Visitor.site_id, Order.customer_id == Visitor.customer_id))
        .where(exposure.site_id == campaign.site_id, exposure.campaign_id == campaign.id)
        .where(Order.placed_at >= exposure.first_at, Order.is_counted)
    )


def _claimed_orders(campaign: Campaign) -> Select[Any]:
    return (
        _select_orders("claim", Lead.arm, func.coalesce(Lead.visitor_id, Lead.id), Lead.created_at)
        .select_from(Lead)
        .join(Order, and_(Order.site_id == Lead.site_id, Order.customer_id == Lead.customer_id))
        .where(Lead.site_id == campaign.site_id, Lead.campaign_id == campaign.id, Lead.arm.is_not(None))
        .where(Order.placed_at >= Lead.created_at, Order.is_counted)
    )


def _coupon_orders(campaign: Campaign) -> Select[Any]:
    """Select the orders that used a code of the campaign's; a lead's may come from a later campaign that it joined."""
    return (
        _select_orders("coupon", Lead.arm, func.coalesce(Lead.visitor_id, Lead.id), Lead.created_at)
        .select_from(Lead)
        .join(Coupon, and_(Coupon.site_id == Lead.site_id, Coupon.id == Lead.coupon_id))
        .join(Order, and_(Order.site_id == Coupon.site_id, Order.external_id == Coupon.redeemed_by))
        .where(Lead.site_id == campaign.site_id, Lead.campaign_id == campaign.id, Lead.arm.is_not(None))
        .where(Coupon.pool_id == campaign.pool_id)
        .where(Order.placed_at >= Lead.created_at, Order.is_counted)
    )


def _select_orders(way: str, arm: Any, person: Any, since: Any) -> Select[Any]:
    money = (Order.currency, Order.net_minor, Order.reporting_minor)
    return select(literal(way), arm, person, since, Order.id, Order.placed_at, *money)
