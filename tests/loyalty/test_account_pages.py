"""What an owner sees of customers' points, and does with them."""

import re
import uuid
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import event, select, update

from tests.cast import Cast
from tests.dashboard.owner import OwnerBrowser, logged_in, make_member
from tests.loyalty.builders import (
    find_customer,
    give_points,
    make_reward,
    read_account,
    start_program,
    take_orders,
)
from tests.loyalty.tampering import unguarded
from tests.orders.builders import make_order
from widget.core.clock import utc_now
from widget.core.db import db
from widget.core.hot import hot_transaction
from widget.core.ids import new_id
from widget.loyalty.accounts import settle_account
from widget.loyalty.models import LedgerEntry, LoyaltyAccount
from widget.loyalty.redeeming import redeem_reward
from widget.sites.models import AuditEntry

SILVER = {"key": "silver", "names": {"en": "Silver"}, "threshold": 1000}
TIERS = {"measure": "points", "window": {"kind": "rolling", "months": 12, "grace_days": 30}, "steps": [SILVER]}
NEXT = re.compile(r'rel="next" href="([^"]+)"')
FORM_ID = re.compile(r'name="id" value="([^"]+)"')


@pytest.fixture
def carol(app: Flask, cast: Cast) -> uuid.UUID:
    with app.app_context():
        start_program(cast.maple.id, tiers=TIERS)
        return find_customer(cast.maple.id)


@pytest.fixture
def home(cast: Cast) -> str:
    return f"/dashboard/{cast.maple.key}/loyalty"


def adjust(alice: OwnerBrowser, page: str, points: object, **more: object) -> tuple[object, str]:
    """Send the form of a page, as it stands there; return the answer and the form's id."""
    form_id = FORM_ID.search(alice.get(page).text).group(1)
    sent = {"id": form_id, "points": points, "reason": "A late parcel"} | more
    return alice.post(f"{page}/adjustments", page=page, **sent), form_id


def test_list_finds_customers_by_points_tier_and_name(
    app: Flask, cast: Cast, alice: OwnerBrowser, carol: uuid.UUID, home: str
) -> None:
    with app.app_context():
        frank = find_customer(cast.maple.id, "frank")
        give_points(cast.maple.id, carol, 1234, expires_at=utc_now() + timedelta(days=9), now=utc_now())
        give_points(cast.maple.id, frank, 10)
        db.session.execute(update(LoyaltyAccount).where(LoyaltyAccount.customer_id == carol).values(tier="silver"))
        db.session.commit()
    shown = alice.get(f"{home}/customers").text
    assert shown.index("1,234") < shown.index("Frank")
    found = {"?q=fra": "Frank", "?tier=silver": "Carol", "?tier=none": "Frank", "?show=expiring": "Carol"}
    for query, name in found.items():
        text = alice.get(f"{home}/customers{query}").text
        assert re.findall(r'dir="auto">(Carol|Frank)', text) == [name], query
    assert "Nobody is found" in alice.get(f"{home}/customers?show=owing").text


