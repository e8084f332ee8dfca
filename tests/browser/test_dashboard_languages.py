"""The owner's pages in Italian and Indonesian: longer words fit on a phone, charts say them too."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.owners_store import OwnersStore, make_store, owner_page
from tests.browser.rules import is_too_wide, open_all_details
from tests.long_run import IS_LONG_RUN
from tests.servers import LiveServer

PHONE = {"width": 390, "height": 844}
LANGUAGES = ["it", "id"]


@pytest.fixture(scope="module")
def store(live_server: LiveServer) -> OwnersStore:
    return make_store(live_server)


def choose_language(page: Page, store: OwnersStore, choice: str, language: str) -> None:
    page.goto(store.list_pages()["account"])
    field = page.locator("[name=language]")
    field.select_option(choice)
    page.locator("form", has=field).get_by_role("button").click()
    expect(page.locator("html")).to_have_attribute("lang", language)


# Half of the pages in each; a long run takes all in both.
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_fits_on_a_phone_in_every_language(browser: Browser, store: OwnersStore, language: str) -> None:
    problems: dict[str, str] = {}
    with owner_page(browser, store, viewport=PHONE) as page:
        choose_language(page, store, language, language)
        # Pages for people who are not logged in follow the browser.
        page.set_extra_http_headers({"Accept-Language": language})
        pages = list(store.list_pages().items())
        for name, address in pages if IS_LONG_RUN else pages[LANGUAGES.index(language) :: len(LANGUAGES)]:
            page.goto(address)
            open_all_details(page)
            if is_too_wide(page):
                problems[name] = "wider than the screen"
            elif page.locator("html").get_attribute("lang") != language:
                problems[name] = "in another language"
        choose_language(page, store, "", language)
    assert problems == {}


def test_charts_write_numbers_as_the_page_does(browser: Browser, store: OwnersStore) -> None:
    with owner_page(browser, store, extra_http_headers={"Accept-Language": "it"}) as page:
        page.goto(store.list_pages()["results"])
        expect(page.locator("#distribution-chart")).to_have_attribute("data-answers", "Risposte")
        assert page.evaluate("window.Chart.defaults.locale") == "it"
        said = page.evaluate(
            """() => {
              const { callbacks } = window.Chart.getChart("distribution-chart").options.plugins.tooltip;
              return [callbacks.title([{ label: "9" }]), callbacks.label({ raw: 12345.6 })];
            }"""
        )
    assert said == ["Punteggio 9", "Risposte: 12.345,6"]
