"""The whole way of a customer through the points program, in the demo store: in one browser, by keyboard alone."""

from collections.abc import Callable

from playwright.sync_api import Locator, Page, expect
from sqlalchemy import select

from tests.browser.demo import Demo
from tests.browser.rules import is_too_wide, list_violations
from tests.browser.shopper import Shopper, follow, walk_to
from widget.core.clock import utc_now
from widget.core.db import db
from widget.coupons.models import Coupon
from widget.loyalty.reward_models import Redemption

PHONE = {"width": 390, "height": 844}
RETURN_DAYS = 30
# What the element says on the way; English comes last, so that the way goes on in it.
SAID = {
    "it-IT": {
        "pending": "Altri 240 punti dal ",
        "confirm": "200 punti per «5 $ di sconto»? Dopo ti restano 90 punti.",
        "owing": "Un rimborso ha ripreso punti già spesi. I prossimi 30 punti che guadagni li compensano.",
        "corrected": "Ordine {order}, corretto",
        "because": "Di questo ordine sono stati rimborsati 120 USD.",
        "before": "Prima l'ordine ne aveva dati 240 punti; la differenza è -120.",
    },
    "id-ID": {
        "pending": "240 poin lagi mulai ",
        "confirm": "200 poin untuk “Potongan $5”? Sesudah itu sisa Anda 90 poin.",
        "owing": "menarik poin yang sudah dipakai. 30 poin berikutnya yang Anda dapat akan menutupnya.",
        "corrected": "Pesanan {order}, diperbaiki",
        "because": "US$120 dari pesanan ini dikembalikan.",
        "before": "Sebelumnya pesanan ini memberi 240 poin; selisihnya -120.",
    },
    "en-US": {
        "pending": "240 points more from ",
        "confirm": "200 points for “$5 off”? After that you have 90 points.",
        "owing": "A refund took back points that were spent. The next 30 points you earn make up for it.",
        "corrected": "Order {order}, corrected",
        "because": "$120 of this order was given back.",
        "before": "It had earned 240 points before; the difference is -120.",
    },
}


def test_customer_goes_the_whole_way_by_keyboard(demo: Demo, make_shopper: Callable[..., Shopper]) -> None:
    rules = demo.ask("GET", "/loyalty/program")["rules"]
    demo.ask("PUT", "/loyalty/program", {"rules": rules | {"pending_days": RETURN_DAYS}})
    page = make_shopper(locale="en-US", viewport=PHONE).visit(f"{demo.shop}/login")
    follow(page.get_by_role("button", name="Frank"))
    join(open_points(page))

    first = buy(page, "Wool throw", "2", earns=240)
    place = open_points(page)
    expect(balance_of(place)).to_have_text("50")
    in_every_language(page, lambda: place.locator(".head"), "pending")
    keeps_the_rules(page)

    demo.server.let_days_pass(RETURN_DAYS + 1)
    page.reload()
    expect(balance_of(place)).to_have_text("290")
    expect(place.locator(".name")).to_contain_text("Sapling")
    code = redeem(page, place)

    second = buy(page, "Stoneware mug", earns=19, code=code)
    expect(page.locator(".totals")).to_contain_text("−$5.00")
    told = demo.ask("GET", f"/orders/{second}")
    assert (told["total_minor"], told["discount_minor"], told["shipping_minor"]) == (2500, 500, 600)
    assert what_became_of(demo, code) == ("redeemed", second, "used")
    follow(page.get_by_role("button", name="Send everything back"))
    expect(page.locator(".thanks")).to_contain_text(f"You get $25.00 back for order {second}")
    keeps_the_rules(page)

    back = {"id": f"R{first}", "amount_minor": 12000, "refunded_at": utc_now().isoformat()}
    demo.ask("POST", f"/orders/{first}/refunds", back)
    place = open_points(page)
    expect(balance_of(place)).to_have_text("-30")
    in_every_language(page, lambda: open_history(place, first), "owing", "corrected", "because", "before", order=first)
    expect(place.locator(".history li", has_text=first).first).to_contain_text("-120")
    expect(place.locator(".history li", has_text=second).first).to_contain_text("-19")
    keeps_the_rules(page)


