"""What only one place does: commit, read the environment, read the clock, make a blueprint, hold SQL."""

import ast
from pathlib import Path

from tests.house.source import WIDGET, list_calls, list_imports, list_modules, name_of, parse

COMMITTERS = {"embed_api", "embed_writing_api", "store_api", "pages", "links", "public", "tasks", "commands", "doors"}
COMMITTING_EXCEPTIONS = {
    "widget/intake/imports.py": "an import commits small batches",
    "widget/core/background.py": "runs the tasks, whose transactions it ends",
    "widget/core/mail_delivery.py": "sends mails one by one, each between two transactions, for the worker",
    "widget/demo/points.py": "plays a month of earning, for the `demo` command",
    "widget/demo/service.py": "plays the store and its owner from outside, for the `demo` command",
    "widget/demo/visits.py": "plays shoppers from outside, for the `demo` command",
    "widget/loyalty/settling.py": "commits points that were held, in its caller's transaction",
    "widget/surveys/rollups.py": "counts in small batches, each a transaction, for the worker",
    "widget/reviews/imports.py": "an import commits small batches",
    "widget/loyalty/imports.py": "an import commits small batches",
    "widget/popups/imports.py": "an import commits small batches",
    "widget/surveys/imports.py": "an import commits small batches",
}
CLOCKS = {"time.time", "time.time_ns", "datetime.now", "datetime.utcnow", "datetime.today", "date.today",
          "datetime.datetime.now", "datetime.date.today"}  # fmt: skip
CLOCK_READERS = {
    "widget/core/clock.py": "the one place",
    "widget/demo/signing.py": "is the store's own code, as docs/embed.md shows it",
}
ENVIRONMENT_READERS = {
    "widget/config.py": "the one place",
    "widget/operations/keep_running.py": "a script beside the application: it starts and ends with gunicorn",
}


def door_of(path: Path) -> str:
    """Return what a file is by its name: `account_pages.py` holds pages too, `segment_tasks.py` tasks."""
    return next((kind for kind in ("pages", "tasks", "embed_api") if path.stem.endswith(f"_{kind}")), path.stem)


def test_only_doors_tasks_and_commands_commit() -> None:
    committing = {
        name_of(path)
        for path in list_modules()
        for call, _ in list_calls(path)
        if call.endswith(".commit") and door_of(path) not in COMMITTERS
    }
    assert committing <= COMMITTING_EXCEPTIONS.keys()


def test_services_and_queries_never_commit() -> None:
    for path in list_modules():
        if path.stem in ("service", "queries", "rules", "models") and name_of(path) not in COMMITTING_EXCEPTIONS:
            assert not [call for call, _ in list_calls(path) if call.endswith((".commit", ".rollback"))], path


def test_only_one_place_reads_the_clock() -> None:
    readers = {name_of(path) for path in list_modules() for call, _ in list_calls(path) if call in CLOCKS}
    assert readers <= CLOCK_READERS.keys()


def test_rules_read_no_clock() -> None:
    for path in WIDGET.rglob("rules.py"):
        names = set(list_imports(path))
        assert not any(name.startswith(("time", "widget.core.clock", "random", "secrets")) for name in names), path
        assert not {call for call, _ in list_calls(path)} & (CLOCKS | {"utc_now"}), path


def test_rules_stand_on_nothing_that_reads_or_writes() -> None:
    for path in WIDGET.rglob("rules.py"):
        foreign = {name.partition(".")[0] for name in list_imports(path)} & {"flask", "sqlalchemy", "os", "redis"}
        assert not foreign, path


def test_every_rule_shows_an_example() -> None:
    for path in WIDGET.rglob("rules.py"):
        for node in parse(path).body:
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
                assert ">>> " in (ast.get_docstring(node) or ""), f"{name_of(path)}: {node.name}"


def test_only_one_place_reads_the_environment() -> None:
    readers = {
        name_of(path)
        for path in list_modules()
        for node in ast.walk(parse(path))
        if isinstance(node, ast.Attribute) and ast.unparse(node) in ("os.environ", "os.getenv")
    }
    readers |= {name_of(path) for path in list_modules() if set(list_imports(path)) & {"os.environ", "os.getenv"}}
    assert readers <= ENVIRONMENT_READERS.keys()


def test_models_never_import_flask() -> None:
    for path in WIDGET.rglob("models.py"):
        names = {name.partition(".")[0] for name in list_imports(path)}
        assert not names & {"flask", "flask_sqlalchemy", "flask_smorest"}, path


def test_models_hold_no_queries() -> None:
    for path in WIDGET.rglob("models.py"):
        assert not [call for call, _ in list_calls(path) if call in ("select", "update", "delete")], path


def test_queries_never_write() -> None:
    writing = {"insert_unless_known", "update", "delete", "insert"}
    for path in WIDGET.rglob("queries.py"):
        for call, line in list_calls(path):
            is_write = call in writing or call.endswith(("session.add", "session.delete", "session.flush"))
            assert not is_write, f"{name_of(path)}:{line}"


def test_schemas_never_reach_the_database() -> None:
    for path in WIDGET.rglob("*schemas.py"):
        names = set(list_imports(path))
        assert not any(name.startswith(("widget.core.db", "sqlalchemy", "widget.core.hot")) for name in names), path


def test_doors_hold_no_sql() -> None:
    for path in WIDGET.rglob("*.py"):
        if door_of(path) in ("embed_api", "store_api", "pages", "links", "public"):
            names = [name for name in list_imports(path) if not name.startswith("sqlalchemy.exc.")]
            assert not [name for name in names if name.startswith("sqlalchemy")], path


def test_services_never_touch_the_request() -> None:
    for path in WIDGET.rglob("service.py"):
        names = set(list_imports(path))
        assert not names & {"flask.request", "flask.session", "flask.g", "flask.abort", "flask.Response"}, path
