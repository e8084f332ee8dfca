"""The survey editor in a real browser: by keyboard alone, at phone size, without a script, and its live preview."""

import re

import pytest
from playwright.sync_api import Browser, FrameLocator, Locator, Page, expect

from tests.browser.owners_store import OwnersStore, make_store, owner_page
from tests.browser.rules import is_too_wide, list_violations
from tests.browser.test_dashboard_pages import SCREENS
from tests.servers import LiveServer


@pytest.fixture
def store(live_server: LiveServer) -> OwnersStore:
    return make_store(live_server)


def press(button: Locator) -> None:
    """Press a button as somebody without a mouse does."""
    button.focus()
    button.press("Enter")


def type_into(page: Page, field: str, words: str) -> None:
    box = page.locator(f"[name='{field}']")
    box.focus()
    box.press("ControlOrMeta+a")
    page.keyboard.type(words)


def preview_of(page: Page) -> FrameLocator:
    return page.frame_locator("[data-preview-frame]")


def start_again(page: Page) -> None:
    """Have the preview begin anew, and wait until the sheet before has gone."""
    preview_of(page).locator("regulars-sheet").evaluate("(sheet) => sheet.setAttribute('data-old', '')")
    press(page.get_by_role("button", name="Start again"))
    expect(preview_of(page).locator("regulars-sheet:not([data-old])")).to_have_count(1)


def answer(page: Page, score: int) -> FrameLocator:
    """Start the preview again and give a score in it."""
    frame = preview_of(page)
    start_again(page)
    radio = frame.locator(f"input[name=score][value='{score}']")
    radio.focus()
    radio.press("Space")
    return frame


def use_template(page: Page, home: str, name: str) -> None:
    page.goto(f"{home}/surveys/new")
    press(page.get_by_role("button", name=re.compile(f"Use this template ?: {re.escape(name)}")))
    expect(page.get_by_role("heading", level=1)).to_contain_text(name)


def test_a_branching_survey_in_two_languages_is_built_by_keyboard_on_a_phone(
    browser: Browser, store: OwnersStore
) -> None:
    with owner_page(browser, store, viewport=SCREENS["phone"], reduced_motion="reduce", locale="en-US") as page:
        use_template(page, store.home, "Would they recommend us?")
        type_into(page, "texts.en.question", "Would you send a friend to us?")
        type_into(page, "texts.it.question", "Ci manderesti un amico?")
        press(page.get_by_role("button", name="One choice"))
        question = page.locator(".question").last
        expect(question.get_by_label("Question", exact=False).first).to_be_focused()
        page.keyboard.type("What should we do better?")
        key = question.get_attribute("data-key")
        for place, words in enumerate(("Ship faster", "Answer sooner"), start=1):
            type_into(page, f"texts.en.questions.{key}.choices.c{place}", words)
        press(question.get_by_role("button", name="Add a condition"))
        picked = page.locator(".question").last
        picked.get_by_label("Depends on").select_option("score")
        expect(picked.get_by_label("passives (7 and 8)")).to_be_visible()
        picked.get_by_label("passives (7 and 8)").focus()
        page.keyboard.press("Space")
        assert list_violations(page) == []
        assert not is_too_wide(page)

        frame = preview_of(page)
        expect(frame.locator("legend")).to_have_text("Would you send a friend to us?")
        for score, asked in ((9, "Would you share"), (8, "What should we do better?"), (3, "What went wrong?")):
            frame = answer(page, score)
            step = frame.get_by_role("button", name="Next")
            press(step)
            expect(frame.locator("legend")).to_contain_text(asked)
        page.get_by_label("Language of the preview").select_option("it")
        start_again(page)
        expect(frame.locator("legend")).to_have_text("Ci manderesti un amico?")
        expect(page.locator("[data-missing=it]")).to_have_text(re.compile(r"\d texts missing"))

        press(page.get_by_role("button", name="Save and publish"))
        expect(page.get_by_role("status").first).to_contain_text("is live")
        assert list_violations(page) == []


