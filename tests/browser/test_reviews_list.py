"""The reviews of a product in a store page: read, sorted, filtered, found helpful, reported."""

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Locator, expect
from sqlalchemy import select

from tests.browser.shopper import COUNT_SHIFTS, Shopper
from tests.browser.shown_reviews import (
    FIT,
    LIST,
    RESERVED,
    add_photos,
    add_reply,
    add_reviews,
    ask_for,
    open_list,
    serve_photos,
    titles_of,
)
from tests.browser.store import Store
from widget.core.db import db
from widget.reviews.reader_models import HelpfulVote, ReviewReport


def rows_of(store: Store, model: type[Any]) -> list[Any]:
    with store.server.app.app_context():
        return list(db.session.scalars(select(model).where(model.site_id == store.id)))


def votes_of(store: Store) -> list[Any]:
    return rows_of(store, HelpfulVote)


def press(place: Locator, name: str) -> None:
    place.get_by_role("button", name=name).first.click()


def test_list_arrives_and_grows_without_moving_the_page(store: Store, shopper: Shopper) -> None:
    ask_for(store, attributes=[FIT])
    ids = add_reviews(store, {"photos": 2, "attributes": {"fit": 2}}, *({} for _ in range(11)))
    add_photos(store, ids[0], 2)
    serve_photos(shopper.visit("about:blank"))
    url = store.page(f"{LIST}<p>Imprint</p>", head=RESERVED)
    place = open_list(shopper, url, before=COUNT_SHIFTS)
    place.locator(".thumb img").first.wait_for()
    assert place.page.evaluate("window.shifted") == 0
    heights = place.locator(".review").first.evaluate("(review) => review.offsetHeight")
    place.page.wait_for_function("document.querySelector('regulars-reviews').shadowRoot.querySelector('img').complete")
    assert place.locator(".review").first.evaluate("(review) => review.offsetHeight") == heights
    press(place, "Show more reviews")
    expect(place.locator(".review")).to_have_count(12)
    assert place.page.evaluate("window.shifted") == 0


def test_summary_says_how_many_gave_how_many_stars(store: Store, shopper: Shopper) -> None:
    spam = {"rating": 1, "state": "rejected", "reject_reason": "spam"}
    add_reviews(store, {"rating": 5}, {"rating": 5}, {"rating": 4}, spam)
    place = open_list(shopper, store.page(LIST))
    expect(place.get_by_role("img", name="4.7 out of 5")).to_have_count(1)
    expect(place.locator(".score")).to_contain_text("3 reviews")
    names = [bar.get_attribute("aria-label") for bar in place.locator(".bar").all()]
    assert names[:2] == ["5 stars, 2 reviews", "4 stars, 1 review"]
    place.get_by_text("How these reviews come about").click()
    counts = "4 received, 3 published, 0 still to be looked at, 1 hidden."
    expect(place.locator("details")).to_contain_text(f"In the whole store: {counts}")


def test_bars_sorts_and_filters_choose_what_is_listed(store: Store, shopper: Shopper) -> None:
    ask_for(store, attributes=[FIT])
    add_reviews(
        store,
        {"title": "New", "rating": 5, "verified_by": "order", "attributes": {"fit": 2}},
        {"title": "Sad", "rating": 1, "helpful": 9},
        {"title": "Bello", "rating": 4, "language": "it", "attributes": {"fit": 5}},
    )
    place = open_list(shopper, store.page(LIST))
    assert titles_of(place) == ["New", "Sad", "Bello"]
    place.get_by_label("Sort by").select_option("Fewest stars")
    assert titles_of(place) == ["Sad", "Bello", "New"]
    bar = place.get_by_role("button", name="5 stars")
    bar.click()
    assert titles_of(place) == ["New"]
    assert bar.get_attribute("aria-pressed") == "true"
    bar.click()
    assert len(titles_of(place)) == 3
    press(place, "Filters")
    place.get_by_role("combobox", name="Fit").select_option("5 · Large (1)")
    assert titles_of(place) == ["Bello"]
    place.get_by_label("Language").select_option("English (2)")
    assert titles_of(place) == []
    expect(place.locator(".note")).to_have_text("No review matches these filters.")
    press(place, "Clear filters")
    assert len(titles_of(place)) == 3
    press(place, "Verified purchase (1)")
    assert titles_of(place) == ["New"]


def test_keyboard_reaches_the_first_of_the_reviews_that_came(store: Store, shopper: Shopper) -> None:
    add_reviews(store, *({"title": f"Review {number}"} for number in range(12)))
    place = open_list(shopper, store.page(LIST))
    more = place.get_by_role("button", name="Show more reviews")
    more.press("Enter")
    expect(place.locator(".review").nth(10)).to_be_focused()
    assert titles_of(place) == [f"Review {number}" for number in range(12)]
    expect(more).to_be_hidden()


def test_review_says_whose_it_is_and_what_it_was_given_for(store: Store, shopper: Shopper) -> None:
    told = [
        {"title": "Bought", "verified_by": "order", "author_name": ""},
        {"title": "Paid", "is_incentivized": True, "incentive": "50 points"},
        {"title": "Elsewhere", "verified_by": "import", "source": "import", "provider": "Judge.me"},
        {"title": "Long", "body": "No drips. " * 80},
    ]
    ids = add_reviews(store, *told)
    add_reply(store, ids[0], "Glad to hear it.")
    place = open_list(shopper, store.page(LIST))
    reviews = place.locator(".review")
    expect(reviews.nth(0)).to_contain_text("Anonymous")
    expect(reviews.nth(0)).to_contain_text("Verified purchase")
    expect(reviews.nth(0)).to_contain_text("Reply from Maple Store")
    expect(reviews.nth(1)).to_contain_text("The writer received a reward for this review: 50 points")
    expect(reviews.nth(1).get_by_text("Verified")).to_have_count(0)
    expect(reviews.nth(2)).to_contain_text("Verified by Judge.me")
    cut = reviews.nth(3).locator(".body")
    before = cut.evaluate("(text) => text.offsetHeight")
    reviews.nth(3).get_by_role("button", name="Read more").click()
    assert cut.evaluate("(text) => text.offsetHeight") > before


