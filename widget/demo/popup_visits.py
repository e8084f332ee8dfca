"""Made-up visitors of Maple Store's campaigns: what they saw, the addresses they left, and what they bought then."""

import random
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from typing import Any

from sqlalchemy import insert, select

from widget.core.db import db, session_cursor
from widget.coupons.issuing import issue_coupon, source_of
from widget.coupons.models import CouponPool
from widget.customers.models import Customer, Visitor
from widget.customers.rules import Buyer, email_key
from widget.demo.catalogue import CURRENCY, PRODUCTS, SHOPPERS_BY_ID
from widget.demo.checkout import DELIVERY_MINOR, FREE_DELIVERY_FROM_MINOR
from widget.demo.generator import HOUR_WEIGHTS, LANGUAGE_SHARES, make_id
from widget.demo.orders import describe_line
from widget.demo.people import FIRST_NAMES, LAST_NAMES
from widget.intake.service import take_orders
from widget.orders.documents import OrderDocument
from widget.orders.models import Order
from widget.popups.assignment import HOLDOUT, assign_arm
from widget.popups.consents import hash_text
from widget.popups.lead_models import Lead, LeadConsent
from widget.popups.models import Campaign, CampaignVersion, PopupExposure, PopupImpression
from widget.popups.queries import list_variants
from widget.sites.models import Site

KNOWN_RATIO, DISMISSED_RATIO, BUYS_RATIO = 0.3, 0.75, 0.4
LONGEST_VISIT = timedelta(minutes=2)
_Row = dict[str, Any]


@dataclass(frozen=True)
class VisitPlan:
    """How many visitors meet a campaign in a day, and which share of each arm leaves an address and confirms it.

    Strangers' addresses are numbered from `first_number`.
    """

    first_number: int
    met_a_day: int
    won: Mapping[str, float]
    confirmed_ratio: float
    triggers: tuple[str | None, ...]
    source: str


# The second content wins people, something for the owner to find.
LEAVING = VisitPlan(7001, 42, {"a": 0.05, "b": 0.15}, 1, ("exit", "exit", "touch"), "popup")
NEWSLETTER = VisitPlan(9001, 9, {"a": 0.12}, 0.8, (None,), "inline")


@dataclass(frozen=True)
class Person:
    """Who left an address; an account of the shop has an id there."""

    email: str
    name: str
    customer_id: uuid.UUID | None = None
    account_id: str | None = None


@dataclass(frozen=True)
class VisitRows:
    """What is written down of some visits, and the orders that used a code of the campaign."""

    visitors: list[_Row] = field(default_factory=list)
    exposures: list[_Row] = field(default_factory=list)
    impressions: list[_Row] = field(default_factory=list)
    leads: list[_Row] = field(default_factory=list)
    consents: list[_Row] = field(default_factory=list)
    orders: list[OrderDocument] = field(default_factory=list)


def make_visits(site: Site, campaign: Campaign, plan: VisitPlan, shop_origin: str, now: datetime) -> None:
    """Store who has met a campaign since it is live, in the caller's transaction."""
    rows = _VisitMaker(site, campaign, plan, shop_origin, now).make()
    connection = db.session.connection()
    pairs = (
        (Visitor, rows.visitors),
        (PopupExposure, rows.exposures),
        (PopupImpression, rows.impressions),
        (Lead, rows.leads),
        (LeadConsent, rows.consents),
    )
    for model, made in pairs:
        connection.execute(insert(model), made)
    if rows.orders:
        take_orders(site.id, rows.orders, "api")


