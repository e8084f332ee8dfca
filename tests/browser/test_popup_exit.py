"""Leaving with a mouse: a campaign opens on the real exit through the top, and on nothing that only looks like it."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, Playwright, expect

from tests.browser.popups import (
    EXIT,
    add_campaign,
    add_impatient_campaign,
    leave_by_the_top,
    popup_of,
    say,
    stays_closed,
    wait_until_watched,
)
from tests.browser.shopper import Shopper
from tests.browser.store import Store
from tests.conftest import find_chromium
from tests.servers import HostPages, LiveServer

BODY = """
<header style="position: fixed; top: 0"><a id="home" href="#home">Home</a>
<select id="size"><option>S<option>M<option>L</select> <input id="email" type="email" autocomplete="email">
<button id="up">Up</button></header>
<main style="height: 6000px"><h1>Maple</h1></main>
<dialog id="cart">Your cart <button>Pay</button></dialog><div id="menu" aria-modal="true" hidden>Menu</div>
"""
SIZE = {"width": 1280, "height": 800}


@pytest.fixture(scope="module")
def leaving(browser: Browser, live_server: LiveServer, host_pages: HostPages) -> Iterator[Page]:
    """A tab whose browser forgets with every page what it has been shown."""
    store = Store(live_server, host_pages)
    add_campaign(store, variants=say(title="Before you go"))
    shopper = Shopper(browser, viewport=SIZE)
    yield shopper.visit(store.page(BODY), before="localStorage.clear()")
    shopper.close()
    assert shopper.errors == []


@pytest.fixture
def page(leaving: Page) -> Page:
    leaving.set_viewport_size(SIZE)
    leaving.mouse.move(600, 500)
    leaving.goto(leaving.url.partition("#")[0])
    wait_until_watched(leaving)
    return leaving


def test_real_exit_through_the_top_opens(page: Page) -> None:
    assert stays_closed(page)
    leave_by_the_top(page)
    expect(popup_of(page)).to_be_visible()
    expect(popup_of(page).get_by_role("heading")).to_have_text("Before you go")


def choose_in_a_menu(page: Page) -> None:
    page.mouse.move(400, 300)
    page.click("#size")
    page.mouse.move(150, -20)


def have_a_field_filled_in(page: Page) -> None:
    page.mouse.move(400, 300)
    page.focus("#email")
    page.mouse.move(250, 10)
    page.mouse.move(250, -20)


def compose_a_word(page: Page) -> None:
    page.focus("#email")
    client = page.context.new_cdp_session(page)
    client.send("Input.imeSetComposition", {"text": "にほ", "selectionStart": 2, "selectionEnd": 2})
    leave_by_the_top(page)


def enter_from_the_top(page: Page) -> None:
    page.mouse.move(-20, 300)
    page.mouse.move(400, -20)
    page.mouse.move(400, 12)
    page.mouse.move(400, 20)
    page.mouse.move(400, -20)


def have_the_page_resized(page: Page) -> None:
    page.mouse.move(400, 300)
    page.mouse.move(400, 60)
    page.set_viewport_size({"width": 1280, "height": 500})
    page.wait_for_function("innerHeight == 500")
    page.mouse.move(400, -20)


def look_at_a_dialog(page: Page) -> None:
    page.evaluate("cart.showModal()")
    leave_by_the_top(page)


def look_at_a_menu(page: Page) -> None:
    page.evaluate("menu.hidden = false")
    leave_by_the_top(page)


def jump_back_to_the_top(page: Page) -> None:
    page.evaluate("scrollTo(0, 5000)")
    page.mouse.move(300, 300)
    page.evaluate("up.onclick = () => scrollTo({ top: 0, behavior: 'smooth' })")
    page.click("#up")
    page.mouse.move(300, -20)


def click_a_link_near_the_top(page: Page) -> None:
    page.mouse.move(60, 300)
    page.click("#home")
    page.mouse.move(20, -20)


def leave_at_the_sides(page: Page) -> None:
    for x, y in ((-20, 300), (1300, 200), (-5, -5), (1290, -5)):
        page.mouse.move(600, 400)
        page.mouse.move(x, y)


def drag_out_of_the_page(page: Page) -> None:
    page.mouse.move(400, 300)
    page.mouse.down()
    page.mouse.move(400, -20)
    page.mouse.up()


def come_back_at_once(page: Page) -> None:
    leave_by_the_top(page)
    page.mouse.move(400, 30)


HARMLESS = [
    choose_in_a_menu, have_a_field_filled_in, compose_a_word, enter_from_the_top, have_the_page_resized,
    look_at_a_dialog, look_at_a_menu, jump_back_to_the_top, click_a_link_near_the_top, leave_at_the_sides,
    drag_out_of_the_page, come_back_at_once,
]  # fmt: skip
# A click, or another size of the page, is still heard of for a second.
DISTURBING = [
    choose_in_a_menu, have_the_page_resized, jump_back_to_the_top, click_a_link_near_the_top, drag_out_of_the_page,
]  # fmt: skip


@pytest.mark.parametrize("seem_to_leave", HARMLESS, ids=lambda action: action.__name__)
def test_what_only_looks_like_leaving_opens_nothing(page: Page, seem_to_leave: Callable[[Page], None]) -> None:
    """Each ends with a real exit, so that none is quiet because nobody watches."""
    seem_to_leave(page)
    assert stays_closed(page)
    page.evaluate("() => { document.activeElement.blur(); cart.close(); menu.hidden = true; }")
    if seem_to_leave in DISTURBING:
        page.wait_for_timeout(600)
    leave_by_the_top(page)
    expect(popup_of(page)).to_be_visible()


def test_scroll_bar_that_is_dragged_opens_nothing(
    playwright_driver: Playwright, live_server: LiveServer, host_pages: HostPages
) -> None:
    store = Store(live_server, host_pages)
    add_campaign(store)
    browser = playwright_driver.chromium.launch(
        executable_path=find_chromium(), args=["--no-sandbox"], ignore_default_args=["--hide-scrollbars"]
    )
    page = Shopper(browser, viewport=SIZE).visit(store.page(BODY))
    wait_until_watched(page)
    assert page.evaluate("innerWidth - document.documentElement.clientWidth") > 0, "scroll bars are shown"
    page.evaluate("scrollTo(0, 4000)")
    page.mouse.move(900, 700)
    page.mouse.move(1274, 560)
    page.mouse.down()
    page.mouse.move(1274, 200, steps=4)
    assert page.evaluate("scrollY") < 3900, "the bar is held"
    page.mouse.move(1000, -20)
    page.mouse.up()
    assert stays_closed(page)
    page.mouse.move(1274, 400)
    page.mouse.move(1274, -20)
    assert stays_closed(page)
    page.wait_for_timeout(600)
    leave_by_the_top(page)
    expect(popup_of(page)).to_be_visible()
    browser.close()


def test_deciding_costs_no_request(live_server: LiveServer, host_pages: HostPages, shopper: Shopper) -> None:
    """And stillness, which on touch is a sign of leaving, is none with a mouse."""
    store = Store(live_server, host_pages)
    add_campaign(store, triggers={**EXIT, "scroll_percent": 90, "event": "never"}, rules={"visitors": "returning"})
    add_impatient_campaign(store, idle_seconds=0.2, return_seconds=0)
    page = shopper.visit(store.page(BODY))
    wait_until_watched(page)
    leave_by_the_top(page)
    page.evaluate("() => { scrollTo(0, 6000); document.dispatchEvent(new Event('visibilitychange')); }")
    assert stays_closed(page)
    asked = [request for request in shopper.requests if "/static/" not in request and live_server.base_url in request]
    assert asked == [f"GET {store.script_url}"]
