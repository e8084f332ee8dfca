"""A store and a shopper for each test; a page that throws fails the test."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.browser.demo import Demo
from tests.browser.shopper import Shopper
from tests.browser.store import Store
from tests.servers import HostPages, LiveServer
from widget.demo import service


@pytest.fixture(scope="session")
def host_pages() -> Iterator[HostPages]:
    """Pages of a store, one server for all tests: each test has a site and a browser profile of its own."""
    pages = HostPages()
    yield pages
    pages.stop()


@pytest.fixture
def store(live_server: LiveServer, host_pages: HostPages) -> Store:
    return Store(live_server, host_pages)


@pytest.fixture
def make_shopper(browser: Browser) -> Iterator[Callable[..., Shopper]]:
    """Make shoppers with the browser options of the test's choice."""
    shoppers: list[Shopper] = []

    def make(**options: Any) -> Shopper:
        shoppers.append(Shopper(browser, **options))
        return shoppers[-1]

    yield make
    for shopper in shoppers:
        shopper.close()
    assert [error for shopper in shoppers for error in shopper.errors] == []


@pytest.fixture
def shopper(make_shopper: Callable[..., Shopper]) -> Shopper:
    return make_shopper(locale="en-US", viewport={"width": 1280, "height": 800})


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """A demo store for the tests of one file: they see each other's surveys and answers."""
    server = LiveServer(tmp_path_factory.mktemp("demo"), DEMO="1")
    server.start()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(service, "HISTORY_DAYS", 3)
        patch.setattr(service, "SOLD_DAYS_BEFORE", 0)
        yield Demo(server)
    server.stop()
