"""A referral program, claims and orders as they happen, and what both sides have in the end."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import time_machine
from sqlalchemy import select

from tests.coupons.builders import make_pool
from tests.loyalty.builders import find_customer, start_program
from tests.orders.builders import NOON, make_order
from widget.core.clock import utc_now
from widget.core.db import begin_writing_anew, db, session_cursor
from widget.core.ids import new_id
from widget.customers.models import Customer
from widget.customers.rules import Buyer
from widget.intake.service import take_orders, take_refunds
from widget.loyalty.models import LoyaltyAccount
from widget.orders.documents import OrderDocument, RefundDocument
from widget.referrals.advocates import enrol_advocate
from widget.referrals.claiming import Claim, claim_offer
from widget.referrals.contest_models import Contest, ContestEntry
from widget.referrals.models import Advocate, Referral, ReferralGrant, ReferralProgram, ReferralVersion
from widget.referrals.program import default_rules
from widget.referrals.program_checks import complete_rules
from widget.referrals.tasks import bring_missed_rewards, expire_old_claims, reward_due_referrals

LONG_AGO = NOON - timedelta(days=365)
WINDOW = timedelta(days=30)
AFTER = NOON + WINDOW + timedelta(days=2)


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    with time_machine.travel(moment, tick=False):
        yield


def start_referrals(site_id: uuid.UUID, **changes: Any) -> None:
    """Set both programs live: 200 points for the advocate and 100 for the friend, after thirty days."""
    start_program(site_id, spend=None)
    begin_writing_anew()
    program = db.session.get(ReferralProgram, site_id)
    if program is None:
        program = ReferralProgram(site_id=site_id, state="live", version=0, live_at=LONG_AGO, created_at=LONG_AGO)
        db.session.add(program)
    program.version += 1
    db.session.flush()
    rules = complete_rules(default_rules("EUR") | changes)
    db.session.add(
        ReferralVersion(site_id=site_id, version=program.version, rules=rules, actor="alice", created_at=LONG_AGO)
    )
    db.session.commit()


def coupon_reward(site_id: uuid.UUID, **changes: Any) -> dict[str, str]:
    """Return the reward of a coupon, of a pool made for it."""
    return {"kind": "coupon", "pool_id": str(make_pool(site_id, **changes))}


def make_advocate(site_id: uuid.UUID, name: str = "carol", **more: Any) -> str:
    """Return the code of a customer with an account."""
    customer_id = find_customer(site_id, name)
    begin_writing_anew()
    code = enrol_advocate(session_cursor(), site_id, customer_id, NOON, **more)
    db.session.commit()
    assert code is not None
    return code


def claim(
    site_id: uuid.UUID, code: str, email: str = "frank@shoppers.example", now: datetime = NOON, **more: Any
) -> uuid.UUID:
    """Claim an offer as one request does; return the referral's id."""
    begin_writing_anew()
    said = Claim(more.pop("id", None) or new_id(), code, email, **more)
    referral, _ = claim_offer(site_id, said, now)
    referral_id = referral.id
    db.session.commit()
    return referral_id


def add_referrals(site_id: uuid.UUID, customer_id: uuid.UUID, name: str) -> None:
    """Add a row of a customer to every table of referrals, as they are written in the end."""
    ids, now = {"site_id": site_id, "customer_id": customer_id}, NOON
    if db.session.get(ReferralProgram, site_id) is None:
        db.session.add(ReferralProgram(site_id=site_id, state="live", version=1, live_at=LONG_AGO, created_at=now))
        db.session.flush()
        rules = complete_rules(default_rules("EUR"))
        db.session.add(ReferralVersion(site_id=site_id, version=1, rules=rules, actor="alice", created_at=now))
    if db.session.get(Advocate, (site_id, customer_id)) is None:
        db.session.add(Advocate(**ids, code=name, code_key=name.upper(), created_at=now))
    db.session.flush()
    _add_entry(site_id, customer_id, name)
    bringer_id = _add_bringer(site_id, name)
    sides = {"version": 1, "advocate_id": bringer_id, "friend_id": customer_id, "friend_key": f"of-{name}"}
    referral = Referral(site_id=site_id, id=new_id(), **sides, state="claimed", channel="link", claimed_at=utc_now())
    db.session.add(referral)
    db.session.flush()
    db.session.add(ReferralGrant(**ids, referral_id=referral.id, side="advocate", granted_at=now))


def _add_entry(site_id: uuid.UUID, customer_id: uuid.UUID, name: str) -> None:
    """Add a contest with an advocate's entry."""
    said = {"name": name, "hashtag": "tea", "prize": "Tea", "seed": "s", "seed_hash": "h"}
    contest = Contest(site_id=site_id, id=new_id(), **said, starts_at=NOON, ends_at=AFTER, created_at=NOON)
    db.session.add(contest)
    db.session.flush()
    entry = {"id": new_id(), "contest_id": contest.id, "link": "x", "state": "pending", "created_at": NOON}
    db.session.add(ContestEntry(site_id=site_id, customer_id=customer_id, **entry))


def _add_bringer(site_id: uuid.UUID, name: str) -> uuid.UUID:
    """Add an advocate who brought somebody; return their id."""
    bringer_id, code = new_id(), f"FOR-{name}".upper()
    ids = {"site_id": site_id, "created_at": NOON}
    db.session.add(Customer(**ids, id=bringer_id, external_id=f"bringer of {name}"))
    db.session.flush()
    db.session.add(Advocate(**ids, customer_id=bringer_id, code=code, code_key=code))
    db.session.flush()
    return bringer_id


def order_by(name: str, number: int | str = 1, /, **changes: Any) -> OrderDocument:
    """Return a paid order of 20.00 EUR by a customer with an account, placed an hour after noon."""
    placed_at = changes.setdefault("placed_at", NOON + timedelta(hours=1))
    changes.setdefault("paid_at", placed_at)
    buyer = changes.pop("buyer", Buyer(name, f"{name}@shoppers.example", name.title(), is_email_verified=True))
    return make_order(number, buyer=buyer, **changes)


def tell(site_id: uuid.UUID, *documents: OrderDocument) -> None:
    """Tell of orders as one request does."""
    begin_writing_anew()
    take_orders(site_id, documents, "api")
    db.session.commit()


def tell_refund(site_id: uuid.UUID, order: str, amount_minor: int, number: str = "r1") -> None:
    begin_writing_anew()
    refund = RefundDocument(number, amount_minor, refunded_at=NOON + timedelta(days=3))
    take_refunds(site_id, [(order, refund)])
    db.session.commit()


def let_time_pass(until: datetime = AFTER) -> None:
    """Let the worker do what is due by a moment."""
    with at(until):
        reward_due_referrals()
        expire_old_claims()
        bring_missed_rewards()


def read(site_id: uuid.UUID, referral_id: uuid.UUID) -> Referral:
    db.session.rollback()
    return db.session.get_one(Referral, (site_id, referral_id), populate_existing=True)


def state_of(site_id: uuid.UUID, referral_id: uuid.UUID) -> str:
    return read(site_id, referral_id).state


def points_of(site_id: uuid.UUID, name: str) -> int:
    """Return what a customer can spend."""
    customer_id = find_customer(site_id, name)
    account = db.session.get(LoyaltyAccount, (site_id, customer_id), populate_existing=True)
    return account.balance if account else 0


def list_states(site_id: uuid.UUID) -> list[str]:
    db.session.rollback()
    rows = db.session.scalars(select(Referral.state).where(Referral.site_id == site_id))
    return sorted(rows)
