"""The accessibility rules of axe on every state of a survey, in a sheet and in the page."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.rules import list_violations
from tests.browser.shopper import Shopper, open_sheet, pick
from tests.browser.store import Store


def assert_accessible(page: Page) -> None:
    assert list_violations(page) == []


def open_survey(page: Page, display: str) -> Locator:
    if display == "sheet":
        return open_sheet(page)
    place = page.locator("regulars-survey")
    place.locator("legend").wait_for()
    return place


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("display", ["sheet", "inline"])
@pytest.mark.parametrize("kind", ["nps", "csat"])
def test_every_state_keeps_the_rules(store: Store, shopper: Shopper, kind: str, display: str, scheme: str) -> None:
    survey = store.add_survey(kind, display=display)
    element = f"<regulars-survey survey='{survey}'></regulars-survey>" if display == "inline" else ""
    url = store.page(f"<main><h1>Maple</h1>{element}</main>")
    page = shopper.context.new_page()
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    page.goto(url)
    place = open_survey(page, display)
    assert_accessible(page)
    place.locator("input[name=score]").first.press("Enter")
    expect(place.locator(".note")).to_be_visible()
    assert_accessible(page)
    pick(place, 4)
    assert_accessible(page)
    place.get_by_role("button", name="Send").click()
    expect(place.locator(".thanks")).to_be_visible()
    assert_accessible(page)


def test_each_score_is_read_with_what_it_means(store: Store, shopper: Shopper) -> None:
    store.add_survey("csat")
    sheet = open_sheet(shopper.visit(store.page()))
    group = sheet.get_by_role("group", name="How satisfied are you with your purchase?")
    names = [radio.get_attribute("aria-label") for radio in group.get_by_role("radio").all()]
    assert names == ["Very dissatisfied", "Dissatisfied", "Neutral", "Satisfied", "Very satisfied"]


def test_ends_of_the_scale_are_read_with_its_first_and_last_number(store: Store, shopper: Shopper) -> None:
    store.add_survey("nps")
    radios = open_sheet(shopper.visit(store.page())).get_by_role("radio")
    names = [radios.nth(place).get_attribute("aria-label") for place in (0, 1, 10)]
    assert names == ["0, Not at all likely", "1", "10, Extremely likely"]
