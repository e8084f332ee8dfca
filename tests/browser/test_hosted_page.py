"""The page behind a link in a real browser: without scripts, on a phone, by keyboard, accessible."""

import uuid
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.owners_store import OwnersStore, make_store, owner_page
from tests.browser.rules import is_too_wide, list_violations
from tests.embed.shopper import make_survey
from tests.invitations.test_links import BRANCHING, BRANCHING_TEXTS, send_link
from tests.servers import LiveServer
from widget.core.db import db
from widget.surveys.models import SurveyResponse

PHONE = {"width": 390, "height": 844}
QUESTIONS = {
    "questions": [
        {"key": "stars", "type": "stars"},
        {"key": "mood", "type": "emoji"},
        {"key": "effort", "type": "scale", "min": 0, "max": 10},
        {"key": "what", "type": "multiple", "choices": [{"id": "tea"}, {"id": "mug"}], "other": True, "max_choices": 2},
        {"key": "likes", "type": "interests", "choices": [{"id": "tea"}, {"id": "honey"}]},
        {"key": "born", "type": "birthday"},
        {"key": "words", "type": "text", "long": True},
    ]
}
TEXTS = {
    "en": {
        "questions": {
            "stars": {"question": "How many stars?"},
            "mood": {"question": "How do you feel?"},
            "effort": {"question": "How hard was it?", "low_label": "easy", "high_label": "hard"},
            "what": {"question": "What did you buy?", "choices": {"tea": "Tea", "mug": "A mug"}, "hint": "At most two"},
            "likes": {"question": "What do you like?", "choices": {"tea": "Tea", "honey": "Honey"}},
            "born": {"question": "When is your birthday?"},
            "words": {"question": "Anything else?"},
        }
    }
}


def read_answer(server: LiveServer, survey_id: uuid.UUID) -> SurveyResponse:
    with server.app.app_context():
        chosen = db.select(SurveyResponse).where(SurveyResponse.survey_id == survey_id)
        return db.session.scalars(chosen).one()


def make_branching(server: LiveServer) -> tuple[uuid.UUID, str]:
    site = server.cast.maple
    survey_id = make_survey(server.app, site, definition=BRANCHING, texts=BRANCHING_TEXTS)
    return survey_id, server.base_url + send_link(server.app, site, survey_id, language="en")


@pytest.fixture
def plain_page(browser: Browser) -> Iterator[Page]:
    """A phone without scripts."""
    context = browser.new_context(viewport=PHONE, java_script_enabled=False, locale="en-US")
    yield context.new_page()
    context.close()


def test_detractor_answers_on_a_phone_without_scripts(live_server: LiveServer, plain_page: Page) -> None:
    survey_id, address = make_branching(live_server)
    page = plain_page
    page.goto(f"{address}?score=3")
    expect(page.get_by_role("radio", name="3", exact=True)).to_be_checked()
    page.get_by_label("Would you like to tell us why?").fill("It came late")
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("heading", name="What was it?")).to_be_visible()
    page.get_by_role("button").click()
    expect(page.get_by_role("alert")).to_have_text("Please answer this question first.")
    page.get_by_role("radio", name="The fit").check()
    page.get_by_role("button").click()
    expect(page.get_by_role("heading", name="You said: The fit. Tell us more?")).to_be_visible()
    page.get_by_role("textbox").fill("Too tight")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("heading", name="Thank you for telling us.")).to_be_visible()
    answer = read_answer(live_server, survey_id)
    assert (answer.score, answer.comment) == (3, "It came late")
    assert answer.answers == {"why": "fit", "words": "Too tight"}
    assert answer.completed_at is not None
    page.goto(f"{address}?score=10")
    expect(page.get_by_role("heading", name="You have answered already")).to_be_visible()


def test_promoter_answers_by_keyboard(live_server: LiveServer, plain_page: Page) -> None:
    survey_id, address = make_branching(live_server)
    page = plain_page
    page.goto(f"{address}?score=8")
    page.keyboard.press("Tab")
    expect(page.get_by_role("radio", name="8", exact=True)).to_be_focused()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Tab")
    page.keyboard.type("Lovely")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Thanks, friend, for the 9!")).to_be_visible()
    expect(page.get_by_role("link", name="Find out more")).to_have_attribute("href", "https://reviews.example/maple")
    assert (read_answer(live_server, survey_id).score, read_answer(live_server, survey_id).comment) == (9, "Lovely")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_step_is_accessible_and_fits_a_small_phone(
    live_server: LiveServer, browser: Browser, scheme: str
) -> None:
    site = live_server.cast.maple
    survey_id = make_survey(live_server.app, site, definition=QUESTIONS, texts=TEXTS)
    small = {"width": 320, "height": 640}
    context = browser.new_context(color_scheme=scheme, viewport=small, locale="en-US")
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.goto(live_server.base_url + send_link(live_server.app, site, survey_id))
    problems = {}
    titles = []
    for step in range(len(QUESTIONS["questions"]) + 2):
        title = page.get_by_role("heading", level=1).inner_text()
        titles.append(title)
        problems[title] = list_violations(page) + (["wider than the screen"] if is_too_wide(page) else [])
        if step == 0:
            page.get_by_role("radio", name="9", exact=True).check()
        if title == "How many stars?":
            page.get_by_role("radio", name="4 / 5").check()
        if page.get_by_role("button").count():
            page.get_by_role("button").click()
    assert len(set(titles)) == len(QUESTIONS["questions"]) + 2
    assert {title: found for title, found in problems.items() if found} == {}
    assert complaints == []
    assert read_answer(live_server, survey_id).answers == {"stars": 4}
    context.close()


def test_what_is_wrong_is_said_accessibly(live_server: LiveServer, browser: Browser) -> None:
    _, address = make_branching(live_server)
    context = browser.new_context(viewport=PHONE, locale="en-US")
    page = context.new_page()
    page.goto(address)
    page.get_by_role("button").click()
    expect(page.get_by_role("group")).to_have_accessible_description("Please answer this question first.")
    assert list_violations(page) == []
    page.goto(f"{address}x")
    expect(page.get_by_role("heading", name="This link does not work")).to_be_visible()
    assert list_violations(page) == []
    context.close()


@pytest.fixture(scope="module")
def store(live_server: LiveServer) -> OwnersStore:
    return make_store(live_server)


@pytest.mark.parametrize(("screen", "scheme"), [((1280, 900), "light"), ((390, 844), "dark")])
def test_page_send_and_the_card_are_accessible_and_fit(
    browser: Browser, store: OwnersStore, screen: tuple[int, int], scheme: str
) -> None:
    viewport = {"width": screen[0], "height": screen[1]}
    home = f"{store.home}/surveys/{store.answered_id}/send"
    with owner_page(browser, store, viewport=viewport, color_scheme=scheme) as page:
        page.goto(home)
        page.get_by_label("E-mail address").fill("carol@shoppers.example")
        page.get_by_role("button", name="Send the invitation").click()
        expect(page.get_by_role("status").first).to_contain_text("is on its way")
        if page.get_by_role("button", name="Make a code to print").count():
            page.get_by_role("button", name="Make a code to print").click()
        expect(page.get_by_role("img", name="QR code")).to_be_visible()
        for address in (home, f"{home}/card"):
            page.goto(address)
            assert list_violations(page) == []
            assert not is_too_wide(page)
