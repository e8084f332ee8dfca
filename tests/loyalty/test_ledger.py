"""Orders earn what they are worth as they stand; points are spent once and come back as they were."""

import uuid
from datetime import timedelta

import pytest
from flask import Flask

from tests.cast import Cast
from tests.loyalty.books import check_book
from tests.loyalty.builders import (
    find_customer,
    give_points,
    make_reward,
    read_account,
    read_book,
    start_program,
    take_orders,
)
from tests.orders.builders import NOON, make_line, make_order, make_refund
from widget.core.hot import hot_transaction
from widget.core.ids import new_id
from widget.loyalty.errors import NotEnoughPoints, RedemptionIdTaken
from widget.loyalty.redeeming import Redeemed, redeem_reward
from widget.loyalty.settling import cancel_redemption, commit_redemption

# Shopify's order 450789469: 587.00 before tax, in three lines.
LINES = [make_line(n, total_minor=total, tax_minor=398) for n, total in ((1, 19964), (2, 19965), (3, 19965))]
ORDER = {"total_minor": 59894, "tax_minor": 1194, "lines": LINES}


def redeem(
    cast: Cast, customer_id: uuid.UUID, reward_id: uuid.UUID, redemption_id: uuid.UUID, **more: object
) -> Redeemed:
    with hot_transaction() as cursor:
        return redeem_reward(cursor, cast.maple.id, customer_id, redemption_id, reward_id, NOON, **more)


def refund(number: int, *lines: int) -> object:
    back = [{"line": str(n), "quantity": 1, "amount_minor": LINES[n - 1].total_minor} for n in lines]
    return make_refund(number, sum(line["amount_minor"] for line in back), lines=back)


@pytest.mark.parametrize("rules", [{}, {"spend": None}], ids=["rule doubled", "rule deleted"])
@pytest.mark.parametrize("refunds", [[(1, 2)], [(1,), (2,)]], ids=["one refund", "split refund"])
def test_refund_takes_back_what_the_order_no_longer_earns(app: Flask, cast: Cast, rules: dict, refunds: list) -> None:
    with app.app_context():
        carol = find_customer(cast.maple.id)
        start_program(cast.maple.id)
        take_orders(cast.maple.id, make_order(**ORDER))
        assert read_account(cast.maple.id, carol).balance == 587
        spend = {"points": 2, "per_minor": 100, "earns_on": "paid", "with_tax": False, "with_shipping": False}
        start_program(cast.maple.id, **({"spend": {**spend, "excluded_products": []}} | rules))
        for place in range(1, len(refunds) + 1):
            told = [refund(number, *lines) for number, lines in enumerate(refunds[:place], start=1)]
            later = NOON + timedelta(days=place)
            take_orders(cast.maple.id, make_order(**ORDER, refunds=told, updated_at=later), now=later)
        assert read_account(cast.maple.id, carol).balance == 587 - 392
        check_book(*read_book(cast.maple.id, carol))


def test_redeeming_spends_points_and_issues_a_code_once(app: Flask, cast: Cast) -> None:
    with app.app_context():
        carol, reward = find_customer(cast.maple.id), make_reward(cast.maple.id, 100)
        start_program(cast.maple.id)
        give_points(cast.maple.id, carol, 150)
        wanted = new_id()
        first, again = (redeem(cast, carol, reward, wanted) for _ in range(2))
        assert (first.code, first.balance, first.is_new) == (again.code, 50, True)
        assert (again.balance, again.is_new) == (50, False)
        with pytest.raises(NotEnoughPoints):
            redeem(cast, carol, reward, new_id())
        with pytest.raises(RedemptionIdTaken):
            redeem(cast, find_customer(cast.maple.id, "frank"), reward, wanted)
        check_book(*read_book(cast.maple.id, carol))


def test_cancelled_redemption_gives_points_back_with_their_expiry(app: Flask, cast: Cast) -> None:
    with app.app_context():
        carol, reward = find_customer(cast.maple.id), make_reward(cast.maple.id, 100)
        start_program(cast.maple.id)
        for days in (30, 10):
            give_points(cast.maple.id, carol, 80, expires_at=NOON + timedelta(days=days))
        before = {number: vars(lot) for number, lot in read_book(cast.maple.id, carol)[0].lots.items()}
        wanted = new_id()
        redeem(cast, carol, reward, wanted)
        for _ in range(2):
            with hot_transaction() as cursor:
                cancelled = cancel_redemption(cursor, cast.maple.id, wanted, NOON, actor="alice")
        book, entries = read_book(cast.maple.id, carol)
        assert (cancelled.state, book.balance) == ("cancelled", 160)
        assert {number: vars(lot) for number, lot in book.lots.items()} == before
        check_book(book, entries)


def test_held_points_are_spent_by_committing(app: Flask, cast: Cast) -> None:
    with app.app_context():
        carol, reward = find_customer(cast.maple.id), make_reward(cast.maple.id, 100)
        start_program(cast.maple.id)
        give_points(cast.maple.id, carol, 150)
        wanted = new_id()
        held = redeem(cast, carol, reward, wanted, held_until=NOON + timedelta(minutes=15))
        assert (held.state, held.code, held.balance) == ("held", None, 50)
        for _ in range(2):
            with hot_transaction() as cursor:
                issued = commit_redemption(cursor, cast.maple.id, wanted, NOON)
        assert (issued.state, issued.balance, issued.is_new) == ("issued", 50, False)
        assert issued.code is not None
        check_book(*read_book(cast.maple.id, carol))
