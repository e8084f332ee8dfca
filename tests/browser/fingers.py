"""Fingers on the screen of a phone."""

from playwright.sync_api import Locator, Page

THROWS = 15
OPENS_WITHIN_MS = 450


def swipe(page: Page, start: int, end: int, steps: int) -> None:
    """Move a finger over the page; few steps are a fast one, which throws the page on."""
    client = page.context.new_cdp_session(page)
    places = [start + (end - start) * step / steps for step in range(steps + 1)]
    for kind, points in [("touchStart", places[:1]), *(("touchMove", [y]) for y in places[1:]), ("touchEnd", [])]:
        touches = [{"x": 200, "y": y} for y in points]
        client.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": touches})
        page.wait_for_timeout(0 if steps < 10 else 15)


def throw_up(page: Page, opened: Locator) -> None:
    """Throw the page up until something is opened: on a busy machine a finger is often a slow one."""
    for _ in range(THROWS):
        page.evaluate("scrollTo({ top: 4000, behavior: 'instant' })")
        swipe(page, 100, 700, 3)
        page.wait_for_timeout(OPENS_WITHIN_MS)
        if opened.count():
            return
