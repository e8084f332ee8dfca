"""Files and functions stay small enough to be read whole."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house.source import REPOSITORY, WIDGET, list_modules, name_of, parse

LIMITS = (
    ("widget", "*.py", 250),
    ("bench", "*.py", 250),
    ("tests", "*.py", 400),
    ("static", "*.js", 200),
    ("tests", "*.mjs", 400),
    ("templates", "*.html", 300),
    ("static", "*.css", 300),
)
AVERAGE_PYTHON_LINES = 102
MAX_FUNCTION_LINES = 40
MAX_CREATE_APP_FILE_LINES = 60


def list_files(folder: str, pattern: str) -> Iterator[Path]:
    for path in sorted((REPOSITORY / folder).rglob(pattern)):
        if "versions" not in path.parts and "results" not in path.parts:
            yield path


def count_lines(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


@pytest.mark.parametrize(("folder", "pattern", "limit"), LIMITS)
def test_file_is_small(folder: str, pattern: str, limit: int) -> None:
    sizes = {name_of(path): count_lines(path) for path in list_files(folder, pattern)}
    assert not {name: size for name, size in sizes.items() if size > limit}


def test_python_files_are_short_on_average() -> None:
    sizes = [count_lines(path) for path in list_modules()]
    assert sum(sizes) / len(sizes) <= AVERAGE_PYTHON_LINES


def test_application_is_put_together_on_one_page() -> None:
    assert count_lines(WIDGET / "__init__.py") <= MAX_CREATE_APP_FILE_LINES


def test_functions_are_small() -> None:
    long = {}
    for path in (*list_modules(), *list_files("tests", "*.py"), *list_files("bench", "*.py")):
        for node in ast.walk(parse(path)):
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                lines = (node.end_lineno or node.lineno) - node.lineno + 1
                if lines > MAX_FUNCTION_LINES:
                    long[f"{name_of(path)}: {node.name}"] = lines
    assert not long


def test_no_unfinished_business_is_left() -> None:
    marks = ("TO" + "DO", "FIX" + "ME", "XX" + "X ", "HA" + "CK")
    left = [
        f"{name_of(path)}: {mark}"
        for folder, pattern, _ in LIMITS
        for path in list_files(folder, pattern)
        for mark in marks
        if mark in path.read_text(encoding="utf-8")
    ]
    assert not left
