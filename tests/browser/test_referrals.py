"""The whole way of a friend, in the demo store: Carol shares, Frank takes the offer and buys, both are rewarded."""

import re
from collections.abc import Callable
from datetime import timedelta
from urllib.parse import unquote

from playwright.sync_api import Locator, Page, expect
from sqlalchemy import func, select

from tests.browser.demo import Demo
from tests.browser.rules import is_too_wide, list_violations
from tests.browser.shopper import Shopper, follow, walk_to
from tests.browser.store import wait_until
from tests.referrals.builders import let_time_pass
from widget.core.clock import utc_now
from widget.core.db import db
from widget.referrals.models import ReferralClick, ReferralGrant, ReferralShare

WINDOW_DAYS = 30
PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1280, "height": 900}
EMAIL = "frank@shoppers.example"


def test_both_are_rewarded_once_the_window_has_passed_and_lose_it_with_a_refund(
    demo: Demo, make_shopper: Callable[..., Shopper]
) -> None:
    carol = make_shopper(locale="en-US", viewport=DESKTOP)
    page = carol.visit(f"{demo.shop}/login")
    page.get_by_role("button", name="Carol").click()
    hers = open_friends(page)
    expect(hers.locator("h2")).to_have_text("Give a friend $5 off, and get 200 points yourself.")
    expect(hers.get_by_role("img", name="QR code of your link")).to_be_visible()
    keeps_the_rules(page)
    hers.get_by_role("button", name="Copy").click()
    wait_until(lambda: count(demo, ReferralShare) == 1)

    frank = make_shopper(locale="en-US", viewport=PHONE, color_scheme="dark")
    shop = frank.visit(find_shared_link(hers))
    his = shop.locator("regulars-referral")
    code = claim(his)
    wait_until(lambda: count(demo, ReferralClick) == 1)
    shop.reload()
    expect(his.locator("code")).to_have_text(code)
    order = buy(shop, demo, code)
    expect_row(page, hers, "F•••Has ordered; your reward is on its way")

    demo.server.let_days_pass(WINDOW_DAYS + 1)
    with demo.server.app.app_context():
        let_time_pass(utc_now() + timedelta(days=WINDOW_DAYS + 1))
    expect_row(page, hers, "F•••Rewarded")
    expect(hers.locator(".figures")).to_have_text("1Visits by your link1Took your offer0On their way250 pointsEarned")
    keeps_the_rules(page)
    assert list_reversed(demo) == {"advocate": False, "friend": False, "step:1": False}

    shop.goto(f"{demo.shop}/orders/{order}")
    shop.get_by_role("button", name="Send everything back").click()
    expect(shop.locator(".thanks")).to_contain_text("on its way back")
    expect_row(page, hers, "F•••Came to nothing")
    expect(hers.locator(".figures")).to_contain_text("0 pointsEarned")
    assert list_reversed(demo) == {"advocate": True, "friend": True, "step:1": True}


def test_own_page_takes_a_claim_without_scripts_and_counts_a_visit_with_them(
    demo: Demo, make_shopper: Callable[..., Shopper]
) -> None:
    rules = demo.ask("GET", "/referral-program")["rules"]
    demo.ask("PUT", "/referral-program", {"rules": rules | {"landing_url": None}})
    code = demo.ask("GET", "/advocates")["items"][0]["code"]
    before = count(demo, ReferralClick)
    page = make_shopper(locale="it-IT", viewport=PHONE).visit(f"{demo.server.base_url}/r/{code}?via=qr")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Un amico ti regala uno sconto di 5")
    wait_until(lambda: count(demo, ReferralClick) == before + 1)
    keeps_the_rules(page)
    with page.expect_response(re.compile("/visit$")):
        page.reload()
    assert count(demo, ReferralClick) == before + 1

    plain = make_shopper(locale="en-US", java_script_enabled=False).visit(f"{demo.server.base_url}/r/{code}?via=sms")
    plain.get_by_label("Your e-mail address").fill("grace@shoppers.example")
    plain.get_by_role("button", name="Get it").click()
    expect(plain.get_by_role("heading", level=1)).to_have_text("Welcome! Here is $5 off, for your first order.")
    expect(plain.locator("output.code")).to_have_text(re.compile("^FRIEND-"))
    expect(plain.get_by_role("link", name="Go to Maple Store")).to_have_attribute(
        "href", re.compile(rf"/\?regulars_ref={code}&regulars_via=sms$")
    )


def test_stranger_reads_how_to_take_part(demo: Demo, shopper: Shopper) -> None:
    page = shopper.visit(f"{demo.shop}/friends")
    place = page.locator("regulars-referral")
    expect(place.locator("section")).to_contain_text("Sign in to get your own link.")
    keeps_the_rules(page)
    place.get_by_role("link", name="Sign in").click()
    expect(page).to_have_url(f"{demo.shop}/login")


def open_friends(page: Page) -> Locator:
    page.get_by_role("navigation").get_by_role("link", name="Friends").click()
    place = page.locator("regulars-referral")
    place.locator("section").wait_for()
    return place


def find_shared_link(place: Locator) -> str:
    """Return the link in what WhatsApp would be given."""
    address = unquote(place.get_by_role("link", name="WhatsApp").get_attribute("href") or "")
    link = re.search(r"http://\S+via=whatsapp", address)
    assert link, address
    return link[0]


def claim(place: Locator) -> str:
    """Take the offer by keyboard, after a slip, and return the code it brings."""
    page = place.page
    expect(place.locator("h2")).to_have_text("A friend gives you $5 off")
    keeps_the_rules(page)
    follow(place.get_by_role("button", name="Get it"))
    field = place.get_by_label("Your e-mail address")
    expect(field).to_be_focused()
    expect(place.locator("#email-wrong")).to_contain_text("Please enter an e-mail address")
    keeps_the_rules(page)
    page.keyboard.type(EMAIL)
    page.keyboard.press("Enter")
    expect(place.locator("h2")).to_have_text("Welcome! Here is $5 off, for your first order.")
    expect(place.locator("section")).to_be_focused()
    keeps_the_rules(page)
    return str(place.locator("code").text_content())


def buy(page: Page, demo: Demo, code: str) -> str:
    """Log in and order something with the code, and return the order's id."""
    page.goto(f"{demo.shop}/login")
    page.get_by_role("button", name="Frank").click()
    page.locator(".card a", has_text="Wool throw").click()
    page.get_by_role("button", name="Add to cart").click()
    walk_to(page.get_by_label("Discount code"))
    page.keyboard.type(code)
    page.keyboard.press("Enter")
    expect(page.locator(".code")).to_contain_text("is applied")
    page.get_by_role("button", name="Place order").click()
    expect(page.locator(".thanks")).to_contain_text("Thank you, Frank")
    return page.url.rpartition("/")[2]


def expect_row(page: Page, place: Locator, words: str) -> None:
    page.reload()
    expect(place.locator(".rows").last.locator("li")).to_have_text(words)


def keeps_the_rules(page: Page) -> None:
    assert list_violations(page) == []
    assert not is_too_wide(page)


def count(demo: Demo, model: type) -> int:
    with demo.server.app.app_context():
        return db.session.scalar(select(func.count()).select_from(model)) or 0


def list_reversed(demo: Demo) -> dict[str, bool]:
    """Return what was given, by side, and whether it was taken back."""
    with demo.server.app.app_context():
        rows = db.session.execute(select(ReferralGrant.side, ReferralGrant.reversed_at)).all()
        return {side: reversed_at is not None for side, reversed_at in rows}
