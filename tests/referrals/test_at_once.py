"""Many at one moment, each in a transaction of its own: exactly the rewards the rules allow, on both databases."""

import uuid
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from flask import Flask
from sqlalchemy import func, select, update

from tests.cast import Cast
from tests.coupons.builders import make_pool
from tests.loyalty.books import check_book
from tests.loyalty.builders import find_customer, give_points, read_book
from tests.orders.builders import NOON
from tests.referrals.builders import (
    AFTER,
    at,
    claim,
    list_states,
    make_advocate,
    order_by,
    points_of,
    read,
    start_referrals,
    tell,
    tell_refund,
)
from widget.core.db import begin_writing_anew, db
from widget.core.ids import new_id
from widget.coupons.code_lists import read_codes
from widget.coupons.models import Coupon
from widget.coupons.queries import get_pool
from widget.coupons.service import add_codes
from widget.customers.models import Customer
from widget.referrals.models import ReferralGrant
from widget.referrals.rewarding import reward_referral


def together(app: Flask, *works: Callable[[], Any]) -> Counter[str]:
    """Do several things at one moment; return what each came to: ok, or the problem that refused it."""
    gate = Barrier(len(works))

    def do(work: Callable[[], Any]) -> str:
        with app.app_context():
            gate.wait(timeout=60)
            try:
                work()
            except Exception as problem:  # noqa: BLE001 - what it was is what the test looks at.
                db.session.rollback()
                return type(problem).__name__
            return "ok"

    with ThreadPoolExecutor(len(works)) as pool:
        return Counter(pool.map(do, works))


def reward(site_id: uuid.UUID, referral_ids: Sequence[uuid.UUID]) -> None:
    for referral_id in referral_ids:
        begin_writing_anew()
        reward_referral(site_id, referral_id, AFTER)
        db.session.commit()


def call_carol(site_id: uuid.UUID, email: str) -> None:
    begin_writing_anew()
    is_carol = (Customer.site_id == site_id, Customer.external_id == "carol")
    db.session.execute(update(Customer).where(*is_carol).values(email=email, email_key=email))
    db.session.commit()


def test_two_friends_at_once_bring_two_rewards(app: Flask, cast: Cast) -> None:
    site_id, ids = cast.maple.id, [new_id(), new_id()]
    with app.app_context():
        start_referrals(site_id)
        code = make_advocate(site_id)

    def bring(number: int) -> Callable[[], None]:
        return lambda: (
            claim(site_id, code, f"f{number}@shoppers.example", id=ids[number]),
            tell(site_id, order_by(f"f{number}", number)),
        )  # type: ignore[return-value]

    assert together(app, bring(0), bring(1)) == {"ok": 2}
    assert together(app, *(lambda: reward(site_id, ids) for _ in range(4))) == {"ok": 4}
    with app.app_context():
        assert list_states(site_id) == ["rewarded", "rewarded"]
        assert [points_of(site_id, name) for name in ("carol", "f0", "f1")] == [400, 100, 100]
        check_book(*read_book(site_id, find_customer(site_id, "carol")))


def test_same_friend_at_once_is_brought_once(app: Flask, cast: Cast) -> None:
    site_id = cast.maple.id
    with app.app_context():
        start_referrals(site_id)
        codes = [make_advocate(site_id, name) for name in ("carol", "dora")]
    claims = [lambda code=code: claim(site_id, code, "frank@shoppers.example") for code in codes * 4]
    assert together(app, *claims) == {"ok": 1, "OfferNotForAddress": 7}
    with app.app_context():
        assert list_states(site_id) == ["claimed"]


def test_one_claim_sent_many_times_at_once_is_one(app: Flask, cast: Cast) -> None:
    site_id, claim_id = cast.maple.id, new_id()
    with app.app_context():
        start_referrals(site_id, friend={"kind": "coupon", "pool_id": str(make_pool(site_id))})
        code = make_advocate(site_id)
    assert together(app, *(lambda: claim(site_id, code, id=claim_id) for _ in range(6))) == {"ok": 6}
    with app.app_context():
        assert list_states(site_id) == ["claimed"]
        assert db.session.scalar(select(func.count()).select_from(Coupon).where(Coupon.site_id == site_id)) == 1


