"""The owner's pages in a real browser: accessible, within their policy, on any screen, with and without scripts."""

import re
import urllib.request
from collections.abc import Sequence

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from tests.browser.owners_store import OwnersStore, make_store, owner_page
from tests.browser.rules import is_too_wide, list_violations, open_all_details
from tests.long_run import IS_LONG_RUN
from tests.servers import LiveServer

SCREENS: dict[str, ViewportSize] = {
    "desktop": {"width": 1280, "height": 900},
    "phone": {"width": 390, "height": 844},
    "at 400 %": {"width": 320, "height": 256},
}
AXE_ON = ["desktop", "phone"]
IS_CUT_OFF = "[...document.querySelectorAll('.menu-box')].some((box) => box.getBoundingClientRect().left < 0)"
COUNT_FIELDS = (
    "[...document.querySelectorAll('main input, main select')].filter((field) => field.checkVisibility()).length"
)
PARTS = 4


@pytest.fixture(scope="module")
def store(live_server: LiveServer) -> OwnersStore:
    return make_store(live_server)


# A part of the pages each, so that processes share the walk.
@pytest.mark.parametrize("part", range(PARTS))
def test_every_page_is_accessible_and_fits(browser: Browser, store: OwnersStore, part: int) -> None:
    problems: dict[str, list[str]] = {}
    # Colours that change slowly would be measured on their way.
    with owner_page(browser, store, reduced_motion="reduce") as page:
        for place, (name, address) in enumerate(list(store.list_pages().items())[part::PARTS]):
            page.goto(address)
            open_all_details(page)
            problems[name] = list_problems(page, axe_on=AXE_ON if IS_LONG_RUN else [AXE_ON[place % 2]])
    assert {name: found for name, found in problems.items() if found} == {}


def list_problems(page: Page, axe_on: Sequence[str]) -> list[str]:
    """Return what is wrong with a page on any screen; axe, which takes most of the time, looks at it on some."""
    problems, fields = [], set()
    for screen, size in SCREENS.items():
        page.set_viewport_size(size)
        page.emulate_media(color_scheme="light" if screen == "desktop" else "dark")
        # A chart is drawn anew in the frame after the one in which its place has changed.
        page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
        problems += [f"{violation} ({screen})" for violation in (list_violations(page) if screen in axe_on else [])]
        problems += [f"wider than the screen ({screen})"] if is_too_wide(page) else []
        problems += [f"a menu is cut off ({screen})"] if page.evaluate(IS_CUT_OFF) else []
        fields.add(page.evaluate(COUNT_FIELDS))
    return problems + ([f"shows {fields} fields on different screens"] if len(fields) > 1 else [])


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_login_is_accessible_also_with_an_error(browser: Browser, store: OwnersStore, scheme: str) -> None:
    context = browser.new_context(color_scheme=scheme, viewport=SCREENS["phone"])
    page = context.new_page()
    page.goto(f"{store.base_url}/dashboard/login")
    assert list_violations(page) == []
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_label("E-mail")).to_have_attribute("aria-invalid", "true")
    assert list_violations(page) == []
    context.close()


def test_answers_of_settings_are_accessible(browser: Browser, store: OwnersStore) -> None:
    with owner_page(browser, store) as page:
        page.goto(f"{store.home}/settings")
        page.get_by_label("What will use the key").fill("Nightly report")
        page.get_by_role("button", name="Make a key").click()
        expect(page.get_by_role("heading", name="Your new secret key")).to_be_visible()
        assert list_violations(page) == []
        page.goto(f"{store.home}/settings")
        page.get_by_label("Name of the store").fill("")
        page.get_by_role("button", name="Save", exact=True).click()
        assert list_violations(page) == []


def test_the_install_sign_turns_green_by_itself(browser: Browser, live_server: LiveServer) -> None:
    store = make_store(live_server)
    with owner_page(browser, store) as page:
        page.goto(f"{store.home}/install")
        sign = page.locator("#install-status")
        expect(sign).to_contain_text("Waiting for the first page view")
        with urllib.request.urlopen(f"{store.base_url}/embed/v1/{store.key}.js") as answer:
            assert answer.status == 200
        expect(sign).to_have_class(re.compile("is-on"))
        expect(sign.get_by_role("status")).to_contain_text("Installed.")


def test_the_line_to_paste_is_copied(browser: Browser, store: OwnersStore) -> None:
    with owner_page(browser, store, permissions=["clipboard-read", "clipboard-write"]) as page:
        page.goto(f"{store.home}/install")
        page.get_by_role("button", name="Copy the line to paste").click()
        expect(page.get_by_role("button", name="Copied")).to_be_visible()
        line = f'<script async src="{store.base_url}/embed/v1/{store.key}.js"></script>'
        assert page.evaluate("navigator.clipboard.readText()") == line


def test_charts_are_drawn_and_have_tables(browser: Browser, store: OwnersStore) -> None:
    with owner_page(browser, store) as page:
        page.goto(f"{store.home}/surveys/{store.answered_id}")
        for name in ("distribution", "trend"):
            is_drawn = (
                "canvas => canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height)"
                ".data.some(value => value > 0)"
            )
            assert page.locator(f"#{name}-chart").evaluate(is_drawn), name
            summary = page.locator(f"#{name}").get_by_text("Show as a table")
            summary.focus()
            page.keyboard.press("Enter")
            expect(page.locator(f"#{name} table")).to_be_visible()


def test_everything_works_without_scripts(browser: Browser, store: OwnersStore) -> None:
    with owner_page(browser, store, java_script_enabled=False) as page:
        page.goto(f"{store.home}/surveys")
        expect(page.get_by_role("link", name="After the order", exact=True)).to_be_visible()
        page.goto(f"{store.home}/surveys/{store.answered_id}")
        page.locator("#trend").get_by_text("Show as a table").click()
        expect(page.locator("#trend table")).to_be_visible()
        page.goto(f"{store.home}/surveys/{store.answered_id}/comments")
        page.locator("details.filter > summary").click()
        page.get_by_label("Group").select_option("promoter")
        page.get_by_role("button", name="Show").click()
        expect(page.locator(".list-count")).to_contain_text("10 answers match")
        page.goto(f"{store.home}/settings")
        keys = page.locator("#signing-keys")
        keys.get_by_text("Revoke", exact=True).click()
        keys.get_by_role("button", name="Revoke this key").click()
        expect(page.get_by_role("status").first).to_contain_text("is revoked")


def test_an_owner_logs_out(browser: Browser, store: OwnersStore) -> None:
    with owner_page(browser, store) as page:
        page.get_by_text(store.email).click()
        page.get_by_role("button", name="Log out").click()
        expect(page.get_by_role("status")).to_contain_text("You are logged out.")
        page.goto(f"{store.home}/surveys")
        page.wait_for_url(re.compile("/dashboard/login"))
