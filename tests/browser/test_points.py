"""Points as a shopper meets them: joining, buying, redeeming, using the code; by keyboard, and in every look."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from playwright.sync_api import Locator, Page, Route, expect
from sqlalchemy import select

from tests.browser.demo import Demo
from tests.browser.rules import is_too_wide, list_violations
from tests.browser.shopper import COUNT_SHIFTS, Shopper
from widget.core.clock import utc_now
from widget.core.db import begin_writing, db
from widget.coupons.models import Coupon
from widget.demo.catalogue import SHOPPERS_BY_ID
from widget.demo.orders import describe_order
from widget.demo.visits import list_lines
from widget.intake.service import take_orders
from widget.orders.models import Order
from widget.sites.queries import find_site_by_key

PHONE = {"width": 390, "height": 844}
TITLES = {"en-US": "Your points", "it-IT": "I tuoi punti", "id-ID": "Poin Anda"}


def log_in(demo: Demo, shopper: Shopper, name: str, *, before: str | None = None) -> Page:
    page = shopper.visit(f"{demo.shop}/login", before=before)
    page.get_by_role("button", name=name).click()
    page.wait_for_url(f"{demo.shop}/")
    return page


def open_points(demo: Demo, page: Page) -> Locator:
    page.goto(f"{demo.shop}/account")
    place = page.locator("regulars-points")
    place.locator(".points").wait_for()
    return place


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def balance_of(place: Locator) -> Locator:
    return place.locator(".balance b")


def test_customer_joins_buys_redeems_and_uses_the_code_by_keyboard(
    demo: Demo, make_shopper: Callable[..., Shopper]
) -> None:
    shopper = make_shopper(locale="en-US", viewport=PHONE)
    page = log_in(demo, shopper, "Frank")
    join(open_points(demo, page))
    page.goto(f"{demo.shop}/products/wool-throw")
    expect(page.locator("regulars-points")).to_contain_text("Earn 120 points")
    order_id = order(demo, page)
    code = redeem(open_points(demo, page))
    page.goto(f"{demo.shop}/products/stoneware-mug")
    order(demo, page, code)
    assert coupon_state(demo, code) == "redeemed"

    give_everything_back(demo, order_id)
    place = open_points(demo, page)
    expect(place.locator(".codes")).to_have_count(0)
    expect(balance_of(place)).to_have_text("-26")
    place.get_by_role("button", name="History").press("Enter")
    line = place.locator(".history li", has_text=order_id).first
    line.locator("summary").press("Enter")
    expect(line).to_contain_text("-120")
    expect(line).to_contain_text("It had earned 120 points before")


def join(place: Locator) -> None:
    expect(balance_of(place)).to_have_text("0")
    place.get_by_role("button", name="Join now").press("Enter")
    expect(place.get_by_role("status")).to_have_text("Welcome! From now on you collect points.")
    expect(balance_of(place)).to_have_text("50")
    expect(place.locator(".points")).to_be_focused()


def order(demo: Demo, page: Page, code: str = "") -> str:
    """Order the product of the page, with a code if there is one, and return the order's id."""
    page.get_by_role("button", name="Add to cart").press("Enter")
    if code:
        page.get_by_label("Discount code").fill("NOT-A-CODE")
        press(page, "Enter")
        expect(page.get_by_role("alert")).to_contain_text("cannot be used")
        page.get_by_label("Discount code").fill(code.lower())
        press(page, "Enter")
        expect(page.locator(".code")).to_contain_text("is applied")
    page.get_by_role("button", name="Place order").press("Enter")
    page.wait_for_url(f"{demo.shop}/orders/*")
    return page.url.rpartition("/")[2]


def redeem(place: Locator) -> str:
    """Redeem the free delivery after a second thought, and return its code."""
    expect(balance_of(place)).to_have_text("170")
    place.evaluate("place => addEventListener('regulars:redeemed', ({ detail }) => (window.redeemed = detail))")
    button, question = place.get_by_role("button", name="Redeem: Free delivery"), place.locator(".sure")
    button.press("Enter")
    expect(question).to_be_focused()
    expect(question).to_contain_text("100 points for “Free delivery”? After that you have 70 points.")
    press(place.page, "Escape")
    expect(button).to_be_focused()
    press(place.page, "Enter")
    expect(question).to_be_focused()
    press(place.page, "Tab", "Enter")
    expect(place.locator("code")).to_be_visible()
    expect(balance_of(place)).to_have_text("70")
    expect(place.locator(".codes li")).to_be_focused()
    code = str(place.locator("code").text_content())
    assert place.page.evaluate("redeemed.code") == code
    return code


