"""Every type of question keeps the rules: contrast, zoom, forced colours, motion, direction, strict policies."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson
import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.browser.questionnaires import TYPES, ask, ask_by_bucket, ask_quiz, go_on, legend
from tests.browser.shopper import Shopper, open_sheet, pick
from tests.browser.store import Store, wait_until
from tests.browser.test_widget_accessibility import assert_accessible
from tests.browser.test_widget_hosts import COUNT_VIOLATIONS, HOSTILE, PAGES, STRICT
from tests.browser.test_widget_looks import CONTROL_CONTRAST, TEXT_CONTRAST, contrast
from tests.long_run import at_length

MakeShopper = Callable[..., Shopper]


def change_content(shopper: Shopper, change: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
    """Let the server's content document reach the page changed."""

    def answer(route: Route) -> None:
        content = change(route.fetch(max_retries=3).json())
        route.fulfill(body=orjson.dumps(content), headers={"Access-Control-Allow-Origin": "*"})

    shopper.context.route("**/surveys/*?lang=*", answer)


def each_step(sheet: Locator) -> Any:
    """Go through the steps of all types, and stop at each."""
    for kind in TYPES:
        expect(sheet.locator(f"form.is-{kind}")).to_be_visible()
        if sheet.locator(".choice").count():
            sheet.locator(".choice").last.click()
        yield kind
        if sheet.locator(".consent").count():
            sheet.locator(".consent input").check()
        if kind != TYPES[-1]:
            go_on(sheet)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_type_keeps_the_rules(store: Store, make_shopper: MakeShopper, scheme: str) -> None:
    ask(store, *TYPES)
    shopper = make_shopper(color_scheme=scheme, reduced_motion="reduce", locale="en-US")
    page = shopper.visit(store.page("<main><h1>Maple</h1></main>"))
    sheet = open_sheet(page)
    for _ in each_step(sheet):
        assert_accessible(page)
    go_on(sheet, "Send")
    expect(sheet.locator(".thanks")).to_be_visible()
    assert_accessible(page)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_type_is_readable(store: Store, make_shopper: MakeShopper, scheme: str) -> None:
    ask(store, *TYPES)
    page = make_shopper(color_scheme=scheme, reduced_motion="reduce", locale="en-US").visit(store.page())
    sheet = open_sheet(page)
    background = sheet.evaluate("(section) => getComputedStyle(section).backgroundColor")
    texts = "legend, .progress, .hint, .optional, .back, .date span, .consent span, .ends, .options .mark"
    edges = ".options .choice, .chips .mark, .scale .mark, textarea, select, input:not([type])"
    read = "(node, name) => getComputedStyle(node)[name]"
    for kind in each_step(sheet):
        page.mouse.move(5, 5)
        for node in sheet.locator(texts).all():
            assert contrast(node.evaluate(read, "color"), background) >= TEXT_CONTRAST, kind
        for node in sheet.locator(edges).all():
            if kind != "stars":
                assert contrast(node.evaluate(read, "borderTopColor"), background) >= CONTROL_CONTRAST, kind
        for node in sheet.locator(".is-stars svg").all():
            assert contrast(node.evaluate(read, "color"), background) >= CONTROL_CONTRAST, kind


@pytest.mark.parametrize("size", [(360, 740), (320, 256)], ids=str)
def test_every_type_fits_a_phone_and_four_times_the_size(
    store: Store, make_shopper: MakeShopper, size: tuple[int, int]
) -> None:
    ask(store, *TYPES)
    viewport = {"width": size[0], "height": size[1]}
    sheet = open_sheet(make_shopper(viewport=viewport, reduced_motion="reduce", locale="en-US").visit(store.page()))
    for kind in each_step(sheet):
        box = sheet.bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["y"] >= 0
        assert box["x"] + box["width"] <= size[0]
        assert sheet.evaluate("(section) => section.scrollWidth <= section.clientWidth"), kind
        send = sheet.locator("button[type=submit]")
        send.scroll_into_view_if_needed()
        expect(send).to_be_in_viewport()