def test_vote_counts_once_and_can_be_taken_back(store: Store, shopper: Shopper) -> None:
    add_reviews(store, {"helpful": 2})
    url = store.page(LIST)
    place = open_list(shopper, url)
    vote = place.get_by_role("button", name="Helpful")
    vote.click()
    expect(vote).to_have_attribute("aria-label", "Helpful, 3 people found this helpful")
    expect(vote).to_have_attribute("aria-pressed", "true")
    assert len(votes_of(store)) == 1
    again = open_list(shopper, url).get_by_role("button", name="Helpful")
    expect(again).to_have_attribute("aria-pressed", "true")
    again.click()
    expect(again).to_have_attribute("aria-label", "Helpful, 2 people found this helpful")
    assert votes_of(store) == []


def test_report_needs_a_reason_and_reaches_the_store(store: Store, shopper: Shopper) -> None:
    add_reviews(store, {})
    place = open_list(shopper, store.page(LIST))
    report = place.get_by_role("button", name="Report", exact=True)
    report.click()
    form = place.get_by_role("group", name="What is wrong with this review?")
    expect(form.get_by_role("radio").first).to_be_focused()
    press(place, "Send report")
    expect(place.locator(".report .note")).to_have_text("Please choose a reason.")
    place.get_by_role("button", name="Cancel").click()
    expect(report).to_be_focused()
    report.click()
    form.get_by_label("Insults or hate").check()
    place.locator(".report textarea").fill("Names my neighbour.")
    press(place, "Send report")
    expect(place.locator(".note[tabindex]")).to_have_text("Thank you. Somebody will look at it.")
    assert [(row.reason, row.note) for row in rows_of(store, ReviewReport)] == [("abusive", "Names my neighbour.")]


def test_photos_are_seen_large_by_keyboard(store: Store, shopper: Shopper) -> None:
    ids = add_reviews(store, {"photos": 2, "author_name": "Carol W."})
    add_photos(store, ids[0], 2)
    serve_photos(shopper.visit("about:blank"))
    place = open_list(shopper, store.page(LIST))
    thumb = place.get_by_role("button", name="Photo 1 of 2 from the review by Carol W.")
    thumb.focus()
    thumb.press("Enter")
    dialog = place.get_by_role("dialog")
    expect(dialog.locator("img")).to_have_attribute("alt", "Photo 1 of 2 from the review by Carol W.")
    place.page.keyboard.press("ArrowRight")
    expect(dialog.locator(".told")).to_have_text("Photo 2 of 2 from the review by Carol W.")
    place.page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(thumb).to_be_focused()


def test_review_written_in_the_page_is_in_the_list(store: Store, shopper: Shopper) -> None:
    customer = store.tag(data_customer=store.sign_customer("carol"))
    place = open_list(shopper, store.page(LIST, tag=customer))
    expect(place.locator(".none")).to_contain_text("No reviews yet")
    place.get_by_role("button", name="Write a review").press("Enter")
    form = place.locator("regulars-review-form")
    form.locator('[name=rating][value="4"]').check()
    form.locator("#title").fill("Pours well")
    form.locator("#name").fill("Carol Winter")
    # What is sent sooner is held: nobody writes so fast.
    place.page.wait_for_timeout(1600)
    form.locator("form > .send").click()
    expect(place.locator(".review h3")).to_have_text("Pours well")
    expect(form.get_by_text("Thank you! Your review is published.").last).to_be_visible()
    expect(place.locator(".score")).to_contain_text("1 review")


def test_shop_that_never_reloads_shows_the_next_product(store: Store, shopper: Shopper) -> None:
    add_reviews(store, {"title": "Of the pot"}, {"title": "Of the cup", "product_id": "CUP-01"})
    place = open_list(shopper, store.page(LIST))
    assert titles_of(place) == ["Of the pot"]
    place.evaluate("(element) => element.setAttribute('product', 'CUP-01')")
    expect(place.locator("h3")).to_have_text("Of the cup")


def test_wall_shows_what_the_store_features(store: Store, shopper: Shopper) -> None:
    add_reviews(store, {"title": "Loved", "is_featured": True}, {"title": "Quiet"})
    place = open_list(shopper, store.page("<regulars-reviews></regulars-reviews>"))
    expect(place.get_by_role("heading", name="What customers say")).to_have_count(1)
    assert titles_of(place) == ["Loved"]


def test_wall_of_nothing_is_no_wall(store: Store, shopper: Shopper) -> None:
    add_reviews(store, {})
    with shopper.context.expect_event("requestfinished", lambda request: "/reviews?" in request.url):
        page = shopper.visit(store.page("<regulars-reviews></regulars-reviews>"))
    page.wait_for_timeout(200)
    assert page.evaluate("document.querySelector('regulars-reviews').shadowRoot") is None


def test_arabic_is_read_from_the_right(store: Store, make_shopper: Callable[..., Shopper]) -> None:
    add_reviews(store, {}, {})
    place = open_list(make_shopper(locale="ar", viewport={"width": 390, "height": 844}), store.page(LIST))
    expect(place.locator(".score")).to_contain_text("تقييمان")
    stars, figure = (place.locator(f".score {part}").bounding_box() for part in ("> span + span", ".average"))
    assert stars
    assert figure
    assert stars["x"] < figure["x"]
    assert place.page.evaluate("document.documentElement.scrollWidth") <= 390
