"""Reading the rows of an order file as order documents."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from widget.core.import_runs import Rows
from widget.core.import_values import read_flag, read_text
from widget.core.importing import SourceRow
from widget.core.money import read_currency
from widget.customers.rules import Buyer, email_key
from widget.intake.import_cells import Cells, read_codes
from widget.intake.import_formats import Format, Values
from widget.intake.import_lines import read_lines, read_refunds
from widget.intake.import_values import read_amount
from widget.intake.order_columns import LINE_COLUMNS, NAMING_A_LINE, name_column, read_state
from widget.orders.documents import OrderDocument

CLOCKS_DIFFER_BY = timedelta(days=1)
TIMES = ("placed_at", "updated_at", "paid_at", "fulfilled_at", "delivered_at", "cancelled_at")
LENGTHS = {"id": 200, "number": 100, "customer": 200, "email": 320, "name": 200, "cart_id": 200}
_LINE_NAMES = frozenset({*LINE_COLUMNS, "line_net"})


@dataclass(frozen=True)
class Reading:
    """What a file is read with: its format, and what the file itself may not say."""

    form: Format
    mapping: Mapping[str, str]
    currency: str | None
    day_order: str | None
    now: datetime


class OrderReader:
    """Reads the rows of an order; raises RowRefused."""

    def __init__(self, reading: Reading, columns: Sequence[str]) -> None:
        self._form, self._mapping = reading.form, reading.mapping
        self._currency = reading.currency
        self._columns = {target: column for column, target in self._form.targets.items()}
        self._cells = Cells(self._columns, reading.day_order, reading.now + CLOCKS_DIFFER_BY)
        self.has_lines = any(name in self._columns for name in NAMING_A_LINE)
        self.tells_changes = "updated_at" in self._columns or not columns

    def gather(self, rows: Iterable[SourceRow]) -> Iterator[Rows]:
        """Yield the rows of each order; where rows are lines, those that follow each other with one key."""
        if not self.has_lines:
            for row in rows:
                yield (row,)
            return
        column = self._columns.get(self._form.key, "")
        order: list[SourceRow] = []
        key = ""
        for row in rows:
            own = "" if row.problem else str(row.values.get(column, "")).strip()
            goes_on = row.problem or (own == key if own else self._form.is_continued_by_blank)
            if order and not goes_on:
                yield order
                order = []
            key = own or key
            order.append(row)
        if order:
            yield order

    def read(self, rows: Rows) -> OrderDocument:
        """Return the order that rows hold, without an id where they give none."""
        first = self._take(rows[0])
        lines = [self._split_line(first)] if self.has_lines else []
        for row in rows[1:]:
            more = self._take(row)
            lines.append(self._split_line(more))
            self._require_agreement(first, more, row)
        values = self._form.refine(first)
        return self._build(values, [line for line in lines if line])

    def _take(self, row: SourceRow) -> Values:
        if self._form.targets:
            values = row.values
            return {name: values[column] for column, name in self._form.targets.items() if values[column] != ""}
        targets = {name: self._mapping.get(name, name_column(name)) for name in row.values}
        return {target: row.values[name] for name, target in targets.items() if target and row.values[name] is not None}

    def _split_line(self, values: Values) -> Values:
        return {name: values.pop(name) for name in list(values) if name in _LINE_NAMES}

    def _require_agreement(self, first: Values, more: Values, row: SourceRow) -> None:
        for name, value in more.items():
            if first.setdefault(name, value) != value and name != "updated_at":
                message = "The rows of one order differ here: what holds for the order must be equal in all of them."
                raise self._cells.refuse(name, message, row.number)

    def _build(self, values: Values, lines: Sequence[Values]) -> OrderDocument:
        read = self._cells.read
        texts = {
            name: read(values, name, read_text, length) if name in values else None for name, length in LENGTHS.items()
        }
        times: dict[str, Any] = {
            name: read(values, name, self._cells.read_time) if name in values else None for name in TIMES
        }
        if times["placed_at"] is None:
            raise self._cells.refuse("placed_at", "The time of the order is missing.")
        currency = self._cells.read(values, "currency", read_currency) or self._currency
        if currency is None:
            raise self._cells.refuse(
                "currency", "The currency is missing: add a column, or say it with --currency EUR."
            )
        if "total" not in values:
            raise self._cells.refuse("total", "The total is missing.")
        amounts: dict[str, Any] = {
            name: self._cells.read(values, name, read_amount, currency) or 0
            for name in ("total", "tax", "shipping", "discount")
        }
        told_at = times.pop("updated_at") or max(time for time in times.values() if time is not None)
        return OrderDocument(
            external_id=texts["id"] or "",
            number=texts["number"],
            updated_at=told_at,
            currency=currency,
            **{f"{name}_minor": amount for name, amount in amounts.items()},
            buyer=self._read_buyer(values, texts),
            state=self._read_state(values, times),
            coupon_codes=self._cells.read(values, "coupon_codes", read_codes) or (),
            cart_external_id=texts["cart_id"],
            is_test=self._cells.read(values, "test", read_flag) or False,
            lines=read_lines(self._cells, values, lines, currency),
            refunds=read_refunds(self._cells, values, amounts["total"], currency, told_at),
            **times,
        )

    def _read_buyer(self, values: Values, texts: Mapping[str, Any]) -> Buyer:
        if texts["email"] and email_key(texts["email"]) is None:
            raise self._cells.refuse("email", f"{texts['email'][:80]} is no e-mail address.")
        return Buyer(
            external_id=texts["customer"],
            email=texts["email"],
            name=texts["name"],
            is_email_verified=self._cells.read(values, "email_verified", read_flag),
            accepts_marketing=self._cells.read(values, "accepts_marketing", read_flag),
            is_guest=self._cells.read(values, "guest", read_flag),
        )

    def _read_state(self, values: Values, times: Mapping[str, datetime | None]) -> str:
        if times["cancelled_at"]:
            return "cancelled"
        told = self._cells.read(values, "state", read_state)
        if told:
            return str(told)
        return "delivered" if times["delivered_at"] else "fulfilled" if times["fulfilled_at"] else "paid"
