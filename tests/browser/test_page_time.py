"""How long a page is looked at, measured in a real browser."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page
from sqlalchemy import select

from tests.browser.shopper import Shopper, read_memory
from tests.browser.store import Store, wait_until
from widget.core.db import db
from widget.insights.models import PageDay

HIDE = """(state) => {
    Object.defineProperty(Document.prototype, "visibilityState", { configurable: true, get: () => state });
    document.dispatchEvent(new Event("visibilitychange", { bubbles: true }));
}"""


def count_views(store: Store) -> tuple[int, int]:
    """Return the page views of a store, and those of 45 seconds or more."""
    with store.server.app.app_context():
        rows = db.session.scalars(select(PageDay).where(PageDay.site_id == store.id)).all()
        return sum(row.views for row in rows), sum(row.engaged for row in rows)


@pytest.fixture
def look(store: Store, shopper: Shopper) -> Callable[..., Page]:
    """Open a page of the store whose clock the test moves, and wait until it is measured."""

    def look_at(**attributes: Any) -> Page:
        page = shopper.context.new_page()
        page.on("request", lambda request: shopper.requests.append(f"{request.method} {request.url}"))
        page.on("pageerror", lambda error: shopper.errors.append(str(error)))
        page.clock.install()
        with page.expect_response(lambda response: response.url.endswith("insights/page-time.js")):
            page.goto(store.page(tag=store.tag(**attributes)))
        page.wait_for_timeout(200)
        return page

    return look_at


def leave(page: Page) -> None:
    page.goto("about:blank")


def test_a_page_looked_at_for_45_seconds_is_told_when_it_is_left(store: Store, look: Callable[..., Page]) -> None:
    store.set(measures_page_time=True)
    page = look()
    page.clock.fast_forward(50_000)
    assert count_views(store) == (0, 0)
    bodies: list[Any] = []
    page.on("request", lambda request: bodies.append(request.post_data_json) if request.method == "POST" else None)
    leave(page)
    assert wait_until(lambda: count_views(store)[0]) == 1
    assert count_views(store) == (1, 1)
    assert [list(body) for body in bodies] == [["seconds"]]
    assert 50 <= bodies[0]["seconds"] <= 55


def test_time_in_another_tab_does_not_count(store: Store, look: Callable[..., Page]) -> None:
    store.set(measures_page_time=True)
    page = look()
    page.clock.fast_forward(20_000)
    page.evaluate(HIDE, "hidden")
    page.clock.fast_forward(600_000)
    page.evaluate(HIDE, "visible")
    page.clock.fast_forward(10_000)
    leave(page)
    wait_until(lambda: count_views(store) == (1, 0))


def test_a_new_address_without_a_new_page_is_another_view(store: Store, look: Callable[..., Page]) -> None:
    store.set(measures_page_time=True)
    page = look()
    page.clock.fast_forward(50_000)
    page.evaluate("history.pushState({}, '', '/second')")
    wait_until(lambda: count_views(store) == (1, 1))
    page.clock.fast_forward(10_000)
    leave(page)
    wait_until(lambda: count_views(store) == (2, 1))


def test_a_site_that_does_not_measure_loads_and_sends_nothing(store: Store, shopper: Shopper) -> None:
    page = shopper.visit(store.page())
    page.wait_for_timeout(300)
    leave(page)
    page.wait_for_timeout(500)
    assert not [request for request in shopper.requests if "page-time" in request or "page-views" in request]
    assert count_views(store) == (0, 0)


@pytest.mark.parametrize(("consent", "views"), [("denied", 0), (None, 0), ("granted", 1)])
def test_where_consent_is_asked_for_nothing_is_sent_without_it(
    store: Store, shopper: Shopper, look: Callable[..., Page], consent: str | None, views: int
) -> None:
    store.set(measures_page_time=True, requires_consent=True)
    page = look(**({"data_consent": consent} if consent else {}))
    page.clock.fast_forward(50_000)
    assert read_memory(page) is None or consent == "granted"
    leave(page)
    if views:
        wait_until(lambda: count_views(store) == (1, 1))
    page.wait_for_timeout(500)
    assert len([request for request in shopper.requests if "page-views" in request and "POST" in request]) == views
    assert count_views(store) == (views, views)
    assert shopper.errors == []
