"""Altering the ledger by hand, past the guard that the database holds over it."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import text

from widget.core.db import begin_writing_anew, db


@contextmanager
def unguarded() -> Iterator[None]:
    """Take the guard away for a while; whoever may change the schema can do as much."""
    is_sqlite = db.engine.dialect.name == "sqlite"
    begin_writing_anew()
    triggers = _read_triggers() if is_sqlite else {}
    off = [f"DROP TRIGGER {name}" for name in triggers] or ["ALTER TABLE loyalty_entries DISABLE TRIGGER USER"]
    on = list(triggers.values()) or ["ALTER TABLE loyalty_entries ENABLE TRIGGER USER"]
    _execute(off)
    try:
        yield
    finally:
        begin_writing_anew()
        if is_sqlite:
            # A connection that did not drop them itself believes they are there, until it reads the schema anew.
            assert _read_triggers() == {}
        _execute(on)


def _read_triggers() -> dict[str, str]:
    guards = text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'loyalty_entries'")
    return dict(db.session.execute(guards).tuples().all())


def _execute(statements: list[str]) -> None:
    for statement in statements:
        db.session.execute(text(statement))
    db.session.commit()