def coupon_state(demo: Demo, code: str) -> str | None:
    with demo.server.app.app_context():
        return db.session.scalar(select(Coupon.state).where(Coupon.code == code))


def give_everything_back(demo: Demo, order_id: str) -> None:
    """Cancel Frank's throw as the store's server does."""
    with demo.server.app.app_context():
        begin_writing()
        site = find_site_by_key(demo.account.site_key)
        assert site is not None
        placed_at = db.session.scalars(select(Order.placed_at).where(Order.external_id == order_id)).one()
        document = describe_order(order_id, list_lines({"THROW-04": 1}), SHOPPERS_BY_ID["frank"], placed_at)
        now = utc_now()
        cancelled = replace(document, cancelled_at=now, updated_at=now, state="cancelled")
        take_orders(site.id, [cancelled], "api")
        db.session.commit()


def test_code_is_copied_or_selected_where_there_is_no_clipboard(
    demo: Demo, make_shopper: Callable[..., Shopper]
) -> None:
    shopper = make_shopper(locale="en-US", permissions=["clipboard-read", "clipboard-write"])
    page = log_in(demo, shopper, "Carol")
    place = open_points(demo, page)

    def lose(route: Route) -> None:
        route.fetch()
        route.abort()

    before = int(str(balance_of(place).text_content()))
    page.route("**/redemptions", lose, times=1)
    place.get_by_role("button", name="Redeem: Free delivery").click()
    place.get_by_role("button", name="Redeem 100 points").click()
    expect(place.locator(".sure .wrong")).to_contain_text("Nothing is lost")
    place.get_by_role("button", name="Redeem 100 points").click()
    code = place.locator("code")
    expect(code).to_have_count(1)
    expect(balance_of(place)).to_have_text(str(before - 100))
    place.get_by_role("button", name="Copy: Free delivery").click()
    expect(place.get_by_role("status")).to_have_text("Copied")
    assert page.evaluate("navigator.clipboard.readText()") == code.text_content()
    page.evaluate("void (navigator.clipboard.writeText = () => Promise.reject())")
    place.get_by_role("button", name="Copy: Free delivery").click()
    expect(place.get_by_role("status")).to_contain_text("The code is selected")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_every_state_keeps_the_rules(demo: Demo, make_shopper: Callable[..., Shopper], width: int, scheme: str) -> None:
    shopper = make_shopper(
        locale="en-US", viewport={"width": width, "height": 844}, color_scheme=scheme, reduced_motion="reduce"
    )
    stranger = shopper.visit(f"{demo.shop}/account")
    expect(stranger.get_by_role("link", name="Sign in or create an account")).to_be_visible()
    assert list_violations(stranger) == []
    assert not is_too_wide(stranger)
    page = log_in(demo, shopper, "Carol")
    place = open_points(demo, page)
    place.get_by_role("button", name="History").click()
    place.locator("summary").first.click()
    place.get_by_role("button", name="Redeem: ").first.click()
    place.locator(".sure").wait_for()
    assert list_violations(page) == []
    assert not is_too_wide(page)
    page.set_viewport_size({"width": 320, "height": 700})
    assert not is_too_wide(page)
    small = place.evaluate(
        "place => [...place.shadowRoot.querySelectorAll('button, a, summary')].filter((one) => "
        "one.checkVisibility() && one.getBoundingClientRect().height < 43.5).map((one) => one.outerHTML)"
    )
    assert small == []


@pytest.mark.parametrize("locale", TITLES)
def test_points_are_said_in_the_shopper_s_language(
    demo: Demo, make_shopper: Callable[..., Shopper], locale: str
) -> None:
    shopper = make_shopper(locale=locale)
    page = log_in(demo, shopper, "Carol", before=COUNT_SHIFTS)
    place = open_points(demo, page)
    expect(place.locator("h2")).to_have_text(TITLES[locale])
    assert page.evaluate("shifted") < 0.01
    assert place.locator(".frame").get_attribute("lang") == locale[:2]


def test_preview_follows_its_attributes_and_says_nothing_of_nothing(demo: Demo, shopper: Shopper) -> None:
    page = shopper.visit(f"{demo.shop}/products/teapot")
    line = page.locator("regulars-points[preview]")
    expect(line).to_contain_text("Earn 72 points")
    line.evaluate("line => line.setAttribute('price', '1.00')")
    expect(line).to_contain_text("Earn 1 point")
    for price in ("0.40", "cheap"):
        line.evaluate("(line, price) => line.setAttribute('price', price)", price)
        expect(line.locator("p")).to_have_count(0)
    assert not any("points-card" in request for request in shopper.requests)