def test_what_was_chosen_is_seen_in_forced_colours(store: Store, make_shopper: MakeShopper) -> None:
    ask(store, *TYPES)
    page = make_shopper(forced_colors="active", reduced_motion="reduce", locale="en-US").visit(store.page())
    sheet = open_sheet(page)
    read = "(node, name) => getComputedStyle(node)[name]"
    for kind in each_step(sheet):
        marks = sheet.locator(".scale .mark, .chips .mark")
        if kind == "stars":
            assert marks.first.locator("svg").evaluate(read, "fill") != "none"
        elif marks.count():
            chosen, other = (mark.evaluate(read, "backgroundColor") for mark in (marks.last, marks.first))
            assert chosen != other, kind


def test_steps_do_not_move_for_who_wants_no_motion(store: Store, make_shopper: MakeShopper) -> None:
    ask(store, *TYPES)
    sheet = open_sheet(make_shopper(reduced_motion="reduce", locale="en-US").visit(store.page()))
    for _ in each_step(sheet):
        assert sheet.evaluate("(section) => section.getAnimations({ subtree: true }).length") == 0


def test_right_to_left_mirrors_every_step(store: Store, make_shopper: MakeShopper) -> None:
    ask(store, "stars", "single", languages=["en", "ar"])
    page = make_shopper(locale="ar", reduced_motion="reduce").visit(store.page())
    sheet = open_sheet(page)

    def left_of(selector: str) -> float:
        box = sheet.locator(selector).first.bounding_box()
        assert box is not None
        return box["x"]

    assert left_of(".is-stars .choice:first-child") > left_of(".is-stars .choice:last-child")
    assert left_of(".bar span") > left_of(".bar")
    go_on(sheet, "التالي")
    assert left_of(".options input") > left_of(".options .mark")
    assert left_of(".back") > left_of(".send")


@pytest.mark.parametrize("policy", [STRICT, "script-src 'nonce-r4nd0m' 'strict-dynamic'"])
def test_strict_policies_are_not_violated_by_a_survey_of_several_steps(
    store: Store, shopper: Shopper, policy: str
) -> None:
    ask(store, *TYPES)
    csp = policy.format(api=store.server.base_url)
    url = store.page(tag=store.tag(nonce="r4nd0m"), Content_Security_Policy=csp)
    page = shopper.visit(url, before=COUNT_VIOLATIONS)
    sheet = open_sheet(page)
    page.wait_for_timeout(450)
    for _ in each_step(sheet):
        pass
    go_on(sheet, "Send")
    expect(sheet.locator(".thanks")).to_be_visible()
    wait_until(lambda: [row for row in store.answers() if row.completed_at])
    assert [name for name in page.evaluate("violations") if not name.startswith("img-src")] == []


@pytest.mark.parametrize("name", at_length(HOSTILE, otherwise=HOSTILE[::2]))
def test_hostile_page_asks_every_step(store: Store, shopper: Shopper, name: str) -> None:
    ask(store, *TYPES)
    page = shopper.visit(store.page(Path(PAGES / f"{name}.html").read_text(), path="/hostile"))
    sheet = open_sheet(page)
    page.wait_for_timeout(450)
    for _ in each_step(sheet):
        pass
    go_on(sheet, "Send")
    expect(sheet.locator(".thanks")).to_be_visible()
    stored = wait_until(lambda: [row for row in store.answers() if row.completed_at])[0]
    assert stored.answers["multiple"] == ["other"]
    assert stored.answers["interests.consent"] is True


def test_hidden_fields_are_words_and_never_markup(store: Store, shopper: Shopper) -> None:
    words = {"questions": {"name": {"question": "Dear {hidden.name|friend}, {hidden.nothing|well}?"}}}
    store.add_survey("form", definition={"questions": [{"key": "name", "type": "text"}]}, texts={"en": words})
    markup = "&lt;img src=x onerror=window.broken=1&gt;{hidden.other}"
    page = shopper.visit(store.page(tag=store.tag(data_field_name=markup, data_field_other="twice")))
    sheet = open_sheet(page)
    expect(legend(sheet)).to_contain_text("Dear <img src=x onerror=window.broken=1>{hidden.other}, well?")
    assert sheet.locator("img").count() == 0
    assert page.evaluate("window.broken") is None


