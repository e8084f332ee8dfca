"""Writing a review in the page: by keyboard on a phone, with photos, through errors and lost connections."""

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, Route, expect

from tests.browser.shopper import Shopper
from tests.browser.store import Store
from widget.core.db import begin_writing, db
from widget.core.mail_models import OutgoingMail
from widget.demo.photos import take_photo
from widget.reviews.media_models import ReviewMedia
from widget.reviews.models import Review
from widget.reviews.settings import change_settings

PHONE = {"width": 390, "height": 844}
FORM = '<h1>Little teapot</h1><regulars-review-form product="POT-03"></regulars-review-form>'
FIT = {"key": "fit", "type": "scale", "labels": {"en": "Fit"}, "low": {"en": "Small"}, "high": {"en": "Large"}}
# Who fills the form in within a second and a half is held as a program.
TAKE_TIME = "performance.now = ((now) => () => now() + 5000)(performance.now.bind(performance))"
HOSTILE = "<img src=x onerror=window.hacked=1>.jpg"


@pytest.fixture
def phone(make_shopper: Callable[..., Shopper]) -> Shopper:
    return make_shopper(locale="en-US", viewport=PHONE)


def photo(name: str = "teapot.jpg") -> Any:
    return {"name": name, "mimeType": "image/jpeg", "buffer": take_photo("teapot", 1)}


def ask_for(store: Store, **settings: Any) -> None:
    with store.server.app.app_context():
        begin_writing()
        change_settings(store.id, settings)
        db.session.commit()


def open_form(shopper: Shopper, url: str) -> Locator:
    place = shopper.visit(url).locator("regulars-review-form")
    place.locator(".send, p").first.wait_for()
    return place


def fill(place: Locator, stars: int = 4, **texts: str) -> None:
    place.page.evaluate(TAKE_TIME)
    place.locator(f'[name=rating][value="{stars}"]').check()
    for name, text in {"name": "Carol Winter", **texts}.items():
        place.locator(f"#{name}").fill(text)


def send(place: Locator) -> None:
    place.locator("form > .send").click()


def reviews_of(store: Store) -> list[Review]:
    return store._rows(Review)


def lose_first_answer(page: Page, pattern: str) -> None:
    """Let a request arrive, and the connection be lost before its answer does; the next one passes."""

    def lose(route: Route) -> None:
        route.fetch()
        route.abort()

    page.route(pattern, lose, times=1)


def test_stranger_writes_with_photos_by_keyboard_on_a_phone(store: Store, phone: Shopper) -> None:
    ask_for(store, attributes=[FIT])
    place = open_form(phone, store.page(FORM))
    keyboard = place.page.keyboard

    def choose_file(*files: Any) -> None:
        with place.page.expect_file_chooser() as chooser:
            keyboard.press("Enter")
        chooser.value.set_files(list(files))

    for key in ("Tab", "Space", "ArrowRight", "ArrowRight", "ArrowRight", "Tab", "Space", "Tab"):
        keyboard.press(key)
    keyboard.type("Pours well")
    keyboard.press("Tab")
    keyboard.type("No drips at all.")
    keyboard.press("Tab")
    choose_file(photo(), photo("lid.jpg"))
    expect(place.locator(".tile:not(.sending)")).to_have_count(2)
    for _ in range(2):
        keyboard.press("Tab")
    keyboard.type("Carol Ann Winter")
    expect(place.get_by_text("Shown as “Carol W.”")).to_be_visible()
    keyboard.press("Tab")
    keyboard.type("carol@shoppers.example")
    keyboard.press("Enter")
    expect(place.locator(".thanks")).to_contain_text("we have sent you an e-mail")
    assert place.page.evaluate("document.documentElement.scrollWidth") <= 390

    (review,) = reviews_of(store)
    said = (review.product_id, review.rating, review.title, review.body, review.attributes)
    assert said == ("POT-03", 4, "Pours well", "No drips at all.", {"fit": 1})
    assert (review.state, review.hold_reason, review.photos) == ("pending", "unconfirmed", 2)
    assert (review.verified_by, review.language) == (None, "en")
    assert [row.review_id for row in store._rows(ReviewMedia)] == [review.id, review.id]
    (mail,) = store._rows(OutgoingMail)
    assert mail.recipient == "carol@shoppers.example"


