"""The rarer conditions in a real browser: leaving, devices, customers on two devices, and what the panel says of it."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.fingers import swipe, throw_up
from tests.browser.popups import add_campaign, popup_of, say
from tests.browser.rules import list_violations
from tests.browser.shopper import Shopper, answer, open_sheet, read_memory, sheet_of, stays_away
from tests.browser.store import Store, wait_until

LONG = "<div style='height: 6000px'>Long</div>"
PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 740}, "has_touch": True, "is_mobile": True}
STRICT = "default-src 'none'; script-src {api}; connect-src {api}; require-trusted-types-for 'script'"
NOTE_VIOLATIONS = """
window.violations = [];
addEventListener("securitypolicyviolation", (event) => violations.push(event.violatedDirective));
"""
ARMED_MS = 2600


def leave_by_the_top(page: Page) -> None:
    page.mouse.move(400, 300)
    page.mouse.move(400, 5)
    # The driver has no pointer outside the window; Chromium says this when it leaves one.
    page.mouse.move(400, -20)


def panel_of(page: Page) -> Locator:
    return page.locator("regulars-debug section")


def test_mouse_that_leaves_by_the_upper_edge_opens_the_sheet(store: Store, shopper: Shopper) -> None:
    store.add_survey(gates={"exit_intent": True})
    page = shopper.visit(store.page())
    assert stays_away(page, ARMED_MS)
    page.mouse.move(400, 300)
    page.mouse.move(5, 300)
    assert stays_away(page, 300)
    leave_by_the_top(page)
    open_sheet(page)


def test_finger_that_throws_the_page_up_opens_the_sheet(store: Store, make_shopper: Callable[..., Shopper]) -> None:
    store.add_survey(gates={"exit_intent": True, "devices": "touch"})
    page = make_shopper(**PHONE).visit(store.page(LONG))
    assert stays_away(page, ARMED_MS)
    page.evaluate("scrollTo(0, 3000)")
    page.evaluate("scrollTo(0, 0)")
    assert stays_away(page, 500)
    for _ in range(4):
        swipe(page, 700, 100, 20)
    page.wait_for_timeout(500)
    assert sheet_of(page).count() == 0
    throw_up(page, sheet_of(page))
    open_sheet(page)


def test_back_button_is_never_trapped(store: Store, make_shopper: Callable[..., Shopper]) -> None:
    store.add_survey(gates={"exit_intent": True})
    page = make_shopper(**PHONE).visit(store.page("<h1>One</h1>", path="/one"))
    length = page.evaluate("history.length")
    page.goto(store.page("<h1>Two</h1>", path="/two"))
    page.wait_for_timeout(ARMED_MS)
    assert page.evaluate("history.length") == length + 1
    page.go_back()
    expect(page.locator("h1")).to_have_text("One")


def test_desktop_survey_is_not_asked_on_a_phone(store: Store, make_shopper: Callable[..., Shopper]) -> None:
    store.add_survey(gates={"devices": "desktop"})
    assert stays_away(make_shopper(**PHONE).visit(store.page()))
    open_sheet(make_shopper().visit(store.page()))


def test_checkout_stays_quiet_and_the_survey_comes_after_it(store: Store, shopper: Shopper) -> None:
    store.add_survey()
    page = shopper.visit(store.page(path="/checkout/payment"))
    assert stays_away(page)
    assert "asked" not in (read_memory(page) or {})
    page.evaluate("history.pushState(null, '', '/done')")
    open_sheet(page)


def test_cart_worth_enough_opens_the_sheet(store: Store, shopper: Shopper) -> None:
    store.add_survey(gates={"cart_min": 50})
    page = shopper.visit(store.page(tag=store.tag(data_field_cart_value="49,90")))
    assert stays_away(page)
    page.evaluate("regulars.track('cart_changed', { cart_value: 50 })")
    open_sheet(page)


def test_focused_field_postpones_and_nothing_counts_as_asked(store: Store, shopper: Shopper) -> None:
    store.add_survey()
    page = shopper.visit(store.page("<label>Voucher <input autofocus></label>"))
    assert stays_away(page)
    memory = read_memory(page) or {}
    assert not memory.keys() & {"asked", "asked_at"}
    assert store.impressions() == []
    page.evaluate("document.activeElement.blur()")
    open_sheet(page)
    assert len(wait_until(store.impressions)) == 1
    assert "asked_at" in read_memory(page)


def test_two_surveys_due_at_once_make_one_sheet_and_the_other_waits_for_the_cap(store: Store, shopper: Shopper) -> None:
    for _ in range(2):
        store.add_survey()
    page = shopper.visit(store.page())
    open_sheet(page).get_by_role("button", name="Close").click()
    assert stays_away(page)
    assert len(wait_until(store.impressions)) == 1


def visit_as_carol(store: Store, shopper: Shopper, path: str = "/") -> Page:
    return shopper.visit(store.page(path=path, tag=store.tag(data_customer=store.sign_customer("carol"))))


def is_noted(store: Store) -> bool:
    return any(impression.visitor_id for impression in store.impressions())


@pytest.mark.parametrize("cap_days", [14, 0])
def test_customer_asked_on_one_device_is_left_alone_on_the_other(
    store: Store, make_shopper: Callable[..., Shopper], cap_days: int
) -> None:
    """The cap keeps every survey quiet; without one, each survey's own clock keeps that survey quiet."""
    store.set(ask_every_days=cap_days)
    store.add_survey(repeat_days=90, url_rules=[["ends", "/one"]])
    store.add_survey("csat", repeat_days=90, url_rules=[["ends", "/two"]])
    laptop, phone = make_shopper(), make_shopper(**PHONE)
    open_sheet(visit_as_carol(store, laptop, "/one"))
    wait_until(lambda: is_noted(store))
    assert stays_away(visit_as_carol(store, phone, "/one"), 1500)
    page = visit_as_carol(store, phone, "/two")
    if cap_days:
        assert stays_away(page, 1500)
    else:
        open_sheet(page)
    open_sheet(make_shopper().visit(store.page(path="/one")))


