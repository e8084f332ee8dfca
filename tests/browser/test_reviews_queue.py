"""The queue of reviews in a real browser: by keyboard, and without scripts."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.owners_store import OwnersStore, make_store, owner_page
from tests.servers import LiveServer


@pytest.fixture
def store(live_server: LiveServer) -> OwnersStore:
    return make_store(live_server)


def current_title(page: Page) -> str:
    return page.locator(".is-current .review-title").inner_text()


def test_the_queue_is_worked_through_by_keyboard(browser: Browser, store: OwnersStore) -> None:
    with owner_page(browser, store) as page:
        page.goto(f"{store.home}/reviews")
        titles = page.locator(".review-title").all_inner_texts()
        for _ in range(2):
            page.keyboard.press("j")
        page.keyboard.press("k")
        assert current_title(page) == titles[0]
        page.keyboard.press("p")
        expect(page.get_by_role("status")).to_contain_text("The review is published.")
        assert current_title(page) == titles[1], "the next one stands in its place"
        page.keyboard.press("x")
        expect(page.locator(".is-current .review-check")).to_be_checked()
        page.keyboard.press("?")
        expect(page.locator(".shortcut-list")).to_be_visible()
        page.keyboard.press("h")
        expect(page.locator(".is-current .hide-form select")).to_be_focused()
        page.keyboard.press("Tab")
        page.keyboard.type("jp")
        assert current_title(page) == titles[1], "letters typed into a field are no shortcuts"
        expect(page.locator(".is-current input[name=note]")).to_have_value("jp")
        page.keyboard.press("Enter")
        expect(page.get_by_role("status")).to_contain_text("The review is hidden: Spam.")
        page.get_by_role("button", name="Undo").click()
        expect(page.get_by_role("status")).to_contain_text("1 review is as it was before.")
        assert len(page.locator(".review-row").all()) == len(titles) - 1
        page.keyboard.press("j")
        page.keyboard.press("r")
        page.wait_for_url("**/reviews/*#reply")


def test_the_queue_works_without_scripts(browser: Browser, store: OwnersStore) -> None:
    with owner_page(browser, store, java_script_enabled=False) as page:
        page.goto(f"{store.home}/reviews")
        boxes = page.locator(".review-check")
        for place in (0, 1):
            boxes.nth(place).check()
        page.get_by_label("Reason to hide the chosen ones").select_option("off_topic")
        page.locator("#bulk").get_by_role("button", name="Hide").click()
        expect(page.get_by_role("status")).to_contain_text("2 reviews are hidden.")
        page.get_by_role("button", name="Undo").click()
        expect(page.get_by_role("status")).to_contain_text("2 reviews are as they were before.")
        page.locator(".review-row").first.get_by_role("button", name="Publish").click()
        expect(page.get_by_role("status")).to_contain_text("The review is published.")
