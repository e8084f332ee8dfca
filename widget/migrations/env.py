"""How Alembic reaches the application's database and tables."""

from alembic import context
from flask import current_app

from widget import rooms  # noqa: F401 - importing the rooms declares their tables.
from widget.core.db import Model, db

with db.engine.connect() as connection:
    context.configure(
        connection=connection,
        target_metadata=Model.metadata,
        transaction_per_migration=True,
        **current_app.extensions["migrate"].configure_args,
    )
    with context.begin_transaction():
        context.run_migrations()