def test_event_of_the_stores_server_asks_at_the_next_visit_and_once(store: Store, shopper: Shopper) -> None:
    store.add_survey(event_name="delivered", repeat_days=1, gates={"event_source": "server"})
    assert stays_away(visit_as_carol(store, shopper))
    store.say("carol", "delivered")
    page = shopper.visit("about:blank")
    page.goto(store.page())
    assert stays_away(page)
    shopper.context.clear_cookies()
    other = visit_as_carol(store, shopper)
    assert stays_away(other, 600), "the browser asks at most every ten minutes"
    other.evaluate("""() => {
        const [key] = Object.keys(localStorage);
        const memory = JSON.parse(localStorage[key]);
        localStorage[key] = JSON.stringify({ ...memory, met_at: 0 });
    }""")
    page = visit_as_carol(store, shopper)
    answer(open_sheet(page), 9)
    (answered,) = wait_until(store.answers)
    assert answered.customer_id is not None
    assert stays_away(visit_as_carol(store, shopper))


def test_survey_for_a_segment_asks_its_customers_and_nobody_else(
    store: Store, make_shopper: Callable[..., Shopper]
) -> None:
    store.say("carol", "delivered")
    store.say("frank", "delivered")
    segment_id = store.add_segment_of("carol")
    store.add_survey(gates={"segments": [segment_id]})
    carol, frank, nobody = make_shopper(), make_shopper(), make_shopper()
    page = visit_as_carol(store, carol)
    answer(open_sheet(page), 9)
    (answered,) = wait_until(store.answers)
    assert answered.customer_id is not None
    tag = store.tag(data_customer=store.sign_customer("frank"))
    assert stays_away(frank.visit(store.page(path="/frank", tag=tag)), 1500)
    assert stays_away(nobody.visit(store.page(path="/nobody")), 600)
    assert not [request for request in nobody.requests if "/sessions" in request]
    assert segment_id not in frank.context.pages[0].evaluate("JSON.stringify(localStorage)")


def test_page_without_a_listening_survey_asks_for_no_session(store: Store, shopper: Shopper) -> None:
    store.add_survey(event_name="never")
    store.add_survey(gates={"exit_intent": True})
    visit_as_carol(store, shopper).wait_for_timeout(600)
    assert not [request for request in shopper.requests if "/sessions" in request]


