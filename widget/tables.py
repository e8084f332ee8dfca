"""Every module of tables, imported so that the database knows them all."""
