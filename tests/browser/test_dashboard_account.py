"""Two-step log-in and an invitation in a real browser: by keyboard, with what a phone shows."""

import pyotp
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.owners_store import OwnersStore, make_store, owner_page
from tests.browser.rules import is_too_wide, list_violations
from tests.cast import PASSWORD
from tests.servers import LiveServer


@pytest.fixture
def store(live_server: LiveServer) -> OwnersStore:
    return make_store(live_server)


def expect_accessible(page: Page) -> None:
    assert list_violations(page) == []
    assert not is_too_wide(page)


@pytest.mark.parametrize(("width", "scheme"), [(390, "dark"), (1280, "light")])
def test_an_owner_sets_up_a_second_step_and_logs_in_with_it(
    browser: Browser, store: OwnersStore, width: int, scheme: str
) -> None:
    options = {"viewport": {"width": width, "height": 844}, "color_scheme": scheme}
    with owner_page(browser, store, **options) as page:
        page.goto(f"{store.base_url}/dashboard/account")
        page.locator("#begin-current").fill(PASSWORD)
        page.locator("#begin-current").press("Enter")
        expect(page.get_by_role("img", name="QR code with the secret below")).to_be_visible()
        assert page.locator("img.qr").evaluate("image => image.naturalWidth") > 100
        expect_accessible(page)
        totp = pyotp.TOTP(page.locator("#secret").inner_text().replace(" ", ""))
        page.get_by_label("Code").fill(totp.now())
        page.get_by_label("Code").press("Enter")
        expect(page.get_by_role("heading", name="Your recovery codes")).to_be_visible()
        expect_accessible(page)
        codes = page.locator("#codes").inner_text().split()
        page.get_by_role("link", name="I have kept them").click()
        expect(page.locator("#two-step")).to_contain_text("10 recovery codes are left")
        page.get_by_text("Turn it off", exact=True).click()
        page.get_by_text("Make new recovery codes", exact=True).click()
        expect_accessible(page)
        page.locator(".menu > summary").click()
        page.get_by_role("button", name="Log out").click()
        page.get_by_label("E-mail").fill(store.email)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_label("Password").press("Enter")
        expect(page.get_by_label("Code")).to_be_focused()
        expect_accessible(page)
        page.keyboard.type("wrong")
        page.keyboard.press("Enter")
        expect(page.get_by_label("Code")).to_have_attribute("aria-invalid", "true")
        expect_accessible(page)
        page.get_by_label("Code").fill(codes[0])
        page.get_by_label("Code").press("Enter")
        page.wait_for_url(f"{store.home}/")


def test_who_is_invited_chooses_a_password_and_reads(browser: Browser, store: OwnersStore) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.goto(store.base_url + store.invitation)
    expect_accessible(page)
    page.get_by_label("New password", exact=True).fill("short")
    page.get_by_role("button", name="Accept the invitation").click()
    expect(page.get_by_label("New password", exact=True)).to_have_attribute("aria-invalid", "true")
    expect_accessible(page)
    for label in ("New password", "New password again"):
        page.get_by_label(label, exact=True).fill("a walk around the whole lake")
    page.get_by_label("New password again").press("Enter")
    page.wait_for_url(f"{store.home}/")
    expect(page.get_by_role("status").first).to_contain_text("Welcome to")
    context.close()