def test_list_goes_on_where_it_stopped(
    app: Flask, cast: Cast, alice: OwnerBrowser, home: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("widget.loyalty.account_pages.ACCOUNTS_A_PAGE", 2)
    with app.app_context():
        for number in range(5):
            give_points(cast.maple.id, find_customer(cast.maple.id, f"p{number}"), 10)
    for sort in ("points", "newest"):
        address, names = f"{home}/customers?sort={sort}", []
        while address:
            text = alice.get(address).text
            names += re.findall(r'dir="auto">(P\d)', text)
            following = NEXT.search(text)
            address = following.group(1).replace("&amp;", "&") if following else ""
        assert sorted(names) == [f"P{number}" for number in range(5)]


@pytest.mark.parametrize("query", ["cursor=x", "sort=shoe", "show=all", "q=" + "x" * 201, "tier=%00"])
def test_list_refuses_an_address_that_names_nothing(alice: OwnerBrowser, home: str, query: str) -> None:
    assert alice.get(f"{home}/customers?{query}").status_code == 422


def test_list_asks_the_same_number_of_questions_however_long_it_is(
    app: Flask, cast: Cast, alice: OwnerBrowser, home: str
) -> None:
    def count() -> int:
        asked: list[str] = []
        with app.app_context():
            engine = db.engine
        listen = lambda *args: asked.append(args[2])  # noqa: E731
        event.listen(engine, "before_cursor_execute", listen)
        alice.get(f"{home}/customers")
        event.remove(engine, "before_cursor_execute", listen)
        return len(asked)

    def give(name: str) -> None:
        with app.app_context():
            give_points(cast.maple.id, find_customer(cast.maple.id, name), 10)

    give("carol")
    first = count()
    for number in range(4):
        give(f"p{number}")
    assert count() == first


def test_account_page_explains_every_line(
    app: Flask, cast: Cast, alice: OwnerBrowser, carol: uuid.UUID, home: str
) -> None:
    with app.app_context():
        take_orders(cast.maple.id, make_order(1, number="#1001", total_minor=58700))
        give_points(cast.maple.id, carol, 50)
        reward = make_reward(cast.maple.id, 100)
        with hot_transaction() as cursor:
            code = redeem_reward(cursor, cast.maple.id, carol, new_id(), reward, utc_now()).code
    text = alice.get(f"{home}/customers/{carol}").text
    for words in (
        "Order #1001",
        "€587.00",
        "rules, version 1",
        "Redeemed: 5 EUR off",
        code,
        "Ledger intact: 3 entries",
    ):
        assert words in text
    assert "+587" in text
    assert "−100" in text


def test_account_page_says_what_was_altered(
    app: Flask, cast: Cast, alice: OwnerBrowser, carol: uuid.UUID, home: str
) -> None:
    with app.app_context():
        give_points(cast.maple.id, carol, 50)
        with unguarded():
            db.session.execute(update(LedgerEntry).values(delta=500))
            db.session.commit()
    text = alice.get(f"{home}/customers/{carol}").text
    assert "The ledger was altered." in text
    assert "It is entry 1." in text


def test_customer_without_points_has_a_page(alice: OwnerBrowser, carol: uuid.UUID, home: str) -> None:
    page = alice.get(f"{home}/customers/{carol}")
    assert page.status_code == 200
    assert "Nothing has happened yet." in page.text


def test_points_by_hand_count_once_however_often_the_form_is_sent(
    app: Flask, cast: Cast, alice: OwnerBrowser, carol: uuid.UUID, home: str
) -> None:
    page = f"{home}/customers/{carol}"
    answer, form_id = adjust(alice, page, "120")
    assert answer.status_code == 302
    alice.post(f"{page}/adjustments", page=page, id=form_id, points="120", reason="A late parcel")
    text = alice.get(page).text
    assert "it counts once" in text
    assert "A late parcel" in text
    with app.app_context():
        assert read_account(cast.maple.id, carol).balance == 120
        actions = db.session.scalars(select(AuditEntry.action).where(AuditEntry.action == "points.adjusted")).all()
        assert len(actions) == 1


def test_points_below_zero_need_to_be_wanted(
    app: Flask, cast: Cast, alice: OwnerBrowser, carol: uuid.UUID, home: str
) -> None:
    page = f"{home}/customers/{carol}"
    adjust(alice, page, "20")
    refused, form_id = adjust(alice, page, "-50")
    assert refused.status_code == 409
    assert form_id in refused.text
    assert "There are fewer points" in refused.text
    assert adjust(alice, page, "-50", may_owe="y")[0].status_code == 302
    with app.app_context():
        assert read_account(cast.maple.id, carol).balance == -30
    assert "owes" in alice.get(f"{home}/customers?show=owing").text


@pytest.mark.parametrize(
    "wrong",
    [
        *({"points": points} for points in ("0", "many", "1.5", "1000001")),
        *({"reason": reason} for reason in (" ", "x" * 301, "a\x00b")),
        {"id": "x"},
    ],
)
def test_points_by_hand_refuse_what_is_no_adjustment(
    app: Flask, alice: OwnerBrowser, carol: uuid.UUID, home: str, wrong: dict[str, str]
) -> None:
    assert adjust(alice, f"{home}/customers/{carol}", **{"points": "5"} | wrong)[0].status_code == 422
    with app.app_context():
        assert db.session.scalars(select(LedgerEntry)).all() == []


def test_pinned_tier_stays_and_goes_when_it_is_let_go(
    app: Flask, cast: Cast, alice: OwnerBrowser, carol: uuid.UUID, home: str
) -> None:
    page = f"{home}/customers/{carol}"
    for _ in range(2):
        alice.post(f"{page}/tier", page=page, tier="silver", reason="A friend of the house")
    with app.app_context():
        with hot_transaction() as cursor:
            settle_account(cursor, cast.maple.id, carol, utc_now() + timedelta(days=900))
        take_orders(cast.maple.id, make_order(1))
        account = read_account(cast.maple.id, carol)
        assert (account.tier, account.is_tier_pinned) == ("silver", True)
    text = alice.get(page).text
    assert "A friend of the house" in text
    assert "Carol" in alice.get(f"{home}/customers?show=pinned").text
    for _ in range(2):
        alice.post(f"{page}/tier/unpin", page=page)
    with app.app_context():
        account = read_account(cast.maple.id, carol)
        assert (account.tier, account.is_tier_pinned, account.pin_reason) == (None, False, None)


@pytest.mark.parametrize("wrong", [{"tier": "gold"}, {"reason": ""}])
def test_pin_refuses_a_tier_there_is_not_and_no_reason(
    alice: OwnerBrowser, carol: uuid.UUID, home: str, wrong: dict[str, str]
) -> None:
    page = f"{home}/customers/{carol}"
    assert alice.post(f"{page}/tier", page=page, **{"tier": "silver", "reason": "x"} | wrong).status_code == 422


def test_cancelled_redemption_gives_points_back_once(
    app: Flask, cast: Cast, alice: OwnerBrowser, carol: uuid.UUID, home: str
) -> None:
    gone = utc_now() + timedelta(days=9)
    with app.app_context():
        give_points(cast.maple.id, carol, 150, now=utc_now(), expires_at=gone)
        reward, wanted = make_reward(cast.maple.id, 100), new_id()
        with hot_transaction() as cursor:
            redeem_reward(cursor, cast.maple.id, carol, wanted, reward, utc_now())
    for _ in range(2):
        answer = alice.post(f"{home}/redemptions/{wanted}/cancel", page=f"{home}/customers/{carol}")
        assert answer.status_code == 302
    with app.app_context():
        account = read_account(cast.maple.id, carol)
        assert (account.balance, account.next_change_at) == (150, gone)
        assert len(db.session.scalars(select(LedgerEntry)).all()) == 3


def test_another_owner_finds_and_changes_nothing(app: Flask, cast: Cast, carol: uuid.UUID, home: str) -> None:
    bob, bobs = logged_in(app, "bob@bobs.example"), f"/dashboard/{cast.bobs.key}/loyalty"
    for place in (home, bobs):
        assert bob.get(f"{place}/customers/{carol}").status_code == 404
        for step in ("adjustments", "tier", "tier/unpin"):
            assert bob.post(f"{place}/customers/{carol}/{step}", id=new_id(), points="5").status_code == 404
    assert bob.get(f"{home}/customers").status_code == 404
    assert bob.post(f"{bobs}/redemptions/{new_id()}/cancel").status_code == 404
    assert "Carol" not in bob.get(f"{bobs}/customers").text
    with app.app_context():
        assert db.session.scalars(select(LedgerEntry)).all() == []


def test_home_and_story_tell_of_points(
    app: Flask, cast: Cast, alice: OwnerBrowser, carol: uuid.UUID, home: str
) -> None:
    site_home = home.removesuffix("/loyalty")
    assert "Nobody has points yet." in alice.get(f"{site_home}/").text
    now = utc_now()
    with app.app_context():
        times = {"placed_at": now, "paid_at": now, "updated_at": now}
        take_orders(cast.maple.id, make_order(1, number="#1001", total_minor=58700, **times), now=now)
    text = alice.get(f"{site_home}/").text
    assert "Customers earned 587 points." in text
    story = alice.get(f"{site_home}/customers/{carol}").text
    assert "+587 points" in story
    assert f"{home}/customers/{carol}#history" in story


def test_history_goes_on_where_it_stopped(
    app: Flask, cast: Cast, alice: OwnerBrowser, carol: uuid.UUID, home: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("widget.loyalty.account_view.ENTRIES_A_PAGE", 2)
    with app.app_context():
        for _ in range(5):
            give_points(cast.maple.id, carol, 10)
    address, numbers = f"{home}/customers/{carol}", []
    while address:
        text = alice.get(address).text
        numbers += re.findall(r"entry (\d+)</span>", text)
        following = NEXT.search(text)
        address = following.group(1).replace("&amp;", "&") if following else ""
    assert numbers == ["5", "4", "3", "2", "1"]
    assert alice.get(f"{home}/customers/{carol}?cursor=x").status_code == 422


def test_viewer_sees_everything_and_changes_nothing(app: Flask, cast: Cast, carol: uuid.UUID, home: str) -> None:
    make_member(app, cast.maple, "erin@maple.example", "viewer")
    erin, page = logged_in(app, "erin@maple.example"), f"{home}/customers/{carol}"
    assert "Give or take points" not in erin.get(page).text
    assert erin.post(f"{page}/adjustments", id=new_id(), points="5", reason="x").status_code == 403
    assert erin.post(f"{home}/report/cost", thousand="5").status_code == 403
