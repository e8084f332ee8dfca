"""Reading the cells of an order file, with a refusal that names the column as the file does."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import orjson

from widget.core.import_values import read_moment, read_text
from widget.core.importing import RowRefused
from widget.intake.import_formats import Values

MAX_CODES = 50


class Cells:
    """Reads single cells; `columns` says what ours are called in the file."""

    def __init__(self, columns: Mapping[str, str], day_order: str | None, latest: datetime) -> None:
        self._columns, self._day_order, self._latest = columns, day_order, latest

    def read(self, values: Values, name: str, read: Callable[..., Any], *more: Any) -> Any:
        """Return a value as it is stored, None where there is none; raise RowRefused."""
        value = values.get(name)
        if value is None or value == "" or (isinstance(value, str) and value.isspace()):
            return None
        try:
            return read(value, *more)
        except (ValueError, TypeError, OverflowError) as error:
            raise self.refuse(name, _say(error)) from error

    def read_time(self, value: Any) -> datetime:
        """Return a time that does not lie in the future; raise ValueError."""
        moment = read_moment(value, self._day_order)
        if moment > self._latest:
            raise ValueError("The time lies in the future.")
        return moment

    def refuse(self, name: str, message: str, number: int | None = None) -> RowRefused:
        """Return the refusal of a row for one of its cells."""
        return RowRefused(self._columns.get(name, name), message, number)


def read_list(value: Any) -> list[Values]:
    """Return a list of objects, or the one a cell spells."""
    try:
        items = orjson.loads(value) if isinstance(value, str) else value
    except orjson.JSONDecodeError as error:
        raise ValueError(f"The value is no JSON: {error}.") from error
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise ValueError("The value must be a list of objects.")
    return items


def read_codes(value: Any) -> list[str]:
    """Return coupon codes, which a cell has apart by commas, or as JSON where a code has one.

    >>> read_codes("SPRING10, FREE"), read_codes('["10, please"]')
    (['SPRING10', 'FREE'], ['10, please'])
    """
    if isinstance(value, str):
        value = orjson.loads(value) if value.lstrip().startswith("[") else value.split(",")
    if not isinstance(value, list):
        raise TypeError("The value must be a list of coupon codes.")
    codes = [code for code in (read_text(code, 100) for code in value) if code]
    if len(codes) > MAX_CODES:
        raise ValueError(f"An order has at most {MAX_CODES} coupon codes.")
    return codes


def _say(error: Exception) -> str:
    text = str(error)
    return text if text.endswith((".", "?")) else f"{text[:1].upper()}{text[1:]}."
