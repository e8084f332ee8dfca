"""How Alembic reaches the application's database and tables."""

from alembic import context
from flask import current_app

from widget import rooms  # noqa: F401 - importing the rooms declares their tables.
from widget.core.db import Model, db

with db.engine.connect() as connection:
    if connection.dialect.name == "sqlite":
        # SQLite changes a table by making it anew, which foreign keys to it would forbid
        # (sqlite.org/lang_altertable.html, section 7). They can be switched off only outside of a transaction.
        connection.connection.cursor().execute("PRAGMA foreign_keys = OFF")
    context.configure(
        connection=connection,
        target_metadata=Model.metadata,
        transaction_per_migration=True,
        **current_app.extensions["migrate"].configure_args,
    )
    with context.begin_transaction():
        context.run_migrations()
    if connection.dialect.name == "sqlite":
        # The connection goes back to the pool.
        connection.connection.cursor().execute("PRAGMA foreign_keys = ON")
