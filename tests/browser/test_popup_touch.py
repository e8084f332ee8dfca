"""Leaving with a finger: each sign of it opens a campaign, as a strip that leaves the page alone; nothing else does."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.fingers import swipe, throw_up
from tests.browser.popups import (
    PHONE,
    add_campaign,
    add_impatient_campaign,
    popup_of,
    say,
    stays_closed,
    wait_until_watched,
)
from tests.browser.shopper import Shopper
from tests.browser.store import Store
from tests.servers import HostPages, LiveServer

BODY = """<main style="height: 6000px"><h1>Maple</h1></main>
<button id="up" style="position: fixed; bottom: 1em; right: 1em">Up</button>"""
TEXTS = {"title": "Ten percent for you", "text": "A line that says what it is about. " * 6, "button": "Get the code"}
SET_VISIBILITY = """(state) => {
    Object.defineProperty(Document.prototype, "visibilityState", { get: () => state, configurable: true });
    document.dispatchEvent(new Event("visibilitychange", { bubbles: true }));
}"""
SEARCH = "https://www.google.com/"


@pytest.fixture(scope="module")
def phone(browser: Browser) -> Iterator[Shopper]:
    """A phone that forgets with every page what it has been shown."""
    shopper = Shopper(browser, **PHONE)
    yield shopper
    shopper.close()
    assert shopper.errors == []


@pytest.fixture
def store(live_server: LiveServer, host_pages: HostPages) -> Store:
    return Store(live_server, host_pages)


def arrive(store: Store, phone: Shopper, path: str = "/", referrer: str | None = None) -> Page:
    page = phone.context.new_page()
    page.on("pageerror", lambda error: phone.errors.append(str(error)))
    page.add_init_script("if (!location.search) localStorage.clear()")
    page.goto(store.page(BODY, path=path), referer=referrer)
    wait_until_watched(page)
    return page


def test_page_thrown_up_by_the_finger_opens(store: Store, phone: Shopper) -> None:
    add_impatient_campaign(store, touch={"after_seconds": 0})
    page = arrive(store, phone)
    for _ in range(2):
        swipe(page, 700, 100, 12)
    page.evaluate("scrollTo({ top: 4000, behavior: 'instant' })")
    page.evaluate("scrollTo({ top: 0, behavior: 'instant' })")
    assert stays_closed(page), "a script has jumped"
    page.evaluate("up.onclick = () => scrollTo({ top: 0, behavior: 'smooth' })")
    page.evaluate("scrollTo({ top: 4000, behavior: 'instant' })")
    page.tap("#up")
    assert stays_closed(page), "a button has jumped"
    throw_up(page, popup_of(page))
    expect(popup_of(page)).to_be_visible()
    page.close()


def test_page_that_was_hardly_read_is_not_left(store: Store, phone: Shopper) -> None:
    add_impatient_campaign(store, touch={"after_seconds": 0, "depth_percent": 100})
    page = arrive(store, phone)
    page.evaluate("scrollTo({ top: 4000, behavior: 'instant' })")
    swipe(page, 100, 700, 6)
    assert stays_closed(page)
    page.close()


def test_return_to_the_tab_opens_after_long_enough(store: Store, phone: Shopper) -> None:
    add_impatient_campaign(store, return_seconds=1)
    page = arrive(store, phone)
    for seconds, is_open in ((0.2, False), (1.1, True)):
        page.evaluate(SET_VISIBILITY, "hidden")
        page.wait_for_timeout(seconds * 1000)
        page.evaluate(SET_VISIBILITY, "visible")
        if is_open:
            expect(popup_of(page)).to_be_visible()
        else:
            assert stays_closed(page)
    page.close()


def test_stillness_opens(store: Store, phone: Shopper) -> None:
    add_impatient_campaign(store, idle_seconds=1)
    page = arrive(store, phone)
    expect(popup_of(page)).to_be_visible()
    page.close()


def test_phone_from_a_search_sees_nothing_on_its_first_page(store: Store, phone: Shopper) -> None:
    add_campaign(store, triggers={"after_seconds": 0})
    page = arrive(store, phone, referrer=SEARCH)
    assert stays_closed(page)
    page.evaluate("history.pushState(null, '', '/next?kept')")
    expect(popup_of(page)).to_be_visible()
    page.close()
    page = arrive(store, phone, referrer="https://instagram.example/")
    expect(popup_of(page)).to_be_visible()
    page.close()


@pytest.mark.parametrize("goal", ["subscribe", "message"])
def test_strip_takes_less_than_a_third_and_leaves_the_page_alone(store: Store, phone: Shopper, goal: str) -> None:
    add_campaign(store, goal=goal, triggers={"after_seconds": 0}, variants=say(**TEXTS))
    page = arrive(store, phone)
    strip = popup_of(page)
    expect(strip).to_be_visible()
    assert strip.evaluate("strip => strip.getBoundingClientRect().height / innerHeight") <= 0.301
    assert page.evaluate("document.activeElement.localName") == "body"
    page.mouse.wheel(0, 500)
    page.wait_for_function("scrollY > 100")
    action = strip.get_by_role("button", name="Get the code").last
    assert strip.evaluate("strip => strip.scrollHeight - strip.clientHeight") <= 0, "nothing is cut"
    action.tap()
    if goal == "subscribe":
        expect(strip.get_by_label("E-mail address")).to_be_focused()
        expect(strip.get_by_role("checkbox")).to_be_visible()
    else:
        expect(strip).to_have_count(0)
    page.close()
