"""A shopper answers, or does not: what is stored is what they meant."""

from playwright.sync_api import expect

from tests.browser.shopper import Shopper, answer, open_sheet, pick, read_memory, sheet_of, stays_away
from tests.browser.store import Store, wait_until


def test_shopper_answers_by_keyboard_alone(store: Store, shopper: Shopper) -> None:
    survey = store.add_survey()
    page = shopper.visit(store.page(tag=store.tag(data_field_order_id="1001"), path="/order"))
    open_sheet(page)
    page.wait_for_timeout(450)
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Tab")
    page.keyboard.type("Lovely boards")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(sheet_of(page)).to_contain_text("Thank you")
    stored = wait_until(lambda: [row for row in store.answers() if row.completed_at])[0]
    assert (str(stored.survey_id), stored.score, stored.comment) == (survey, 9, "Lovely boards")
    assert stored.hidden == {"order_id": "1001"}
    assert (stored.language, stored.page_url, stored.flag) == ("en", f"{store.origin}/order", None)
    assert stored.visitor_id is not None
    assert stored.id == store.impressions()[0].id


def test_arrow_keys_move_and_send_nothing(store: Store, shopper: Shopper) -> None:
    store.add_survey("csat")
    page = shopper.visit(store.page())
    sheet = open_sheet(page)
    sheet.locator("input[name=score]").first.focus()
    for _ in range(4):
        page.keyboard.press("ArrowRight")
    expect(sheet.locator("input[value='5']")).to_be_checked()
    page.wait_for_timeout(500)
    assert not [line for line in shopper.requests if "responses" in line]


def test_enter_without_a_score_explains(store: Store, shopper: Shopper) -> None:
    store.add_survey()
    page = shopper.visit(store.page())
    sheet = open_sheet(page)
    sheet.locator("input[name=score]").first.focus()
    page.keyboard.press("Enter")
    expect(sheet.locator(".note")).to_have_text("Please choose an answer first.")
    expect(page.locator("regulars-sheet [role=status]")).to_have_text("Please choose an answer first.")
    expect(sheet.locator("button[type=submit]")).to_be_enabled()
    pick(sheet, 4)
    expect(sheet.locator(".note")).to_be_hidden()


def test_enter_in_the_group_sends_once(store: Store, shopper: Shopper) -> None:
    store.add_survey()
    page = shopper.visit(store.page())
    sheet = open_sheet(page)
    page.wait_for_timeout(450)
    pick(sheet, 2)
    sheet.locator("input[value='2']").press("Enter")
    expect(sheet).to_contain_text("Thank you")
    page.wait_for_timeout(300)
    assert len([line for line in shopper.requests if "responses" in line and "POST" in line]) == 1


def test_follow_up_is_the_one_of_the_score(store: Store, shopper: Shopper) -> None:
    store.add_survey()
    sheet = open_sheet(shopper.visit(store.page()))
    expect(sheet.locator("textarea")).to_be_hidden()
    expect(sheet.get_by_role("button", name="Send")).to_be_hidden()
    questions = {3: "What went wrong?", 8: "What would have made it better?", 10: "What did you like most?"}
    for score, question in questions.items():
        pick(sheet, score)
        expect(sheet.get_by_label(question)).to_be_visible()


def test_sheet_closed_after_a_score_keeps_it_as_unfinished(store: Store, shopper: Shopper) -> None:
    store.add_survey()
    page = shopper.visit(store.page())
    sheet = open_sheet(page)
    pick(sheet, 6)
    pick(sheet, 7)
    sheet.get_by_role("button", name="Close").click()
    stored = wait_until(store.answers)
    assert [(row.score, row.completed_at) for row in stored] == [(7, None)]
    assert [row.dismissed_at for row in store.impressions()] == [None]


def test_sheet_closed_without_a_score_is_a_dismissal(store: Store, shopper: Shopper) -> None:
    store.add_survey()
    page = shopper.visit(store.page())
    open_sheet(page).get_by_role("button", name="Close").click()
    expect(sheet_of(page)).to_have_count(0)
    shown = wait_until(lambda: [row for row in store.impressions() if row.dismissed_at])
    assert len(shown) == 1
    assert shown[0].bucket == read_memory(page)["bucket"]
    assert store.answers() == []


def test_score_picked_before_the_page_is_hidden_is_completed_later(store: Store, shopper: Shopper) -> None:
    store.add_survey()
    page = shopper.visit(store.page())
    sheet = open_sheet(page)
    page.wait_for_timeout(450)
    pick(sheet, 9)
    page.evaluate("""() => {
        const hidden = { configurable: true, get: () => "hidden" };
        Object.defineProperty(Document.prototype, "visibilityState", hidden);
        document.dispatchEvent(new Event("visibilitychange", { bubbles: true }));
    }""")
    partial = wait_until(store.answers)[0]
    assert (partial.score, partial.completed_at) == (9, None)
    sheet.locator("textarea").fill("Back again")
    sheet.get_by_role("button", name="Send").click()
    finished = wait_until(lambda: [row for row in store.answers() if row.completed_at])
    assert [(row.id, row.comment) for row in finished] == [(partial.id, "Back again")]


