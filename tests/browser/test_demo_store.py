"""The whole path as a newcomer walks it: Maple Store, its question, and the owner's dashboard."""

import csv
import io
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.demo import Demo
from tests.browser.rules import list_violations
from tests.browser.shopper import COUNT_SHIFTS, Shopper, answer, open_sheet, sheet_of
from tests.browser.store import wait_until

SHOP_PATHS = ("/", "/products/wool-throw", "/cart", "/login")


def order_teapot(demo: Demo, page: Page) -> str:
    """Order a teapot and return the order's id."""
    page.goto(f"{demo.shop}/products/teapot")
    page.get_by_role("button", name="Add to cart").click()
    page.get_by_role("button", name="Place order").click()
    page.wait_for_url(f"{demo.shop}/orders/*")
    return page.url.rpartition("/")[2]


def log_in_as_frank(demo: Demo, page: Page) -> None:
    """Log in without an order in this browser: who is asked here is left alone in every other test."""
    page.goto(f"{demo.shop}/login")
    page.get_by_role("button", name="Frank").click()
    page.wait_for_url(f"{demo.shop}/")


def assert_no_violations(page: Page) -> None:
    assert (page.url, list_violations(page)) == (page.url, [])


def test_customer_answers_by_keyboard_and_the_owner_reads_it(
    demo: Demo, shopper: Shopper, make_shopper: Callable[..., Shopper]
) -> None:
    page = shopper.visit(f"{demo.shop}/login")
    page.get_by_role("button", name="Carol").click()
    order_id = order_teapot(demo, page)
    open_sheet(page)
    page.locator("footer").click()
    for key in ("Tab", "Tab", "ArrowLeft", "Tab"):
        page.keyboard.press(key)
    comment = f"The lid stays on, order {order_id}"
    page.keyboard.type(comment)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(sheet_of(page)).to_contain_text("Thank you")

    (row,) = wait_until(lambda: [a for a in demo.answers(demo.account.nps_survey_id, order_id) if a.completed_at])
    assert (row.score, row.comment, row.hidden) == (10, comment, {"order-id": order_id, "product": "POT-03"})
    assert demo.customer_name(row.customer_id) == "Carol Winter"

    page.reload()
    page.wait_for_timeout(2500)
    expect(sheet_of(page)).to_have_count(0)

    owner = make_shopper(accept_downloads=True).visit(f"{demo.server.base_url}/dashboard/")
    owner.get_by_label("E-mail").fill(demo.account.email)
    owner.get_by_label("Password").fill(demo.account.password)
    owner.get_by_role("button", name="Log in").click()
    survey = f"{demo.server.base_url}/dashboard/{demo.account.site_key}/surveys/{demo.account.nps_survey_id}"
    owner.goto(f"{survey}/comments?hidden.order-id={order_id}")
    expect(owner.locator("main")).to_contain_text(comment)
    exported = owner.request.get(f"{survey}/export?format=csv&hidden.order-id={order_id}").text()
    (line,) = csv.DictReader(io.StringIO(exported))
    assert (line["score"], line["comment"], line["customer"]) == ("10", comment, "carol")


def test_stranger_answers_below_a_product_and_nothing_moves(demo: Demo, shopper: Shopper) -> None:
    before = {row.id for row in demo.answers(demo.account.csat_survey_id)}
    page = shopper.visit(f"{demo.shop}/products/pepper-mill", before=COUNT_SHIFTS)
    place = page.locator("regulars-survey")
    place.locator("legend").wait_for()
    page.locator("regulars-popup").scroll_into_view_if_needed()
    page.locator("regulars-popup h2").wait_for()
    assert page.evaluate("shifted") == 0
    answer(place, 2, "The grinder jams")
    expect(place).to_contain_text("Thank you")
    new = wait_until(
        lambda: [row for row in demo.answers(demo.account.csat_survey_id) if row.id not in before and row.completed_at]
    )
    assert [(row.score, row.comment, row.hidden, row.customer_id) for row in new] == [
        (2, "The grinder jams", {"product": "MILL-06"}, None)
    ]


def test_newcomer_reads_reviews_and_writes_one(demo: Demo, shopper: Shopper) -> None:
    page = shopper.visit(f"{demo.shop}/products/teapot")
    place = page.locator("regulars-reviews")
    expect(place).to_contain_text("No drips. Really, none.")
    expect(page.locator("regulars-stars").first).to_contain_text("9")
    place.get_by_role("button", name="Write a review").click()
    form = page.locator("regulars-review-form")
    form.locator('[name=rating][value="5"]').check()
    form.get_by_label("Your review").fill("It arrived warm from the kiln.")
    form.get_by_label("Your name").fill("Nia Newcomer")
    form.get_by_label("Your e-mail address").fill("nia@shoppers.example")
    form.get_by_role("button", name="Send review").click()
    expect(form.locator(".thanks")).to_contain_text("we have sent you an e-mail")
    (review,) = [review for review in demo.reviews() if review.email == "nia@shoppers.example"]
    assert (review.product_id, review.rating, review.hold_reason) == ("POT-03", 5, "unconfirmed")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_shop_keeps_the_accessibility_rules(demo: Demo, make_shopper: Callable[..., Shopper], scheme: str) -> None:
    stranger = make_shopper(color_scheme=scheme).visit(demo.shop)
    order_teapot(demo, stranger)
    assert_no_violations(stranger)
    page = make_shopper(color_scheme=scheme).visit(demo.shop)
    log_in_as_frank(demo, page)
    for path in SHOP_PATHS:
        page.goto(demo.shop + path)
        assert_no_violations(page)


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_shop_fits_every_screen(demo: Demo, make_shopper: Callable[..., Shopper], width: int) -> None:
    order = make_shopper(viewport={"width": width, "height": 800}).visit(demo.shop)
    order_teapot(demo, order)
    assert order.evaluate("document.documentElement.scrollWidth") <= width
    page = make_shopper(viewport={"width": width, "height": 800}).visit(demo.shop)
    log_in_as_frank(demo, page)
    for path in SHOP_PATHS:
        page.goto(demo.shop + path)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path


def test_shop_s_policy_lets_the_widget_work(demo: Demo, shopper: Shopper) -> None:
    page = shopper.context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.goto(f"{demo.shop}/login")
    page.get_by_role("button", name="Frank").click()
    order_teapot(demo, page)
    answer(open_sheet(page), 8)
    expect(sheet_of(page)).to_contain_text("Thank you")
    assert complaints == []


def test_api_docs_draw_every_address_under_their_strict_policy(demo: Demo, shopper: Shopper) -> None:
    page = shopper.context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.goto(f"{demo.server.base_url}/api/docs")
    page.locator(".opblock").first.wait_for()
    paths = page.request.get(f"{demo.server.base_url}/api/openapi.json").json()["paths"]
    methods = ("get", "post", "patch", "put", "delete")
    operations = sum(method in path for path in paths.values() for method in methods)
    drawn: set[str] = set()
    # Of so many only those in sight are drawn.
    while len(drawn) < operations and not page.evaluate("scrollY + innerHeight >= document.body.scrollHeight"):
        page.mouse.wheel(0, 400)
        page.wait_for_timeout(100)
        drawn |= set(page.locator(".opblock-summary").all_inner_texts())
    assert len(drawn) == operations
    page.locator(".opblock-summary-control").first.click()
    page.locator(".opblock-body").first.wait_for()
    assert complaints == []
