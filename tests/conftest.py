"""What every test may ask for: the application on both databases, the cast, a real server and browser."""

import gc
import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from types import SimpleNamespace

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, settings
from playwright.sync_api import Browser, Playwright, expect, sync_playwright

from tests.applications import dispose, make_application, make_settings, wipe
from tests.cast import Cast, make_cast
from tests.dashboard.owner import OwnerBrowser, logged_in
from tests.databases import PostgresServer
from tests.long_run import IS_LONG_RUN
from tests.passwords import hash_quickly
from tests.servers import HostPages, LiveServer
from widget.core.clock import utc_now

EXPECT_MS = 20_000
MANY_CASES = 2
NO_CASES = SimpleNamespace(params={})
# How long a machine takes to draw a case says nothing of the product.
settings.register_profile("suite", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("suite")
# Compiled modules are kept: every server that tests start would else compile the product anew.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False


@pytest.fixture(scope="session", autouse=True)
def quick_passwords() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        hash_quickly(patch)
        yield


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """A real PostgreSQL: the one of TEST_DATABASE_URL, else one from the package index."""
    # Not below pytest's folder, which every other pytest on the machine closes to the server's user.
    with TemporaryDirectory(prefix="regulars-", ignore_cleanup_errors=True) as folder:
        server = PostgresServer(Path(folder))
        yield server
        server.stop()


@pytest.fixture(scope="session")
def sqlite_app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The application on a SQLite file."""
    data_dir = tmp_path_factory.mktemp("sqlite")
    app = make_application(make_settings(data_dir, f"sqlite:///{data_dir}/regulars.db"))
    yield app
    dispose(app)


@pytest.fixture(scope="session")
def postgresql_app(tmp_path_factory: pytest.TempPathFactory, postgres_server: PostgresServer) -> Iterator[Flask]:
    """The application on PostgreSQL."""
    app = make_application(make_settings(tmp_path_factory.mktemp("postgresql"), postgres_server.create_database()))
    yield app
    dispose(app)


@pytest.fixture(params=["sqlite", "postgresql"])
def app(request: pytest.FixtureRequest) -> Flask:
    """The application with empty tables; a test that asks for it runs on both databases."""
    application: Flask = request.getfixturevalue(f"{request.param}_app")
    wipe(application)
    return application


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def cast(app: Flask) -> Cast:
    """Alice's Maple Store with its keys, and Bob's other site."""
    return make_cast(app)


@pytest.fixture
def alice(app: Flask, cast: Cast) -> OwnerBrowser:
    """The browser in which Alice is logged in."""
    return logged_in(app, cast.maple.owner_email)


@pytest.fixture
def bob(app: Flask, cast: Cast) -> OwnerBrowser:
    """The browser of Bob, who owns another site and finds nothing of Alice's."""
    return logged_in(app, cast.bobs.owner_email)


@pytest.fixture
def still_clock() -> Iterator[None]:
    """A clock that stands still, so that what is counted by the minute stays within one."""
    with time_machine.travel(utc_now(), tick=False):
        yield


@pytest.fixture(scope="session")
def live_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    """The product as it is run: gunicorn on a port, with a SQLite file and the cast."""
    server = LiveServer(tmp_path_factory.mktemp("live"))
    server.start()
    yield server
    server.stop()


@pytest.fixture
def host_pages() -> Iterator[HostPages]:
    """Pages of a store, served from another origin than the product."""
    pages = HostPages()
    yield pages
    pages.stop()


@pytest.fixture(scope="session")
def playwright_driver() -> Iterator[Playwright]:
    with sync_playwright() as driver:
        yield driver


@pytest.fixture(scope="session")
def browser(playwright_driver: Playwright) -> Iterator[Browser]:
    """A real Chromium: the one on the machine, else the one Playwright installed."""
    # A disk busy with the tests beside this one may hold a form's commit for seconds.
    expect.set_options(timeout=EXPECT_MS)
    browser = playwright_driver.chromium.launch(
        executable_path=find_chromium(),
        args=[
            "--no-sandbox",
            "--disable-gpu",
            "--disable-background-networking",
            "--disable-component-update",
        ],
    )
    yield browser
    browser.close()


def find_chromium() -> str | None:
    """Return the machine's Chromium, or None for Playwright's own; the one without a window is twice as fast."""
    given = os.environ.get("CHROMIUM")
    names = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
    return given or next((path for name in names if (path := shutil.which(name))), None)


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real input beside the project; tests that use it skip where it is absent."""
    folder = Path(__file__).resolve().parents[2] / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("the folder of real input is not on this machine")
    return folder


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Let a test of several cases try half on each database; a long run tries all on both."""
    tests: dict[str, dict[str, list[pytest.Item]]] = {}
    for item in items:
        name, database = item.nodeid.partition("[")[0], getattr(item, "callspec", NO_CASES).params.get("app")
        if database:
            tests.setdefault(name, {"sqlite": [], "postgresql": []})[database].append(item)
    left_out = [
        item
        for sqlite, postgresql in (cases.values() for cases in tests.values())
        if len(sqlite) == len(postgresql) >= MANY_CASES and not IS_LONG_RUN
        for item in (*sqlite[1::2], *postgresql[::2])
    ]
    config.hook.pytest_deselected(items=left_out)
    gone = set(left_out)
    items[:] = [item for item in items if item not in gone]


def pytest_collection_finish() -> None:
    """Leave what was collected out of the garbage collector's rounds: it stays until the end."""
    gc.collect()
    gc.freeze()
