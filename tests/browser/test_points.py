"""Points as a shopper meets them: copying a code, in every look, and in each language."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.browser.demo import Demo
from tests.browser.rules import is_too_wide, list_violations
from tests.browser.shopper import COUNT_SHIFTS, Shopper

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


def balance_of(place: Locator) -> Locator:
    return place.locator(".balance b")


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
