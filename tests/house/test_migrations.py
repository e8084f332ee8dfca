"""A database made by the migrations is the one the models describe, on both databases."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from alembic.script import ScriptDirectory
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import Connection, Engine, create_engine, inspect

from tests.applications import dispose, make_application, make_settings
from tests.databases import PostgresServer
from widget import MIGRATIONS_DIR
from widget.core.db import Model, db

Description = dict[str, dict[str, Any]]


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def new_database(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Callable[[], str]:
    """Make an empty database and return its address."""
    if request.param == "sqlite":
        return lambda: f"sqlite:///{tmp_path_factory.mktemp('migrations')}/new.db"
    server: PostgresServer = request.getfixturevalue("postgres_server")
    return server.create_database


@pytest.fixture(scope="module")
def migrated(new_database: Callable[[], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    app = make_application(make_settings(Path(tmp_path_factory.mktemp("data")), new_database()))
    yield app
    dispose(app)


def describe(connection: Connection) -> Description:
    """Return everything a database tells of its tables, without the migrations' own."""
    found = inspect(connection)
    return {
        name: {
            "columns": {
                column["name"]: (
                    column["type"].compile(connection.dialect),
                    column["nullable"],
                    column["default"],
                )
                for column in found.get_columns(name)
            },
            "primary key": found.get_pk_constraint(name),
            "foreign keys": by_name(found.get_foreign_keys(name)),
            "unique keys": by_name(found.get_unique_constraints(name)),
            "checks": {
                check["name"]: re.sub(r"\s+", " ", check["sqltext"]) for check in found.get_check_constraints(name)
            },
            "indexes": by_name([plain_index(index) for index in found.get_indexes(name)]),
        }
        for name in found.get_table_names()
        if name != "alembic_version"
    }


def plain_index(index: Any) -> dict[str, Any]:
    # The condition of a partial index comes as an expression, which compares by identity.
    options = {name: str(option) for name, option in index.get("dialect_options", {}).items()}
    return {**index, "dialect_options": options}


def by_name(rows: Any) -> dict[str, Any]:
    named = {row["name"]: row for row in rows}
    assert None not in named, "a constraint without a name cannot be changed later"
    return named


def describe_engine(engine: Engine) -> Description:
    with engine.connect() as connection:
        return describe(connection)


def test_migrations_make_what_the_models_describe(migrated: Flask, new_database: Callable[[], str]) -> None:
    with migrated.app_context():
        by_migrations = describe_engine(db.engine)
        url = new_database().replace("postgresql://", "postgresql+psycopg://")
    engine = create_engine(url)
    Model.metadata.create_all(engine)
    by_models = describe_engine(engine)
    engine.dispose()
    assert by_migrations.keys() == by_models.keys()
    for table, described in by_models.items():
        for aspect, expected in described.items():
            assert by_migrations[table][aspect] == expected, f"{aspect} of {table}"


def test_description_sees_checks_and_partial_indexes(migrated: Flask) -> None:
    # A comparison that is blind to these would agree about anything.
    with migrated.app_context():
        tables = describe_engine(db.engine)
    assert "ck_survey_responses_score" in tables["survey_responses"]["checks"]
    partial = tables["signing_keys"]["indexes"]["uq_signing_keys_live_slot"]
    assert any("revoked_at IS NULL" in condition for condition in partial["dialect_options"].values())
    assert tables["survey_responses"]["foreign keys"]
    assert tables["api_keys"]["unique keys"]


def test_last_migration_goes_down_and_up_again(migrated: Flask) -> None:
    with migrated.app_context():
        before = describe_engine(db.engine)
        db.engine.dispose()
        downgrade(revision="-1")
        assert describe_engine(db.engine).keys() < before.keys() or describe_engine(db.engine) != before
        upgrade()
        assert describe_engine(db.engine) == before


def test_upgrade_of_an_upgraded_database_changes_nothing(migrated: Flask) -> None:
    with migrated.app_context():
        before = describe_engine(db.engine)
        upgrade()
        assert describe_engine(db.engine) == before


def test_migrations_are_one_numbered_line() -> None:
    script = ScriptDirectory(str(MIGRATIONS_DIR))
    assert len(script.get_heads()) == 1
    revisions = [revision.revision for revision in reversed(list(script.walk_revisions()))]
    assert revisions == [f"{number:04}" for number in range(1, len(revisions) + 1)]
    for path in (MIGRATIONS_DIR / "versions").glob("*.py"):
        assert re.fullmatch(r"\d{4}_[a-z_]+\.py", path.name), path.name