def test_errors_stand_at_their_fields_and_are_announced(store: Store, shopper: Shopper) -> None:
    place = open_form(shopper, store.page(FORM))
    send(place)
    words = "Please choose how many stars you give."
    expect(place.locator("#rating-wrong")).to_have_text(words)
    expect(place.get_by_role("status")).to_contain_text(words)
    stars = place.locator("[name=rating]").first
    expect(stars).to_be_focused()
    expect(stars).to_have_attribute("aria-invalid", "true")
    fill(place, email="carol@nowhere", body="x" * 5001)
    expect(place.locator("#rating-wrong")).to_be_empty()
    send(place)
    expect(place.locator("#body")).to_be_focused()
    expect(place.locator("#body-wrong")).to_contain_text("5000")
    expect(place.locator("#email-wrong")).to_contain_text("carol@example.com")
    assert reviews_of(store) == []


def test_what_is_sent_again_after_a_lost_connection_is_stored_once(store: Store, shopper: Shopper) -> None:
    place = open_form(shopper, store.page(FORM))
    fill(place, stars=5, email="carol@shoppers.example")
    lose_first_answer(place.page, "**/reviews?product=*")
    send(place)
    expect(place.locator("form > .wrong")).to_contain_text("Nothing is lost")
    place.page.reload()
    expect(place.locator("[name=rating]:checked")).to_have_value("5")
    send(place)
    expect(place.locator(".thanks")).to_be_visible()
    assert [review.rating for review in reviews_of(store)] == [5]
    assert len(store._rows(OutgoingMail)) == 1


def test_customer_changes_and_withdraws_their_review(store: Store, shopper: Shopper) -> None:
    def visit() -> Locator:
        return open_form(shopper, store.page(FORM, tag=store.tag(data_customer=store.sign_customer("carol"))))

    place = visit()
    expect(place.locator("#email")).to_have_count(0)
    place.evaluate("place => place.addEventListener('regulars:reviewed', ({ detail }) => (window.said = detail))")
    place.locator("input[type=file]").first.set_input_files(photo())
    fill(place, stars=2, body="Drips a little.")
    # What was changed after an answer was lost is a change of the review that had arrived.
    lose_first_answer(place.page, "**/reviews?product=*")
    send(place)
    expect(place.locator("form > .wrong")).to_be_visible()
    fill(place, stars=3)
    send(place)
    expect(place.locator(".thanks")).to_contain_text("has been changed")
    (review,) = reviews_of(store)
    assert (review.rating, review.revision, review.photos, review.state) == (3, 2, 1, "published")
    said = place.page.evaluate("said")
    assert (said["product"], said["outcome"], said["rating"]) == ("POT-03", "edited", 3)

    place = visit()
    expect(place.get_by_text("You reviewed this product on")).to_be_visible()
    expect(place.locator("#body")).to_have_value("Drips a little.")
    expect(place.locator(".tile img")).to_be_visible()
    fill(place, stars=4, body="It drips no more.")
    send(place)
    expect(place.locator(".thanks")).to_be_visible()
    (review,) = reviews_of(store)
    assert (review.rating, review.body, review.revision, review.photos) == (4, "It drips no more.", 3, 1)

    place = visit()
    place.get_by_role("button", name="Withdraw your review").click()
    expect(place.get_by_role("button", name="Cancel")).to_be_focused()
    place.get_by_role("button", name="Withdraw", exact=True).click()
    expect(place.locator(".thanks")).to_contain_text("withdrawn")
    (review,) = reviews_of(store)
    assert (review.state, review.reject_reason) == ("rejected", "author")


def test_files_that_fail_say_why_and_can_be_tried_again(store: Store, shopper: Shopper) -> None:
    place = open_form(shopper, store.page(FORM))
    picker = place.locator("input[type=file]").first
    picker.set_input_files([{"name": "notes.pdf", "mimeType": "application/pdf", "buffer": b"%PDF"}])
    expect(place.locator("#media-wrong")).to_have_text("notes.pdf is not a JPEG, PNG or WebP photo.")
    picker.set_input_files([{"name": "torn.jpg", "mimeType": "image/jpeg", "buffer": photo()["buffer"][:900]}])
    expect(place.locator(".failed")).to_contain_text("torn.jpg could not be read as a photo.")
    place.get_by_role("button", name="Remove torn.jpg").click()
    expect(picker).to_be_focused()
    place.page.route("**/reviews/media", lambda route: route.abort(), times=1)
    picker.set_input_files(photo())
    again = place.get_by_role("button", name="Try again: teapot.jpg")
    again.wait_for()
    fill(place, email="carol@shoppers.example")
    send(place)
    expect(again).to_be_focused()
    assert reviews_of(store) == []
    again.click()
    expect(place.locator(".failed")).to_have_count(0)
    send(place)
    expect(place.locator(".thanks")).to_be_visible()
    assert [review.photos for review in reviews_of(store)] == [1]