def test_the_preview_changes_with_every_word_and_sends_nothing(browser: Browser, store: OwnersStore) -> None:
    with owner_page(browser, store, viewport=SCREENS["desktop"], reduced_motion="reduce") as page:
        sent: list[str] = []
        page.on("request", lambda request: sent.append(request.url) if "/embed/v1/" in request.url else None)
        page.goto(f"{store.home}/surveys/new?kind=nps")
        type_into(page, "name", "Recommended")
        frame = preview_of(page)
        expect(frame.locator("legend")).to_contain_text("How likely")
        type_into(page, "texts.en.question", "Really?")
        expect(frame.locator("legend")).to_have_text("Really?")
        expect(page.locator("[name='texts.en.question']")).to_be_focused()
        box = frame.locator("regulars-sheet section")
        light = box.evaluate("(section) => getComputedStyle(section).backgroundColor")
        press(page.get_by_role("button", name="Dark"))
        expect(box).not_to_have_css("background-color", light)
        press(page.get_by_role("button", name="Desktop"))
        expect(page.locator(".preview-stage")).to_have_attribute("data-width", "desktop")
        answer(page, 9)
        press(frame.locator("button[type=submit]"))
        expect(frame.locator(".thanks")).to_be_visible()
        page.locator("[name=display]").select_option("inline")
        expect(frame.locator("#inline .card")).to_have_count(1)
        expect(page.locator("[data-cost]")).to_contain_text("KB")
        assert [url for url in sent if "/static/" not in url] == []


def test_the_editor_works_without_scripts(browser: Browser, store: OwnersStore) -> None:
    with owner_page(browser, store, java_script_enabled=False, viewport=SCREENS["phone"]) as page:
        page.goto(f"{store.home}/surveys/new?kind=form")
        page.get_by_label("Name", exact=True).fill("Leaving")
        press(page.get_by_role("button", name="Text", exact=True))
        page.locator("[name='texts.en.questions.q1.question']").fill("What did you miss?")
        press(page.get_by_role("button", name="Stars"))
        page.locator("[name='texts.en.questions.q2.question']").fill("How was it?")
        press(page.get_by_role("button", name="Move question 2 up"))
        expect(page.locator(".question").first).to_contain_text("How was it?")
        expect(page.locator("[data-preview]")).to_be_hidden()
        press(page.get_by_role("button", name="Save and publish"))
        expect(page.get_by_role("status").first).to_contain_text("“Leaving” is live")
        expect(page.locator(".question").first).to_contain_text("How was it?")


def test_what_is_wrong_is_listed_linked_and_kept(browser: Browser, store: OwnersStore) -> None:
    with owner_page(browser, store, viewport=SCREENS["phone"], color_scheme="dark") as page:
        page.goto(f"{store.home}/surveys/{store.answered_id}/edit")
        type_into(page, "sample_percent", "many")
        press(page.get_by_role("button", name="Save", exact=True))
        expect(page.locator("#summary")).to_be_focused()
        assert list_violations(page) == []
        press(page.locator("#summary").get_by_role("link", name="Share of visitors"))
        expect(page.locator("[name=sample_percent]")).to_have_value("many")
        expect(page.locator("[name=sample_percent]")).to_have_attribute("aria-invalid", "true")


def test_the_look_is_measured_and_shown_while_it_changes(browser: Browser, store: OwnersStore) -> None:
    with owner_page(browser, store, viewport=SCREENS["desktop"], reduced_motion="reduce") as page:
        page.goto(f"{store.home}/look")
        frame = preview_of(page)
        expect(frame.locator("legend")).to_be_visible()
        type_into(page, "light.accent", "#ffcc00")
        expect(page.locator("[data-measures]")).to_contain_text("Your accent #ffcc00 would reach 1.5 : 1")
        expect(page.locator("[data-colour-for='light.accent']")).to_have_value("#ffcc00")
        expect(frame.locator(".frame")).to_have_attribute("style", re.compile(r"--accent: ?#a58400"))
        assert list_violations(page) == []
        press(page.get_by_role("button", name="Save the look"))
        expect(page.get_by_role("status").first).to_contain_text("The look is saved.")
