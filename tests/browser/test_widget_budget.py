"""What a shopper downloads, in brotli bytes as served."""

import re
import urllib.request
from pathlib import Path

import orjson
import pytest

from tests.browser.store import Store
from tests.servers import HostPages, LiveServer
from widget.core.static_files import SCRIPTS

STATIC = Path(__file__).resolve().parents[2] / "static" / "js"
LOADER_BYTES = int(2.5 * 1024)
ELEMENT_BYTES = 8 * 1024
# The rarer questions, fetched by a survey that asks them, and the tab.
QUESTIONS_BYTES = 6 * 1024
TAB_BYTES = int(1.25 * 1024)
PAGE_TIME_BYTES = 512
# The form of a review beyond what every widget shares, and what photos, a video and an earlier review bring.
FORM_BYTES = 6 * 1024
FORM_FILES_BYTES = int(2.4 * 1024)
FORM_MINE_BYTES = 512
# The first view of points beyond what every widget shares; one line on a product page; and what comes on use.
POINTS_BYTES = int(3.4 * 1024)
POINTS_PREVIEW_BYTES = 1024
POINTS_USE_BYTES = 2 * 1024
# The badge of a product card beyond the module all share; what readers of reviews open or press.
STARS_BYTES = int(0.9 * 1024)
REVIEW_PART_BYTES = int(1.25 * 1024)
ELEMENT = "surveys/survey-element.js"
QUESTIONS = "surveys/questions-run.js"
TAB = "surveys/survey-tab.js"
PAGE_TIME = "insights/page-time.js"
FORM = "reviews/form-element.js"
FORM_FILES = "reviews/form-media.js"
FORM_MINE = "reviews/form-mine.js"
POINTS = "loyalty/points-element.js"
POINTS_CARD = "loyalty/points-card.js"
POINTS_PREVIEW = "loyalty/points-preview.js"
POINTS_ON_USE = ("loyalty/points-redeem.js", "loyalty/points-codes.js", "loyalty/points-history.js")
REVIEWS = "reviews/reviews-element.js"
STARS = "reviews/stars-element.js"
REVIEW_PARTS = [
    f"reviews/{name}.js" for name in ("attributes-view", "filters-view", "media-view", "photo-view", "review-acts")
]


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


def find_imports(name: str) -> set[str]:
    """Return a module and everything it imports, by their paths."""
    found = {name}
    for path in re.findall(r'from "(\.[^"]+)"', (STATIC / name).read_text()):
        found |= find_imports((STATIC / name).parent.joinpath(path).resolve().relative_to(STATIC).as_posix())
    return found


def test_loader_with_five_surveys_is_within_its_budget(busy_store: Store) -> None:
    assert len(read_boot(busy_store)["surveys"]) == 5
    assert fetch_size(busy_store.script_url) <= LOADER_BYTES


def test_survey_element_with_what_it_shares_is_within_its_budget(busy_store: Store) -> None:
    assets = read_boot(busy_store)["assets"]
    assert sum(fetch_size(f"{assets}{name}") for name in find_imports(ELEMENT)) <= ELEMENT_BYTES


def test_reviews_with_what_they_share_are_within_the_same_budget(busy_store: Store) -> None:
    assets = read_boot(busy_store)["assets"]
    assert sum(fetch_size(f"{assets}{name}") for name in find_imports(REVIEWS)) <= ELEMENT_BYTES


def test_stars_of_a_product_card_are_within_their_budget(busy_store: Store) -> None:
    assets = read_boot(busy_store)["assets"]
    assert sum(fetch_size(f"{assets}{name}") for name in find_imports(STARS) - {"core/dom.js"}) <= STARS_BYTES


@pytest.mark.parametrize("part", REVIEW_PARTS)
def test_part_of_reviews_that_comes_on_use_is_within_its_budget(busy_store: Store, part: str) -> None:
    assets = read_boot(busy_store)["assets"]
    assert part not in find_imports(REVIEWS)
    assert (
        sum(fetch_size(f"{assets}{name}") for name in find_imports(part) - find_imports(REVIEWS)) <= REVIEW_PART_BYTES
    )


@pytest.mark.parametrize(
    ("module", "budget"),
    [(QUESTIONS, QUESTIONS_BYTES), (TAB, TAB_BYTES), (PAGE_TIME, PAGE_TIME_BYTES)],
)
def test_what_is_fetched_on_use_is_within_its_budget(busy_store: Store, module: str, budget: int) -> None:
    assets = read_boot(busy_store)["assets"]
    assert sum(fetch_size(f"{assets}{name}") for name in find_imports(module) - find_imports(ELEMENT)) <= budget


@pytest.mark.parametrize(
    ("module", "beside", "budget"),
    [(FORM, ELEMENT, FORM_BYTES), (FORM_FILES, FORM, FORM_FILES_BYTES), (FORM_MINE, FORM, FORM_MINE_BYTES)],
)
def test_form_of_a_review_is_within_its_budget(busy_store: Store, module: str, beside: str, budget: int) -> None:
    assets = read_boot(busy_store)["assets"]
    assert sum(fetch_size(f"{assets}{name}") for name in find_imports(module) - find_imports(beside)) <= budget


def test_points_are_within_their_budget(busy_store: Store) -> None:
    assets = read_boot(busy_store)["assets"]

    def weigh(modules: set[str]) -> int:
        return sum(fetch_size(f"{assets}{name}") for name in modules)

    shared, first = find_imports(ELEMENT), find_imports(POINTS) | find_imports(POINTS_CARD)
    assert weigh(first - shared) <= POINTS_BYTES
    assert weigh((find_imports(POINTS) | find_imports(POINTS_PREVIEW)) - shared) <= POINTS_PREVIEW_BYTES
    assert weigh(set().union(*map(find_imports, POINTS_ON_USE)) - first - shared) <= POINTS_USE_BYTES


def test_what_is_fetched_on_use_is_no_part_of_the_element() -> None:
    assert not {name for name in find_imports(ELEMENT) if "questions" in name or "tab" in name}


def test_boot_names_every_module_of_the_element_so_that_none_waits_for_another(busy_store: Store) -> None:
    elements = (("survey", ELEMENT), ("review-form", FORM), ("reviews", REVIEWS), ("stars", STARS), ("points", POINTS))
    for name, element in elements:
        _, _, *files = read_boot(busy_store)["elements"][name]
        assert f"{files[0]}.js" == element
        assert sorted(f"{file}.js" for file in files) == sorted(find_imports(element))


def test_minified_modules_are_still_the_same_scripts() -> None:
    for name in (
        find_imports(ELEMENT)
        | find_imports(QUESTIONS)
        | find_imports(TAB)
        | find_imports(FORM_FILES)
        | find_imports(POINTS_CARD)
        | find_imports(POINTS_PREVIEW)
        | set(POINTS_ON_USE)
        | find_imports(REVIEWS)
        | find_imports(STARS)
        | set(REVIEW_PARTS)
        | {PAGE_TIME, "embed.js"}
    ):
        body = SCRIPTS.find_body(name)
        assert body is not None, name
        assert body.plain.count(b"=>") == (STATIC / name).read_bytes().count(b"=>"), name
