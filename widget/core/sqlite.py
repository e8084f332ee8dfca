"""How SQLite is made safe: full syncs, foreign keys, and transactions that begin when we say so."""

from typing import Any

from sqlalchemy import Connection

BUSY_MILLISECONDS = 15_000


def prepare_connection(dbapi_connection: Any, _record: object) -> None:
    """Prepare a new connection; it begins no transaction by itself."""
    # Python's own transaction handling would begin late and lose updates, so it is switched off.
    dbapi_connection.isolation_level = None
    for pragma in (
        f"busy_timeout = {BUSY_MILLISECONDS}",
        "journal_mode = WAL",
        "synchronous = FULL",
        "foreign_keys = ON",
    ):
        dbapi_connection.execute(f"PRAGMA {pragma}")


def begin_transaction(connection: Connection) -> None:
    """Begin the transaction the toolkit believes to have begun."""
    # A writer takes the lock before its first read: upgrading a reader later fails at once with "locked".
    is_writing = connection.get_execution_options().get("write")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if is_writing else "BEGIN")
