"""SQLite's one writer, shared by the threads of a process: what waits for the same disk is committed together.

A commit costs one sync of the disk, however much it holds, and syncs cannot overlap. So whoever has the writer's turn
also does what the others who wait for it want, and commits once for all; nobody is told of success before.
`bench/redeem.py` shows what that is for: with it a process redeems half as many rewards again in a second, for less.
"""

import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import Context, copy_context
from dataclasses import dataclass, field
from typing import Any, TypeVar

from sqlalchemy import Engine

MAX_TOGETHER = 16

Result = TypeVar("Result")


class _UndoAll(Exception):
    """Somebody failed after they had written: what they wrote can only be undone with all the rest."""


@dataclass
class _Job:
    """What one thread wants to be done, in its own context, and what came of it."""

    work: Callable[[Any], Any]
    context: Context = field(default_factory=copy_context)
    result: Any = None
    error: BaseException | None = None
    is_over: bool = False

    def run(self, connection: Any, cursor: Any) -> None:
        """Do it in an open transaction; raise _UndoAll where it failed halfway."""
        changes, self.error = connection.total_changes, None
        try:
            self.result = self.context.run(self.work, cursor)
        except BaseException as error:
            # For the thread that wanted it done.
            self.error = error
            # SQLite itself gives up the whole transaction where the disk is full, say.
            if connection.total_changes != changes or not connection.in_transaction:
                raise _UndoAll from error


class CommonCommits:
    """The writing transactions of one engine in this process."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._turn = threading.Lock()
        self._jobs: deque[_Job] = deque()

    def run(self, work: Callable[[Any], Result]) -> Result:
        """Call `work` with a driver's cursor and return what it returns, durably; any error leaves nothing written.

        It shares its transaction with others, so it should meet what can be refused before it writes, and it may be
        called again where another fails.
        """
        job = _Job(work)
        self._jobs.append(job)
        with self._turn:
            # More may have waited before it than are done together.
            while not job.is_over:
                self._run_waiting()
        if job.error is not None:
            raise job.error
        result: Result = job.result
        return result

    @contextmanager
    def transaction(self) -> Iterator[Any]:
        """Yield a driver's cursor in a transaction shared with nobody, durable at the end or undone by any error."""
        with self._turn, self._begin() as (_, cursor):
            yield cursor

    def _run_waiting(self) -> None:
        """Do what is waited for, also what comes while it is done, and commit it."""
        taken: list[_Job] = []

        def take_jobs() -> Iterator[_Job]:
            while self._jobs and len(taken) < MAX_TOGETHER:
                taken.append(self._jobs.popleft())
                yield taken[-1]

        try:
            self._run_together(take_jobs(), taken)
        finally:
            for job in taken:
                job.is_over = True

    def _run_together(self, jobs: Iterable[_Job], taken: list[_Job]) -> None:
        try:
            with self._begin() as (connection, cursor):
                for job in jobs:
                    job.run(connection, cursor)
        except _UndoAll:
            # Each alone, so that only who fails is told so.
            for job in taken if len(taken) > 1 else ():
                self._run_together([job], [job])
        except BaseException as error:  # noqa: BLE001 - every thread that wanted something done raises it.
            for job in taken or list(jobs):
                job.error = job.error or error

    @contextmanager
    def _begin(self) -> Iterator[tuple[Any, Any]]:
        connection = self._engine.raw_connection()
        try:
            cursor = connection.cursor()
            cursor.execute("BEGIN IMMEDIATE")
            yield connection, cursor
            cursor.execute("COMMIT")
            cursor.close()
        except BaseException:
            if connection.in_transaction:
                connection.cursor().execute("ROLLBACK")
            raise
        finally:
            connection.close()
