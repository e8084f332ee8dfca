"""An upgrade keeps every row, also of tables that SQLite has to make anew."""

import uuid
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import text

from tests.applications import dispose, make_settings
from tests.house.test_migrations import new_database  # noqa: F401 - a fixture
from widget import create_app
from widget.core.db import db

SITE, CAROL, VISITOR = (uuid.UUID(int=number) for number in (1, 2, 3))


@pytest.fixture
def old_database(new_database: Callable[[], str], tmp_path: Path) -> Flask:  # noqa: F811
    """A database as the version before left it, with a customer whom a visitor refers to."""
    app = create_app(make_settings(tmp_path, new_database()))
    with app.app_context():
        upgrade(revision="0002")
        ids = {"site": SITE, "carol": CAROL, "visitor": VISITOR}
        if db.engine.dialect.name == "sqlite":
            ids = {name: value.hex for name, value in ids.items()}
        for statement in (
            "INSERT INTO sites (id, key, name, requires_consent, ask_every_days, z_index, quiet_paths, theme, version,"
            " created_at) VALUES (:site, 'st_old', 'Old', false, 14, 1000, '[]', '{}', 1, '2026-01-01 00:00:00')",
            "INSERT INTO customers (site_id, id, external_id, email, name, created_at)"
            " VALUES (:site, :carol, 'carol', 'Jo.Do@gmail.com', 'Carol', '2026-01-01 00:00:00')",
            "INSERT INTO visitors (site_id, id, customer_id, created_at)"
            " VALUES (:site, :visitor, :carol, '2026-01-01 00:00:00')",
        ):
            db.session.execute(text(statement), {name: ids[name] for name in ids if f":{name}" in statement})
        db.session.commit()
        db.session.remove()
    yield app
    dispose(app)


def count_visitors_of_carol() -> int:
    joined = "SELECT count(*) FROM visitors JOIN customers USING (site_id) WHERE visitors.customer_id = customers.id"
    return int(db.session.scalar(text(joined)) or 0)


def test_customers_and_who_refers_to_them_survive_the_upgrade_and_the_way_back(old_database: Flask) -> None:
    with old_database.app_context():
        upgrade()
        row = db.session.execute(text("SELECT external_id, email_key, accepts_marketing FROM customers")).one()
        assert (row.external_id, row.email_key, bool(row.accepts_marketing)) == ("carol", "jodo@gmail.com", False)
        assert count_visitors_of_carol() == 1
        db.session.remove()
        downgrade(revision="0002")
        assert db.session.execute(text("SELECT name FROM customers")).scalars().all() == ["Carol"]
        assert count_visitors_of_carol() == 1
        db.session.remove()


def test_foreign_keys_are_kept_again_after_an_upgrade(old_database: Flask) -> None:
    with old_database.app_context():
        upgrade()
        if db.engine.dialect.name == "sqlite":
            for _ in range(3):
                with db.engine.connect() as connection:
                    assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