@pytest.mark.parametrize(
    ("url", "is_shown"), [("https://maple.example/", True), ("javascript:alert(1)", False), ("//maple.example", False)]
)
def test_button_links_to_web_addresses_only(store: Store, shopper: Shopper, url: str, is_shown: bool) -> None:
    store.add_survey(definition={"links": {"promoter": "https://maple.example/"}})
    change_content(shopper, lambda content: content | {"links": {"promoter": {"url": url, "label": "Write a review"}}})
    sheet = open_sheet(shopper.visit(store.page()))
    pick(sheet, 9)
    go_on(sheet, "Send")
    expect(sheet.locator(".thanks")).to_be_visible()
    assert (sheet.get_by_role("link", name="Write a review").count() == 1) == is_shown


def test_only_the_bucket_with_a_link_sees_it(store: Store, shopper: Shopper) -> None:
    store.add_survey(definition={"links": {"promoter": "https://maple.example/review"}})
    sheet = open_sheet(shopper.visit(store.page()))
    pick(sheet, 3)
    go_on(sheet, "Send")
    expect(sheet.locator(".thanks")).to_be_visible()
    assert sheet.get_by_role("link").count() == 0


def look_with(store: Store, shopper: Shopper, **theme: Any) -> Locator:
    store.add_survey()
    change_content(shopper, lambda content: content | {"theme": content["theme"] | theme})
    sheet = open_sheet(shopper.visit(store.page()))
    sheet.evaluate("(section) => Promise.all(section.getAnimations().map((animation) => animation.finished))")
    return sheet


@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_owners_scheme_goes_before_the_readers(store: Store, make_shopper: MakeShopper, scheme: str) -> None:
    sheet = look_with(store, make_shopper(color_scheme="light" if scheme == "dark" else "dark"), scheme=scheme)
    background = sheet.evaluate("(section) => getComputedStyle(section).backgroundColor")
    assert (contrast(background, "0 0 0") < 2) == (scheme == "dark")


def test_owners_side_and_letters_are_used(store: Store, shopper: Shopper) -> None:
    sheet = look_with(store, shopper, position="left", font="serif")
    box = sheet.bounding_box()
    assert box is not None
    assert box["x"] < 30
    assert box["width"] > 300
    assert re.search("serif", sheet.evaluate("(section) => getComputedStyle(section).fontFamily"))


def test_logo_comes_from_our_address(store: Store, shopper: Shopper) -> None:
    logo = {"url": "/embed/v1/logos/mine.png", "width": 120, "height": 40, "alt": "Maple"}
    sheet = look_with(store, shopper, logo=logo)
    picture = sheet.get_by_role("img", name="Maple")
    assert picture.get_attribute("src") == f"{store.server.base_url}/embed/v1/logos/mine.png"


def test_page_of_a_quiz_hears_of_its_end_once(store: Store, shopper: Shopper) -> None:
    ask_quiz(store)
    page: Page = shopper.visit(store.page())
    page.evaluate(
        "window.heard = []; addEventListener('regulars:answered', (event) => heard.push(event.detail.completed))"
    )
    sheet = open_sheet(page)
    sheet.get_by_label("A run").check()
    go_on(sheet)
    go_on(sheet, "Send")
    expect(sheet.get_by_role("heading")).to_have_text("You are wild")
    assert page.evaluate("heard") == [False, True]


def test_names_of_steps_are_kept_from_the_pages_shortcuts(store: Store, shopper: Shopper) -> None:
    ask_by_bucket(store)
    page = shopper.visit(store.page("<script>window.keys = ''; onkeydown = (event) => (keys += event.key)</script>"))
    sheet = open_sheet(page)
    pick(sheet, 9)
    go_on(sheet)
    sheet.get_by_role("textbox").press_sequentially("s/k")
    expect(sheet.get_by_role("textbox")).to_have_value("s/k")
    assert page.evaluate("window.keys") == ""
