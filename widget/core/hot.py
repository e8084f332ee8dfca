"""The hot paths' way to the database: single statements, each a durable transaction of its own.

A HotStatement goes straight to the driver: the toolkit's work for one execution costs more than the
insert itself (`bench/response.py`). Everything that is not on a hot path uses the ORM.
"""

import re
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

import psycopg
from flask import Flask, current_app
from psycopg.pq import TransactionStatus
from sqlalchemy import Connection, Engine, PoolProxiedConnection, create_engine, event

from widget.core.common_commits import CommonCommits
from widget.core.driver_values import FOR_POSTGRESQL, FOR_SQLITE, adapt
from widget.core.sql_text import list_parameters, place_parameters, put_together
from widget.core.sqlite import prepare_connection

_EXTENSION = "regulars_hot_engine"

Result = TypeVar("Result")
# PostgreSQL takes so many statements as one without planning longer than it would wait.
_MAX_TOGETHER = 12
_LOCKS = re.compile(r" FOR (?:UPDATE|KEY SHARE)(?: SKIP LOCKED)?")


# SQLite has one writer at a time; threads of a process wait for each other here rather than poll the file.
_common_commits: WeakKeyDictionary[Engine, CommonCommits] = WeakKeyDictionary()


def init_hot_engine(app: Flask, engine: Engine) -> None:
    """Give the application a second pool, of connections that begin no transaction by themselves."""
    is_sqlite = engine.dialect.name == "sqlite"
    hot_engine = create_engine(
        engine.url,
        # SQLite's connections are prepared to begin nothing; PostgreSQL's are told to.
        **({} if is_sqlite else {"isolation_level": "AUTOCOMMIT"}),
        # A statement that is its own transaction leaves nothing to roll back.
        pool_reset_on_return=None,
        # Asking each time whether a connection lives would be a round trip more for every answer.
        **{**app.config["SQLALCHEMY_ENGINE_OPTIONS"], "pool_pre_ping": False},
    )
    if is_sqlite:
        event.listen(hot_engine, "connect", prepare_connection)
        _common_commits[hot_engine] = CommonCommits(hot_engine)
    app.extensions[_EXTENSION] = hot_engine


def hot_engine() -> Engine:
    """Return the engine of the hot paths."""
    engine: Engine = current_app.extensions[_EXTENSION]
    return engine


def hot_connection() -> Connection:
    """Return a connection on which every statement is a durable transaction of its own; use it in `with`."""
    return hot_engine().connect()


def open_cursor(connection: PoolProxiedConnection) -> Any:
    """Return a driver's cursor that takes parameters by their places."""
    driver_connection = connection.dbapi_connection
    return (
        psycopg.RawCursor(driver_connection)
        if isinstance(driver_connection, psycopg.Connection)
        else connection.cursor()
    )


class HotCursor:
    """A driver's cursor that takes HotStatements; `commits` are given where no transaction is open on SQLite."""

    def __init__(self, cursor: Any, *, is_sqlite: bool, commits: CommonCommits | None = None) -> None:
        self._cursor = cursor
        self._is_sqlite = is_sqlite
        self._commits = commits

    def execute(self, statement: "HotStatement", parameters: Mapping[str, Any]) -> int:
        """Execute a statement and return how many rows it wrote."""
        if self._commits is not None:
            return self._commits.run(lambda cursor: HotCursor(cursor, is_sqlite=True).execute(statement, parameters))
        self._execute(statement, parameters)
        written: int = self._cursor.rowcount
        return written

    def execute_many(
        self, statement: "HotStatement", rows: Sequence[Mapping[str, Any]], shared: Mapping[str, Any]
    ) -> None:
        """Execute a statement once for each row of plain parameters, and those that all share; in a transaction."""
        sql, adapters = self._say(statement)
        same = dict(zip(shared, adapt(shared.values(), adapters), strict=True))
        self._cursor.executemany(sql, [[{**same, **row}[name] for name in statement.names] for row in rows])

    def execute_all(self, writes: Sequence["Write"]) -> None:
        """Write what several statements say, the first of them first, or nothing: each must write a row.

        What all of them name is the same for all. On PostgreSQL they are one statement, which waits for the server
        once; none sees what another writes. Raise NothingWritten; in a transaction it can then only be rolled back.
        """
        if self._is_sqlite or len(writes) > _MAX_TOGETHER:
            self._execute_each(writes)
            return
        together = put_together(tuple(statement.line for statement, _ in writes))
        values = [writes[number][1][name] for number, name in together.places]
        try:
            self._cursor.execute(together.sql, adapt(values, FOR_POSTGRESQL))
        except (psycopg.errors.DivisionByZero, psycopg.errors.UniqueViolation) as error:
            raise NothingWritten(str(error)) from error

    def _execute_each(self, writes: Sequence["Write"]) -> None:
        if not self._is_sqlite and self._cursor.connection.info.transaction_status == TransactionStatus.IDLE:
            raise NothingWritten("these are too many for one statement, and there is no transaction to hold several")
        for statement, parameters in writes:
            if self.execute(statement, parameters) < 1:
                raise NothingWritten(statement.line)

    def fetch_one(self, statement: "HotStatement", parameters: Mapping[str, Any]) -> tuple[Any, ...] | None:
        """Return the first row a statement reads, its values as the driver gives them, or None."""
        self._execute(statement, parameters)
        row: tuple[Any, ...] | None = self._cursor.fetchone()
        return row

    def fetch(self, statement: "HotStatement", parameters: Mapping[str, Any]) -> list[Any]:
        """Return the rows a statement reads, or writes in a transaction: see `read_id` and `read_time`."""
        self._execute(statement, parameters)
        rows: list[Any] = self._cursor.fetchall()
        return rows

    def _execute(self, statement: "HotStatement", parameters: Mapping[str, Any]) -> None:
        sql, adapters = self._say(statement)
        self._cursor.execute(sql, adapt(map(parameters.__getitem__, statement.names), adapters))

    def _say(self, statement: "HotStatement") -> tuple[str, Mapping[type, Callable[[Any], str]]]:
        if self._is_sqlite:
            return statement.sqlite, FOR_SQLITE
        return statement.postgresql, FOR_POSTGRESQL


