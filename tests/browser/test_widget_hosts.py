"""Somebody else's home: whatever the page does, the widget works and leaves the page as it was."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Playwright, expect

from tests.browser.shopper import COUNT_SHIFTS, Shopper, answer, open_sheet, sheet_of, stays_away
from tests.browser.store import Store, wait_until
from tests.conftest import find_chromium
from tests.servers import HostPages, LiveServer

PAGES = Path(__file__).parent / "pages"
HOSTILE = sorted(path.stem for path in PAGES.glob("*.html"))
DESCRIBE_LOOKS = """(section) => [section, ...section.querySelectorAll("*")].map((node) => {
    const style = getComputedStyle(node);
    const names = ["display", "color", "backgroundColor", "fontFamily", "fontSize", "lineHeight", "opacity",
        "letterSpacing", "textTransform", "textAlign", "borderTopWidth", "paddingTop", "marginTop", "direction",
        "cursor"];
    return names.map((name) => style[name]).join();
})"""
COUNT_VIOLATIONS = """
window.violations = [];
addEventListener("securitypolicyviolation", (event) => violations.push(event.violatedDirective));
"""
STRICT = "default-src 'none'; script-src {api}; connect-src {api}; require-trusted-types-for 'script'"


def describe_looks(page: Page) -> Any:
    """Return where the sheet is and what every part of it looks like, once it has stopped moving."""
    sheet = open_sheet(page)
    sheet.evaluate("(section) => Promise.all(section.getAnimations().map((animation) => animation.finished))")
    return sheet.bounding_box(), sheet.evaluate(DESCRIBE_LOOKS)


def answer_and_check(store: Store, page: Page) -> None:
    sheet = open_sheet(page)
    answer(sheet, 9, "Still here")
    expect(sheet).to_contain_text("Thank you")
    assert [(row.score, row.comment) for row in wait_until(store.answers)] == [(9, "Still here")]


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_page_is_as_good_as_a_plain_one(store: Store, shopper: Shopper, name: str) -> None:
    store.add_survey()
    plain = shopper.visit(store.page(path="/plain"))
    expected = describe_looks(plain)
    plain.evaluate("localStorage.clear()")
    plain.close()
    page = shopper.visit(store.page((PAGES / f"{name}.html").read_text(), path="/hostile"))
    assert describe_looks(page) == expected
    answer_and_check(store, page)


def test_page_on_plain_http_is_served(
    live_server: LiveServer, host_pages: HostPages, playwright_driver: Playwright
) -> None:
    store = Store(live_server, host_pages, host_pages.origin.replace("127.0.0.1", "maple.test"))
    store.add_survey()
    browser = playwright_driver.chromium.launch(
        executable_path=find_chromium(),
        args=["--no-sandbox", "--host-resolver-rules=MAP maple.test 127.0.0.1"],
    )
    shopper = Shopper(browser)
    page = shopper.visit(store.page())
    assert page.evaluate("[isSecureContext, typeof crypto.randomUUID]") == [False, "undefined"]
    answer_and_check(store, page)
    assert shopper.errors == []
    browser.close()


@pytest.mark.parametrize("policy", [STRICT, "script-src 'nonce-r4nd0m'"])
def test_strict_policies_are_not_violated(store: Store, shopper: Shopper, policy: str) -> None:
    store.add_survey()
    inline = store.add_survey("csat", display="inline")
    csp = policy.format(api=store.server.base_url)
    body = f"<regulars-survey survey='{inline}'></regulars-survey>"
    url = store.page(body, tag=store.tag(nonce="r4nd0m"), Content_Security_Policy=csp)
    page = shopper.visit(url, before=COUNT_VIOLATIONS)
    page.locator("regulars-survey legend").wait_for()
    sheet = open_sheet(page)
    answer(sheet, 9, "Strictly")
    expect(sheet).to_contain_text("Thank you")
    wait_until(store.answers)
    # The page's own icon is a data: address, which the stricter policy forbids; nothing else may be.
    assert [name for name in page.evaluate("violations") if not name.startswith("img-src")] == []


@pytest.mark.parametrize(
    "storage",
    [
        "Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('SecurityError'); } })",
        "Object.defineProperty(window, 'localStorage', { get: () => null })",
        "Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError'); }",
    ],
)
def test_everything_works_without_storage(store: Store, shopper: Shopper, storage: str) -> None:
    store.add_survey()
    answer_and_check(store, shopper.visit(store.page(), before=storage))


@pytest.mark.parametrize(
    "missing", ["ShadowRoot.prototype.adoptedStyleSheets", "window.CSSStyleSheet", "Element.prototype.attachShadow"]
)
def test_nothing_renders_without_shadow_style_sheets(store: Store, shopper: Shopper, missing: str) -> None:
    store.add_survey()
    inline = store.add_survey(display="inline")
    page = shopper.visit(
        store.page(f"<regulars-survey survey='{inline}'></regulars-survey>"), before=f"delete {missing}"
    )
    assert stays_away(page)
    assert page.locator("regulars-survey *").count() == 0


def test_page_of_a_stopped_server_shows_and_throws_nothing(
    tmp_path_factory: pytest.TempPathFactory, host_pages: HostPages, browser: Browser
) -> None:
    server = LiveServer(tmp_path_factory.mktemp("stopped"))
    server.start()
    store = Store(server, host_pages)
    inline = store.add_survey(display="inline")
    store.add_survey(event_name="order_placed")
    server.stop()
    shopper = Shopper(browser)
    page = shopper.visit(store.page(f"<regulars-survey survey='{inline}'></regulars-survey>"))
    assert stays_away(page)
    server.start()
    page.goto(store.page(path="/again"))
    page.wait_for_function("Boolean(window.regulars?.track)")
    server.stop()
    page.evaluate("regulars.track('order_placed')")
    assert stays_away(page)
    assert page.evaluate("document.querySelector('regulars-sheet')") is None
    assert shopper.errors == []
    shopper.close()


SNAPSHOT = """() => {
    const prototypes = [
        Object, Array, String, Promise, Node, Element, HTMLElement, Document, EventTarget, History, Storage,
    ];
    const describe = (type) => Reflect.ownKeys(type.prototype).map((key) => {
        const { value, get, set, ...flags } = Object.getOwnPropertyDescriptor(type.prototype, key);
        const parts = [key, value, get, set];
        return parts.map((part) => typeof part == "object" ? "object" : String(part)).concat(flags);
    });
    const nodes = [document.documentElement, document.body, ...document.body.querySelectorAll("*")];
    return {
        globals: Object.getOwnPropertyNames(window).sort(),
        prototypes: prototypes.map(describe),
        head: document.head.innerHTML,
        sheets: document.styleSheets.length + document.adoptedStyleSheets.length,
        styles: nodes.map((node) => {
            const style = getComputedStyle(node);
            return Array.from(style, (name) => style.getPropertyValue(name)).join();
        }),
        cookie: document.cookie,
    };
}"""


def test_page_is_as_it_was_but_for_one_global(store: Store, shopper: Shopper) -> None:
    store.add_survey()
    body = "<h1>Maple</h1><p class=a>One</p><button>Buy</button><form><input name=q></form>"
    style = "<style>body:last-child { color: red } p { margin: 1em }</style>"
    page = shopper.visit(store.page(body, head=style, tag="<script type=later></script>"))
    before: dict[str, Any] = page.evaluate(SNAPSHOT)
    page.evaluate(
        """(url) => {
        const tag = document.createElement("script");
        tag.src = url;
        document.querySelector("script").replaceWith(tag);
    }""",
        store.script_url,
    )
    open_sheet(page)
    page.wait_for_timeout(400)
    after: dict[str, Any] = page.evaluate(SNAPSHOT)
    assert set(after["globals"]) - set(before["globals"]) == {"regulars"}
    for name in ("prototypes", "head", "sheets", "cookie"):
        assert after[name] == before[name], name
    # The page's own "body:last-child" is the one rule that notices a sheet beside the body.
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(0, 0, 0)"
    page.evaluate("document.querySelector('regulars-sheet').remove()")
    assert page.evaluate(SNAPSHOT)["styles"] == before["styles"]


def test_sheet_shifts_nothing(store: Store, shopper: Shopper) -> None:
    store.add_survey()
    for display in ("block", "flex", "grid"):
        head = f"<style>html {{ display: {display}; gap: 2em }}</style>"
        page = shopper.visit(store.page("<p>Boards</p>" * 40, head=head), before=COUNT_SHIFTS)
        open_sheet(page)
        page.wait_for_timeout(600)
        assert page.evaluate("window.shifted") == 0, display
        page.evaluate("localStorage.clear()")


def test_nothing_is_stored_without_the_required_consent(store: Store, shopper: Shopper) -> None:
    store.set(requires_consent=True)
    store.add_survey()
    inline = store.add_survey("csat", display="inline")
    page = shopper.visit(store.page(f"<regulars-survey survey='{inline}'></regulars-survey>"))
    page.locator("regulars-survey legend").wait_for()
    assert stays_away(page)
    answer(page.locator("regulars-survey"), 5)
    wait_until(store.answers)
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0
    page.evaluate("regulars.consent(true)")
    open_sheet(page)
    assert page.evaluate("localStorage.length") == 1
    page.evaluate("regulars.consent(false)")
    assert page.evaluate("localStorage.length") == 0
    assert shopper.context.cookies() == []


def test_consent_on_the_tag_opens_the_sheet(store: Store, shopper: Shopper) -> None:
    store.set(requires_consent=True)
    store.add_survey()
    open_sheet(shopper.visit(store.page(tag=store.tag(data_consent="granted"))))


def test_body_replaced_while_the_sheet_is_open_leaves_it_working(store: Store, shopper: Shopper) -> None:
    store.add_survey()
    page = shopper.visit(store.page())
    open_sheet(page)
    page.evaluate("document.body = document.createElement('body')")
    answer_and_check(store, page)


def test_tag_run_twice_shows_one_sheet(store: Store, shopper: Shopper) -> None:
    store.add_survey()
    page = shopper.visit(store.page(tag=store.tag() + store.tag()))
    open_sheet(page)
    page.wait_for_timeout(500)
    assert sheet_of(page).count() == 1


def test_shopper_abroad_reads_their_own_language(store: Store, make_shopper: Callable[..., Shopper]) -> None:
    store.add_survey()
    sheet = open_sheet(make_shopper(locale="it-IT").visit(store.page()))
    expect(sheet.locator("legend")).to_have_text("Con quale probabilità ci consiglieresti a un amico?")
    assert sheet.evaluate("(section) => section.closest('[lang]').lang") == "it"
