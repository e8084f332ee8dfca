"""What a campaign asks and gives: by keyboard, in every look, under a strict policy, and with the server gone."""

import re
import uuid
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, expect
from sqlalchemy import select

from tests.browser.popups import (
    PHONE,
    add_campaign,
    leave_by_the_top,
    popup_of,
    say,
    stays_closed,
    wait_until_watched,
)
from tests.browser.rules import is_too_wide, list_violations
from tests.browser.shopper import Shopper, open_sheet, read_memory
from tests.browser.store import Store, wait_until
from widget.core.db import begin_writing, db
from widget.customers.service import create_visitor
from widget.customers.tokens import sign_visitor_token
from widget.popups.assignment import assign_arm
from widget.popups.lead_models import Lead
from widget.popups.models import PopupExposure, PopupImpression

BODY = """<main><h1>Maple</h1><button id="buy">Buy</button><a href="#more">More</a></main>"""
TEXTS = {"title": "Ten percent off", "text": "For your first order.", "privacy_url": "https://maple.example/privacy"}
COUPON: dict[str, Any] = {
    "goal": "coupon", "fixed_code": "MAPLE10", "is_double_opt_in": False, "variants": say(**TEXTS),
    "fields": [{"key": "name", "required": False}, {"key": "interests", "required": True, "choices": ["tea", "wool"]}],
}  # fmt: skip
STRICT = "default-src 'none'; script-src {api}; connect-src {api}; img-src data:; require-trusted-types-for 'script'"
# Whoever is faster is taken for a program, and has to confirm by mail.
PERSON_MS = 1000
NOTE_VIOLATIONS = """
window.violations = [];
addEventListener("securitypolicyviolation", (event) => violations.push(event.violatedDirective));
"""


def rows(store: Store, model: type[Any]) -> list[Any]:
    with store.server.app.app_context():
        return list(db.session.scalars(select(model).where(model.site_id == store.id)))


def find_visitor(store: Store, campaign: str, arm: str, weights: dict[str, int]) -> tuple[uuid.UUID, str]:
    """Return a visitor in an arm of a campaign of which half see nothing, and the script that makes a page theirs."""
    with store.server.app.app_context():
        begin_writing()
        visitors = [create_visitor(store.id).id for _ in range(20)]
        db.session.commit()
        visitor_id = next(one for one in visitors if assign_arm(uuid.UUID(campaign), one, 5000, weights) == arm)
        token = sign_visitor_token(store.id, visitor_id)
    memory = f"localStorage.setItem('regulars:{store.key}', JSON.stringify({{ visitor: '{token}' }}))"
    return visitor_id, f"if (location.search) {memory}"


def leave(page: Page) -> None:
    wait_until_watched(page)
    leave_by_the_top(page)
    expect(popup_of(page)).to_be_visible()


def focused(page: Page) -> str:
    """Return what has the focus, in the page or in the popup."""
    found: str = page.evaluate(
        "(() => { let it = document.activeElement; while (it.shadowRoot) it = it.shadowRoot.activeElement; "
        "return it.id || it.className || it.localName })()"
    )
    return found


def copy_without_clipboard(page: Page) -> None:
    popup = popup_of(page)
    page.evaluate("void (navigator.clipboard.writeText = () => Promise.reject())")
    popup.get_by_role("button", name="Copy").press("Enter")
    expect(popup.get_by_role("status")).to_contain_text("The code is selected")
    assert page.evaluate("getSelection().toString()") == "MAPLE10"


def test_code_is_won_by_keyboard_and_the_focus_never_reaches_the_page_behind(store: Store, shopper: Shopper) -> None:
    add_campaign(store, **COUPON)
    url = store.page(BODY, Content_Security_Policy=STRICT.format(api=store.server.base_url))
    page = shopper.visit(url, before=NOTE_VIOLATIONS)
    page.focus("#buy")
    leave(page)
    popup = popup_of(page)
    expect(popup).to_have_accessible_name("Ten percent off")
    assert focused(page) == "sheet"
    visited = []
    for _ in range(9):
        page.keyboard.press("Tab")
        visited.append(focused(page))
    assert visited[:6] == ["close", "email", "name", "interests", "consent", "a"]
    assert not {"buy", "more"} & set(visited)
    popup.get_by_role("button", name="Get the code").press("Enter")
    expect(popup.get_by_text("Please enter an e-mail address.", exact=True)).to_be_visible()
    expect(popup.get_by_text("Please fill this in.", exact=True)).to_be_visible()
    expect(popup.get_by_text("Please tick the box.", exact=True)).to_be_visible()
    assert focused(page) == "email"
    expect(popup.get_by_label("E-mail address")).to_have_accessible_description("Please enter an e-mail address.")
    page.keyboard.type("carol@shoppers.example")
    popup.get_by_label("Interests").select_option(["tea", "wool"])
    popup.get_by_role("checkbox").press("Space")
    page.wait_for_timeout(PERSON_MS)
    page.keyboard.press("Enter")
    expect(popup.locator("code")).to_have_text("MAPLE10")
    assert focused(page) == "thanks"
    copy_without_clipboard(page)
    page.keyboard.press("Escape")
    expect(popup).to_have_count(0)
    assert focused(page) == "buy"
    assert page.evaluate("violations") == []
    (lead,) = rows(store, Lead)
    assert (lead.email, lead.fields) == ("carol@shoppers.example", {"interests": ["tea", "wool"]})
    page.reload()
    wait_until_watched(page)
    leave_by_the_top(page)
    assert stays_closed(page), "never for those who have converted"


