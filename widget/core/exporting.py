"""Exports: CSV, JSON Lines and XLSX, streamed in constant memory and safe to open in a spreadsheet."""

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from operator import itemgetter
from typing import Any

import orjson
import xlsxwriter
from xlsxwriter.worksheet import Worksheet

FORMATS = ("csv", "jsonl", "xlsx")
CONTENT_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "jsonl": "application/x-ndjson",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
SHEET_ROWS = 1_048_576
READ_BYTES = 256 * 1024

# What spreadsheets skip before they look whether a cell is a formula, and our own mark.
_SKIPPED = "'" + "".join(map(chr, range(0x20 + 1))).replace("\t", "").replace("\r", "")
_SKIPPED += "\x7f\x85\xa0\u1680\u180e\u2028\u2029\u202f\u205f\u2060\u3000\ufeff"
_SKIPPED += "".join(map(chr, range(0x2000, 0x2010)))
_FORMULA_SIGNS = frozenset("=+-@\t\r＝＋－＠")
_SUSPECTS = frozenset(_SKIPPED) | _FORMULA_SIGNS
_first_character = itemgetter(0)

_QUOTED_SIGNS = ',"\n\r'

Column = Sequence[Any]
Columns = Sequence[Column]


def mark_formula(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula: one that could be gets a leading apostrophe.

    A text that begins with apostrophes and would be a formula behind them gets one more, so that
    `unmark_formula` is exact.

    >>> mark_formula("=1+1"), mark_formula(" \\n-5"), mark_formula("'=1"), mark_formula("'tis fine")
    ("'=1+1", "' \\n-5", "''=1", "'tis fine")
    """
    return "'" + text if text.lstrip(_SKIPPED)[:1] in _FORMULA_SIGNS and text.lstrip(_SKIPPED) else text


def unmark_formula(text: str) -> str:
    """Return the text that `mark_formula` marked.

    >>> unmark_formula("'=1+1"), unmark_formula("'tis fine")
    ('=1+1', "'tis fine")
    """
    return text[1:] if text.startswith("'") and mark_formula(text) != text else text


def mark_column(values: Sequence[str | None]) -> Sequence[str | None]:
    """Mark a column of texts; nearly all columns need one look at each first character."""
    if _SUSPECTS.isdisjoint(map(_first_character, filter(None, values))):
        return values
    return [mark_formula(value) if value else value for value in values]


def stream_csv(names: Sequence[str], batches: Iterable[Columns], *, bom: bool = False) -> Iterator[bytes]:
    """Yield a CSV file (RFC 4180) batch by batch; the byte order mark is what Excel knows UTF-8 by.

    Columns are quoted and joined whole: `csv.writer` looks at every character of every value by itself,
    which would be most of the time of a large export.
    """
    yield BYTE_ORDER_MARK if bom else b""
    yield _join_columns([[mark_formula(name)] for name in names])
    for columns in batches:
        yield _join_columns(columns)


def _join_columns(columns: Columns) -> bytes:
    lines = map(",".join, zip(*map(_quote_column, columns), strict=True))
    return ("\r\n".join(lines) + "\r\n").encode()


def _quote_column(values: Column) -> Sequence[str]:
    """Return a column as CSV spells it; most columns of a batch need no quotes at all."""
    try:
        everything, texts = "".join(values), values
    except TypeError:
        texts = ["" if value is None else value if isinstance(value, str) else str(value) for value in values]
        everything = "".join(texts)
    if not any(sign in everything for sign in _QUOTED_SIGNS):
        return texts
    return [
        '"' + text.replace('"', '""') + '"' if "," in text or '"' in text or "\n" in text or "\r" in text else text
        for text in texts
    ]


def stream_json_lines(batches: Iterable[Iterable[dict[str, Any]]]) -> Iterator[bytes]:
    """Yield one JSON object a line."""
    for documents in batches:
        yield b"".join(orjson.dumps(document, option=orjson.OPT_APPEND_NEWLINE) for document in documents)


def stream_xlsx(names: Sequence[str], batches: Iterable[Columns]) -> Iterator[bytes]:
    """Yield an XLSX file, written to the disk row by row first; a full sheet is followed by another."""
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryFile() as file:
        options = {
            "constant_memory": True,
            "tmpdir": folder,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        }
        workbook = xlsxwriter.Workbook(file, options)
        sheet, place = _add_sheet(workbook, names), 1
        for columns in batches:
            for row in zip(*columns, strict=True):
                if place == SHEET_ROWS:
                    sheet, place = _add_sheet(workbook, names), 1
                _write_row(sheet, place, row)
                place += 1
        workbook.close()
        file.seek(0)
        while chunk := file.read(READ_BYTES):
            yield chunk


def _add_sheet(workbook: Any, names: Sequence[str]) -> Worksheet:
    sheet: Worksheet = workbook.add_worksheet()
    sheet.freeze_panes(1, 0)
    _write_row(sheet, 0, [mark_formula(name) for name in names])
    return sheet


def _write_row(sheet: Worksheet, place: int, row: Sequence[Any]) -> None:
    for column, value in enumerate(row):
        if isinstance(value, str):
            sheet.write_string(place, column, value)
        elif value is not None:
            sheet.write_number(place, column, value)
