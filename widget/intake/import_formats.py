"""Whose export an order file is, told by its headers, and what its columns and cells mean here. Pure."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from widget.intake.order_columns import DERIVED, LINE_COLUMNS, NAMING_A_LINE, OURS, name_column

Values = dict[str, Any]
_LINE_ITEM = re.compile(r"line_item_\d+")
# The name of a part of a cell such as name:Teapot|sku:POT-3|quantity:1.
_PART = re.compile(r"\|(?=[A-Za-z_][\w :.-]*?:)")

SHOPIFY = {
    "Id": "id",
    "Name": "number",
    "Email": "email",
    "Billing Name": "name",
    "Financial Status": "financial",
    "Paid at": "paid_at",
    "Fulfillment Status": "fulfillment",
    "Fulfilled at": "fulfilled_at",
    "Accepts Marketing": "accepts_marketing",
    "Currency": "currency",
    "Shipping": "shipping",
    "Taxes": "tax",
    "Total": "total",
    "Discount Code": "coupon_codes",
    "Discount Amount": "discount",
    "Created at": "placed_at",
    "Cancelled at": "cancelled_at",
    "Refunded Amount": "refunded",
    "Lineitem name": "title",
    "Lineitem sku": "sku",
    "Lineitem quantity": "quantity",
    "Lineitem price": "unit_price",
    "Lineitem discount": "line_discount",
}
WEBTOFFEE = {
    "order_id": "id",
    "order_number": "number",
    "order_date": "placed_at",
    "paid_date": "paid_at",
    "status": "state",
    "shipping_total": "shipping",
    "tax_total": "tax",
    "discount_total": "discount",
    "order_total": "total",
    "order_currency": "currency",
    "customer_id": "account",
    "customer_user": "account",
    "billing_email": "email",
    "customer_email": "account_email",
    "billing_first_name": "first_name",
    "billing_last_name": "last_name",
    "coupon_items": "coupon_items",
    "refund_items": "refund_items",
    "item_product_id": "product_id",
    "item_name": "title",
    "item_sku": "sku",
    "item_quantity": "quantity",
    "item_total": "line_net",
    "item_total_tax": "line_tax",
}
ADVANCED = {
    "Order ID": "id",
    "Order Number": "number",
    "Order Status": "state",
    "Order Date": "placed_at",
    "Paid Date": "paid_at",
    "Completed Date": "fulfilled_at",
    "Customer User ID": "account",
    "First Name (Billing)": "first_name",
    "Last Name (Billing)": "last_name",
    "Email (Billing)": "email",
    "Cart Discount Amount": "discount",
    "Order Shipping Amount": "shipping",
    "Order Refund Amount": "refunded",
    "Order Total Amount": "total",
    "Order Total Tax Amount": "tax",
    "Currency": "currency",
    "Order Currency": "currency",
    "Coupon Code": "coupon_codes",
    "SKU": "sku",
    "Item Name": "title",
    "Product Id": "product_id",
    "Quantity (- Refund)": "quantity",
    "Quantity": "quantity",
    "Item Cost": "unit_price",
    "Order Line Total": "line_net",
    "Order Line Tax": "line_tax",
}


@dataclass(frozen=True)
class Format:
    """One known kind of file: what its columns are called here, and what is to be made of its cells.

    `targets` names the columns that are taken; `key` is the one whose equal values make rows one order, and
    `is_continued_by_blank` says that a row without it belongs to the order above.
    """

    title: str
    targets: Mapping[str, str]
    key: str = "id"
    is_continued_by_blank: bool = False
    refine: Callable[[Values], Values] = lambda values: values


def recognise(columns: Sequence[str], mapping: Mapping[str, str]) -> Format:
    """Return the kind of file that has these columns; a map makes any file ours.

    >>> recognise(["Name", "Financial Status", "Lineitem name", "Total", "Created at"], {}).title
    "Shopify's order export"
    >>> recognise(["order_id", "order_date", "order_total", "billing_email"], {}).title
    "WooCommerce's orders, as WebToffee's Order Export writes them"
    >>> recognise(["customer", "date", "amount"], {}).title, recognise(["No.", "Sum"], {"Sum": "total"}).title
    ('plain orders', 'orders with a map')
    """
    names = set(columns)
    if not mapping:
        if {"Name", "Financial Status", "Created at"} <= names:
            return Format("Shopify's order export", _take(SHOPIFY, columns), "number", refine=_refine_shopify)
        if {"order_id", "order_date", "order_total"} <= names and {"billing_email", "order_currency"} & names:
            targets = _take(WEBTOFFEE, columns) | {name: name for name in columns if _LINE_ITEM.fullmatch(name)}
            return Format(
                "WooCommerce's orders, as WebToffee's Order Export writes them", targets, refine=_refine_webtoffee
            )
        if {"Order Number", "Order Status", "Order Date", "Order Total Amount"} <= names:
            key = "id" if "Order ID" in names else "number"
            return Format(
                "WooCommerce's orders, as Advanced Order Export writes them",
                _take(ADVANCED, columns),
                key,
                is_continued_by_blank=True,
                refine=_refine_advanced,
            )
    targets = {name: mapping[name] if name in mapping else name_column(name) for name in columns}
    is_of_lines = any(name in NAMING_A_LINE for name in targets.values())
    taken = {name: ours for name, ours in targets.items() if ours and (is_of_lines or ours not in LINE_COLUMNS)}
    return Format("orders with a map" if mapping else "plain orders", taken)


def _take(known: Mapping[str, str], columns: Sequence[str]) -> dict[str, str]:
    return {name: known[name] for name in columns if name in known}


def list_left_out(form: Format, columns: Sequence[str]) -> list[str]:
    """Return the columns of a file that are not taken and that nobody asked to leave out.

    >>> list_left_out(recognise(["id", "total", "colour"], {}), ["id", "total", "colour", "net"])
    ['colour']
    """
    return [name for name in columns if name and name not in form.targets and name not in DERIVED]


def find_unknown_target(form: Format) -> str | None:
    """Return a name that a map gives to a column and that is none of ours."""
    return next((name for name in form.targets.values() if name not in OURS), None) if _is_plain(form) else None


def _is_plain(form: Format) -> bool:
    return form.title in ("plain orders", "orders with a map")


def _refine_shopify(values: Values) -> Values:
    """Make one state of Shopify's two; its line has no total of its own."""
    financial, fulfillment = values.pop("financial", ""), values.pop("fulfillment", "")
    if "placed_at" in values:
        is_sent = fulfillment == "fulfilled" and financial in ("paid", "partially_refunded", "refunded")
        values["state"] = "fulfilled" if is_sent else financial or "paid"
        if financial == "refunded":
            values.setdefault("refunded", values.get("total", "0"))
    if "coupon_codes" in values:
        values["coupon_codes"] = values["coupon_codes"].split(",")
    return values


