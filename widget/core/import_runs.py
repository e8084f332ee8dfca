"""Imports: wrong rows set aside in a file of their own, the others stored in batches."""

import csv
import gc
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Generic, NamedTuple, TypeVar

from widget.core.exporting import mark_formula, unmark_formula
from widget.core.importing import ERROR_PREFIX, RowFile, RowRefused, SourceRow

BATCH_ROWS = 500
# New objects between two looks for garbage; usually it is 700.
RARE_COLLECTION = 200_000

Parsed = TypeVar("Parsed")
# The rows that are read as one thing; nearly always one.
Rows = Sequence[SourceRow]


class Stored(NamedTuple):
    """How much of a batch was new, changed what was known, or is older than that; the rest was known already."""

    new: int
    changed: int = 0
    older: int = 0


@dataclass
class ImportReport:
    """What an import did, or would do; everything but `rows` counts things, which may take several rows."""

    rows: int = 0
    things: int = 0
    stored: int = 0
    changed: int = 0
    older: int = 0
    known: int = 0
    refused: int = 0
    first_errors: list[str] = field(default_factory=list)


def take_one_by_one(rows: Iterable[SourceRow]) -> Iterator[Rows]:
    """Yield each row by itself."""
    for row in rows:
        yield (row,)


class RowImport(Generic[Parsed]):
    """One run over a file: `parse` reads the rows of a thing or raises RowRefused, `store` takes a batch.

    `gather` says which rows are one thing.
    """

    def __init__(
        self,
        file: RowFile,
        parse: Callable[[Rows], Parsed],
        store: Callable[[list[Parsed]], Stored],
        gather: Callable[[Iterable[SourceRow]], Iterator[Rows]] = take_one_by_one,
    ) -> None:
        self._file = file
        self._parse = parse
        self._store = store
        self._gather = gather

    def run(self, errors: "ErrorFile | None", advance: Callable[[int], None]) -> ImportReport:
        """Import the file; without an error file nothing is written about wrong rows."""
        with _rarely_collecting():
            return self._run(errors, advance)

    def _run(self, errors: "ErrorFile | None", advance: Callable[[int], None]) -> ImportReport:
        report = ImportReport()
        batch: list[Parsed] = []
        for rows in self._gather(self._file):
            report.rows += len(rows)
            report.things += 1
            try:
                for row in rows:
                    if row.problem:
                        raise RowRefused("", row.problem, row.number)
                batch.append(self._parse(rows))
            except RowRefused as refusal:
                self._note_refusal(report, rows, refusal, errors)
            if len(batch) == BATCH_ROWS:
                self._store_batch(report, batch)
                advance(self._file.position)
        self._store_batch(report, batch)
        advance(self._file.size)
        return report

    def _store_batch(self, report: ImportReport, batch: list[Parsed]) -> None:
        if batch:
            stored = self._store(batch)
            report.stored += stored.new
            report.changed += stored.changed
            report.older += stored.older
            report.known += len(batch) - sum(stored)
            batch.clear()

    def _note_refusal(self, report: ImportReport, rows: Rows, refusal: RowRefused, errors: "ErrorFile | None") -> None:
        report.refused += 1
        number = rows[0].number if refusal.number is None else refusal.number
        if len(report.first_errors) < 10:
            where = f"row {number}" + (f", {refusal.column}" if refusal.column else "")
            report.first_errors.append(f"{where}: {refusal.message}")
        if errors is not None:
            for row in rows:
                beside = RowRefused("", f"The row belongs to row {number}, which was refused.")
                errors.write(row, refusal if row.number == number else beside)


@contextmanager
def _rarely_collecting() -> Iterator[None]:
    """Let Python look for garbage rarely: a batch makes many objects that live as long as it and hold no circles.

    Looking among them over and over takes an eighth of an import's time (`bench/orders_import.py`).
    """
    usual = gc.get_threshold()
    gc.set_threshold(RARE_COLLECTION, *usual[1:])
    try:
        yield
    finally:
        gc.set_threshold(*usual)


class ErrorFile:
    """The rows that were refused, with the reason before the original values; made at the first of them."""

    def __init__(self, source: RowFile) -> None:
        self.path = source.path.with_name(source.path.name + ".errors.csv")
        self._columns = source.columns or [f"{ERROR_PREFIX}line"]
        self.path.unlink(missing_ok=True)

    def write(self, row: SourceRow, refusal: RowRefused) -> None:
        """Add one row."""
        is_new = not self.path.exists()
        with self.path.open("a", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            if is_new:
                writer.writerow([f"{ERROR_PREFIX}{name}" for name in ("row", "column", "message")] + [*self._columns])
            original = [mark_formula(unmark_formula(text)) for text in row.original]
            writer.writerow([row.number, refusal.column, refusal.message, *original])
