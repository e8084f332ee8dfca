"""The sheet fits every screen and every reader's settings."""

import re
from collections.abc import Callable

import orjson
import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.shopper import Shopper, answer, open_sheet, pick
from tests.browser.store import Store

MakeShopper = Callable[..., Shopper]
# WCAG 2.2: text is at least this readable (1.4.3), what tells a control this visible (1.4.11).
TEXT_CONTRAST = 4.5
CONTROL_CONTRAST = 3.0


def relative_luminance(colour: tuple[float, float, float]) -> float:
    def linear(part: float) -> float:
        return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4

    red, green, blue = (linear(part / 255) for part in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Return the contrast of two opaque CSS colours as computed styles write them."""
    lights = []
    for colour in (one, other):
        numbers = [float(number) for number in re.findall(r"[\d.]+", colour)]
        assert len(numbers) == 3, colour
        lights.append(relative_luminance((numbers[0], numbers[1], numbers[2])))
    return (max(lights) + 0.05) / (min(lights) + 0.05)


def assert_fits(page: Page) -> None:
    """Check that nothing of the sheet needs scrolling sideways and every target is large enough."""
    sheet = page.locator("regulars-sheet section")
    box = sheet.bounding_box()
    size = page.viewport_size
    assert box is not None
    assert size is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= size["width"]
    assert box["y"] >= 0
    assert box["y"] + box["height"] <= size["height"]
    assert sheet.evaluate("(section) => section.scrollWidth <= section.clientWidth")
    assert sheet.locator(".scale").evaluate("(scale) => scale.scrollWidth <= scale.clientWidth")
    for target in sheet.locator("button:visible, .choice, textarea:visible").all():
        found = target.bounding_box()
        assert found is not None
        assert found["width"] >= 24
        assert found["height"] >= 24


# The languages with the longest words for each kind of survey.
@pytest.mark.parametrize(("kind", "locale"), [("nps", "id-ID"), ("csat", "it-IT")])
@pytest.mark.parametrize("size", [(1280, 800), (768, 1024), (360, 740), (320, 256)], ids=str)
def test_sheet_fits_the_window(
    store: Store, make_shopper: MakeShopper, size: tuple[int, int], kind: str, locale: str
) -> None:
    store.add_survey(kind)
    viewport = {"width": size[0], "height": size[1]}
    shopper = make_shopper(viewport=viewport, locale=locale, reduced_motion="reduce")
    page = shopper.visit(store.page())
    sheet = open_sheet(page)
    assert_fits(page)
    pick(sheet, 4)
    assert_fits(page)
    send = sheet.locator("button[type=submit]")
    send.scroll_into_view_if_needed()
    expect(send).to_be_in_viewport()


def test_sheet_lies_along_the_bottom_of_a_phone(store: Store, make_shopper: MakeShopper) -> None:
    store.add_survey()
    phone = {"viewport": {"width": 360, "height": 740}, "is_mobile": True, "has_touch": True}
    shopper = make_shopper(**phone, reduced_motion="reduce")
    box = open_sheet(shopper.visit(store.page())).bounding_box()
    assert box is not None
    assert (box["x"], box["width"], round(box["y"] + box["height"])) == (0, 360, 740)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_colours_are_readable(store: Store, make_shopper: MakeShopper, scheme: str) -> None:
    store.add_survey()
    page = make_shopper(color_scheme=scheme, reduced_motion="reduce").visit(store.page())
    sheet = open_sheet(page)
    pick(sheet, 9)
    page.mouse.move(5, 5)

    def colour(selector: str, name: str) -> str:
        node = sheet.locator(selector).first
        found: str = node.evaluate("(node, name) => getComputedStyle(node)[name]", name)
        return found

    background = sheet.evaluate("(section) => getComputedStyle(section).backgroundColor")
    assert (contrast(background, "0 0 0") < 2) == (scheme == "dark")
    for text in ("legend", ".mark", ".ends", ".more label", ".optional", "textarea", ".close"):
        assert contrast(colour(text, "color"), background) >= TEXT_CONTRAST, text
    for filled in (":checked + .mark", ".send"):
        assert contrast(colour(filled, "color"), colour(filled, "backgroundColor")) >= TEXT_CONTRAST, filled
        assert contrast(colour(filled, "backgroundColor"), background) >= CONTROL_CONTRAST, filled
    for edge in (".mark", "textarea"):
        assert contrast(colour(edge, "borderTopColor"), background) >= CONTROL_CONTRAST, edge
    sheet.locator("textarea").focus()
    assert contrast(colour("textarea", "outlineColor"), background) >= CONTROL_CONTRAST


def test_colours_follow_the_scheme_while_the_sheet_is_open(store: Store, shopper: Shopper) -> None:
    store.add_survey()
    page = shopper.visit(store.page())
    sheet = open_sheet(page)
    light = sheet.evaluate("(section) => getComputedStyle(section).backgroundColor")
    page.emulate_media(color_scheme="dark")
    expect(sheet).not_to_have_css("background-color", light)


def test_chosen_score_is_seen_in_forced_colours(store: Store, make_shopper: MakeShopper) -> None:
    store.add_survey()
    page = make_shopper(forced_colors="active", reduced_motion="reduce").visit(store.page())
    sheet = open_sheet(page)
    pick(sheet, 7)
    chosen, other = sheet.locator(".mark").nth(7), sheet.locator(".mark").nth(2)
    read = "(node) => getComputedStyle(node).backgroundColor"
    assert chosen.evaluate(read) != other.evaluate(read)
    assert sheet.evaluate("(section) => getComputedStyle(section).borderTopStyle") == "solid"


def test_reduced_motion_stills_everything(store: Store, make_shopper: MakeShopper) -> None:
    store.add_survey()
    page = make_shopper(reduced_motion="reduce").visit(store.page())
    sheet = open_sheet(page)
    pick(sheet, 9)
    assert sheet.evaluate("(section) => section.getAnimations({ subtree: true }).length") == 0


def test_right_to_left_language_mirrors_the_sheet(store: Store, shopper: Shopper) -> None:
    store.add_survey()

    def mirror(route: Route) -> None:
        content = route.fetch(max_retries=3).json() | {"dir": "rtl", "language": "ar", "question": "ما مدى رضاك؟"}
        route.fulfill(body=orjson.dumps(content), headers={"Access-Control-Allow-Origin": "*"})

    shopper.context.route("**/surveys/*?lang=*", mirror)
    page = shopper.visit(store.page())
    sheet = open_sheet(page)
    page.wait_for_timeout(400)
    box = sheet.bounding_box()
    close = sheet.locator(".close").bounding_box()
    first, last = (sheet.locator(".choice").nth(place).bounding_box() for place in (0, 10))
    assert box
    assert close
    assert first
    assert last
    assert box["x"] < 30
    assert close["x"] < box["x"] + box["width"] / 2
    assert first["x"] > last["x"]
    assert page.evaluate("document.documentElement.dir") == ""
    answer(sheet, 9)
    expect(sheet.locator(".thanks")).to_be_visible()


def test_owners_z_index_is_used(store: Store, shopper: Shopper) -> None:
    store.set(z_index=77)
    store.add_survey()
    sheet = open_sheet(shopper.visit(store.page()))
    assert sheet.evaluate("(section) => getComputedStyle(section).zIndex") == "77"


def test_readers_larger_letters_enlarge_the_sheet(store: Store, shopper: Shopper) -> None:
    store.add_survey()
    page = shopper.visit(store.page(head="<style>html { font-size: 62.5% }</style>"))
    sheet = open_sheet(page)
    size = "(section) => parseFloat(getComputedStyle(section).fontSize)"
    assert sheet.evaluate(size) == 16
    session = page.context.new_cdp_session(page)
    session.send("Page.enable")
    session.send("Page.setFontSizes", {"fontSizes": {"standard": 24}})
    assert sheet.evaluate(size) == 24
