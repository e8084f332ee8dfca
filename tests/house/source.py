"""The source code as the house tests read it."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
WIDGET = REPOSITORY / "widget"
VERSIONS = WIDGET / "migrations"


@cache
def list_modules() -> list[Path]:
    """Return the product's Python files, without the migrations."""
    return [path for path in sorted(WIDGET.rglob("*.py")) if VERSIONS not in path.parents]


@cache
def parse(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def name_of(path: Path) -> str:
    """Return a file's path within the repository."""
    return path.relative_to(REPOSITORY).as_posix()


def room_of(path: Path) -> str:
    """Return the room a file belongs to, or its own name for a file above the rooms."""
    parts = path.relative_to(WIDGET).parts
    return parts[0] if len(parts) > 1 else path.stem


def list_calls(path: Path) -> Iterator[tuple[str, int]]:
    """Return the dotted names that a file calls, such as `db.session.commit`, with their lines."""
    for node in ast.walk(parse(path)):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func), node.lineno


def list_imports(path: Path) -> Iterator[str]:
    """Return the dotted names a file imports: modules, and names from modules."""
    for node in ast.walk(parse(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
