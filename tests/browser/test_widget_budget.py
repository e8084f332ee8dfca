"""What a shopper downloads, in brotli bytes as served."""

import re
import urllib.request

import orjson
import pytest
from playwright.sync_api import Page

from tests.browser.popups import add_campaign, wait_until_watched
from tests.browser.shopper import Shopper
from tests.browser.shown_reviews import FIT, add_photos, add_reviews, ask_for, serve_photos
from tests.browser.store import Store
from tests.loyalty.builders import start_program
from tests.referrals.builders import start_referrals
from tests.reviews.builders import TEAPOT
from tests.servers import HostPages, LiveServer
from widget.core.joined_scripts import FILES
from widget.core.static_files import SCRIPTS
from widget.loyalty.program import default_rules
from widget.loyalty.program_checks import complete_rules

LOADER_BYTES = int(2.5 * 1024)
# Any element with all it imports before anybody has touched it; a campaign brings more, but only once it opens.
ELEMENT_BYTES = 8 * 1024
OPEN_POPUP_BYTES = int(8.75 * 1024)
# All widgets on one page before anybody has touched any of them, with the loader: where a tab opens the survey, and
# where the survey stands in the page.
FIRST_BYTES = {"tab": 20 * 1024, "inline": 24 * 1024}
# Whatever shoppers do, with the loader; and with the panel that explains to owners why nothing opens.
ALL_BYTES = int(43.5 * 1024)
ALL_WITH_PANEL_BYTES = 47 * 1024
# Every file by itself.
BYTES = {
    "core/base": 1025,
    "core/widget": 1550,
    "core/codes": 475,
    "core/session": 475,
    "core/form": 1150,
    "core/asking": 1700,
    "core/gates": 2250,
    "insights/page-time": 390,
    "surveys/survey-element": 2700,
    "surveys/survey-tab": 975,
    "surveys/questions-run": 4325,
    "surveys/debug": 3725,
    "reviews/stars-element": 750,
    "reviews/reviews-element": 4575,
    "reviews/reading": 2475,
    "reviews/form-element": 4425,
    "reviews/form-media": 2000,
    "loyalty/points-element": 640,
    "loyalty/points-card": 2175,
    "loyalty/points-use": 1300,
    "popups/popup-watch": 1375,
    "popups/popup-element": 3100,
    "referrals/referral-element": 510,
    "referrals/referral-card": 1180,
    "referrals/referral-form": 880,
    "referrals/landing": 210,
}
PANEL = "surveys/debug"
ROOMS = "|".join({file.split("/")[0] for file in FILES})
EVERY_ELEMENT = f"""
    <regulars-stars product="{TEAPOT}"></regulars-stars>
    <regulars-reviews product="{TEAPOT}"></regulars-reviews>
    <regulars-points></regulars-points>
    <regulars-points preview price="29.90" currency="EUR"></regulars-points>
    <regulars-referral></regulars-referral>
"""
EACH_ELEMENT = (".thumb img", "regulars-stars span", ".points", "regulars-points[preview] p", "regulars-referral .qr")
SURVEY = {"tab": "regulars-tab button", "inline": "regulars-survey form"}


@pytest.fixture
def busy_store(live_server: LiveServer, host_pages: HostPages) -> Store:
    """A store that measures time on pages and has five surveys, each with conditions of its own."""
    store = Store(live_server, host_pages)
    store.set(measures_page_time=True)
    not_in_checkout = [["contains", "/products/"], ["not_contains", "/checkout"]]
    store.add_survey("csat", event_name="order_placed", url_rules=[["contains", "/thank-you"]])
    store.add_survey("nps", after_seconds=20, sample_basis_points=2500, repeat_days=90)
    store.add_survey("nps", display="inline", repeat_days=30)
    store.add_survey("csat", event_name="order_delivered", sample_basis_points=5000)
    store.add_survey("csat", scroll_percent=50, url_rules=not_in_checkout, repeat_days=180)
    return store


def fetch_size(url: str) -> int:
    """Return the bytes on the wire of a file."""
    request = urllib.request.Request(url, headers={"Accept-Encoding": "br"})
    with urllib.request.urlopen(request) as response:
        assert response.headers["Content-Encoding"] == "br"
        return len(response.read())


def read_boot(store: Store) -> dict[str, object]:
    with urllib.request.urlopen(store.script_url.removesuffix(".js") + "/boot") as response:
        boot: dict[str, object] = orjson.loads(response.read())
        return boot


def read_file(file: str) -> str:
    body = SCRIPTS.find_body(f"{file}.js")
    assert body is not None, file
    return body.plain.decode()


