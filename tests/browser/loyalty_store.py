"""A store's points program with tiers and campaigns, its rewards and its coupons, for the tests of the dashboard."""

import uuid
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from tests.coupons.builders import issue, make_pool
from tests.loyalty.builders import give_points, start_program
from tests.loyalty.test_program import GOLD, SILVER, tiers
from widget.core.clock import utc_now
from widget.core.db import begin_writing_anew, db
from widget.core.hot import hot_transaction
from widget.core.ids import new_id
from widget.coupons.code_lists import read_codes
from widget.coupons.queries import get_pool
from widget.coupons.schemas import PoolIn
from widget.coupons.service import add_codes
from widget.loyalty.program import default_rules
from widget.loyalty.program_checks import complete_rules
from widget.loyalty.redeeming import redeem_reward
from widget.loyalty.reward_service import create_reward
from widget.loyalty.tier_pins import pin_tier
from widget.sites.models import Site


@dataclass(frozen=True)
class Loyalty:
    """What there is to be opened."""

    reward_id: uuid.UUID
    pool_id: uuid.UUID
    made_pool_id: uuid.UUID


def add_loyalty(site: Site, customer_id: uuid.UUID) -> Loyalty:
    """Give a site two versions of a program, rewards, a pool that runs out, and points."""
    usual = complete_rules(default_rules("EUR", "Europe/Rome"))
    now = utc_now()
    start_program(site.id, **usual)
    campaign = {
        "key": "summer", "name": "Summer, twice the points", "multiplier_thousandths": 2000,
        "starts_at": "2026-06-01T00:00:00+00:00", "ends_at": "2026-07-01T00:00:00+00:00",
    }  # fmt: skip
    social = {"key": "social.instagram", "points": 20, "limit": 1, "url": "https://instagram.com/maple"}
    rich = GOLD | {"free_shipping_from_minor": 2500, "gift_points": 50, "has_early_access": True}
    changed = {
        "actions": [*usual["actions"], social], "campaigns": [campaign], "tiers": tiers(SILVER, rich),
        "expiry": usual["expiry"] | {"months": 3},
    }  # fmt: skip
    start_program(site.id, **complete_rules(usual | changed))
    then = now - timedelta(days=150)
    give_points(site.id, customer_id, 4310, now=then, expires_at=now + timedelta(days=200))
    made = make_pool(site.id, name="Welcome to Gold", kind="percent_off", percent_basis_points=1000, amount_minor=None)
    issue(site.id, made, customer_id)
    begin_writing_anew()
    reward = _offer(site, "5 € off", 500, {"kind": "amount_off", "amount_minor": 500, "currency": "EUR"}, gold=400)
    _offer(site, "Free shipping", 300, {"kind": "free_shipping"}, state="draft", stock=0)
    listed = {"kind": "gift_card", "amount_minor": 2500, "currency": "EUR", "codes": "uploaded", "minimum_minor": 5000}
    pool_id = _offer(site, "Gift card", 2400, listed, silver=None).pool_id
    add_codes(get_pool(site.id, pool_id), read_codes([f"GIFT-{number}" for number in range(12)]), now)
    ids = (reward.id, pool_id, made)
    db.session.commit()
    with hot_transaction() as cursor:
        redeem_reward(cursor, site.id, customer_id, new_id(), ids[0], now)
        pin_tier(cursor, site.id, customer_id, "gold", now, actor="alice@x.example", reason="A friend of the house")
    return Loyalty(*ids)


def _offer(site: Site, name: str, price: int, coupon: dict[str, Any], **more: Any) -> Any:
    prices = {key: more.pop(key) for key in ("silver", "gold") if key in more}
    document = {
        "texts": {"en": {"name": name, "terms": "Once for each order."}}, "price": price, "tier_prices": prices,
        "coupon": PoolIn().load({"name": name, **coupon}), "state": "live", **more,
    }  # fmt: skip
    return create_reward(site, document, utc_now())
