"""Coupons that orders use are used once, and are good again when the order uses them no more."""

import uuid
from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from flask import Flask

from tests.cast import Cast
from tests.loyalty.builders import find_customer, give_points, make_reward, start_program
from tests.orders.builders import NOON, make_order
from widget.core.db import begin_writing_anew, db
from widget.core.hot import hot_transaction
from widget.core.ids import new_id
from widget.coupons.models import Coupon, CouponPool
from widget.coupons.tasks import expire_due_coupons
from widget.intake.service import take_orders
from widget.loyalty.errors import RedemptionSettled
from widget.loyalty.queries import get_redemption
from widget.loyalty.redeeming import redeem_reward
from widget.loyalty.settling import cancel_redemption

LATER = NOON + timedelta(hours=1)


@pytest.fixture
def site_id(app: Flask, cast: Cast) -> Iterator[uuid.UUID]:
    with app.app_context(), time_machine.travel(NOON, tick=False):
        start_program(cast.maple.id, spend=None)
        yield cast.maple.id
        db.session.rollback()


def take_code(site_id: uuid.UUID, *, valid_days: int | None = None) -> tuple[uuid.UUID, str]:
    """Let Carol redeem points for a coupon; return the redemption and its code."""
    carol, reward, wanted = find_customer(site_id), make_reward(site_id), new_id()
    give_points(site_id, carol, 100)
    begin_writing_anew()
    db.session.query(CouponPool).update({"valid_days": valid_days})
    db.session.commit()
    with hot_transaction() as cursor:
        redeemed = redeem_reward(cursor, site_id, carol, wanted, reward, NOON)
    assert redeemed.code is not None
    return wanted, redeemed.code


def tell(site_id: uuid.UUID, number: int = 1, **changes: object) -> None:
    begin_writing_anew()
    take_orders(site_id, [make_order(number, **changes)], "api")
    db.session.commit()


def states(site_id: uuid.UUID, redemption_id: uuid.UUID) -> tuple[str, str, str | None]:
    """Return what has become of a redemption, its coupon, and the order that used it."""
    redemption = get_redemption(site_id, redemption_id)
    coupon = db.session.get_one(Coupon, (site_id, redemption.coupon_id), populate_existing=True)
    return redemption.state, coupon.state, coupon.redeemed_by


def test_code_of_an_order_is_used_in_any_case_and_once(site_id: uuid.UUID) -> None:
    redemption, code = take_code(site_id)
    for _ in range(2):
        tell(site_id, coupon_codes=[code.lower(), "SPRING10", code])
    assert states(site_id, redemption) == ("used", "redeemed", "1")
    tell(site_id, 2, coupon_codes=[code])
    assert states(site_id, redemption) == ("used", "redeemed", "1")
    with pytest.raises(RedemptionSettled), hot_transaction() as cursor:
        cancel_redemption(cursor, site_id, redemption, NOON, actor="alice")


@pytest.mark.parametrize(
    "change", [{"state": "cancelled", "cancelled_at": LATER}, {"coupon_codes": []}], ids=["cancelled", "taken out"]
)
def test_code_is_good_again_when_its_order_uses_it_no_more(site_id: uuid.UUID, change: dict[str, object]) -> None:
    redemption, code = take_code(site_id)
    tell(site_id, coupon_codes=[code])
    tell(site_id, **{"coupon_codes": [code], "updated_at": LATER, **change})
    assert states(site_id, redemption) == ("issued", "issued", None)
    # The older state of the order, told again, changes nothing.
    tell(site_id, coupon_codes=[code])
    assert states(site_id, redemption) == ("issued", "issued", None)
    tell(site_id, 2, coupon_codes=[code])
    assert states(site_id, redemption) == ("used", "redeemed", "2")


def test_cancelled_order_gives_back_no_code_whose_time_is_over(site_id: uuid.UUID) -> None:
    redemption, code = take_code(site_id, valid_days=3)
    tell(site_id, coupon_codes=[code])
    with time_machine.travel(NOON + timedelta(days=3), tick=False):
        tell(site_id, coupon_codes=[code], updated_at=LATER, state="cancelled", cancelled_at=LATER)
    assert states(site_id, redemption) == ("used", "redeemed", "1")


def test_unused_code_expires_and_an_order_from_before_still_uses_it(site_id: uuid.UUID) -> None:
    redemption, code = take_code(site_id, valid_days=3)
    with time_machine.travel(NOON + timedelta(days=3), tick=False):
        expire_due_coupons()
        assert states(site_id, redemption)[1] == "expired"
        tell(site_id, 1, coupon_codes=[code], placed_at=NOON + timedelta(days=4))
        assert states(site_id, redemption)[1] == "expired"
        tell(site_id, 2, coupon_codes=[code], placed_at=NOON + timedelta(days=2))
    assert states(site_id, redemption) == ("used", "redeemed", "2")


def test_code_nobody_was_given_is_not_given_out_after_its_use(site_id: uuid.UUID) -> None:
    take_code(site_id)
    begin_writing_anew()
    pool = db.session.query(CouponPool).one()
    pool.available = 1
    unused = {"pool_id": pool.id, "code": "Found", "code_key": "FOUND", "state": "available", "created_at": NOON}
    db.session.add(Coupon(site_id=site_id, id=new_id(), **unused))
    db.session.commit()
    tell(site_id, coupon_codes=["found"])
    coupon = db.session.query(Coupon).filter_by(code="Found").one()
    assert (coupon.state, coupon.redeemed_by, db.session.query(CouponPool).one().available) == ("redeemed", "1", 0)


def test_code_of_another_site_is_not_touched(site_id: uuid.UUID, cast: Cast) -> None:
    redemption, code = take_code(site_id)
    make_reward(cast.bobs.id)
    tell(cast.bobs.id, coupon_codes=[code])
    assert states(site_id, redemption) == ("issued", "issued", None)