class HotStatement:
    """One statement that both databases understand, its parameters written as `:name`.

    Parameters are UUIDs, aware datetimes, days, dictionaries (stored as JSON), strings, integers or None. What locks
    rows is left out for SQLite, where one transaction writes at a time.
    """

    def __init__(self, sql: str) -> None:
        self.line = " ".join(sql.split())
        self.names = list_parameters(self.line)
        # By their places: to look for names anew each time takes psycopg longer than to send the statement.
        self.sqlite = place_parameters(_LOCKS.sub("", self.line), "?", self.names)
        self.postgresql = place_parameters(self.line, "$", self.names)


Write = tuple[HotStatement, Mapping[str, Any]]


class NothingWritten(Exception):
    """A statement found no row to change, or one that stands in its way: what was read before no longer holds."""


@contextmanager
def hot_cursor(engine: Engine | None = None) -> Iterator[HotCursor]:
    """Yield a cursor of a pooled connection on which every statement is a durable transaction of its own.

    Outside of an application context give it the hot engine.
    """
    engine = engine or hot_engine()
    connection = engine.raw_connection()
    try:
        cursor = open_cursor(connection)
        commits = _common_commits.get(engine)
        yield HotCursor(cursor, is_sqlite=commits is not None, commits=commits)
        cursor.close()
    except engine.dialect.loaded_dbapi.Error as error:
        # The connection may be broken: the pool makes another in its place, and if the database went
        # away, for all the idle ones too.
        is_cut = engine.dialect.is_disconnect(error, connection.dbapi_connection, None)
        connection.invalidate()
        if is_cut:
            engine.dispose()
        raise
    finally:
        connection.close()


@contextmanager
def hot_transaction() -> Iterator[HotCursor]:
    """Yield a cursor whose statements are one durable writing transaction, undone by any error."""
    engine = hot_engine()
    commits = _common_commits.get(engine)
    if commits is not None:
        with commits.transaction() as cursor:
            yield HotCursor(cursor, is_sqlite=True)
        return
    connection = engine.raw_connection()
    try:
        cursor = open_cursor(connection)
        cursor.execute("BEGIN")
        try:
            yield HotCursor(cursor, is_sqlite=False)
        except BaseException:
            cursor.execute("ROLLBACK")
            raise
        cursor.execute("COMMIT")
        cursor.close()
    except engine.dialect.loaded_dbapi.Error:
        connection.invalidate()
        raise
    finally:
        connection.close()


def exchange(work: Callable[[HotCursor], Result]) -> Result:
    """Call `work` with a cursor to read once and then write once by `execute_all`, durably; return what it returns.

    Any error leaves nothing written. On SQLite it is one transaction, in which others may be done too. On PostgreSQL
    nothing is locked meanwhile, which saves two round trips: the first statement that is written must itself require
    that what was read still stands.
    """
    commits = _common_commits.get(hot_engine())
    if commits is not None:
        return commits.run(lambda cursor: work(HotCursor(cursor, is_sqlite=True)))
    with hot_cursor() as hot:
        return work(hot)


def read_id(value: str | uuid.UUID) -> uuid.UUID:
    """Return a UUID as a driver gives it."""
    return uuid.UUID(hex=value) if isinstance(value, str) else value


def read_time(value: Any) -> datetime | None:
    """Return a time as a driver gives it."""
    if isinstance(value, str):
        return datetime.fromisoformat(value).replace(tzinfo=UTC)
    return value.astimezone(UTC) if value is not None else None


def read_day(value: Any) -> date | None:
    """Return a day as a driver gives it."""
    return date.fromisoformat(value) if isinstance(value, str) else value
