"""Altering the ledger by hand, past the guard that the database holds over it."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import text

from widget.core.db import begin_writing_anew, db


@contextmanager
def unguarded() -> Iterator[None]:
    """Take the guard away for a while; whoever may change the schema can do as much."""
    is_sqlite = db.engine.dialect.name == "sqlite"
    guards = text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'loyalty_entries'")
    begin_writing_anew()
    triggers = dict(db.session.execute(guards).tuples().all()) if is_sqlite else {}
    off = [f"DROP TRIGGER {name}" for name in triggers] or ["ALTER TABLE loyalty_entries DISABLE TRIGGER USER"]
    on = list(triggers.values()) or ["ALTER TABLE loyalty_entries ENABLE TRIGGER USER"]
    _execute(off)
    try:
        yield
    finally:
        begin_writing_anew()
        _execute(on)


def _execute(statements: list[str]) -> None:
    for statement in statements:
        db.session.execute(text(statement))
    db.session.commit()
