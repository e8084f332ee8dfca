"""The form of a campaign and its live preview, in a real browser."""

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.owners_store import OwnersStore, make_store, owner_page
from tests.servers import LiveServer


@pytest.fixture(scope="module")
def store(live_server: LiveServer) -> OwnersStore:
    return make_store(live_server)


def test_the_preview_follows_the_form_and_leaves_it_the_focus(browser: Browser, store: OwnersStore) -> None:
    with owner_page(browser, store) as page:
        page.goto(f"{store.home}/popups/{store.popups.sure_id}/edit")
        frame = page.frame_locator("[data-preview-frame]")
        expect(frame.get_by_role("heading", name="Wait, a")).to_be_visible()
        title = page.get_by_label("Title", exact=True).first
        title.fill("One cup of tea?")
        expect(frame.get_by_role("heading", name="One cup of tea?")).to_be_visible()
        expect(title).to_be_focused()
        page.get_by_label("Content of the preview").select_option("b")
        expect(frame.get_by_role("heading", name="Wait, b")).to_be_visible()


def test_a_campaign_is_made_without_scripts(browser: Browser, store: OwnersStore) -> None:
    with owner_page(browser, store, java_script_enabled=False) as page:
        page.goto(f"{store.home}/popups/new?goal=subscribe")
        page.get_by_label("Name", exact=True).first.fill("By hand")
        page.get_by_role("button", name="Try one more content").click()
        expect(page.get_by_role("group", name="B", exact=True)).to_be_visible()
        page.get_by_role("button", name="Save and publish").click()
        expect(page.get_by_role("status").first).to_contain_text("“By hand” is live.")
