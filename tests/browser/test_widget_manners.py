"""The sheet is never in the way: not over the page's modal, not while typing, not in the keyboard's path."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.shopper import Shopper, answer, open_sheet, pick, read_memory, sheet_of, stays_away
from tests.browser.store import Store, wait_until

FORM = "<h1>Cart</h1><label>Voucher <input id=voucher></label> <button id=away>Other</button>"


def active_id(page: Page) -> str:
    found: str = page.evaluate("document.activeElement.id")
    return found


@pytest.mark.parametrize(
    "modal",
    [
        "<dialog id=box><button onclick='box.close()'>Fine</button></dialog><script>box.showModal()</script>",
        "<div id=box aria-modal=true role=dialog><button onclick='box.hidden = true'>Fine</button></div>",
    ],
)
def test_sheet_waits_until_the_pages_modal_is_closed(store: Store, shopper: Shopper, modal: str) -> None:
    store.add_survey()
    page = shopper.visit(store.page(modal))
    assert stays_away(page)
    assert "asked" not in (read_memory(page) or {})
    page.get_by_role("button", name="Fine").click()
    open_sheet(page)
    assert "asked" in read_memory(page)


@pytest.mark.parametrize(
    "box",
    [
        "<div aria-modal=true style='display: none'>Newsletter</div>",
        "<div aria-modal=true style='visibility: hidden'>Newsletter</div>",
        "<div aria-modal=true style='opacity: 0'>Newsletter</div>",
        "<dialog>Newsletter</dialog>",
        "<dialog open>Cookies</dialog>",
    ],
)
def test_hidden_modals_and_open_banners_do_not_count(store: Store, shopper: Shopper, box: str) -> None:
    store.add_survey()
    open_sheet(shopper.visit(store.page(box)))


@pytest.mark.parametrize(
    "field",
    [
        "<input id=f autofocus>",
        "<textarea id=f autofocus></textarea>",
        "<div id=f contenteditable autofocus></div>",
    ],
)
def test_sheet_waits_while_a_field_has_the_focus(store: Store, shopper: Shopper, field: str) -> None:
    store.add_survey()
    page = shopper.visit(store.page(f"{field}<h1>Checkout</h1>"))
    assert active_id(page) == "f"
    assert stays_away(page)
    assert "asked" not in (read_memory(page) or {})
    page.evaluate("document.activeElement.blur()")
    open_sheet(page)


def test_sheet_does_not_take_the_focus(store: Store, shopper: Shopper) -> None:
    store.add_survey()
    page = shopper.visit(store.page("<button id=buy autofocus>Buy</button>"))
    open_sheet(page)
    assert active_id(page) == "buy"


def test_sheet_is_a_landmark_announced_by_a_region_that_was_there(store: Store, shopper: Shopper) -> None:
    store.add_survey()
    page = shopper.visit(
        store.page(),
        before="""new MutationObserver(() => {
            const sheet = document.querySelector("regulars-sheet")?.shadowRoot;
            const status = sheet?.querySelector("[role=status]");
            if (status) window.firstWords ??= status.textContent;
        }).observe(document, { childList: true, subtree: true });""",
    )
    open_sheet(page)
    expect(page.get_by_role("region", name="Your opinion")).to_be_visible()
    expect(page.locator("regulars-sheet [role=status]")).to_have_text(
        "Your opinion: How likely are you to recommend us to a friend?"
    )
    assert page.evaluate("window.firstWords") == ""


def test_escape_inside_closes_and_gives_the_focus_back(store: Store, shopper: Shopper) -> None:
    store.add_survey()
    page = shopper.visit(store.page("<a href=#x id=last>Terms</a>"))
    sheet = open_sheet(page)
    page.locator("#last").focus()
    page.keyboard.press("Tab")
    assert active_id(page) != "last"
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    expect(sheet).to_have_count(0)
    assert active_id(page) == "last"


def test_escape_in_the_page_stays_the_pages(store: Store, shopper: Shopper) -> None:
    store.add_survey()
    page = shopper.visit(store.page(FORM))
    sheet = open_sheet(page)
    page.locator("#voucher").focus()
    page.keyboard.press("Escape")
    page.wait_for_timeout(200)
    expect(sheet).to_be_visible()


def test_keys_typed_in_the_sheet_do_not_reach_the_pages_shortcuts(store: Store, shopper: Shopper) -> None:
    store.add_survey()
    shortcuts = "<script>window.keys = ''; onkeydown = (event) => (keys += event.key)</script>"
    page = shopper.visit(store.page(shortcuts))
    sheet = open_sheet(page)
    pick(sheet, 9)
    sheet.locator("textarea").press_sequentially("s/k")
    expect(sheet.locator("textarea")).to_have_value("s/k")
    assert page.evaluate("window.keys") == ""


def test_closing_by_mouse_leaves_the_focus_alone(store: Store, shopper: Shopper) -> None:
    store.add_survey()
    page = shopper.visit(store.page(FORM))
    sheet = open_sheet(page)
    page.locator("#voucher").focus()
    sheet.get_by_role("button", name="Close").click()
    expect(sheet_of(page)).to_have_count(0)
    assert active_id(page) == "voucher"


def test_page_may_open_the_sheet_and_then_it_has_the_focus(store: Store, shopper: Shopper) -> None:
    survey = store.add_survey(event_name="never")
    button = f"<button id=ask onclick=\"regulars.open('{survey}')\">Feedback</button>"
    page = shopper.visit(store.page(button))
    page.wait_for_function("Boolean(window.regulars?.open)")
    page.locator("#ask").click()
    sheet = open_sheet(page)
    assert page.evaluate("document.activeElement.localName") == "regulars-sheet"
    page.keyboard.press("Escape")
    expect(sheet).to_have_count(0)
    assert active_id(page) == "ask"


def test_page_that_asks_while_a_sheet_waits_gets_one_sheet(store: Store, shopper: Shopper) -> None:
    store.add_survey("csat")
    asked_for = store.add_survey(event_name="never")
    page = shopper.visit(store.page("<input autofocus>"))
    assert stays_away(page)
    page.evaluate("(id) => { regulars.open(id); regulars.open(id); }", asked_for)
    expect(open_sheet(page).locator("legend")).to_contain_text("recommend")
    page.evaluate("document.activeElement.blur()")
    page.wait_for_timeout(700)
    assert sheet_of(page).count() == 1


def test_sheet_rises_above_the_phones_keyboard(store: Store, make_shopper: Callable[..., Shopper]) -> None:
    store.add_survey()
    shopper = make_shopper(viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True)
    page = shopper.visit(store.page())
    sheet = open_sheet(page)
    pick(sheet, 9)
    sheet.locator("textarea").focus()
    page.evaluate("""() => {
        Object.defineProperty(visualViewport, "height", { get: () => 400 });
        visualViewport.dispatchEvent(new Event("resize"));
    }""")
    page.wait_for_timeout(400)
    box = sheet.bounding_box()
    field = sheet.locator("textarea").bounding_box()
    assert box is not None
    assert field is not None
    assert box["y"] >= 0
    assert box["y"] + box["height"] <= 401
    assert field["y"] + field["height"] <= 401


def test_sheet_opens_after_a_page_navigates_without_loading(store: Store, shopper: Shopper) -> None:
    store.add_survey(url_rules=[["ends", "/order"]])
    page = shopper.visit(store.page())
    assert stays_away(page, 500)
    page.evaluate("history.pushState(null, '', '/order')")
    open_sheet(page)
    assert page.evaluate("history.pushState.toString()") == "function pushState() { [native code] }"


def test_event_named_before_the_script_arrived_opens_the_sheet(store: Store, shopper: Shopper) -> None:
    store.add_survey(event_name="order_placed")
    early = "(window.regulars = window.regulars || []).push(['track', 'order_placed', { order_id: 1001 }])"
    page = shopper.visit(store.page("<h1>Thanks</h1>", head=f"<script>{early}</script>"))
    answer(open_sheet(page), 9)
    assert wait_until(store.answers)[0].hidden == {"order_id": "1001"}


def test_sheet_waits_for_the_depth_and_the_seconds(store: Store, shopper: Shopper) -> None:
    store.add_survey(after_seconds=1, scroll_percent=50)
    page = shopper.visit(store.page("<div style='height: 4000px'>Long</div>"))
    assert stays_away(page, 1500)
    page.mouse.wheel(0, 2500)
    open_sheet(page)


def test_second_survey_waits_for_the_cap(store: Store, shopper: Shopper) -> None:
    store.add_survey(url_rules=[["ends", "/one"]])
    store.add_survey(url_rules=[["ends", "/two"]])
    page = shopper.visit(store.page(path="/one"))
    open_sheet(page)
    page.goto(store.page(path="/two"))
    assert stays_away(page)
    assert len(store.impressions()) == 1
