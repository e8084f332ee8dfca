"""A program that is there for every request: what was made of its rewards, codes and redemption is made good again."""

import uuid
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import Flask
from sqlalchemy import update

from tests.cast import SiteOfCast
from tests.core.writing_routes import make_loyalty, make_redeemed
from tests.coupons.builders import make_pool
from tests.loyalty.builders import find_customer, give_points, start_program
from widget.core.clock import utc_now
from widget.core.db import db, session_cursor
from widget.coupons.models import CouponPool
from widget.loyalty.entries import Cause
from widget.loyalty.ledger import open_book
from widget.loyalty.program_queries import get_program, get_version
from widget.loyalty.program_service import set_state
from widget.loyalty.reward_models import Redemption, Reward
from widget.sites.models import Site

EVENT, SOCIAL = "event.newsletter", "social.follow"
ACTIONS = [
    {"key": EVENT, "points": 5, "extra_points": 0, "limit": None, "per": "ever", "url": None},
    {"key": SOCIAL, "points": 5, "extra_points": 0, "limit": 1, "per": "ever", "url": "https://social.example/maple"},
]
PLENTY = 10**9
POOL = {"kind": ["amount_off"], "currency": ["EUR"], "percent_basis_points": [None], "product_id": [None]}


@dataclass(frozen=True)
class KeptProgram:
    """A live program with a reward, a pool of uploaded codes, a code somebody has, and a redemption that is held."""

    site_id: uuid.UUID
    reward_id: uuid.UUID
    own_pool_id: uuid.UUID
    pool_id: uuid.UUID
    redemption_id: uuid.UUID
    code: str
    rules: dict[str, Any]

    @property
    def ids(self) -> dict[str, str]:
        """Return what addresses name, by the name it has there."""
        return {name: str(getattr(self, name)) for name in ("reward_id", "pool_id", "redemption_id", "code")}

    def keep(self) -> None:
        """Let everything be as it was made, in the caller's transaction."""
        now = utc_now()
        set_state(db.session.get_one(Site, self.site_id), "live", now)
        # The catalogue has one reward, and room for more.
        db.session.execute(update(Reward).where(Reward.site_id == self.site_id).values(state="archived"))
        offered: dict[str, Any] = {"state": "live", "price": 100, "tier_prices": {}, "pool_id": self.own_pool_id}
        endless = dict.fromkeys(("stock", "customer_limit", "starts_at", "ends_at"))
        is_ours = (Reward.site_id == self.site_id, Reward.id == self.reward_id)
        db.session.execute(update(Reward).where(*is_ours).values(offered | endless))
        db.session.execute(update(CouponPool).where(CouponPool.site_id == self.site_id).values(archived_at=None))
        self._hold()

    def narrow(self, document: dict[str, Any]) -> None:
        """Let a document know only what is there: one reward, one customer, the rules as they are."""
        components = document["components"]["schemas"]
        reward, coupon = [str(self.reward_id)], components["PoolIn"]
        named = {"texts": [{"en": {"name": "Teapot"}}], "tier_prices": [{}], "pool_id": [str(self.own_pool_id)]}
        known: dict[str, dict[str, list[Any]]] = {
            "ProgramIn": {"rules": [self.rules], "confirmed_down": [0]},
            "RulesIn": {"rules": [self.rules]},
            "ExpiryFigures": {name: [0] for name in components["ExpiryFigures"]["properties"]},
            "RedemptionIn": {"customer": ["known"], "reward_id": reward},
            "RedeemIn": {"reward_id": reward},
            "RewardOrderIn": {"rewards": [reward]},
            "RewardIn": named,
            "RewardChanges": named,
            "PoolIn": POOL,
            "UseIn": {"order": ["1001"]},
            "EventActionIn": {"action": [EVENT]},
            "SocialActionIn": {"action": [SOCIAL]},
        }
        for name, members in known.items():
            for member, values in members.items():
                components[name]["properties"][member] = {"enum": values}
        coupon["properties"]["amount_minor"]["type"] = "integer"
        coupon["required"] = [*coupon["required"], "amount_minor", "currency"]
        for parameter in document["paths"]["/embed/v1/{site_key}/points/preview"]["get"]["parameters"]:
            if parameter["name"] == "currency":
                parameter["schema"] = {"enum": ["EUR"]}
        # Its coupon is either a pool there is or one that is made with it.
        del components["RewardIn"]["properties"]["pool_id"]
        components["RewardIn"]["required"] = [*components["RewardIn"]["required"], "coupon"]

    def _hold(self) -> None:
        """Hold the points of the redemption anew once it was settled."""
        redemption = db.session.get_one(Redemption, (self.site_id, self.redemption_id), populate_existing=True)
        if redemption.state == "held":
            return
        opened = open_book(session_cursor(), self.site_id, redemption.customer_id, utc_now())
        entry = opened.book.hold(redemption.points, Cause(f"redemption:{self.redemption_id}"))
        opened.save()
        redemption.state, redemption.held_until_at = "held", utc_now() + timedelta(days=1)
        redemption.coupon_id, redemption.settled_at = None, None
        redemption.entry_customer_id, redemption.entry_number = redemption.customer_id, entry.number
        db.session.flush()


def keep_program(app: Flask, site: SiteOfCast) -> KeptProgram:
    """Start a program in which Carol and the customer known to the store have plenty of points."""
    redemption_id, loyalty = make_redeemed(app, site), make_loyalty(app, site)
    with app.app_context():
        start_program(site.id, actions=ACTIONS)
        for name in ("carol", "known"):
            give_points(site.id, find_customer(site.id, name), PLENTY, utc_now())
        uploaded = make_pool(site.id, codes="uploaded")
        rules = get_version(get_program(site.id)).rules
        own, reward_id, code = (loyalty[name] for name in ("pool_id", "reward_id", "code"))
    return KeptProgram(site.id, reward_id, own, uploaded, redemption_id, code, rules)