class _VisitMaker:
    def __init__(self, site: Site, campaign: Campaign, plan: VisitPlan, shop_origin: str, now: datetime) -> None:
        self._site_id, self._campaign, self._plan, self._now = site.id, campaign, plan, now
        self._shop_origin = shop_origin
        self._rng = random.Random(f"maple {plan.source}")  # noqa: S311 - made-up people, no secrets.
        self._weights = {v.key: v.weight for v in list_variants(site.id, [campaign.id])[campaign.id]}
        version = db.session.get_one(CampaignVersion, (site.id, campaign.id, campaign.version))
        self._texts = version.consents
        self._pool = db.session.get_one(CouponPool, (site.id, campaign.pool_id)) if campaign.pool_id else None
        self._known = _list_known(site.id, campaign.created_at)
        self._rng.shuffle(self._known)
        self._rows = VisitRows()

    def make(self) -> VisitRows:
        """Return the rows of all visits; only codes are given out in passing."""
        for at in self._list_moments():
            self._visit(at)
        return self._rows

    def _list_moments(self) -> Iterator[datetime]:
        since: datetime = self._campaign.created_at
        for number in range((self._now.date() - since.date()).days + 1):
            day = since.date() + timedelta(days=number)
            for _ in range(self._rng.randint(self._plan.met_a_day * 3 // 4, self._plan.met_a_day * 5 // 4)):
                (hour,) = self._rng.choices(range(24), HOUR_WEIGHTS)
                at = datetime.combine(day, time(hour), UTC) + timedelta(seconds=self._rng.random() * 3600)
                if since <= at < self._now - LONGEST_VISIT:
                    yield at

    def _visit(self, at: datetime) -> None:
        rng, plan = self._rng, self._plan
        person = self._known.pop() if self._known and rng.random() < KNOWN_RATIO else None
        visitor_id = make_id(rng, at)
        arm = assign_arm(self._campaign.id, visitor_id, self._campaign.holdout_basis_points, self._weights)
        is_won = arm != HOLDOUT and rng.random() < plan.won[arm]
        is_dismissed = plan.source == "popup" and arm != HOLDOUT and not is_won and rng.random() < DISMISSED_RATIO
        page_url = f"{self._shop_origin}/shop/products/{rng.choice(PRODUCTS).slug}"
        of_site = {"site_id": self._site_id}
        of_campaign = {**of_site, "campaign_id": self._campaign.id, "visitor_id": visitor_id, "arm": arm}
        customer_id = person.customer_id if person else None
        merged_at = at if person else None
        self._rows.visitors.append(
            {**of_site, "id": visitor_id, "customer_id": customer_id, "created_at": at, "merged_at": merged_at}
        )
        won_at = at + timedelta(seconds=rng.randrange(12, 70))
        self._rows.exposures.append({**of_campaign, "first_at": at, "converted_at": won_at if is_won else None})
        shown = {"id": make_id(rng, at), "trigger": rng.choice(plan.triggers), "page_url": page_url, "shown_at": at}
        left_at = at + timedelta(seconds=rng.randrange(2, 20)) if is_dismissed else None
        self._rows.impressions.append({**of_campaign, **shown, "dismissed_at": left_at})
        if is_won:
            self._win(person or self._find_stranger(), visitor_id, arm, page_url, won_at)

    def _find_stranger(self) -> Person:
        number = self._plan.first_number + len(self._rows.leads)
        first, last = self._rng.choice(FIRST_NAMES), self._rng.choice(LAST_NAMES)
        return Person(f"{first}.{last}.{number}@shoppers.example".lower(), f"{first} {last}")

    def _win(self, person: Person, visitor_id: uuid.UUID, arm: str, page_url: str, at: datetime) -> None:
        lead_id = make_id(self._rng, at)
        (language,) = self._rng.choices(list(LANGUAGE_SHARES), list(LANGUAGE_SHARES.values()))
        confirmed_at = self._find_confirmation(at)
        self._rows.leads.append(
            {
                "site_id": self._site_id,
                "id": lead_id,
                "email": person.email,
                "email_key": email_key(person.email),
                "fields": {},
                "state": "confirmed" if confirmed_at else "unconfirmed",
                "source": self._plan.source,
                "campaign_id": self._campaign.id,
                "arm": arm,
                "visitor_id": visitor_id,
                "customer_id": person.customer_id if confirmed_at else None,
                "coupon_id": self._give_code(person, lead_id, at),
                "language": language,
                "created_at": at,
                "confirmed_at": confirmed_at,
            }
        )
        self._agree(lead_id, language, page_url, at, confirmed_at)

    def _find_confirmation(self, at: datetime) -> datetime | None:
        if not self._campaign.is_double_opt_in:
            return at
        is_confirmed = self._rng.random() < self._plan.confirmed_ratio
        return min(at + timedelta(minutes=self._rng.randrange(1, 300)), self._now) if is_confirmed else None

    def _agree(
        self, lead_id: uuid.UUID, language: str, page_url: str, at: datetime, confirmed_at: datetime | None
    ) -> None:
        text, campaign = self._texts[language], self._campaign
        agreed = {"text": text, "text_hash": hash_text(text), "language": language, "page_url": page_url}
        agreed |= {"campaign_id": campaign.id, "campaign_version": campaign.version}
        steps = {"given": at, **({"confirmed": confirmed_at} if campaign.is_double_opt_in and confirmed_at else {})}
        for number, (kind, moment) in enumerate(steps.items(), start=1):
            step = {"site_id": self._site_id, "lead_id": lead_id, "number": number, "kind": kind}
            self._rows.consents.append({**step, **agreed, "happened_at": moment})

    def _give_code(self, person: Person, lead_id: uuid.UUID, at: datetime) -> uuid.UUID | None:
        if self._pool is None:
            return None
        source = source_of(self._pool)
        issued = issue_coupon(session_cursor(), self._site_id, source, person.customer_id, f"lead:{lead_id}", at)
        placed_at = at + timedelta(minutes=self._rng.randrange(4, 5 * 24 * 60))
        order = self._make_order(person, issued.code, placed_at)
        if self._rng.random() < BUYS_RATIO and placed_at < self._now:
            self._rows.orders.append(order)
        return issued.id

    def _make_order(self, person: Person, code: str, placed_at: datetime) -> OrderDocument:
        line = describe_line(0, self._rng.choice(PRODUCTS), self._rng.choice((1, 1, 1, 2)))
        discount_minor = line.total_minor // 10
        goods_minor = line.total_minor - discount_minor
        shipping_minor = 0 if goods_minor >= FREE_DELIVERY_FROM_MINOR else DELIVERY_MINOR
        order_id = f"L{1001 + len(self._rows.leads)}"
        return OrderDocument(
            external_id=order_id,
            number=order_id,
            updated_at=placed_at,
            placed_at=placed_at,
            paid_at=placed_at,
            state="paid",
            currency=CURRENCY,
            total_minor=goods_minor + shipping_minor,
            shipping_minor=shipping_minor,
            discount_minor=discount_minor,
            coupon_codes=[code],
            buyer=Buyer(person.account_id, person.email, person.name, is_email_verified=person.account_id is not None),
            lines=[line],
        )


def _list_known(site_id: uuid.UUID, since: datetime) -> list[Person]:
    """Return accounts that have bought since a moment, but for those that are a lead or that somebody may log in as."""
    leads = select(Lead.email_key).where(Lead.site_id == site_id)
    is_buyer = (Order.site_id == Customer.site_id) & (Order.customer_id == Customer.id)
    rows = db.session.execute(
        select(Customer.email, Customer.name, Customer.id, Customer.external_id)
        .join(Order, is_buyer)
        .where(Customer.site_id == site_id, Customer.email.is_not(None), Customer.merged_into_id.is_(None))
        .where(Customer.external_id.is_not(None), Customer.external_id.not_in(SHOPPERS_BY_ID))
        .where(Order.placed_at >= since, Customer.email_key.not_in(leads))
        .distinct()
        .order_by(Customer.external_id)
    )
    return [Person(email or "", name or "", key, account_id) for email, name, key, account_id in rows.tuples()]
