"""A segment is built by keyboard while the count follows, and a survey for it asks only its customers."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.owners_store import OwnersStore, make_store, owner_page
from tests.browser.rules import list_violations
from tests.servers import LiveServer


@pytest.fixture(scope="module")
def store(live_server: LiveServer) -> OwnersStore:
    return make_store(live_server)


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def test_a_segment_is_built_by_keyboard_with_the_count_beside(browser: Browser, store: OwnersStore) -> None:
    with owner_page(browser, store) as page:
        page.goto(f"{store.home}/segments/new")
        count = page.locator("[data-count]")
        expect(count).to_have_text("Add a condition to see how many customers meet it.")
        page.get_by_label("Name").focus()
        page.keyboard.type("Often here")
        press(page, "Tab", "Tab")
        expect(page.get_by_label("Add a condition")).to_be_focused()
        page.keyboard.type("Number of orders")
        press(page, "Tab", "Enter")
        comparison = page.get_by_label("Number of orders: how it compares")
        expect(comparison).to_be_focused()
        expect(count).to_have_text("61 of 62 customers")
        press(page, "Tab", "Control+A")
        page.keyboard.type("3")
        expect(count).to_have_text("1 of 62 customers")
        press(page, "Control+A", "Backspace")
        expect(count).to_have_text("One of the conditions is not complete yet.")
        page.keyboard.type("1")
        expect(count).to_have_text("61 of 62 customers")
        assert list_violations(page) == []
        page.get_by_role("button", name="Save").focus()
        press(page, "Enter")
        expect(page.get_by_role("heading", name="Often here")).to_be_visible()
        expect(page.locator("#members")).to_contain_text("Number of orders: at least 1")


def test_a_condition_is_added_and_removed_where_one_is(browser: Browser, store: OwnersStore) -> None:
    with owner_page(browser, store) as page:
        page.goto(f"{store.home}/segments/new?start=at_risk")
        page.get_by_role("button", name="Remove the condition RFM: recency").focus()
        press(page, "Enter")
        expect(page.locator(".condition")).to_have_count(2)
        expect(page.get_by_label("Add a condition")).to_be_focused()
        assert page.url.endswith("start=at_risk"), "the page was not loaded anew"


def test_a_segment_is_counted_and_saved_without_scripts(browser: Browser, store: OwnersStore) -> None:
    with owner_page(browser, store, java_script_enabled=False) as page:
        page.goto(f"{store.home}/segments/new?start=loyal")
        page.get_by_label("Number of orders: with what").fill("1")
        page.get_by_role("button", name="Count").click()
        expect(page.locator("[data-count]")).to_have_text("61 of 62 customers")
        page.get_by_role("button", name="Save").click()
        expect(page.get_by_role("heading", name="Loyal")).to_be_visible()
        page.get_by_text("Delete", exact=True).click()
        page.get_by_role("button", name="Delete this segment").click()
        expect(page.get_by_role("status").first).to_contain_text("The segment “Loyal” is deleted.")


def test_the_customers_of_a_segment_are_found_by_keyboard(browser: Browser, store: OwnersStore) -> None:
    with owner_page(browser, store) as page:
        page.goto(f"{store.home}/customers")
        page.get_by_label("Name, e-mail or id").focus()
        page.keyboard.type("lovelace")
        press(page, "Enter")
        expect(page.locator(".list-count")).to_have_text("1 customer")
        page.get_by_role("link", name="Ada Lovelace").focus()
        press(page, "Enter")
        expect(page.get_by_role("heading", name="Ada Lovelace")).to_be_visible()
        expect(page.locator(".story-entry")).to_have_count(25)
        expect(page.locator(".story-entry", has_text="4,310 points")).to_contain_text("Given by hand")
        page.get_by_role("link", name="Older").focus()
        press(page, "Enter")
        expect(page.locator(".story-entry")).to_have_count(15)
        page.get_by_role("link", name=re.compile("Newest")).click()
        page.get_by_role("link", name="Answered “A year with us”").last.click()
        expect(page.locator(".list-count")).to_contain_text("1 answer matches")