def test_every_state_keeps_the_rules(store: Store, make_shopper: Callable[..., Shopper]) -> None:
    add_campaign(store, **COUPON)
    page = make_shopper(permissions=["clipboard-read", "clipboard-write"], reduced_motion="reduce").visit(
        store.page(BODY)
    )
    leave(page)
    popup = popup_of(page)

    def look() -> None:
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            for width in (390, 1280):
                page.set_viewport_size({"width": width, "height": 740})
                assert list_violations(page) == []
                assert not is_too_wide(page)
        small = popup.evaluate(
            "popup => [...popup.querySelectorAll('button, input, select')].map((one) => one.closest('label') || one)"
            ".filter((one) => one.getBoundingClientRect().height < 43.5).map((one) => one.outerHTML)"
        )
        assert small == []

    look()
    assert popup.evaluate("popup => getComputedStyle(popup).animationName") == "none"
    popup.get_by_role("button", name="Get the code").click()
    look()
    popup.get_by_label("E-mail address").fill("frank@shoppers.example")
    popup.get_by_label("Interests").select_option("tea")
    popup.get_by_role("checkbox").check()
    page.wait_for_timeout(PERSON_MS)
    popup.get_by_role("button", name="Get the code").click()
    popup.get_by_role("button", name="Copy").click()
    expect(popup.get_by_role("button", name="Copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == "MAPLE10"
    look()


def test_newsletter_form_stands_in_the_page_and_asks_to_confirm(store: Store, shopper: Shopper) -> None:
    campaign = add_campaign(store, goal="subscribe", display="inline", triggers={})
    element = f"<regulars-popup inline campaign='{campaign}'></regulars-popup>"
    page = shopper.visit(store.page(f"<main><h1>Maple</h1>{element}</main>"))
    form = page.locator("regulars-popup")
    form.get_by_label("E-mail address").fill("erin@shoppers.example")
    form.get_by_role("checkbox").check()
    page.wait_for_timeout(PERSON_MS)
    form.get_by_role("button", name="Sign up").click()
    expect(form.locator(".thanks")).to_contain_text("Check your mailbox")
    assert list_violations(page) == []
    (lead,) = rows(store, Lead)
    assert (lead.state, lead.source) == ("unconfirmed", "inline")
    assert read_memory(page)["subscribed"]
    page.goto("about:blank")
    (seen,) = wait_until(lambda: rows(store, PopupImpression))
    assert (str(seen.campaign_id), seen.visitor_id, seen.arm) == (campaign, lead.visitor_id, "a")


def test_inline_campaign_shows_each_visitor_their_own_arm_and_the_hold_out_nothing(
    store: Store, make_shopper: Callable[..., Shopper]
) -> None:
    variants = [{**say(title=f"Letters {key}")[0], "key": key} for key in "ab"]
    inline = {"goal": "subscribe", "display": "inline", "triggers": {}, "variants": variants}
    campaign = add_campaign(store, **inline, holdout_basis_points=5000)
    element = f"<regulars-popup inline campaign='{campaign}'></regulars-popup>"
    address = store.page(f"<main><h1>Maple</h1>{element}</main>") + "?known"
    met: dict[str, uuid.UUID] = {}
    for arm in ("holdout", "b"):
        met[arm], memory = find_visitor(store, campaign, arm, {"a": 1, "b": 1})
        page = make_shopper().visit(address, before=memory)
        if arm == "b":
            expect(page.locator("regulars-popup").get_by_role("heading")).to_have_text("Letters b")
        wait_until(lambda: len(rows(store, PopupExposure)) == len(met))
        assert page.locator("regulars-popup").get_by_role("heading").count() == (arm == "b")
    assert {one.arm: one.visitor_id for one in rows(store, PopupExposure)} == met


def test_page_survives_a_server_that_is_gone(store: Store, shopper: Shopper) -> None:
    campaign = add_campaign(store, **COUPON)
    page = shopper.visit(store.page(BODY))
    wait_until_watched(page)
    page.route(re.compile("/popups/|/leads"), lambda route: route.abort())
    leave_by_the_top(page)
    assert stays_closed(page)
    assert campaign not in (read_memory(page).get("asked") or {})
    page.unroute_all()
    page.reload()
    leave(page)
    popup = popup_of(page)
    popup.get_by_label("E-mail address").fill("frank@shoppers.example")
    popup.get_by_label("Interests").select_option("tea")
    popup.get_by_role("checkbox").check()
    page.wait_for_timeout(PERSON_MS)
    page.route("**/leads", lambda route: (route.fetch(), route.abort()), times=1)
    popup.get_by_role("button", name="Get the code").click()
    expect(popup.locator(".wrong").last).to_have_text("That did not work. Please try again.")
    popup.get_by_role("button", name="Get the code").click()
    expect(popup.locator("code")).to_have_text("MAPLE10")
    assert len(rows(store, Lead)) == 1, "what had arrived is the same lead"


def test_the_button_of_a_message_is_what_it_is_for_and_no_dismissal(store: Store, shopper: Shopper) -> None:
    add_campaign(store, display="sheet", variants=say(title="Closed on Monday", button="Fine"))
    page = shopper.visit(store.page(BODY) + "?email=carol@shoppers.example")
    leave(page)
    popup_of(page).get_by_role("button", name="Fine").click()
    expect(popup_of(page)).to_have_count(0)
    page.goto("about:blank")
    (seen,) = wait_until(lambda: rows(store, PopupImpression))
    assert seen.dismissed_at is None
    assert wait_until(lambda: [one for one in rows(store, PopupExposure) if one.converted_at])


def test_what_was_shown_and_put_away_is_one_impression_even_when_the_page_is_left(
    store: Store, shopper: Shopper
) -> None:
    campaign = add_campaign(store)
    page = shopper.visit(store.page(BODY) + "?email=carol@shoppers.example")
    leave(page)
    page.keyboard.press("Escape")
    page.goto("about:blank")
    (seen,) = wait_until(lambda: [one for one in rows(store, PopupImpression) if one.dismissed_at])
    assert (str(seen.campaign_id), seen.arm, seen.trigger, seen.page_url) == (campaign, "a", "exit", store.page(BODY))
    assert len(rows(store, PopupImpression)) == 1


def test_hold_out_sees_nothing_and_is_counted(store: Store, shopper: Shopper) -> None:
    campaign = add_campaign(store, holdout_basis_points=5000)
    withheld, memory = find_visitor(store, campaign, "holdout", {"a": 1})
    page = shopper.visit(store.page(BODY) + "?known", before=memory)
    wait_until_watched(page)
    leave_by_the_top(page)
    assert stays_closed(page)
    page.goto("about:blank")
    (exposure,) = wait_until(lambda: rows(store, PopupExposure))
    assert (exposure.visitor_id, exposure.arm) == (withheld, "holdout")
    assert not [request for request in shopper.requests if f"/popups/{campaign}" in request]


def test_popup_and_survey_share_their_pause(store: Store, make_shopper: Callable[..., Shopper]) -> None:
    store.set(ask_every_days=14)
    add_campaign(store)
    store.add_survey(event_name="ask")
    for first in ("popup", "survey"):
        page = make_shopper().visit(store.page(BODY))
        wait_until_watched(page)
        if first == "popup":
            leave(page)
            page.keyboard.press("Escape")
            page.evaluate("regulars.track('ask')")
        else:
            page.evaluate("regulars.track('ask')")
            open_sheet(page).get_by_role("button", name="Close").click()
            leave_by_the_top(page)
        assert stays_closed(page), first


def test_survey_is_asked_for_by_its_campaign(store: Store, make_shopper: Callable[..., Shopper]) -> None:
    survey = store.add_survey(event_name="never")
    texts = say(title="A minute for us?", button="Answer")
    add_campaign(store, goal="survey", survey_id=survey, triggers={"after_seconds": 0}, variants=texts)
    page = make_shopper(**PHONE).visit(store.page(BODY))
    popup_of(page).get_by_role("button", name="Answer").tap()
    open_sheet(page)
