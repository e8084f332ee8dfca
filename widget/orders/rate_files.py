"""Exchange rates as lines of text: pasted by an owner, or as a file."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from widget.core.money import read_currency, read_rate
from widget.orders.service import RateKey

COLUMNS = ("currency", "valid_on", "rate")
MAX_PASTED_LINES = 5_000
FIRST_DAY = date(1970, 1, 1)


class LineRefused(ValueError):
    """A line that is no rate; `column` says where it is wrong."""

    def __init__(self, column: str, message: str, number: int = 0) -> None:
        super().__init__(message)
        self.column, self.message, self.number = column, message, number


def read_rate_row(values: Mapping[str, Any], reporting_currency: str | None) -> tuple[RateKey, int]:
    """Return the rate that a row of a file holds; raise LineRefused.

    >>> read_rate_row({"currency": "chf", "valid_on": "2026-01-01", "rate": "1,05"}, "EUR")
    (('CHF', datetime.date(2026, 1, 1)), 1050000000)
    """
    try:
        currency = read_currency(str(values.get("currency", "")))
    except ValueError:
        raise LineRefused("currency", "Must be a currency code such as EUR.") from None
    if currency == reporting_currency:
        raise LineRefused("currency", "This is the reporting currency: its rate is always 1.")
    try:
        valid_on = date.fromisoformat(str(values.get("valid_on", "")).strip())
    except ValueError:
        raise LineRefused("valid_on", "Not a valid date.") from None
    if valid_on < FIRST_DAY:
        raise LineRefused("valid_on", "Must not lie before 1970.")
    try:
        rate = read_rate(_with_point(str(values.get("rate", ""))))
    except ValueError:
        raise LineRefused(
            "rate", "Must be a number above 0 with at most nine digits after the point, such as 1.0523."
        ) from None
    return (currency, valid_on), rate


def _with_point(text: str) -> str:
    """Return a number with a point: a rate has no thousands to set apart.

    >>> _with_point("1,0523"), _with_point("1,234.5")
    ('1.0523', '1,234.5')
    """
    return text if "." in text else text.replace(",", ".", 1)


def read_pasted_rates(text: str, reporting_currency: str | None) -> dict[RateKey, int]:
    """Return the rates of lines such as CHF,2026-01-01,1.0523, with or without a header; raise LineRefused.

    >>> len(read_pasted_rates("currency;valid_on;rate\\nCHF;2026-01-01;1,05\\n\\nUSD;2026-01-01;0.92", "EUR"))
    2
    """
    rates: dict[RateKey, int] = {}
    for number, line in enumerate(_drop_header(text.splitlines()), start=1):
        if not line.strip():
            continue
        if number > MAX_PASTED_LINES:
            raise LineRefused("", f"At most {MAX_PASTED_LINES} lines.", number)
        try:
            key, rate = read_rate_row(_split(line), reporting_currency)
        except LineRefused as refusal:
            raise LineRefused(refusal.column, refusal.message, number) from None
        rates[key] = rate
    return rates


def _drop_header(lines: Iterable[str]) -> list[str]:
    lines = list(lines)
    return ["", *lines[1:]] if lines and lines[0].strip().lower().startswith("currency") else lines


def _split(line: str) -> dict[str, str]:
    sign = max(";\t,", key=line.count) if ";" not in line else ";"
    cells = [cell.strip().strip('"') for cell in line.split(sign, 2)]
    if len(cells) != len(COLUMNS):
        raise LineRefused("", "A line is a currency, a day and a rate, such as CHF,2026-01-01,1.0523.")
    return dict(zip(COLUMNS, cells, strict=True))
