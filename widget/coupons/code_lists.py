"""Lists of codes as owners have them: one a line, or the first column of a CSV file. Pure."""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from widget.core.exporting import unmark_formula
from widget.coupons.rules import MAX_CODE_LENGTH, code_key

MAX_CODES = 10_000
HEADERS = frozenset({"code", "codes", "coupon", "coupon code", "discount code", "codice", "kode"})
DELIMITERS = ",;\t"


@dataclass(frozen=True)
class RefusedCode:
    """A line whose code was not taken, and why."""

    line: int
    code: str
    detail: str


@dataclass
class CodeList:
    """What a list says: codes by the form in which they are compared, each with its line, and what is refused."""

    codes: dict[str, tuple[int, str]] = field(default_factory=dict)
    refused: list[RefusedCode] = field(default_factory=list)

    def add(self, line: int, code: str) -> None:
        """Take a code, or note why not."""
        key = code_key(code)
        if problem := find_code_problem(code):
            self.refused.append(RefusedCode(line, code[: MAX_CODE_LENGTH + 1], problem))
        elif key in self.codes:
            self.refused.append(RefusedCode(line, code, f"Stands in line {self.codes[key][0]} already."))
        else:
            self.codes[key] = (line, code)


def find_code_problem(code: str) -> str:
    """Return why a text is no code, nothing where it is one.

    >>> find_code_problem("TEA-5"), find_code_problem("TEA 5")
    ('', 'A code is 1 to 64 characters without spaces.')
    """
    is_code = 1 <= len(code) <= MAX_CODE_LENGTH >= len(code_key(code)) and code.isprintable() and " " not in code
    return "" if is_code else f"A code is 1 to {MAX_CODE_LENGTH} characters without spaces."


def read_codes(codes: Iterable[str]) -> CodeList:
    """Return what a list of codes says, the first of which is line 1.

    >>> found = read_codes(["TEA-1", "tea-1", " TEA-2 "])
    >>> [code for _, code in found.codes.values()], [(one.line, one.detail) for one in found.refused]
    (['TEA-1', 'TEA-2'], [(2, 'Stands in line 1 already.')])
    """
    found = CodeList()
    for line, code in enumerate(codes, start=1):
        found.add(line, code.strip())
    return found


def read_code_text(text: str) -> CodeList:
    r"""Return what a text says: one code a line, or a CSV whose first column, or the one named "code", holds them.

    >>> found = read_code_text("name;Code\nspring;TEA-1\n\nsummer;TEA-2\n")
    >>> list(found.codes.values())
    [(2, 'TEA-1'), (4, 'TEA-2')]
    """
    found, column = CodeList(), 0
    for line, cells in _list_rows(text):
        if line == 1:
            names = [cell.strip().lower() for cell in cells]
            column = next((place for place, name in enumerate(names) if name in HEADERS), -1)
            if column >= 0:
                continue
            column = 0
        code = cells[column] if column < len(cells) else ""
        found.add(line, unmark_formula(code).strip())
    return found


def _list_rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows that are not blank with the numbers of their lines."""
    lines = text.removeprefix("\ufeff").splitlines()
    first = lines[0] if lines else ""
    delimiter = max(DELIMITERS, key=first.count)
    for number, line in enumerate(lines, start=1):
        if line.strip():
            # A code holds no line end, so each line is a row by itself, whatever quotes it has.
            yield number, next(csv.reader([line], delimiter=delimiter), [])
