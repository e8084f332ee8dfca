"""A shopper in a real browser, and what their browser complained about."""

from typing import Any

from playwright.sync_api import Browser, BrowserContext, Locator, Page

COUNT_SHIFTS = """
window.shifted = 0;
new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) if (!entry.hadRecentInput) shifted += entry.value;
}).observe({ type: "layout-shift", buffered: true });
"""


MOST_STOPS = 80


class Shopper:
    """One browser profile; every error a page throws is kept."""

    def __init__(self, browser: Browser, **options: Any) -> None:
        self.context: BrowserContext = browser.new_context(**options)
        self.errors: list[str] = []
        self.requests: list[str] = []

    def visit(self, url: str, *, before: str | None = None) -> Page:
        """Open a page, in a new tab; `before` is a script that runs before any of the page's own."""
        page = self.context.new_page()
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("request", lambda request: self.requests.append(f"{request.method} {request.url}"))
        if before:
            page.add_init_script(before)
        page.goto(url)
        return page

    def close(self) -> None:
        self.context.close()


def walk_to(target: Locator) -> None:
    """Press Tab until something has the focus, as who has no mouse does."""
    page = target.page
    target.wait_for()
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        if target.evaluate("one => one.getRootNode().activeElement == one"):
            return
    raise AssertionError(f"the keyboard does not reach {target}")


def follow(target: Locator) -> None:
    """Walk to a link or a button and press Enter."""
    walk_to(target)
    target.page.keyboard.press("Enter")


def sheet_of(page: Page) -> Locator:
    return page.locator("regulars-sheet section")


def open_sheet(page: Page) -> Locator:
    """Wait for the sheet and for its question."""
    sheet = sheet_of(page)
    sheet.locator("legend").wait_for()
    return sheet


def pick(place: Locator, score: int) -> None:
    place.locator(f'input[name=score][value="{score}"]').check()


def answer(place: Locator, score: int, comment: str = "") -> None:
    """Answer as a quick shopper does, but slower than a script."""
    place.page.wait_for_timeout(450)
    pick(place, score)
    if comment:
        place.locator("textarea").fill(comment)
    place.get_by_role("button", name="Send").click()


def stays_away(page: Page, milliseconds: int = 900) -> bool:
    """Tell that no sheet opens within a time in which it would have."""
    page.wait_for_timeout(milliseconds)
    return sheet_of(page).count() == 0


def read_memory(page: Page) -> Any:
    """Return what the widget stored in the page's localStorage, None for nothing."""
    return page.evaluate("JSON.parse(Object.values({ ...localStorage })[0] ?? 'null')")
