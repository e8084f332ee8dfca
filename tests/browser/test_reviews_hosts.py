"""Reviews in pages and from people that mean no good, on every screen, and when the server is not there."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.rules import is_too_wide, list_violations
from tests.browser.shopper import COUNT_SHIFTS, Shopper
from tests.browser.shown_reviews import FIT, LIST, add_photos, add_reply, add_reviews, ask_for, open_list, serve_photos
from tests.browser.store import Store

HOSTILE = "<img src=x onerror=window.hacked=1><script>window.hacked=1</script>{n}${n}"
STRICT = (
    "default-src 'none'; script-src {api}; connect-src {api}; img-src {api}; media-src {api};"
    " require-trusted-types-for 'script'"
)
COUNT_VIOLATIONS = """
window.violations = [];
addEventListener("securitypolicyviolation", (event) => violations.push(event.violatedDirective));
"""
SKUS = ("POT-03", "CUP-01", "NONE")
BADGES = "".join(f'<p>{sku} <regulars-stars product="{sku}"></regulars-stars></p>' for sku in SKUS)


@pytest.mark.parametrize("is_strict", [False, True])
def test_hostile_texts_and_names_are_inert(store: Store, shopper: Shopper, is_strict: bool) -> None:
    hostile: dict[str, Any] = dict.fromkeys(("title", "body", "author_name", "provider"), HOSTILE[:40])
    ask_for(store, attributes=[{**FIT, "labels": {"en": HOSTILE[:60]}}])
    ids = add_reviews(store, {**hostile, "title": HOSTILE, "photos": 1, "attributes": {"fit": 1}, "source": "import"})
    add_reply(store, ids[0], HOSTILE, HOSTILE[:90])
    add_photos(store, ids[0], 1)
    serve_photos(shopper.visit("about:blank"))
    policy = {"Content_Security_Policy": STRICT.format(api=store.server.base_url)} if is_strict else {}
    place = open_list(shopper, store.page(LIST, **policy), before=COUNT_VIOLATIONS)
    expect(place.locator("h3")).to_have_text(HOSTILE)
    place.locator(".thumb").click()
    place.get_by_role("dialog").get_by_role("button", name="Close").click()
    place.get_by_role("button", name="Report", exact=True).click()
    place.get_by_label("Spam or advertising").check()
    place.get_by_role("button", name="Send report").click()
    expect(place.locator(".note[tabindex]")).to_have_text("Thank you. Somebody will look at it.")
    page = place.page
    assert page.evaluate("window.hacked") is None
    assert place.locator("script, img[src=x]").count() == 0
    # The page's own icon is a data: address, which the stricter policy forbids; nothing else may be.
    assert [name for name in page.evaluate("violations") if not name.startswith("img-src")] == []


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_state_keeps_the_rules(
    store: Store, make_shopper: Callable[..., Shopper], scheme: str, width: int
) -> None:
    ask_for(store, attributes=[FIT])
    told = {"photos": 1, "attributes": {"fit": 2}, "is_incentivized": True, "is_featured": True}
    ids = add_reviews(store, {**told, "verified_by": "order"}, *({"rating": 1, "edited_at": None} for _ in range(10)))
    add_reply(store, ids[0], "Thank you.")
    add_photos(store, ids[0], 1)
    size = {"width": width, "height": 844}
    shopper = make_shopper(locale="en-US", viewport=size, color_scheme=scheme, reduced_motion="reduce")
    serve_photos(shopper.visit("about:blank"))
    head = "<style>body { color-scheme: light dark; background: Canvas; color: CanvasText }</style>"
    place = open_list(shopper, store.page(f"<main>{LIST}{BADGES}</main>", head=head))
    page = place.page
    place.get_by_role("button", name="Filters").click()
    place.locator(".panel").wait_for()
    place.get_by_role("button", name="1 star,").click()
    place.get_by_text("How these reviews come about").click()
    place.locator(".list:not([aria-busy])").wait_for(state="attached")
    place.get_by_role("button", name="Helpful").first.click()
    place.get_by_role("button", name="Report", exact=True).first.click()
    place.get_by_role("button", name="Send report").click()
    assert list_violations(page) == []
    assert not is_too_wide(page)
    place.get_by_role("button", name="1 star,").click()
    place.locator(".thumb").click()
    place.get_by_role("dialog").wait_for()
    assert list_violations(page) == []


def test_narrowest_screen_holds_the_list(store: Store, make_shopper: Callable[..., Shopper]) -> None:
    add_reviews(store, {"title": "Donaudampfschifffahrtsgesellschaft" * 3, "author_name": "W" * 90}, {})
    shopper = make_shopper(locale="de-DE", viewport={"width": 320, "height": 640})
    assert not is_too_wide(open_list(shopper, store.page(LIST)).page)


def test_badges_of_a_page_ask_once_and_move_nothing(store: Store, shopper: Shopper) -> None:
    add_reviews(store, {"rating": 5}, {"rating": 4}, {"product_id": "CUP-01", "rating": 3})
    head = "<style>regulars-stars { display: inline-block; width: 8em; height: 1.25em; vertical-align: middle }</style>"
    page = shopper.visit(store.page(BADGES, head=head), before=COUNT_SHIFTS)
    expect(page.get_by_role("img", name="4.5 out of 5, 2 reviews")).to_be_visible()
    expect(page.get_by_role("img", name="3 out of 5, 1 review")).to_be_visible()
    assert page.locator("regulars-stars [role=img]").count() == 2
    assert len([request for request in shopper.requests if "/reviews/summaries" in request]) == 1
    assert page.evaluate("window.shifted") == 0
    page.evaluate("document.querySelector('regulars-stars').setAttribute('product', 'CUP-01')")
    expect(page.get_by_role("img", name="3 out of 5, 1 review")).to_have_count(2)
    assert len([request for request in shopper.requests if "/reviews/summaries" in request]) == 1


def test_nothing_is_shown_and_nothing_thrown_when_the_server_is_down(store: Store, shopper: Shopper) -> None:
    add_reviews(store, {})
    shopper.context.route("**/reviews?**", lambda route: route.abort())
    shopper.context.route("**/reviews/summaries?**", lambda route: route.fulfill(status=503))
    page = shopper.visit(store.page(LIST + BADGES))
    page.wait_for_function("Boolean(window.regulars?.track)")
    page.wait_for_timeout(500)
    assert page.evaluate("document.querySelector('regulars-reviews').shadowRoot") is None
    assert page.locator("regulars-stars [role=img]").count() == 0


def test_list_that_cannot_go_on_says_so_and_tries_again(store: Store, shopper: Shopper) -> None:
    add_reviews(store, *({} for _ in range(12)))
    place = open_list(shopper, store.page(LIST))
    place.page.route("**/reviews?**", lambda route: route.abort(), times=1)
    place.get_by_role("button", name="Show more reviews").click()
    expect(place.locator(".note")).to_contain_text("The reviews could not be loaded.")
    expect(place.locator(".review")).to_have_count(10)
    place.get_by_role("button", name="Try again").click()
    expect(place.locator(".review")).to_have_count(12)


def test_vote_that_does_not_arrive_changes_nothing(store: Store, shopper: Shopper) -> None:
    add_reviews(store, {})
    place = open_list(shopper, store.page(LIST))
    place.page.route("**/votes", lambda route: route.abort())
    vote = place.get_by_role("button", name="Helpful")
    vote.click()
    expect(place.get_by_role("status").first).to_have_text("That did not work. Please try again.")
    expect(vote).to_have_attribute("aria-pressed", "false")