def test_advocate_at_once_under_many_spellings_gets_nothing(app: Flask, cast: Cast) -> None:
    site_id = cast.maple.id
    with app.app_context():
        start_referrals(site_id)
        code = make_advocate(site_id)
        call_carol(site_id, "carolwinter@gmail.com")
    spellings = ("carol.winter@gmail.com", "carolwinter+1@gmail.com", "c.arolwinter@googlemail.com")
    claims = [lambda email=email: claim(site_id, code, email) for email in spellings]
    assert together(app, *claims) == {"OfferNotForAddress": 3}
    with app.app_context():
        assert list_states(site_id) == []


def test_ring_closed_at_once_rewards_one_edge_alone(app: Flask, cast: Cast) -> None:
    site_id, ids = cast.maple.id, [new_id(), new_id()]
    with app.app_context():
        start_referrals(site_id)
        ann, ben = make_advocate(site_id, "ann"), make_advocate(site_id, "ben")
    closing = (
        lambda: claim(site_id, ann, "ben@shoppers.example", id=ids[0]),
        lambda: claim(site_id, ben, "ann@shoppers.example", id=ids[1]),
    )
    assert together(app, *closing) == {"ok": 2}
    orders = (lambda: tell(site_id, order_by("ann", 1)), lambda: tell(site_id, order_by("ben", 2)))
    assert together(app, *orders) == {"ok": 2}
    assert together(app, *(lambda: reward(site_id, ids) for _ in range(2))) == {"ok": 2}
    with app.app_context():
        assert list_states(site_id) == ["held", "rewarded"]
        assert sorted(points_of(site_id, name) for name in ("ann", "ben")) == [100, 200]


def test_refund_and_reward_at_once_leave_nothing(app: Flask, cast: Cast) -> None:
    site_id = cast.maple.id
    with app.app_context():
        start_referrals(site_id)
        code = make_advocate(site_id)
        # Her account is there also where no reward comes before its refund.
        give_points(site_id, find_customer(site_id, "carol"), 7)
        ids = [claim(site_id, code, f"f{n}@shoppers.example") for n in range(4)]
        tell(site_id, *(order_by(f"f{n}", n) for n in range(4)))
    refunds = [lambda n=n: tell_refund(site_id, str(n), 2000) for n in range(4)]
    assert together(app, *refunds, *(lambda: reward(site_id, ids) for _ in range(3))) == {"ok": 7}
    with app.app_context():
        assert set(list_states(site_id)) <= {"rejected", "reversed"}
        assert [points_of(site_id, name) for name in ("carol", "f0", "f1", "f2", "f3")] == [7, 0, 0, 0, 0]
        left = select(func.count()).select_from(ReferralGrant).where(ReferralGrant.reversed_at.is_(None))
        assert db.session.scalar(left) == 0
        check_book(*read_book(site_id, find_customer(site_id, "carol")))


def test_codes_of_a_pool_are_given_once_each_and_who_came_too_late_is_still_a_friend(app: Flask, cast: Cast) -> None:
    site_id = cast.maple.id
    with app.app_context():
        pool_id = make_pool(site_id, codes="uploaded", prefix="")
        begin_writing_anew()
        add_codes(get_pool(site_id, pool_id), read_codes([f"TEA-{n}" for n in range(3)]), NOON)
        db.session.commit()
        start_referrals(site_id, friend={"kind": "coupon", "pool_id": str(pool_id)})
        code, ids = make_advocate(site_id), [new_id() for _ in range(5)]
    claims = [lambda n=n: claim(site_id, code, f"f{n}@shoppers.example", id=ids[n]) for n in range(5)]
    assert together(app, *claims) == {"ok": 5}
    with app.app_context(), at(NOON):
        given = [coupon_id for one in ids if (coupon_id := read(site_id, one).coupon_id)]
        assert len(set(given)) == len(given) == 3
