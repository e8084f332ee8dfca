"""Every module of tables, imported so that the database knows them all."""

# ruff: noqa: F401 - importing a module declares its tables.
