"""Processes as the kernel knows them, and a PostgreSQL whose processes may be killed."""

import os
import signal
import time
from contextlib import suppress
from pathlib import Path

import psycopg

from tests.databases import PostgresServer
from tests.servers import LiveServer

WAIT_SECONDS = 15


def list_children(pid: int) -> list[int]:
    """Return the processes a process has started and that still run."""
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def list_threads(pid: int) -> set[int]:
    """Return the threads of a process, as the kernel numbers them."""
    return {int(task.name) for task in Path(f"/proc/{pid}/task").iterdir()}


def kill_at_once(pids: list[int]) -> None:
    """Kill processes with SIGKILL, which nothing can catch."""
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def wait_until_gone(pids: list[int]) -> None:
    """Wait until the processes have ended or only their parents have not noticed yet."""
    deadline = time.monotonic() + WAIT_SECONDS
    while any(_is_running(pid) for pid in pids):
        assert time.monotonic() < deadline, "a killed process still runs"
        time.sleep(0.02)


def _is_running(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"


class OwnPostgres(PostgresServer):
    """A PostgreSQL of the package index; nobody else uses it."""

    @property
    def pid(self) -> int:
        assert self._server is not None
        pid = self._server.get_pid()
        assert pid is not None
        return pid

    def kill(self) -> None:
        """Kill the postmaster and all its children at once."""
        assert self._server is not None
        pids = [self.pid, *list_children(self.pid)]
        kill_at_once(pids)
        wait_until_gone(pids)
        # Until init has collected the dead postmaster, its id looks taken and its lock files alive.
        for lock_file in [self._server.pgdata / "postmaster.pid", *self._server.pgdata.glob(".s.PGSQL.*.lock")]:
            lock_file.unlink()

    def start_again(self) -> None:
        """Start the server on the same data; it recovers from its write-ahead log."""
        assert self._server is not None
        self._server.ensure_postgres_running()
        with psycopg.connect(self.url) as connection:
            connection.execute("SELECT 1")


def kill_workers(server: LiveServer) -> None:
    """Kill both workers at once and wait for the new ones."""
    workers = list_children(server.pid)
    assert len(workers) == 2
    kill_at_once(workers)
    wait_until_gone(workers)
    while len(list_children(server.pid)) < 2:
        time.sleep(0.02)
