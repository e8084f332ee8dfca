"""Exports of rows that are put together from several tables, read page by page and written in any format."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import orjson
from sqlalchemy import Connection, Engine, Row, Select, and_, or_

from widget.core.exporting import FORMATS, Columns, mark_column, stream_csv, stream_json_lines, stream_xlsx

BATCH_ROWS = 1_000
# One row by the names of its columns: texts, numbers, decimals, yes and no, objects, and lists of them.
Document = dict[str, Any]


def stream_documents(
    names: Sequence[str], batches: Iterable[Sequence[Document]], file_format: str, *, bom: bool
) -> Iterator[bytes]:
    """Yield batches of rows by column name as a file of one of the formats."""
    if file_format not in FORMATS:
        raise ValueError(f"a file is one of {', '.join(FORMATS)}")
    if file_format == "jsonl":
        return stream_json_lines([_as_json(row) for row in rows] for rows in batches)
    sheets = (_list_columns(names, rows, is_csv=file_format == "csv") for rows in batches if rows)
    return stream_xlsx(names, sheets) if file_format == "xlsx" else stream_csv(names, sheets, bom=bom)


def open_snapshot(engine: Engine) -> Connection:
    """Return a connection whose whole transaction reads one state of the database."""
    level = {"isolation_level": "REPEATABLE READ"} if engine.dialect.name == "postgresql" else {}
    return engine.connect().execution_options(**level)


def read_pages(
    connection: Connection, statement: Select[Any], keys: tuple[Any, Any], take_key: Callable[[Row[Any]], Any]
) -> Iterator[Sequence[Row[Any]]]:
    """Yield a statement's rows a page at a time in the order of two columns, each page by where the last one ended."""
    place: Any = None
    while True:
        page = (
            statement.where(or_(keys[0] > place[0], and_(keys[0] == place[0], keys[1] > place[1])))
            if place
            else statement
        )
        rows = connection.execute(page.order_by(*keys).limit(BATCH_ROWS)).all()
        if rows:
            yield rows
        if len(rows) < BATCH_ROWS:
            return
        place = take_key(rows[-1])


def spell_time(moment: datetime | None) -> str | None:
    """Return a time of UTC as imports read it."""
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat() + "Z" if moment else None


def _as_json(row: Document) -> Document:
    # Amounts are texts: a JSON number is a float to most readers.
    return {name: str(value) if isinstance(value, Decimal) else value for name, value in row.items()}


def _list_columns(names: Sequence[str], rows: Sequence[Document], *, is_csv: bool) -> Columns:
    return [_spell_column([row.get(name) for row in rows], is_csv=is_csv) for name in names]


def _spell_column(values: list[Any], *, is_csv: bool) -> Sequence[Any]:
    cells = [_spell_cell(value) for value in values]
    if all(cell is None or isinstance(cell, str) for cell in cells):
        return mark_column(cells)
    # A spreadsheet sums numbers; a CSV has them as they are written.
    return [str(cell) if is_csv and cell is not None else cell for cell in cells]


def _spell_cell(value: Any) -> Any:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dict):
        return orjson.dumps(value).decode()
    if isinstance(value, list):
        if not value:
            return None
        is_plain = all(isinstance(item, str) and item == item.strip() and "," not in item for item in value)
        return ", ".join(value) if is_plain and not value[0].startswith("[") else orjson.dumps(value).decode()
    return value