def _refine_account(values: Values) -> Values:
    """Take WooCommerce's account, which is 0 for a guest, and put the name together."""
    account = str(values.pop("account", "")).strip()
    account_email = values.pop("account_email", "")
    if account not in ("", "0"):
        values["customer"] = account
    elif account == "0":
        values["guest"] = "yes"
    values.setdefault("email", account_email)
    name = f"{values.pop('first_name', '')} {values.pop('last_name', '')}".strip()
    return values | ({"name": name} if name else {})


def _refine_advanced(values: Values) -> Values:
    """Take the number for the id where there is no other, and a refund as what it is: it stands there below zero."""
    values = _refine_account(values)
    if "refunded" in values:
        values["refunded"] = values["refunded"].lstrip("-")
    if "id" not in values and "number" in values:
        values["id"] = values["number"]
    return values


def _refine_webtoffee(values: Values) -> Values:
    values = _refine_account(values)
    items = [read_parts(values.pop(name)) for name in list(values) if _LINE_ITEM.fullmatch(name)]
    lines = [_describe_line(item) for item in items if item]
    if lines:
        values["lines"] = lines
    coupons = [read_parts(text) for text in values.pop("coupon_items", "").split(";")]
    codes = [coupon["code"] for coupon in coupons if coupon.get("code")]
    refunds = [read_parts(text) for text in values.pop("refund_items", "").split(";") if text.strip()]
    if refunds:
        values["refunds"] = [
            {
                "id": str(place),
                "amount": refund.get("amount", "").lstrip("-"),
                "refunded_at": refund.get("date"),
                "reason": refund.get("reason") or None,
            }
            for place, refund in enumerate(refunds, start=1)
        ]
    return values | ({"coupon_codes": codes} if codes else {})


def read_parts(text: str) -> dict[str, str]:
    """Return the parts of a cell that holds an item.

    >>> read_parts("name:Tea|Pot: large|product_id:27|sku:|quantity:2|total:30.00")["quantity"]
    '2'
    """
    pairs = (part.partition(":") for part in _PART.split(text.strip()))
    return {name.strip(): value.strip() for name, sign, value in pairs if sign}


def _describe_line(item: Mapping[str, str]) -> Values:
    names = {"name": "title", "product_id": "product_id", "sku": "sku", "quantity": "quantity", "tax": "line_tax"}
    line: Values = {ours: item[theirs] for theirs, ours in names.items() if item.get(theirs)}
    if item.get("_variation_id"):
        line["variant_id"] = item["_variation_id"]
    return line | ({"line_net": item["total"]} if item.get("total") else {})
