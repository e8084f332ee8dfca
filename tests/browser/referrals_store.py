"""A store's referral program, friends in several states and contests, for the tests of the dashboard."""

import uuid
from dataclasses import dataclass
from datetime import timedelta

from tests.loyalty.builders import find_customer
from tests.orders.builders import NOON
from tests.referrals.builders import claim, order_by, tell
from widget.core.db import begin_writing_anew, db, session_cursor
from widget.core.ids import new_id
from widget.referrals.advocates import enrol_advocate
from widget.referrals.contest_models import ContestEntry
from widget.referrals.contests import announce_contest, draw_winner
from widget.referrals.models import ReferralClick, ReferralShare
from widget.referrals.program import default_rules
from widget.referrals.program_service import change_program, check_rules, set_state
from widget.sites.models import Site


@dataclass(frozen=True)
class Referrals:
    """What there is to be opened."""

    held_id: uuid.UUID
    advocate_id: uuid.UUID
    contest_id: uuid.UUID
    drawn_id: uuid.UUID


def add_referrals(site: Site, customer_id: uuid.UUID) -> Referrals:
    """Give a site a live program; a customer has brought friends, one of whom is held for every reason."""
    begin_writing_anew()
    rules = default_rules("EUR") | {"steps": [{"friends": 5, "reward": {"kind": "points", "points": 1000}}]}
    for changes in ({}, {"hold_days": 14, "texts": {"en": {"offer": "Tea for two."}}}):
        change_program(site, check_rules(site, rules | changes), NOON, actor="alice@x.example")
    set_state(site, "live", NOON - timedelta(days=1))
    code = enrol_advocate(session_cursor(), site.id, customer_id, NOON)
    assert code is not None
    ids = {"site_id": site.id, "advocate_id": customer_id}
    db.session.add(ReferralShare(**ids, channel="whatsapp", day=NOON.date(), shares=3))
    for _ in range(5):
        visit = {"visitor_id": new_id(), "channel": "whatsapp", "network_hash": "n", "clicked_at": NOON}
        db.session.add(ReferralClick(**ids, **visit))
    db.session.commit()
    claim(site.id, code, "frank@shoppers.example", channel="whatsapp")
    tell(site.id, order_by("frank", "brought-1"))
    claim(site.id, code, "grace.with.a.long.address@shoppers.example", device="d", network="n")
    held_id = claim(site.id, code, "heidi@shoppers.example", device="d", network="n")
    running, over = (_announce(site, customer_id, days) for days in (36_500, 7))
    begin_writing_anew()
    draw_winner(site.id, over, NOON + timedelta(days=8))
    db.session.commit()
    return Referrals(held_id, customer_id, running, over)


def _announce(site: Site, customer_id: uuid.UUID, days: int) -> uuid.UUID:
    frank_id = find_customer(site.id, "frank")
    begin_writing_anew()
    lasts = {"starts_at": NOON, "ends_at": NOON + timedelta(days=days)}
    words = {"name": "Tea time, wherever you are", "hashtag": "mapletea", "prize": "A pot"}
    contest_id = announce_contest(site.id, {**words, **lasts}, NOON).id
    link = "https://pictures.example/p/a-very-long-address-of-a-picture-that-does-not-end"
    states = ("approved", "approved" if days < 10 else "pending")
    for who, state in zip((customer_id, frank_id), states, strict=True):
        entry = {"customer_id": who, "link": link, "state": state, "created_at": NOON}
        db.session.add(ContestEntry(site_id=site.id, id=new_id(), contest_id=contest_id, **entry))
    db.session.commit()
    return contest_id
