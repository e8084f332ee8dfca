"""What Shopify says of refunds, whose amounts are written in several places. Pure."""

from collections.abc import Iterator, Mapping
from typing import Any

from widget.intake.reading import (
    BodyNotUnderstood,
    limit,
    list_objects,
    read_code,
    read_id,
    read_money,
    read_quantity,
    read_text,
    read_time,
)
from widget.orders.documents import RefundDocument

SETS = ("subtotal_set", "total_tax_set", "amount_set", "total_duties_set")


def read_refund(body: Mapping[str, Any], currency: str | None) -> tuple[str, RefundDocument]:
    """Return a refund with the id of its order; raise BodyNotUnderstood.

    What was given back is what transactions say that succeeded. Without any the lines and adjustments say it.
    """
    currency = read_code(currency or next(_list_currencies(body), None))
    lines = [_read_line(line, currency) for line in list_objects(body.get("refund_line_items"))]
    shipping, other = _read_adjustments(body, currency)
    given_back = _sum_transactions(body, currency)
    if given_back is None:
        given_back = sum(line["amount_minor"] for line in lines) + shipping + other
    at = body.get("processed_at") or body.get("created_at")
    return read_id(body, "order_id"), RefundDocument(
        external_id=read_id(body),
        amount_minor=limit(given_back),
        refunded_at=read_time(at, "created_at"),
        shipping_minor=limit(shipping),
        reason=read_text(body.get("note"), 500),
        lines=lines,
    )


def _read_line(line: Mapping[str, Any], currency: str) -> dict[str, Any]:
    amount = read_money(line.get("subtotal"), currency) + read_money(line.get("total_tax"), currency)
    quantity = read_quantity(line.get("quantity"))
    return {"line": read_id(line, "line_item_id"), "quantity": quantity, "amount_minor": limit(amount)}


def _read_adjustments(body: Mapping[str, Any], currency: str) -> tuple[int, int]:
    """Return what was given back for shipping, and what beside it; an adjustment below nothing is given back."""
    sums = {True: 0, False: 0}
    for one in list_objects(body.get("order_adjustments")):
        amount = read_money(one.get("amount"), currency) + read_money(one.get("tax_amount"), currency)
        sums[one.get("kind") == "shipping_refund"] -= amount
    shipping = sum(
        read_money(line["subtotal_amount_set"]["shop_money"].get("amount"), currency)
        for line in list_objects(body.get("refund_shipping_lines"))
        if isinstance(line.get("subtotal_amount_set"), dict)
        and isinstance(line["subtotal_amount_set"].get("shop_money"), dict)
    )
    # Newer bodies say the same twice.
    return max(shipping, sums[True]), sums[False]


def _sum_transactions(body: Mapping[str, Any], currency: str) -> int | None:
    """Return what refunds succeeded to give back, or None where no transaction says it in this currency."""
    refunds = [one for one in list_objects(body.get("transactions")) if one.get("kind") == "refund"]
    succeeded = [one for one in refunds if one.get("status") == "success"]
    if not succeeded:
        has_failed = bool(refunds) and all(one.get("status") in ("failure", "error") for one in refunds)
        return 0 if has_failed else None
    if any(one.get("currency") not in (None, currency) for one in succeeded):
        # The buyer paid in another currency than the shop's.
        return None
    return sum(read_money(one.get("amount"), currency) for one in succeeded)


def _list_currencies(body: Mapping[str, Any]) -> Iterator[str]:
    """Yield the shop's currency wherever a refund names it, then those of its transactions."""
    parts = [body, *list_objects(body.get("refund_line_items")), *list_objects(body.get("order_adjustments"))]
    for part in parts:
        for name in SETS:
            amounts = part.get(name)
            shop = amounts.get("shop_money") if isinstance(amounts, dict) else None
            if isinstance(shop, dict) and isinstance(shop.get("currency_code"), str):
                yield shop["currency_code"]
    for transaction in list_objects(body.get("transactions")):
        if isinstance(transaction.get("currency"), str):
            yield transaction["currency"]


def is_suggestion(body: Mapping[str, Any]) -> bool:
    """Tell whether a body only reckons what could be given back.

    >>> is_suggestion({"transactions": [{"kind": "suggested_refund", "amount": "41.94"}]})
    True
    """
    return any(one.get("kind") == "suggested_refund" for one in list_objects(body.get("transactions")))


def read_refund_alone(body: Mapping[str, Any], currency: str | None) -> tuple[str, RefundDocument]:
    """Return a refund that came by itself: it names the shop's currency, or has that of the site."""
    named = next(_list_currencies(body), None) or currency
    if named is None:
        raise BodyNotUnderstood("The body names no currency, and the site has none yet.")
    return read_refund(body, named)
