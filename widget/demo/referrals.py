"""Maple Store's program for friends: what both sides get, and a page of the shop that links lead to."""

import uuid
from datetime import datetime, timedelta
from typing import Any

from widget.core.clock import utc_now
from widget.core.db import db
from widget.core.ids import new_id
from widget.coupons.models import CouponPool
from widget.demo.catalogue import CURRENCY
from widget.referrals.models import ReferralProgram, ReferralVersion
from widget.referrals.program import default_rules
from widget.referrals.program_checks import complete_rules
from widget.sites.models import Site

LIVE_DAYS = 30
FRIENDS_PAGE = "/shop/friends"
# How many friends bring how many points besides.
STEPS = ((1, 50), (5, 300), (10, 1000))
FRIEND_OFF_MINOR = 500
# Whoever tries the demo plays advocate and friend on one machine.
FRIENDS_AT_HOME = 5


def make_referrals(site: Site, shop_origin: str) -> None:
    """Set a program live where there is none."""
    if db.session.get(ReferralProgram, site.id) is None:
        _make_program(site.id, f"{shop_origin}{FRIENDS_PAGE}", utc_now() - timedelta(days=LIVE_DAYS))


def _make_program(site_id: uuid.UUID, landing_url: str, made_at: datetime) -> None:
    made: dict[str, Any] = {"site_id": site_id, "created_at": made_at}
    worth = {"kind": "amount_off", "amount_minor": FRIEND_OFF_MINOR, "currency": CURRENCY, "prefix": "FRIEND"}
    pool = CouponPool(id=new_id(), name="For friends", codes="made", valid_days=90, **worth, **made)
    db.session.add_all([pool, ReferralProgram(state="live", version=1, live_at=made_at, **made)])
    db.session.flush()
    steps = [{"friends": friends, "reward": {"kind": "points", "points": points}} for friends, points in STEPS]
    said = {
        "friend": {"kind": "coupon", "pool_id": str(pool.id)},
        "steps": steps,
        "landing_url": landing_url,
        "velocity": {"per_own_network": FRIENDS_AT_HOME},
    }
    rules = complete_rules(default_rules(CURRENCY) | said)
    db.session.add(ReferralVersion(version=1, rules=rules, actor="demo", **made))
