"""Applications for tests: made by the real migrations, emptied between tests."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from flask import Flask
from flask_migrate import upgrade

from widget import create_app
from widget.config import Settings
from widget.core.db import Model, db, dispose_connections, writing_connection
from widget.core.rate_limits import init_rate_limits
from widget.core.ready_answers import forget_ready_answers


def make_settings(data_dir: Path, database_url: str, **changes: Any) -> Settings:
    """Return settings as an operator would have them, in a folder of the test's own."""
    settings = Settings.from_env({"DATA_DIR": str(data_dir), "DATABASE_URL": database_url})
    return replace(settings, **changes)


def make_application(settings: Settings) -> Flask:
    """Return the application with a migrated database."""
    app = create_app(settings)
    app.testing = True
    with app.app_context():
        upgrade()
    return app


def wipe(app: Flask) -> None:
    """Empty every table and everything the process remembers."""
    with app.app_context():
        _empty_tables()
    forget(app)


def forget(app: Flask) -> None:
    """Empty everything the process remembers."""
    for name in [name for name in app.extensions if name.startswith("regulars_published")]:
        del app.extensions[name]
    for name in ("regulars_embed_bodies", "regulars_page_views"):
        app.extensions.pop(name, None)
    forget_ready_answers(app)
    init_rate_limits(app, "")


def _empty_tables() -> None:
    """Empty every table in one round trip; the toolkit would take fifty, before every test."""
    deletes = ";".join(f'DELETE FROM "{name}"' for name in Model.metadata.tables)
    connection = db.engine.raw_connection()
    try:
        driver = connection.driver_connection
        assert driver is not None
        if db.engine.dialect.name == "sqlite":
            driver.executescript(f"PRAGMA foreign_keys = OFF; BEGIN; {deletes}; COMMIT; PRAGMA foreign_keys = ON")
        else:
            # Without foreign-key triggers a DELETE of all takes a millisecond, a TRUNCATE a hundred.
            driver.execute(f"SET LOCAL session_replication_role = replica; {deletes}")
            driver.commit()
    finally:
        connection.close()


@contextmanager
def kept_tables(app: Flask) -> Iterator[Callable[[], None]]:
    """Keep a copy of every table beside it; yield what brings the rows back into tables that were emptied."""
    names = [table.name for table in Model.metadata.sorted_tables]
    _execute(app, [f'CREATE TABLE "kept_{name}" AS SELECT * FROM "{name}"' for name in names])
    try:
        yield lambda: _execute(app, [f'INSERT INTO "{name}" SELECT * FROM "kept_{name}"' for name in names])
    finally:
        _execute(app, [f'DROP TABLE "kept_{name}"' for name in names])


def _execute(app: Flask, statements: list[str]) -> None:
    with app.app_context(), writing_connection() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)


def dispose(app: Flask) -> None:
    """Close the application's connections."""
    with app.app_context():
        db.session.remove()
        dispose_connections()