def test_hostile_words_and_names_are_inert_under_a_strict_policy(store: Store, shopper: Shopper) -> None:
    api = store.server.base_url
    policy = (
        f"default-src 'none'; script-src {api}; connect-src {api}; img-src data:; require-trusted-types-for 'script'"
    )
    complaints: list[str] = []
    place = open_form(shopper, store.page(FORM, Content_Security_Policy=policy))
    place.page.on("console", lambda message: complaints.append(message.text))
    place.locator("input[type=file]").first.set_input_files([photo(HOSTILE), photo("a\u202egpj.exe")])
    expect(place.locator("canvas")).to_have_count(2)
    expect(place.get_by_role("group", name=HOSTILE)).to_be_visible()
    fill(place, title=HOSTILE, body="<script>hacked = 1</script>{name}", name=HOSTILE, email="carol@shoppers.example")
    expect(place.locator("#name-note")).to_contain_text("<img")
    expect(place.locator(".tile:not(.sending)")).to_have_count(2)
    send(place)
    expect(place.locator(".thanks")).to_be_visible()
    assert place.page.evaluate("window.hacked") is None
    assert complaints == []
    (review,) = reviews_of(store)
    assert (review.title, review.body) == (HOSTILE, "<script>hacked = 1</script>{name}")


def test_store_that_takes_customers_reviews_only_says_so(store: Store, shopper: Shopper) -> None:
    ask_for(store, allows_unsigned=False)
    place = open_form(shopper, store.page(FORM))
    expect(place.locator(".card")).to_contain_text("Only customers who are signed in")
    expect(place.locator("form")).to_have_count(0)


def test_stars_are_chosen_beforehand_only_where_the_element_says_so(store: Store, shopper: Shopper) -> None:
    url = store.page(FORM.replace(" product", ' rating-from="stars" product') + FORM)
    page = shopper.visit(f"{url}?stars=5&rating=1")
    told, untold = page.locator("regulars-review-form").nth(0), page.locator("regulars-review-form").nth(1)
    expect(told.locator("[name=rating]:checked")).to_have_value("5")
    expect(untold.locator(".send")).to_be_visible()
    expect(untold.locator("[name=rating]:checked")).to_have_count(0)
    assert reviews_of(store) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_form_keeps_the_accessibility_rules(store: Store, make_shopper: Callable[..., Shopper], scheme: str) -> None:
    ask_for(store, attributes=[FIT])
    shopper = make_shopper(locale="en-US", viewport={"width": 320, "height": 700}, color_scheme=scheme)
    customer = store.tag(data_customer=store.sign_customer("carol"))
    head = "<style>body { color-scheme: light dark; background: Canvas; color: CanvasText }</style>"
    place = open_form(shopper, store.page(f"<main>{FORM}</main>", head=head, tag=customer))

    def look() -> None:
        violations = Axe().run(place.page).response["violations"]
        assert [(rule["id"], rule["nodes"][0]["html"]) for rule in violations] == []
        assert place.page.evaluate("document.documentElement.scrollWidth") <= 320

    look()
    send(place)
    place.page.route("**/reviews/media", lambda route: route.abort(), times=1)
    place.locator("input[type=file]").first.set_input_files([photo(), photo("lid.jpg")])
    place.locator(".failed").wait_for()
    expect(place.locator(".sending")).to_have_count(0)
    look()
    # Both are sent at once, so either may be the one.
    place.locator(".failed").get_by_role("button", name="Remove").click()
    fill(place)
    send(place)
    place.locator(".thanks").wait_for()
    look()
    place.page.reload()
    place.get_by_role("button", name="Withdraw your review").click()
    look()
