"""Reading the lines and the refunds of an order file."""

from collections.abc import Sequence
from datetime import datetime
from itertools import chain
from typing import Any

from widget.core.import_values import read_count, read_flag, read_text
from widget.intake.import_cells import Cells, read_list
from widget.intake.import_formats import Values
from widget.intake.import_values import read_amount
from widget.intake.order_columns import WHOLLY_REFUNDED
from widget.orders.documents import LineDocument, RefundDocument

MAX_LINES = 1_000
LENGTHS = {"line_id": 200, "product_id": 200, "variant_id": 200, "sku": 200, "title": 500}
AMOUNTS = ("unit_price", "line_discount", "line_tax", "line_total", "line_net")


def read_lines(cells: Cells, values: Values, lines: Sequence[Values], currency: str) -> list[LineDocument]:
    nested = cells.read(values, "lines", read_list) or []
    documents = [
        _read_line(cells, line, place, currency) for place, line in enumerate(chain(lines, nested), start=1) if line
    ]
    if len(documents) > MAX_LINES:
        raise cells.refuse("lines", f"An order has at most {MAX_LINES} lines.")
    if len({line.external_id for line in documents}) < len(documents):
        raise cells.refuse("line_id", "Two lines of the order have one id.")
    return documents


def _read_line(cells: Cells, line: Values, place: int, currency: str) -> LineDocument:
    texts = {
        name: cells.read(line, name, read_text, length) if name in line else None for name, length in LENGTHS.items()
    }
    quantity = cells.read(line, "quantity", read_count)
    quantity = 1 if quantity is None else quantity
    amounts = {name: cells.read(line, name, read_amount, currency) if name in line else None for name in AMOUNTS}
    price, discount, tax = (amounts[name] for name in ("unit_price", "line_discount", "line_tax"))
    total = amounts["line_total"]
    if total is None and amounts["line_net"] is not None:
        total = amounts["line_net"] + (tax or 0)
    if total is None:
        total = max(0, (price or 0) * quantity - (discount or 0))
    return LineDocument(
        external_id=texts["line_id"] or str(place),
        title=texts["title"] or texts["sku"] or texts["product_id"] or "",
        quantity=quantity,
        unit_price_minor=price if price is not None else total // quantity if quantity else 0,
        total_minor=total,
        discount_minor=discount or 0,
        tax_minor=tax or 0,
        product_id=texts["product_id"],
        variant_id=texts["variant_id"],
        sku=texts["sku"],
        is_gift_card=cells.read(line, "gift_card", read_flag) or False,
    )


def read_refunds(cells: Cells, values: Values, total: int, currency: str, told_at: datetime) -> list[RefundDocument]:
    listed = cells.read(values, "refunds", read_list)
    if listed is not None:
        return [_read_refund(cells, refund, place, currency, told_at) for place, refund in enumerate(listed, start=1)]
    amount = cells.read(values, "refunded", read_amount, currency)
    if amount is None and str(values.get("state", "")).lower().removeprefix("wc-") == WHOLLY_REFUNDED:
        amount = total
    if not amount:
        return []
    refunded_at = cells.read(values, "refunded_at", cells.read_time) or told_at
    return [RefundDocument(WHOLLY_REFUNDED, amount, refunded_at)]


def _read_refund(cells: Cells, refund: Values, place: int, currency: str, told_at: datetime) -> RefundDocument:
    if "amount" not in refund:
        raise cells.refuse("refunds", "A refund needs an amount.")
    amounts = [cells.read(refund, name, read_amount, currency) or 0 for name in ("amount", "shipping")]
    return RefundDocument(
        external_id=cells.read(refund, "id", read_text, 200) or str(place),
        amount_minor=amounts[0],
        shipping_minor=amounts[1],
        refunded_at=cells.read(refund, "refunded_at", cells.read_time) or told_at,
        reason=cells.read(refund, "reason", read_text, 500),
        lines=[_read_refund_line(cells, line, currency) for line in refund.get("lines") or ()],
    )


def _read_refund_line(cells: Cells, line: Any, currency: str) -> dict[str, Any]:
    if not isinstance(line, dict):
        raise cells.refuse("refunds", "A refund's lines are objects.")
    return {
        "line": cells.read(line, "line", read_text, 200),
        "quantity": cells.read(line, "quantity", read_count) or 0,
        "amount_minor": cells.read(line, "amount", read_amount, currency) or 0,
    }
