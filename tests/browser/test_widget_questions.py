"""A shopper goes through a survey of several steps: what is asked, what is stored, what is never lost."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.questionnaires import BUCKETS, TYPES, ask, ask_by_bucket, ask_quiz, go_on, legend, put_first
from tests.browser.shopper import Shopper, open_sheet, pick, read_memory, stays_away
from tests.browser.store import Store, wait_until
from widget.surveys.models import SurveyResponse

# The keys that answer a question of each type once the focus is on its group, and what is stored of it.
KEYS: dict[str, tuple[list[str], dict[str, Any]]] = {
    "scale": (["Tab", "Space", "ArrowRight", "ArrowRight"], {"scale": 2}),
    "stars": (["Tab", "Space", *["ArrowRight"] * 3], {"stars": 4}),
    "emoji": (["Tab", "Space", "ArrowRight"], {"emoji": 2}),
    "single": (
        ["Tab", "Space", *["ArrowDown"] * 3, "Tab", "I", "t"],
        {"single": "other", "single.other": "It"},
    ),
    "multiple": (["Tab", "Space", "Tab", "Tab", "Space"], {"multiple": ["price", "fit"]}),
    "text": (["Tab", "A", "n", "n"], {"text": "Ann"}),
    "birthday": (
        ["Tab", "M", "Tab", "3", "Tab", "1", "9", "9", "0", "Tab", "Space"],
        {"birthday": "1990-03-03", "birthday.consent": True},
    ),
    "interests": (
        ["Tab", "Space", "Tab", "Tab", "Tab", "Space"],
        {"interests": ["price"], "interests.consent": True},
    ),
}


def finished(store: Store) -> SurveyResponse:
    return wait_until(lambda: [row for row in store.answers() if row.completed_at])[0]


def answer_with_pointer(place: Locator, kind: str) -> dict[str, Any]:
    """Answer a question as a thumb does, and return what should be stored."""
    marks = place.locator(".choice")
    if kind in ("scale", "stars", "emoji"):
        marks.nth(3).click()
        return {kind: 3 if kind == "scale" else 4}
    if kind == "text":
        place.get_by_role("textbox").fill("Ann")
        return {"text": "Ann"}
    if kind == "birthday":
        place.get_by_role("combobox", name="Day").select_option("29")
        place.get_by_role("combobox", name="Month").select_option("February")
        place.locator(".consent").click()
        return {"birthday": "--02-29", "birthday.consent": True}
    marks.nth(1).click()
    if kind == "interests":
        place.locator(".consent").click()
        return {"interests": ["late"], "interests.consent": True}
    return {kind: "late" if kind == "single" else ["late"]}


@pytest.mark.parametrize("kind", TYPES)
def test_each_type_is_answered_by_keyboard_alone(store: Store, shopper: Shopper, kind: str) -> None:
    ask(store, kind)
    page = shopper.visit(store.page())
    open_sheet(page)
    page.wait_for_timeout(450)
    page.keyboard.press("Tab")
    keys, expected = KEYS[kind]
    for key in [*keys, "Tab", "Enter"]:
        page.keyboard.press(key)
    expect(page.locator("regulars-sheet .thanks")).to_be_visible()
    assert finished(store).answers == expected


@pytest.mark.parametrize("kind", TYPES)
def test_each_type_is_answered_by_thumb(store: Store, make_shopper: Callable[..., Shopper], kind: str) -> None:
    ask(store, kind)
    phone = {"viewport": {"width": 360, "height": 740}, "is_mobile": True, "has_touch": True}
    sheet = open_sheet(make_shopper(**phone, reduced_motion="reduce").visit(store.page()))
    for target in sheet.locator(".choice, button, select, input:not(label input):visible, .consent").all():
        box = target.bounding_box()
        if box and box["width"] > 1:
            assert min(box["width"], box["height"]) >= 24
    expected = answer_with_pointer(sheet, kind)
    go_on(sheet, "Send")
    expect(sheet.locator(".thanks")).to_be_visible()
    assert finished(store).answers == expected


@pytest.mark.parametrize("bucket", list(BUCKETS))
def test_each_bucket_is_asked_its_own_question(store: Store, shopper: Shopper, bucket: str) -> None:
    ask_by_bucket(store)
    sheet = open_sheet(shopper.visit(store.page()))
    pick(sheet, BUCKETS[bucket])
    go_on(sheet)
    expect(legend(sheet)).to_contain_text(f"A word from a {bucket}?")
    expect(sheet.locator(".progress")).to_have_text("Question 2 of 3")
    sheet.get_by_role("textbox").fill("Fine")
    go_on(sheet)
    expect(legend(sheet)).to_contain_text(f"Anything else, {BUCKETS[bucket]}?")
    go_on(sheet, "Send")
    expect(sheet.locator(".thanks")).to_be_visible()
    stored = finished(store)
    assert (stored.score, stored.answers) == (BUCKETS[bucket], {f"to_{bucket}": "Fine"})


def test_back_keeps_answers_and_a_change_of_mind_takes_the_other_branch(store: Store, shopper: Shopper) -> None:
    ask_by_bucket(store)
    sheet = open_sheet(shopper.visit(store.page()))
    pick(sheet, 2)
    sheet.locator("textarea").fill("Too slow")
    go_on(sheet)
    sheet.get_by_role("textbox").fill("Sorry to say")
    go_on(sheet)
    go_on(sheet, "Back")
    expect(sheet.get_by_role("textbox")).to_have_value("Sorry to say")
    go_on(sheet, "Back")
    expect(sheet.locator("input[value='2']")).to_be_checked()
    expect(sheet.locator("textarea")).to_have_value("Too slow")
    pick(sheet, 9)
    go_on(sheet)
    expect(legend(sheet)).to_contain_text("A word from a promoter?")
    sheet.get_by_role("textbox").fill("Glad to say")
    go_on(sheet)
    go_on(sheet, "Send")
    stored = finished(store)
    assert (stored.score, stored.comment, stored.answers) == (9, "Too slow", {"to_promoter": "Glad to say"})


def test_arrow_keys_never_send_or_go_on(store: Store, shopper: Shopper) -> None:
    ask(store, "stars", "single")
    page = shopper.visit(store.page())
    sheet = open_sheet(page)
    sheet.locator("input[type=radio]").first.focus()
    for _ in range(6):
        page.keyboard.press("ArrowRight")
    expect(legend(sheet)).to_contain_text("How do you like it?")
    page.wait_for_timeout(400)
    assert not [line for line in shopper.requests if "responses" in line]


def test_focus_goes_with_the_steps_and_progress_is_announced(store: Store, shopper: Shopper) -> None:
    ask(store, "text", "stars")
    page = shopper.visit(store.page())
    sheet = open_sheet(page)
    expect(sheet.locator(".progress")).to_have_text("Question 1 of 2")
    sheet.get_by_role("textbox").press("Enter")
    expect(legend(sheet)).to_contain_text("How do you like it?")
    expect(page.locator("regulars-sheet [role=status]")).to_have_text("Question 2 of 2")
    assert sheet.evaluate("(section) => section.getRootNode().activeElement.localName") == "fieldset"


@pytest.mark.parametrize(
    ("kind", "words", "field"),
    [("single", "Please answer this question first.", "radio"), ("text", "Please answer this question first.", "text")],
)
def test_required_question_is_explained(store: Store, shopper: Shopper, kind: str, words: str, field: str) -> None:
    ask(store, kind, required=True)
    page = shopper.visit(store.page())
    sheet = open_sheet(page)
    expect(sheet.get_by_role("button", name="Send")).to_be_enabled()
    go_on(sheet, "Send")
    expect(sheet.locator(".note")).to_have_text(words)
    expect(page.locator("regulars-sheet [role=status]")).to_have_text(words)
    assert sheet.evaluate("(section) => section.getRootNode().activeElement.type") == field
    answer_with_pointer(sheet, kind)
    expect(sheet.locator(".note")).to_be_hidden()
    go_on(sheet, "Send")
    finished(store)


def test_too_many_choices_are_explained(store: Store, shopper: Shopper) -> None:
    ask(store, "multiple")
    sheet = open_sheet(shopper.visit(store.page()))
    expect(sheet.locator(".hint")).to_have_text("Think of the last time. Choose at most 2.")
    for place in range(3):
        sheet.locator(".choice").nth(place).click()
    go_on(sheet, "Send")
    expect(sheet.locator(".note")).to_have_text("Choose at most 2.")
    sheet.locator(".choice").nth(1).click()
    go_on(sheet, "Send")
    assert finished(store).answers == {"multiple": ["price", "fit"]}


def test_profile_answer_without_consent_never_leaves_the_page(store: Store, shopper: Shopper) -> None:
    ask(store, "birthday", "interests", "stars")
    page = shopper.visit(store.page())
    sheet = open_sheet(page)
    sheet.get_by_role("combobox", name="Day").select_option("31")
    sheet.get_by_role("combobox", name="Month").select_option("February")
    go_on(sheet)
    expect(sheet.locator(".note")).to_have_text("Please give a day that exists.")
    sheet.get_by_role("combobox", name="Month").select_option("May")
    go_on(sheet)
    expect(sheet.locator(".note")).to_have_text("Please tick the box, or leave the answer out.")
    sheet.get_by_role("combobox", name="Day").select_option("")
    sheet.get_by_role("combobox", name="Month").select_option("")
    go_on(sheet)
    sheet.locator(".choice").first.click()
    go_on(sheet)
    expect(sheet.locator(".note")).to_be_visible()
    sheet.get_by_role("button", name="Close").click()
    page.wait_for_timeout(400)
    assert store.answers() == []
    assert "price" not in str(read_memory(page).get("answered"))


def test_each_step_is_kept_as_it_is_finished(store: Store, shopper: Shopper) -> None:
    ask_by_bucket(store)
    sheet = open_sheet(shopper.visit(store.page()))
    pick(sheet, 3)
    go_on(sheet)
    assert [(row.score, row.answers, row.completed_at) for row in wait_until(store.answers)] == [(3, {}, None)]
    sheet.get_by_role("textbox").fill("Half a word")
    sheet.get_by_role("button", name="Close").click()
    kept = wait_until(lambda: [row for row in store.answers() if row.answers])
    assert [(row.answers, row.completed_at) for row in kept] == [({"to_detractor": "Half a word"}, None)]
    assert len(store.answers()) == 1


def test_step_finished_in_the_tick_in_which_the_page_leaves_is_kept(store: Store, shopper: Shopper) -> None:
    ask(store, "stars", "text")
    away = store.page("<h1>Elsewhere</h1>", path="/away", tag="")
    page = shopper.visit(store.page())
    sheet = open_sheet(page)
    sheet.locator(".choice").nth(4).click()
    sheet.get_by_role("button", name="Next").evaluate(
        "(button, away) => { button.click(); location.href = away; }", away
    )
    page.wait_for_url(away)
    assert [row.answers for row in wait_until(store.answers)] == [{"stars": 5}]


@pytest.mark.parametrize("display", ["inline", "sheet"])
def test_begun_survey_goes_on_after_a_reload(store: Store, shopper: Shopper, display: str) -> None:
    survey = ask(store, "stars", "single", "text", display=display)
    element = f"<regulars-survey survey='{survey}'></regulars-survey>" if display == "inline" else "<h1>Maple</h1>"
    page = shopper.visit(store.page(element))
    place = page.locator("regulars-sheet section" if display == "sheet" else "regulars-survey")
    place.locator(".choice").nth(2).click()
    go_on(place)
    place.locator(".choice").nth(3).click()
    place.get_by_role("textbox").fill("The smell")
    page.reload()
    expect(legend(place)).to_contain_text("What went wrong?")
    expect(place.get_by_role("textbox")).to_have_value("The smell")
    go_on(place, "Back")
    expect(place.locator("input[value='3']")).to_be_checked()
    go_on(place)
    go_on(place)
    go_on(place, "Send")
    stored = finished(store)
    assert stored.answers == {"stars": 3, "single": "other", "single.other": "The smell"}
    assert len(store.answers()) == 1


def test_begun_survey_that_was_closed_does_not_open_again(store: Store, shopper: Shopper) -> None:
    ask(store, "stars", "text")
    page = shopper.visit(store.page())
    sheet = open_sheet(page)
    sheet.locator(".choice").nth(2).click()
    go_on(sheet)
    sheet.get_by_role("button", name="Close").click()
    page.reload()
    assert stays_away(page)


def test_question_added_while_the_shopper_was_away_is_asked_before_the_end(store: Store, shopper: Shopper) -> None:
    survey = ask(store, "stars", "text", display="inline")
    page = shopper.visit(store.page(f"<regulars-survey survey='{survey}'></regulars-survey>"))
    place = page.locator("regulars-survey")
    place.locator(".choice").nth(2).click()
    go_on(place)
    wait_until(store.answers)
    # A browser keeps the document for a minute, and each process of the server its surveys for a second.
    shopper.context.route("**/surveys/*?lang=*", lambda route: route.continue_())
    put_first(store, survey, {"key": "new", "type": "text", "required": True}, "Who are you?")
    page.wait_for_timeout(1200)
    page.reload()
    expect(legend(place)).to_contain_text("What is your first name?")
    go_on(place, "Send")
    expect(legend(place)).to_have_text("Who are you?")
    place.get_by_role("textbox").fill("Here")
    go_on(place)
    go_on(place)
    go_on(place, "Send")
    assert finished(store).answers == {"stars": 3, "new": "Here"}


def test_comment_is_asked_of_the_buckets_it_names(store: Store, shopper: Shopper) -> None:
    only = [{"question": "score", "in": ["difficult"]}]
    store.add_survey("ces", definition={"comment_if": only})
    sheet = open_sheet(shopper.visit(store.page()))
    assert sheet.locator(".choice").count() == 7
    pick(sheet, 6)
    expect(sheet.locator("textarea")).to_be_hidden()
    expect(sheet.locator(".progress")).to_be_hidden()
    pick(sheet, 2)
    sheet.locator("textarea").fill("The form")
    pick(sheet, 7)
    go_on(sheet, "Send")
    stored = finished(store)
    assert (stored.score, stored.comment) == (7, None)


def answer_quiz(page: Page, mood: str, *days: str) -> Locator:
    sheet = open_sheet(page)
    sheet.get_by_label(mood).check()
    go_on(sheet)
    for day in days:
        sheet.get_by_label(day).check()
    go_on(sheet, "Send")
    return sheet


def test_quiz_ends_with_its_outcome_and_its_link(store: Store, shopper: Shopper) -> None:
    ask_quiz(store)
    sheet = answer_quiz(shopper.visit(store.page()), "The sea", "Saturday")
    expect(sheet.get_by_role("heading")).to_have_text("You are calm")
    expect(sheet).to_contain_text("You said The sea.")
    link = sheet.get_by_role("link", name="See calm boards")
    expect(link).to_have_attribute("href", "https://maple.example/calm")
    expect(link).to_have_attribute("rel", "noopener")
    assert finished(store).answers["outcome"] == "calm"


def test_quiz_of_more_votes_ends_otherwise_and_again_after_a_reload(store: Store, shopper: Shopper) -> None:
    survey = ask_quiz(store, display="inline")
    page = shopper.visit(store.page(f"<regulars-survey survey='{survey}'></regulars-survey>"))
    place = page.locator("regulars-survey")
    place.get_by_label("The sea").check()
    go_on(place)
    place.get_by_label("Saturday").check()
    place.get_by_label("Sunday").check()
    go_on(place, "Send")
    expect(place.get_by_role("heading")).to_have_text("You are wild")
    finished(store)
    page.reload()
    expect(place.get_by_role("heading")).to_have_text("You are wild")
