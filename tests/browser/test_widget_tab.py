"""The tab that stays at the edge of the page."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.questionnaires import ask, go_on
from tests.browser.shopper import Shopper, answer, open_sheet, sheet_of, stays_away
from tests.browser.store import Store, wait_until
from tests.browser.test_widget_accessibility import assert_accessible

MakeShopper = Callable[..., Shopper]
LONG = "<main><h1>Maple</h1><div style='height: 3000px'>Boards</div></main>"


def find_tab(page: Page) -> Locator:
    tab = page.locator("regulars-tab button")
    tab.wait_for()
    return tab


def test_tab_opens_the_survey_when_it_is_asked_for(store: Store, shopper: Shopper) -> None:
    store.add_survey(display="tab")
    page = shopper.visit(store.page())
    tab = find_tab(page)
    expect(tab).to_have_text("Feedback")
    assert stays_away(page)
    assert store.impressions() == []
    tab.click()
    sheet = open_sheet(page)
    expect(tab).to_be_hidden()
    assert page.evaluate("document.activeElement.localName") == "regulars-sheet"
    answer(sheet, 9, "Lovely")
    assert [row.comment for row in wait_until(store.answers)] == ["Lovely"]
    sheet.get_by_role("button", name="Close").click()
    expect(page.locator("regulars-tab")).to_have_count(0)
    page.reload()
    page.wait_for_timeout(600)
    expect(page.locator("regulars-tab")).to_have_count(0)


def test_tab_comes_back_with_the_focus_after_closing(store: Store, shopper: Shopper) -> None:
    store.add_survey(display="tab")
    page = shopper.visit(store.page())
    tab = find_tab(page)
    tab.focus()
    page.keyboard.press("Enter")
    open_sheet(page)
    page.keyboard.press("Escape")
    expect(tab).to_be_visible()
    expect(tab).to_be_focused()
    page.keyboard.press("Space")
    open_sheet(page)


def test_begun_survey_of_a_tab_goes_on_when_it_is_opened_again(store: Store, shopper: Shopper) -> None:
    ask(store, "stars", "text", display="tab")
    page = shopper.visit(store.page())
    find_tab(page).click()
    sheet = open_sheet(page)
    sheet.locator(".choice").nth(3).click()
    go_on(sheet)
    sheet.get_by_role("button", name="Close").click()
    find_tab(page).click()
    expect(sheet_of(page).locator("legend")).to_contain_text("What is your first name?")


@pytest.mark.parametrize("size", [(1280, 800), (360, 740)], ids=str)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_tab_is_large_enough_and_keeps_the_rules(
    store: Store, make_shopper: MakeShopper, size: tuple[int, int], scheme: str
) -> None:
    store.add_survey(display="tab")
    shopper = make_shopper(
        viewport={"width": size[0], "height": size[1]}, color_scheme=scheme, reduced_motion="reduce", locale="en-US"
    )
    page = shopper.visit(store.page(LONG))
    box = find_tab(page).bounding_box()
    assert box is not None
    assert min(box["width"], box["height"]) >= 44
    at_the_side = box["x"] + box["width"] >= size[0] - 1
    at_the_bottom = box["y"] + box["height"] >= size[1] - 1
    assert (at_the_side, at_the_bottom) == ((True, False) if size[0] > 480 else (False, True))
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert_accessible(page)


def test_tab_is_out_of_the_way_of_who_reads_on_a_phone(store: Store, make_shopper: MakeShopper) -> None:
    store.add_survey(display="tab")
    phone = {"viewport": {"width": 360, "height": 740}, "is_mobile": True, "has_touch": True}
    page = make_shopper(**phone, reduced_motion="reduce", locale="en-US").visit(store.page(LONG))
    tab = find_tab(page)
    expect(tab).to_be_in_viewport()
    page.evaluate("scrollTo(0, 600)")
    expect(tab).not_to_be_in_viewport()
    page.evaluate("scrollTo(0, 300)")
    expect(tab).to_be_in_viewport()


def test_tab_stands_on_the_side_of_the_language(store: Store, make_shopper: MakeShopper) -> None:
    store.add_survey(display="tab", languages=["en", "ar"])
    box = find_tab(make_shopper(locale="ar").visit(store.page())).bounding_box()
    assert box is not None
    assert box["x"] == 0


def test_tab_throws_nothing_when_its_survey_cannot_come(store: Store, shopper: Shopper) -> None:
    ask(store, "stars", display="tab")
    shopper.context.route("**/questions-run.js", lambda route: route.abort())
    page = shopper.visit(store.page())
    tab = find_tab(page)
    tab.click()
    page.wait_for_timeout(400)
    expect(tab).to_be_visible()
    expect(sheet_of(page)).to_have_count(0)
