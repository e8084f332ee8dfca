"""The hot paths' way to the database: single statements, each a durable transaction of its own.

A HotStatement goes straight to the driver: the toolkit's work for one execution costs more than the
insert itself (`bench/response.py`). Everything that is not on a hot path uses the ORM.
"""

import re
import threading
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from datetime import UTC, date, datetime
from operator import attrgetter
from typing import Any

import orjson
from flask import Flask, current_app
from sqlalchemy import Connection, Engine, create_engine, event

from widget.core.sqlite import prepare_connection

_EXTENSION = "regulars_hot_engine"
# SQLite has one writer at a time; threads of a process wait for each other here rather than poll the file.
_sqlite_writer = threading.Lock()
_PARAMETER = re.compile(r"(?<!:):([a-z_]+)")
_LOCKS = re.compile(r" FOR (?:UPDATE|KEY SHARE)(?: SKIP LOCKED)?")


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
    app.extensions[_EXTENSION] = hot_engine


def hot_engine() -> Engine:
    """Return the engine of the hot paths."""
    engine: Engine = current_app.extensions[_EXTENSION]
    return engine


def hot_connection() -> Connection:
    """Return a connection on which every statement is a durable transaction of its own; use it in `with`."""
    return hot_engine().connect()


class HotCursor:
    """A driver's cursor that takes HotStatements.

    In a transaction the writer's turn was taken when it began.
    """

    def __init__(self, cursor: Any, *, is_sqlite: bool, is_in_transaction: bool = False) -> None:
        self._cursor = cursor
        self._is_sqlite = is_sqlite
        self._turn = nullcontext() if is_in_transaction or not is_sqlite else _sqlite_writer

    def execute(self, statement: "HotStatement", parameters: Mapping[str, Any]) -> int:
        """Execute a statement and return how many rows it wrote."""
        with self._turn:
            self._execute(statement, parameters)
        written: int = self._cursor.rowcount
        return written

    def execute_many(
        self, statement: "HotStatement", rows: Sequence[Mapping[str, Any]], shared: Mapping[str, Any]
    ) -> None:
        """Execute a statement once for each row of plain parameters, and those that all share; in a transaction."""
        adapters = _FOR_SQLITE if self._is_sqlite else _FOR_POSTGRESQL
        sql, same = (statement.sqlite if self._is_sqlite else statement.postgresql), _adapt(shared, adapters)
        self._cursor.executemany(sql, [{**same, **row} for row in rows])

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
        if self._is_sqlite:
            self._cursor.execute(statement.sqlite, _adapt(parameters, _FOR_SQLITE))
        else:
            self._cursor.execute(statement.postgresql, _adapt(parameters, _FOR_POSTGRESQL))


class HotStatement:
    """One statement that both databases understand, its parameters written as `:name`.

    Parameters are UUIDs, aware datetimes, days, dictionaries (stored as JSON), strings, integers or None. What locks
    rows is left out for SQLite, where one transaction writes at a time.
    """

    def __init__(self, sql: str) -> None:
        line = " ".join(sql.split())
        self.sqlite = _LOCKS.sub("", line)
        self.postgresql = _PARAMETER.sub(r"%(\1)s", line)


@contextmanager
def hot_cursor(engine: Engine | None = None) -> Iterator[HotCursor]:
    """Yield a cursor of a pooled connection on which every statement is a durable transaction of its own.

    Outside of an application context give it the hot engine.
    """
    engine = engine or hot_engine()
    connection = engine.raw_connection()
    try:
        cursor = connection.cursor()
        yield HotCursor(cursor, is_sqlite=engine.dialect.name == "sqlite")
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
    is_sqlite = engine.dialect.name == "sqlite"
    connection = engine.raw_connection()
    try:
        with _sqlite_writer if is_sqlite else nullcontext():
            cursor = connection.cursor()
            cursor.execute("BEGIN IMMEDIATE" if is_sqlite else "BEGIN")
            try:
                yield HotCursor(cursor, is_sqlite=is_sqlite, is_in_transaction=True)
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


def _spell_time(moment: datetime) -> str:
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")


def _spell_document(document: dict[str, Any]) -> str:
    return orjson.dumps(document).decode()


_FOR_POSTGRESQL: dict[type, Callable[[Any], str]] = {dict: _spell_document}
_FOR_SQLITE: dict[type, Callable[[Any], str]] = {
    **_FOR_POSTGRESQL,
    uuid.UUID: attrgetter("hex"),
    datetime: _spell_time,
    date: date.isoformat,
}


def _adapt(parameters: Mapping[str, Any], adapters: Mapping[type, Callable[[Any], str]]) -> dict[str, Any]:
    """Return the parameters as the driver takes them; most are that already."""
    return {
        name: adapters[type(value)](value) if type(value) in adapters else value for name, value in parameters.items()
    }
