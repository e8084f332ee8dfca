"""From a template to its results: an owner on a phone, without a mouse, and shoppers of the demo store."""

import re
from collections.abc import Callable

from playwright.sync_api import Locator, Page, expect

from tests.browser.demo import Demo
from tests.browser.rules import is_too_wide, list_violations
from tests.browser.shopper import Shopper, open_sheet
from tests.browser.test_dashboard_pages import SCREENS
from tests.browser.test_editor import press, type_into, use_template

PHONE = {"viewport": SCREENS["phone"], "reduced_motion": "reduce"}
# Who gives the score, in which language, and what the survey asks of them next.
VISITS = (
    (10, "en-US", "Would you share", "Kind people"),
    (8, "it-IT", "Che cosa manca?", "Il tè verde"),
    (2, "en-US", "What went wrong?", "The delivery"),
)


def log_in(demo: Demo, owner: Shopper) -> Page:
    page = owner.visit(f"{demo.server.base_url}/dashboard/login")
    page.get_by_label("E-mail").fill(demo.account.email)
    page.get_by_label("Password").fill(demo.account.password)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/dashboard/(?!login)"))
    return page


def ask_passives_what_is_missing(page: Page) -> None:
    """Add a question for passives alone, in two languages."""
    press(page.get_by_role("button", name="Text", exact=True))
    question = page.locator(".question").last
    expect(question.get_by_label("Question", exact=False).first).to_be_focused()
    page.keyboard.type("What is missing?")
    key = question.get_attribute("data-key")
    type_into(page, f"texts.it.questions.{key}.question", "Che cosa manca?")
    press(question.get_by_role("button", name="Add a condition"))
    question.get_by_label("Depends on").select_option("score")
    question.get_by_label("passives (7 and 8)").focus()
    page.keyboard.press("Space")


def build_survey(page: Page, home: str) -> str:
    """Make the survey from a template and publish it; return its address."""
    use_template(page, home, "Would they recommend us?")
    type_into(page, "texts.en.question", "Would you send a friend to Maple?")
    type_into(page, "texts.it.question", "Manderesti un amico da Maple?")
    ask_passives_what_is_missing(page)
    type_into(page, "after_seconds", "0")
    page.locator("[name='gates.visitors']").select_option("")
    assert list_violations(page) == []
    assert not is_too_wide(page)
    press(page.get_by_role("button", name="Save and publish"))
    expect(page.get_by_role("status").first).to_contain_text("is live")
    return page.url.partition("?")[0].removesuffix("/edit")


def answer_by_keyboard(sheet: Locator, score: int, asked: str, words: str) -> None:
    """Give a score and what is asked after it, without a mouse."""
    sheet.page.wait_for_timeout(450)
    radio = sheet.locator(f'input[name=score][value="{score}"]')
    radio.focus()
    radio.press("Space")
    press(sheet.locator("button[type=submit]"))
    expect(sheet.locator("legend")).to_contain_text(asked)
    if score == 2:
        choice = sheet.get_by_label(words)
        choice.focus()
        choice.press("Space")
        press(sheet.locator("button[type=submit]"))
    else:
        sheet.get_by_role("textbox").last.focus()
        sheet.page.keyboard.type(words)
    assert list_violations(sheet.page) == []
    press(sheet.locator("button[type=submit]"))
    expect(sheet.locator(".thanks")).to_be_visible()


def test_a_survey_built_from_a_template_is_answered_in_the_shop_and_read(
    demo: Demo, make_shopper: Callable[..., Shopper]
) -> None:
    page = log_in(demo, make_shopper(locale="en-US", **PHONE))
    survey = build_survey(page, f"{demo.server.base_url}/dashboard/{demo.account.site_key}")
    for score, locale, asked, words in VISITS:
        shop = make_shopper(locale=locale, **PHONE).visit(f"{demo.shop}/")
        sheet = open_sheet(shop)
        expect(sheet.locator("legend")).to_contain_text("amico" if locale == "it-IT" else "friend")
        answer_by_keyboard(sheet, score, asked, words)

    page.goto(survey)
    expect(page.locator("#score")).to_contain_text("0")
    expect(page.locator("#score")).to_contain_text("3")
    assert list_violations(page) == []
    page.goto(f"{survey}/questions")
    for _, _, _, words in VISITS:
        expect(page.locator("main")).to_contain_text(words)
    expect(page.locator("main")).to_contain_text("What is missing?")
    assert list_violations(page) == []
    assert not is_too_wide(page)
