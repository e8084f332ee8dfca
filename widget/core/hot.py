"""The hot paths' way to the database: single statements, each a durable transaction of its own.

A HotStatement goes straight to the driver: the toolkit's work for one execution costs more than the
insert itself (`bench/response.py`). Everything that is not on a hot path uses the ORM.
"""

import re
import threading
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from operator import attrgetter
from typing import Any

import orjson
from flask import Flask, current_app
from sqlalchemy import Connection, Engine, create_engine, event

from widget.core.sqlite import prepare_connection

_EXTENSION = "regulars_hot_engine"
# SQLite has one writer at a time; threads of a process wait for each other here rather than poll the file.
_sqlite_writer = threading.Lock()
_PARAMETER = re.compile(r":([a-z_]+)")


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
    """A driver's cursor that takes HotStatements."""

    def __init__(self, cursor: Any, *, is_sqlite: bool) -> None:
        self._cursor = cursor
        self._is_sqlite = is_sqlite

    def execute(self, statement: "HotStatement", parameters: Mapping[str, Any]) -> int:
        """Execute a statement and return how many rows it wrote."""
        if self._is_sqlite:
            adapted = _adapt(parameters, _FOR_SQLITE)
            with _sqlite_writer:
                self._cursor.execute(statement.sqlite, adapted)
        else:
            self._cursor.execute(statement.postgresql, _adapt(parameters, _FOR_POSTGRESQL))
        written: int = self._cursor.rowcount
        return written

    def fetch_one(self, statement: "HotStatement", parameters: Mapping[str, Any]) -> tuple[Any, ...] | None:
        """Return the first row a statement reads, its values as the driver gives them, or None."""
        if self._is_sqlite:
            self._cursor.execute(statement.sqlite, _adapt(parameters, _FOR_SQLITE))
        else:
            self._cursor.execute(statement.postgresql, _adapt(parameters, _FOR_POSTGRESQL))
        row: tuple[Any, ...] | None = self._cursor.fetchone()
        return row


class HotStatement:
    """One statement that both databases understand, its parameters written as `:name`.

    Parameters are UUIDs, aware datetimes, dictionaries (stored as JSON), strings, integers or None.
    """

    def __init__(self, sql: str) -> None:
        self.sqlite = " ".join(sql.split())
        self.postgresql = _PARAMETER.sub(r"%(\1)s", self.sqlite)


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


def _spell_time(moment: datetime) -> str:
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")


def _spell_document(document: dict[str, Any]) -> str:
    return orjson.dumps(document).decode()


_FOR_POSTGRESQL: dict[type, Callable[[Any], str]] = {dict: _spell_document}
_FOR_SQLITE: dict[type, Callable[[Any], str]] = {**_FOR_POSTGRESQL, uuid.UUID: attrgetter("hex"), datetime: _spell_time}


def _adapt(parameters: Mapping[str, Any], adapters: Mapping[type, Callable[[Any], str]]) -> dict[str, Any]:
    """Return the parameters as the driver takes them; most are that already."""
    return {
        name: adapters[type(value)](value) if type(value) in adapters else value for name, value in parameters.items()
    }
