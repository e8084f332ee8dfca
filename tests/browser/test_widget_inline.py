"""A survey that stands in the page, where <regulars-survey> is."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.shopper import COUNT_SHIFTS, Shopper, answer, pick
from tests.browser.store import Store, wait_until


def element(survey: str) -> str:
    return f'<main><regulars-survey survey="{survey}"></regulars-survey></main><footer id="footer">End</footer>'


def open_inline(page: Page) -> Locator:
    place = page.locator("regulars-survey")
    place.locator("legend").wait_for()
    return place


def test_inline_survey_is_answered_where_it_stands(store: Store, shopper: Shopper) -> None:
    survey = store.add_survey("csat", display="inline")
    page = shopper.visit(store.page(element(survey)))
    place = open_inline(page)
    answer(place, 5, "Quick delivery")
    expect(place).to_contain_text("Thank you")
    assert [(row.score, row.comment) for row in wait_until(store.answers)] == [(5, "Quick delivery")]


def test_answered_inline_survey_thanks_again_and_does_not_ask(store: Store, shopper: Shopper) -> None:
    survey = store.add_survey("csat", display="inline")
    page = shopper.visit(store.page(element(survey)))
    answer(open_inline(page), 2)
    wait_until(store.answers)
    page.reload()
    place = page.locator("regulars-survey")
    expect(place).to_contain_text("Thank you")
    expect(place.locator("form")).to_have_count(0)


def test_unfinished_inline_answer_goes_on_under_its_own_id(store: Store, shopper: Shopper) -> None:
    survey = store.add_survey(display="inline")
    page = shopper.visit(store.page(element(survey)))
    pick(open_inline(page), 6)
    page.reload()
    place = open_inline(page)
    expect(place.locator("input[value='6']")).to_be_checked()
    answer(place, 7, "Better after all")
    stored = wait_until(lambda: [row for row in store.answers() if row.completed_at])
    assert [(row.score, row.comment) for row in stored] == [(7, "Better after all")]
    assert len(store.answers()) == 1


def test_inline_survey_counts_as_shown_when_it_is_seen(store: Store, shopper: Shopper) -> None:
    survey = store.add_survey(display="inline")
    page = shopper.visit(store.page(f"<div style='height: 3000px'>Long</div>{element(survey)}"))
    open_inline(page)
    page.wait_for_timeout(500)
    assert store.impressions() == []
    page.locator("regulars-survey").scroll_into_view_if_needed()
    assert len(wait_until(store.impressions)) == 1


def test_moved_inline_survey_goes_on_and_a_removed_one_keeps_the_score(store: Store, shopper: Shopper) -> None:
    survey = store.add_survey(display="inline")
    page = shopper.visit(store.page(element(survey)))
    place = open_inline(page)
    pick(place, 8)
    page.evaluate("footer.append(document.querySelector('regulars-survey'))")
    page.wait_for_timeout(500)
    assert store.answers() == []
    expect(page.locator("#footer regulars-survey input[value='8']")).to_be_checked()
    page.evaluate("document.querySelector('regulars-survey').remove()")
    assert [row.score for row in wait_until(store.answers)] == [8]


def test_element_added_later_by_the_page_works(store: Store, shopper: Shopper) -> None:
    survey = store.add_survey(display="inline")
    page = shopper.visit(store.page())
    page.wait_for_function("Boolean(customElements.get('regulars-survey'))")
    page.evaluate(
        """(survey) => {
            const element = document.createElement("regulars-survey");
            document.body.append(element);
            element.setAttribute("survey", survey);
        }""",
        survey,
    )
    open_inline(page)


def test_unknown_survey_renders_nothing(store: Store, shopper: Shopper) -> None:
    store.add_survey(display="inline")
    page = shopper.visit(store.page(element("0190f3a0-0000-7000-8000-000000000000")))
    page.wait_for_timeout(700)
    assert page.evaluate("document.querySelector('regulars-survey').shadowRoot") is None


@pytest.mark.parametrize(("kind", "locale"), [("nps", "id-ID"), ("csat", "it-IT"), ("csat", "en-US")])
def test_page_that_reserves_the_documented_height_does_not_shift(
    store: Store, make_shopper: Callable[..., Shopper], kind: str, locale: str
) -> None:
    survey = store.add_survey(kind, display="inline")
    reserved = "<style>regulars-survey { display: block; min-height: 17rem }</style>"
    url = store.page(element(survey), head=reserved)
    shopper = make_shopper(locale=locale)
    for width in (1280, 360, 320):
        page = shopper.context.new_page()
        page.set_viewport_size({"width": width, "height": 800})
        page.add_init_script(COUNT_SHIFTS)
        page.goto(url)
        open_inline(page)
        page.wait_for_timeout(300)
        assert page.evaluate("window.shifted") == 0, width
        page.evaluate("localStorage.clear()")
