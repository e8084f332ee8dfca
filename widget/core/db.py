"""The database: base class, column types, and how transactions begin on SQLite and PostgreSQL."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, TypeVar, cast

from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import JSON, Connection, DateTime, Dialect, MetaData, Uuid, event, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, registry
from sqlalchemy.types import TypeDecorator

from widget.core.hot import HotCursor, hot_engine, init_hot_engine, open_cursor
from widget.core.problems import NotFound
from widget.core.sqlite import begin_transaction, prepare_connection


class UTCDateTime(TypeDecorator[datetime]):
    """Store aware datetimes in UTC; refuse naive ones."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive datetime cannot be stored: say which time zone it is in")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


JSONDocument = JSON().with_variant(JSONB(), "postgresql")


class Model(DeclarativeBase):
    """The base of every table."""

    registry = registry(
        metadata=MetaData(
            naming_convention={
                "ix": "ix_%(table_name)s_%(column_0_N_name)s",
                "uq": "uq_%(table_name)s_%(column_0_N_name)s",
                "ck": "ck_%(table_name)s_%(constraint_name)s",
                "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
                "pk": "pk_%(table_name)s",
            }
        ),
        type_annotation_map={
            datetime: UTCDateTime(),
            uuid.UUID: Uuid(),
            dict[str, Any]: JSONDocument,
            list[Any]: JSONDocument,
        },
    )


db = SQLAlchemy(metadata=Model.metadata)

Row = TypeVar("Row", bound=Model)


def init_database(app: Flask) -> None:
    """Attach the database to the application and prepare its connections."""
    db.init_app(app)
    with app.app_context():
        if db.engine.dialect.name == "sqlite":
            event.listen(db.engine, "connect", prepare_connection)
            event.listen(db.engine, "begin", begin_transaction)
        init_hot_engine(app, db.engine)


def dispose_connections(*, close: bool = True) -> None:
    """Give up every pooled connection; a forked process leaves its parent's open with `close=False`."""
    for engine in (db.engine, hot_engine()):
        engine.dispose(close=close)


def begin_writing() -> None:
    """Make the session's transaction a writing one; call it before the first read."""
    db.session.connection(execution_options={"write": True})


def begin_writing_anew() -> None:
    """Begin a writing transaction after reading in another, whose rows are read anew."""
    db.session.rollback()
    begin_writing()


def session_cursor() -> HotCursor:
    """Return a cursor that takes HotStatements in the session's own transaction, which must be a writing one."""
    db.session.flush()
    cursor = open_cursor(db.session.connection().connection)
    return HotCursor(cursor, is_sqlite=db.engine.dialect.name == "sqlite")


def wait_for_turn(*names: str) -> None:
    """Let transactions that name the same thing pass one after another, until each has ended.

    SQLite has one writer at a time anyway.
    """
    if db.engine.dialect.name != "postgresql":
        return
    # In one order everywhere, so that two transactions never wait for each other.
    for number in sorted(int.from_bytes(sha256(name.encode()).digest()[:8], "big", signed=True) for name in names):
        db.session.execute(select(func.pg_advisory_xact_lock(number)))


@contextmanager
def writing_connection() -> Iterator[Connection]:
    """Yield a connection in one writing transaction, committed at the end unless an error leaves it."""
    with db.engine.connect().execution_options(write=True) as connection, connection.begin():
        yield connection


def insert_unless_known(model: type[Model]) -> postgresql.Insert:
    """Return an INSERT that takes `on_conflict_do_nothing` and `on_conflict_do_update`.

    SQLite's and PostgreSQL's statements are classes of their own with the same methods.
    """
    if db.engine.dialect.name == "sqlite":
        return cast(postgresql.Insert, sqlite.insert(model))
    return postgresql.insert(model)


def find_in_site(model: type[Row], site_id: uuid.UUID, row_id: uuid.UUID) -> Row | None:
    """Return the row of this site with this id, or None."""
    return db.session.get(model, (site_id, row_id))


def get_in_site(model: type[Row], site_id: uuid.UUID, row_id: uuid.UUID) -> Row:
    """Return the row of this site with this id; raise NotFound, also for another site's row."""
    row = find_in_site(model, site_id, row_id)
    if row is None:
        raise NotFound()
    return row
