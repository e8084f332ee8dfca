"""What docs/compared.md says of tests is so: each test it names exists."""

import re

import pytest

from tests.house.source import REPOSITORY

NAMED = re.findall(r'`(test_\w+|"[^"`]+")`', (REPOSITORY / "docs" / "compared.md").read_text(encoding="utf-8"))


def list_tests() -> str:
    files = [*(REPOSITORY / "tests").rglob("test_*.py"), *(REPOSITORY / "tests" / "js").glob("*.test.mjs")]
    return "\n".join(path.read_text(encoding="utf-8") for path in files)


@pytest.fixture(scope="module")
def tests() -> str:
    return list_tests()


@pytest.mark.parametrize("name", NAMED)
def test_named_test_exists(tests: str, name: str) -> None:
    assert f"def {name}(" in tests or f"test({name}," in tests