def test_tab_stands_on_its_pages_and_opens_on_a_click(store: Store, shopper: Shopper) -> None:
    store.add_survey(display="tab", url_rules=[["ends", "/help"]])
    page = shopper.visit(store.page(path="/help"))
    page.locator("regulars-tab button").click()
    open_sheet(page)
    page.keyboard.press("Escape")
    page.evaluate("history.pushState(null, '', '/other')")
    expect(page.locator("regulars-tab")).to_have_count(0)


def test_panel_says_of_each_survey_why_it_is_not_shown(store: Store, shopper: Shopper) -> None:
    store.add_survey(event_name="order_placed", scroll_percent=50, gates={"cart_min": 50})
    store.add_survey("csat", display="inline")
    store.add_survey("csat", state="paused")
    page = shopper.visit(store.page(LONG) + "?regulars-debug")
    panel = panel_of(page)
    expect(panel.locator("details")).to_have_count(2)
    entry = panel.locator("details").first
    expect(entry.locator("summary")).to_contain_text("How likely are you to recommend us")
    expect(entry.locator("p").first).to_have_text("Not shown: event, scrolled down, cart worth at least.")
    expect(entry.locator("tr", has_text="Cart worth")).to_contain_text("cart_value is not given")
    expect(panel.locator("details").nth(1)).to_contain_text("Stands where its tag is")
    page.evaluate("regulars.track('order_placed', { cart_value: '60,00' })")
    expect(entry.locator("p").first).to_have_text("Not shown: scrolled down.")
    page.mouse.wheel(0, 3500)
    expect(entry.locator("p").first).to_have_text("Shown.")


def test_panel_says_of_each_campaign_what_it_waits_for(store: Store, shopper: Shopper) -> None:
    triggers = {"exit": {"after_seconds": 1}, "scroll_percent": 90}
    add_campaign(store, variants=say(title="Before you go"), triggers=triggers)
    add_campaign(store, rules={"urls": [["contains", "/elsewhere"]]})
    page = shopper.visit(store.page(LONG) + "?regulars-debug")
    panel = panel_of(page)
    expect(panel.locator("header + p")).to_contain_text("Live: No surveys and 2 campaigns.")
    waiting, elsewhere = (panel.locator("details").nth(place) for place in (0, 1))
    expect(waiting.locator("summary")).to_contain_text("Before you go")
    moments = "the pointer to leave through the top, after 1 second, or 90 % of the page"
    expect(waiting.locator("p").first).to_have_text(f"Waits for {moments}.")
    expect(elsewhere.locator("p").first).to_have_text("Not shown: address.")
    page.mouse.wheel(0, 6000)
    popup_of(page).get_by_role("button", name="Close").click()
    expect(waiting.locator("p").first).to_have_text("Not shown: how often, pause between any two.")


def test_panel_says_what_a_due_survey_waits_for_and_arms_nothing(store: Store, shopper: Shopper) -> None:
    store.add_survey()
    store.add_survey(gates={"exit_intent": True}, url_rules=[["contains", "/elsewhere"]])
    page = shopper.visit(store.page("<input autofocus>") + "?regulars-debug")
    waiting, leaving = (panel_of(page).locator("details").nth(place) for place in (0, 1))
    expect(waiting.locator("p").first).to_contain_text("Waits while a field has the focus")
    expect(leaving.locator("p").first).to_have_text("Not shown: address, about to leave.")
    assert sheet_of(page).count() == 0


def test_panel_works_under_a_strict_policy_by_keyboard_and_holds_no_secret(store: Store, shopper: Shopper) -> None:
    store.add_survey(gates={"identity": "customer"})
    token = store.sign_customer("carol")
    policy = STRICT.format(api=store.server.base_url)
    tag = store.tag(data_customer=token)
    address = store.page("<main><h1>Maple</h1></main>", tag=tag, Content_Security_Policy=policy)
    page = shopper.visit(address + "?regulars-debug", before=NOTE_VIOLATIONS)
    panel = panel_of(page)
    expect(panel.get_by_role("heading")).to_have_text("Regulars: what is asked in this page")
    expect(panel.locator("p").nth(1)).to_have_text("Shown.")
    assert token not in panel.inner_text()
    assert list_violations(page) == []
    assert page.evaluate("window.violations") == ["img-src"], "the page's own empty icon"
    panel.get_by_role("button", name="Close").focus()
    page.keyboard.press("Escape")
    expect(panel).to_have_count(0)
