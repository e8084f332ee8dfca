"""What a shopper downloads, in brotli bytes as served."""

import re
import urllib.request

import orjson
import pytest
from playwright.sync_api import Page

from tests.browser.shopper import Shopper
from tests.browser.shown_reviews import FIT, add_photos, add_reviews, ask_for, serve_photos
from tests.browser.store import Store
from tests.loyalty.builders import start_program
from tests.reviews.builders import TEAPOT
from tests.servers import HostPages, LiveServer
from widget.core.joined_scripts import FILES
from widget.core.static_files import SCRIPTS
from widget.loyalty.program import default_rules
from widget.loyalty.program_checks import complete_rules

LOADER_BYTES = int(2.5 * 1024)
# Any element with all it imports before anybody has touched it.
ELEMENT_BYTES = 8 * 1024
# All elements on one page before anybody has touched any of them, with the loader; and everything there is.
FIRST_BYTES = 20 * 1024
ALL_BYTES = 39 * 1024
# The form of a review is an element, and comes when somebody wants to write.
ON_USE = {
    "core/gates": 1850,
    "insights/page-time": 400,
    "surveys/survey-tab": 1000,
    "surveys/questions-run": 4400,
    "surveys/debug": 3400,
    "reviews/attributes-view": 775,
    "reviews/reading": 2550,
    "reviews/form-element": 4550,
    "reviews/form-media": 2050,
    "loyalty/points-use": 1325,
}
ROOMS = "|".join({file.split("/")[0] for file in FILES})
EVERY_ELEMENT = f"""
    <regulars-survey survey="%s"></regulars-survey>
    <regulars-stars product="{TEAPOT}"></regulars-stars>
    <regulars-reviews product="{TEAPOT}"></regulars-reviews>
    <regulars-points></regulars-points>
    <regulars-points preview price="29.90" currency="EUR"></regulars-points>
"""


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


def open_every_element(store: Store, shopper: Shopper) -> Page:
    """Open a page with all elements that a customer can see at once, and wait until each is there."""
    survey = store.add_survey("nps", display="inline")
    ask_for(store, attributes=[FIT])
    ids = add_reviews(store, {"photos": 1, "attributes": {"fit": 2}}, {})
    add_photos(store, ids[0], 1)
    with store.server.app.app_context():
        start_program(store.id, **complete_rules(default_rules("EUR", "Europe/Rome")))
    page = shopper.visit("about:blank")
    serve_photos(page)
    tag = store.tag(data_customer=store.sign_customer("anna"))
    page.goto(store.page(EVERY_ELEMENT % survey, tag=tag))
    for place in ("regulars-survey form", ".thumb img", "regulars-stars span", ".points", "regulars-points[preview] p"):
        page.locator(place).first.wait_for()
    return page


def test_loader_with_five_surveys_is_within_its_budget(busy_store: Store) -> None:
    assert len(read_boot(busy_store)["surveys"]) == 5
    assert fetch_size(busy_store.script_url) <= LOADER_BYTES


@pytest.mark.parametrize("element", ["survey", "reviews", "stars", "review-form", "points"])
def test_element_with_what_it_shares_is_within_its_budget(busy_store: Store, element: str) -> None:
    _, _, *files = read_boot(busy_store)["elements"][element]
    assert weigh(busy_store, find_imports(files[0])) <= ELEMENT_BYTES


def test_all_widgets_of_a_page_are_within_their_budget_before_they_are_used(
    busy_store: Store, shopper: Shopper
) -> None:
    loaded: set[str] = set()
    shopper.context.on("request", lambda request: loaded.update(re.findall(r"/static/\w+/(.+)\.js$", request.url)))
    open_every_element(busy_store, shopper)
    assert "loyalty/points-card" in loaded
    assert "reviews/form-element" not in loaded
    assert weigh(busy_store, loaded - {"insights/page-time"}) + fetch_size(busy_store.script_url) <= FIRST_BYTES


def test_everything_that_is_ever_fetched_is_within_its_budget(busy_store: Store) -> None:
    everything = set(FILES) - {"embed"}
    assert weigh(busy_store, everything) + fetch_size(busy_store.script_url) <= ALL_BYTES


@pytest.mark.parametrize("file", ON_USE)
def test_what_is_fetched_on_use_is_within_its_budget(busy_store: Store, file: str) -> None:
    assert weigh(busy_store, {file}) <= ON_USE[file]


def test_boot_names_every_file_of_an_element_so_that_none_waits_for_another(busy_store: Store) -> None:
    for _, _, *files in read_boot(busy_store)["elements"].values():
        assert sorted(files) == sorted(find_imports(files[0]))


def test_every_file_that_scripts_name_is_there() -> None:
    for file in FILES:
        text, room = read_file(file), file.split("/")[0]
        named = {f"{room}/{name}" for name in re.findall(r'"\./([^"]+)\.js"', text)}
        named |= set(re.findall(r'"\.\./([^"]+)\.js"', text)) | set(re.findall(rf'"((?:{ROOMS})/[^"]+)"', text))
        assert named <= set(FILES), file