def join(place: Locator) -> None:
    expect(balance_of(place)).to_have_text("0")
    keeps_the_rules(place.page)
    follow(place.get_by_role("button", name="Join now"))
    expect(place.get_by_role("status")).to_have_text("Welcome! From now on you collect points.")
    expect(balance_of(place)).to_have_text("50")
    expect(place.locator(".points")).to_be_focused()


def buy(page: Page, name: str, quantity: str = "1", *, earns: int, code: str = "") -> str:
    """Order a product from the shelf, with a code if there is one, and return the order's id."""
    follow(page.get_by_role("link", name="Maple Store"))
    follow(page.locator(".card a", has_text=name))
    expect(page.get_by_role("heading", level=1)).to_have_text(name)
    walk_to(page.get_by_label("Quantity"))
    page.keyboard.press(quantity)
    follow(page.get_by_role("button", name="Add to cart"))
    if code:
        enter_code(page, "NOT-A-CODE")
        expect(page.get_by_role("alert")).to_contain_text("cannot be used")
        keeps_the_rules(page)
        enter_code(page, code.lower())
        expect(page.locator(".code")).to_contain_text("is applied")
    expect(page.locator("regulars-points[preview]")).to_contain_text(f"Earn {earns} points")
    follow(page.get_by_role("button", name="Place order"))
    expect(page.locator(".thanks")).to_contain_text("Thank you, Frank")
    return page.url.rpartition("/")[2]


def enter_code(page: Page, code: str) -> None:
    walk_to(page.get_by_label("Discount code"))
    page.keyboard.press("Control+A")
    page.keyboard.type(code)
    page.keyboard.press("Enter")


def redeem(page: Page, place: Locator) -> str:
    """Redeem five dollars after a second thought, and return the code."""
    question = place.locator(".sure")

    def ask() -> Locator:
        follow(place.locator(".rewards li").nth(1).get_by_role("button"))
        expect(question).to_be_focused()
        return question

    in_every_language(page, ask, "confirm")
    keeps_the_rules(page)
    page.keyboard.press("Escape")
    expect(place.get_by_role("button", name="Redeem: $5 off")).to_be_focused()
    page.keyboard.press("Enter")
    expect(question).to_be_focused()
    follow(place.get_by_role("button", name="Redeem 200 points"))
    expect(place.locator(".codes li")).to_be_focused()
    expect(balance_of(place)).to_have_text("90")
    expect(place.locator(".name")).to_contain_text("Sapling")
    keeps_the_rules(page)
    return str(place.locator("code").text_content())


def open_points(page: Page) -> Locator:
    follow(page.get_by_role("navigation").get_by_role("link", name="Points"))
    place = page.locator("regulars-points:not([preview])")
    place.locator(".points").wait_for()
    return place


def open_history(place: Locator, order_id: str) -> Locator:
    """Open the history and why the newest line of an order is what it is; return the whole card."""
    follow(place.locator(".history > button"))
    follow(place.locator(".history li", has_text=order_id).first.locator("summary"))
    return place.locator(".points")


def in_every_language(page: Page, show: Callable[[], Locator], *names: str, **values: str) -> None:
    """Show something to a browser of each language, and find what it says there."""
    devtools = page.context.new_cdp_session(page)
    for language, said in SAID.items():
        browser = {"userAgent": page.evaluate("navigator.userAgent"), "acceptLanguage": language}
        devtools.send("Emulation.setUserAgentOverride", browser)
        page.reload()
        shown = show()
        for name in names:
            expect(shown).to_contain_text(said[name].format(**values))
    devtools.detach()


def keeps_the_rules(page: Page) -> None:
    assert list_violations(page) == []
    assert not is_too_wide(page)


def balance_of(place: Locator) -> Locator:
    return place.locator(".balance b")


def what_became_of(demo: Demo, code: str) -> tuple[str, str | None, str]:
    """Return the state of a coupon, the order that used it, and the state of the redemption it was issued for."""
    is_its = (Redemption.site_id == Coupon.site_id) & (Redemption.coupon_id == Coupon.id)
    wanted = select(Coupon.state, Coupon.redeemed_by, Redemption.state).join(Redemption, is_its)
    with demo.server.app.app_context():
        return db.session.execute(wanted.where(Coupon.code == code)).one()._tuple()
