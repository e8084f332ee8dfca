"""Threads that wait for SQLite's one writer share a commit, and each is durable or undone as if it were alone."""

import sqlite3
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import ContextVar
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, create_engine, event

from widget.core.common_commits import MAX_TOGETHER, CommonCommits
from widget.core.sqlite import prepare_connection

TABLES = """
    CREATE TABLE parents (id INTEGER PRIMARY KEY);
    CREATE TABLE rows (id INTEGER PRIMARY KEY, parent INTEGER REFERENCES parents DEFERRABLE INITIALLY DEFERRED);
"""
Work = Callable[[Any], Any]
whose: ContextVar[int] = ContextVar("whose")


class Refusal(Exception):
    """A rule refuses what a thread wants."""


class Writers:
    """Threads that write at one moment: all but the first wait for it."""

    def __init__(self, folder: Path) -> None:
        self.statements: list[str] = []
        self._path = folder / "rows.db"
        with sqlite3.connect(self._path) as connection:
            connection.executescript(TABLES)
        self._engine: Engine = create_engine(f"sqlite:///{self._path}", pool_reset_on_return=None)
        event.listen(self._engine, "connect", prepare_connection)
        event.listen(self._engine, "connect", self._listen)
        self.commits = CommonCommits(self._engine)

    def write_together(self, *works: Work) -> list[Future[Any]]:
        """Let each thread have its work done, the others waiting when the first begins; wait for all."""
        begun, go_on = threading.Event(), threading.Event()

        def write(number: int) -> Any:
            whose.set(number)

            def work(cursor: Any) -> Any:
                begun.set()
                go_on.wait(timeout=30)
                return works[number](cursor)

            return self.commits.run(work)

        with ThreadPoolExecutor(len(works)) as pool:
            futures = [pool.submit(write, 0)]
            begun.wait(timeout=30)
            futures += [pool.submit(write, number) for number in range(1, len(works))]
            while len(self.commits._jobs) < len(works) - 1:
                threading.Event().wait(0.001)
            go_on.set()
        return futures

    def read_rows(self) -> set[int]:
        """Return what another connection sees."""
        with sqlite3.connect(self._path) as connection:
            return {row[0] for row in connection.execute("SELECT id FROM rows")}

    def count(self, statement: str) -> int:
        return self.statements.count(statement)

    def close(self) -> None:
        self._engine.dispose()

    def _listen(self, connection: Any, _record: object) -> None:
        connection.set_trace_callback(self.statements.append)


@pytest.fixture
def writers(tmp_path: Path) -> Iterator[Writers]:
    writers = Writers(tmp_path)
    yield writers
    writers.close()


def add(number: int, parent: int | None = None) -> Work:
    return lambda cursor: cursor.execute("INSERT INTO rows VALUES (?, ?)", (number, parent)).lastrowid


def refuse(cursor: Any) -> None:
    cursor.execute("SELECT * FROM rows")
    raise Refusal


def fail_halfway(cursor: Any) -> None:
    add(99)(cursor)
    raise Refusal


def name_errors(futures: list[Future[Any]]) -> list[str]:
    return [type(future.exception()).__name__ for future in futures]


def test_those_who_wait_commit_together_and_each_gets_what_is_theirs(writers: Writers) -> None:
    futures = writers.write_together(*(add(number) for number in range(1, 7)))
    assert [future.result() for future in futures] == list(range(1, 7))
    assert writers.read_rows() == set(range(1, 7))
    assert (writers.count("BEGIN IMMEDIATE"), writers.count("COMMIT")) == (1, 1)


def test_more_than_share_a_commit_are_all_done(writers: Writers) -> None:
    numbers = range(1, 2 * MAX_TOGETHER + 2)
    futures = writers.write_together(*map(add, numbers))
    assert sorted(future.result() for future in futures) == list(numbers)
    assert writers.read_rows() == set(numbers)
    assert writers.count("COMMIT") < len(numbers)


def test_each_is_done_in_the_context_of_its_own_thread(writers: Writers) -> None:
    futures = writers.write_together(*(lambda _: whose.get() for _ in range(4)))
    assert [future.result() for future in futures] == [0, 1, 2, 3]


def test_nobody_is_told_before_what_they_wrote_is_committed(writers: Writers) -> None:
    seen: list[bool] = []

    def write(number: int) -> None:
        for step in range(20):
            row = 100 * number + step
            writers.commits.run(add(row))
            seen.append(row in writers.read_rows())

    with ThreadPoolExecutor(4) as pool:
        for future in [pool.submit(write, number) for number in range(4)]:
            future.result()
    assert seen == [True] * 80


def test_who_is_refused_takes_nothing_from_others(writers: Writers) -> None:
    futures = writers.write_together(refuse, add(1), refuse, add(2))
    assert name_errors(futures) == ["Refusal", "NoneType", "Refusal", "NoneType"]
    assert writers.read_rows() == {1, 2}
    assert writers.count("COMMIT") == 1


def test_who_fails_halfway_leaves_nothing_and_takes_nothing_from_others(writers: Writers) -> None:
    futures = writers.write_together(add(1), fail_halfway, add(2), refuse)
    assert name_errors(futures) == ["NoneType", "Refusal", "NoneType", "Refusal"]
    assert writers.read_rows() == {1, 2}


def test_statement_that_fails_fails_alone(writers: Writers) -> None:
    futures = writers.write_together(add(1), add(1), add(2))
    assert name_errors(futures) == ["NoneType", "IntegrityError", "NoneType"]
    assert writers.read_rows() == {1, 2}


def test_transaction_that_sqlite_gave_up_is_made_anew_for_others(writers: Writers) -> None:
    def give_up(cursor: Any) -> None:
        cursor.execute("INSERT OR ROLLBACK INTO rows VALUES (1, NULL)")

    futures = writers.write_together(add(1), give_up, add(2))
    assert name_errors(futures) == ["NoneType", "IntegrityError", "NoneType"]
    assert writers.read_rows() == {1, 2}


def test_commit_that_fails_fails_for_all_who_wrote(writers: Writers) -> None:
    futures = writers.write_together(add(1), add(2, parent=404), add(3))
    assert name_errors(futures) == ["IntegrityError"] * 3
    assert writers.read_rows() == set()
    assert name_errors(writers.write_together(add(4), add(5))) == ["NoneType"] * 2
    assert writers.read_rows() == {4, 5}


def test_transaction_of_ones_own_is_shared_with_nobody(writers: Writers) -> None:
    with pytest.raises(Refusal), writers.commits.transaction() as cursor:
        fail_halfway(cursor)
    with writers.commits.transaction() as cursor:
        add(1)(cursor)
        assert writers.read_rows() == set()
    assert writers.read_rows() == {1}
