"""Reading how far the database is migrated."""

from functools import lru_cache

from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import current_app

from widget.core.hot import hot_connection


def is_migrated() -> bool:
    """Tell whether the database stands at the newest migration; raise what the driver raises."""
    with hot_connection() as connection:
        heads = MigrationContext.configure(connection).get_current_heads()
    return set(heads) == _list_newest_migrations(current_app.extensions["migrate"].directory)


@lru_cache(maxsize=1)
def _list_newest_migrations(directory: str) -> set[str]:
    return set(ScriptDirectory(directory).get_heads())
