"""The product as it is run, on both databases, and a PostgreSQL that may be killed."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.applications import dispose, wipe
from tests.cast import make_cast
from tests.durability.browsers import Browsers
from tests.durability.processes import OwnPostgres
from tests.embed.shopper import make_survey
from tests.servers import LiveServer


@pytest.fixture(scope="session")
def own_postgres() -> Iterator[OwnPostgres]:
    """A PostgreSQL of these tests' own: they trace and kill it."""
    # Not below pytest's folder, which every other pytest on the machine closes to the server's user.
    with tempfile.TemporaryDirectory(prefix="regulars-", ignore_cleanup_errors=True) as folder:
        with pytest.MonkeyPatch.context() as patch:
            patch.delenv("TEST_DATABASE_URL", raising=False)
            patch.setenv("TMPDIR", folder)
            patch.setenv("XDG_RUNTIME_DIR", folder)
            server = OwnPostgres(Path(folder))
        yield server
        server.stop()


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def running_server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    """gunicorn with two workers of four threads."""
    database_url = None
    if request.param == "postgresql":
        own_postgres: OwnPostgres = request.getfixturevalue("own_postgres")
        database_url = own_postgres.create_database()
    server = LiveServer(Path(tmp_path_factory.mktemp(request.param)), database_url)
    server.start()
    yield server
    server.stop()
    dispose(server.app)


@pytest.fixture
def browsers(running_server: LiveServer) -> Browsers:
    """Browsers on Maple Store's pages, with a new survey and no answers yet."""
    # The database may have been killed since the last test.
    dispose(running_server.app)
    wipe(running_server.app)
    site = make_cast(running_server.app).maple
    return Browsers(running_server.port, site, make_survey(running_server.app, site))
