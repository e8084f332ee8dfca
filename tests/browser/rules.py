"""The rules a page keeps on every screen: those of axe, and none wider than the screen."""

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

AXE = Axe().axe_script
# All that axe finds is megabytes a page; what is wrong is nothing.
RUN = """() => axe.run({ resultTypes: ["violations"] }).then(({ violations }) => violations.map(
    ({ id, nodes }) => ({ id, nodes: nodes.map(({ html }) => html) })
))"""


def list_violations(page: Page) -> list[str]:
    """Return which rules of axe a page breaks, and where."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    found: list[dict[str, Any]] = page.evaluate(RUN)
    return [f"{violation['id']}: {html[:200]}" for violation in found for html in violation["nodes"]]


def is_too_wide(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth > innerWidth"))


def open_all_details(page: Page) -> None:
    page.evaluate("document.querySelectorAll('details').forEach((element) => { element.open = true; })")
