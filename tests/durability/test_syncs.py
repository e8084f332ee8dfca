"""A 2xx to an answer leaves the server after the disk has it: seen from the kernel's side."""

from pathlib import Path

import psycopg
import pytest

from tests.durability.browsers import Browsers, new_answer
from tests.durability.processes import OwnPostgres, list_children, list_threads
from tests.durability.syscalls import Exchange, Syscall, list_posts, read_trace, require_strace, traced
from tests.servers import LiveServer

TOGETHER = 8
ROUNDS = 5


@pytest.fixture(autouse=True)
def _strace() -> None:
    require_strace()


def is_synced_between(calls: list[Syscall], exchange: Exchange, file: str, threads: set[int]) -> bool:
    """Tell whether a sync of such a file by one of the threads lies wholly between a request and its answer."""
    return any(
        call.is_sync
        and file in call.arguments
        and call.thread in threads
        and exchange.arrived < call.began
        and call.ended < exchange.answered
        for call in calls
    )


def warm_up(browsers: Browsers) -> None:
    """Have every thread open its connections before it is watched."""
    browsers.post_together([new_answer() for _ in range(4 * TOGETHER)])


@pytest.mark.parametrize("running_server", ["sqlite"], indirect=True)
def test_sqlite_answer_leaves_after_a_sync_of_its_own_process(
    running_server: LiveServer, browsers: Browsers, tmp_path: Path
) -> None:
    warm_up(browsers)
    processes = list_children(running_server.pid)
    with traced(processes, tmp_path / "trace"):
        # One after another, so that no neighbour's sync is taken for its own, then at one moment.
        for _ in range(ROUNDS):
            assert browsers.post(new_answer())[0] == 201
        for _ in range(ROUNDS):
            new = [new_answer() for _ in range(TOGETHER)]
            partial = [{**body, "answers": {"score": 3}, "completed": False} for body in new]
            assert {status for status, _ in browsers.post_together(partial)} == {201}
            assert {status for status, _ in browsers.post_together(new)} == {200}
    calls = read_trace(tmp_path / "trace")
    posts = list_posts(calls)
    statuses = [200] * (TOGETHER * ROUNDS) + [201] * (TOGETHER * ROUNDS + ROUNDS)
    assert sorted(post.status for post in posts) == statuses
    threads = [list_threads(process) for process in processes]
    for post in posts:
        own = next(those for those in threads if post.thread in those)
        assert is_synced_between(calls, post, "regulars.db-wal", own), post


@pytest.mark.parametrize("running_server", ["postgresql"], indirect=True)
def test_postgresql_answer_leaves_after_a_sync_of_the_write_ahead_log(
    running_server: LiveServer, browsers: Browsers, own_postgres: OwnPostgres, tmp_path: Path
) -> None:
    with psycopg.connect(own_postgres.url) as connection:
        settings = [
            connection.execute(f"SHOW {name}").fetchone() for name in ("fsync", "synchronous_commit", "wal_sync_method")
        ]
    assert settings == [("on",), ("on",), ("fdatasync",)]
    warm_up(browsers)
    # The postmaster is traced for the backends that it has yet to fork.
    processes = [*list_children(running_server.pid), own_postgres.pid, *list_backends(own_postgres)]
    with traced(processes, tmp_path / "trace"):
        # One after another: a neighbour's sync may keep several commits at once.
        for _ in range(ROUNDS * 2):
            body = new_answer()
            assert browsers.post({**body, "answers": {"score": 3}, "completed": False})[0] == 201
            assert browsers.post(body)[0] == 200
    calls = read_trace(tmp_path / "trace")
    posts, backends = list_posts(calls), set(list_backends(own_postgres))
    assert [post.status for post in posts] == [201, 200] * (ROUNDS * 2)
    for post in posts:
        assert is_synced_between(calls, post, "/pg_wal/", backends), post


def list_backends(postgres: OwnPostgres) -> list[int]:
    """Return the processes that serve connections, not the server's own helpers."""
    with psycopg.connect(postgres.url) as connection:
        rows = connection.execute(
            "SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
        ).fetchall()
    return [pid for (pid,) in rows]
