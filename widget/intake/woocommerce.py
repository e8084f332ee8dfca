"""What WooCommerce's bodies say; times are UTC without saying so, and names hold HTML entities. Pure."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from widget.customers.rules import Buyer
from widget.intake.reading import (
    BodyNotUnderstood,
    find_id,
    find_time,
    join_name,
    limit,
    list_objects,
    read_code,
    read_email,
    read_id,
    read_money,
    read_quantity,
    read_text,
    read_time,
)
from widget.orders.documents import LineDocument, OrderDocument, RefundDocument

# What nobody bought in the end: cancelled, thrown away, or the payment failed.
GONE = frozenset({"cancelled", "failed", "trash"})
# What stands in a checkout and is no order yet.
DRAFTS = frozenset({"checkout-draft", "auto-draft", "draft"})
UNPAID = frozenset({"pending", "on-hold"})
MAX_COUPONS = 50
_ORDER_ADDRESS = re.compile(r"/orders/(\d{1,20})/?$")


def is_draft(body: Mapping[str, Any]) -> bool:
    """Tell whether a body is of a checkout in the making.

    >>> is_draft({"status": "checkout-draft"}), is_draft({"status": "pending"})
    (True, False)
    """
    return body.get("status") in DRAFTS


def read_order(body: Mapping[str, Any], *, is_deleted: bool = False) -> OrderDocument:
    """Return the order a body describes; raise BodyNotUnderstood."""
    currency = read_code(body.get("currency"))
    created_at = _read_gmt(body, "date_created")
    updated_at = _find_gmt(body, "date_modified") or created_at
    paid_at, fulfilled_at = _find_gmt(body, "date_paid"), _find_gmt(body, "date_completed")
    is_gone = is_deleted or body.get("status") in GONE
    lines = list_objects(body.get("line_items"))
    codes = (read_text(one.get("code"), 200) for one in list_objects(body.get("coupon_lines")))
    total = limit(read_money(body.get("total"), currency))
    return OrderDocument(
        external_id=read_id(body),
        updated_at=updated_at,
        placed_at=created_at,
        state="cancelled" if is_gone else _state_of(str(body.get("status")), paid_at, fulfilled_at),
        currency=currency,
        total_minor=total,
        buyer=read_buyer_of(body),
        number=read_text(body.get("number"), 100),
        tax_minor=limit(read_money(body.get("total_tax"), currency)),
        shipping_minor=limit(read_money(body.get("shipping_total"), currency)),
        discount_minor=limit(read_money(body.get("discount_total"), currency)),
        coupon_codes=[code for code in codes if code][:MAX_COUPONS],
        paid_at=paid_at,
        fulfilled_at=fulfilled_at,
        cancelled_at=updated_at if is_gone else None,
        lines=[_read_line(line, currency) for line in lines],
        refunds=_read_listed_refunds(body, currency, total, updated_at),
    )


def _state_of(status: str, paid_at: datetime | None, fulfilled_at: datetime | None) -> str:
    """Return our word for a status; of those that plug-ins add the dates decide.

    >>> _state_of("processing", None, None), _state_of("on-hold", None, None), _state_of("completed", None, None)
    ('paid', 'placed', 'fulfilled')
    """
    if status in UNPAID:
        return "placed"
    if status == "delivered":
        return "delivered"
    if status == "completed" or fulfilled_at is not None:
        return "fulfilled"
    return "paid" if status in ("processing", "refunded") or paid_at is not None else "placed"


def _read_line(line: Mapping[str, Any], currency: str) -> LineDocument:
    quantity = read_quantity(line.get("quantity"))
    subtotal, total = (read_money(line.get(name), currency) for name in ("subtotal", "total"))
    tax = read_money(line.get("total_tax"), currency)
    return LineDocument(
        external_id=read_id(line),
        title=read_text(line.get("name"), 500) or "",
        quantity=quantity,
        unit_price_minor=limit((2 * subtotal + quantity) // (2 * quantity) if quantity else subtotal),
        total_minor=limit(total + tax),
        discount_minor=limit(subtotal - total),
        tax_minor=limit(tax),
        product_id=find_id(line.get("product_id")),
        variant_id=find_id(line.get("variation_id")),
        sku=read_text(line.get("sku"), 200),
    )


def _read_listed_refunds(
    body: Mapping[str, Any], currency: str, total: int, updated_at: datetime
) -> list[RefundDocument]:
    """Return the refunds an order lists by amount alone; the status may say that all of it was given back."""
    refunds = [
        RefundDocument(
            external_id=read_id(one),
            amount_minor=abs(read_money(one.get("total"), currency)),
            refunded_at=updated_at,
            reason=read_text(one.get("reason") or one.get("refund"), 500),
        )
        for one in list_objects(body.get("refunds"))
    ]
    missing = total - sum(refund.amount_minor for refund in refunds)
    if body.get("status") == "refunded" and missing > 0:
        refunds.append(RefundDocument("rest", missing, updated_at))
    return refunds


def read_refund(body: Mapping[str, Any], currency: str | None) -> tuple[str, RefundDocument]:
    """Return a refund with the id of its order, which only its links may name; raise BodyNotUnderstood."""
    code = read_code(body.get("currency") or currency)
    amount = body.get("amount") if body.get("amount") not in (None, "") else body.get("total")
    at = _find_gmt(body, "date_created")
    lines = [
        {
            "line": _find_refunded_line(line) or read_id(line),
            "quantity": read_quantity(line.get("quantity")),
            "amount_minor": abs(read_money(line.get("total"), code) + read_money(line.get("total_tax"), code)),
        }
        for line in list_objects(body.get("line_items"))
    ]
    shipping = [
        read_money(line.get("total"), code) + read_money(line.get("total_tax"), code)
        for line in list_objects(body.get("shipping_lines"))
    ]
    if at is None:
        raise BodyNotUnderstood("The body has no usable “date_created_gmt”.")
    return _read_order_id(body), RefundDocument(
        external_id=read_id(body),
        amount_minor=abs(read_money(amount, code)),
        refunded_at=at,
        shipping_minor=abs(sum(shipping)),
        reason=read_text(body.get("reason"), 500),
        lines=lines,
    )


def _read_order_id(body: Mapping[str, Any]) -> str:
    for name in ("order_id", "parent_id"):
        if found := find_id(body.get(name)):
            return found
    links = body.get("_links")
    for link in list_objects(links.get("up") if isinstance(links, dict) else None):
        if found_address := _ORDER_ADDRESS.search(str(link.get("href"))):
            return found_address[1]
    raise BodyNotUnderstood("The body does not say which order it belongs to.")


def _find_refunded_line(line: Mapping[str, Any]) -> str | None:
    notes = list_objects(line.get("meta_data"))
    return next((find_id(note.get("value")) for note in notes if note.get("key") == "_refunded_item_id"), None)


def read_buyer_of(body: Mapping[str, Any]) -> Buyer:
    """Return who bought: an account by its id, or a guest, whose id is 0."""
    given = body.get("billing")
    billing = given if isinstance(given, dict) else {}
    account = find_id(body.get("customer_id"))
    name = join_name(billing.get("first_name"), billing.get("last_name"))
    return Buyer(account, read_email(billing.get("email")), name, is_guest=account is None)


def read_told_customer(body: Mapping[str, Any]) -> tuple[Buyer, datetime]:
    """Return the customer of a body of their own, and when it was true; nobody has verified the e-mail."""
    at = _find_gmt(body, "date_modified") or _read_gmt(body, "date_created")
    name = join_name(body.get("first_name"), body.get("last_name"))
    return Buyer(read_id(body), read_email(body.get("email")), name), at


def restore(order: OrderDocument, received_at: datetime) -> OrderDocument:
    """Return an order that was taken out of the bin: its own time may be older than that of throwing it away."""
    return replace(order, updated_at=max(order.updated_at, received_at))


def _find_gmt(body: Mapping[str, Any], name: str) -> datetime | None:
    return find_time(body.get(f"{name}_gmt"), f"{name}_gmt")


def _read_gmt(body: Mapping[str, Any], name: str) -> datetime:
    return read_time(body.get(f"{name}_gmt"), f"{name}_gmt")
