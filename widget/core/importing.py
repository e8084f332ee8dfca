"""Files to import, read row by row; `import_runs.py` stores what they hold."""

import codecs
import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from widget.core.exporting import unmark_formula

DELIMITERS = ",;\t"
# Columns of an error file; an import passes over them, so that a corrected error file can be imported.
ERROR_PREFIX = "error."
_READ_BYTES = 1024 * 1024
_UTF16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


class FileRefused(Exception):
    """A file that cannot be imported at all; the message says why."""


class RowRefused(Exception):
    """A row that cannot be imported; `column` is empty where the whole row is wrong.

    Where several rows are read as one thing, `number` says which of them is wrong.
    """

    def __init__(self, column: str, message: str, number: int | None = None) -> None:
        super().__init__(message)
        self.column = column
        self.message = message
        self.number = number


@dataclass(frozen=True)
class SourceRow:
    """One row as it stands in the file, numbered as a spreadsheet does: the header is row 1.

    `problem` is set where the file itself is broken at this row; `original` is what the error file repeats.
    """

    number: int
    values: Mapping[str, Any]
    original: Sequence[str]
    problem: str = ""


class RowFile:
    """A CSV file (comma, semicolon or tab) or JSON Lines, in UTF-8."""

    def __init__(self, path: Path) -> None:
        self.path = path
        _require_utf8(path)
        self.size = path.stat().st_size
        with path.open(encoding="utf-8-sig", newline="") as file:
            start = file.readline()
        self.is_json_lines = start.lstrip().startswith("{")
        self._delimiter = max(DELIMITERS, key=start.count)
        self.columns: Sequence[str] = [] if self.is_json_lines else self._read_header()
        self.position = 0

    def __iter__(self) -> Iterator[SourceRow]:
        with self.path.open(encoding="utf-8-sig", newline="") as file:
            bytes_read: Any = file.buffer
            rows = self._read_json_lines(file) if self.is_json_lines else self._read_csv(file)
            for row in rows:
                self.position = bytes_read.tell()
                yield row
        self.position = self.size

    def _read_header(self) -> Sequence[str]:
        with self.path.open(encoding="utf-8-sig", newline="") as file:
            try:
                header = next(csv.reader(file, delimiter=self._delimiter, strict=True), [])
            except csv.Error as error:
                raise FileRefused(f"The first row is no row of column names: {error}.") from error
        if not any(header):
            raise FileRefused("The file is empty: its first row must name the columns.")
        names = [unmark_formula(name).strip() for name in header]
        twice = {name for name in names if name and names.count(name) > 1}
        if twice:
            raise FileRefused(f"Two columns are called {min(twice)}.")
        return names

    def _read_csv(self, file: Any) -> Iterator[SourceRow]:
        lines: list[str] = []
        reader = csv.reader(_remember(file, lines), delimiter=self._delimiter, strict=True)
        next(reader)
        number = 1
        while True:
            number += 1
            lines.clear()
            try:
                original = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                broken = "".join(lines).rstrip("\r\n")
                yield SourceRow(number, {}, [broken], f"The row is broken or cut off: {error}.")
                continue
            if not original:
                continue
            if len(original) != len(self.columns):
                problem = f"The row has {len(original)} values for {len(self.columns)} columns."
                yield SourceRow(number, {}, original, problem)
            else:
                is_marked = any("'" in line for line in lines)
                texts = map(unmark_formula, original) if is_marked else original
                yield SourceRow(number, dict(zip(self.columns, texts, strict=True)), original)

    def _read_json_lines(self, file: Any) -> Iterator[SourceRow]:
        for number, line in enumerate(file, start=1):
            if not line.strip():
                continue
            try:
                values = orjson.loads(line)
            except orjson.JSONDecodeError as error:
                yield SourceRow(number, {}, [line.rstrip("\r\n")], f"The line is no JSON: {error}.")
                continue
            problem = "" if isinstance(values, dict) else "The line is no JSON object."
            yield SourceRow(number, {} if problem else values, [line.rstrip("\r\n")], problem)


def _remember(lines: Iterable[str], remembered: list[str]) -> Iterator[str]:
    for line in lines:
        remembered.append(line)
        yield line


def _require_utf8(path: Path) -> None:
    decoder = codecs.getincrementaldecoder("utf-8")()
    place = 0
    with path.open("rb") as file:
        while chunk := file.read(_READ_BYTES):
            if place == 0 and chunk.startswith(_UTF16_MARKS):
                raise FileRefused("The file is UTF-16. Save it as UTF-8 (in Excel: CSV UTF-8).")
            try:
                decoder.decode(chunk, final=False)
            except UnicodeDecodeError as error:
                _refuse_encoding(path, error)
            place += len(chunk)
        try:
            decoder.decode(b"", final=True)
        except UnicodeDecodeError as error:
            _refuse_encoding(path, error)


def _refuse_encoding(path: Path, error: UnicodeDecodeError) -> None:
    with path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            try:
                line.decode()
            except UnicodeDecodeError:
                raise FileRefused(
                    f"The file is not UTF-8: line {number} holds bytes of another encoding. "
                    "Save it as UTF-8 (in Excel: CSV UTF-8)."
                ) from error
