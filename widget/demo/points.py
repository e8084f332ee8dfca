"""Maple Store's points program: three tiers, four rewards, and what its customers earned in the last month."""

import uuid
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from sqlalchemy import select

from widget.core.clock import utc_now
from widget.core.db import begin_writing_anew, db, session_cursor
from widget.core.ids import new_id
from widget.coupons.models import CouponPool
from widget.customers.models import Customer
from widget.customers.rules import Buyer
from widget.demo.catalogue import CURRENCY, PRODUCTS_BY_SKU, SHOPPERS_BY_ID
from widget.demo.orders import describe_line
from widget.loyalty.accounts import join_program
from widget.loyalty.models import LoyaltyProgram, LoyaltyVersion
from widget.loyalty.order_earning import earn_orders, list_unearned
from widget.loyalty.program import default_rules
from widget.loyalty.program_checks import complete_rules
from widget.loyalty.reward_models import Reward
from widget.orders.documents import OrderDocument, RefundDocument
from widget.orders.models import Order
from widget.orders.recording import record_orders
from widget.sites.models import Site

LIVE_DAYS = 30
DAYS_IN_A_TRANSACTION = 5
TIERS = (
    ("sapling", {"en": "Sapling", "it": "Germoglio", "id": "Tunas"}, 100, 1000, 5000, False),
    ("maple", {"en": "Maple", "it": "Acero", "id": "Maple"}, 300, 1250, 3000, False),
    ("grove", {"en": "Grove", "it": "Bosco", "id": "Hutan"}, 750, 1500, 0, True),
)
REWARDS: tuple[tuple[int, dict[str, str], dict[str, Any]], ...] = (
    (
        100,
        {"en": "Free delivery", "it": "Spedizione gratuita", "id": "Gratis ongkir"},
        {"kind": "free_shipping", "prefix": "SHIP"},
    ),
    (
        200,
        {"en": "$5 off", "it": "5 $ di sconto", "id": "Potongan $5"},
        {"kind": "amount_off", "prefix": "LEAF", "amount_minor": 500, "currency": CURRENCY},
    ),
    (
        500,
        {"en": "10% off", "it": "10% di sconto", "id": "Diskon 10%"},
        {"kind": "percent_off", "prefix": "TEN", "percent_basis_points": 1000},
    ),
    (
        600,
        {"en": "A beeswax candle", "it": "Una candela di cera d'api", "id": "Lilin lebah"},
        {"kind": "free_product", "prefix": "WAX", "product_id": "CANDLE-05"},
    ),
)
# What Carol bought: how many days ago, what, and what of it she sent back.
CAROLS_ORDERS: tuple[tuple[int, dict[str, int], int], ...] = (
    (26, {"THROW-04": 1}, 0),
    (15, {"POT-03": 1, "MUG-02": 2}, 2400),
    (6, {"BOARD-01": 1}, 0),
)


def make_points(site: Site) -> None:
    """Set a program live a month ago where there is none, and let what was ordered since earn points."""
    now, site_id = utc_now(), site.id
    begin_writing_anew()
    if db.session.get(LoyaltyProgram, site_id) is None:
        _make_program(site_id, now)
        record_orders(site_id, list(_describe_carols_orders(now)), "api")
    db.session.commit()
    for _, days in groupby(_list_days(site_id), key=lambda day: day[0].toordinal() // DAYS_IN_A_TRANSACTION):
        begin_writing_anew()
        for moment, order_ids, customer_ids in days:
            for customer_id in customer_ids:
                join_program(session_cursor(), site_id, customer_id, moment)
            earn_orders(site_id, order_ids, moment)
        db.session.commit()


def _make_program(site_id: uuid.UUID, now: datetime) -> None:
    made = {"site_id": site_id, "created_at": now - timedelta(days=LIVE_DAYS)}
    rules = default_rules(CURRENCY, "UTC") | {"enrolment": "join", "pending_days": 0}
    rules["tiers"]["steps"] = [_describe_tier(*tier) for tier in TIERS]
    live_at = made["created_at"]
    db.session.add(LoyaltyProgram(state="live", version=1, live_at=live_at, **made))
    db.session.flush()
    db.session.add(LoyaltyVersion(version=1, rules=complete_rules(rules), actor="demo", **made))
    for position, (price, names, worth) in enumerate(REWARDS):
        pool = CouponPool(id=new_id(), name=names["en"], codes="made", valid_days=30, **worth, **made)
        db.session.add(pool)
        db.session.flush()
        texts = {language: {"name": name} for language, name in names.items()}
        own = {"position": position, "texts": texts, "tier_prices": {}}
        db.session.add(Reward(id=new_id(), pool_id=pool.id, state="live", price=price, **own, **made))


def _describe_tier(
    key: str, names: dict[str, str], threshold: int, multiplier: int, free_from_minor: int, has_early_access: bool
) -> dict[str, Any]:
    return {
        "key": key,
        "names": names,
        "threshold": threshold,
        "multiplier_thousandths": multiplier,
        "percent_off_basis_points": 0,
        "free_shipping_from_minor": free_from_minor,
        "has_early_access": has_early_access,
        "gift_points": 0,
        "gift_pool": None,
    }


def _describe_carols_orders(now: datetime) -> Iterator[OrderDocument]:
    carol = SHOPPERS_BY_ID["carol"]
    buyer = Buyer(carol.id, carol.email, carol.name, is_email_verified=True)
    for number, (days, quantities, back_minor) in enumerate(CAROLS_ORDERS, start=1):
        at = now - timedelta(days=days)
        lines = [
            describe_line(place, PRODUCTS_BY_SKU[sku], quantity)
            for place, (sku, quantity) in enumerate(quantities.items())
        ]
        refunded_at = at + timedelta(days=4)
        refunds = [RefundDocument(f"RC{number}", back_minor, refunded_at, reason="Sent back")] if back_minor else []
        yield OrderDocument(
            external_id=f"C{100 + number}",
            number=f"C{100 + number}",
            updated_at=at,
            placed_at=at,
            paid_at=at,
            state="paid",
            currency=CURRENCY,
            total_minor=sum(line.total_minor for line in lines),
            buyer=buyer,
            lines=lines,
            refunds=refunds,
        )


def _list_days(site_id: uuid.UUID) -> list[tuple[datetime, list[uuid.UUID], list[uuid.UUID]]]:
    """Return what is to earn by the day: its first moment, its orders, and who bought."""
    is_account = (Customer.external_id.is_not(None), Customer.merged_into_id.is_(None))
    live_at = db.session.scalar(select(LoyaltyProgram.live_at).where(LoyaltyProgram.site_id == site_id))
    is_same = (Customer.site_id == Order.site_id) & (Customer.id == Order.customer_id)
    accounts = db.session.scalars(
        select(Customer.id)
        .join(Order, is_same)
        .where(Customer.site_id == site_id, Order.placed_at >= live_at, *is_account)
        .distinct()
    ).all()
    unearned = set(list_unearned(site_id, accounts))
    rows = db.session.execute(
        select(Order.placed_at, Order.id, Order.customer_id)
        .where(Order.site_id == site_id, Order.placed_at >= live_at, Order.is_counted)
        .order_by(Order.placed_at)
    ).tuples()
    wanted = [row for row in rows if row[1] in unearned]
    db.session.rollback()
    return [
        (day[0][0], [row[1] for row in day], sorted({row[2] for row in day if row[2]}))
        for day in (list(rows) for _, rows in groupby(wanted, key=lambda row: row[0].date()))
    ]