def find_imports(file: str) -> set[str]:
    """Return a file and everything it imports at once."""
    found = {file}
    for path in re.findall(r'from"([^"]+)\.js"', read_file(file)):
        folder = file.split("/")[0]
        found |= find_imports(path.removeprefix("../") if path.startswith("../") else f"{folder}/{path[2:]}")
    return found


def weigh(store: Store, files: set[str]) -> int:
    assets = read_boot(store)["assets"]
    return sum(fetch_size(f"{assets}{file}.js") for file in files)


def open_every_element(store: Store, shopper: Shopper, display: str) -> Page:
    """Open a page with all that a customer can see at once and a campaign that waits, and wait until each is there."""
    survey = store.add_survey("nps", display=display)
    add_campaign(store)
    ask_for(store, attributes=[FIT])
    ids = add_reviews(store, {"photos": 1, "attributes": {"fit": 2}}, {})
    add_photos(store, ids[0], 1)
    with store.server.app.app_context():
        start_referrals(store.id)
        start_program(store.id, **complete_rules(default_rules("EUR", "Europe/Rome")))
    page = shopper.visit("about:blank")
    serve_photos(page)
    tag = store.tag(data_customer=store.sign_customer("anna"))
    inline = f'<regulars-survey survey="{survey}"></regulars-survey>' if display == "inline" else ""
    page.goto(store.page(inline + EVERY_ELEMENT, tag=tag))
    for place in (*EACH_ELEMENT, SURVEY[display]):
        page.locator(place).first.wait_for()
    wait_until_watched(page)
    return page


def test_loader_with_five_surveys_is_within_its_budget(busy_store: Store) -> None:
    assert len(read_boot(busy_store)["surveys"]) == 5
    assert fetch_size(busy_store.script_url) <= LOADER_BYTES


@pytest.mark.parametrize("element", ["survey", "reviews", "stars", "review-form", "points", "referral", "popup"])
def test_element_with_what_it_shares_is_within_its_budget(busy_store: Store, element: str) -> None:
    _, _, *files = read_boot(busy_store)["elements"][element]
    limit = OPEN_POPUP_BYTES if element == "popup" else ELEMENT_BYTES
    assert weigh(busy_store, find_imports(files[0])) <= limit


@pytest.mark.parametrize("display", FIRST_BYTES)
def test_all_widgets_of_a_page_are_within_their_budget_before_they_are_used(
    store: Store, shopper: Shopper, display: str
) -> None:
    loaded: set[str] = set()
    shopper.context.on("request", lambda request: loaded.update(re.findall(r"/static/\w+/(.+)\.js$", request.url)))
    open_every_element(store, shopper, display)
    assert {"loyalty/points-card", "referrals/referral-card", "popups/popup-watch"} <= loaded
    assert not {"reviews/form-element", "popups/popup-element", "referrals/referral-form"} & loaded
    assert weigh(store, loaded) + fetch_size(store.script_url) <= FIRST_BYTES[display]


def test_everything_that_is_ever_fetched_is_within_its_budget(busy_store: Store) -> None:
    loader, panel = fetch_size(busy_store.script_url), weigh(busy_store, {PANEL})
    everything = weigh(busy_store, set(FILES) - {"embed", PANEL}) + loader
    assert everything <= ALL_BYTES
    assert everything + panel <= ALL_WITH_PANEL_BYTES


@pytest.mark.parametrize("file", BYTES)
def test_file_is_within_its_budget(busy_store: Store, file: str) -> None:
    assert weigh(busy_store, {file}) <= BYTES[file]


def test_every_file_has_a_budget() -> None:
    assert set(BYTES) == set(FILES) - {"embed"}


def test_waiting_for_the_moment_of_a_campaign_brings_nothing_that_only_opening_needs() -> None:
    assert find_imports("popups/popup-watch") == {"popups/popup-watch", "core/gates", "core/base"}


def test_boot_names_every_file_of_an_element_so_that_none_waits_for_another(busy_store: Store) -> None:
    for _, _, *files in read_boot(busy_store)["elements"].values():
        assert sorted(files) == sorted(find_imports(files[0]))


def test_every_file_that_scripts_name_is_there() -> None:
    for file in FILES:
        text, room = read_file(file), file.split("/")[0]
        named = {f"{room}/{name}" for name in re.findall(r'"\./([^"]+)\.js"', text)}
        named |= set(re.findall(r'"\.\./([^"]+)\.js"', text)) | set(re.findall(rf'"((?:{ROOMS})/[^"]+)"', text))
        assert named <= set(FILES), file