def test_score_picked_before_leaving_arrives(store: Store, shopper: Shopper) -> None:
    store.add_survey()
    away = store.page("<h1>Elsewhere</h1>", path="/away", tag="")
    page = shopper.visit(store.page())
    pick(open_sheet(page), 5)
    page.goto(away)
    assert [row.score for row in wait_until(store.answers)] == [5]


def test_answer_sent_while_the_page_leaves_in_the_same_tick_arrives(store: Store, shopper: Shopper) -> None:
    store.add_survey()
    away = store.page("<h1>Elsewhere</h1>", path="/away", tag="")
    page = shopper.visit(store.page())
    sheet = open_sheet(page)
    page.wait_for_timeout(450)
    pick(sheet, 10)
    sheet.get_by_role("button", name="Send").evaluate(
        "(button, away) => { button.click(); location.href = away; }", away
    )
    page.wait_for_url(away)
    stored = wait_until(store.answers)
    assert [(row.score, row.completed_at is not None) for row in stored] == [(10, True)]


def test_reload_does_not_ask_again(store: Store, shopper: Shopper) -> None:
    store.add_survey()
    page = shopper.visit(store.page())
    answer(open_sheet(page), 9)
    wait_until(store.answers)
    page.reload()
    assert stays_away(page)
    assert len(store.impressions()) == 1


def test_answer_given_offline_is_sent_when_the_shopper_is_back(store: Store, shopper: Shopper) -> None:
    store.add_survey()
    page = shopper.visit(store.page())
    sheet = open_sheet(page)
    shopper.context.set_offline(True)
    answer(sheet, 3, "No signal here")
    expect(sheet).to_contain_text("saved here")
    assert store.answers() == []
    shopper.context.set_offline(False)
    assert [row.comment for row in wait_until(store.answers)] == ["No signal here"]
    wait_until(lambda: read_memory(page)["queue"] == [])


def test_answer_the_server_could_not_take_is_sent_from_the_next_page(store: Store, shopper: Shopper) -> None:
    store.add_survey()
    page = shopper.visit(store.page())
    sheet = open_sheet(page)
    allowed = {"Access-Control-Allow-Origin": "*"}
    page.route("**/responses", lambda route: route.fulfill(status=503, headers=allowed))
    answer(sheet, 4)
    expect(sheet).to_contain_text("saved here")
    page.unroute("**/responses")
    page.goto(store.page(path="/next"))
    assert [row.score for row in wait_until(store.answers)] == [4]
    wait_until(lambda: read_memory(page)["queue"] == [])


def test_page_hears_of_an_answer(store: Store, shopper: Shopper) -> None:
    survey = store.add_survey()
    page = shopper.visit(store.page())
    page.evaluate("addEventListener('regulars:answered', (event) => (window.heard = event.detail))")
    answer(open_sheet(page), 8)
    page.wait_for_function("window.heard")
    assert page.evaluate("window.heard") == {"survey": survey, "score": 8, "completed": True}


def test_customer_is_known_by_the_stores_token_alone(store: Store, shopper: Shopper) -> None:
    store.add_survey()
    page = shopper.visit(store.page(tag=store.tag(data_customer=store.sign_customer("carol"))))
    answer(open_sheet(page), 9)
    assert wait_until(store.answers)[0].customer_id is not None


def test_token_is_not_traded_where_nothing_is_due(store: Store, shopper: Shopper) -> None:
    store.add_survey(event_name="order_placed")
    page = shopper.visit(store.page(tag=store.tag(data_customer=store.sign_customer("carol"))))
    assert stays_away(page)
    assert [line for line in shopper.requests if store.server.base_url in line] == [f"GET {store.script_url}"]


def test_thanked_shopper_taps_the_sheet_away(store: Store, shopper: Shopper) -> None:
    store.add_survey()
    page = shopper.visit(store.page())
    sheet = open_sheet(page)
    page.mouse.click(100, 300)
    answer(sheet, 9)
    expect(sheet).to_contain_text("Thank you")
    page.mouse.click(100, 300)
    expect(sheet_of(page)).to_have_count(0)


def test_script_that_fills_every_field_at_once_is_flagged(store: Store, shopper: Shopper) -> None:
    store.add_survey()
    sheet = open_sheet(shopper.visit(store.page()))
    sheet.page.wait_for_timeout(500)
    sheet.locator("input[name=website]").evaluate("(field) => (field.value = 'http://spam.example')")
    pick(sheet, 10)
    sheet.get_by_role("button", name="Send").click()
    assert wait_until(store.answers)[0].flag == "honeypot"


def test_trap_is_out_of_a_persons_way(store: Store, shopper: Shopper) -> None:
    store.add_survey()
    trap = open_sheet(shopper.visit(store.page())).locator("input[name=website]")
    assert trap.get_attribute("tabindex") == "-1"
    assert trap.get_attribute("autocomplete") == "off"
    assert trap.evaluate("(field) => field.closest('[aria-hidden=true]').getBoundingClientRect().width") <= 1
